"""Variances of predictions and fitted values, from the joint covariance of coefficients and group effects.

With M = Var(beta-hat), S_k = d b-hat_k / d beta-hat and C the covariance of all group effects given the coefficients,
Henderson's (1975, Biometrics 31) joint covariance gives for a row with x and z_k in group j_k of grouping k

Var(x'(beta-hat - beta) + sum_k z_k'(b-hat_k - b_k)) = a'Ma + sum_kl z_k'C_kl z_l,   a = x + sum_k S_k'z_k.

The first part is what the uncertainty of the coefficients contributes, the second what is not known of the groups even with
the coefficients given. C_kl between different groupings is found for the groups asked for by solving with the eliminated
core, never as a whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mlgui.engine.estimates import Estimates
from mlgui.engine.pooling import root_weights
from mlgui.engine.problem import Floats
from mlgui.engine.residual_independent import independent
from mlgui.engine.solution import Solution

Codes = NDArray[np.integer]

CHUNK = 12_000_000
"""Numbers in the right-hand sides of one solve."""


@dataclass(frozen=True, kw_only=True, eq=False)
class RowGroups:
    """One grouping of rows to be predicted. codes: group in the fit, -1 for one it does not have, (n,). z: (n, q)."""

    codes: Codes
    z: Floats


@dataclass(frozen=True, kw_only=True, eq=False)
class PredictionVariance:
    """Variances of m predictions, each (m,); they are independent parts and add up.

    fixed_only: of x'beta-hat alone, not a part. coefficients: what the coefficients contribute, also through the group effects
    that depend on them. group_effect: of known groups, given the coefficients. new_group: z'(sigma^2 G)z of groups
    without data. residual: sigma^2 / weight.
    """

    fixed_only: Floats
    coefficients: Floats
    group_effect: Floats
    new_group: Floats
    residual: Floats

    @property
    def fitted(self) -> Floats:
        """Of the mean of such rows in these groups; for new groups, in the group that is drawn."""
        return self.coefficients + self.group_effect + self.new_group

    @property
    def observation(self) -> Floats:
        """Of one new observation."""
        return self.fitted + self.residual


def prediction_variance(
    estimates: Estimates, x: Floats, groups: Sequence[RowGroups], weights: Floats | None = None
) -> PredictionVariance:
    """Return the variances of predictions at x (m, p), one `RowGroups` per grouping; weights (m,): of new observations, relative

    residual precisions where a residual structure has several SDs. Residuals are not predicted from correlated ones.
    """
    vcov = np.nan_to_num(estimates.vcov)
    combined = x + _through_groups(estimates, groups, x.shape)
    new = np.zeros(len(x))
    for one, effects in zip(groups, estimates.groups, strict=True):
        z = np.where((one.codes < 0)[:, None], one.z, 0.0)
        new += np.einsum("ia,ab,ib->i", z, effects.covariance, z)
    return PredictionVariance(
        fixed_only=_forms(x, vcov),
        coefficients=_forms(combined, vcov),
        group_effect=_conditional_variance(estimates, groups, len(x)),
        new_group=new,
        residual=np.full(len(x), estimates.sigma**2) / (1.0 if weights is None else weights),
    )


def group_part(estimates: Estimates, groups: Sequence[RowGroups]) -> Floats:
    """Return sum_k z_k'b-hat_k, (m,), with 0 for groups the fit does not have."""
    total = np.zeros(len(groups[0].codes) if groups else 0)
    for one, effects in zip(groups, estimates.groups, strict=True):
        known = one.codes >= 0
        total[known] += np.einsum("ia,ia->i", one.z[known], effects.mode[one.codes[known]])
    return total


def joint_covariance(estimates: Estimates, x: Floats, groups: Sequence[RowGroups]) -> Floats:
    """Return the joint covariance (m, m) of few predictions of known or new groups, residuals not included.

    Rows of one new group (code -1) are taken as rows of different new groups.
    """
    combined = x + _through_groups(estimates, groups, x.shape)
    total = combined @ np.nan_to_num(estimates.vcov) @ combined.T + conditional_covariance(estimates, groups, len(x))
    for one, effects in zip(groups, estimates.groups, strict=True):
        z = np.where((one.codes < 0)[:, None], one.z, 0.0)
        total.ravel()[:: len(x) + 1] += np.einsum("ia,ab,ib->i", z, effects.covariance, z)
    return np.asarray(total)


def fitted_variance(estimates: Estimates) -> Floats:
    """Return the joint variance of the fitted values X beta-hat + Z b-hat, (n,), every row of the problem."""
    problem = estimates.problem
    groups = [RowGroups(codes=one.codes, z=one.z) for one in problem.groupings]
    combined = problem.x + _through_groups(estimates, groups, problem.x.shape)
    return _forms(combined, np.nan_to_num(estimates.vcov)) + _conditional_variance(estimates, groups, problem.n)


def leverages(estimates: Estimates) -> Floats:
    """Return the diagonal of the hat matrix of X and Z, (n,): d fitted_i / d y_i, lme4's `hatvalues`.

    It is the weight times the joint variance of the fitted value in units of sigma^2; its sum is the number of
    parameters the data spend on coefficients and group effects. Correlated rows are whitened.
    """
    estimates = independent(estimates)
    return np.asarray(fitted_variance(estimates) * root_weights(estimates.problem) ** 2 / estimates.sigma**2)


