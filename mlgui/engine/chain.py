"""Groupings nested in each other (pupils' classes in schools in districts): eliminated level by level, finest first.

Upwards every level is block-diagonal given the finer ones; sums over the children of a group are segment sums, for which the
groups of every level are put in the order of their parents. Downwards the covariances of a group with its ancestors
give the diagonal blocks of K^-1 (the selected inverse).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mlgui.engine.backend import Effects, Eliminated
from mlgui.engine.blocks import both_sides, from_left, identity_plus, inverses, summed_product, times
from mlgui.engine.gram import Gram
from mlgui.engine.problem import Floats

Index = NDArray[np.intp]


class _Level(NamedTuple):
    """One level at given factors: K^-1, U and L'C against the coarser levels' columns and w."""

    inverse: Floats
    u: Floats
    c: Floats


class Chain:
    """Elimination of a nested chain. order: the groupings, finest first; each is nested in the next."""

    def __init__(self, gram: Gram, order: Sequence[int]) -> None:
        self.order = tuple(order)
        self.n_groups = tuple(own.shape[2] for own in gram.own)
        self.sizes = tuple(own.shape[0] for own in gram.own)
        self._levels = len(order)
        self._total = gram.total
        self._q = [self.sizes[k] for k in order]
        self._parents, self._labels = _sorted_levels([gram.parents[order[i], order[i + 1]] for i in range(len(order) - 1)])
        self._in_place = [bool((labels[1:] > labels[:-1]).all()) for labels in self._labels]
        self._own, self._c = [], []
        for level, k in enumerate(order):
            blocks = [gram.nested[k, order[other]] for other in range(level + 1, self._levels)] + [gram.with_w[k]]
            self._own.append(self._sorted(level, gram.own[k]))
            self._c.append(np.concatenate([self._sorted(level, block) for block in blocks], axis=1))
        self.cost = float(sum(c.shape[2] * (len(c) + c.shape[1]) ** 2 * len(c) for c in self._c)) * 2
        self._ancestors = self._all_ancestors()
        self._starts = {
            pair: np.concatenate(([0], np.flatnonzero(np.diff(found)) + 1)) for pair, found in self._ancestors.items()
        }

    def _sorted(self, level: int, by_label: Floats) -> Floats:
        """Arrays (.., J) of a level with its groups at their sorted positions."""
        return by_label if self._in_place[level] else np.ascontiguousarray(by_label[:, :, self._labels[level]])

    def _all_ancestors(self) -> dict[tuple[int, int], Index]:
        """Position of the ancestor at a coarser level, for the groups of every level, in sorted positions."""
        found: dict[tuple[int, int], Index] = {}
        for level in range(self._levels - 1):
            at = np.arange(self._own[level].shape[2])
            for other in range(level + 1, self._levels):
                at = self._parents[other - 1][at]
                found[level, other] = at
        return found

    def _columns(self, level: int) -> tuple[dict[int, slice], int]:
        """Where the columns of the coarser levels stand in the C of a level, and where w begins."""
        at, places = 0, {}
        for other in range(level + 1, self._levels):
            places[other] = slice(at, at + self._q[other])
            at += self._q[other]
        return places, at

    def eliminate(self, factors: Sequence[Floats]) -> Eliminated:
        """Eliminate the levels from the finest to the coarsest."""
        own, c = list(self._own), list(self._c)
        changed = [False] * self._levels
        schur, log_det = self._total.copy(), 0.0
        pieces: list[_Level] = []
        for level in range(self._levels):
            factor = factors[self.order[level]]
            scaled = from_left(factor.T, c[level])
            part, inverse, u = inverses(identity_plus(factor, own[level]), scaled)
            log_det += part
            places, w = self._columns(level)
            for other, columns in places.items():
                product = scaled[0, columns, None, :] * u[0, None, columns.start :]
                for a in range(1, len(u)):
                    product += scaled[a, columns, None, :] * u[a, None, columns.start :]
                sums = np.add.reduceat(product, self._starts[level, other], axis=2)
                if not changed[other]:
                    own[other], c[other], changed[other] = own[other].copy(), c[other].copy(), True
                own[other] -= sums[:, : self._q[other]]
                c[other] -= sums[:, self._q[other] :]
            schur -= summed_product(scaled[:, w:], u[:, w:])
            pieces.append(_Level(inverse, u, scaled))
        return Eliminated(log_det=log_det, schur=(schur + schur.T) / 2, pieces=pieces)

    def effects(self, factors: Sequence[Floats], eliminated: Eliminated) -> Effects:
        """U and the diagonal blocks of K^-1, from the coarsest level down."""
        top = self._levels - 1
        u_parts: list[Floats] = [np.zeros(0)] * self._levels
        blocks: list[Floats] = [np.zeros(0)] * self._levels
        above = np.zeros((0, self._total.shape[0], self._own[top].shape[2]))
        covariance = np.zeros((0, 0, self._own[top].shape[2]))
        for level in range(top, -1, -1):
            piece: _Level = eliminated.pieces[level]
            _, w = self._columns(level)
            u, block, link = piece.u[:, w:], piece.inverse, None
            if level < top:
                coarser = piece.u[:, :w]
                u = u - times(coarser, above)
                link = times(coarser, covariance)
                block = block + times(link, np.ascontiguousarray(coarser.transpose(1, 0, 2)))
            u_parts[level], blocks[level] = u, block
            if level > 0:
                gather = self._parents[level - 1]
                factor = factors[self.order[level]]
                above = np.concatenate([from_left(factor, u), above])[:, :, gather]
                covariance = _joined(factor, block, link, covariance)[:, :, gather]
        return self._in_order(u_parts, blocks)

    def _in_order(self, u: Sequence[Floats], blocks: Sequence[Floats]) -> Effects:
        """Effects per grouping of the problem, groups in the order of its codes."""
        found: dict[int, tuple[Floats, Floats]] = {}
        for level, k in enumerate(self.order):
            if self._in_place[level]:
                found[k] = (u[level], blocks[level])
                continue
            back = np.empty_like(self._labels[level])
            back[self._labels[level]] = np.arange(len(back))
            found[k] = (u[level][:, :, back], blocks[level][:, :, back])
        ordered = [found[k] for k in range(self._levels)]
        return Effects(u=tuple(one for one, _ in ordered), make_inverse=lambda: tuple(one for _, one in ordered))

    def quadratic(self, factors: Sequence[Floats], eliminated: Eliminated, s: Sequence[Floats]) -> Floats:
        """s'K^-1 s, by forward elimination of the columns s."""
        columns = [self._sorted(level, s[k]) for level, k in enumerate(self.order)]
        m = columns[0].shape[1]
        total = np.zeros((m, m))
        for level in range(self._levels):
            piece: _Level = eliminated.pieces[level]
            solved = times(piece.inverse, columns[level])
            total += summed_product(columns[level], solved)
            places, _ = self._columns(level)
            for other, at in places.items():
                product = piece.c[0, at, None, :] * solved[0, None]
                for a in range(1, len(solved)):
                    product += piece.c[a, at, None, :] * solved[a, None]
                sums = np.add.reduceat(product, self._starts[level, other], axis=2)
                columns[other] = columns[other] - from_left(factors[self.order[other]].T, sums)
        return total


