"""The sentences about a file that was read: what was repaired, what was guessed, what is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from mlgui.data.dates import DayOrder
from mlgui.data.read.reader import Question
from mlgui.findings import Finding, Severity
from mlgui.words import ntr, tr

HEADER_CHOICES = ("yes", "no")
_SHOWN = 5


def _note(code: str, title: str, text: str, *about: str) -> Finding:
    return Finding(code=code, severity=Severity.NOTE, title=title, text=text, about=about)


def _warning(code: str, title: str, text: str, *about: str) -> Finding:
    return Finding(code=code, severity=Severity.WARNING, title=title, text=text, about=about)


def _rows(rows: Sequence[int] | NDArray[np.int64]) -> str:
    """Return row numbers as "2, 3, 8 and 12 more"."""
    shown = ", ".join(str(int(row)) for row in rows[:_SHOWN])
    more = len(rows) - _SHOWN
    return tr("{rows} and {n} more").format(rows=shown, n=more) if more > 0 else shown


def leave_as_text() -> str:
    """Return the choice that leaves a column as it is written."""
    return DayOrder.TEXT.value


def identifiers_kept(name: str, example: str, *, zero: bool) -> Finding:
    """Say that digits were kept as text because a number would lose some of them."""
    why = tr("leading zeros") if zero else tr("more digits than a number can hold")
    text = tr('{name} holds {why} (such as "{example}"), so it was kept as text. Change its kind if it is a number.')
    return _note("digits-kept-as-text", tr("Digits kept as text"), text.format(name=name, why=why, example=example), name)


def infinite_values(name: str, rows: NDArray[np.int64]) -> Finding:
    """Say that infinite values count as missing."""
    text = ntr(
        "{name} is infinite in row {rows}. No model can use that value, so it counts as missing.",
        "{name} is infinite in rows {rows}. No model can use these values, so they count as missing.",
        len(rows),
    )
    return _warning("infinite-values", tr("Infinite values"), text.format(name=name, rows=_rows(rows)), name)


def suspicious_code(name: str, value: float, n: int) -> Finding:
    """Say that a value looks like a code for "missing"."""
    text = ntr(
        "{name} holds the value {value:g} once, far from the others. It was kept as a number. If it means "
        '"missing", add it to the missing codes.',
        "{name} holds the value {value:g} {n} times, far from the others. It was kept as a number. If it means "
        '"missing", add it to the missing codes.',
        n,
    )
    found = _warning("suspicious-value", tr("A code for missing?"), text.format(name=name, value=value, n=n), name)
    return replace(found, codes=(f"{value:g}",))


def excel_errors(name: str, words: Sequence[str]) -> Finding:
    """Say that spreadsheet errors count as missing."""
    text = tr("{name} holds spreadsheet errors ({words}). They count as missing; mend the formulas in the spreadsheet.")
    return _warning("spreadsheet-errors", tr("Spreadsheet errors"), text.format(name=name, words=", ".join(words)), name)


def other_decimal(name: str, mark: str) -> Finding:
    """Say that one column uses another decimal mark than the file."""
    text = tr('{name} uses "{mark}" as decimal mark, unlike other columns. Its values were read as numbers with that mark.')
    return _note("other-decimal-mark", tr("Another decimal mark"), text.format(name=name, mark=mark), name)


def thousands_marks(name: str, example: str) -> Finding:
    """Say that marks between groups of three digits were taken out."""
    text = tr('The marks in {name} (such as "{example}") were read as thousands marks.')
    return _note("thousands-marks", tr("Thousands marks"), text.format(name=name, example=example), name)


def ask_thousands(name: str, example: str) -> Question:
    """Ask whether the mark in 1,234 separates thousands."""
    taken = "thousands"
    text = tr('Does the mark in {name} (such as "{example}") separate thousands?').format(name=name, example=example)
    return Question(about=name, text=text, choices=(taken, leave_as_text()), taken=taken)


def ask_day_order(name: str, example: str) -> Question:
    """Ask which number of a date is the day."""
    text = tr("Is {example} in {name} written with the day or with the month first? It stays text until you say.")
    choices = tuple(order.value for order in DayOrder)
    return Question(about=name, text=text.format(example=example, name=name), choices=choices, taken=leave_as_text())


def ask_decimal(example: str, taken: str) -> Question:
    """Ask whether the mark in 1,234 is decimal."""
    text = tr('Is the mark in numbers such as "{example}" the decimal mark? Every one of them stands before three digits.')
    return Question(about="decimal", text=text.format(example=example), choices=(".", ","), taken=taken)


def ask_header(first: str, taken: bool) -> Question:
    """Ask whether the first line holds names."""
    text = tr('Does the first line ("{first}") hold the names of the columns?').format(first=first)
    return Question(about="header_row", text=text, choices=HEADER_CHOICES, taken=HEADER_CHOICES[not taken])


def mixed_column(name: str, first_rows: Mapping[str, int], n: int) -> Finding:
    """Say which words stand among the numbers of a column, and where."""
    shown = list(first_rows.items())[:_SHOWN]
    words = "; ".join(tr('row {row}: "{word}"').format(row=row, word=word) for word, row in shown)
    text = ntr(
        "{name} holds numbers and {n} word ({words}), so it was kept as text. If the word means that the value is missing, "
        "add it to the missing codes; else correct the file.",
        "{name} holds numbers and {n} words ({words}), so it was kept as text. If these words mean that the value is "
        "missing, add them to the missing codes; else correct the file.",
        n,
    )
    found = _warning("mixed-column", tr("Words among numbers"), text.format(name=name, n=n, words=words), name)
    return replace(found, codes=tuple(first_rows) if len(first_rows) <= _SHOWN else ())


def labels_alike(name: str, alike: Sequence[tuple[str, ...]]) -> Finding:
    """Say which labels differ only in capitals, blanks or the way an accent is written."""
    shown = "; ".join(", ".join(f'"{word}"' for word in words[:_SHOWN]) for words in alike[:_SHOWN])
    text = ntr(
        "{name} holds labels that look alike but are written differently ({shown}). They are kept apart: merge them if they mean "
        "the same.",
        "{name} holds {n} sets of labels that look alike but are written differently ({shown}). They are kept apart: merge "
        "those that mean the same.",
        len(alike),
    )
    return _warning("labels-alike", tr("Labels that look alike"), text.format(name=name, n=len(alike), shown=shown), name)


def code_na(name: str) -> Finding:
    """Say that NA counts as missing among codes of two letters."""
    text = tr('"NA" in {name} counts as missing, although the other values are codes of two letters too (Namibia is NA).')
    return _warning("na-may-be-a-code", tr("NA: missing, or a code?"), text.format(name=name), name)


def short_rows(rows: Sequence[int], width: int) -> Finding:
    """Say that rows have too few cells."""
    text = ntr(
        "Row {rows} has fewer cells than the {width} columns. The cells at its end count as missing.",
        "Rows {rows} have fewer cells than the {width} columns. The cells at their end count as missing.",
        len(rows),
    )
    return _warning("short-rows", tr("Rows with too few cells"), text.format(rows=_rows(rows), width=width))


def long_rows(rows: Sequence[int], width: int, example: str) -> Finding:
    """Say that rows have too many cells."""
    text = ntr(
        'Row {rows} has more cells than the {width} columns. What stands behind the last column ("{example}") was left out. '
        "Check the delimiter and missing quotes.",
        'Rows {rows} have more cells than the {width} columns. What stands behind the last column (such as "{example}") was '
        "left out. Check the delimiter and missing quotes.",
        len(rows),
    )
    return _warning("long-rows", tr("Rows with too many cells"), text.format(rows=_rows(rows), width=width, example=example))


def broken_quotes(rows: Sequence[int]) -> Finding:
    """Say that quotes do not close."""
    text = ntr(
        "In row {rows} a quotation mark is opened and not closed before the next cell. The quotation mark was ignored: check "
        "this row.",
        "In rows {rows} a quotation mark is opened and not closed before the next cell. These quotation marks were ignored: "
        "check these rows.",
        len(rows),
    )
    return _warning("unclosed-quote", tr("A quotation mark is never closed"), text.format(rows=_rows(rows)))


def renamed(old_and_new: Sequence[tuple[str, str]]) -> Finding:
    """Say that columns of the same name got different ones."""
    pairs = "; ".join(tr("{old} → {new}").format(old=old, new=new) for old, new in old_and_new[:_SHOWN])
    text = tr("Several columns have the same name. Each must have its own, so these were renamed: {pairs}.")
    return _warning("duplicate-names", tr("Column names made unique"), text.format(pairs=pairs), *(new for _, new in old_and_new))


def named(names: Sequence[str]) -> Finding:
    """Say that columns without a name got one."""
    text = ntr(
        "One column has no name in the file; it is called {names}.",
        "{n} columns have no name in the file; they are called {names}.",
        len(names),
    )
    shown = ", ".join(names[:_SHOWN])
    return _note("unnamed-columns", tr("Columns without a name"), text.format(n=len(names), names=shown), *names)


def empty_columns_left_out(n: int) -> Finding:
    """Say that columns with neither name nor values were left out."""
    text = ntr(
        "{n} column has neither a name nor a value and was left out.",
        "{n} columns have neither a name nor a value and were left out.",
        n,
    )
    return _note("empty-columns", tr("Empty columns"), text.format(n=n))


def no_header(names: Sequence[str]) -> Finding:
    """Say that the file has no header."""
    text = tr("The first line holds values, not names. The columns are called {first} to {last}.")
    return _note("no-header", tr("No column names"), text.format(first=names[0], last=names[-1]))


def row_names(name: str) -> Finding:
    """Say that the header names one column less than there are."""
    text = tr("The header has one name less than the rows have cells. The first column was taken for row names: {name}.")
    return _note("row-names", tr("Row names"), text.format(name=name), name)


def lines_skipped(n: int) -> Finding:
    """Say that lines before the header were left out."""
    text = ntr(
        "{n} line before the column names is not part of the table and was left out.",
        "{n} lines before the column names are not part of the table and were left out.",
        n,
    )
    return _note("lines-skipped", tr("Lines before the table"), text.format(n=n))


def blank_lines(n: int) -> Finding:
    """Say that blank lines were left out."""
    text = ntr("{n} blank line inside the table was left out.", "{n} blank lines inside the table were left out.", n)
    return _note("blank-lines", tr("Blank lines"), text.format(n=n))


def other_suffix(file: str, found: str) -> Finding:
    """Say that the content of a file is not what its name promises."""
    text = tr("{file} is not what its name says; its content was read as {found}.").format(file=file, found=found)
    return _note("other-suffix", tr("Name and content differ"), text)


def declared_missing(name: str, counts: Mapping[str, int]) -> Finding:
    """Say how many values the file declares missing."""
    n = sum(counts.values())
    shown = "; ".join(tr("{value}: {n}").format(value=value, n=times) for value, times in list(counts.items())[:_SHOWN])
    text = ntr(
        "{name} holds {n} value that the file declares missing ({shown}). It counts as missing.",
        "{name} holds {n} values that the file declares missing ({shown}). They count as missing.",
        n,
    )
    return _note("declared-missing", tr("Values declared missing"), text.format(name=name, n=n, shown=shown), name)


def labels_left_out(name: str, labels: Sequence[str]) -> Finding:
    """Say that a column is one of numbers although a few values have labels."""
    shown = ", ".join(labels[:_SHOWN])
    text = tr("Only some values of {name} have labels ({shown}), so it was read as numbers.").format(name=name, shown=shown)
    return _note("labels-left-out", tr("Labels of a few values"), text, name)


def columns_left_out(names: Sequence[str]) -> Finding:
    """Say that columns which hold no plain values were left out."""
    text = ntr(
        "The column {names} holds lists, matrices or other objects, not one value a row. It was left out.",
        "{n} columns hold lists, matrices or other objects, not one value a row, and were left out: {names}.",
        len(names),
    )
    shown = ", ".join(names[:_SHOWN])
    return _warning("columns-left-out", tr("Columns left out"), text.format(n=len(names), names=shown), *names)


def error_cells(cells: Sequence[str]) -> Finding:
    """Say that cells hold a spreadsheet error."""
    text = ntr(
        "The cell {cells} holds a spreadsheet error such as #DIV/0!. It counts as missing; mend the formula in the spreadsheet.",
        "{n} cells hold a spreadsheet error such as #DIV/0! ({cells}). They count as missing; mend the formulas in the "
        "spreadsheet.",
        len(cells),
    )
    shown = ", ".join(cells[:_SHOWN])
    return _warning("spreadsheet-errors", tr("Spreadsheet errors"), text.format(n=len(cells), cells=shown))


def merged_filled(n: int) -> Finding:
    """Say that the value of merged cells was written into each of their rows."""
    text = ntr(
        "{n} empty cell belongs to merged cells and got their value.",
        "{n} empty cells belong to merged cells and got their values.",
        n,
    )
    return _note("merged-cells", tr("Merged cells"), text.format(n=n))


def lines_below(n: int) -> Finding:
    """Say that lines of text below the table were left out."""
    text = ntr(
        "{n} line of text below the table is not part of it and was left out.",
        "{n} lines of text below the table are not part of it and were left out.",
        n,
    )
    return _note("lines-below", tr("Lines below the table"), text.format(n=n))


def numbers_as_text(name: str) -> Finding:
    """Say that numbers typed as text were read as numbers."""
    text = tr("{name} holds numbers stored as text in the spreadsheet. They were read as numbers.").format(name=name)
    return _note("numbers-stored-as-text", tr("Numbers stored as text"), text, name)


def dates_among_others(name: str, example: str) -> Finding:
    """Say that some cells are dates and others are not, as when a spreadsheet takes 1.5 for the first of May."""
    text = tr(
        "{name} holds dates (such as {example}) beside other values. Spreadsheets make dates of entries such as 1.5 or 3-4: "
        "check the column in the spreadsheet."
    )
    return _warning("dates-among-others", tr("Dates among other values"), text.format(name=name, example=example), name)
