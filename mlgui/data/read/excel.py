"""Workbooks: Excel (.xlsx, .xlsm, .xls) and OpenDocument (.ods)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from mlgui.data.read import notes
from mlgui.data.read.delimited import options_as_text, without_empty
from mlgui.data.read.foreign import damaged
from mlgui.data.read.grid import (
    Cell,
    Place,
    Range,
    context_of,
    end_of_table,
    fill_merged,
    filled,
    first_row,
    settle_cells,
    text_of_cell,
)
from mlgui.data.read.names import column_names
from mlgui.data.read.packed import Packed, locked, measure
from mlgui.data.read.reader import Question, Reader, Reading, ReadOptions
from mlgui.data.read.settle import Settled
from mlgui.data.read.sniff import Layout, header_votes, stated_header
from mlgui.data.read.trial import try_old_workbook
from mlgui.data.table import Source, Table
from mlgui.errors import UserError
from mlgui.findings import Finding
from mlgui.progress import OnStep, Step
from mlgui.words import tr

_NAME = "Excel"
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_OLE_DIRECTORY = 1 << 20
_VOTING_ROWS = 200
_MOST_SHEETS = 50


@dataclass(frozen=True, kw_only=True, eq=False)
class Sheet:
    """The cells of one sheet, row by row from its first row, and ranges of merged cells."""

    name: str
    rows: list[list[Cell]]
    merged: Sequence[Range] = ()


def is_workbook(head: bytes) -> bool:
    """Return whether the first bytes are those of a packed or an old workbook; whether it is one shows on reading."""
    return head.startswith((_ZIP, _OLE))


def read_excel(path: Path, options: ReadOptions, on_step: OnStep, n_rows: int | None) -> Reading:
    """Return the first `n_rows` rows (None: all) of a sheet. UserError if the file is damaged, locked or holds no table."""
    on_step(Step(text=tr("Reading {file}").format(file=path.name)))
    packed = _check(path, on_step)
    answers = dict(options.answers)
    book = _open(path)
    with book:
        names = _sheet_names(book)
        sheet, tables = _choose(path, book, names, options.sheet or answers.get("sheet"))
    on_step(Step(text=tr("Finding rows and columns")))
    place = _place(sheet, options)
    layout = _layout(sheet, place, options)
    parts, findings = _columns(sheet, place, layout, options, on_step, n_rows)
    if not parts or not len(parts[0].column):
        raise _no_rows(path, sheet.name)
    asked = options.sheet is None and "sheet" not in answers and len(tables) > 1
    questions = (_ask_sheet(tables, sheet.name),) if asked else ()
    findings = (*_error_note(packed, sheet.name), *findings)
    return _reading(path, replace(options, sheet=sheet.name), options, layout, parts, findings, questions, names)


def _check(path: Path, on_step: OnStep) -> Packed:
    """Return what was measured of a packed workbook, nothing for an old one. UserError if it is locked or damaged."""
    with path.open("rb") as file:
        head = file.read(_OLE_DIRECTORY)
    if head.startswith(_ZIP):
        return measure(path, on_step)
    if _ENCRYPTED in head:
        raise locked(path)
    try_old_workbook(path, on_step)
    return Packed(errors={})


def _open(path: Path) -> Any:
    import python_calamine

    try:
        return python_calamine.CalamineWorkbook.from_path(str(path))
    except python_calamine.PasswordError as problem:
        raise locked(path) from problem
    except BaseException as problem:
        raise _unreadable(path, problem) from problem


def _unreadable(path: Path, problem: BaseException) -> BaseException:
    """Return the error to raise: a panic of the library, which is no `Exception`, is a damaged file too."""
    is_panic = type(problem).__name__ == "PanicException"
    return damaged(path, _NAME) if is_panic or isinstance(problem, Exception) else problem


def _sheet_names(book: Any) -> tuple[str, ...]:
    """Return the names of the sheets that hold cells, charts and macros left out."""
    import python_calamine

    kinds = python_calamine.SheetTypeEnum
    return tuple(sheet.name for sheet in book.sheets_metadata if sheet.typ == kinds.WorkSheet)


def _load(path: Path, book: Any, name: str) -> Sheet:
    try:
        found = book.get_sheet_by_name(name)
        rows = found.to_python(skip_empty_area=False)
        merged = found.merged_cell_ranges or ()
    except BaseException as problem:
        raise _unreadable(path, problem) from problem
    return Sheet(name=name, rows=rows, merged=merged)


def _choose(path: Path, book: Any, names: tuple[str, ...], wanted: str | None) -> tuple[Sheet, tuple[str, ...]]:
    """Return the sheet asked for, else the one with most cells, and the names of all that hold a table."""
    if wanted is not None:
        if wanted not in names:
            raise UserError(
                tr("{file} has no sheet called {name}.").format(file=path.name, name=wanted),
                "",
                tr("Choose one of: {names}.").format(names=", ".join(names)),
            )
        return _load(path, book, wanted), ()
    best, most, tables = None, 0, []
    for name in names[:_MOST_SHEETS]:
        sheet = _load(path, book, name)
        n_cells = sum(map(filled, sheet.rows))
        if sum(filled(row) > 1 for row in sheet.rows) > 1:
            tables.append(name)
        if n_cells > most:
            best, most = sheet, n_cells
    if best is None:
        raise UserError(tr("{file} is empty.").format(file=path.name), "", tr("Choose another file, or save it again."))
    return best, tuple(tables)


def _place(sheet: Sheet, options: ReadOptions) -> Place:
    """Return where the table stands; a row of names that was stated is taken as stated."""
    start = options.header_row - 1 if options.header_row else first_row(sheet.rows, sheet.merged)
    stated = stated_header(options)
    sample = [[text_of_cell(cell) for cell in row] for row in sheet.rows[start : start + _VOTING_ROWS]]
    has_header = header_votes(sample)[0] >= 0 if stated is None else stated
    body = start + 1 if has_header else start
    end, n_below = end_of_table(sheet.rows, body)
    return Place(header=start if has_header else None, body=body, end=end, n_below=n_below)


def _layout(sheet: Sheet, place: Place, options: ReadOptions) -> Layout:
    """Return the layout as a text file would have it, so that names and questions are the same."""
    start = place.body if place.header is None else place.header
    sample = [[text_of_cell(cell) for cell in row] for row in sheet.rows[start : start + _VOTING_ROWS]]
    width = max((len(row) for row in sample), default=0)
    return Layout(
        delimiter="; ",
        header_row=0 if place.header is None else place.header + 1,
        header=tuple(sample[0]) if place.header is not None and sample else (),
        body=place.body,
        width=width,
        decimal=options.decimal or ".",
        header_sure=stated_header(options) is not None or header_votes(sample)[1],
        first_row=tuple(sample[0]) if sample else (),
        preamble=tuple("; ".join(filter(None, map(text_of_cell, row))) for row in sheet.rows[:start] if filled(row)),
    )


def _columns(
    sheet: Sheet, place: Place, layout: Layout, options: ReadOptions, on_step: OnStep, n_rows: int | None
) -> tuple[list[Settled], tuple[Finding, ...]]:
    """Return the columns of the table, and what was repaired."""
    n_merged = fill_merged(sheet.rows, sheet.merged, place.body)
    body = [row for row in sheet.rows[place.body : place.end] if filled(row)]
    n_blank = place.end - place.body - len(body)
    body = body[:n_rows]
    named = column_names(layout)
    answers = dict(options.answers)
    context = context_of(body, options.decimal or answers.get("decimal"), options.missing, answers)
    parts = []
    for i, name in enumerate(named.names):
        on_step(Step(text=tr("Reading column {name}").format(name=name), done=i, total=len(named.names)))
        parts.append(settle_cells(name, [row[i] for row in body], context))
    kept, empty = without_empty(parts, named.filled)
    counted = (
        (layout.preamble, notes.lines_skipped),
        (n_blank, notes.blank_lines),
        (n_merged, notes.merged_filled),
        (place.n_below, notes.lines_below),
    )
    found = [note(len(n) if isinstance(n, tuple) else n) for n, note in counted if n]
    return kept, (*found, *named.findings, *empty)


def _error_note(packed: Packed, name: str) -> tuple[Finding, ...]:
    """Return the warning about error cells of the sheet, which come empty."""
    cells = packed.errors.get(name, [])
    return (notes.error_cells([cell_name(*cell) for cell in cells]),) if cells else ()


def cell_name(column: int, row: int) -> str:
    """Return a cell as spreadsheets name it: B3 for column 1 and row 2, counted from 0."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"


