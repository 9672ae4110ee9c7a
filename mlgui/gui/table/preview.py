"""A few rows of a table as text: what a change would give."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from mlgui.data.table import Column, Kind
from mlgui.gui.items.data_grid import decimals_of, value_text
from mlgui.gui.theme import Theme
from mlgui.words import tr

ROWS = 5


class PreviewRows(QTableWidget):
    """Shows columns side by side; the last `n_new` of them in bold. struck: rows drawn as not counting."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setObjectName("preview")
        self.setAccessibleName(tr("Preview"))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.verticalHeader().setDefaultSectionSize(theme.px(25))
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.setMinimumHeight(theme.px(25) * 3)  # it grows where there is room

    def show_columns(self, columns: Sequence[Column], rows: Sequence[int], labels: Sequence[str], n_new: int) -> None:
        """Show some rows of columns, the last `n_new` in bold. labels: of the rows."""
        self.setRowCount(len(rows))
        self.setColumnCount(len(columns))
        self.setVerticalHeaderLabels(list(labels))
        for place, column in enumerate(columns):
            decimals = decimals_of(column) if column.kind is Kind.NUMBER else 0
            bold = place >= len(columns) - n_new
            for line, row in enumerate(rows):
                self.setItem(line, place, self._item(value_text(column, row, decimals), column, bold=bold))
            header = QTableWidgetItem(column.name)
            header.setTextAlignment(self._side(column) | Qt.AlignmentFlag.AlignVCenter)
            self.setHorizontalHeaderItem(place, header)

    def strike(self, struck: Sequence[bool]) -> None:
        """Draw rows as struck through."""
        for line, gone in enumerate(struck):
            for place in range(self.columnCount()):
                item = self.item(line, place)
                assert item is not None
                font = QFont(item.font())
                font.setStrikeOut(gone)
                item.setFont(font)
                item.setForeground(self._theme.colour("ink3" if gone else "ink"))

    def _item(self, text: str, column: Column, *, bold: bool) -> QTableWidgetItem:
        item = QTableWidgetItem(text)
        item.setTextAlignment(self._side(column) | Qt.AlignmentFlag.AlignVCenter)
        item.setFont(self._theme.font(12.5, 600 if bold else 400))
        return item

    @staticmethod
    def _side(column: Column) -> Qt.AlignmentFlag:
        return Qt.AlignmentFlag.AlignRight if column.kind is Kind.NUMBER else Qt.AlignmentFlag.AlignLeft
