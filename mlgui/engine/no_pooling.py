"""No pooling of one grouping: an indicator for every group, common slopes kept, other groupings left partial.

With F an orthonormal basis of the groups' own columns and the common columns of x, and U = Z T of the other groupings
(all in rows scaled by the square root of the weights), the fit is the solution of Henderson's equations

[I     F'U    ] [f]   [F'y]
[U'F  U'U + I ] [u] = [U'y]

whose inverse times sigma^2 is the covariance of f. The largest block is eliminated group by group; what is left, the
core, is dense.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from mlgui.engine import unlocked
from mlgui.engine.estimates import Estimates
from mlgui.engine.pooling import GroupFits, individual_columns, n_rows, response, root_weights, triangle
from mlgui.engine.problem import Floats, Problem
from mlgui.engine.residual_independent import independent
from mlgui.engine.within import WithinGroups, group_sums, independent_columns, within_groups

LARGEST_CORE = 5_000
"""Columns of the dense core above which nothing is computed: a comparator is not worth minutes and a gigabyte."""


@dataclass(frozen=True, kw_only=True, eq=False)
class _Solution:
    """f = (own, common) in the orthonormal basis and its unscaled covariance.

    own: (J, q). common: (m,). own_cov: (J, q, q). cross: (J, q, m). common_cov: (m, m). rss: penalised residual sum
    of squares, r'V^-1 r.
    """

    own: Floats
    common: Floats
    own_cov: Floats
    cross: Floats
    common_cov: Floats
    rss: float


@dataclass(frozen=True, kw_only=True, eq=False)
class _Block:
    """The columns of one grouping: z (n, q) placed by codes.

    penalty: (J, q), 1 for varying coefficients, 0 for indicators; 1 for an indicator's column of zeros, which keeps
    the equations regular and its coefficient 0.
    """

    codes: NDArray[np.intp]
    n_groups: int
    z: Floats
    penalty: Floats

    @property
    def width(self) -> int:
        return self.n_groups * int(self.z.shape[1])

    def sparse(self) -> scipy.sparse.csr_array:
        """Return the block as a sparse matrix (n, J q), group by group."""
        n, q = self.z.shape
        columns = (self.codes[:, None] * q + np.arange(q)).ravel()
        return scipy.sparse.csr_array((self.z.ravel(), columns, np.arange(n + 1) * q), shape=(n, self.width))


def no_pooling(estimates: Estimates, k: int) -> GroupFits:
    """Return the fit with grouping `k` unpooled: its varying columns get a coefficient in every group.

    Columns of x in the span of those (the averages and every group-level predictor) drop out. Other groupings keep
    the factors of `estimates`; where there are none this is the classical regression with indicators.
    """
    estimates = independent(estimates)
    problem = estimates.problem
    groups, root = problem.groupings[k], root_weights(problem)
    within = within_groups(groups.codes, groups.n_groups, groups.z * root[:, None])
    columns, basis, r, along = _common_basis(problem, within)
    others = _other_blocks(estimates, k)
    y = response(problem) * root
    own_y = within.coordinates(y)
    rest = within.residual(y)
    solution = _solve(within, basis, others, rest)
    if solution is None:
        return _nothing(groups.n_groups, groups.z.shape[1], columns)
    rank = int(within.rank.sum()) + basis.shape[1]
    return _mapped_back(replace(solution, own=solution.own + own_y), within, columns, r, along, n_rows(problem) - rank)


def _common_basis(problem: Problem, within: WithinGroups) -> tuple[list[int], Floats, Floats, Floats]:
    """Return the common columns of x, an orthonormal basis of their parts outside the groups' columns, and the maps.

    x[:, columns] = within.q along + basis r, along (J, q, m), r (m, m).
    """
    root = root_weights(problem)
    columns = individual_columns(problem, within)
    x = problem.x[:, columns] * root[:, None]
    outside = np.column_stack([within.residual(column) for column in x.T]) if columns else x
    kept = independent_columns(triangle(outside))
    columns = [columns[index] for index in kept]
    basis, r = np.linalg.qr(outside[:, kept])
    shape = (within.n_groups, within.q.shape[1], len(kept))
    along = np.stack([within.coordinates(x[:, index]) for index in kept], axis=2) if kept else np.zeros(shape)
    return columns, basis, r, along


def _other_blocks(estimates: Estimates, k: int) -> list[_Block]:
    """Return Z T of every other grouping whose variance is not 0."""
    problem, root = estimates.problem, root_weights(estimates.problem)
    blocks = []
    for index, (groups, effects) in enumerate(zip(problem.groupings, estimates.groups)):
        alive = np.any(effects.factor != 0, axis=0)
        if index != k and alive.any():
            z = (groups.z @ effects.factor[:, alive]) * root[:, None]
            ones = np.ones((groups.n_groups, z.shape[1]))
            blocks.append(_Block(codes=groups.codes.astype(np.intp), n_groups=groups.n_groups, z=z, penalty=ones))
    return blocks


def _solve(within: WithinGroups, basis: Floats, others: list[_Block], y: Floats) -> _Solution | None:
    """Return the solution for y orthogonal to the groups' columns; None where the core would be too large."""
    dead = np.diagonal(within.r, axis1=1, axis2=2) == 0
    own = _Block(codes=within.codes, n_groups=within.n_groups, z=within.q, penalty=dead.astype(np.float64))
    if not others:
        return _ordinary(own, basis, y)
    blocks = [own, *others]
    largest = max(blocks, key=lambda block: block.width)
    core = [block for block in blocks if block is not largest]
    if basis.shape[1] + sum(block.width for block in core) > LARGEST_CORE:
        return None
    return _with_own_absorbed(own, core, basis, y) if largest is own else _with_own_in_core(largest, core, basis, y)


