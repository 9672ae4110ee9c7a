"""What a fit would be without one group: by downdating, with the relative variances held, or by refitting.

With V^-1 X and V^-1 r known on the rows (they are W(X + Z S) and W(y - fitted)), leaving out group j of a grouping in
which V is block-diagonal takes X_j'V_j^-1X_j from the information of the coefficients and X_j'V_j^-1r_j from the score:
beta - beta_(-j) = (X'V^-1X - X_j'V_j^-1X_j)^-1 X_j'V_j^-1r_j. Where other groupings cross the group, the block of V^-1 is that of
the rows left, P_jj^-1 with P_jj the group's block of V^-1 - V^-1 X M X'V^-1: Haslett (1999), J. R. Stat. Soc. B 61;
Cook's distance of a group: Christensen, Pearson & Johnson (1992), Technometrics 34.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mlgui.engine.estimates import Estimates
from mlgui.engine.fit import fit
from mlgui.engine.pooling import root_weights
from mlgui.engine.prediction import RowGroups, conditional_covariance
from mlgui.engine.problem import DegenerateProblem, Floats, Groups, Problem
from mlgui.engine.residual_independent import independent, residual_rows
from mlgui.engine.within import group_sums

INESTIMABLE = 1e-9
"""Smallest eigenvalue of the information left, as a share of that of all rows, below which a coefficient is lost."""
LARGEST_GROUP = 3_000
"""Rows of a group up to which it is left out of a model in which other groupings cross it: some seconds each."""


@dataclass(frozen=True, kw_only=True, eq=False)
class GroupInfluence:
    """What leaving out each of m groups of a grouping does. groups: their codes.

    beta: (m, p) coefficients without the group. change: (m, p), those minus the fit's, in the fit's SEs (DFBETAS).
    sigma: (m,) residual SD without it. cooks: (m,), change in beta over its covariance, per coefficient. NaN where the fit
    without the group has a coefficient less, and in dropped columns.
    """

    groups: NDArray[np.intp]
    beta: Floats
    change: Floats
    sigma: Floats
    cooks: Floats


@dataclass(frozen=True, kw_only=True, eq=False)
class RefittedInfluence:
    """As `GroupInfluence`, all parameters estimated anew. covariances: per grouping, (m, q, q)."""

    influence: GroupInfluence
    covariances: tuple[Floats, ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class _Scaled:
    """Rows in the coordinates in which X'V^-1X is the identity: x (n, r), vx = V^-1 x, vr = V^-1 r, r; unit sigma.

    back: (r, r), beta = back @ coordinates.
    """

    x: Floats
    vx: Floats
    r: Floats
    vr: Floats
    back: Floats


def leave_one_group_out(
    estimates: Estimates, k: int, between_groups: Callable[[int, int], None] = lambda done, total: None
) -> GroupInfluence:
    """Return the influence of every group of grouping k at the fit's relative variances; sigma is estimated anew.

    `between_groups(done, total)` is called while groups are worked on one by one (crossed groupings), and may raise.
    NaN for groups of more than LARGEST_GROUP rows there.
    """
    estimates = independent(estimates)
    scaled = _scaled(estimates)
    count = estimates.problem.groupings[k].n_groups
    if is_block_diagonal(estimates.problem, k):
        information, score, square = _sums(estimates, scaled, k)
    else:
        r = len(scaled.back)
        information, score, square = np.full((count, r, r), np.nan), np.full((count, r), np.nan), np.full(count, np.nan)
        for j, rows in enumerate(_rows_by_group(estimates.problem, k)):
            between_groups(j, count)
            if len(rows) <= LARGEST_GROUP:
                information[j], score[j], square[j] = _crossed(estimates, scaled, rows)
    return _downdated(estimates, scaled, information, score, square, _used_rows(estimates.problem, k))


def refit_without(
    estimates: Estimates, k: int, groups: Iterable[int], between_groups: Callable[[int, int], None] = lambda done, total: None
) -> RefittedInfluence:
    """Return the influence of some groups of grouping k with everything estimated anew, one fit for each.

    NaN where the rest cannot be fitted. `between_groups(done, total)` is called before each fit, and may raise.
    """
    chosen = np.array(list(groups), dtype=np.intp)
    p = len(estimates.beta)
    beta, sigma = np.full((len(chosen), p), np.nan), np.full(len(chosen), np.nan)
    covariances = [np.full((len(chosen), *one.covariance.shape), np.nan) for one in estimates.groups]
    for at, j in enumerate(chosen):
        between_groups(at, len(chosen))
        try:
            found = fit(without_group(estimates.problem, k, int(j)))
        except DegenerateProblem:
            continue
        beta[at], sigma[at] = found.beta, found.sigma
        for values, one in zip(covariances, found.groups):
            values[at] = one.covariance
    kept = _kept(estimates)
    lost = np.isnan(beta[:, kept]).any(axis=1)
    beta[lost], sigma[lost] = np.nan, np.nan
    return RefittedInfluence(influence=_influence(estimates, chosen, beta, sigma), covariances=tuple(covariances))


def without_group(problem: Problem, k: int, group: int) -> Problem:
    """Return the problem without the rows of one group of grouping k; groups that lose all rows are gone."""
    return with_rows(problem, np.flatnonzero(problem.groupings[k].codes != group))


def with_rows(problem: Problem, rows: NDArray[np.intp]) -> Problem:
    """Return the problem on some of its rows, groups numbered anew in their order."""

    def fewer(groups: Groups) -> Groups:
        found, codes = np.unique(groups.codes[rows], return_inverse=True)
        z = np.asfortranarray(groups.z[rows])
        return replace(groups, codes=codes.astype(np.int32), n_groups=len(found), z=z)

    return replace(
        problem,
        y=problem.y[rows],
        x=np.asfortranarray(problem.x[rows]),
        groupings=tuple(fewer(groups) for groups in problem.groupings),
        weights=None if problem.weights is None else problem.weights[rows],
        offset=None if problem.offset is None else problem.offset[rows],
        residual=residual_rows(problem, rows),
    )


def is_block_diagonal(problem: Problem, k: int) -> bool:
    """Whether rows of different groups of grouping k are independent: every other grouping is nested in it."""
    coarse = problem.groupings[k].codes
    for groups in problem.groupings:
        of_group = np.zeros(groups.n_groups, dtype=coarse.dtype)
        of_group[groups.codes] = coarse
        if not np.array_equal(of_group[groups.codes], coarse):
            return False
    return True


def inverse_times(estimates: Estimates) -> tuple[Floats, Floats]:
    """Return V^-1 X (n, p) and V^-1 (y - offset - X beta-hat) (n,), for V of unit sigma; 0 for dropped columns.

    Residuals are independent: of a residual structure, of the fit that `independent` makes.
    """
    problem = estimates.problem
    weights = root_weights(problem) ** 2
    left = problem.x.copy()
    left[:, list(estimates.dropped)] = 0.0
    for groups, effects in zip(problem.groupings, estimates.groups, strict=True):
        for a in range(groups.z.shape[1]):
            left += groups.z[:, a, None] * effects.sensitivity[groups.codes, a]
    return left * weights[:, None], (problem.y - estimates.fitted) * weights


def _kept(estimates: Estimates) -> list[int]:
    return [column for column in range(len(estimates.beta)) if column not in estimates.dropped]


def _scaled(estimates: Estimates) -> _Scaled:
    kept = _kept(estimates)
    unit = estimates.vcov[np.ix_(kept, kept)] / estimates.sigma**2
    scale = np.sqrt(np.diagonal(unit))
    back = scale[:, None] * np.linalg.cholesky(unit / np.outer(scale, scale))
    vx, vr = inverse_times(estimates)
    return _Scaled(
        x=estimates.problem.x[:, kept] @ back,
        vx=vx[:, kept] @ back,
        r=estimates.problem.y - estimates.fixed_part,
        vr=vr,
        back=back,
    )


def _sums(estimates: Estimates, scaled: _Scaled, k: int) -> tuple[Floats, Floats, Floats]:
    """X_j'V_j^-1X_j (J, r, r), X_j'V_j^-1r_j (J, r) and r_j'V_j^-1r_j (J,) for a grouping in which V is block-diagonal."""
    groups = estimates.problem.groupings[k]
    codes, count, r = groups.codes.astype(np.intp), groups.n_groups, scaled.x.shape[1]
    information = np.empty((count, r, r))
    for a in range(r):
        information[:, a] = group_sums(codes, count, scaled.x[:, a, None] * scaled.vx)
    information = (information + information.transpose(0, 2, 1)) / 2
    score = group_sums(codes, count, scaled.x * scaled.vr[:, None])
    return information, score, group_sums(codes, count, scaled.r * scaled.vr)


