"""The seam every file format passes through: look at a file, then read it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from mlgui.data.table import Table
from mlgui.findings import Finding
from mlgui.progress import OnStep


@dataclass(frozen=True, kw_only=True)
class ReadOptions:
    """How to read a file. None or empty means: find out. header_row counts lines from 1; 0 means there is no header.

    missing: further texts that count as missing, beside the usual ones (`mlgui.data.missing`).
    answers: what the user replied to questions, as (about, choice) pairs.
    """

    sheet: str | None = None
    header_row: int | None = None
    delimiter: str | None = None
    decimal: str | None = None
    encoding: str | None = None
    missing: tuple[str, ...] = ()
    answers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Question:
    """Something the file leaves open: what is asked, the choices, and which one was taken until answered.

    about: a column, or `decimal` or `header_row` for the whole file. choices are stable English words, shown through `tr`;
    to answer, read again with (about, choice) in `ReadOptions.answers`.
    """

    about: str
    text: str
    choices: tuple[str, ...]
    taken: str


@dataclass(frozen=True, kw_only=True, eq=False)
class Reading:
    """A file as it was understood.

    options: every option as used, guesses filled in. guessed: names of the options that were guessed.
    preamble: lines before the header that were left out.
    """

    table: Table
    options: ReadOptions
    guessed: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    questions: tuple[Question, ...] = ()
    preamble: tuple[str, ...] = ()
    sheets: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Reader:
    """One format. read(path, options, on_step, n_rows) returns a Reading of the first n_rows rows (None: all).

    recognise(head) says whether the first bytes of a file look like this format, whatever its name.
    in_part: whether the first rows are read without all others.
    """

    name: str
    suffixes: tuple[str, ...]
    read: Callable[[Path, ReadOptions, OnStep, int | None], Reading]
    recognise: Callable[[bytes], bool] = field(default=lambda head: False)
    in_part: bool = True
