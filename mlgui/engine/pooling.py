"""What partial pooling is compared with: a group's own estimate, one regression for all, one for each group.

No pooling, which keeps common slopes and other groupings, is in `mlgui.engine.no_pooling`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mlgui.engine.estimates import Estimates, GroupEffects, OwnEstimates
from mlgui.engine.problem import Floats, Problem
from mlgui.engine.residual_independent import independent
from mlgui.engine.within import RANK_TOLERANCE, WithinGroups, group_sums, independent_columns, within_groups


@dataclass(frozen=True, kw_only=True, eq=False)
class Regression:
    """An ordinary (weighted) least-squares fit. columns: indices into x of the m columns asked for.

    beta, se: (m,), NaN for a column the ones before it explain. vcov: (m, m). sigma: residual SD (for weight 1).
    df_residual: rows less rank; with 0 of them sigma and the SEs are NaN.
    """

    columns: tuple[int, ...]
    beta: Floats
    se: Floats
    vcov: Floats
    sigma: float
    df_residual: int


@dataclass(frozen=True, kw_only=True, eq=False)
class GroupFits:
    """Coefficients of one grouping's varying columns without any pooling of them, J groups, q columns.

    estimates, ses: (J, q), NaN where the group's rows cannot tell. sigma: residual SD, over all groups; df_residual:
    rows less estimated coefficients. columns: the columns of x that are not collinear with the groups' own, m of them.
    No pooling: common, common_se (m,), one slope for all groups; NaN where not estimable.
    Separate regressions: slopes, slope_ses (J, m), a slope for each group; group_sigma (J,), NaN where no rows are left.
    computed: False where the problem was too large, and every number is NaN.
    """

    estimates: Floats
    ses: Floats
    sigma: float
    df_residual: int
    columns: tuple[int, ...]
    common: Floats
    common_se: Floats
    slopes: Floats
    slope_ses: Floats
    group_sigma: Floats
    computed: bool = True


def own_estimates(estimates: Estimates, k: int) -> OwnEstimates:
    """Return what each group of grouping `k` says by itself, given beta-hat and the other groupings' modes.

    own = (Z_j'WZ_j)^-1 Z_j'W (y - X beta-hat - other groupings' b-hat); the mode is W_j own with
    W_j = G A_j (I + G A_j)^-1 and A_j = Z_j'WZ_j, so the pulls W_j[a, b] own_b add up to the mode exactly.
    """
    estimates = independent(estimates)
    problem, effects = estimates.problem, estimates.groups[k]
    groups, root = problem.groupings[k], root_weights(problem)
    within = within_groups(groups.codes, groups.n_groups, groups.z * root[:, None])
    own_part = np.einsum("ia,ia->i", groups.z, effects.mode[groups.codes])
    rest = (problem.y - estimates.fitted + own_part) * root
    inverse, _ = within.inverse()
    own = np.einsum("jab,jb->ja", inverse, within.coordinates(rest))
    se = estimates.sigma * np.linalg.norm(inverse, axis=2)
    estimable = within.rank == within.r.shape[2]
    own[~estimable], se[~estimable] = np.nan, np.nan
    pulls = pull_matrices(within, effects.factor) * own[:, None, :]
    return OwnEstimates(own=own, own_se=se, estimable=estimable, pulls=pulls, resolved=_resolved(effects))


def pull_matrices(within: WithinGroups, factor: Floats) -> Floats:
    """Return G A_j (I + G A_j)^-1, (J, q, q), as T (I + T'A_jT)^-1 T'A_j: G may be singular."""
    half = within.r @ factor
    precision = np.einsum("jca,jcb->jab", within.r, within.r)
    inner = np.einsum("jca,jcb->jab", half, half) + np.eye(len(factor))
    return np.asarray(factor @ np.linalg.solve(inner, factor.T @ precision))


def _resolved(effects: GroupEffects) -> Floats:
    """Return 1 - Var(b_j | y) / G_jj, (J, q); NaN where the variance is 0."""
    variance = np.diagonal(effects.covariance)
    left = np.diagonal(effects.conditional_covariance, axis1=1, axis2=2)
    share = np.full(left.shape, np.nan)
    alive = variance > 0
    share[:, alive] = np.clip(1.0 - left[:, alive] / variance[alive], 0.0, 1.0)
    return share


def complete_pooling(problem: Problem, columns: Sequence[int]) -> Regression:
    """Return the regression of y on some columns of x, groups ignored, with prior weights and offset."""
    chosen, root = list(columns), root_weights(problem)
    data = np.column_stack([problem.x[:, chosen], response(problem)]) * root[:, None]
    r = triangle(data)
    m = len(chosen)
    kept = independent_columns(r[:, :m])
    coefficients, unscaled, left = _solve(r[:, kept], r[:, m])
    df = n_rows(problem) - len(kept)
    sigma = float(np.sqrt(left / df)) if df > 0 else float("nan")
    beta, vcov = np.full(m, np.nan), np.full((m, m), np.nan)
    beta[kept] = coefficients
    vcov[np.ix_(kept, kept)] = sigma**2 * unscaled
    return Regression(columns=tuple(chosen), beta=beta, se=np.sqrt(np.diagonal(vcov)), vcov=vcov, sigma=sigma, df_residual=df)


def _solve(x: Floats, y: Floats) -> tuple[Floats, Floats, float]:
    """Return least-squares coefficients, (X'X)^-1 and the residual sum of squares of a small full-rank regression."""
    q, r = np.linalg.qr(x)
    inverse = np.linalg.inv(r)
    along = q.T @ y
    left = y - q @ along
    return inverse @ along, inverse @ inverse.T, float(left @ left)


def separate_regressions(problem: Problem, k: int) -> GroupFits:
    """Return a regression within each group of grouping `k` on its varying columns and all columns of x not among them.

    Each group has its own residual SD; `sigma` pools their residual sums of squares, as nlme's lmList does.
    """
    groups, root = problem.groupings[k], root_weights(problem)
    z = groups.z * root[:, None]
    columns = individual_columns(problem, within_groups(groups.codes, groups.n_groups, z))
    q = z.shape[1]
    within = within_groups(groups.codes, groups.n_groups, np.hstack([z, problem.x[:, columns] * root[:, None]]))
    y = response(problem) * root
    inverse, estimable = within.inverse()
    values = np.where(estimable, np.einsum("jab,jb->ja", inverse, within.coordinates(y)), np.nan)
    left = group_sums(within.codes, groups.n_groups, within.residual(y) ** 2)
    sizes = np.bincount(within.codes[root > 0], minlength=groups.n_groups)
    df = sizes - within.rank
    sigma = np.sqrt(np.divide(left, df, out=np.full(len(df), np.nan), where=df > 0))
    ses = np.where(estimable, sigma[:, None] * np.linalg.norm(inverse, axis=2), np.nan)
    total = int(df.sum())
    return GroupFits(
        estimates=values[:, :q], ses=ses[:, :q],
        sigma=float(np.sqrt(left[df > 0].sum() / total)) if total > 0 else float("nan"), df_residual=total,
        columns=tuple(columns), common=np.zeros(0), common_se=np.zeros(0),
        slopes=values[:, q:], slope_ses=ses[:, q:], group_sigma=sigma,
    )  # fmt: skip


def individual_columns(problem: Problem, within: WithinGroups) -> list[int]:
    """Return the columns of x that are not a combination of the groups' own columns: group-level predictors are.

    `within` is the decomposition of the weighted varying columns of the grouping.
    """
    root = root_weights(problem)
    found = []
    for index in range(problem.x.shape[1]):
        column = problem.x[:, index] * root
        if float(np.linalg.norm(within.residual(column))) > RANK_TOLERANCE * float(np.linalg.norm(column)):
            found.append(index)
    return found


def triangle(columns: Floats) -> Floats:
    """Return R of the QR decomposition of `columns`: the same lengths and angles in a small matrix."""
    return np.asarray(np.linalg.qr(columns, mode="r"))


def n_rows(problem: Problem) -> int:
    """Return the number of rows with positive weight."""
    return problem.n if problem.weights is None else int(np.count_nonzero(problem.weights))


def response(problem: Problem) -> Floats:
    """Return y less the offset, (n,)."""
    return problem.y if problem.offset is None else problem.y - problem.offset


def root_weights(problem: Problem) -> Floats:
    """Return the square roots of the prior weights, (n,)."""
    return np.ones(problem.n) if problem.weights is None else np.sqrt(problem.weights)
