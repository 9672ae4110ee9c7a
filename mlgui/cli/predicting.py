"""`mlgui predict`: a file, a formula and new rows in; predictions with their uncertainty out."""

from __future__ import annotations

import argparse
from copy import copy
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlgui.cli.fitting import spec_of
from mlgui.cli.opening import open_data, write_file, write_json

if TYPE_CHECKING:
    from mlgui.results.tables import ResultTable


def run_predict(chosen: argparse.Namespace) -> int:
    """Fit the model that was asked for, predict the new rows and write what was asked for."""
    from mlgui.export.csv import table_csv
    from mlgui.export.text import text_table
    from mlgui.results.predict import predict, predictions_table
    from mlgui.session.jobs import fit_model

    reading, structure = open_data(chosen)
    report = fit_model(reading.table, structure, spec_of(chosen, reading.table, structure))
    table = reading.table
    if chosen.new:
        elsewhere = copy(chosen)
        elsewhere.data, elsewhere.category, elsewhere.number, elsewhere.answer = chosen.new, [], [], []
        table = open_data(elsewhere)[0].table
    shown = predictions_table(predict(report, table, confidence=chosen.confidence), table)
    if chosen.csv:
        write_file(Path(chosen.csv), table_csv(shown))
    if chosen.json:
        write_json(table_json(shown), chosen.json)
    if chosen.json != "-" and not chosen.csv:
        print(text_table(shown))
    return 0


def table_json(table: ResultTable) -> dict[str, Any]:
    """Return a table as JSON-ready values: title, note, and one object per row under the keys of its columns."""
    from mlgui.export.json_report import number

    def ready(cell: object) -> object:
        return number(cell) if isinstance(cell, float) else cell

    keys = [column.key for column in table.columns]
    rows = zip(*(column.cells for column in table.columns), strict=True)
    return {
        "table": table.key,
        "title": table.title,
        "note": table.note,
        "rows": [dict(zip(keys, map(ready, row), strict=True)) for row in rows],
    }
