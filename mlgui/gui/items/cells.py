"""Tables of a few rows whose cells carry more than text: badges, intervals, bars, warnings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from mlgui.gui.painting.text import plain

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
CELL_ROLE = Qt.ItemDataRole.UserRole + 1
MARKED_ROLE = Qt.ItemDataRole.UserRole + 2
"""Whether a row stands for what is marked."""


@dataclass(frozen=True, kw_only=True)
class Interval:
    """An estimate with its interval on a scale (low end, high end) shared by the column; ticks: drawn as an axis instead."""

    low: float
    middle: float
    high: float
    scale: tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class Cell:
    """What one cell shows. Empty by default.

    text: α_j is set as a symbol. detail: greyed words after it. colour: a token. badge: (words, filled). mark: (colour,
    shape) before the text. bar: share of the cell's width, drawn instead of text. interval, axis: a plot on one scale
    (axis: (scale, ticks)). icon: name of an icon before the text. heading: spans the row and is set bold. padded: keeps clear
    of the left edge. tip: tooltip. link: what a click asks for. key: in the first cell, what the row stands for.
    """

    text: str = ""
    detail: str = ""
    bold: bool = False
    colour: str = "ink"
    right: bool = False
    indent: int = 0
    badge: tuple[str, bool] | None = None
    mark: tuple[str, str] | None = None
    bar: float | None = None
    bar_colour: str = "ink2"
    interval: Interval | None = None
    axis: tuple[tuple[float, float], tuple[tuple[float, str], ...]] | None = None
    icon: str = ""
    heading: bool = False
    padded: bool = False
    tip: str = ""
    link: str = ""
    key: str = ""

    @property
    def spoken(self) -> str:
        """The cell as plain text, for screen readers and the clipboard."""
        parts = [plain(self.text), plain(self.detail), self.badge[0] if self.badge else ""]
        return " ".join(part for part in parts if part)


EMPTY = Cell()


class CellModel(QAbstractTableModel):
    """Rows of cells under headings. `show` replaces all of them; `mark` marks the row of a key, "" none."""

    def __init__(self, headings: Sequence[Cell]) -> None:
        super().__init__()
        self._headings = tuple(headings)
        self._rows: list[tuple[Cell, ...]] = []
        self._marked = ""

    def show(self, rows: Sequence[Sequence[Cell]], headings: Sequence[Cell] | None = None) -> None:
        """Show other rows; short ones are filled with empty cells. headings: other columns too."""
        self.beginResetModel()
        if headings is not None:
            self._headings = tuple(headings)
        width = len(self._headings)
        self._rows = [tuple(row) + (EMPTY,) * (width - len(row)) for row in rows]
        self.endResetModel()

    def mark(self, key: str) -> None:
        """Mark the row that stands for a key, "" for none; it stays marked when other rows are shown."""
        if key != self._marked:
            self._marked = key
            if self._rows:
                self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, len(self._headings) - 1), [MARKED_ROLE])

    def key(self, row: int) -> str:
        """Return what a row stands for, "" for nothing."""
        return self._rows[row][0].key if 0 <= row < len(self._rows) else ""

    def cell(self, row: int, column: int) -> Cell:
        """Return one cell."""
        return self._rows[row][column]

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._headings)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        cell = self._rows[index.row()][index.column()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return cell.spoken
        if role == Qt.ItemDataRole.ToolTipRole:
            return cell.tip or None
        if role == MARKED_ROLE:
            return bool(self._marked) and self.key(index.row()) == self._marked
        return cell if role == CELL_ROLE else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is not Qt.Orientation.Horizontal or section >= len(self._headings):
            return None
        heading = self._headings[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return plain(heading.text)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if heading.right else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return heading if role == CELL_ROLE else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
