"""The grid of the data: cells are edited, blocks are pasted, rows are copied."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QKeyEvent, QKeySequence, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from mlgui.gui.items.copying import copy_cells
from mlgui.gui.theme import Theme
from mlgui.words import tr

LONGEST_COPY = 100_000
Index = QModelIndex | QPersistentModelIndex


class CellDelegate(QStyledItemDelegate):
    """Draws a ring around the cell that keys go to: rows are selected as a whole, and it has to be seen which cell is meant."""

    def __init__(self, theme: Theme, view: QTableView) -> None:
        super().__init__(view)
        self._theme, self._view = theme, view

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        current = index == self._view.currentIndex()
        option.state &= ~QStyle.StateFlag.State_HasFocus  # type: ignore[attr-defined]
        super().paint(painter, option, index)
        if current and self._view.hasFocus():
            painter.save()
            painter.setPen(QPen(self._theme.colour("accent"), 2))
            painter.drawRect(option.rect.adjusted(1, 1, -1, -1))  # type: ignore[attr-defined]
            painter.restore()


class Grid(QTableView):
    """pasted(text): into the current cell and from there on. erased(): the current cell. menu_asked(section, place)."""

    pasted = Signal(str)
    erased = Signal()
    menu_asked = Signal(int, QPoint)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setItemDelegate(CellDelegate(theme, self))
        self.setAccessibleName(tr("Data"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWordWrap(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self._theme = theme
        self._set_height()
        theme.changed.connect(self._set_height)
        self.setTabKeyNavigation(False)
        self.setStyleSheet("QTableView::item { padding: 0px 6px; }")  # else numbers touch the texts beside them

    def _set_height(self) -> None:
        self.verticalHeader().setDefaultSectionSize(self._theme.px(25))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy) and len(self.selectionModel().selectedRows()) <= LONGEST_COPY:
            copy_cells(self)
        elif event.matches(QKeySequence.StandardKey.Paste):
            self.pasted.emit(QGuiApplication.clipboard().text())
        elif event.key() == Qt.Key.Key_Delete:
            self.erased.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.state() is not QTableView.State.EditingState:
            self.edit(self.currentIndex())
        elif event.key() == Qt.Key.Key_Escape:
            event.ignore()  # the view's: select no group
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        index = self.currentIndex() if event.reason() is QContextMenuEvent.Reason.Keyboard else self.indexAt(event.pos())
        if index.isValid():
            self.menu_asked.emit(index.column(), event.globalPos())