def _ask_sheet(tables: tuple[str, ...], taken: str) -> Question:
    return Question(about="sheet", text=tr("Several sheets hold a table. Which one?"), choices=tables, taken=taken)


def _reading(
    path: Path,
    used: ReadOptions,
    given: ReadOptions,
    layout: Layout,
    parts: list[Settled],
    findings: tuple[Finding, ...],
    questions: tuple[Question, ...],
    names: tuple[str, ...],
) -> Reading:
    """Return everything that was understood, guesses and doubts included."""
    used = replace(used, header_row=layout.header_row)
    columns = tuple(part.column for part in parts)
    if not layout.header_sure:
        questions = (*questions, notes.ask_header(layout.delimiter.join(layout.first_row), bool(layout.header_row)))
    return Reading(
        table=Table(
            columns=columns,
            row_ids=np.arange(1, len(columns[0]) + 1, dtype=np.int64),
            source=Source(name=path.name, format=_NAME, options=options_as_text(used)),
        ),
        options=used,
        guessed=tuple(option for option in ("sheet", "header_row") if getattr(given, option) is None),
        findings=(*findings, *(finding for part in parts for finding in part.findings)),
        questions=(*questions, *(question for part in parts for question in part.questions)),
        preamble=layout.preamble,
        sheets=names,
    )


def _no_rows(path: Path, sheet: str) -> UserError:
    return UserError(
        tr("{file} has no data rows.").format(file=path.name),
        tr("There is nothing below the column names in sheet {sheet}.").format(sheet=sheet),
        tr("Choose another sheet, or say which row holds the column names."),
    )


EXCEL = Reader(name=_NAME, suffixes=(".xlsx", ".xlsm", ".xls", ".ods"), read=read_excel, recognise=is_workbook, in_part=False)
"""The reader of workbooks."""
