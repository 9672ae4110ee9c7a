"""Crossed groupings: the largest is eliminated group by group, the others together as one dense matrix, the core."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import scipy.linalg as sl
import scipy.sparse as sp

from mlgui.engine.backend import Effects, Eliminated
from mlgui.engine.blocks import both_sides, from_left, identity_plus, inverses, summed_product, times
from mlgui.engine.columns import GroupColumns
from mlgui.engine.coupling import Coupling
from mlgui.engine.gram import Gram
from mlgui.engine.problem import DegenerateProblem, Floats

LARGEST = 8_000
"""Columns of the core: its matrices take 0.5 GB each there."""


class _Pieces(NamedTuple):
    """inverse, u: K_j^-1 and K_j^-1 L'C_j of the first grouping. chol: lower factor of the core. y: chol^-1 of its C."""

    inverse: Floats
    u: Floats
    chol: Floats
    y: Floats


class Core:
    """Elimination of crossed groupings."""

    def __init__(self, gram: Gram) -> None:
        self.n_groups: tuple[int, ...] = tuple(own.shape[2] for own in gram.own)
        self.sizes: tuple[int, ...] = tuple(own.shape[0] for own in gram.own)
        widths = [q * groups for q, groups in zip(self.sizes, self.n_groups)]
        self.first = int(np.argmax(widths))
        self._columns = GroupColumns(gram, [k for k in range(len(widths)) if k != self.first])
        if self._columns.width > LARGEST:
            raise DegenerateProblem("core-too-large")
        self._total = gram.total
        self._own, self._with_w = gram.own[self.first], gram.with_w[self.first]
        self._core_w = self._columns.with_w(gram)
        self._core = self._columns.products(gram)
        self._coupling = Coupling([self._coupling_row(gram, a) for a in range(self.sizes[self.first])])
        self.cost = float(self._columns.width) ** 3 / 20 + 5 * self._coupling.cost

    def _coupling_row(self, gram: Gram, a: int) -> sp.csr_array:
        """Cross-products of coefficient a of the first grouping with the core, (J, m)."""
        blocks = [gram.block(self.first, a, k, b) for k in self._columns.groupings for b in range(self.sizes[k])]
        return sp.csr_array(sp.hstack(blocks, format="csr")) if len(blocks) > 1 else blocks[0].copy()

    def eliminate(self, factors: Sequence[Floats]) -> Eliminated:
        """Eliminate the first grouping, then factorise the core."""
        factor = factors[self.first]
        c = from_left(factor.T, self._with_w)
        log_det, inverse, u = inverses(identity_plus(factor, self._own), c)
        core = self._core - self._coupling.schur(both_sides(factor, inverse))
        if any(q > 1 for q in self._columns.sizes.values()):
            _mirror(core)
        core = self._columns.both_sides(factors, core, transposed=True)
        core.ravel()[:: self._columns.width + 1] += 1.0
        chol, failed = sl.lapack.dpotrf(core.T, lower=1, overwrite_a=1)
        if failed:
            raise np.linalg.LinAlgError("the core is not positive definite")
        right = self._core_w - self._coupling.to_core(from_left(factor, u))
        y = sl.solve_triangular(chol, self._columns.by_factor(factors, right, transposed=True), lower=True, check_finite=False)
        schur = self._total - summed_product(c, u) - y.T @ y
        log_det += 2 * float(np.log(np.diagonal(chol)).sum())
        return Eliminated(log_det=log_det, schur=(schur + schur.T) / 2, pieces=_Pieces(inverse, u, chol, y))

    def effects(self, factors: Sequence[Floats], eliminated: Eliminated) -> Effects:
        """U and the diagonal blocks of K^-1."""
        pieces: _Pieces = eliminated.pieces
        factor = factors[self.first]
        core_u = sl.solve_triangular(pieces.chol, pieces.y, lower=True, trans=1, check_finite=False)
        root, _ = sl.lapack.dtrtri(pieces.chol, lower=1)
        u, inverse = self._columns.split(core_u), self._columns.diagonal_blocks(root)
        from_core = self._coupling.from_core(self._columns.by_factor(factors, core_u, transposed=False))
        u[self.first] = pieces.u - times(pieces.inverse, from_left(factor.T, from_core))
        forms = both_sides(factor.T, self._forms(factors, root))
        inverse[self.first] = pieces.inverse + times(times(pieces.inverse, forms), pieces.inverse)
        order = range(len(self.sizes))
        return Effects(u=tuple(u[k] for k in order), inverse=tuple(inverse[k] for k in order))

    def _forms(self, factors: Sequence[Floats], root: Floats) -> Floats:
        """A_j L S L'A_j' for the rows A_j of the coupling, S = root'root the inverse of the core: (q, q, J)."""

        def rooted(rows: Floats) -> Floats:
            scaled = self._columns.rows_by_factor(factors, rows)
            return np.asarray(sl.blas.dtrmm(1.0, root, scaled.T, lower=1, overwrite_b=1).T)

        if not self._coupling.gathers:
            return self._coupling.forms(np.empty((0, 0)), rooted)
        lower, _ = sl.lapack.dlauum(root, lower=1)
        _mirror(lower.T)
        return self._coupling.forms(self._columns.both_sides(factors, lower.T, transposed=False), rooted)

    def quadratic(self, factors: Sequence[Floats], eliminated: Eliminated, s: Sequence[Floats]) -> Floats:
        """s'K^-1 s, by forward elimination of the columns s."""
        pieces: _Pieces = eliminated.pieces
        solved = times(pieces.inverse, s[self.first])
        down = self._coupling.to_core(from_left(factors[self.first], solved))
        right = self._columns.joined([s[k] for k in self._columns.groupings])
        right -= self._columns.by_factor(factors, down, transposed=True)
        half = sl.solve_triangular(pieces.chol, right, lower=True, check_finite=False)
        return np.asarray(summed_product(s[self.first], solved) + half.T @ half)


def _mirror(square: Floats) -> None:
    """Copy the upper triangle of a matrix onto its lower one, in place, in blocks that stay in the cache."""
    width = 128
    for first in range(0, len(square), width):
        rows = slice(first, first + width)
        corner = square[rows, rows]
        corner[:] = np.triu(corner) + np.triu(corner, 1).T
        for other in range(first + width, len(square), width):
            columns = slice(other, other + width)
            square[columns, rows] = square[rows, columns].T
