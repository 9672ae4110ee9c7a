"""Tables as an Excel workbook: one sheet a table, numbers as numbers in full precision, texts never as formulas."""

from __future__ import annotations

import io
import math
import re
from collections.abc import Sequence
from typing import Any

from mlgui.errors import UserError
from mlgui.export.cells import is_number
from mlgui.results.numbers import cell
from mlgui.results.tables import Format, ResultColumn, ResultTable
from mlgui.words import tr

MAX_ROWS = 1_048_576
MAX_TEXT = 32_767
MAX_NAME = 31
MAX_WIDTH = 48


def workbook(tables: Sequence[ResultTable]) -> bytes:
    """Return an .xlsx file of `tables`; a last sheet gives their titles and notes. UserError if one has too many rows."""
    import xlsxwriter

    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(content, options) as book:
        book.set_properties({"comments": "Written by mlgui"})
        bold = book.add_format({"bold": True, "bottom": 1})
        names = sheet_names([table.key for table in tables])
        for name, table in zip(names, tables, strict=True):
            _write_table(book, book.add_worksheet(name), table, bold)
        _write_contents(book, names, tables, bold)
    return content.getvalue()


def sheet_names(keys: Sequence[str]) -> list[str]:
    """Return a valid and unique sheet name for each key: at most 31 characters, no brackets, colons or slashes, no case twins."""
    taken: set[str] = {"contents", "history"}
    names = []
    for key in keys:
        clean = re.sub(r"[\[\]:*?/\\\x00-\x1f]", "_", key).strip("'") or "Table"
        name, n = clean[:MAX_NAME], 2
        while name.lower() in taken:
            ending = f"_{n}"
            name, n = clean[: MAX_NAME - len(ending)] + ending, n + 1
        taken.add(name.lower())
        names.append(name)
    return names


def _write_table(book: Any, sheet: Any, table: ResultTable, bold: Any) -> None:
    if table.n_rows >= MAX_ROWS:
        raise UserError(
            tr("{title} does not fit into an Excel sheet.").format(title=table.title),
            tr("It has {n} rows; Excel holds {most}.").format(n=table.n_rows, most=MAX_ROWS - 1),
            tr("Export it as CSV instead."),
        )
    sheet.freeze_panes(1, 0)
    for place, column in enumerate(table.columns):
        shown = book.add_format({"num_format": _number_format(column)})
        sheet.write_string(0, place, column.heading[:MAX_TEXT], bold)
        for row, value in enumerate(column.cells, 1):
            _write_cell(sheet, row, place, value, shown)
        sheet.set_column(place, place, _width(column))


def _write_cell(sheet: Any, row: int, place: int, value: object, shown: Any) -> None:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return
    if is_number(value) and math.isfinite(float(value)):  # type: ignore[arg-type]
        sheet.write_number(row, place, float(value), shown)  # type: ignore[arg-type]
    else:
        sheet.write_string(row, place, str(value)[:MAX_TEXT])


def _number_format(column: ResultColumn) -> str:
    """Return Excel's format for a column: it rounds what is shown, not what is stored."""
    digits = "0." + "0" * column.decimals if column.decimals else "0"
    by_format = {Format.NUMBER: digits, Format.PERCENT: digits + "%", Format.COUNT: "0", Format.DF: "0.0"}
    by_format[Format.P] = '[<0.001]"< 0.001";0.000'
    return by_format.get(column.format, "General")


def _width(column: ResultColumn) -> int:
    """Return a width in characters that fits the heading and the first cells as shown."""
    texts = [column.heading, *(cell(value, column) for value in list(column.cells[:200]))]
    return min(max(len(text) for text in texts) + 2, MAX_WIDTH)


def _write_contents(book: Any, names: Sequence[str], tables: Sequence[ResultTable], bold: Any) -> None:
    sheet = book.add_worksheet("Contents")
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    for place, heading in enumerate((tr("Sheet"), tr("Table"), tr("Note"))):
        sheet.write_string(0, place, heading, bold)
    for row, (name, table) in enumerate(zip(names, tables, strict=True), 1):
        for place, text in enumerate((name, table.title, table.note)):
            sheet.write_string(row, place, text[:MAX_TEXT], wrapped)
    sheet.set_column(0, 0, MAX_NAME)
    sheet.set_column(1, 2, 2 * MAX_NAME)
