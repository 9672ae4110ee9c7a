"""Groups a model is fitted without. Their rows stay in the table; other models use them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from mlgui.data.kinds import label_of_number
from mlgui.data.table import CODED, Column, Table
from mlgui.spec.terms import Grouping

Labels = tuple[NDArray[np.int64], list[str]]
"""A number for the label of each row, -1 without one, and the labels."""


@dataclass(frozen=True)
class Exclusion:
    """Groups of one grouping that are left out. levels: their labels, in order, each once, at least one."""

    grouping: Grouping
    levels: tuple[str, ...]


def excluded_rows(exclusions: Iterable[Exclusion], table: Table) -> NDArray[np.bool_]:
    """Return a mask, shape (n,), True for the rows of the groups left out; every grouping column must be in the table."""
    out = np.zeros(table.n_rows, dtype=np.bool_)
    for exclusion in exclusions:
        out |= _rows_of(exclusion, table)
    return out


def with_groups_out(exclusions: Sequence[Exclusion], grouping: Grouping, levels: Iterable[str]) -> tuple[Exclusion, ...]:
    """Return the exclusions with more groups of a grouping left out."""
    before = next((each.levels for each in exclusions if each.grouping == grouping), ())
    return _with(exclusions, grouping, sorted({*before, *levels}))


def with_groups_in(exclusions: Sequence[Exclusion], grouping: Grouping, levels: Iterable[str]) -> tuple[Exclusion, ...]:
    """Return the exclusions with groups of a grouping taken in again."""
    before = next((each.levels for each in exclusions if each.grouping == grouping), ())
    return _with(exclusions, grouping, sorted({*before} - {*levels}))


def _with(exclusions: Sequence[Exclusion], grouping: Grouping, levels: list[str]) -> tuple[Exclusion, ...]:
    others = tuple(each for each in exclusions if each.grouping != grouping)
    return (*others, Exclusion(grouping, tuple(levels))) if levels else others


def _rows_of(exclusion: Exclusion, table: Table) -> NDArray[np.bool_]:
    codes, labels = reduce(_combined, (_labels_of(table[name]) for name in exclusion.grouping.columns))
    wanted = set(exclusion.levels)
    chosen = np.array([label in wanted for label in labels] + [False], dtype=np.bool_)  # the last one for code -1
    return np.asarray(chosen[codes])


def _labels_of(column: Column) -> Labels:
    """Return the labels groups of a column have in a fit: levels, whole numbers without a point, ISO dates."""
    if column.kind in CODED:
        return column.values.astype(np.int64), list(column.levels)
    distinct, codes = np.unique(column.values, return_inverse=True)
    is_number = distinct.dtype.kind == "f"
    labels = [_number_label(float(value)) if is_number else str(value) for value in distinct]
    return np.where(column.missing, -1, codes.reshape(-1)).astype(np.int64), labels


def _number_label(value: float) -> str:
    return label_of_number(value) if np.isfinite(value) else str(value)


def _combined(left: Labels, right: Labels) -> Labels:
    """Return the labels of two columns together, joined as lme4 joins them."""
    width = len(right[1])
    known = (left[0] >= 0) & (right[0] >= 0)
    pairs, codes = np.unique(left[0][known] * width + right[0][known], return_inverse=True)
    found = np.full(len(known), -1, dtype=np.int64)
    found[known] = codes.reshape(-1)
    return found, [f"{left[1][pair // width]}:{right[1][pair % width]}" for pair in pairs.tolist()]
