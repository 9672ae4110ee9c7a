"""The data as a grid of any size: values become text when they are shown."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QBrush, QFont

from mlgui.data.edits.rows import cell_text
from mlgui.data.table import CODED, Column, Kind, Table
from mlgui.gui.theme import Theme
from mlgui.results.numbers import number
from mlgui.words import tr

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
BADGE_ROLE = Qt.ItemDataRole.UserRole + 5
_SAMPLE, _MOST_DECIMALS = 2000, 6
_TOO_LARGE = 1e15


class DataGridModel(QAbstractTableModel):
    """Shows the rows `rows` of a table. dropped: rows the model left out, struck through; picked: rows of selected groups.

    edited(row of the table, column, text): what somebody typed into a cell; the model itself changes nothing.
    """

    edited = Signal(int, str, str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.table: Table | None = None
        self.rows: NDArray[np.int64] = np.empty(0, dtype=np.int64)
        self._levels: dict[str, str] = {}
        self._dropped: dict[int, tuple[str, ...]] = {}
        self._picked: NDArray[np.bool_] = np.empty(0, dtype=bool)
        self._decimals: dict[str, int | None] = {}
        self._names: frozenset[str] = frozenset()
        self._kept: NDArray[np.bool_] | None = None

    def show(
        self,
        table: Table | None,
        levels: dict[str, str],
        dropped: dict[int, tuple[str, ...]],
        groupings: frozenset[str] = frozenset(),
    ) -> None:
        """Show a table. levels: words for the level of a column, "" for that of rows.

        dropped: row -> columns missing there, none for a row whose group is left out.
        groupings: columns that tell groups apart; their numbers are names, written as they are.
        """
        if self._has_shape_of(table):
            self._take(table, levels, dropped, groupings)
            self._announce_all()
            return
        self.beginResetModel()
        self._take(table, levels, dropped, groupings)
        n = table.n_rows if table is not None else 0
        self.rows, self._picked = np.arange(n), np.zeros(n, dtype=bool)
        self.endResetModel()

    def _has_shape_of(self, table: Table | None) -> bool:
        """Whether only values differ, so that scrolling, selection and the order of rows may stay."""
        old = self.table
        return old is not None and table is not None and (old.names, old.n_rows) == (table.names, table.n_rows)

    def _take(
        self,
        table: Table | None,
        levels: dict[str, str],
        dropped: dict[int, tuple[str, ...]],
        groupings: frozenset[str],
    ) -> None:
        old = {column.name: column for column in self.table.columns} if self.table is not None else {}
        same = {column.name for column in table.columns if old.get(column.name) is column} if table is not None else set()
        self._decimals = {name: decimals for name, decimals in self._decimals.items() if name in same}
        self.table, self._levels, self._dropped, self._names = table, levels, dropped, groupings
        self._kept = table.filter.kept if table is not None and table.filter is not None else None

    def _announce_all(self) -> None:
        """Say that everything on show may look different."""
        if len(self.rows) and self.columnCount():
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.rows) - 1, self.columnCount() - 1))
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, self.columnCount() - 1)

    def set_rows(self, rows: NDArray[np.int64]) -> None:
        """Show only these rows, in this order."""
        if np.array_equal(rows, self.rows):
            return
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def set_picked(self, picked: NDArray[np.bool_]) -> None:
        """Highlight rows, one flag for each row of the table."""
        self._picked = picked
        self._announce_all()

    def is_struck(self, row: int) -> bool:
        """Whether a row of the table is struck through: the filter or the model leaves it out."""
        return row in self._dropped or (self._kept is not None and not self._kept[row])

    def flags(self, index: Index) -> Qt.ItemFlag:
        return super().flags(index) | Qt.ItemFlag.ItemIsEditable

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        assert self.table is not None
        column, row = self.table.columns[index.column()], int(self.rows[index.row()])
        if role != Qt.ItemDataRole.EditRole or str(value).strip() == cell_text(column, row):
            return False
        self.edited.emit(row, column.name, str(value))
        return False

    def column_at(self, section: int) -> Column | None:
        """Return the column shown at a position."""
        return self.table.columns[section] if self.table is not None and section < len(self.table.columns) else None

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() or self.table is None else len(self.table.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        assert self.table is not None
        column, row = self.table.columns[index.column()], int(self.rows[index.row()])
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return value_text(column, row, self._decimals_of(column), plain=column.name in self._names)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._side(column)
        if role == Qt.ItemDataRole.EditRole:
            return cell_text(column, row)
        if role == Qt.ItemDataRole.ToolTipRole and self._kept is not None and not self._kept[row]:
            return tr("Left out by the filter of the rows")
        if role == Qt.ItemDataRole.ToolTipRole and row in self._dropped:
            names = ", ".join(self._dropped[row])
            if not names:
                return tr("Its group is left out of the model")
            return tr("Left out of the model: no value for {names}").format(names=names)
        return self._look(column, row, role)

    def _side(self, column: Column) -> Qt.AlignmentFlag:
        """Return the alignment of a column: numbers to the right, names of groups to the left even where they are numbers."""
        right = column.kind is Kind.NUMBER and column.name not in self._names
        return (Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft) | Qt.AlignmentFlag.AlignVCenter

    def _decimals_of(self, column: Column) -> int | None:
        if column.kind is not Kind.NUMBER:
            return 0
        if column.name not in self._decimals:
            self._decimals[column.name] = decimals_of(column)
        return self._decimals[column.name]

    def _look(self, column: Column, row: int, role: int) -> Any:
        if role == Qt.ItemDataRole.BackgroundRole:
            if self._picked[row]:
                return QBrush(self._theme.colour("accent_soft"))
            return QBrush(self._theme.colour("hover")) if is_missing(column, row) else None
        if role == Qt.ItemDataRole.ForegroundRole and self.is_struck(row):
            return QBrush(self._theme.colour("ink3"))
        if role == Qt.ItemDataRole.FontRole and self.is_struck(row):
            return _struck(self._theme.font(12.5).toString())
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if self.table is None:
            return None
        if orientation is Qt.Orientation.Vertical:
            return str(self.table.row_ids[self.rows[section]]) if role == Qt.ItemDataRole.DisplayRole else None
        column = self.table.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.name
        if role == Qt.ItemDataRole.ToolTipRole:
            return column.label or column.name
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._side(column)
        return self._levels.get(column.name, "") if role == BADGE_ROLE else None


def value_text(column: Column, row: int, decimals: int | None, *, plain: bool = False) -> str:
    """Return one value as text: numbers with fixed decimals (None: as short as exact), labels, ISO dates, "" if missing.

    plain: no mark between thousands, as in numbers that are names.
    """
    value = column.values[row]
    if column.kind in CODED:
        return column.levels[int(value)] if value >= 0 else ""  # type: ignore[operator]
    if column.kind in (Kind.DATE, Kind.DATETIME):
        return "" if np.isnat(value) else str(value).replace("T", " ")
    if np.isnan(value):
        return ""
    if plain:
        return f"{float(value):.15g}"
    return f"{float(value):.6g}" if decimals is None else number(float(value), decimals)


def is_missing(column: Column, row: int) -> bool:
    """Return whether a value is missing."""
    value = column.values[row]
    if column.kind in CODED:
        return bool(value < 0)  # type: ignore[operator]
    return bool(np.isnat(value) if column.kind in (Kind.DATE, Kind.DATETIME) else np.isnan(value))


def decimals_of(column: Column) -> int | None:
    """Return the fewest decimals (at most six) that show a sample of a column as it is; None where no fixed number does."""
    values = np.asarray(column.values[:: max(1, len(column) // _SAMPLE)], dtype=float)
    values = values[np.isfinite(values)]
    if values.size and float(np.abs(values).max()) > _TOO_LARGE:
        return None
    for decimals in range(_MOST_DECIMALS):
        if np.allclose(values, np.round(values, decimals), rtol=1e-9, atol=1e-12):
            return decimals
    small = bool(values.size) and 0 < float(np.median(np.abs(values))) < 10.0**-_MOST_DECIMALS
    return None if small else _MOST_DECIMALS


@lru_cache(maxsize=8)
def _struck(description: str) -> QFont:
    font = QFont()
    font.fromString(description)
    font.setStrikeOut(True)
    return font
