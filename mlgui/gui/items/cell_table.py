"""A table of cells as high as its rows, for pages that scroll as a whole."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import QEvent, QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QSizePolicy, QTableView, QWidget

from mlgui.gui.items.cell_delegate import CAPTION_PX, CellDelegate, CellHeader, cell_width
from mlgui.gui.items.cells import CELL_ROLE, Cell, CellModel
from mlgui.gui.items.copying import copy_cells
from mlgui.gui.items.widths import column_widths
from mlgui.gui.plots.style import screen_style
from mlgui.gui.theme import Theme

_PLOTS_GIVE, _NAMES_GIVE = 0.45, 0.2


class CellTable(QTableView):
    """Shows a `CellModel`. Columns take the width they need; those in `stretch` take what is left.

    fixed: least width of columns of plots and bars. linked(text): a cell with a link was clicked. chosen(key): the user went
    to a row that stands for something.
    """

    linked = Signal(str)
    chosen = Signal(str)

    def __init__(
        self,
        headings: Sequence[Cell],
        theme: Theme,
        *,
        name: str,
        stretch: Collection[int] = (0,),
        fixed: dict[int, int] | None = None,
        row_px: float = 31.0,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.cells = CellModel(headings)
        self._theme = theme
        self._stretch = stretch
        self._fixed = fixed or {}
        self._row_px = row_px
        self._scrolls = False
        self.setModel(self.cells)
        self.setItemDelegate(CellDelegate(theme, self))
        self.setHorizontalHeader(CellHeader(theme, self))
        self.setAccessibleName(name)
        self._plain_look()
        self.selectionModel().currentRowChanged.connect(self._on_row)
        theme.changed.connect(self._fit)

    def _plain_look(self) -> None:
        self.verticalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setMinimumSectionSize(20)
        self.setShowGrid(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWordWrap(False)
        self.setMouseTracking(True)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setTabKeyNavigation(False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show(self, rows: Sequence[Sequence[Cell]] | None = None, headings: Sequence[Cell] | None = None) -> None:  # type: ignore[override]
        """Show other rows; without any, make the widget visible."""
        if rows is None:
            super().show()
            return
        self.cells.show(rows, headings)
        self.clearSpans()
        for row in range(self.cells.rowCount()):
            if self.cells.cell(row, 0).heading and self.cells.columnCount() > 1:
                self.setSpan(row, 0, 1, self.cells.columnCount())
        self._fit()

    def _fit(self) -> None:
        self.verticalHeader().setDefaultSectionSize(self._theme.px(self._row_px))
        self._set_widths()
        self.updateGeometry()
        self.viewport().update()

    def _set_widths(self) -> None:
        style, model = screen_style(self._theme), self.cells
        wanted = []
        for column in range(model.columnCount()):
            heading = model.headerData(column, Qt.Orientation.Horizontal, CELL_ROLE)
            cells = [cell_width(model.cell(row, column), style) for row in range(model.rowCount())]
            needed = round(max([cell_width(heading, style, CAPTION_PX), *cells]) + 4)
            wanted.append(max(needed, self._theme.px(self._fixed[column])) if column in self._fixed else needed)
        flexible = dict.fromkeys(self._fixed, _PLOTS_GIVE) | {0: _NAMES_GIVE}
        widths = column_widths(wanted, self.viewport().width(), stretch=self._stretch, flexible=flexible)
        for column, width in enumerate(widths):
            self.setColumnWidth(column, width)
        scrolls = sum(widths) > self.viewport().width()
        if scrolls != self._scrolls:
            self._scrolls = scrolls
            self.updateGeometry()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._set_widths()

    def sizeHint(self) -> QSize:
        rows = self.cells.rowCount() * self.verticalHeader().defaultSectionSize()
        bar = self.horizontalScrollBar().sizeHint().height() if self._scrolls else 0  # which would lie on the last row
        return QSize(600, self.horizontalHeader().height() + rows + bar + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(320, self.sizeHint().height())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        linked = self._link_at(self.indexAt(event.position().toPoint()))
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if linked else Qt.CursorShape.ArrowCursor)
        super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        link = self._link_at(self.indexAt(event.position().toPoint()))
        if link:
            self.linked.emit(link)
        super().mouseReleaseEvent(event)

    def _link_at(self, index: QModelIndex) -> str:
        return self.cells.cell(index.row(), index.column()).link if index.isValid() else ""

    def mark(self, key: str) -> None:
        """Mark the row that stands for a key, "" for none; a row the user went to before is left."""
        self.cells.mark(key)
        if self.cells.key(self.currentIndex().row()) != key:
            self.clearSelection()
            self.setCurrentIndex(QModelIndex())

    def _on_row(self, current: QModelIndex) -> None:
        key = self.cells.key(current.row()) if current.isValid() else ""
        if key:
            self.chosen.emit(key)

    def wheelEvent(self, event: QEvent) -> None:  # type: ignore[override]
        event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            copy_cells(self)
        else:
            super().keyPressEvent(event)
