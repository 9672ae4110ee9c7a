"""Crossed groupings with one below them all (pupils in schools and in neighbourhoods, which are crossed): it goes first.

As every group of the finest grouping lies in one group of each of the others, its elimination leaves their blocks by group as
they were, and what remains is a smaller problem of crossed groupings with other cross-products.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, pairwise
from typing import NamedTuple

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from mlgui.engine.backend import Effects, Eliminated
from mlgui.engine.blocks import both_sides, from_left, identity_plus, inverses, summed_product, times
from mlgui.engine.core import LARGEST, Core
from mlgui.engine.gram import Gram
from mlgui.engine.problem import Floats
from mlgui.engine.theta import Entry

Index = NDArray[np.intp]


class _Pieces(NamedTuple):
    """inverse: K_j^-1 of the finest grouping. c, u: its L'C_j and K_j^-1 L'C_j, columns of the others in front of w.

    core, rest: the remaining problem and its elimination.
    """

    inverse: Floats
    c: Floats
    u: Floats
    core: Core
    rest: Eliminated


def finest(gram: Gram) -> int | None:
    """The grouping whose groups lie in one group of each of the others, if there are at least two others."""
    below = int(np.argmax([own.shape[2] for own in gram.own]))
    others = [k for k in range(len(gram.own)) if k != below]
    groups = gram.own[below].shape[2]
    return below if len(others) > 1 and all(gram.block(below, 0, k, 0).nnz == groups for k in others) else None


class NestedCore:
    """Elimination of the finest grouping and then of the crossed ones above it."""

    def __init__(self, gram: Gram, below: int) -> None:
        self.n_groups: tuple[int, ...] = tuple(own.shape[2] for own in gram.own)
        self.sizes: tuple[int, ...] = tuple(own.shape[0] for own in gram.own)
        self.below, self._gram = below, gram
        self._above = [k for k in range(len(self.sizes)) if k != below]
        self._parents: dict[int, Index] = {}
        blocks = []
        for k in self._above:
            rows = [[gram.block(below, a, k, b) for b in range(self.sizes[k])] for a in range(self.sizes[below])]
            self._parents[k] = rows[0][0].indices.astype(np.intp)
            blocks.append(np.array([[one.data for one in row] for row in rows]))
        self._c = np.concatenate([*blocks, gram.with_w[below]], axis=1)
        cuts = np.concatenate(([0], np.cumsum([self.sizes[k] for k in self._above])))
        self._at = {k: slice(int(a), int(b)) for k, (a, b) in zip(self._above, pairwise(cuts))}
        self._w = int(cuts[-1])
        self._pairs = {(k, other): self._pair_places(k, other) for k, other in combinations(self._above, 2)}
        rest = Core(self._reduced(gram.total, self._c, np.zeros_like(self._c)))
        self.cost = rest.cost + float(self._c.size * len(self._c) * self._c.shape[1])

    def _pair_places(self, k: int, other: int) -> Index:
        """Where the pair of groups of every finest group stands in the entries of the crossing of two groupings."""
        pattern = self._gram.crossing[k, other][0][0]
        width = self.n_groups[other]
        rows = np.repeat(np.arange(self.n_groups[k]), np.diff(pattern.indptr))
        found: Index = np.searchsorted(rows * width + pattern.indices, self._parents[k] * width + self._parents[other])
        return found

    def _reduced(self, total: Floats, c: Floats, u: Floats) -> Gram:
        """The Gram of the groupings above once the finest is eliminated with these L'C and U."""
        number = {k: place for place, k in enumerate(self._above)}
        own, with_w, crossing = [], [], {}
        for k in self._above:
            mine, at, count = self._at[k], self._parents[k], self.n_groups[k]
            own.append(self._gram.own[k] - _sums(at, count, c[:, mine], u[:, mine]))
            with_w.append(self._gram.with_w[k] - _sums(at, count, c[:, mine], u[:, self._w :]))
        for (k, other), places in self._pairs.items():
            blocks = self._gram.crossing[k, other]
            less = _sums(places, blocks[0][0].nnz, c[:, self._at[k]], u[:, self._at[other]])
            crossing[number[k], number[other]] = tuple(
                tuple(_with_data(one, one.data - by_pair) for one, by_pair in zip(row, by_row))
                for row, by_row in zip(blocks, less)
            )
        return Gram(total=total, own=tuple(own), with_w=tuple(with_w), crossing=crossing, nested={}, parents={})

    def _inside(self, factors: Sequence[Floats]) -> list[Floats]:
        return [factors[k] for k in self._above]

    def eliminate(self, factors: Sequence[Floats]) -> Eliminated:
        """Eliminate the finest grouping, then the others."""
        factor = factors[self.below]
        c = from_left(factor.T, self._c)
        log_det, inverse, u = inverses(identity_plus(factor, self._gram.own[self.below]), c)
        total = self._gram.total - summed_product(c[:, self._w :], u[:, self._w :])
        core = Core(self._reduced((total + total.T) / 2, c, u))
        rest = core.eliminate(self._inside(factors))
        return Eliminated(log_det=log_det + rest.log_det, schur=rest.schur, pieces=_Pieces(inverse, c, u, core, rest))

    def effects(self, factors: Sequence[Floats], eliminated: Eliminated) -> Effects:
        """U and the diagonal blocks of K^-1."""
        pieces: _Pieces = eliminated.pieces
        rest = pieces.core.effects(self._inside(factors), pieces.rest)
        known = dict(zip(self._above, rest.u))
        above = np.concatenate([from_left(factors[k], known[k])[:, :, self._parents[k]] for k in self._above])
        known[self.below] = pieces.u[:, self._w :] - times(pieces.u[:, : self._w], above)

        def blocks() -> tuple[Floats, ...]:
            wanted = [
                (self._above.index(k), self._above.index(other), self._parents[k], self._parents[other])
                for k, other in self._pairs
            ]
            diagonal, pairs = pieces.core.blocks_and_pairs(self._inside(factors), pieces.rest, wanted)
            found = dict(zip(self._above, diagonal))
            coarser = pieces.u[:, : self._w]
            link = times(coarser, self._covariance(factors, found, pairs))
            found[self.below] = pieces.inverse + times(link, np.ascontiguousarray(coarser.transpose(1, 0, 2)))
            return tuple(found[k] for k in range(len(self.sizes)))

        return Effects(u=tuple(known[k] for k in range(len(self.sizes))), make_inverse=blocks)

    def _covariance(self, factors: Sequence[Floats], blocks: dict[int, Floats], pairs: Sequence[Floats]) -> Floats:
        """The blocks of L K^-1 L' of the groups above every finest group, with each other: (w, w, J)."""
        joint = np.empty((self._w, self._w, self.n_groups[self.below]))
        for k in self._above:
            joint[self._at[k], self._at[k]] = both_sides(factors[k], blocks[k])[:, :, self._parents[k]]
        for (k, other), block in zip(self._pairs, pairs):
            turned = from_left(factors[other], from_left(factors[k], block).transpose(1, 0, 2).copy())
            joint[self._at[other], self._at[k]] = turned
            joint[self._at[k], self._at[other]] = turned.transpose(1, 0, 2)
        return joint

    @property
    def is_small(self) -> bool:
        """Whether the groupings above fit into one core, so that `trace_products` is there."""
        return sum(self.sizes[k] * self.n_groups[k] for k in self._above) <= LARGEST

    def trace_products(self, factors: Sequence[Floats], eliminated: Eliminated, entries: Sequence[Sequence[Entry]]) -> Floats:
        """tr(E_a K^-1 E_b K^-1), (m, m), from all groupings above in one core (see `Core.trace_products`)."""
        flat = Core(self._gram)
        return flat.trace_products(factors, flat.eliminate(factors), entries)

    def quadratic(self, factors: Sequence[Floats], eliminated: Eliminated, s: Sequence[Floats]) -> Floats:
        """s'K^-1 s, by forward elimination of the columns s."""
        pieces: _Pieces = eliminated.pieces
        solved = times(pieces.inverse, s[self.below])
        rest = []
        for k in self._above:
            met = _sums(self._parents[k], self.n_groups[k], pieces.c[:, self._at[k]], solved)
            rest.append(s[k] - from_left(factors[k].T, met))
        return summed_product(s[self.below], solved) + pieces.core.quadratic(self._inside(factors), pieces.rest, rest)


def _with_data(pattern: sp.csr_array, data: Floats) -> sp.csr_array:
    """A sparse matrix with the same places of non-zeros."""
    return sp.csr_array((data, pattern.indices, pattern.indptr), shape=pattern.shape)


def _sums(at: Index, count: int, left: Floats, right: Floats) -> Floats:
    """Sums of C_j'D_j over the finest groups at each of `count` places: C (q, r, J) and D (q, s, J), the result (r, s, count)."""
    out = np.empty((left.shape[1], right.shape[1], count))
    for a in range(len(out)):
        for b in range(out.shape[1]):
            product = left[0, a] * right[0, b]
            for c in range(1, len(left)):
                product += left[c, a] * right[c, b]
            out[a, b] = np.bincount(at, product, count)
    return out
