"""How a delimited text is laid out: delimiter, lines before the header, header, decimal mark."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from mlgui.data.missing import USUAL_MISSING
from mlgui.data.numbers import guess_decimal, is_decimal_comma_column, looks_numeric
from mlgui.data.read.notes import HEADER_CHOICES
from mlgui.data.read.reader import ReadOptions
from mlgui.data.read.rows import split_rows

DELIMITERS = (",", ";", "\t", "|")
_SAMPLE_ROWS = 200
_BLANKS = re.compile(r'("[^"]*")|^[ \t]+|[ \t]+$|([ \t]+)', re.MULTILINE)
_MOST_TITLE_LINES = 30


@dataclass(frozen=True, kw_only=True)
class Layout:
    """How the text is laid out. header: names as written, empty without a header. body: index of the first data line.

    header_row: line of the header counted from 1, 0 for none. width: cells in most rows. first_row: its cells, header or not.
    decimal_sure, header_sure: whether the file itself leaves no doubt. decimal_example: a number with the decimal mark, "" if
    none was seen. row_names: rows have one cell more than the header, and it comes first. preamble: lines left out above.
    """

    delimiter: str
    header_row: int
    header: tuple[str, ...]
    body: int
    width: int
    decimal: str
    decimal_sure: bool = True
    decimal_example: str = ""
    header_sure: bool = True
    first_row: tuple[str, ...] = ()
    row_names: bool = False
    preamble: tuple[str, ...] = ()


def sniff(lines: Sequence[str], options: ReadOptions) -> Layout:
    """Return the layout of a text from its first lines; what `options` state is taken as stated."""
    start, named_delimiter = _skip_comments(lines)
    if options.header_row:
        start = options.header_row - 1
    delimiter = options.delimiter or named_delimiter or _guess_delimiter(lines[start : start + _SAMPLE_ROWS])
    if options.header_row is None:
        start = _find_table(lines, start, delimiter)
    return _layout_from(lines, start, delimiter, options)


def _layout_from(lines: Sequence[str], start: int, delimiter: str, options: ReadOptions) -> Layout:
    """Return the layout once delimiter and first line of the table are known."""
    rows = split_rows(lines[start:], delimiter, _SAMPLE_ROWS)
    cells = [[cell.strip() for cell in row] for row in rows.cells]
    votes, votes_sure = header_votes(cells)
    stated = stated_header(options)
    has_header = votes >= 0 if stated is None else stated
    body_rows = [row for row in cells[has_header:] if any(row)]
    header = tuple(cells[0]) if has_header and cells else ()
    body = start + (rows.starts[1] if len(rows.starts) > 1 else max(len(lines) - start, 0)) if has_header else start
    width = Counter(map(len, body_rows)).most_common(1)[0][0] if body_rows else len(header)
    decimal = guess_decimal((cell for row in body_rows for cell in row), delimiter)
    return Layout(
        delimiter=delimiter,
        header_row=start + 1 if has_header else 0,
        header=header,
        body=body,
        width=width,
        decimal=options.decimal or decimal.mark,
        decimal_sure=decimal.sure or options.decimal is not None,
        decimal_example=decimal.example,
        first_row=tuple(cells[0]) if cells else (),
        header_sure=votes_sure or stated is not None,
        row_names=bool(header) and width == len(header) + 1 and all(len(row) == width and row[-1] for row in body_rows),
        preamble=tuple(line for line in lines[:start] if line.strip()),
    )


def stated_header(options: ReadOptions) -> bool | None:
    """Return whether the user said that there is a header, None if nothing was said."""
    if options.header_row is not None:
        return options.header_row > 0
    answer = dict(options.answers).get("header_row")
    return None if answer is None else answer == HEADER_CHOICES[0]


def _skip_comments(lines: Sequence[str]) -> tuple[int, str | None]:
    """Return the first line that is neither blank nor a comment, and the delimiter if a line `sep=;` names one.

    A comment that is followed by data without a header, and has as many cells, is the header.
    """
    delimiter = None
    at = 0
    while at < len(lines):
        line = lines[at].strip()
        if line.lower().startswith("sep=") and len(line) == 5:
            delimiter = line[4]
        elif line and not line.startswith("#"):
            break
        at += 1
    if at and at < len(lines) and lines[at - 1].startswith("#") and _is_header_of(lines[at - 1], lines[at]):
        at -= 1
    return at, delimiter


def _is_header_of(comment: str, line: str) -> bool:
    """Return whether a comment line has names for the cells of the data line below it."""
    for delimiter in DELIMITERS:
        names = comment.lstrip("# ").split(delimiter)
        cells = line.split(delimiter)
        if len(names) == len(cells) > 1:
            return any(looks_numeric(cell.strip()) for cell in cells) and not any(looks_numeric(n.strip()) for n in names)
    return False


def _guess_delimiter(lines: Sequence[str]) -> str:
    """Return the delimiter that cuts the lines into equally many cells, more than one, that hold no other delimiter."""
    if is_decimal_comma_column(lines):
        return ";"
    best, best_score = ",", (0.0, 0.0, 0)
    for rank, delimiter in enumerate(DELIMITERS):
        rows = [row for row in split_rows(lines, delimiter).cells if any(cell.strip() for cell in row)]
        widths = Counter(map(len, rows))
        width, count = max(widths.items(), key=lambda item: (item[1], item[0]), default=(1, 0))
        if width < 2:
            continue
        cells = [cell.strip() for row in rows for cell in row]
        clean = sum(looks_numeric(cell) or not any(mark in cell for mark in DELIMITERS) for cell in cells) / len(cells)
        score = (round(count / len(rows), 2), clean, -rank)
        if score > best_score:
            best, best_score = delimiter, score
    return " " if best_score == (0.0, 0.0, 0) and _cut_by_blanks(lines) else best


def _cut_by_blanks(lines: Sequence[str]) -> bool:
    """Return whether blanks cut the lines below the first into equally many cells, at least one of them a number in each."""
    rows = [single_blanks(line).split(" ") for line in lines if line.strip()]
    widths = {len(row) for row in rows[1:]}
    if len(widths) != 1 or len(rows[0]) not in {width - less for width in widths for less in (0, 1)}:
        return False
    return widths.pop() > 1 and all(any(looks_numeric(cell) for cell in row) for row in rows[1:])


def single_blanks(text: str) -> str:
    """Return the text with one blank where several blanks or tabs follow each other outside quotes, none around lines."""
    return _BLANKS.sub(lambda match: match.group(1) or (" " if match.group(2) else ""), text)


def _find_table(lines: Sequence[str], start: int, delimiter: str) -> int:
    """Return the line the table begins on: title lines of a single cell above rows of several are not part of it."""
    rows = split_rows(lines[start:], delimiter, _SAMPLE_ROWS)
    widths = Counter(len(row) for row in rows.cells if any(cell.strip() for cell in row))
    if not widths or widths.most_common(1)[0][0] < 2:
        return start
    for row, at in list(zip(rows.cells, rows.starts))[:_MOST_TITLE_LINES]:
        is_title = not any(cell.strip() for cell in row[1:]) and (len(row) == 1 or len(row) > 2)
        if not is_title:
            return start + at
    return start


def header_votes(cells: list[list[str]]) -> tuple[int, bool]:
    """Return for how many columns the first row differs from the numbers below it, less those where it does not.

    Years above numbers (2019, 2020) are names. Also return whether numbers told, and all told the same.
    """
    if len(cells) < 2:
        return (-1 if cells and all(looks_numeric(cell) for cell in cells[0] if cell) and any(cells[0]) else 0), True
    votes, told = 0, set()
    years = [cell for cell in cells[0] if cell.isascii() and cell.isdigit() and len(cell) == 4 and 1800 <= int(cell) <= 2200]
    for j, cell in enumerate(cells[0]):
        below = [row[j] for row in cells[1:] if j < len(row) and row[j] not in USUAL_MISSING]
        if not below or cell in USUAL_MISSING:
            continue
        numeric_below = sum(map(looks_numeric, below)) > 0.8 * len(below)
        if numeric_below:
            named = not looks_numeric(cell) or (cell in years and len(set(years)) > 1 and cell not in below)
            votes += 1 if named else -1
            told.add(named)
        elif cell in below:
            votes -= 1
    return votes, len(told) == 1 or (not told and votes == 0 and _all_words(cells))


def _all_words(cells: list[list[str]]) -> bool:
    """Return whether the first row has only distinct, filled, non-numeric cells: a header, even above columns of words."""
    first = cells[0] if cells else []
    return len(set(first)) == len(first) and not any(looks_numeric(cell) or not cell for cell in first)
