"""Satterthwaite's degrees of freedom, and the t tests and intervals made from them.

phi = (the entries of the factors that can vary at the solution, log sigma^2). With d = n - rank (REML) or n (ML), H the
Hessian of the profiled criterion, r2 = y'Py and t its slope, the unprofiled criterion has the Hessian

D = [H + t t' / (sigma^4 d)   -t / sigma^2]
    [-t' / sigma^2             d          ]

whose inverse times 2 is the covariance of phi (Giesbrecht & Burns 1985, Biometrics 41; Kuznetsova, Brockhoff &
Christensen 2017, J. Stat. Softw. 82(13)). At a boundary the entries that are 0 stay 0: the criterion and the covariance
of the coefficients are even in them, so that they would drop out of the delta method anyway.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri, stdtr, stdtrit

from mlgui.engine.backend import Effects
from mlgui.engine.boundary import PROBE
from mlgui.engine.curvature import theta_gradient, theta_hessian
from mlgui.engine.estimates import Estimates, SmallSample
from mlgui.engine.objective import Point, Slope
from mlgui.engine.problem import Floats
from mlgui.engine.residual_inference import by_structure, extended
from mlgui.engine.solution import Solution

FLAT = 1e-8
"""Share of the largest eigenvalue of the scaled D below which a direction counts as flat and is left out."""


def small_sample(estimates: Estimates) -> SmallSample:
    """Return the asymptotic covariance of the variance parameters and the derivatives of vcov in them."""
    solution: Solution = estimates.state
    point = _off_the_boundary(solution)
    slope = solution.slope if point is solution.point else solution.objective.slope(point)
    effects = slope.effects
    places = places_of(solution)
    hessian = _profiled_hessian(solution, point, slope, places)
    falls = _r2_slope(solution, point, effects)[places]
    slopes = _vcov_slopes(solution, point, effects, len(estimates.beta))[places]
    if solution.residual is not None:
        found = by_structure(solution, point, places, len(estimates.beta))
        hessian, falls, slopes = extended(hessian, falls, slopes, found)
    covariance, flat = _covariance(hessian, falls, point.r2, solution.objective.degrees)
    # sigma^2 M is proportional to sigma^2: its derivative in log sigma^2 is itself
    gradient = np.concatenate([slopes, np.nan_to_num(estimates.vcov)[None]])
    return SmallSample(covariance=covariance, gradient=gradient, given_zero=estimates.singular or flat)


def satterthwaite(estimates: Estimates) -> tuple[Floats, bool]:
    """Return the degrees of freedom of each coefficient, (p,), NaN for dropped ones, and whether they are given a zero."""
    small = small_sample(estimates)
    df = [satterthwaite_df(row, estimates.vcov, small) for row in np.eye(len(estimates.beta))]
    return np.array(df), small.given_zero


def satterthwaite_df(contrast: Floats, vcov: Floats, small: SmallSample) -> float:
    """Return 2 f^2 / Var(f), f = the estimated variance of contrast'beta; NaN where the contrast is not estimable.

    contrast: (p,). vcov: (p, p), with NaN rows and columns for dropped coefficients.
    """
    used = contrast != 0
    weights = contrast[used]
    variance = float(weights @ vcov[np.ix_(used, used)] @ weights)
    if not variance > 0:
        return float("nan")
    slopes = np.einsum("p,mpr,r->m", contrast, small.gradient, contrast) / variance  # no square that could overflow
    spread = float(slopes @ small.covariance @ slopes)
    return 2 / spread if spread > 0 else float("nan")


def p_value(t: Floats | float, df: Floats | float) -> Floats:
    """Return the two-sided p of a t statistic, from the lower tail: full relative precision down to 1e-300.

    df may be infinite (normal); NaN where t or df is NaN.
    """
    return np.asarray(2 * stdtr(df, -np.abs(t)))


def t_quantile(df: Floats | float, confidence: float = 0.95) -> Floats:
    """Return the half-width of a two-sided interval in standard errors; df may be infinite (normal)."""
    upper = (1 + confidence) / 2
    finite = np.isfinite(df)
    quantile = stdtrit(np.where(finite, df, 1.0), upper)
    return np.asarray(np.where(finite, quantile, np.where(np.isnan(df), np.nan, ndtri(upper))))


def t_interval(
    estimate: Floats | float, se: Floats | float, df: Floats | float, confidence: float = 0.95
) -> tuple[Floats, Floats]:
    """Return the lower and upper limit of a two-sided interval from the t distribution."""
    half = t_quantile(df, confidence) * se
    return np.asarray(estimate - half), np.asarray(estimate + half)


def _off_the_boundary(solution: Solution) -> Point:
    """Return the solution with zeros on the diagonals of its factors raised to PROBE typical SDs.

    The local coordinates need invertible factors; the criterion is even in a whole column, so what is read in the other
    entries changes by about PROBE squared, and less is lost in inverting them than nearer to 0.
    """
    factors = [factor.copy() for factor in solution.point.factors]
    for factor, scale in zip(factors, solution.groups):
        zero = np.flatnonzero(np.diagonal(factor) == 0)
        factor[zero, zero] = PROBE * scale.typical[zero]
    if all((np.diagonal(factor) != 0).all() for factor in solution.point.factors):
        return solution.point
    return solution.objective.at(factors)


def places_of(solution: Solution) -> NDArray[np.intp]:
    """Return where the entries that can vary at the solution stand in theta."""
    every = [(k, a, b) for k, entries in enumerate(solution.layout.entries) for a, b in entries]
    return np.array([every.index(one) for one in solution.coordinates], dtype=np.intp)


def _profiled_hessian(solution: Solution, point: Point, slope: Slope, places: NDArray[np.intp]) -> Floats:
    """Return the Hessian of the profiled criterion in the entries at `places`: exact, or by differences of the gradient."""
    objective, layout = solution.objective, solution.layout
    if not len(places):
        return np.zeros((0, 0))
    local = objective.exact_hessian(point, slope, layout.entries)
    if local is not None:
        return theta_hessian(layout, point.factors, slope.gradient, local)[np.ix_(places, places)]
    return _differenced(solution, layout.pack(point.factors), places)


def _differenced(solution: Solution, theta: Floats, places: NDArray[np.intp]) -> Floats:
    """Return the Hessian at `theta` in the entries at `places` by central differences of the analytic gradient."""
    objective, layout = solution.objective, solution.layout
    rows = []
    for place, size in zip(places, solution.sizes):
        ends = []
        step = 1e-4 * size
        if abs(abs(theta[place]) - step) < 0.2 * step:  # do not land on a diagonal of 0
            step *= 1.7
        for change in (step, -step):
            moved = theta.copy()
            moved[place] += change
            factors = layout.unpack(moved)
            gradient = objective.slope(objective.at(factors)).gradient
            ends.append(theta_gradient(layout, factors, gradient)[places])
        rows.append((ends[0] - ends[1]) / (2 * step))
    hessian = np.array(rows)
    return np.asarray((hessian + hessian.T) / 2)


def _r2_slope(solution: Solution, point: Point, effects: Effects) -> Floats:
    """Return d r2 / d theta = -2 T^-T sum_j g_j g_j' at the free entries, g_j the scaled modes."""
    falls = []
    for factor, g in zip(point.factors, solution.objective.modes(point, effects)):
        falls.append(np.asarray(-2.0 * np.linalg.solve(factor.T, g @ g.T)))
    return solution.layout.pack(falls)


