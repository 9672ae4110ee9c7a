"""A result table of any length: cells are formatted when they are shown; sorted and filtered by an index of rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from mlgui.gui.items.cells import CELL_ROLE, Cell
from mlgui.gui.painting.text import plain
from mlgui.results.numbers import cell as cell_text
from mlgui.results.tables import Format, ResultColumn, ResultTable

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
EMPTY_TABLE = ResultTable(key="", title="", columns=())


class ResultTableModel(QAbstractTableModel):
    """Shows the rows `order` of a table. marks: (colour, shape) of every row of the table. emphasised: keys set bold."""

    def __init__(self) -> None:
        super().__init__()
        self.table = EMPTY_TABLE
        self.order: NDArray[np.int64] = np.empty(0, dtype=np.int64)
        self._places: NDArray[np.int64] = np.empty(0, dtype=np.int64)
        self._marks: Sequence[tuple[str, str]] = ()
        self._emphasised: frozenset[str] = frozenset()
        self._sorting: tuple[int, bool] | None = None

    def set_sorting(self, section: int, *, descending: bool) -> None:
        """Mark a heading as the one the rows are sorted by; -1 for none."""
        self._sorting = (section, descending) if section >= 0 else None
        if self.columnCount():
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, self.columnCount() - 1)

    def show(
        self,
        table: ResultTable,
        order: NDArray[np.int64],
        *,
        marks: Sequence[tuple[str, str]] = (),
        emphasised: frozenset[str] = frozenset(),
    ) -> None:
        """Show another table, or the same in another order. Where only cells change, scroll position and focus stay."""
        same = self._same_shape(table, order)
        if same:
            self._take(table, order, marks, emphasised)
            if self.rowCount():
                self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, self.columnCount() - 1))
                self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, self.columnCount() - 1)
            return
        self.beginResetModel()
        self._take(table, order, marks, emphasised)
        self.endResetModel()

    def _same_shape(self, table: ResultTable, order: NDArray[np.int64]) -> bool:
        keys = [column.key for column in self.table.columns]
        return keys == [column.key for column in table.columns] and len(order) == len(self.order)

    def _take(
        self, table: ResultTable, order: NDArray[np.int64], marks: Sequence[tuple[str, str]], emphasised: frozenset[str]
    ) -> None:
        self.table, self.order, self._marks, self._emphasised = table, order, marks, emphasised
        self._places = np.full(table.n_rows, -1, dtype=np.int64)
        self._places[order] = np.arange(len(order))

    def place_of(self, row: int) -> int:
        """Return where a row of the table is shown, -1 where it is not."""
        return int(self._places[row]) if 0 <= row < len(self._places) else -1

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.order)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.table.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        column = self.table.columns[index.column()]
        row = int(self.order[index.row()])
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return cell_text(column.cells[row], column)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _side(column.format) | Qt.AlignmentFlag.AlignVCenter
        return self._cell(index, row) if role == CELL_ROLE else None

    def _cell(self, index: Index, row: int) -> Cell:
        column = self.table.columns[index.column()]
        first, bold = index.column() == 0, column.key in self._emphasised
        return Cell(
            text=cell_text(column.cells[row], column),
            right=column.format is not Format.TEXT,
            bold=bold,
            padded=first,
            mark=self._marks[row] if first and self._marks else None,
        )

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is not Qt.Orientation.Horizontal or section >= len(self.table.columns):
            return None
        column = self.table.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return plain(column.heading)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _side(column.format) | Qt.AlignmentFlag.AlignVCenter
        if role != CELL_ROLE:
            return None
        arrow = (" ↓" if self._sorting[1] else " ↑") if self._sorting is not None and self._sorting[0] == section else ""
        right = column.format is not Format.TEXT
        return Cell(text=column.heading + arrow, right=right, colour="ink2", padded=section == 0, bold=bool(arrow))


def sorted_rows(column: ResultColumn, rows: NDArray[np.int64], *, descending: bool) -> NDArray[np.int64]:
    """Return `rows` ordered by their cells in a column, missing cells last; the order of equal cells stays."""
    if column.format not in (Format.TEXT, Format.MIXED):
        values = np.array([np.nan if cell is None else cell for cell in column.cells], dtype=float)[rows]
        return rows[np.argsort(-values if descending else values, kind="stable")]  # NaN last either way
    keys = [sort_key(column.cells[int(row)], descending=descending) for row in rows]
    places = sorted(range(len(rows)), key=keys.__getitem__)
    return rows[np.asarray(places, dtype=np.int64)] if len(rows) else rows


def sort_key(value: object, *, descending: bool) -> tuple[bool, float, str]:
    """Return a key that puts numbers by value before words, and missing values last."""
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        text = str(value or "").casefold()
        return (value is None, np.inf, "".join(chr(0x10FFFF - ord(c)) for c in text) if descending else text)
    return (bool(np.isnan(number)), -number if descending else number, "")


def _side(kind: Format) -> Qt.AlignmentFlag:
    return Qt.AlignmentFlag.AlignLeft if kind is Format.TEXT else Qt.AlignmentFlag.AlignRight
