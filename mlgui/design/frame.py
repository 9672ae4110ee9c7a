"""The rows of a table that a model uses, and their columns as numbers or as codes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mlgui.data.kinds import label_of_number
from mlgui.data.structure import Structure
from mlgui.data.table import CODED, Column, Kind, Table
from mlgui.engine.problem import Floats
from mlgui.errors import UserError
from mlgui.words import tr

Codes = NDArray[np.int32]


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
        self._codes: dict[str, tuple[Codes, tuple[str, ...]]] = {}
        self.combined: dict[tuple[str, ...], tuple[Codes, tuple[str, ...]]] = {}

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
        if name not in self._codes:
            self._codes[name] = self._as_codes(self.column(name))
        return self._codes[name]

    def _as_codes(self, column: Column) -> tuple[Codes, tuple[str, ...]]:
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


def _present(codes: Codes, levels: tuple[str, ...]) -> tuple[Codes, tuple[str, ...]]:
    """Return codes into the levels that occur."""
    present = np.zeros(len(levels), dtype=np.bool_)
    present[codes] = True
    if present.all():
        return codes, levels
    kept = np.flatnonzero(present)
    lookup = np.full(len(levels), -1, dtype=np.int32)
    lookup[kept] = np.arange(len(kept), dtype=np.int32)
    return lookup[codes], tuple(levels[index] for index in kept)


def _by_value(values: NDArray[np.generic]) -> tuple[Codes, tuple[str, ...]]:
    """Return codes by ascending value; dates are labelled as they are written."""
    if values.dtype.kind == "f":
        numbers = np.asarray(values, dtype=np.float64)
        if not len(numbers):
            return np.empty(0, dtype=np.int32), ()
        low, high = float(numbers.min()), float(numbers.max())
        if high - low < 4 * len(numbers) + 1000 and low.is_integer() and abs(low) < 2**53:
            shifted = numbers - low  # whole numbers of a small range need no sorting
            whole = shifted.astype(np.int32)
            if bool((whole == shifted).all()):
                return _present(whole, tuple(map(str, range(int(low), int(high) + 1))))
        distinct, codes = np.unique(numbers, return_inverse=True)
        return codes.astype(np.int32), tuple(label_of_number(value) for value in distinct)
    distinct_times, codes = np.unique(values, return_inverse=True)
    return codes.astype(np.int32), tuple(str(value) for value in distinct_times)