def _vcov_slopes(solution: Solution, point: Point, effects: Effects, p: int) -> Floats:
    """Return d vcov / d theta at given sigma^2, (m, p, p) on the user's scale; dropped coefficients are 0.

    M = (X'V^-1X)^-1 changes by M (sum_j F_j'(delta + delta')F_j) M, delta = T^-1 dT, F_j = U_j[:, X].
    """
    objective, kept = solution.objective, solution.fixed.kept
    r = objective.rank
    sigma = solution.fixed.y_scale * np.sqrt(point.r2 / objective.degrees)
    to_user = sigma * solution.fixed.basis @ point.root_inverse.T @ point.root_inverse
    slopes, place = np.zeros((solution.layout.size, p, p)), 0
    entry = np.ix_(kept, kept)
    for factor, u, entries in zip(point.factors, effects.u, solution.layout.entries):
        q = len(factor)
        flat = u[:, :r].reshape(q * r, u.shape[2])
        products = np.einsum("ca,crbs->arbs", np.linalg.inv(factor), (flat @ flat.T).reshape(q, r, q, r))
        for a, b in entries:
            half = to_user @ products[a, :, b] @ to_user.T
            slopes[place][entry] = half + half.T
            place += 1
    return slopes


def _covariance(hessian: Floats, falls: Floats, r2: float, degrees: int) -> tuple[Floats, bool]:
    """Return 2 D^-1 and whether a flat direction was left out of it."""
    m = len(falls)
    cross = falls * (degrees / r2)
    full = np.empty((m + 1, m + 1))
    full[:m, :m] = hessian + np.outer(cross, cross) / degrees
    full[:m, m] = full[m, :m] = -cross
    full[m, m] = degrees
    scale = np.sqrt(np.maximum(np.abs(np.diagonal(full)), 1e-300))
    values, vectors = np.linalg.eigh(full / np.outer(scale, scale))
    alive = values > FLAT * values[-1]
    half = vectors[:, alive] / np.sqrt(values[alive]) / scale[:, None]
    return 2.0 * half @ half.T, not bool(alive.all())
