"""What counts as missing, and which rows survive when some columns must be complete."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mlgui.data.table import Table

EXCEL_ERRORS: frozenset[str] = frozenset({"#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"})
"""Cells a spreadsheet could not compute. Missing too, but the user is told."""

USUAL_MISSING: frozenset[str] = (
    frozenset(
        {"", ".", "NA", "na", "N/A", "n/a", "#N/A", "#NA", "<NA>", "NaN", "nan", "NAN", "-nan", "-NaN", "null", "NULL", "Null"}
    )
    | EXCEL_ERRORS
)
"""Texts that mean "no value" in every file, after blanks around them are taken off. "None" is often a real answer: not here."""


def rows_complete(table: Table, names: Sequence[str]) -> NDArray[np.bool_]:
    """Return a mask, shape (n,), True where none of the named columns is missing."""
    complete = np.ones(table.n_rows, dtype=np.bool_)
    for name in names:
        complete &= ~table[name].missing
    return complete
