"""The grid of a sheet: where the table begins and ends in it, and what its columns of typed cells hold."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mlgui.data.kinds import label_of_number
from mlgui.data.missing import USUAL_MISSING
from mlgui.data.numbers import guess_decimal, looks_numeric
from mlgui.data.read import notes
from mlgui.data.read.settle import Context, Settled, settle_numbers, settle_texts
from mlgui.data.table import Column, Kind

Cell = str | float | bool | datetime.date | datetime.datetime | datetime.time | datetime.timedelta
Range = tuple[tuple[int, int], tuple[int, int]]

_SAMPLE_ROWS = 200
_FEWEST_NOTED = 3


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where the table stands in a sheet, row indices from 0. header: None without one. body: first row of data.

    end: first row behind the data. n_below: lines of text below the table that are not part of it.
    """

    header: int | None
    body: int
    end: int
    n_below: int = 0


def text_of_cell(cell: Cell) -> str:
    """Return a cell as its user would write it: 1 rather than 1.0, dates as 2023-05-01, truth values in small letters."""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, int | float):
        return label_of_number(cell) if np.isfinite(cell) else str(cell)
    if isinstance(cell, datetime.datetime) and cell.time() == datetime.time():
        return cell.date().isoformat()
    if isinstance(cell, datetime.timedelta):
        minutes, seconds = divmod(int(cell.total_seconds()), 60)
        return f"{minutes // 60:02d}:{minutes % 60:02d}:{seconds:02d}"
    return cell.isoformat(" ") if isinstance(cell, datetime.datetime) else cell.isoformat()


def filled(row: Sequence[Cell]) -> int:
    """Return how many cells of a row are not empty; where there are few, cells of blanks do not count."""
    n = len(row) - row.count("")
    if n > _FEWEST_NOTED:
        return n
    return sum(not isinstance(cell, str) or bool(cell.strip()) for cell in row)


def first_row(rows: Sequence[Sequence[Cell]], merged: Sequence[Range]) -> int:
    """Return the row the table begins on: not a title of one or two cells, nor cells merged across columns.

    A row of merged cells (Before, After) above the names of the columns is a title too.
    """
    counts = [filled(row) for row in rows[:_SAMPLE_ROWS]]
    usual = Counter(count for count in counts if count).most_common(1)
    if not usual:
        return 0
    least = max(2, (max(usual[0][0], _median(counts)) + 1) // 2) if usual[0][0] > 1 else 1
    across = {row for (top, left), (bottom, right) in merged if right > left for row in range(top, min(bottom, top + 50) + 1)}
    candidates = [i for i, count in enumerate(counts) if count >= least]
    return next((i for i in candidates if i not in across), candidates[0] if candidates else 0)


def _median(counts: Sequence[int]) -> int:
    present = sorted(count for count in counts if count)
    return present[len(present) // 2]


def end_of_table(rows: Sequence[Sequence[Cell]], body: int) -> tuple[int, int]:
    """Return the row behind the last of the table, and how many lines of text below it are left out.

    Left out is what stands below the last empty row if it is one text a row under a table of three or more columns.
    """
    end = len(rows)
    while end > body and not filled(rows[end - 1]):
        end -= 1
    below = end
    while below > body and filled(rows[below - 1]) == 1:
        below -= 1
    cut = next((i for i in range(below, end) if not filled(rows[i])), below)
    is_gap = 0 < cut < end and cut > body and not filled(rows[below - 1])
    texts = [cell for row in rows[below:end] for cell in row if cell != ""]
    usual = _median([filled(row) for row in rows[body : body + _SAMPLE_ROWS]] or [0]) if end > body else 0
    if not is_gap or not texts or usual < _FEWEST_NOTED or not all(isinstance(cell, str) for cell in texts):
        return end, 0
    last = below
    while last > body and not filled(rows[last - 1]):
        last -= 1
    return last, len(texts)


def fill_merged(rows: list[list[Cell]], merged: Sequence[Range], body: int) -> int:
    """Write the value of cells merged over several rows into each of them; return how many cells were filled."""
    budget = sum(map(len, rows))
    n_filled = 0
    for (top, left), (bottom, right) in merged:
        if bottom <= top or top < body or top >= len(rows) or left >= len(rows[top]) or rows[top][left] == "":
            continue
        for i in range(top, min(bottom + 1, len(rows))):
            for j in range(left, min(right + 1, len(rows[i]))):
                if rows[i][j] == "" and n_filled < budget:
                    rows[i][j] = rows[top][left]
                    n_filled += 1
    return n_filled


def context_of(rows: Sequence[Sequence[Cell]], decimal: str | None, missing: Sequence[str], answers: dict[str, str]) -> Context:
    """Return what is known of numbers typed as text anywhere in the table: their decimal mark, if they show it."""
    texts = (cell.strip() for row in rows[:_SAMPLE_ROWS] for cell in row if isinstance(cell, str))
    guess = guess_decimal(texts, "\t")
    return Context(
        decimal=decimal or guess.mark,
        decimal_sure=decimal is not None or (guess.sure and bool(guess.example)),
        missing=USUAL_MISSING | {text.strip() for text in missing},
        answers=answers,
    )


def settle_cells(name: str, cells: Sequence[Cell], context: Context) -> Settled:
    """Return the cells of a column as a `Column`; what was typed as text is read as text of a file would be."""
    types = {type(cell) for cell in cells if cell != ""}
    if types and types <= {float, int}:
        return settle_numbers(name, np.array([np.nan if cell == "" else cell for cell in cells], dtype=np.float64), context)
    if types and types <= {datetime.date, datetime.datetime}:
        return Settled(column=_dates(name, cells))
    seen: dict[str, int] = {}
    codes = np.fromiter((seen.setdefault(_written(cell, context), len(seen)) for cell in cells), np.int32, len(cells))
    settled = settle_texts(name, tuple(seen), codes, context)
    extra = []
    if str in types and settled.column.kind is Kind.NUMBER and _has_digits_as_text(cells, context):
        extra.append(notes.numbers_as_text(name))
    if types & {datetime.date, datetime.datetime} and settled.column.kind not in (Kind.DATE, Kind.DATETIME):
        extra.append(notes.dates_among_others(name, next(_written(cell, context) for cell in cells if _is_date(cell))))
    return Settled(column=settled.column, findings=(*extra, *settled.findings), questions=settled.questions)


def _is_date(cell: Cell) -> bool:
    return isinstance(cell, datetime.date)


def _written(cell: Cell, context: Context) -> str:
    """Return a cell as text, numbers with the decimal mark that texts in the table use."""
    if isinstance(cell, float | int) and not isinstance(cell, bool):
        return label_of_number(cell).replace(".", context.decimal) if np.isfinite(cell) else str(cell)
    return text_of_cell(cell)


def _has_digits_as_text(cells: Sequence[Cell], context: Context) -> bool:
    return any(isinstance(cell, str) and cell.strip() not in context.missing and looks_numeric(cell.strip()) for cell in cells)


def _dates(name: str, cells: Sequence[Cell]) -> Column:
    """Return dates, or points in time where any cell has a time of day."""
    timed = any(isinstance(cell, datetime.datetime) and cell.time() != datetime.time() for cell in cells)
    unit = "us" if timed else "D"
    moments = [cell if isinstance(cell, datetime.date) else None for cell in cells]
    values = np.array(moments, dtype="datetime64[us]").astype(f"datetime64[{unit}]")
    return Column(name=name, kind=Kind.DATETIME if timed else Kind.DATE, values=values)
