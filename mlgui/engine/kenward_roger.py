"""Kenward and Roger's adjusted covariance of the coefficients, and their degrees of freedom.

The parameters are the entries of sigma^2 G_k that may differ from 0, and sigma^2: V is linear in them. With D_i the derivative of
Var(y) in parameter i, W twice the inverse of the expected information, P_i = -X'V^-1 D_i V^-1 X and
Q_ij = X'V^-1 D_i V^-1 D_j V^-1 X, the adjusted covariance is M + 2 M (sum W_ij (Q_ij - P_i M P_j)) M (Kenward & Roger 1997,
Biometrics 53, 983-997). Everything comes from cross-products: with N = (I + G Z'Z)^-1, V^-1 Z = Z N.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mlgui.engine.all_groups import AllGroups, all_groups, n_columns, own_products
from mlgui.engine.estimates import Estimates
from mlgui.engine.problem import Floats
from mlgui.engine.solution import Solution
from mlgui.engine.theta import blocks

LARGEST = 5_000
"""Columns of all groupings together (coefficients times groups) up to which several groupings are treated.

4,100 columns take 26 s on one thread and 0.5 GB, as the third power and the square of their number.
"""
FLAT = 1e-10
"""Share of the largest eigenvalue of the scaled information below which a direction is not identified and left out."""


class KenwardRogerRefused(ValueError):
    """Why there is no such adjustment; `code` is maximum-likelihood (it is defined for REML), or too-many-groups.

    `columns`: for too-many-groups, coefficients times groups of all groupings together, beside the limit LARGEST.
    """

    def __init__(self, code: str, columns: int = 0) -> None:
        super().__init__(code)
        self.code = code
        self.columns = columns


@dataclass(frozen=True, kw_only=True, eq=False)
class ScaledF:
    """An F test of L beta = 0. statistic is already multiplied by `scaling`; compare it with F(numerator, denominator)."""

    statistic: float
    numerator: int
    denominator: float
    scaling: float


@dataclass(frozen=True, kw_only=True, eq=False)
class KenwardRoger:
    """vcov_adjusted: (p, p), NaN for dropped coefficients. beta: (p,). kept: coefficients in use (r,).

    vcov: M sigma^2 of the kept ones (r, r). slopes: their M P_i M (m, r, r), in units in which `spread` is W (m, m).
    """

    vcov_adjusted: Floats
    beta: Floats
    kept: tuple[int, ...]
    vcov: Floats
    slopes: Floats
    spread: Floats

    def df(self, contrast: Floats) -> float:
        """Denominator degrees of freedom of one contrast (p,): those of t = contrast'beta / adjusted SE."""
        return self.test(contrast[None]).denominator

    def test(self, contrasts: Floats) -> ScaledF:
        """The scaled F test of contrasts (l, p) with independent rows over kept coefficients (Kenward & Roger 1997, sec. 3)."""
        rows = contrasts[:, self.kept]
        left = np.linalg.solve(rows @ self.vcov @ rows.T, rows)
        parts = np.einsum("la,mab,kb->mlk", left, self.slopes, rows)
        traces = np.einsum("mll->m", parts)
        a1 = float(traces @ self.spread @ traces)
        a2 = float(np.einsum("mn,mlk,nkl->", self.spread, parts, parts))
        denominator, scaling = _matched_moments(len(rows), a1, a2)
        estimate = rows @ self.beta[list(self.kept)]
        adjusted = self.vcov_adjusted[np.ix_(self.kept, self.kept)]
        wald = float(estimate @ np.linalg.solve(rows @ adjusted @ rows.T, estimate))
        return ScaledF(statistic=scaling * wald / len(rows), numerator=len(rows), denominator=denominator, scaling=scaling)


def _matched_moments(count: int, a1: float, a2: float) -> tuple[float, float]:
    """Denominator degrees of freedom and scale of F for `count` contrasts, by matching two moments (sec. 3, eq. 3-9).

    For one contrast this is 2 / a1, unscaled.
    """
    if a2 <= 0.0:
        return float("inf"), 1.0
    if count == 1:
        return 2.0 / a1, 1.0
    g = ((count + 1) * a1 - (count + 4) * a2) / ((count + 2) * a2)
    share = 3 * count + 2 * (1 - g)
    b = (a1 + 6 * a2) / (2 * count)
    top = 1 + g / share * b
    inner = 1 - (count - g) / share * b
    outer = 1 - (count + 2 - g) / share * b
    top = 0.0 if abs(top) < 1e-10 else top
    shrunk = 1 - a2 / count
    ratio = 1.0 if abs(shrunk) < 1e-10 and abs(inner) < 1e-10 else shrunk / inner
    rho = ratio * ratio * top / outer / count
    denominator = 4 + (count + 2) / (count * rho - 1)
    # pbkrtest 0.5.2 leaves F unscaled where the moments do not determine the scale
    scaling = 1.0 if abs(denominator - 2) < 1e-2 else denominator * shrunk / (denominator - 2)
    return denominator, scaling


