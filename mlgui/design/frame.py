"""The rows of a table that a model uses, and their columns as numbers or as codes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mlgui.data.kinds import label_of_number
from mlgui.data.structure import Structure
from mlgui.data.table import CODED, Column, Kind, Table
from mlgui.engine.late import Late
from mlgui.engine.problem import Floats
from mlgui.errors import UserError
from mlgui.words import tr

Codes = NDArray[np.int32]


@dataclass(frozen=True, kw_only=True, eq=False)
class Coded:
    """The level of each row (n,), how many levels occur, and their labels in order, written when they are first read."""

    codes: Codes
    n_levels: int
    levels: Late[tuple[str, ...]] = Late()  # noqa: RUF009


class Frame:
    """Chosen rows of a table. Columns are converted once and kept while the frame lives.

    rows: indices into the table, None for all rows. structure: of this table; groups found there are not sought again.
    combined: codes of several columns together, as far as they were needed.
    """

    def __init__(self, table: Table, rows: NDArray[np.int64] | None, structure: Structure | None = None) -> None:
        self.table = table
        self.rows = rows
        self._structure = structure
        self.n = table.n_rows if rows is None else len(rows)
        self._numbers: dict[str, Floats] = {}
        self._coded: dict[str, Coded] = {}
        self.combined: dict[tuple[str, ...], Coded] = {}

    def column(self, name: str) -> Column:
        """Return a column of the table; UserError if there is none of that name."""
        try:
            return self.table[name]
        except KeyError:
            raise UserError(
                tr("There is no column called “{name}”.").format(name=name),
                tr("The model reads it, but the data do not have it."),
                tr("Choose another column, or open the data the model was made for."),
            ) from None

    def row_id(self, index: int) -> int:
        """Return the number in the file of a row of this frame."""
        return int(self.table.row_ids[index if self.rows is None else self.rows[index]])

    def is_category(self, name: str) -> bool:
        """Whether a column enters a model through its levels."""
        return self.column(name).kind in CODED

    def numbers(self, name: str) -> Floats:
        """Return a column as numbers, (n,); dates as days, times as seconds since 1970; UserError for categories."""
        if name not in self._numbers:
            self._numbers[name] = self._as_numbers(self.column(name))
        return self._numbers[name]

    def codes(self, name: str) -> tuple[Codes, tuple[str, ...]]:
        """Return the level of each row (int32, n) and the levels that occur, in order; numbers in ascending order."""
        coded = self.coded(name)
        return coded.codes, coded.levels

    def coded(self, name: str) -> Coded:
        """Return the same with labels that are written when they are first read."""
        if name not in self._coded:
            self._coded[name] = self._as_codes(self.column(name))
        return self._coded[name]

    def _as_codes(self, column: Column) -> Coded:
        if column.kind in CODED:
            return _present(self._taken(column.values).astype(np.int32, copy=False), column.levels)
        for facts in self._structure.groupings if self._structure else ():
            if facts.columns == (column.name,) and len(facts.codes) == len(column):
                return _present(self._taken(facts.codes).astype(np.int32, copy=False), facts.levels)
        return _by_value(self._taken(column.values))

    def _taken(self, values: NDArray[np.generic]) -> NDArray[np.generic]:
        return values if self.rows is None else values[self.rows]

    def _as_numbers(self, column: Column) -> Floats:
        values = self._taken(column.values)
        if column.kind in (Kind.NUMBER, Kind.EMPTY):
            numbers = np.asarray(values, dtype=np.float64)
        elif column.kind is Kind.BOOLEAN:
            numbers = np.asarray(_truth_values(column.levels), dtype=np.float64)[values.astype(np.int64)]
        elif column.kind is Kind.LABELLED and column.level_codes:
            numbers = np.asarray(column.level_codes, dtype=np.float64)[values.astype(np.int64)]
        elif column.kind is Kind.DATE:
            numbers = values.astype("datetime64[D]").astype(np.float64)
        elif column.kind is Kind.DATETIME:
            numbers = values.astype("datetime64[us]").astype(np.float64) / 1e6
        else:
            raise UserError(
                tr("“{name}” does not hold numbers.").format(name=column.name),
                tr("Its values are labels ({kind}), and a number is needed here.").format(kind=tr(str(column.kind))),
                tr("Choose another column, or change its kind to number if the labels are numbers."),
            )
        self._require_finite(numbers, column.name)
        return numbers

    def _require_finite(self, numbers: Floats, name: str) -> None:
        with np.errstate(over="ignore", invalid="ignore"):
            if np.isfinite(numbers.sum()):
                return
        infinite = np.isinf(numbers)
        if infinite.any():
            raise UserError(
                tr("“{name}” has an infinite value.").format(name=name),
                tr("The first one is in row {row}.").format(row=self.row_id(int(np.argmax(infinite)))),
                tr("Correct it, or declare it missing."),
            )


def _truth_values(levels: tuple[str, ...]) -> list[float]:
    """Return 0 and 1 for the levels of a yes/no column: by their meaning, in whatever order; other words by their place."""
    truth = {"false": 0.0, "true": 1.0}
    return [truth.get(level.casefold(), float(place)) for place, level in enumerate(levels)]


def _present(codes: Codes, levels: tuple[str, ...]) -> Coded:
    """Return codes into the levels that occur."""
    codes, kept = _occurring(codes, len(levels))
    if len(kept) == len(levels):
        return Coded(codes=codes, n_levels=len(kept), levels=levels)
    return Coded(codes=codes, n_levels=len(kept), levels=lambda: tuple(levels[index] for index in kept))


def _occurring(codes: Codes, n_levels: int) -> tuple[Codes, NDArray[np.intp]]:
    """Return codes into the levels that occur, and which of the `n_levels` these are."""
    present = np.zeros(n_levels, dtype=np.bool_)
    present[codes] = True
    kept = np.flatnonzero(present)
    if len(kept) == n_levels:
        return codes, kept
    lookup = np.full(n_levels, -1, dtype=np.int32)
    lookup[kept] = np.arange(len(kept), dtype=np.int32)
    return lookup[codes], kept


def _by_value(values: NDArray[np.generic]) -> Coded:
    """Return codes by ascending value; dates are labelled as they are written."""
    if values.dtype.kind == "f":
        numbers = np.asarray(values, dtype=np.float64)
        return _small_whole_numbers(numbers) or _by_number(numbers)
    distinct, codes = np.unique(values, return_inverse=True)
    return Coded(codes=codes.astype(np.int32), n_levels=len(distinct), levels=lambda: tuple(str(value) for value in distinct))


def _small_whole_numbers(numbers: Floats) -> Coded | None:
    """Return codes of whole numbers in a small range, which need no sorting; None for others."""
    if not len(numbers):
        return None
    low, high = float(numbers.min()), float(numbers.max())
    if not (high - low < 4 * len(numbers) + 1000 and low.is_integer() and abs(low) < 2**53):
        return None
    shifted = numbers - low
    whole = shifted.astype(np.int32)
    if not (whole == shifted).all():
        return None
    codes, kept = _occurring(whole, int(high - low) + 1)
    return Coded(codes=codes, n_levels=len(kept), levels=lambda: tuple(map(str, (kept + int(low)).tolist())))


def _by_number(numbers: Floats) -> Coded:
    """Return codes of any numbers."""
    distinct, codes = np.unique(numbers, return_inverse=True)
    return Coded(
        codes=codes.astype(np.int32),
        n_levels=len(distinct),
        levels=lambda: tuple(label_of_number(value) for value in distinct),
    )