def _ordinary(own: _Block, basis: Floats, y: Floats) -> _Solution:
    """Return the solution without other groupings: the basis is orthonormal already."""
    q, m = own.z.shape[1], basis.shape[1]
    common = basis.T @ y
    left = y - basis @ common
    return _Solution(
        own=np.zeros((own.n_groups, q)),
        common=common,
        own_cov=np.broadcast_to(np.eye(q), (own.n_groups, q, q)),
        cross=np.zeros((own.n_groups, q, m)),
        common_cov=np.eye(m),
        rss=float(left @ left),
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class _Core:
    """The equations after elimination. inverse: of the core (w, w), basis columns last. solution: (w,).

    link: whitened absorbed columns times core columns, (J q, w). reduced: whitened absorbed columns times y, (J q,).
    rss: penalised residual sum of squares.
    """

    inverse: Floats
    solution: Floats
    link: scipy.sparse.csr_array
    reduced: Floats
    rss: float


def _eliminate(absorbed: _Block, core: list[_Block], basis: Floats, y: Floats) -> _Core:
    """Eliminate `absorbed` group by group and solve the dense core of the other blocks and the basis."""
    white = replace(absorbed, z=_whitened(absorbed)).sparse()
    columns = scipy.sparse.csr_array(scipy.sparse.hstack([*(block.sparse() for block in core), basis]))
    penalty = np.concatenate([*(block.penalty.ravel() for block in core), np.zeros(basis.shape[1])])
    link = scipy.sparse.csr_array(white.T @ columns)
    matrix = (columns.T @ columns - link.T @ link).toarray()
    matrix[np.diag_indices_from(matrix)] += penalty
    reduced = white.T @ y
    right = columns.T @ y - link.T @ reduced
    inverse = _inverse(matrix)
    solution = inverse @ right
    return _Core(
        inverse=inverse, solution=solution, link=link, reduced=reduced,
        rss=float(y @ y - reduced @ reduced - right @ solution),
    )  # fmt: skip


def _inverse(matrix: Floats) -> Floats:
    """Return the inverse of a positive definite matrix."""
    chol = np.array(matrix, order="F")
    if not unlocked.cholesky(chol):
        raise np.linalg.LinAlgError("the columns are not independent")
    lower = unlocked.inverse_from_cholesky(chol)
    return np.asarray(lower + np.tril(lower, -1).T)


def _whitened(block: _Block) -> Floats:
    """Return the rows z_i L_j^-T with L_j L_j' = Z_j'Z_j + penalty, (n, q)."""
    q = block.z.shape[1]
    products = (block.z[:, :, None] * block.z[:, None, :]).reshape(-1, q * q)
    gram = group_sums(block.codes, block.n_groups, products).reshape(-1, q, q)
    gram[:, np.arange(q), np.arange(q)] += block.penalty
    inverse = np.linalg.inv(np.linalg.cholesky(gram))
    return np.asarray(np.einsum("iab,ib->ia", inverse[block.codes], block.z))


def _with_own_in_core(absorbed: _Block, core: list[_Block], basis: Floats, y: Floats) -> _Solution:
    """Return the solution where another grouping has more columns; the own block comes first in the core."""
    own, m = core[0], basis.shape[1]
    found = _eliminate(absorbed, core, basis, y)
    q, width, start = own.z.shape[1], own.width, len(found.solution) - m
    blocks = found.inverse[:width, :width].reshape(own.n_groups, q, own.n_groups, q)
    return _Solution(
        own=found.solution[:width].reshape(-1, q),
        common=found.solution[start:],
        own_cov=np.einsum("jajb->jab", blocks),
        cross=found.inverse[:width, start:].reshape(own.n_groups, q, m),
        common_cov=found.inverse[start:, start:],
        rss=found.rss,
    )


def _with_own_absorbed(own: _Block, core: list[_Block], basis: Floats, y: Floats) -> _Solution:
    """Return the solution where the own block is the largest; its whitening is the identity, q being orthonormal."""
    found = _eliminate(own, core, basis, y)
    q, m = own.z.shape[1], basis.shape[1]
    start = len(found.solution) - m
    return _Solution(
        own=(found.reduced - found.link @ found.solution).reshape(-1, q),
        common=found.solution[start:],
        own_cov=np.eye(q) + _carried(found, own.n_groups, q),
        cross=-(found.link @ found.inverse[:, start:]).reshape(own.n_groups, q, m),
        common_cov=found.inverse[start:, start:],
        rss=found.rss,
    )


def _carried(found: _Core, n_groups: int, q: int, chunk: int = 1_000) -> Floats:
    """Return the diagonal blocks of link inverse link', (J, q, q), in chunks of groups to bound the memory."""
    blocks = np.empty((n_groups, q, q))
    for start in range(0, n_groups, chunk):
        stop = min(start + chunk, n_groups)
        rows = found.link[start * q : stop * q]
        carried = (rows @ found.inverse).reshape(stop - start, q, -1)
        blocks[start:stop] = np.einsum("jaw,jbw->jab", carried, rows.toarray().reshape(stop - start, q, -1))
    return blocks


def _mapped_back(solution: _Solution, within: WithinGroups, columns: list[int], r: Floats, along: Floats, df: int) -> GroupFits:
    """Return the fit on the scale of z and x: common = r^-1 gamma, own = R_j^-1 (f_j - along_j common)."""
    sigma = float(np.sqrt(max(solution.rss, 0.0) / df)) if df > 0 else float("nan")
    to_common = np.linalg.inv(r)
    common, cov = to_common @ solution.common, to_common @ solution.common_cov @ to_common.T
    inverse, estimable = within.inverse()
    own = np.einsum("jab,jb->ja", inverse, solution.own - along @ common)
    between = np.einsum("jam,cm,jbc->jab", solution.cross, to_common, along)
    own_cov = solution.own_cov - between - between.transpose(0, 2, 1) + along @ cov @ along.transpose(0, 2, 1)
    variance = np.einsum("jab,jbc,jac->ja", inverse, own_cov, inverse)
    return GroupFits(
        estimates=np.where(estimable, own, np.nan), ses=np.where(estimable, sigma * np.sqrt(variance), np.nan),
        sigma=sigma, df_residual=df, columns=tuple(columns),
        common=common, common_se=sigma * np.sqrt(np.diagonal(cov)),
        slopes=np.zeros((within.n_groups, 0)), slope_ses=np.zeros((within.n_groups, 0)),
        group_sigma=np.full(within.n_groups, sigma),
    )  # fmt: skip


def _nothing(n_groups: int, q: int, columns: list[int]) -> GroupFits:
    """Return a fit that was not computed."""
    blank, gap = np.full((n_groups, q), np.nan), np.full(len(columns), np.nan)
    return GroupFits(
        estimates=blank, ses=blank, sigma=float("nan"), df_residual=0, columns=tuple(columns), common=gap, common_se=gap,
        slopes=np.zeros((n_groups, 0)), slope_ses=np.zeros((n_groups, 0)), group_sigma=np.full(n_groups, np.nan),
        computed=False,
    )  # fmt: skip
