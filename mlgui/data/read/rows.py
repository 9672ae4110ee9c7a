"""Lines to rows of cells, with care: quotes, line breaks inside quotes, quotes that never close."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_MOST_LINES_IN_QUOTES = 5_000
"""A quote open for longer than this was forgotten, not meant; it also bounds the work on hostile files."""

_OPEN = re.compile(r' *"')
_QUOTED = re.compile(r' *"([^"]*(?:""[^"]*)*)"')


@dataclass(frozen=True, kw_only=True)
class Rows:
    """Rows of cells. starts: index of the line each row begins on. broken: indices of rows with a faulty quote."""

    cells: list[list[str]]
    starts: list[int]
    broken: list[int]


def split_rows(lines: Sequence[str], delimiter: str, at_most: int | None = None) -> Rows:
    """Return the rows that the lines hold; a row may take several lines where a quoted cell does."""
    cells: list[list[str]] = []
    starts: list[int] = []
    broken: list[int] = []
    at = 0
    while at < len(lines) and (at_most is None or len(cells) < at_most):
        line = lines[at]
        starts.append(at)
        if '"' in line:
            row, at, faulty = _split_quoted(lines, at, delimiter)
            if faulty:
                broken.append(len(cells))
            cells.append(row)
        else:
            cells.append(line.split(delimiter))
            at += 1
    return Rows(cells=cells, starts=starts, broken=broken)


def _split_quoted(lines: Sequence[str], at: int, delimiter: str) -> tuple[list[str], int, bool]:
    """Return the cells of the row that begins on line `at`, the line after it, and whether a quote was faulty."""
    row: list[str] = []
    faulty = False
    rest: str | None = lines[at]
    while rest is not None:
        if not _OPEN.match(rest):
            cell, rest = _until(rest, delimiter)
        else:
            found = _quoted_cell(rest, lines, at, delimiter)
            if found is None:
                faulty = True
                cell, rest = _until(rest, delimiter)
                cell = cell.strip().removeprefix('"').removesuffix('"')
            else:
                cell, rest, at = found
        row.append(cell)
    return row, at + 1, faulty


def _until(rest: str, delimiter: str) -> tuple[str, str | None]:
    """Return the text before the first delimiter and what follows it, None at the end of the row."""
    cell, found, after = rest.partition(delimiter)
    return cell, (after if found else None)


def _quoted_cell(rest: str, lines: Sequence[str], at: int, delimiter: str) -> tuple[str, str | None, int] | None:
    """Return a quoted cell, what follows it, and the line it ends on; None if its quote never closes properly."""
    match = _QUOTED.match(rest)
    text = rest
    last = min(len(lines), at + _MOST_LINES_IN_QUOTES) - 1
    while match is None:
        end = next((i for i in range(at + 1, last + 1) if '"' in lines[i]), None)
        if end is None:
            return None
        text = "\n".join((text, *lines[at + 1 : end + 1]))
        at = end
        match = _QUOTED.match(text)
    after = text[match.end() :].lstrip(" ")
    if after and not after.startswith(delimiter):
        return None
    return match.group(1).replace('""', '"'), (after[len(delimiter) :] if after else None), at