def _crossed(estimates: Estimates, scaled: _Scaled, rows: NDArray[np.intp]) -> tuple[Floats, Floats, float]:
    """The same for rows correlated with others: what they add to the information, the score and r'V^-1r given the others.

    With E = V^-1 of all rows, its block E_D, and [X r]_D* = (E [X r])_D, the others' cross-products are those of all rows
    less [X r]_D*'E_D^-1 [X r]_D*.
    """
    block = _inverse_block(estimates, rows)
    both = np.column_stack([scaled.vx[rows], scaled.vr[rows]])
    alive = np.diagonal(block) > 0  # rows of weight 0 tell nothing
    half = np.linalg.solve(np.linalg.cholesky(block[np.ix_(alive, alive)]), both[alive])
    products = half.T @ half
    return products[:-1, :-1], products[:-1, -1], float(products[-1, -1])


def _inverse_block(estimates: Estimates, rows: NDArray[np.intp]) -> Floats:
    """The block of V^-1 of some rows: W - W Z Cov(b | y, beta) Z'W / sigma^2."""
    problem = estimates.problem
    weights = root_weights(problem)[rows] ** 2
    groups = [RowGroups(codes=one.codes[rows], z=one.z[rows]) for one in problem.groupings]
    block = -conditional_covariance(estimates, groups, len(rows)) / estimates.sigma**2 * np.outer(weights, weights)
    block.ravel()[:: len(rows) + 1] += weights
    return block


