"""What counts as missing, and which rows survive when some columns must be complete."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mlgui.data.table import Table

EXCEL_ERRORS: frozenset[str] = frozenset(
    {"#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"}
)
"""Cells a spreadsheet could not compute. Missing too, but the user is told."""

USUAL_MISSING: frozenset[str] = frozenset(
    {"", ".", "NA", "na", "N/A", "n/a", "#N/A", "#NA", "<NA>", "NaN", "nan", "NAN", "-nan", "-NaN", "null", "NULL", "Null"}
) | EXCEL_ERRORS
"""Texts that mean "no value" in every file, after blanks around them are taken off. "None" is often a real answer: not here."""


@dataclass(frozen=True, kw_only=True, eq=False)
class DroppedRows:
    """Rows that lack a value. row_ids: int64 (m,). names: the columns looked at. missing: bool (m, k), True where missing."""

    row_ids: NDArray[np.int64]
    names: tuple[str, ...]
    missing: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.row_ids)

    def reason(self, position: int) -> tuple[str, ...]:
        """Return the names of the columns that are missing in the dropped row at `position`."""
        return tuple(name for name, gone in zip(self.names, self.missing[position], strict=True) if gone)

    def counts(self) -> dict[str, int]:
        """Return for each column how many of the dropped rows lack it."""
        return {name: int(n) for name, n in zip(self.names, self.missing.sum(axis=0), strict=True)}


def rows_complete(table: Table, names: Sequence[str]) -> NDArray[np.bool_]:
    """Return a mask, shape (n,), True where none of the named columns is missing."""
    complete = np.ones(table.n_rows, dtype=np.bool_)
    for name in names:
        complete &= ~table[name].missing
    return complete


def rows_dropped(table: Table, names: Sequence[str]) -> DroppedRows:
    """Return the rows in which at least one of the named columns is missing, with the columns to blame."""
    gone = ~rows_complete(table, names)
    parts = [table[name].missing[gone] for name in names]
    missing = np.column_stack(parts) if parts else np.zeros((int(gone.sum()), 0), dtype=np.bool_)
    return DroppedRows(row_ids=table.row_ids[gone], names=tuple(names), missing=missing)
