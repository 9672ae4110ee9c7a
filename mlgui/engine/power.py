"""What another number of groups, or of rows in each, would tell: standard errors and power of every coefficient.

The fit is taken for the truth. A planned data set draws whole groups of the coarsest grouping, with their predictors, from those
at hand (with replacement), and rows within them; its response is simulated and the model fitted to it again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from mlgui.engine.estimates import Estimates
from mlgui.engine.fit import Options, fit
from mlgui.engine.inference import p_value, satterthwaite, t_interval
from mlgui.engine.influence import with_rows
from mlgui.engine.problem import DegenerateProblem, Floats, Groups, Problem
from mlgui.engine.residual_independent import residual_sds
from mlgui.engine.residual_noise import residual_covariance
from mlgui.engine.robust import cluster_grouping

OnStep = Callable[[int, int], None]
"""Called with (data sets done, data sets wanted); it may raise to stop."""


ORDERED = ("ar1", "un")
"""Residual structures in which no two rows of a group stand at the same place."""


class PlanRefused(ValueError):
    """A plan that cannot be drawn; `ties`: more rows in each group than there are, which would stand at the same places."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A planned study. groups: how many of the coarsest grouping; rows: in each of them. None: as in the data."""

    groups: int | None = None
    rows: int | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Power:
    """What a plan gives, per coefficient (p,), NaN for dropped ones.

    se: mean standard error. power: share of data sets in which the coefficient is found different from 0 at `level`;
    power_se: its simulation error. coverage: share of intervals that hold the truth. bias: mean estimate minus truth.
    boundary: share of fits with a variance of 0 or a correlation of +-1. n: rows on average. fitted: data sets with a fit.
    """

    truth: Floats
    se: Floats
    power: Floats
    power_se: Floats
    coverage: Floats
    bias: Floats
    boundary: float
    n: float
    fitted: int
    level: float
    seed: int


def simulate_power(
    estimates: Estimates,
    plan: Plan,
    replicates: int = 200,
    seed: int = 1,
    level: float = 0.05,
    on_step: OnStep = lambda done, total: None,
) -> Power:
    """Return the power of a plan by simulation, with Satterthwaite's tests.

    Raises RobustRefused for crossed groupings, and PlanRefused.
    """
    rng, truth = np.random.default_rng(seed), np.nan_to_num(estimates.beta)
    p = len(truth)
    beta, se, df = (np.full((replicates, p), np.nan) for _ in range(3))
    singular, sizes = np.zeros(replicates), np.zeros(replicates)
    for at in range(replicates):
        on_step(at, replicates)
        problem = planned(estimates, plan, rng)
        sizes[at] = problem.n
        try:
            found = fit(problem, Options(second_start=False))
            df[at] = satterthwaite(found)[0]
        except DegenerateProblem:
            continue
        beta[at], se[at], singular[at] = found.beta, np.sqrt(np.diag(found.vcov)), found.singular
    on_step(replicates, replicates)
    beta[:, list(estimates.dropped)] = np.nan
    known = np.isfinite(beta) & np.isfinite(se)
    count = np.where(known.any(axis=0), known.sum(axis=0), np.nan)
    share = np.where(known, p_value(beta / se, df) < level, False).sum(axis=0) / count
    low, high = t_interval(beta, se, df, 1 - level)
    fitted = int(known.any(axis=1).sum())
    return Power(
        truth=estimates.beta,
        se=np.where(known, se, 0.0).sum(axis=0) / count,
        power=share,
        power_se=np.sqrt(share * (1 - share) / count),
        coverage=np.where(known, (low <= truth) & (truth <= high), False).sum(axis=0) / count,
        bias=np.where(known, beta - truth, 0.0).sum(axis=0) / count,
        boundary=float(singular.sum() / max(fitted, 1)),
        n=float(sizes.mean()),
        fitted=fitted,
        level=level,
        seed=seed,
    )


def expected_precision(estimates: Estimates, plan: Plan, designs: int = 20, seed: int = 1, level: float = 0.05) -> Power:
    """Return SE and power without fitting: sigma^2 (X'V^-1X)^-1 of planned designs at the true variances, normal tests.

    Immediate, and right for many groups; with few it is optimistic, as variances have to be estimated then.
    """
    rng, p = np.random.default_rng(seed), len(estimates.beta)
    kept = [column for column in range(p) if column not in estimates.dropped]
    variances, sizes = np.full((designs, p), np.nan), np.zeros(designs)
    for at in range(designs):
        problem = _design(estimates.problem, plan, rng)
        information = _information(problem, estimates, kept)
        sizes[at] = problem.n
        if len(kept) and np.linalg.cond(information / np.outer(*[np.sqrt(np.diag(information))] * 2)) < 1e12:
            variances[at, kept] = estimates.sigma**2 * np.diag(np.linalg.inv(information))
    known = np.isfinite(variances)
    se = np.sqrt(np.where(known, variances, 0.0).sum(axis=0) / np.where(known.any(axis=0), known.sum(axis=0), np.nan))
    z, critical = np.abs(estimates.beta) / se, float(ndtri(1 - level / 2))
    zero = np.where(np.isfinite(se), 0.0, np.nan)
    return Power(
        truth=estimates.beta, se=se, power=ndtr(z - critical) + ndtr(-z - critical), power_se=zero,
        coverage=zero + 1 - level, bias=zero, boundary=0.0, n=float(sizes.mean()), fitted=0, level=level, seed=seed,
    )  # fmt: skip


