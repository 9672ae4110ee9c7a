"""Columns that could be groups, as level codes, and which other columns are constant within them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mlgui.data.kinds import label_of_number
from mlgui.data.table import CODED, Column, Kind

_NEVER_GROUPS = frozenset({Kind.BOOLEAN, Kind.DATE, Kind.DATETIME, Kind.EMPTY})
_GLANCE = 4_096
_FIRST_GLANCE = 64


@dataclass(frozen=True, kw_only=True, eq=False)
class Candidate:
    """A column as level codes. codes: int32 (n,), -1 missing. levels: labels in order. sizes: rows per level, int64 (J,).

    first: the first row of each level, int64 (J,). others: some rows that are not the first of their level, for a quick look.
    """

    name: str
    kind: Kind
    codes: NDArray[np.int32]
    levels: tuple[str, ...]
    sizes: NDArray[np.int64]
    first: NDArray[np.int64]
    others: NDArray[np.int64]
    complete: bool

    @property
    def n_groups(self) -> int:
        """Number of levels that occur."""
        return len(self.levels)


@dataclass(frozen=True, kw_only=True, eq=False)
class Cells:
    """A column as values that can be compared. missing: None if there are none. varies: whether two values differ."""

    name: str
    values: NDArray[np.generic]
    missing: NDArray[np.bool_] | None
    varies: bool


def cells_of(column: Column) -> Cells:
    """Return a column ready for comparisons."""
    missing = column.missing
    some = bool(missing.any())
    present = column.values[~missing] if some else column.values
    varies = len(present) > 1 and bool((present != present[0]).any())
    return Cells(name=column.name, values=column.values, missing=missing if some else None, varies=varies)


def candidate_of(column: Column) -> Candidate | None:
    """Return the column as a candidate grouping, None unless 2 <= levels <= n/2 with two rows in one of them.

    A category, ID, text or whole-number column can be one; truth values, dates and numbers with decimals cannot.
    """
    if column.kind in _NEVER_GROUPS or len(column) < 4:
        return None
    coded = _coded_levels(column) if column.kind in CODED else _numbered_levels(column)
    return None if coded is None else make_candidate(column.name, column.kind, *coded)


def make_candidate(name: str, kind: Kind, codes: NDArray[np.int32], levels: tuple[str, ...]) -> Candidate | None:
    """Return a candidate from codes and labels (every label occurs), None unless 2 <= levels <= n/2 and one has two rows."""
    n = len(codes)
    if not 2 <= len(levels) <= n / 2:
        return None
    complete = not bool((codes < 0).any())
    rows = np.arange(n) if complete else np.flatnonzero(codes >= 0)
    sizes = np.bincount(codes[rows], minlength=len(levels)).astype(np.int64)
    if sizes.max() < 2:
        return None
    first = np.empty(len(levels), dtype=np.int64)
    first[codes[rows][::-1]] = rows[::-1]  # the last write wins: from the back, that is the first row
    others = rows[first[codes[rows]] != rows]
    step = max(1, len(others) // _GLANCE)
    return Candidate(
        name=name, kind=kind, codes=codes, levels=levels, sizes=sizes, first=first, others=others[::step], complete=complete
    )


def _coded_levels(column: Column) -> tuple[NDArray[np.int32], tuple[str, ...]] | None:
    """Return codes and labels of the levels that occur in a coded column."""
    codes = column.values.astype(np.int32, copy=False)
    if len(column.levels) > 2 * len(codes):
        return None
    occurs = np.bincount(codes[codes >= 0], minlength=len(column.levels)) > 0
    if occurs.all():
        return codes, column.levels
    lookup = np.append(np.cumsum(occurs) - 1, -1).astype(np.int32)
    lookup[:-1][~occurs] = -1
    return lookup[codes], tuple(level for level, there in zip(column.levels, occurs, strict=True) if there)


def _numbered_levels(column: Column) -> tuple[NDArray[np.int32], tuple[str, ...]] | None:
    """Return codes and labels of a number column, None if any value has decimals or too many values differ."""
    values = np.asarray(column.values, dtype=np.float64)
    glance = values[:_GLANCE]
    if np.any(glance[np.isfinite(glance)] % 1):
        return None
    present = ~np.isnan(values)
    whole = values if present.all() else values[present]
    if not len(whole) or np.any(whole != np.floor(whole)) or np.isinf(whole).any():
        return None
    uniques, inverse = _unique_whole(whole)
    if len(uniques) > len(values) / 2:
        return None
    codes = np.full(len(values), -1, dtype=np.int32)
    codes[present] = inverse
    return codes, tuple(label_of_number(value) for value in uniques.tolist())


def _unique_whole(whole: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.int32]]:
    """Return distinct whole numbers in order and codes into them; counting where their range allows, else sorting."""
    low, high = float(whole.min()), float(whole.max())
    if high - low > 4 * len(whole) + 1_000:
        uniques, inverse = np.unique(whole, return_inverse=True)
        return uniques, inverse.astype(np.int32)
    shifted = (whole - low).astype(np.int64)
    occurs = np.bincount(shifted) > 0
    lookup = (np.cumsum(occurs) - 1).astype(np.int32)
    return np.flatnonzero(occurs).astype(np.float64) + low, lookup[shifted]


def is_constant(cells: Cells, groups: Candidate) -> bool:
    """Return whether the column has one value in every group, missing ignored, and two rows of one group to show it.

    A glance at some pairs of rows settles nearly every case that is not constant.
    """
    if not cells.varies:
        return False
    few = groups.others[:: max(1, len(groups.others) // _FIRST_GLANCE)]
    return not _differ(cells, groups, few) and not _differ(cells, groups, groups.others) and _constant_everywhere(cells, groups)


def _differ(cells: Cells, groups: Candidate, rows: NDArray[np.int64]) -> bool:
    """Return whether any of the rows differs from the first row of its group, where both have a value."""
    partners = groups.first[groups.codes[rows]]
    differ = cells.values[rows] != cells.values[partners]
    if cells.missing is not None:
        differ &= ~(cells.missing[rows] | cells.missing[partners])
    return bool(differ.any())


def _constant_everywhere(cells: Cells, groups: Candidate) -> bool:
    """Compare every row with the first of its group that has a value."""
    if cells.missing is None and groups.complete:
        return bool(np.array_equal(cells.values, cells.values[groups.first[groups.codes]]))
    usable = groups.codes >= 0
    if cells.missing is not None:
        usable &= ~cells.missing
    rows = np.flatnonzero(usable)
    codes = groups.codes[rows]
    first = np.full(groups.n_groups, -1, dtype=np.int64)
    first[codes[::-1]] = rows[::-1]
    partners = first[codes]
    if np.array_equal(partners, rows):
        return False
    return bool(np.array_equal(cells.values[rows], cells.values[partners]))