def _downdated(
    estimates: Estimates, scaled: _Scaled, information: Floats, score: Floats, square: Floats, used: NDArray[np.int64]
) -> GroupInfluence:
    """The influence of every group from what it adds to the information (identity), the score (0) and r'V^-1r."""
    count, r = score.shape
    known = np.isfinite(square)
    left = np.eye(r) - np.where(known[:, None, None], information, 0.0)
    degrees = estimates.n - estimates.rank if estimates.problem.reml else estimates.n
    values = np.linalg.eigvalsh(left) if r else np.ones((count, 1))
    degrees_left = degrees - used
    known &= (values[:, 0] > INESTIMABLE) & (degrees_left > 0)
    step = np.zeros((count, r))
    step[known] = np.linalg.solve(left[known], score[known, :, None])[:, :, 0]
    rest = degrees * estimates.sigma**2 - square - np.einsum("jr,jr->j", score, step)
    known &= rest > 0
    beta = np.full((count, len(estimates.beta)), np.nan)
    kept = _kept(estimates)
    beta[np.ix_(known, np.array(kept, dtype=np.intp))] = estimates.beta[kept] - step[known] @ scaled.back.T
    sigma = np.full(count, np.nan)
    sigma[known] = np.sqrt(rest[known] / degrees_left[known])
    return _influence(estimates, np.arange(count), beta, sigma)


def _influence(estimates: Estimates, groups: NDArray[np.intp], beta: Floats, sigma: Floats) -> GroupInfluence:
    kept = _kept(estimates)
    se = np.sqrt(np.diagonal(estimates.vcov))
    change = (beta - estimates.beta) / se
    vcov = estimates.vcov[np.ix_(kept, kept)]
    correlation = vcov / np.outer(se[kept], se[kept])
    along = change[:, kept]
    cooks = np.einsum("jr,jr->j", along @ np.linalg.inv(correlation), along) / len(kept) if kept else np.full(len(groups), np.nan)
    return GroupInfluence(groups=groups, beta=beta, change=change, sigma=sigma, cooks=cooks)


def _rows_by_group(problem: Problem, k: int) -> Iterator[NDArray[np.intp]]:
    groups = problem.groupings[k]
    order = np.argsort(groups.codes, kind="stable")
    ends = np.searchsorted(groups.codes[order], np.arange(groups.n_groups + 1))
    for j in range(groups.n_groups):
        yield order[ends[j] : ends[j + 1]]


def _used_rows(problem: Problem, k: int) -> NDArray[np.int64]:
    """Rows of positive weight in each group, (J,)."""
    groups = problem.groupings[k]
    codes = groups.codes if problem.weights is None else groups.codes[problem.weights > 0]
    return np.bincount(codes, minlength=groups.n_groups).astype(np.int64)
