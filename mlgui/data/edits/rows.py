"""Which rows count, other values in single cells, and blocks of cells pasted in."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mlgui.data.edits.cells import Written, read_cells
from mlgui.data.edits.finishing import finished
from mlgui.data.expressions import read_expression, truth_of
from mlgui.data.steps import Action, DataStep, RowFilter
from mlgui.data.table import CODED, Column, Kind, Table
from mlgui.errors import UserError
from mlgui.words import tr


def filtered(table: Table, expression: str) -> Table:
    """Return the table with every row struck through that does not satisfy a condition; "" lets all rows count again.

    UserError with a position for a wrong expression, and where no row would be left.
    """
    step = DataStep(action=Action.FILTER, details=(("expression", expression),))
    if not expression.strip():
        return replace(table, filter=None, steps=(*table.steps, step))
    kept = truth_of(read_expression(expression, table), table)
    if not bool(kept.any()):
        raise UserError(tr("No row satisfies this condition."), "", tr("Write another one, or remove the filter."))
    return replace(table, filter=RowFilter(expression=expression, kept=kept), steps=(*table.steps, step))


def with_cell(table: Table, row: int, name: str, text: str) -> Table:
    """Return the table with another value in one cell; "" makes it missing. UserError where the column cannot hold it."""
    column = table[name]
    written = read_cells(column, [text])
    values = column.values.copy()
    values[row] = written.values[0]
    changed = replace(column, values=values, levels=written.levels)
    details = (("row", str(table.row_ids[row])), ("old", cell_text(column, row)), ("new", cell_text(changed, row)))
    step = DataStep(action=Action.EDIT, column=name, details=details)
    return finished(table.with_column(changed), step, frozenset({name}))


def cell_text(column: Column, row: int) -> str:
    """Return one value as text that `with_cell` reads back: the shortest digits that give the number, "" if missing."""
    value = column.values[row]
    if column.kind in CODED:
        return column.levels[int(value)] if value >= 0 else ""  # type: ignore[operator, call-overload]
    if column.kind in (Kind.DATE, Kind.DATETIME):
        return "" if np.isnat(value) else str(value)
    if np.isnan(value):
        return ""
    number = float(value)  # type: ignore[arg-type]
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)


@dataclass(frozen=True, kw_only=True)
class Block:
    """Cells as they came from the clipboard. rows: texts by row, every row as wide as the widest."""

    rows: tuple[tuple[str, ...], ...]

    @property
    def width(self) -> int:
        """Number of columns."""
        return len(self.rows[0]) if self.rows else 0


def block_of_text(text: str) -> Block:
    """Return what a spreadsheet put on the clipboard: tabs between cells, one line a row; quoted cells may hold both."""
    import csv
    import io

    csv.field_size_limit(10_000_000)
    lines = list(csv.reader(io.StringIO(text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")), delimiter="\t"))
    while lines and not any(cell.strip() for cell in lines[-1]):
        lines.pop()
    width = max((len(line) for line in lines), default=0)
    return Block(rows=tuple((*line, *[""] * (width - len(line))) for line in lines))


def with_block(table: Table, rows: NDArray[np.int64], first_column: int, block: Block) -> Table:
    """Return the table with a block of cells in it: row i of the block in row rows[i], columns from `first_column` on.

    Rows of the block beyond `rows` become new rows at the end. Decimal commas are understood column by column.
    UserError, and nothing changed, where the block is too wide or a column cannot hold a cell.
    """
    columns = table.columns[first_column : first_column + block.width]
    if len(columns) < block.width:
        raise UserError(
            tr("The block is wider than the table."),
            tr("It has {n} columns, and there are {m} from here on.").format(n=block.width, m=len(columns)),
            tr("Start further left, or paste it as new data."),
        )
    n_new = max(0, len(block.rows) - len(rows))
    places = np.concatenate([rows[: len(block.rows)], np.arange(table.n_rows, table.n_rows + n_new)]).astype(np.int64)
    grown = _with_empty_rows(table, n_new) if n_new else table
    for offset, column in enumerate(columns):
        written = read_cells(column, [row[offset] for row in block.rows])
        grown = grown.with_column(_written(grown[column.name], places, written))
    step = DataStep(action=Action.PASTE, column=", ".join(column.name for column in columns), details=_details(block, n_new))
    return finished(grown, step)


def _details(block: Block, n_new: int) -> tuple[tuple[str, str], ...]:
    return (("cells", str(len(block.rows) * block.width)), ("new rows", str(n_new)))


def _written(column: Column, places: NDArray[np.int64], written: Written) -> Column:
    values = column.values.copy()
    values[places] = written.values
    return replace(column, values=values, levels=written.levels)


def _with_empty_rows(table: Table, n: int) -> Table:
    """Return the table with n rows more, in which nothing is known."""
    last = int(table.row_ids.max()) if table.n_rows else 0
    columns = tuple(replace(column, values=np.concatenate([column.values, _nothing(column, n)])) for column in table.columns)
    row_ids = np.concatenate([table.row_ids, np.arange(last + 1, last + n + 1)])
    return replace(table, columns=columns, row_ids=row_ids)


def _nothing(column: Column, n: int) -> NDArray[np.generic]:
    if column.kind in CODED:
        return np.full(n, -1, dtype=np.int32)
    if column.kind in (Kind.DATE, Kind.DATETIME):
        return np.full(n, "NaT", dtype=column.values.dtype)
    return np.full(n, np.nan)
