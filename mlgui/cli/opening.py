"""From what was typed to a table: reading options, forced kinds, and where JSON goes."""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from mlgui.errors import UserError
from mlgui.words import tr

if TYPE_CHECKING:
    from mlgui.data.read.reader import Reading, ReadOptions
    from mlgui.data.structure import Structure
    from mlgui.data.table import Column, Table

_DELIMITERS = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "space": " "}


def open_data(chosen: argparse.Namespace) -> tuple[Reading, Structure]:
    """Return the file as it was understood, with the kinds that were forced, and its groups."""
    from dataclasses import replace

    from mlgui.data.structure import find_structure
    from mlgui.session.jobs import open_file
    from mlgui.session.project import is_project

    path = existing(chosen.data)
    if is_project(path):
        raise UserError(
            tr("{name} is a project, not a data file.").format(name=path.name), tr("It holds its data and models itself."),
            tr("Open it with: mlgui {name}").format(name=chosen.data),
        )  # fmt: skip
    reading, structure = open_file(path, reading_options(chosen))
    table = with_kinds(with_steps(reading.table, chosen.steps), chosen.category, chosen.number)
    if table is not reading.table:
        reading, structure = replace(reading, table=table), find_structure(table)
    return reading, structure


def with_steps(table: Table, steps: Sequence[tuple[str, str]]) -> Table:
    """Return the table with columns computed and rows struck through, in the order asked for.

    steps: ("compute", "name=expression") or ("keep", "expression"). UserError for a wrong one.
    """
    from mlgui.data.edits.columns import computed
    from mlgui.data.edits.rows import filtered

    for verb, text in steps:
        if verb == "keep":
            table = filtered(table, text)
            continue
        name, equals, expression = text.partition("=")
        if not equals:
            raise UserError(tr("“{text}” computes no column.").format(text=text), "", tr("Write --compute \"name=expression\"."))
        table = computed(table, name, expression.strip())
    return table


def existing(text: str) -> Path:
    """Return the path of a file; UserError if there is none."""
    path = Path(text)
    if not path.exists():
        raise UserError(
            tr("There is no file {name}.").format(name=text), "", tr("Check its name and folder (the present one is {folder}).")
            .format(folder=Path.cwd()),
        )  # fmt: skip
    return path


def reading_options(chosen: argparse.Namespace) -> ReadOptions:
    """Return the reading options that were given."""
    from mlgui.data.read.reader import ReadOptions

    answers = tuple(tuple(answer.split("=", 1)) for answer in chosen.answer)
    wrong = [answer for answer in answers if len(answer) != 2]
    if wrong:
        raise UserError(tr("“{text}” is no reply to a question.").format(text=wrong[0][0]), "", tr("Write ABOUT=CHOICE."))
    return ReadOptions(
        sheet=chosen.sheet,
        header_row=chosen.header_row,
        delimiter=_DELIMITERS.get(chosen.delimiter, chosen.delimiter),
        decimal=chosen.decimal,
        encoding=chosen.encoding,
        missing=tuple(part.strip() for text in chosen.missing for part in text.split(",") if part.strip()),
        answers=answers,  # type: ignore[arg-type]
    )


def with_kinds(table: Table, categories: list[str], numbers: list[str]) -> Table:
    """Return the table with columns forced to be categories (`COL` or `COL=a,b,c`) or numbers (`COL`)."""
    from mlgui.data.kinds import as_category, as_number

    for text in categories:
        name, levels = _split_category(table, text)
        table = table.with_column(as_category(column_of(table, name), levels))
    for name in numbers:
        table = table.with_column(as_number(column_of(table, name)))
    return table


def _split_category(table: Table, text: str) -> tuple[str, tuple[str, ...] | None]:
    """Return column and levels; a column whose own name holds an equals sign is found first.

    Levels are separated as in a CSV file: one that holds a comma stands in quotation marks.
    """
    if text in table or "=" not in text:
        return text, None
    place = max((len(name) for name in table.names if text.startswith(name + "=")), default=text.index("="))
    levels = next(csv.reader([text[place + 1 :]], skipinitialspace=True), [])
    return text[:place], tuple(level.strip() for level in levels)


def column_of(table: Table, name: str) -> Column:
    """Return the column called `name`; UserError that lists the columns if there is none."""
    if name not in table:
        raise UserError(
            tr("There is no column {name}.").format(name=name), "",
            tr("The columns are: {names}.").format(names=", ".join(table.names[:40])),
        )  # fmt: skip
    return table[name]


def write_json(content: object, target: str) -> None:
    """Write JSON-ready values to a file, or to standard output for "-"."""
    from mlgui.export.json_report import json_text

    if target == "-":
        sys.stdout.write(json_text(content, ascii_only=True))  # the console's encoding may lack a character
    else:
        write_file(Path(target), json_text(content).encode("utf-8", "backslashreplace"))


def write_file(path: Path, content: bytes) -> None:
    """Write a file, making its folder; UserError where that is impossible."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        raise UserError(
            tr("{name} could not be written.").format(name=path),
            tr("The system says: {reason}.").format(reason=error.strerror or str(error)),
        ) from error
