"""Delimited text (CSV, TSV, TXT; also gzip-compressed) to a table, with everything guessed shown and nothing silently changed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import numpy as np

from mlgui.data.missing import USUAL_MISSING
from mlgui.data.numbers import looks_numeric
from mlgui.data.read import notes
from mlgui.data.read.bounds import bounded_bytes, check_shape
from mlgui.data.read.cells import RawColumn, careful_columns, level_lines
from mlgui.data.read.encoding import DecodedText, decode, is_text
from mlgui.data.read.fast import FAST_FROM, fast_columns
from mlgui.data.read.names import column_names
from mlgui.data.read.reader import Question, Reader, Reading, ReadOptions
from mlgui.data.read.settle import Context, Settled, settle_numbers, settle_texts
from mlgui.data.read.sniff import Layout, single_blanks, sniff
from mlgui.data.table import Kind, Source, Table
from mlgui.errors import UserError
from mlgui.findings import Finding
from mlgui.progress import OnStep, Step, ignore_steps
from mlgui.words import tr

_HEAD_LINES = 1_000
_HEAD_CHARACTERS = 262_144
_PREVIEW_BYTES = 2_000_000
_NAME = "delimited text"


def read_delimited(path: Path, options: ReadOptions, on_step: OnStep, n_rows: int | None) -> Reading:
    """Return the first `n_rows` rows (None: all) of a text file as it was understood. UserError if it holds no table."""
    on_step(Step(text=tr("Reading {file}").format(file=path.name)))
    return _read_decoded(path.name, _load(path, options, n_rows), options, on_step, n_rows)


def read_text(
    text: str, options: ReadOptions | None = None, on_step: OnStep = ignore_steps, n_rows: int | None = None
) -> Reading:
    """Return the first `n_rows` rows (None: all) of pasted text as it was understood. UserError if it holds no table.

    Spreadsheets put tabs between cells; in a single column of numbers a comma is the decimal mark.
    """
    name = tr("The pasted text")
    if not text.strip():
        raise UserError(tr("{file} is empty.").format(file=name), "", tr("Copy the cells of a table, then paste again."))
    options = options or ReadOptions()
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    lines = [line for line in plain.split("\n", _HEAD_LINES)[:_HEAD_LINES] if line.strip()]
    from_sheet = all("\t" in line for line in lines) or all(looks_numeric(line.strip()) for line in lines)
    delimiter = options.delimiter or ("\t" if from_sheet else None)
    decoded = DecodedText(text=plain, encoding="utf-8")
    reading = _read_decoded(name, decoded, replace(options, delimiter=delimiter), on_step, n_rows)
    guessed = tuple(option for option in ("delimiter", "decimal", "header_row") if getattr(options, option) is None)
    return replace(reading, options=replace(reading.options, encoding=options.encoding), guessed=guessed)


def _read_decoded(name: str, decoded: DecodedText, options: ReadOptions, on_step: OnStep, n_rows: int | None) -> Reading:
    """Return a text as it was understood."""
    if options.decimal is None and dict(options.answers).get("decimal") in (".", ","):
        options = replace(options, decimal=dict(options.answers)["decimal"])
    layout = sniff(_head_lines(decoded.text), options)
    if layout.delimiter == " ":
        decoded = replace(decoded, text=single_blanks(decoded.text))
        layout = sniff(_head_lines(decoded.text), replace(options, delimiter=" "))
    named = column_names(layout)
    if not named.names:
        raise _no_rows(name)
    on_step(Step(text=tr("Finding rows and columns")))
    context = _context(options, layout)
    raw, row_findings = _cut(name, decoded.text, layout, context, len(named.names), n_rows)
    if not raw or not len(raw[0]):
        raise _no_rows(name)
    settled = []
    for i, (title, column) in enumerate(zip(named.names, raw, strict=True)):
        on_step(Step(text=tr("Reading column {name}").format(name=title), done=i, total=len(raw)))
        settled.append(_settle(title, column, context))
    settled, empty_findings = without_empty(settled, named.filled)
    return _reading(name, options, decoded, layout, settled, (*named.findings, *row_findings, *empty_findings))


def without_empty(settled: list[Settled], filled: tuple[str, ...]) -> tuple[list[Settled], tuple[Finding, ...]]:
    """Return the columns without those that have neither name nor value (a delimiter at the end of every line)."""
    kept = [part for part in settled if not (part.column.name in filled and part.column.kind is Kind.EMPTY)]
    n_gone = len(settled) - len(kept)
    if not kept:
        return settled, ()
    findings = [notes.empty_columns_left_out(n_gone)] if n_gone else []
    remaining = [part.column.name for part in kept if part.column.name in filled]
    if remaining:
        findings.append(notes.named(remaining))
    return kept, tuple(findings)


def _load(path: Path, options: ReadOptions, n_rows: int | None) -> DecodedText:
    """Return the text of the file, or of as much as a preview of `n_rows` rows needs. UserError for empty or binary files."""
    at_most = None if n_rows is None else max(_PREVIEW_BYTES, n_rows * 1_000)
    data = bounded_bytes(path, at_most)
    if not data.strip():
        raise UserError(tr("{file} is empty.").format(file=path.name), "", tr("Choose another file, or save it again."))
    if at_most is not None and len(data) == at_most:
        if data[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in data[:100]:
            data = bounded_bytes(path)
        else:
            data = data[: data.rfind(b"\n") + 1] or data
    return decode(data, options, path.name)


def _head_lines(text: str) -> list[str]:
    """Return the first lines of the text, the last one whole."""
    head = text[:_HEAD_CHARACTERS]
    lines = head.split("\n")
    if len(head) < len(text) and len(lines) > 1:
        lines.pop()
    return lines[:_HEAD_LINES]


def _cut(
    name: str, text: str, layout: Layout, context: Context, width: int, n_rows: int | None
) -> tuple[list[RawColumn], tuple[Finding, ...]]:
    """Return the cells of each column: by the fast path for large regular texts, else row by row with care.

    UserError if the text is too large for that, or lacks nearly all of its cells.
    """
    start = 0
    for _ in range(layout.body):
        start = text.find("\n", start) + 1
        if not start:
            start = len(text)
            break
    is_large = n_rows is None and len(text) - start >= FAST_FROM
    if is_large:
        columns = fast_columns(text[start:].rstrip("\n") + "\n", layout.delimiter, width, context)
        if columns is not None:
            return columns, ()
    check_shape(name, text, start, width)
    if is_large and '"' not in text:
        level, findings = level_lines(text[start:], layout.delimiter, width)
        columns = fast_columns(level, layout.delimiter, width, context)
        if columns is not None:
            return columns, findings
    return careful_columns(text[start:], layout.delimiter, width, n_rows)


def _context(options: ReadOptions, layout: Layout) -> Context:
    return Context(
        decimal=layout.decimal,
        decimal_sure=(layout.decimal_sure and bool(layout.decimal_example)) or options.decimal is not None,
        missing=USUAL_MISSING | {text.strip() for text in options.missing},
        answers=dict(options.answers),
    )


def _settle(name: str, column: RawColumn, context: Context) -> Settled:
    if column.numbers is not None:
        return settle_numbers(name, column.numbers, context)
    return settle_texts(name, column.texts, column.codes, context)


def _reading(
    name: str,
    options: ReadOptions,
    decoded: DecodedText,
    layout: Layout,
    settled: list[Settled],
    findings: tuple[Finding, ...],
) -> Reading:
    """Return everything that was understood, guesses and doubts included."""
    used = replace(
        options, delimiter=layout.delimiter, decimal=layout.decimal, encoding=decoded.encoding, header_row=layout.header_row
    )
    guessed = tuple(key for key in ("delimiter", "decimal", "encoding", "header_row") if getattr(options, key) is None)
    columns = tuple(part.column for part in settled)
    skipped = (notes.lines_skipped(len(layout.preamble)),) if layout.preamble else ()
    table = Table(
        columns=columns,
        row_ids=np.arange(1, len(columns[0]) + 1, dtype=np.int64),
        source=Source(name=name, format=_NAME, options=options_as_text(used)),
    )
    return Reading(
        table=table,
        options=used,
        guessed=guessed,
        findings=(*decoded.findings, *skipped, *findings, *(finding for part in settled for finding in part.findings)),
        questions=(*_layout_questions(layout), *(question for part in settled for question in part.questions)),
        preamble=layout.preamble,
    )


def options_as_text(options: ReadOptions) -> MappingProxyType[str, str]:
    """Return the reading options that are set, each as text."""
    pairs = {
        "sheet": options.sheet,
        "header_row": None if options.header_row is None else str(options.header_row),
        "delimiter": options.delimiter,
        "decimal": options.decimal,
        "encoding": options.encoding,
        "missing": ", ".join(options.missing) or None,
    }
    return MappingProxyType({name: value for name, value in pairs.items() if value is not None})


def _layout_questions(layout: Layout) -> tuple[Question, ...]:
    questions = []
    if not layout.decimal_sure:
        questions.append(notes.ask_decimal(layout.decimal_example, layout.decimal))
    if not layout.header_sure:
        questions.append(notes.ask_header(layout.delimiter.join(layout.first_row), bool(layout.header_row)))
    return tuple(questions)


def _no_rows(name: str) -> UserError:
    return UserError(
        tr("{file} has no data rows.").format(file=name),
        tr("There is nothing below the column names."),
        tr("Choose another file, or say which line holds the column names."),
    )


def looks_delimited(head: bytes) -> bool:
    """Return whether the first bytes of a file are text."""
    return bool(head.strip()) and is_text(head)


DELIMITED = Reader(
    name=_NAME,
    suffixes=(".csv", ".tsv", ".tab", ".txt", ".dat", ".asc", ".csv.gz", ".tsv.gz", ".txt.gz"),
    read=read_delimited,
    recognise=looks_delimited,
)
"""The reader of CSV and its relatives."""
