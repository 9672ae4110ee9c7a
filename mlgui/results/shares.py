"""Variance shares: R2 and ICC after Nakagawa, Johnson & Schielzeth (2017, J. R. Soc. Interface 14: 20170213)."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from mlgui.design.design import Design
from mlgui.engine.estimates import Estimates
from mlgui.engine.fit import fit
from mlgui.engine.problem import Groups, Problem
from mlgui.engine.residual_independent import residual_sds
from mlgui.results.report import Shares
from mlgui.words import tr


def shares(design: Design, estimates: Estimates, empty_icc: tuple[tuple[str, float], ...] | None = None) -> Shares:
    """Return R2 and ICC. The random part is the mean over rows of z' Sigma z, so slopes count at the x of the data."""
    var_fixed = _variance_of_fixed_part(estimates)
    by_grouping = _random_variances(design, estimates)
    var_random = sum(variance for _, variance in by_grouping)
    var_residual = residual_variance(estimates)
    within = var_random + var_residual
    total = var_fixed + within
    return Shares(
        r2_marginal=_share(var_fixed, total),
        r2_conditional=_share(var_fixed + var_random, total),
        icc_adjusted=_share(var_random, within),
        icc_unadjusted=_share(var_random, total),
        var_fixed=var_fixed,
        var_random=var_random,
        var_residual=var_residual,
        icc_by_grouping=tuple((name, _share(variance, within)) for name, variance in by_grouping),
        definition=definition(design),
        empty_icc=empty_icc,
    )


def residual_variance(estimates: Estimates) -> float:
    """Return the residual variance, with prior weights or several residual SDs its mean over rows."""
    if estimates.problem.weights is None and estimates.problem.residual.is_homogeneous:
        return float(estimates.sigma**2)
    squares = residual_sds(estimates) ** 2
    return float(estimates.sigma**2 * np.mean(squares[np.isfinite(squares)]))


def empty_model_icc(design: Design, estimates: Estimates) -> tuple[tuple[str, float], ...] | None:
    """Return the ICC of the model without predictors, by grouping: varying intercepts only, same rows, weights and method.

    None for a model without groupings.
    """
    problem = estimates.problem
    if not problem.groupings:
        return None
    one = np.ones((problem.n, 1), order="F")
    groups = tuple(
        Groups(codes=group.codes, n_groups=group.n_groups, z=one, pattern=np.ones((1, 1), dtype=bool))
        for group in problem.groupings
    )
    empty = fit(Problem(y=problem.y, x=one, groupings=groups, weights=problem.weights, reml=problem.reml))
    variances = [float(effects.covariance[0, 0]) for effects in empty.groups]
    total = sum(variances) + residual_variance(empty)
    names = [varying.grouping.name for varying in design.groupings]
    return tuple((name, _share(variance, total)) for name, variance in zip(names, variances, strict=True))


def definition(design: Design) -> str:
    """Return the formulas in words, with what the model at hand adds to them."""
    parts = [
        tr(
            "R² marginal = F / (F + R + E), R² conditional = (F + R) / (F + R + E), ICC = R / (R + E): F is the variance "
            "of the fixed part over rows, R the mean over rows of the variance between groups, E the residual variance "
            "(Nakagawa, Johnson & Schielzeth 2017)."
        )
    ]
    if any(len(varying.names) > 1 or varying.names[0] != "(Intercept)" for varying in design.groupings):
        parts.append(tr("Slopes vary, so R depends on the predictor: it is averaged over the rows used."))
    if design.problem.weights is not None:
        parts.append(tr("With weights, E is the mean of the residual variance divided by the weight."))
    if design.problem.offset is not None:
        parts.append(tr("The offset is in neither part."))
    return " ".join(parts)


def _variance_of_fixed_part(estimates: Estimates) -> float:
    """Return the sample variance (divisor n - 1) of X beta over rows with weight, offset left out."""
    problem = estimates.problem
    fixed = estimates.fixed_part if problem.offset is None else estimates.fixed_part - problem.offset
    if problem.weights is not None:
        fixed = fixed[problem.weights > 0]
    return float(np.var(fixed, ddof=1)) if len(fixed) > 1 else 0.0


def _random_variances(design: Design, estimates: Estimates) -> list[tuple[str, float]]:
    """Return the mean over rows of z' Sigma z, per grouping name in order of appearance."""
    found: dict[str, float] = defaultdict(float)
    weights = estimates.problem.weights
    for varying, group, effects in zip(design.groupings, estimates.problem.groupings, estimates.groups, strict=True):
        z = group.z if weights is None else group.z[weights > 0]
        moments = z.T @ z / len(z)
        found[varying.grouping.name] += float(np.sum(moments * effects.covariance))
    return list(found.items())


def _share(part: float, whole: float) -> float:
    return part / whole if whole > 0 else float("nan")