def kenward_roger(estimates: Estimates) -> KenwardRoger:
    """The adjustment for a REML fit; raises KenwardRogerRefused."""
    solution: Solution = estimates.state
    if not solution.objective.reml:
        raise KenwardRogerRefused("maximum-likelihood")
    if solution.residual is not None:
        raise KenwardRogerRefused("residual-structure")
    columns = n_columns(solution.gram)
    if len(solution.groups) > 1 and columns > LARGEST:
        raise KenwardRogerRefused("too-many-groups", columns)
    moments = _one_grouping(solution) if len(solution.groups) == 1 else _several(solution)
    return _assembled(estimates, solution, moments)


@dataclass(frozen=True, kw_only=True, eq=False)
class _Moments:
    """In units of sigma^2: traces[i, j] = tr(V^-1 D_i V^-1 D_j), p[i] = X'V^-1 D_i V^-1 X (the sign is left out), q[i, j]."""

    traces: Floats
    p: Floats
    q: Floats


Pair = tuple[int, int, int]


def _pairs(solution: Solution) -> list[Pair]:
    """(grouping, a, b), a >= b, of the entries of every G that may differ from 0."""
    found = []
    for k, scale in enumerate(solution.groups):
        for block in blocks(scale.pattern):
            found += [(k, a, b) for i, b in enumerate(block) for a in block[i:]]
    return found


def _assembled(estimates: Estimates, solution: Solution, moments: _Moments) -> KenwardRoger:
    """The adjusted covariance on the user's scale. W and the rest are in units in which sigma^2 = 1 and M is inside."""
    half = solution.point.root_inverse
    m = half.T @ half
    turned = m @ moments.p @ m
    information = moments.traces - 2 * np.einsum("ab,ijba->ij", m, moments.q) + np.einsum("iab,jba->ij", turned, moments.p)
    spread = 2 * _inverse(information)
    middle = moments.q - np.einsum("iab,jbc->ijac", moments.p @ m, moments.p)
    change = 2 * m @ np.einsum("ij,ijab->ab", spread, middle) @ m
    sigma2 = solution.point.r2 / solution.objective.degrees * solution.fixed.y_scale**2
    basis = solution.fixed.basis
    kept, p = solution.fixed.kept, len(estimates.beta)
    adjusted = np.full((p, p), np.nan)
    adjusted[np.ix_(kept, kept)] = sigma2 * basis @ (m + (change + change.T) / 2) @ basis.T
    return KenwardRoger(
        vcov_adjusted=adjusted,
        beta=estimates.beta,
        kept=tuple(int(j) for j in kept),
        vcov=sigma2 * basis @ m @ basis.T,
        slopes=sigma2 * basis @ turned @ basis.T,
        spread=spread,
    )


def _inverse(information: Floats) -> Floats:
    """The inverse of the information, scaled to a unit diagonal; directions without any are left out."""
    scale = np.sqrt(np.maximum(np.diagonal(information), 1e-300))
    values, vectors = np.linalg.eigh(information / np.outer(scale, scale))
    alive = values > FLAT * values[-1]
    half = vectors[:, alive] / np.sqrt(values[alive]) / scale[:, None]
    return np.asarray(half @ half.T)


def _collected(
    solution: Solution, traces: Floats, r: Floats, nr: Floats, gr: Floats, parts: list[tuple[Floats, Floats]]
) -> _Moments:
    """All P and Q. r = Z'V^-1 X, nr = Z'V^-2 X, gr = G r, parts = (E_i r, Z'V^-1 Z E_i r) of each entry, all (columns, rank).

    sigma^2 comes last: its derivative is the identity, and V^-1 X = X - Z G r.
    """
    rank, m = solution.objective.rank, len(parts) + 1
    first = solution.point.eliminated.schur[:rank, :rank]
    second = first - r.T @ gr
    p, q = np.empty((m, rank, rank)), np.empty((m, m, rank, rank))
    for i, (entered, lifted) in enumerate(parts):
        p[i] = r.T @ entered
        q[i, -1] = entered.T @ nr
        q[-1, i] = q[i, -1].T
        for j in range(i + 1):
            q[j, i] = parts[j][0].T @ lifted
            q[i, j] = q[j, i].T
    p[-1] = second
    q[-1, -1] = second - nr.T @ gr
    return _Moments(traces=traces, p=p, q=q)


