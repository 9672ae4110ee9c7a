"""The list of columns: one painted row each with role, kind, name, level, missing count and histogram."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QMimeData,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    QSortFilterProxyModel,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from mlgui.data.table import Kind
from mlgui.gui.icons import pixmap
from mlgui.gui.theme import Theme
from mlgui.results.numbers import count
from mlgui.words import tr

MIME = "application/x-mlgui-column"
ROW_HEIGHT = 23
_ROLE_WIDTH, _ICON_WIDTH, _HISTOGRAM_WIDTH, _MISSING_WIDTH = 18, 24, 46, 34
_ICONS = {
    Kind.NUMBER: "number",
    Kind.CATEGORY: "category",
    Kind.ORDERED: "ordered",
    Kind.ID: "id",
    Kind.BOOLEAN: "category",
    Kind.LABELLED: "category",
    Kind.DATE: "date",
    Kind.DATETIME: "date",
    Kind.TEXT: "text",
    Kind.EMPTY: "empty",
}

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, kw_only=True)
class ColumnRow:
    """What one row shows. role: y, x, u, j or "". level: words of the badge; group_level: filled badge.

    bins: heights of the histogram, empty for none. summary: sentence for tooltip and screen reader.
    """

    name: str
    kind: Kind
    role: str = ""
    level: str = ""
    group_level: bool = False
    missing: int = 0
    bins: tuple[int, ...] = ()
    summary: str = ""


def kind_icon(kind: Kind) -> str:
    """Return the icon name of a kind."""
    return _ICONS[kind]


class ColumnModel(QAbstractListModel):
    """The rows, for any view."""

    ROW = int(Qt.ItemDataRole.UserRole) + 1

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[ColumnRow, ...] = ()

    def set_rows(self, rows: Sequence[ColumnRow]) -> None:
        """Show these rows; where only their contents changed, selection and scrolling stay."""
        rows = tuple(rows)
        if [row.name for row in rows] == [row.name for row in self._rows]:
            self._rows = rows
            if rows:
                self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
            return
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> object:
        row = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row.name
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return row.summary or row.name
        return row if role == self.ROW else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        return super().flags(index) | Qt.ItemFlag.ItemIsDragEnabled

    def mimeTypes(self) -> list[str]:
        return [MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        mime = QMimeData()
        mime.setData(MIME, self._rows[indexes[0].row()].name.encode())
        return mime


class ColumnDelegate(QStyledItemDelegate):
    """Paints a row as drawn: role letter, kind, name, level badge, missing count, small histogram."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, self._theme.px(ROW_HEIGHT))

    def kind_rect(self, rect: QRect) -> QRect:
        """Return where the kind icon is, for clicks on it."""
        px = self._theme.px
        return QRect(rect.left() + px(_ROLE_WIDTH), rect.top(), px(_ICON_WIDTH), rect.height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: ColumnRow = index.data(ColumnModel.ROW)
        rect, px = option.rect, self._theme.px  # type: ignore[attr-defined]
        state = option.state  # type: ignore[attr-defined]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
            name = "sel" if state & QStyle.StateFlag.State_Selected else "hover"
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.colour(name))
            painter.drawRoundedRect(QRectF(rect), 4, 4)
        self._paint_left(painter, rect, row)
        right = self._paint_histogram(painter, rect, row)
        right = self._paint_missing(painter, rect, row, right)
        right = self._paint_level(painter, rect, row, right)
        left = rect.left() + px(_ROLE_WIDTH + _ICON_WIDTH)
        painter.setFont(self._theme.font(12.5, 600 if row.role else 400))
        painter.setPen(self._theme.colour("ink"))
        text = QFontMetrics(painter.font()).elidedText(row.name, Qt.TextElideMode.ElideMiddle, max(10, right - left - px(6)))
        painter.drawText(QRect(left, rect.top(), right - left, rect.height()), Qt.AlignmentFlag.AlignVCenter, text)
        painter.restore()

    def _paint_left(self, painter: QPainter, rect: QRect, row: ColumnRow) -> None:
        px = self._theme.px
        if row.role:
            painter.setFont(self._theme.equation_font(14))
            painter.setPen(self._theme.colour("accent"))
            box = QRect(rect.left(), rect.top(), px(_ROLE_WIDTH - 4), rect.height())
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, row.role)
        ratio = painter.device().devicePixelRatioF()
        size = px(14)
        image = pixmap(kind_icon(row.kind), self._theme, "ink2", size, ratio)
        painter.drawPixmap(rect.left() + px(_ROLE_WIDTH) + 1, rect.top() + (rect.height() - size) // 2, image)

    def _paint_histogram(self, painter: QPainter, rect: QRect, row: ColumnRow) -> int:
        px = self._theme.px
        left = rect.right() - px(_HISTOGRAM_WIDTH)
        if not row.bins or max(row.bins) == 0:
            return left
        height, step = rect.height() - px(8), px(_HISTOGRAM_WIDTH) / len(row.bins)
        step = min(step, px(12))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour("line2"))
        bottom = rect.bottom() - px(3)
        for place, size in enumerate(row.bins):
            bar = max(1.0, height * size / max(row.bins)) if size else 0.0
            painter.drawRect(QRectF(left + place * step, bottom - bar, step - 1, bar))
        return left

    def _paint_missing(self, painter: QPainter, rect: QRect, row: ColumnRow, right: int) -> int:
        left = right - self._theme.px(_MISSING_WIDTH)
        painter.setFont(self._theme.font(11.5, 500 if row.missing else 400))
        painter.setPen(self._theme.colour("warn" if row.missing else "ink3"))
        box = QRect(left, rect.top(), self._theme.px(_MISSING_WIDTH) - 4, rect.height())
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, count(row.missing))
        return left

    def _paint_level(self, painter: QPainter, rect: QRect, row: ColumnRow, right: int) -> int:
        if not row.level:
            return right
        px = self._theme.px
        painter.setFont(self._theme.font(10.5))
        metrics = QFontMetrics(painter.font())
        text = metrics.elidedText(row.level, Qt.TextElideMode.ElideRight, px(84))
        width, height = metrics.horizontalAdvance(text) + px(14), px(16)
        box = QRectF(right - px(2) - width + 0.5, rect.top() + (rect.height() - height) / 2 + 0.5, width, height)
        painter.setPen(self._theme.pen("token" if row.group_level else "line2"))
        painter.setBrush(self._theme.colour("token") if row.group_level else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, height / 2, height / 2)
        painter.setPen(self._theme.colour("ink" if row.group_level else "ink2"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
        return round(box.left())


class ColumnView(QListView):
    """The list. `kind_clicked(name, global position)`, `menu_wanted(name, global position)`, `opened(name)`."""

    kind_clicked = Signal(str, QPoint)
    menu_wanted = Signal(str, QPoint)
    opened = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.rows = ColumnModel(self)
        self._proxy = QSortFilterProxyModel(self)
        self._proxy.setSourceModel(self.rows)
        self._proxy.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setModel(self._proxy)
        self._delegate = ColumnDelegate(theme, self)
        self.setItemDelegate(self._delegate)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setStyleSheet("QListView { background: transparent; }")
        self.setAccessibleName(tr("Columns of the data"))
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._on_menu)
        self.doubleClicked.connect(lambda index: self.opened.emit(index.data()))

    def narrow(self, text: str) -> None:
        """Show only columns whose name contains `text`."""
        self._proxy.setFilterFixedString(text.strip())

    def fit_height(self, most: int) -> None:
        """Be as high as the rows need, up to `most` rows."""
        rows = min(most, max(1, self._proxy.rowCount()))
        self.setFixedHeight(rows * self._theme.px(ROW_HEIGHT) + 2)

    def _on_menu(self, at: QPoint) -> None:
        index = self.indexAt(at)
        if index.isValid():
            self.menu_wanted.emit(index.data(), self.viewport().mapToGlobal(at))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and index.isValid():
            box = self._delegate.kind_rect(self.visualRect(index))
            if box.contains(event.position().toPoint()):
                self.kind_clicked.emit(index.data(), self.viewport().mapToGlobal(box.bottomLeft()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        if index.isValid() and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space, Qt.Key.Key_Menu):
            self.menu_wanted.emit(index.data(), self.viewport().mapToGlobal(self.visualRect(index).bottomLeft()))
            return
        super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ApplicationPaletteChange:
            self.viewport().update()
        return super().event(event)
