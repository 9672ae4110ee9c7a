"""A long result table: sortable by its headings, linked to a selection of rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QItemSelection, QItemSelectionModel, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QWidget

from mlgui.gui.items.cell_delegate import CAPTION_PX, CellDelegate, CellHeader, cell_width
from mlgui.gui.items.cells import CELL_ROLE
from mlgui.gui.items.copying import copy_cells
from mlgui.gui.items.result_table import ResultTableModel
from mlgui.gui.items.widths import column_widths
from mlgui.gui.plots.style import screen_style
from mlgui.gui.theme import Theme
from mlgui.results.tables import ResultTable

_SAMPLE = 200


class ResultView(QTableView):
    """Shows rows of a result table in a given order. picked(rows): the user selected rows; sorted_by(column, descending)."""

    picked = Signal(object)
    sorted_by = Signal(int, bool)
    cleared = Signal()

    def __init__(self, theme: Theme, *, name: str, row_px: float = 29.0, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = ResultTableModel()
        self._theme = theme
        self._row_px = row_px
        self._sorting: tuple[int, bool] = (-1, False)
        self._wanted: list[int] = []
        self.setModel(self.rows)
        self.setItemDelegate(CellDelegate(theme, self))
        header = CellHeader(theme, self)
        header.setSectionsClickable(True)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setMinimumSectionSize(20)
        self.setHorizontalHeader(header)
        header.sectionClicked.connect(self._on_heading)
        self.setAccessibleName(name)
        self._plain_look()
        self.selectionModel().selectionChanged.connect(self._on_selection)
        theme.changed.connect(self._fit)
        self._fit()

    def _plain_look(self) -> None:
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setShowGrid(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWordWrap(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setTabKeyNavigation(False)

    def show_table(self, table: ResultTable, order: NDArray[np.int64], *, marks: Sequence[tuple[str, str]],
                   emphasised: frozenset[str] = frozenset()) -> None:  # fmt: skip
        """Show rows of a table; the selection is to be set again by the owner."""
        self.rows.show(table, order, marks=marks, emphasised=emphasised)
        self._fit()

    def set_sorting(self, section: int, *, descending: bool) -> None:
        """Mark the heading the rows are sorted by."""
        self._sorting = (section, descending)
        self.rows.set_sorting(section, descending=descending)

    def set_picked(self, rows: Iterable[int], last: int = -1) -> None:
        """Select rows of the table silently, and bring `last` into view."""
        places = [place for row in rows if (place := self.rows.place_of(row)) >= 0]
        selection = QItemSelection()
        right = max(self.rows.columnCount() - 1, 0)
        for place in places:
            selection.select(self.rows.index(place, 0), self.rows.index(place, right))
        self.selectionModel().blockSignals(True)
        self.selectionModel().select(selection, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        shown = self.rows.place_of(last)
        if shown >= 0:
            self.selectionModel().setCurrentIndex(self.rows.index(shown, 0), QItemSelectionModel.SelectionFlag.NoUpdate)
        self.selectionModel().blockSignals(False)
        if shown >= 0:
            self.scrollTo(self.rows.index(shown, 0))
        self.viewport().update()

    def _on_selection(self) -> None:
        places = sorted({index.row() for index in self.selectionModel().selectedRows()})
        current = self.currentIndex().row()
        if current in places:  # the one chosen last comes last
            places = [*(place for place in places if place != current), current]
        self.picked.emit([int(self.rows.order[place]) for place in places])

    def _on_heading(self, section: int) -> None:
        before, descending = self._sorting
        self.sorted_by.emit(section, not descending if section == before else False)

    def _fit(self) -> None:
        self.verticalHeader().setDefaultSectionSize(self._theme.px(self._row_px))
        self._wanted = self._needed_widths()
        self._set_widths()

    @property
    def needed_width(self) -> int:
        """How wide the columns want to be, with a scroll bar beside them."""
        return sum(self._wanted) + self.verticalScrollBar().sizeHint().width()

    def _needed_widths(self) -> list[int]:
        style, model = screen_style(self._theme), self.rows
        wanted = []
        for column in range(model.columnCount()):
            heading = model.headerData(column, Qt.Orientation.Horizontal, CELL_ROLE)
            step = max(1, model.rowCount() // _SAMPLE)
            cells = [model.index(row, column).data(CELL_ROLE) for row in range(0, model.rowCount(), step)]
            widest = max((cell_width(cell, style) for cell in cells), default=0.0)
            wanted.append(round(max(widest + 6, cell_width(heading, style, CAPTION_PX) + 14)))
        return wanted

    def _set_widths(self) -> None:
        wanted = self._wanted
        widths = column_widths(wanted, self.viewport().width(), stretch=range(len(wanted)))
        scrolls = sum(widths) > self.viewport().width()  # then no cell need be cut
        for column, width in enumerate(wanted if scrolls else widths):
            self.setColumnWidth(column, width)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._set_widths()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            copy_cells(self)
        elif event.key() == Qt.Key.Key_Escape:
            self.cleared.emit()
        else:
            super().keyPressEvent(event)