def _one_grouping(solution: Solution) -> _Moments:
    """Sums over groups; arrays with the group first."""
    own, with_w = own_products(solution.gram, solution.groups, 0)
    a, c = own.transpose(2, 0, 1), with_w[:, : solution.objective.rank].transpose(2, 0, 1)
    groups, width, rank = c.shape
    (factor,) = solution.point.factors
    g = factor @ factor.T
    n = np.linalg.inv(np.eye(width) + g @ a)
    b = a @ n
    r = n.transpose(0, 2, 1) @ c
    nr = n.transpose(0, 2, 1) @ r
    basis = [_symmetric(width, one, other) for _, one, other in _pairs(solution)]
    flat = b.reshape(groups, -1)
    squares = (flat.T @ flat).reshape(width, width, width, width)
    traces = np.empty((len(basis) + 1, len(basis) + 1))
    total = (n.transpose(0, 2, 1) @ b).sum(axis=0)
    for i, e in enumerate(basis):
        traces[i, :-1] = [float(np.einsum("ab,bcda,cd->", e, squares, f)) for f in basis]
        traces[i, -1] = traces[-1, i] = float((e * total).sum())
    traces[-1, -1] = solution.objective.n - groups * width + float(np.einsum("jab,jba->", n, n))

    def rows(array: Floats) -> Floats:
        return array.reshape(groups * width, rank)

    parts = [(rows(e @ r), rows(b @ (e @ r))) for e in basis]
    return _collected(solution, traces, rows(r), rows(nr), rows(g @ r), parts)


def _symmetric(width: int, a: int, b: int) -> Floats:
    """The symmetric matrix with ones at (a, b) and (b, a)."""
    e = np.zeros((width, width))
    e[a, b] = e[b, a] = 1.0
    return e


def _several(solution: Solution) -> _Moments:
    """The same for any number of groupings, with every pair of groups."""
    every = all_groups(solution.gram, solution.groups)
    spread = [factor @ factor.T for factor in solution.point.factors]
    n = _by_g(every, spread, every.z)
    n.ravel()[:: len(n) + 1] += 1.0
    n = np.asarray(np.linalg.inv(n))
    b = every.z @ n
    r = n.T @ every.with_w[:, : solution.objective.rank]
    nr = n.T @ r
    pairs = _pairs(solution)
    traces = np.empty((len(pairs) + 1, len(pairs) + 1))
    for i, one in enumerate(pairs):
        traces[i, :-1] = [_trace(every, b, one, other) for other in pairs]
        traces[i, -1] = traces[-1, i] = sum(float((n[:, left] * b[:, right]).sum()) for left, right in _places(every, one))
    traces[-1, -1] = solution.objective.n - len(n) + float(np.einsum("ij,ji->", n, n))
    parts = []
    for pair in pairs:
        entered = np.zeros_like(r)
        for left, right in _places(every, pair):
            entered[left] = r[right]
        parts.append((entered, b @ entered))
    return _collected(solution, traces, r, nr, _by_g(every, spread, r), parts)


def _by_g(every: AllGroups, spread: list[Floats], rows: Floats) -> Floats:
    """G times rows (columns of all groupings, any)."""
    out = np.empty_like(rows)
    for k, g in enumerate(spread):
        here = slice(every.starts[k], every.starts[k + 1])
        out[here] = (g @ rows[here].reshape(len(g), -1)).reshape(out[here].shape)
    return out


def _places(every: AllGroups, pair: Pair) -> list[tuple[slice, slice]]:
    """Rows and columns of the identity blocks of E_i."""
    k, a, b = pair
    one, other = every.columns(k, a), every.columns(k, b)
    return [(one, other)] if a == b else [(one, other), (other, one)]


def _trace(every: AllGroups, b: Floats, one: Pair, other: Pair) -> float:
    """tr(E_i B E_j B)."""
    return sum(
        float((b[inner, left] * b[outer, right]).sum())
        for outer, inner in _places(every, one)
        for left, right in _places(every, other)
    )
