"""Where in a table a text stands, and rows in the order of a column."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mlgui.data.numbers import read_numbers
from mlgui.data.table import CODED, Column, Kind, Table


def find_cells(table: Table, text: str) -> NDArray[np.int64]:
    """Return the cells that hold a text, as row * number of columns + column, ascending.

    Labels and dates hold it anywhere, in small or capital letters; numbers are equal to it.
    """
    wanted, width = text.strip().casefold(), len(table.columns)
    if not wanted:
        return np.empty(0, dtype=np.int64)
    found = [np.flatnonzero(_matches(column, wanted)) * width + place for place, column in enumerate(table.columns)]
    return np.sort(np.concatenate(found)).astype(np.int64)


def _matches(column: Column, wanted: str) -> NDArray[np.bool_]:
    if column.kind in CODED:
        hit = np.array([*(wanted in level.casefold() for level in column.levels), False])
        return np.asarray(hit[column.values.astype(np.int32)])
    if column.kind in (Kind.DATE, Kind.DATETIME):
        days, inverse = np.unique(column.values, return_inverse=True)
        there = [wanted in str(day).replace("T", " ").casefold() and not np.isnat(day) for day in days]
        return np.asarray(np.array(there, dtype=bool)[inverse])
    numbers = {value for mark in ".," for value in read_numbers([wanted], mark, mark_known=True).values if value is not None}
    return np.isin(column.values, list(numbers)) if numbers else np.zeros(len(column), dtype=bool)


def order_by(column: Column, *, descending: bool = False) -> NDArray[np.int64]:
    """Return all rows in the order of a column: by number, date or place of the level; ties as in the file, missing last."""
    missing = column.missing
    if column.kind in CODED or column.kind in (Kind.DATE, Kind.DATETIME):
        keys = column.values.astype(np.int64)
    else:
        keys = column.values.astype(np.float64)
    present = np.flatnonzero(~missing)
    order = present[np.argsort(-keys[present] if descending else keys[present], kind="stable")]
    return np.concatenate([order, np.flatnonzero(missing)]).astype(np.int64)
