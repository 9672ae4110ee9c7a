"""Elimination of all group effects as one dense matrix: for problems with few group effects in all."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import scipy.linalg as sl

from mlgui.engine.backend import Effects, Eliminated
from mlgui.engine.gram import Gram
from mlgui.engine.problem import Floats


class Dense:
    """K = I + L'Z'ZL as one matrix; the column of coefficient a, group j of grouping k is offset_k + a J_k + j."""

    def __init__(self, gram: Gram) -> None:
        self.n_groups = tuple(own.shape[2] for own in gram.own)
        self.sizes = tuple(own.shape[0] for own in gram.own)
        widths = [q * groups for q, groups in zip(self.sizes, self.n_groups)]
        self._offsets = np.concatenate(([0], np.cumsum(widths)))
        self._total = gram.total
        self.cost = float(self._offsets[-1]) ** 3
        size = int(self._offsets[-1])
        self._products = np.zeros((size, size))
        for k, own in enumerate(gram.own):
            for a in range(len(own)):
                for b in range(len(own)):
                    np.fill_diagonal(self._view(k, k, a, b), own[a, b])
        for (k, other), blocks in gram.crossing.items():
            for a, row in enumerate(blocks):
                for b, block in enumerate(row):
                    self._view(k, other, a, b)[:] = block.toarray()
                    self._view(other, k, b, a)[:] = block.toarray().T
        r = len(gram.total)
        self._with_w = np.concatenate([one.transpose(0, 2, 1).reshape(-1, r) for one in gram.with_w])

    def _view(self, k: int, other: int, a: int, b: int) -> Floats:
        rows, columns = self._offsets[k] + a * self.n_groups[k], self._offsets[other] + b * self.n_groups[other]
        return self._products[rows : rows + self.n_groups[k], columns : columns + self.n_groups[other]]

    def _factor(self, factors: Sequence[Floats], right: Floats) -> Floats:
        """L' times the rows of `right`."""
        out = np.empty_like(right)
        for k, factor in enumerate(factors):
            rows = slice(self._offsets[k], self._offsets[k + 1])
            block = right[rows].reshape(self.sizes[k], -1)
            out[rows] = (factor.T @ block).reshape(right[rows].shape)
        return out

    def eliminate(self, factors: Sequence[Floats]) -> Eliminated:
        """Cholesky factor of K, and S."""
        k = self._factor(factors, np.ascontiguousarray(self._factor(factors, self._products).T))
        k[np.diag_indices_from(k)] += 1.0
        chol = np.linalg.cholesky(k)
        y = sl.solve_triangular(chol, self._factor(factors, self._with_w), lower=True, check_finite=False)
        return Eliminated(
            log_det=2 * float(np.log(np.diagonal(chol)).sum()), schur=self._total - y.T @ y, pieces=(chol, y)
        )

    def effects(self, factors: Sequence[Floats], eliminated: Eliminated) -> Effects:
        """U and the diagonal blocks of K^-1."""
        chol, y = eliminated.pieces
        u = sl.solve_triangular(chol, y, lower=True, trans=1, check_finite=False)
        inverse = sl.cho_solve((chol, True), np.eye(len(chol)), check_finite=False)
        parts, blocks = [], []
        for k, (q, groups) in enumerate(zip(self.sizes, self.n_groups)):
            rows = slice(self._offsets[k], self._offsets[k + 1])
            parts.append(np.ascontiguousarray(u[rows].reshape(q, groups, -1).transpose(0, 2, 1)))
            blocks.append(np.ascontiguousarray(np.diagonal(inverse[rows, rows].reshape(q, groups, q, groups), axis1=1, axis2=3)))
        return Effects(u=tuple(parts), inverse=tuple(blocks))

    def quadratic(self, factors: Sequence[Floats], eliminated: Eliminated, s: Sequence[Floats]) -> Floats:
        """s'K^-1 s."""
        chol, _ = eliminated.pieces
        columns = np.concatenate([one.transpose(0, 2, 1).reshape(-1, one.shape[1]) for one in s])
        half = sl.solve_triangular(chol, columns, lower=True, check_finite=False)
        return np.asarray(half.T @ half)
