"""A nested chain crossed with a few small groupings (pupils in classes in schools, and years): the small ones ride along as
further columns of w while the chain is eliminated, and are eliminated last.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from mlgui.engine.backend import Effects, Eliminated
from mlgui.engine.blocks import summed_product, times
from mlgui.engine.chain import Chain
from mlgui.engine.columns import GroupColumns
from mlgui.engine.gram import Gram
from mlgui.engine.problem import Floats


class _Pieces(NamedTuple):
    """inner: the chain eliminated. inverse: of the border's K, root'root. u: its U."""

    inner: Eliminated
    inverse: Floats
    root: Floats
    u: Floats


class Border:
    """Elimination of a chain (finest first) and then of the other groupings."""

    def __init__(self, gram: Gram, chain: Sequence[int], others: Sequence[int]) -> None:
        self.n_groups: tuple[int, ...] = tuple(own.shape[2] for own in gram.own)
        self.sizes: tuple[int, ...] = tuple(own.shape[0] for own in gram.own)
        self._chain = tuple(chain)
        self._columns = GroupColumns(gram, others)
        self._inner = Chain(self._widened(gram), range(len(chain)))
        self.cost = self._inner.cost + float(self._columns.width) ** 3

    def _widened(self, gram: Gram) -> Gram:
        """The Gram of the chain alone, numbered by its levels, with the other groupings' columns in front of w."""
        columns, number = self._columns, {k: level for level, k in enumerate(self._chain)}
        beside = columns.with_w(gram)
        total = np.block([[columns.products(gram).toarray(), beside], [beside.T, gram.total]])
        with_w = []
        for k in self._chain:
            rows = [
                np.concatenate([gram.block(k, a, other, b).toarray().T for other, b in self._coefficients()])
                for a in range(self.sizes[k])
            ]
            with_w.append(np.concatenate([np.stack(rows), gram.with_w[k]], axis=1))
        return replace(
            gram,
            total=total,
            own=tuple(gram.own[k] for k in self._chain),
            with_w=tuple(with_w),
            crossing={},
            nested={(number[k], number[other]): block for (k, other), block in gram.nested.items()},
            parents={(number[k], number[other]): up for (k, other), up in gram.parents.items()},
        )

    def _coefficients(self) -> list[tuple[int, int]]:
        """(grouping, coefficient) of the border, in the order of its columns."""
        return [(k, b) for k in self._columns.groupings for b in range(self.sizes[k])]

    def _inside(self, factors: Sequence[Floats]) -> list[Floats]:
        return [factors[k] for k in self._chain]

    def eliminate(self, factors: Sequence[Floats]) -> Eliminated:
        """Eliminate the chain, then the border."""
        inner = self._inner.eliminate(self._inside(factors))
        m = self._columns.width
        k = self._columns.both_sides(factors, inner.schur[:m, :m].copy(), transposed=True)
        k.ravel()[:: m + 1] += 1.0
        right = self._columns.by_factor(factors, inner.schur[:m, m:], transposed=True)
        half = np.linalg.inv(np.linalg.cholesky((k + k.T) / 2))
        inverse = half.T @ half
        u = inverse @ right
        return Eliminated(
            log_det=inner.log_det - 2 * float(np.log(np.diagonal(half)).sum()),
            schur=inner.schur[m:, m:] - right.T @ u,
            pieces=_Pieces(inner, inverse, half, u),
        )

    def effects(self, factors: Sequence[Floats], eliminated: Eliminated) -> Effects:
        """U and the diagonal blocks of K^-1."""
        pieces: _Pieces = eliminated.pieces
        m = self._columns.width
        inner = self._inner.effects(self._inside(factors), pieces.inner)
        u, inverse = self._columns.split(pieces.u), self._columns.diagonal_blocks(pieces.root)
        back = self._columns.by_factor(factors, pieces.u, transposed=False)
        spread = self._columns.both_sides(factors, pieces.inverse.copy(), transposed=False)
        for k, wide, block in zip(self._chain, inner.u, inner.inverse):
            beside = wide[:, :m]
            u[k] = wide[:, m:] - np.matmul(back.T, beside)
            link = np.matmul(spread, beside)
            inverse[k] = block + times(link, np.ascontiguousarray(beside.transpose(1, 0, 2)))
        order = range(len(self.sizes))
        return Effects(u=tuple(u[k] for k in order), make_inverse=lambda: tuple(inverse[k] for k in order))

    def quadratic(self, factors: Sequence[Floats], eliminated: Eliminated, s: Sequence[Floats]) -> Floats:
        """s'K^-1 s."""
        pieces: _Pieces = eliminated.pieces
        m = self._columns.width
        mine = [s[k] for k in self._chain]
        inside = self._inside(factors)
        inner = self._inner.effects(inside, pieces.inner)
        down = sum((summed_product(wide[:, :m], one) for wide, one in zip(inner.u, mine)), np.zeros((m, mine[0].shape[1])))
        rest = self._columns.joined([s[k] for k in self._columns.groupings])
        rest = rest - self._columns.by_factor(factors, down, transposed=True)
        return np.asarray(self._inner.quadratic(inside, pieces.inner, mine) + rest.T @ pieces.inverse @ rest)
