"""Grouping columns as codes, and random terms as blocks of varying coefficients."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mlgui.design.columns import Encoder
from mlgui.design.frame import Coded, Codes, Frame
from mlgui.engine.problem import Floats
from mlgui.spec.coding import NamedColumn, lme4_blocks
from mlgui.spec.terms import Grouping, RandomTerm


@dataclass(frozen=True, kw_only=True, eq=False)
class GroupBlock:
    """All that varies by one grouping. blocks: indices of the columns that are correlated with each other."""

    grouping: Grouping
    groups: Coded
    columns: tuple[NamedColumn, ...]
    blocks: tuple[tuple[int, ...], ...]
    z: Floats

    @property
    def codes(self) -> Codes:
        """The group of each row, (n,)."""
        return self.groups.codes

    @property
    def n_groups(self) -> int:
        """How many groups occur."""
        return self.groups.n_levels

    @property
    def pattern(self) -> np.ndarray:
        """Free entries of the relative covariance factor, (q, q) bool: lower triangles of the blocks."""
        pattern = np.zeros((len(self.columns), len(self.columns)), dtype=np.bool_)
        for block in self.blocks:
            pattern[np.ix_(block, block)] = np.tri(len(block), dtype=np.bool_)
        return pattern


def group_codes(frame: Frame, grouping: Grouping) -> Coded:
    """Return the group of each row and the labels of the groups that occur, in order.

    Combined columns are labelled as lme4 does, `a:A`; the first column of the grouping varies slowest.
    """
    return _codes_of(frame, grouping.columns)


def _codes_of(frame: Frame, columns: tuple[str, ...]) -> Coded:
    if len(columns) == 1:
        return frame.coded(columns[0])
    if columns not in frame.combined:
        frame.combined[columns] = _combined(_codes_of(frame, columns[:-1]), frame.coded(columns[-1]))
    return frame.combined[columns]


def _combined(left: Coded, right: Coded) -> Coded:
    width = right.n_levels
    parent: Codes = np.empty(width, dtype=np.int32)
    parent[right.codes] = left.codes
    if np.array_equal(parent[right.codes], left.codes):  # nested: only the levels need sorting
        order = np.argsort(parent, kind="stable")
        codes = right.codes
        if (order[1:] < order[:-1]).any():
            rank = np.empty(width, dtype=np.int32)
            rank[order] = np.arange(width, dtype=np.int32)
            codes = rank[codes]
        return Coded(codes=codes, n_levels=width, levels=lambda: _labels(left.levels, right.levels, parent[order], order))
    keys = left.codes.astype(np.int64) * width + right.codes
    possible = left.n_levels * width
    if possible <= 8 * len(keys) + 1000:  # counting is faster than sorting while the table of counts stays small
        occurring = np.flatnonzero(np.bincount(keys, minlength=possible))
        lookup = np.empty(possible, dtype=np.int32)
        lookup[occurring] = np.arange(len(occurring), dtype=np.int32)
        codes = lookup[keys]
    else:
        occurring, inverse = np.unique(keys, return_inverse=True)
        codes = inverse.astype(np.int32)
    return Coded(
        codes=codes,
        n_levels=len(occurring),
        levels=lambda: _labels(left.levels, right.levels, occurring // width, occurring % width),
    )


def _labels(
    left_levels: Sequence[str], right_levels: Sequence[str], left: NDArray[np.integer], right: NDArray[np.integer]
) -> tuple[str, ...]:
    lefts, rights = map(left_levels.__getitem__, left.tolist()), map(right_levels.__getitem__, right.tolist())
    return tuple([one + ":" + other for one, other in zip(lefts, rights, strict=True)])


def group_blocks(random: Sequence[RandomTerm], frame: Frame, encoder: Encoder) -> tuple[GroupBlock, ...]:
    """Return one block per grouping, those with most groups first, equal ones in the order written."""
    merged: dict[frozenset[str], list[RandomTerm]] = {}
    for term in random:
        merged.setdefault(frozenset(term.grouping.columns), []).append(term)
    blocks = [_block(terms, frame, encoder) for terms in merged.values()]
    return tuple(sorted(blocks, key=lambda block: -block.n_groups))


def _block(random: Sequence[RandomTerm], frame: Frame, encoder: Encoder) -> GroupBlock:
    columns: list[NamedColumn] = []
    blocks: list[tuple[int, ...]] = []
    for terms in lme4_blocks(random):
        added = encoder.plan(terms)
        blocks.append(tuple(range(len(columns), len(columns) + len(added))))
        columns.extend(added)
    return GroupBlock(
        grouping=random[0].grouping,
        groups=group_codes(frame, random[0].grouping),
        columns=tuple(columns),
        blocks=tuple(block for block in blocks if block),
        z=encoder.fill(columns),
    )
