"""A table: named immutable columns of equal length, and where they came from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from mlgui.data.steps import DataStep, RowFilter


class Kind(StrEnum):
    """What a column holds. BOOLEAN is shown as a category; LABELLED is a category that keeps its codes."""

    NUMBER = "number"
    CATEGORY = "category"
    ORDERED = "ordered"
    ID = "id"
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "datetime"
    TEXT = "text"
    EMPTY = "empty"
    LABELLED = "labelled"


CODED = frozenset({Kind.CATEGORY, Kind.ORDERED, Kind.ID, Kind.BOOLEAN, Kind.TEXT, Kind.LABELLED})
"""Kinds whose values are int32 codes into `levels`, -1 where missing."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Column:
    """One column. Equality is identity: columns are never changed, only replaced.

    values: read-only array of length n. NUMBER and EMPTY: float64, NaN missing. DATE: datetime64[D], NaT missing.
    DATETIME: datetime64[us]. All others (CODED): int32 codes into `levels`, -1 missing.
    levels: the labels in order; the first one is the default reference. level_codes: LABELLED only, the number stored
    for each level. label: the longer description some formats carry.
    """

    name: str
    kind: Kind
    values: NDArray[np.generic]
    levels: tuple[str, ...] = ()
    level_codes: tuple[float, ...] = ()
    label: str = ""

    def __post_init__(self) -> None:
        self.values.setflags(write=False)

    def __len__(self) -> int:
        return len(self.values)

    @property
    def missing(self) -> NDArray[np.bool_]:
        """True where the value is missing, shape (n,)."""
        if self.kind in CODED:
            return np.asarray(self.values < 0)  # type: ignore[operator]
        if self.kind in (Kind.DATE, Kind.DATETIME):
            return np.asarray(np.isnat(self.values))  # type: ignore[arg-type]
        return np.asarray(np.isnan(self.values))  # type: ignore[call-overload]

    @property
    def n_missing(self) -> int:
        """How many values are missing."""
        return int(np.count_nonzero(self.missing))


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where a table came from and how it was read.

    name: file name without its folder, so that no path leaves the machine. format: name of the reader.
    options: reading options as used, all as text. row_noun: what one row is ("student"), where known.
    """

    name: str = ""
    format: str = ""
    options: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    row_noun: str = ""
    title: str = ""


@dataclass(frozen=True, kw_only=True, eq=False)
class Table:
    """Columns of equal length. row_ids: 1-based number of each data row in the file, int64.

    steps: what was done to the table after it was read. filter: rows that are struck through, None if all count.
    """

    columns: tuple[Column, ...]
    row_ids: NDArray[np.int64]
    source: Source = field(default_factory=Source)
    steps: tuple[DataStep, ...] = ()
    filter: RowFilter | None = None

    @property
    def n_rows(self) -> int:
        """Number of rows."""
        return len(self.row_ids)

    @property
    def names(self) -> tuple[str, ...]:
        """Column names in order."""
        return tuple(column.name for column in self.columns)

    def __contains__(self, name: object) -> bool:
        return any(column.name == name for column in self.columns)

    def __getitem__(self, name: str) -> Column:
        """Return the column called `name`; KeyError if there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    def with_column(self, column: Column) -> Table:
        """Return a table in which `column` replaces the one of its name, or is appended."""
        if column.name in self:
            columns = tuple(column if old.name == column.name else old for old in self.columns)
        else:
            columns = (*self.columns, column)
        return replace(self, columns=columns)

    def without_columns(self, names: Iterable[str]) -> Table:
        """Return a table without the named columns."""
        gone = set(names)
        return replace(self, columns=tuple(column for column in self.columns if column.name not in gone))
