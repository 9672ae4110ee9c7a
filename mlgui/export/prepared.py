"""The table as it was prepared, as a file that scripts of any program can read."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from mlgui.data.edits.rows import cell_text
from mlgui.data.table import Column, Kind, Table
from mlgui.export.csv import csv_bytes
from mlgui.export.files import file_name
from mlgui.results.data_history import preparation
from mlgui.words import tr


def is_prepared(table: Table) -> bool:
    """Whether the table differs from the file it was read from."""
    return bool(table.steps) or table.filter is not None


def prepared_name(table: Table) -> str:
    """Return the name of the file: that of the source, with "prepared" behind it."""
    stem = Path(table.source.name or "data").name.split(".")[0]
    return f"{file_name(stem)}_prepared.csv"


def prepared_csv(table: Table) -> bytes:
    """Return the rows that count, all columns, as UTF-8 CSV with decimal points; missing values are empty."""
    rows = np.arange(table.n_rows) if table.filter is None else np.flatnonzero(table.filter.kept)
    cells = [_cells(column, rows) for column in table.columns]
    return csv_bytes(table.names, zip(*cells, strict=True))


def _cells(column: Column, rows: np.ndarray) -> list[object]:  # type: ignore[type-arg]
    if column.kind is Kind.NUMBER:
        return [None if np.isnan(value) else value for value in np.asarray(column.values, dtype=np.float64)[rows].tolist()]
    return [cell_text(column, int(row)) for row in rows]


def comments(table: Table, mark: str) -> list[str]:
    """Return what was done to the data as lines of comment behind `mark`; empty where nothing was."""
    steps = preparation(table)
    if not steps:
        return []
    told = [tr("Data preparation:"), *(f"- {' '.join(step.split())}" for step in steps)]
    return [f"{mark} {line}" for line in told]