def _joined(factor: Floats, block: Floats, link: Floats | None, covariance: Floats) -> Floats:
    """Covariance of a group's L u together with that of its ancestors: (q + rest, q + rest, J)."""
    own = both_sides(factor, block)
    if link is None:
        return own
    cross = -from_left(factor, link)
    upper = np.concatenate([own, cross], axis=1)
    lower = np.concatenate([cross.transpose(1, 0, 2), covariance], axis=1)
    return np.concatenate([upper, lower])


def _sorted_levels(parents: Sequence[Index]) -> tuple[list[Index], list[Index]]:
    """Parents in sorted positions, and the label at every position, so that siblings stand together at every level.

    parents[i]: label of the parent, at level i + 1, of every label of level i.
    """
    if not parents:
        return [], [np.arange(0)]
    levels = len(parents) + 1
    labels: list[Index] = [np.zeros(0, dtype=np.intp)] * levels
    inside: list[Index] = [np.zeros(0, dtype=np.intp)] * (levels - 1)
    labels[-1] = np.arange(int(parents[-1].max()) + 1)
    for level in range(levels - 2, -1, -1):
        position = np.empty(len(labels[level + 1]), dtype=np.intp)
        position[labels[level + 1]] = np.arange(len(position))
        up = position[parents[level]]
        labels[level] = np.argsort(up, kind="stable")
        inside[level] = up[labels[level]]
    return inside, labels