def planned(estimates: Estimates, plan: Plan, rng: np.random.Generator) -> Problem:
    """Return a planned data set: groups and rows drawn from those of the fit, and a response simulated from it."""
    problem = _design(estimates.problem, plan, rng)
    y = problem.x @ np.nan_to_num(estimates.beta)
    if problem.offset is not None:
        y += problem.offset
    for groups, effects in zip(problem.groupings, estimates.groups, strict=True):
        b = estimates.sigma * rng.standard_normal((groups.n_groups, len(effects.factor))) @ effects.factor.T
        y += np.einsum("ia,ia->i", groups.z, b[groups.codes])
    return replace(problem, y=y + estimates.sigma * _noise(replace(estimates, problem=problem), rng))


def _noise(planned: Estimates, rng: np.random.Generator) -> Floats:
    """Residuals of a planned data set for sigma = 1, (n,), with the structure of the fit; 0 for rows of weight 0."""
    problem, noise = planned.problem, rng.standard_normal(planned.problem.n)
    if problem.residual.groups is None:
        sds = residual_sds(planned)
        return np.where(np.isfinite(sds), noise * np.where(np.isfinite(sds), sds, 0.0), 0.0)
    used = np.ones(problem.n, dtype=np.bool_) if problem.weights is None else problem.weights > 0
    order = np.argsort(problem.residual.groups, kind="stable")
    ends = np.flatnonzero(np.diff(problem.residual.groups[order])) + 1
    out = np.zeros(problem.n)
    for rows in np.split(order, ends):
        rows = rows[used[rows]]
        out[rows] = np.linalg.cholesky(residual_covariance(planned, rows)) @ noise[rows]
    return out


def _design(problem: Problem, plan: Plan, rng: np.random.Generator) -> Problem:
    """The rows of a planned data set; every draw of a group is a group of its own, with all that is nested in it."""
    coarsest = problem.groupings[cluster_grouping(problem)]
    order = np.argsort(coarsest.codes, kind="stable")
    ends = np.searchsorted(coarsest.codes[order], np.arange(coarsest.n_groups + 1))
    count = plan.groups or coarsest.n_groups
    same = count == coarsest.n_groups
    chosen = np.arange(count) if same else _spread(np.arange(coarsest.n_groups), count, rng)
    parts = [order[ends[j] : ends[j + 1]] for j in chosen]
    if plan.rows is not None:
        if problem.residual.kind in ORDERED and min(len(part) for part in parts) < plan.rows:
            raise PlanRefused("ties")
        parts = [_spread(part, plan.rows, rng) for part in parts]
    rows = np.concatenate(parts)
    cluster = np.repeat(np.arange(count), [len(part) for part in parts])
    planned = with_rows(problem, rows)
    residual = planned.residual
    if residual.groups is not None:
        assert problem.residual.groups is not None
        keys = cluster.astype(np.int64) * (int(problem.residual.groups.max()) + 1) + residual.groups
        residual = replace(residual, groups=np.unique(keys, return_inverse=True)[1].astype(np.int32))
    groupings = tuple(_renumbered(one, rows, cluster) for one in problem.groupings)
    return replace(planned, groupings=groupings, residual=residual)


def _spread(items: NDArray[np.intp], count: int, rng: np.random.Generator) -> NDArray[np.intp]:
    """As many whole copies as fit into `count`, and the rest drawn without replacement: balance is kept where it can be."""
    copies, rest = divmod(count, len(items))
    return np.concatenate([np.tile(items, copies), np.sort(rng.permutation(items)[:rest])])


def _renumbered(groups: Groups, rows: NDArray[np.intp], cluster: NDArray[np.intp]) -> Groups:
    keys = cluster.astype(np.int64) * groups.n_groups + groups.codes[rows]
    found, codes = np.unique(keys, return_inverse=True)
    return replace(groups, codes=codes.astype(np.int32), n_groups=len(found), z=np.asfortranarray(groups.z[rows]))


def _information(problem: Problem, estimates: Estimates, kept: list[int]) -> Floats:
    """X'V^-1X for unit sigma, cluster by cluster of the coarsest grouping; dense within, as clusters are small."""
    coarsest = problem.groupings[cluster_grouping(problem)]
    order = np.argsort(coarsest.codes, kind="stable")
    total = np.zeros((len(kept), len(kept)))
    for rows in np.split(order, np.searchsorted(coarsest.codes[order], np.arange(1, coarsest.n_groups))):
        weights = np.ones(len(rows)) if problem.weights is None else problem.weights[rows]
        alive = weights > 0
        rows, x = rows[alive], problem.x[np.ix_(rows[alive], np.array(kept, dtype=np.intp))]
        v = residual_covariance(replace(estimates, problem=problem), rows)
        for groups, effects in zip(problem.groupings, estimates.groups, strict=True):
            z, codes = groups.z[rows] @ effects.factor, groups.codes[rows]
            v += (z @ z.T) * (codes[:, None] == codes)
        total += x.T @ np.linalg.solve(v, x)
    return total
