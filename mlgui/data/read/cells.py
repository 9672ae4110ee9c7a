"""The cells of each column before anyone asks what they mean; cut row by row, ragged rows repaired and reported."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from mlgui.data.read import notes
from mlgui.data.read.rows import Rows, split_rows
from mlgui.findings import Finding


@dataclass(frozen=True, kw_only=True, eq=False)
class RawColumn:
    """One column of cells. numbers: the values, NaN missing, where every cell is a number or missing.

    Else texts: distinct cells as written, codes: position of each row's cell in `texts`, -1 missing, int32 (n,).
    """

    numbers: NDArray[np.float64] | None = None
    texts: Sequence[str] = ()
    codes: NDArray[np.int32] = field(default_factory=lambda: np.empty(0, dtype=np.int32))

    def __len__(self) -> int:
        return len(self.codes if self.numbers is None else self.numbers)


def careful_columns(text: str, delimiter: str, width: int, n_rows: int | None) -> tuple[list[RawColumn], tuple[Finding, ...]]:
    """Return the cells of `width` columns of the first `n_rows` rows (None: all), and what had to be repaired.

    A short row lacks the cells at its end, a long one loses those behind the last column: values never shift.
    """
    lines = text.rstrip("\n").split("\n") if text.strip("\n") else []
    rows = split_rows(lines, delimiter)
    cells, broken, n_blank = _without_blank(rows, width)
    del rows, lines
    cells = cells[:n_rows]
    short = [i for i, row in enumerate(cells, 1) if len(row) < width]
    surplus = {i: row[width:] for i, row in enumerate(cells, 1) if len(row) > width}
    findings = (*_ragged(short, surplus, n_blank, width), *_quotes([row for row in broken if row <= len(cells)]))
    for row in cells:
        if len(row) != width:
            row[:] = (row + [""] * width)[:width]
    return [_factorise([row[j] for row in cells]) for j in range(width)], findings


def _without_blank(rows: Rows, width: int) -> tuple[list[list[str]], list[int], int]:
    """Return rows without blank lines, numbers of rows with faulty quotes counted from 1, and how many lines were blank.

    In a file of one column a blank line is a missing value.
    """
    if width == 1:
        return rows.cells, [row + 1 for row in rows.broken], 0
    faulty = set(rows.broken)
    kept: list[list[str]] = []
    broken = []
    for i, row in enumerate(rows.cells):
        if len(row) > 1 or row[0].strip():
            kept.append(row)
            if i in faulty:
                broken.append(len(kept))
    return kept, broken, len(rows.cells) - len(kept)


def level_lines(text: str, delimiter: str, width: int) -> tuple[str, tuple[Finding, ...]]:
    """Return a text without quotes with `width` cells on every line, and what was repaired, as `careful_columns` does."""
    lines: list[str] = []
    short: list[int] = []
    surplus: dict[int, list[str]] = {}
    n_blank = 0
    for line in text.rstrip("\n").split("\n"):
        lacking = width - 1 - line.count(delimiter)
        if lacking == width - 1 and width > 1 and not line.strip():
            n_blank += 1
            continue
        if lacking > 0:
            line += delimiter * lacking
            short.append(len(lines) + 1)
        elif lacking < 0:
            cells = line.split(delimiter)
            line = delimiter.join(cells[:width])
            surplus[len(lines) + 1] = cells[width:]
        lines.append(line)
    return "\n".join(lines) + "\n", _ragged(short, surplus, n_blank, width)


def _ragged(short: list[int], surplus: dict[int, list[str]], n_blank: int, width: int) -> tuple[Finding, ...]:
    """Return warnings about rows with too few or too many cells and blank lines; empty cells too many are no loss."""
    lost = {row: [cell.strip() for cell in cells if cell.strip()] for row, cells in surplus.items()}
    long = [row for row, cells in lost.items() if cells]
    findings = []
    if short:
        findings.append(notes.short_rows(short, width))
    if long:
        findings.append(notes.long_rows(long, width, lost[long[0]][0]))
    if n_blank:
        findings.append(notes.blank_lines(n_blank))
    return tuple(findings)


def _quotes(broken: list[int]) -> tuple[Finding, ...]:
    return (notes.broken_quotes(broken),) if broken else ()


def _factorise(cells: list[str]) -> RawColumn:
    """Return the distinct cells in order of appearance, and codes into them."""
    seen: dict[str, int] = {}
    codes = np.fromiter((seen.setdefault(cell, len(seen)) for cell in cells), dtype=np.int32, count=len(cells))
    return RawColumn(texts=tuple(seen), codes=codes)
