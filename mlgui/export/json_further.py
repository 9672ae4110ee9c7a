"""Tables beyond the report as JSON: a list of rows under the key of each table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mlgui.export.json_report import number
from mlgui.results.tables import ResultTable


def further_json(tables: Sequence[ResultTable]) -> dict[str, Any]:
    """Return every table as rows with the keys of its columns; numbers that are not available are None."""
    return {table.key: _rows(table) for table in tables}


def _rows(table: ResultTable) -> list[dict[str, Any]]:
    return [{column.key: _value(column.cells[row]) for column in table.columns} for row in range(table.n_rows)]


def _value(cell: object) -> Any:
    return number(cell) if isinstance(cell, float) else cell