def _forms(rows: Floats, matrix: Floats) -> Floats:
    """rows_i' matrix rows_i, (m,)."""
    return np.asarray(np.maximum(np.einsum("ip,ip->i", rows @ matrix, rows), 0.0))


def _through_groups(estimates: Estimates, groups: Sequence[RowGroups], shape: tuple[int, ...]) -> Floats:
    """sum_k S_k'z_k, (m, p), groups of the fit only."""
    total = np.zeros(shape)
    for one, effects in zip(groups, estimates.groups, strict=True):
        known = np.flatnonzero(one.codes >= 0)
        for a in range(one.z.shape[1]):
            total[known] += one.z[known, a, None] * effects.sensitivity[one.codes[known], a]
    return total


def _conditional_variance(estimates: Estimates, groups: Sequence[RowGroups], m: int) -> Floats:
    """sum_kl z_k'C_kl z_l, (m,): the blocks of each grouping are part of the fit, those between groupings are solved for."""
    total = np.zeros(m)
    for one, effects in zip(groups, estimates.groups, strict=True):
        known = np.flatnonzero(one.codes >= 0)
        z = one.z[known]
        total[known] += np.einsum("ia,iab,ib->i", z, effects.conditional_covariance[one.codes[known]], z)
    codes = np.stack([one.codes for one in groups]) if groups else np.zeros((0, m), dtype=np.int32)
    several = np.flatnonzero((codes >= 0).sum(axis=0) > 1)
    if len(several):
        cells, place = np.unique(codes[:, several], axis=1, return_inverse=True)
        z = np.hstack([one.z[several] for one in groups])
        total[several] += _between_groupings(estimates, cells, place.ravel(), z)
    return np.asarray(np.maximum(total, 0.0))


def _between_groupings(estimates: Estimates, cells: Codes, place: NDArray[np.intp], z: Floats) -> Floats:
    """The parts of z'Cz between different groupings, (m,), for rows in the combinations of groups `cells` (K, cells)."""
    out = np.zeros(len(place))
    order = np.argsort(place, kind="stable")
    starts = np.searchsorted(place[order], np.arange(cells.shape[1] + 1))
    for first, last in _batches(estimates, cells):
        rows = order[starts[first] : starts[last]]
        blocks = _cell_blocks(estimates, cells[:, first:last])
        out[rows] = np.einsum("ia,iab,ib->i", z[rows], blocks[place[rows] - first], z[rows])
    return out


def _batches(estimates: Estimates, cells: Codes) -> Iterator[tuple[int, int]]:
    """Ranges of combinations whose groups together have no more columns than are solved for at once."""
    sizes = [one.z.shape[1] for one in estimates.problem.groupings]
    total = sum(q * one.n_groups for q, one in zip(sizes, estimates.problem.groupings))
    most = max(CHUNK // total, 2 * sum(sizes))
    first, columns, met = 0, 0, [set[int]() for _ in sizes]
    for cell, codes in enumerate(cells.T.tolist()):
        fresh = sum(q for q, code, one in zip(sizes, codes, met) if code not in one)
        if columns + fresh > most:
            yield first, cell
            first, columns, met = cell, 0, [set[int]() for _ in sizes]
            fresh = sum(sizes)
        columns += fresh
        for code, one in zip(codes, met):
            one.add(code)
    yield first, cells.shape[1]


def _cell_blocks(estimates: Estimates, cells: Codes) -> Floats:
    """C between all coefficients of the groups of each combination, (cells, Q, Q), 0 within one grouping and for code -1."""
    sizes = [one.z.shape[1] for one in estimates.problem.groupings]
    distinct = [np.unique(codes, return_inverse=True) for codes in cells]
    m = sum(q * len(found) for q, (found, _) in zip(sizes, distinct))
    groups, index, at = [], [], 0
    for q, (found, inverse) in zip(sizes, distinct):
        codes, z = np.full(m, -1), np.zeros((m, q))
        mine = slice(at, at + q * len(found))
        codes[mine], z[mine] = np.repeat(found, q), np.tile(np.eye(q), (len(found), 1))
        groups.append(RowGroups(codes=codes, z=z))
        index.append(at + inverse.ravel()[:, None] * q + np.arange(q))
        at += q * len(found)
    columns = np.hstack(index)
    square = conditional_covariance(estimates, groups, m)
    blocks: Floats = square[columns[:, :, None], columns[:, None, :]]
    owner = np.repeat(np.arange(len(sizes)), sizes)
    blocks[:, owner[:, None] == owner] = 0.0
    return blocks


def conditional_covariance(estimates: Estimates, groups: Sequence[RowGroups], m: int) -> Floats:
    """Return the covariance z'Cz between m rows given the coefficients, (m, m); groups of code -1 add nothing.

    It is sigma^2 s'K^-1 s with s the rows turned by the square roots of G.
    """
    solution: Solution = estimates.state
    if not groups:
        return np.zeros((m, m))
    columns = []
    for k, one in enumerate(groups):
        root = solution.groups[k].to_user @ solution.point.factors[k]
        s = np.zeros((len(root), m, estimates.problem.groupings[k].n_groups))
        known = np.flatnonzero(one.codes >= 0)
        s[:, known, one.codes[known]] = (one.z[known] @ root).T
        columns.append(s)
    objective = solution.objective
    inside = objective.inside(solution.point.factors)
    return np.asarray(estimates.sigma**2 * objective.backend.quadratic(inside, solution.point.eliminated, columns))
