"""Wald intervals of variances, on scales without bounds: logs of SDs and their ratios, inverse tangents of correlations.

The covariance of the variance parameters is that of `inference` (the inverse Hessian of the criterion); the delta method carries
it to the logs, as in nlme's `intervals` (Pinheiro & Bates 2000, sec. 2.4.3).
"""

from __future__ import annotations

import numpy as np
from scipy.special import ndtri

from mlgui.engine.estimates import Estimates
from mlgui.engine.inference import places_of, small_sample
from mlgui.engine.problem import Floats
from mlgui.engine.profile import ProfileInterval, targets_of
from mlgui.engine.profile_deviance import Target
from mlgui.engine.residual_parameters import Parameter, bounded, parameters_of, spread
from mlgui.engine.solution import Solution

STEP = 1e-5
"""Step of the differences, relative to the size of an entry."""


def wald_intervals(estimates: Estimates, confidence: float = 0.95) -> list[ProfileInterval]:
    """Intervals of every SD, correlation and of sigma around the estimates of the fit; NaN at a boundary.

    With a residual structure sigma is the SD of its first level.
    """
    targets = [one for one in targets_of(estimates) if one.kind != "coefficient"]
    solution: Solution = estimates.state
    theta, places = solution.layout.pack(solution.point.factors), places_of(solution)
    log_variance = 2 * np.log(estimates.sigma)
    covariance = small_sample(estimates).covariance
    slopes = np.zeros((len(targets), len(covariance)))
    for at, place in enumerate(places):
        step = STEP * max(abs(theta[place]), 1e-2)
        ends = []
        for sign in (1, -1):
            moved = theta.copy()
            moved[place] += sign * step
            ends.append(_values(solution, targets, moved, log_variance))
        slopes[:, at] = (ends[0] - ends[1]) / (2 * step)
    slopes[:, -1] = [0.0 if one.kind == "correlation" else 0.5 for one in targets]
    ses = np.sqrt(np.einsum("ij,jk,ik->i", slopes, covariance, slopes))
    half = float(ndtri((1 + confidence) / 2)) * ses
    return [
        _interval(target, centre, width)
        for target, centre, width in zip(targets, _values(solution, targets, theta, log_variance), half, strict=True)
    ]


def structure_intervals(estimates: Estimates, confidence: float = 0.95) -> list[tuple[Parameter, float, float, float]]:
    """Parameter, estimate, lower and upper limit of everything in a residual structure; NaN limits at a boundary."""
    centres, ses = spread(estimates)
    half = float(ndtri((1 + confidence) / 2)) * ses
    values = (bounded(estimates, centres + shift) for shift in (np.zeros(len(centres)), -half, half))
    rows = np.array(list(values)).T.tolist()
    return [(one, *row) for one, row in zip(parameters_of(estimates.residual), rows, strict=True)]


def sd_intervals(estimates: Estimates, confidence: float = 0.95) -> list[tuple[float, float]]:
    """Limits of the residual SD of every level of a residual structure, for weight 1; of the one SD where there is one."""
    solution: Solution = estimates.state
    covariance = small_sample(estimates).covariance
    first = len(places_of(solution))
    held = np.zeros(0, dtype=np.bool_) if solution.residual is None else solution.residual.shape.held(solution.residual.at)
    free = np.flatnonzero(~held).tolist()
    ratios = estimates.residual.sd_ratios if len(estimates.residual.sd_ratios) else np.ones(1)
    half = float(ndtri((1 + confidence) / 2))
    found = []
    for level, ratio in enumerate(ratios):
        slope = np.zeros(len(covariance))
        slope[-1] = 0.5
        if level:  # the parameters of the search begin with the logs of the ratios
            slope[first + free.index(level - 1)] = 1.0
        width = half * float(np.sqrt(slope @ covariance @ slope))
        sd = estimates.sigma * float(ratio)
        found.append((sd * float(np.exp(-width)), sd * float(np.exp(width))))
    return found


def _values(solution: Solution, targets: list[Target], theta: Floats, log_variance: float) -> Floats:
    """The targets on their scales without bounds; not finite at a boundary."""
    factors = solution.layout.unpack(theta)
    covariances = [(scale.to_user @ one) @ (scale.to_user @ one).T for scale, one in zip(solution.groups, factors)]
    found = []
    with np.errstate(divide="ignore", invalid="ignore"):
        for one in targets:
            if one.kind == "sigma":
                found.append(log_variance / 2)
                continue
            k, *where = one.index
            variances = np.diagonal(covariances[k])[where]
            if one.kind == "sd":
                found.append((np.log(variances[0]) + log_variance) / 2)
            else:
                correlation = covariances[k][where[0], where[1]] / np.sqrt(variances.prod())
                found.append(np.arctanh(np.clip(correlation, -1, 1)))
    return np.array(found)


def _interval(target: Target, centre: float, half: float) -> ProfileInterval:
    """The interval on the scale of the target."""
    back = np.tanh if target.kind == "correlation" else np.exp
    inside = np.isfinite(centre) and np.isfinite(half) and (target.kind != "correlation" or abs(back(centre)) < 1 - 1e-9)
    low, high = (float(back(centre + sign * half)) if inside else float("nan") for sign in (-1, 1))
    return ProfileInterval(target=target, estimate=float(back(centre)), low=low, high=high)
