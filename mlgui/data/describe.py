"""What there is to know about every column, for the data panel and for `mlgui describe`."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mlgui.data.structure import GroupingFacts, Structure
from mlgui.data.table import CODED, Column, Kind, Table

N_BINS = 12
"""Bins of the small histogram beside a column's name."""


@dataclass(frozen=True, kw_only=True, eq=False)
class ColumnFacts:
    """One column in numbers. level: grouping it belongs to, "" for data level. n_units: rows, or groups for such a column.

    level_counts: units per label, in label order, for categories. minimum, maximum, mean, sd: over rows, None unless numbers.
    histogram: units per bin, int64 (up to N_BINS,), empty without numbers or dates. unit: what is counted, a row or a group.
    """

    name: str
    kind: Kind
    label: str
    level: str
    n_missing: int
    n_distinct: int
    n_units: int
    levels: tuple[str, ...] = ()
    level_counts: tuple[int, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    mean: float | None = None
    sd: float | None = None
    histogram: NDArray[np.int64]


def column_facts(table: Table, structure: Structure | None = None) -> tuple[ColumnFacts, ...]:
    """Return the facts of every column, in file order; group-level columns are counted by group where a structure is given."""
    return tuple(facts_of(column, structure) for column in table.columns)


def facts_of(column: Column, structure: Structure | None = None) -> ColumnFacts:
    """Return the facts of one column."""
    level = structure.levels.get(column.name, "") if structure else ""
    groups = structure[level] if structure and level and level != column.name else None
    units = _one_per_group(column, groups) if groups else column.values
    if column.kind in CODED:
        return _coded_facts(column, level, units)
    return _measured_facts(column, level, units)


def _one_per_group(column: Column, groups: GroupingFacts) -> NDArray[np.generic]:
    """Return the value each group has in a column that is constant within groups (missing where the group has none)."""
    rows = np.flatnonzero((groups.codes >= 0) & ~column.missing)[::-1]
    first = np.full(groups.n_groups, -1, dtype=np.int64)
    first[groups.codes[rows]] = rows
    return column.values[first[first >= 0]]


def _coded_facts(column: Column, level: str, units: NDArray[np.generic]) -> ColumnFacts:
    codes = units.astype(np.int64)
    counts = np.bincount(codes[codes >= 0], minlength=len(column.levels))
    return ColumnFacts(
        name=column.name,
        kind=column.kind,
        label=column.label,
        level=level,
        n_missing=column.n_missing,
        n_distinct=int(np.count_nonzero(counts)),
        n_units=len(units),
        levels=column.levels,
        level_counts=tuple(counts.tolist()),
        histogram=_bar_counts(counts),
    )


def _bar_counts(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return counts of up to N_BINS bars; more levels share bars in their order."""
    if len(counts) <= N_BINS:
        return counts.astype(np.int64)
    edges = np.linspace(0, len(counts), N_BINS + 1).astype(np.int64)[:-1]
    return np.add.reduceat(counts, edges).astype(np.int64)


def _measured_facts(column: Column, level: str, units: NDArray[np.generic]) -> ColumnFacts:
    """Return the facts of numbers and dates; mean and SD are over rows, the histogram over units."""
    present = column.values[~column.missing]
    n_distinct = _count_distinct(present)
    numbers = present.astype(np.float64) if column.kind is Kind.NUMBER and len(present) else None
    mean, sd = (None, None) if numbers is None else _mean_and_sd(numbers)
    shown = units[~np.isnat(units)].astype(np.int64) if column.kind in (Kind.DATE, Kind.DATETIME) else units
    return ColumnFacts(
        name=column.name,
        kind=column.kind,
        label=column.label,
        level=level,
        n_missing=column.n_missing,
        n_distinct=n_distinct,
        n_units=len(units),
        minimum=None if numbers is None else float(numbers.min()),
        maximum=None if numbers is None else float(numbers.max()),
        mean=mean,
        sd=sd,
        histogram=_bins(shown.astype(np.float64)),
    )


def _mean_and_sd(numbers: NDArray[np.float64]) -> tuple[float | None, float | None]:
    """Return mean and SD (with n - 1), None where there is none: one value only, or numbers so large that sums overflow."""
    with np.errstate(over="ignore", invalid="ignore"):
        mean = float(numbers.mean())
        sd = float(numbers.std(ddof=1)) if len(numbers) > 1 else math.nan
    return (mean if math.isfinite(mean) else None), (sd if math.isfinite(sd) else None)


def _count_distinct(values: NDArray[np.generic]) -> int:
    if not len(values):
        return 0
    ordered = np.sort(values)
    return 1 + int(np.count_nonzero(ordered[1:] != ordered[:-1]))


def _bins(values: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return counts in N_BINS equal bins between smallest and largest value; one bin if there is one value only."""
    values = values[np.isfinite(values)]
    if not len(values):
        return np.zeros(0, dtype=np.int64)
    low, high = float(values.min()), float(values.max())
    width = high / 2 - low / 2  # halves: the range of the largest doubles overflows
    if not width > 0:
        return np.array([len(values)], dtype=np.int64)
    place = ((values / 2 - low / 2) / width * N_BINS).astype(np.int64)
    return np.bincount(np.minimum(place, N_BINS - 1), minlength=N_BINS).astype(np.int64)


def storage_of(column: Column) -> str:
    """Return how the cells of a column are held, whatever it is taken for: text, number, boolean, date, datetime or empty."""
    if column.kind is Kind.LABELLED:
        return "number"
    if column.kind in (Kind.CATEGORY, Kind.ORDERED, Kind.ID, Kind.TEXT):
        return "text"
    return column.kind.value


def cell_values(column: Column) -> list[object]:
    """Return the cells of a column as JSON holds them: labels, numbers, truth values, ISO dates; None where missing.

    JSON has no infinity: infinite values are the texts "Infinity" and "-Infinity".
    """
    if column.kind is Kind.BOOLEAN:
        return looked_up(column, [level.casefold() == "true" for level in column.levels])
    if column.kind in CODED:
        return looked_up(column, column.levels)
    if column.kind in (Kind.DATE, Kind.DATETIME):
        return [None if text == "NaT" else text.removesuffix(".000000") for text in column.values.astype(str).tolist()]
    return [_number_or_text(value) for value in column.values.tolist()]


def looked_up(column: Column, of_levels: Sequence[object]) -> list[object]:
    """Return for each row of a coded column what `of_levels` holds for its level, None where missing."""
    known = [*of_levels, None]
    return [known[code] for code in column.values.tolist()]


def _number_or_text(value: float) -> object:
    if math.isfinite(value):
        return value
    return None if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
