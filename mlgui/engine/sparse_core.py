"""Crossed groupings whose core has too many columns for a dense matrix: the same elimination with a sparse core."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import scipy.sparse as sp

from mlgui.engine.backend import Effects, Eliminated
from mlgui.engine.blocks import both_sides, from_left, identity_plus, inverses, summed_product, times
from mlgui.engine.columns import GroupColumns
from mlgui.engine.core import effects_of, links_of, roots_of
from mlgui.engine.coupling import Entries
from mlgui.engine.gram import Gram, sparse_sum
from mlgui.engine.problem import DegenerateProblem, Floats
from mlgui.engine.selected_inverse import SparseFactor

MOST_FILLED = 200_000_000
"""Entries of the core that are kept (12 bytes each); its factor has several times as many."""


class _Pieces(NamedTuple):
    """inverse, u: K_j^-1 and K_j^-1 L'C_j of the first grouping. factor: of the core. core_u: its U."""

    inverse: Floats
    u: Floats
    factor: SparseFactor
    core_u: Floats


class SparseCore:
    """Elimination of crossed groupings of which few groups meet."""

    def __init__(self, gram: Gram) -> None:
        self.n_groups: tuple[int, ...] = tuple(own.shape[2] for own in gram.own)
        self.sizes: tuple[int, ...] = tuple(own.shape[0] for own in gram.own)
        self.first = int(np.argmax([q * groups for q, groups in zip(self.sizes, self.n_groups)]))
        self._columns = GroupColumns(gram, [k for k in range(len(self.sizes)) if k != self.first])
        self._total = gram.total
        self._own, self._with_w = gram.own[self.first], gram.with_w[self.first]
        self._core_w = self._columns.with_w(gram)
        self._products = self._columns.products(gram)
        self._entries = Entries(gram, self.first, self._columns)
        counts = np.bincount(self._entries.row).astype(np.float64)
        if counts @ counts > MOST_FILLED:
            raise DegenerateProblem("core-too-large")
        self._pattern = self._all_entries()
        self.cost = 50.0 * float(counts @ counts) * len(self._own)

    def _all_entries(self) -> sp.csr_array:
        """A matrix of zeros, stored wherever the core can have an entry: of columns that meet in a group, or in rows."""
        rows = self._entries.sparse_rows([np.eye(q) for q in self.sizes], np.ones((len(self._own), self._own.shape[2])))
        products = self._products.copy()
        rows.data[:], products.data[:] = 1.0, 1.0
        pattern = sp.csr_array(rows.T @ rows + products)
        pattern.data[:] = 0.0
        return pattern

    def eliminate(self, factors: Sequence[Floats]) -> Eliminated:
        """Eliminate the first grouping, then factorise the core."""
        factor = factors[self.first]
        c = from_left(factor.T, self._with_w)
        log_det, inverse, u = inverses(identity_plus(factor, self._own), c)
        core = sp.csc_array(sp.eye_array(self._columns.width) + self._columns.sparse_both_sides(factors, self._products))
        for vector in roots_of(both_sides(factor, inverse)):
            rows = self._entries.sparse_rows(factors, vector)
            core -= sp.csc_array(rows.T @ rows)
        try:
            # entries that cancel are kept: derivatives read the inverse there
            found = SparseFactor(sp.csc_array(sparse_sum((self._pattern, core), (1.0, 1.0))))
        except MemoryError as error:
            raise DegenerateProblem("core-too-large") from error
        right = self._columns.by_factor(factors, self._core_w - self._entries.to_core(from_left(factor, u)), transposed=True)
        core_u = found.solve(right)
        schur = self._total - summed_product(c, u) - right.T @ core_u
        return Eliminated(log_det=log_det + found.log_det, schur=(schur + schur.T) / 2, pieces=_Pieces(inverse, u, found, core_u))

    def effects(self, factors: Sequence[Floats], eliminated: Eliminated) -> Effects:
        """U and the diagonal blocks of K^-1."""
        pieces: _Pieces = eliminated.pieces
        return Effects(
            u=effects_of(self._entries, self.first, factors, pieces.inverse, pieces.u, pieces.core_u),
            make_inverse=lambda: self._blocks(factors, pieces),
        )

    def _blocks(self, factors: Sequence[Floats], pieces: _Pieces) -> tuple[Floats, ...]:
        """The diagonal blocks of K^-1: those of the core where its factor has entries, which are all that is needed."""
        inverse = pieces.factor.inverse()
        found = self._columns.sparse_blocks(inverse)
        found[self.first] = pieces.inverse.copy()
        rows = [self._entries.sparse_rows(factors, one) for one in links_of(factors[self.first], pieces.inverse)]
        for a, one in enumerate(rows):
            beside = one @ inverse
            for b, other in enumerate(rows[: a + 1]):
                form = np.asarray(beside.multiply(other).sum(axis=1)).ravel()
                found[self.first][a, b] += form
                if a != b:
                    found[self.first][b, a] += form
        return tuple(found[k] for k in range(len(self.sizes)))

    def quadratic(self, factors: Sequence[Floats], eliminated: Eliminated, s: Sequence[Floats]) -> Floats:
        """s'K^-1 s, by forward elimination of the columns s."""
        pieces: _Pieces = eliminated.pieces
        solved = times(pieces.inverse, s[self.first])
        down = self._entries.to_core(from_left(factors[self.first], solved))
        right = self._columns.joined([s[k] for k in self._columns.groupings])
        right -= self._columns.by_factor(factors, down, transposed=True)
        return np.asarray(summed_product(s[self.first], solved) + right.T @ pieces.factor.solve(right))
