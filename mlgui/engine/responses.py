"""Many responses of one model at once: the cross-products of simulated noise, all that refits to it need.

Noise is sum_k Z_k b_k + e at the estimates, in units of sigma; what X explains is left out, as refits do not depend on it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from mlgui.engine.blocks import times
from mlgui.engine.problem import Floats, Problem
from mlgui.engine.scaling import Rows
from mlgui.engine.solution import Solution


@dataclass(frozen=True, kw_only=True, eq=False)
class Responses:
    """Cross-products of R responses with the columns inside: with_z[k] (q, R, J), with_x (R, r), squares (R,)."""

    with_z: tuple[Floats, ...]
    with_x: Floats
    squares: Floats

    def __len__(self) -> int:
        return len(self.squares)


def simulated(problem: Problem, solution: Solution, rows: Rows, count: int, rng: np.random.Generator) -> Floats:
    """Noise of every row, (n, count), times the square root of its weight; rows are those of the problem."""
    noise = rng.standard_normal((rows.w.shape[1], count))
    if problem.weights is not None:
        noise[problem.weights <= 0] = 0.0
    for columns, codes, n_groups, factor in zip(
        rows.z, rows.codes, rows.n_groups, solution.objective.inside(solution.point.factors)
    ):
        effects = np.tensordot(factor, rng.standard_normal((len(factor), n_groups, count)), axes=1)
        for column, effect in zip(columns, effects):
            noise += column[:, None] * effect[codes]
    return noise


def products(rows: Rows, noise: Floats) -> Responses:
    """Cross-products of noise (n, R) with the rows of a model."""
    with_z = []
    for columns, codes, n_groups in zip(rows.z, rows.codes, rows.n_groups):
        place = np.arange(len(codes))
        sums = [sp.csr_array((column, (codes, place)), shape=(n_groups, len(codes))) @ noise for column in columns]
        with_z.append(np.ascontiguousarray(np.stack(sums).transpose(0, 2, 1)))
    return Responses(with_z=tuple(with_z), with_x=(rows.w[:-1] @ noise).T, squares=np.einsum("ir,ir->r", noise, noise))


class DirectDraws:
    """Draws of the cross-products themselves for one grouping, without rows: their cost does not depend on n.

    Z_j'e is normal with covariance A_j; given it, X'e is normal with the pooled within-group covariance S_w, and what is left
    of e'e is chi-square with n less the ranks.
    """

    def __init__(self, solution: Solution) -> None:
        own, rank = solution.gram.own[0], solution.objective.rank
        self._with_x = solution.gram.with_w[0][:, :rank]
        values, vectors = np.linalg.eigh(own.transpose(2, 0, 1))
        alive = values > 1e-12 * np.maximum(values[:, -1:], 1e-300)
        roots = np.sqrt(np.where(alive, values, 0.0))
        inverse_roots = np.divide(1.0, roots, out=np.zeros_like(roots), where=alive)
        self._root = np.ascontiguousarray((vectors * roots[:, None, :]).transpose(1, 2, 0))
        turned = np.ascontiguousarray((vectors * inverse_roots[:, None, :]).transpose(2, 1, 0))
        self._explained = times(turned, self._with_x)
        total = solution.gram.total[:rank, :rank]
        flat = self._explained.transpose(1, 0, 2).reshape(rank, -1)
        within, axes = np.linalg.eigh(total - flat @ flat.T)
        free = within > 1e-10 * np.diagonal(total).max(initial=0.0)
        self._within = axes[:, free] * np.sqrt(within[free])
        self._left = solution.objective.n - int(alive.sum()) - int(free.sum())
        self._factor = solution.objective.inside(solution.point.factors)[0]
        self._own = own

    def draw(self, count: int, rng: np.random.Generator) -> Responses:
        """Cross-products of `count` responses."""
        q, _, groups = self._with_x.shape
        noise = rng.standard_normal((q, count, groups))
        with_e = _by_groups(self._root, noise)
        squares = np.einsum("arj,arj->r", noise, noise)
        rest = rng.standard_normal((count, self._within.shape[1]))
        squares += np.einsum("ra,ra->r", rest, rest)
        if self._left > 0:
            squares += rng.chisquare(self._left, count)
        with_x = rest @ self._within.T + _summed(noise, self._explained)
        effects = np.tensordot(self._factor, rng.standard_normal((q, count, groups)), axes=1)
        moved = _by_groups(self._own, effects)
        squares += np.einsum("arj,arj->r", effects, 2 * with_e + moved)
        with_x += _summed(effects, self._with_x)
        return Responses(with_z=(with_e + moved,), with_x=with_x, squares=squares)


def _by_groups(matrices: Floats, columns: Floats) -> Floats:
    """M_j c_rj: matrices (s, q, J), columns (q, R, J); the result (s, R, J)."""
    return np.stack([sum((row[b] * columns[b] for b in range(1, len(row))), row[0] * columns[0]) for row in matrices])


def _summed(columns: Floats, right: Floats) -> Floats:
    """sum_j c_rj'D_j: columns (q, R, J), right (q, r, J); the result (R, r)."""
    return np.asarray(sum(columns[a] @ right[a].T for a in range(len(columns))))
