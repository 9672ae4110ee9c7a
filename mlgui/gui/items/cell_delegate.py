"""Paints the cells of a `CellModel` and their headings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from PySide6.QtCore import QLineF, QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHeaderView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from mlgui.gui.icons import pixmap
from mlgui.gui.items.cells import CELL_ROLE, MARKED_ROLE, Cell, Interval
from mlgui.gui.painting.axes import paint_mark
from mlgui.gui.painting.style import Style
from mlgui.gui.painting.text import Label
from mlgui.gui.plots.style import screen_style
from mlgui.gui.theme import Theme

BODY_PX, CAPTION_PX, BADGE_PX, HEADING_PX = 13.0, 12.0, 10.5, 13.0
_SIDE_PX, _GAP_PX, _INDENT_PX = 6.0, 7.0, 12.0


class CellDelegate(QStyledItemDelegate):
    """Text with symbols, badges, marks, intervals and bars; a hairline below each row."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._style = screen_style(theme)
        theme.changed.connect(self._on_theme_changed)

    def _on_theme_changed(self) -> None:
        self._style = screen_style(self._theme)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        cell = index.data(CELL_ROLE)
        if not isinstance(cell, Cell):
            super().paint(painter, option, index)
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(option.rect)
        if option.state & QStyle.StateFlag.State_Selected or index.data(MARKED_ROLE):
            painter.fillRect(area, self._style.brush("accent_soft"))
            cell = replace(cell, bold=True)
        if cell.axis is None:
            painter.setPen(self._style.pen("line2" if cell.heading else "line", 1.0))
            painter.drawLine(QLineF(area.left(), area.bottom() + 0.5, area.right() + 1, area.bottom() + 0.5))
        paint_cell(painter, cell, area, self._style, self._theme)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        cell = index.data(CELL_ROLE)
        if not isinstance(cell, Cell):
            return super().sizeHint(option, index)
        return QSize(round(cell_width(cell, self._style)), self._theme.px(31))


class CellHeader(QHeaderView):
    """Headings with symbols and marks."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._theme = theme
        self.setSectionsClickable(False)
        self.setHighlightSections(False)
        self.setFixedHeight(theme.px(28))

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        cell = self.model().headerData(section, Qt.Orientation.Horizontal, CELL_ROLE)
        if not isinstance(cell, Cell):
            super().paintSection(painter, rect, section)
            return
        style = screen_style(self._theme)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(rect)
        painter.fillRect(area, style.brush("surface"))
        painter.setPen(style.pen("line2", 1.0))
        painter.drawLine(QLineF(area.left(), area.bottom() - 0.5, area.right() + 1, area.bottom() - 0.5))
        paint_cell(painter, cell, area, style, self._theme, px=CAPTION_PX)
        painter.restore()


def cell_width(cell: Cell, style: Style, px: float = BODY_PX) -> float:
    """Return how wide a cell wants to be."""
    if cell.heading:
        return 0.0
    width = 2 * _SIDE_PX + cell.indent * _INDENT_PX + Label(text=cell.text, px=px, bold=cell.bold).width(style)
    if cell.detail:
        width += Label(text=cell.detail, px=px).width(style) + _GAP_PX
    if cell.badge:
        width += Label(text=cell.badge[0], px=BADGE_PX).width(style) + 16 + _GAP_PX
    return width + (16 if cell.mark else 0) + (20 if cell.icon else 0)


def paint_cell(painter: QPainter, cell: Cell, area: QRectF, style: Style, theme: Theme, px: float = BODY_PX) -> None:
    """Draw one cell in its area."""
    if cell.interval is not None:
        _paint_interval(painter, cell.interval, area, style)
    elif cell.axis is not None:
        _paint_axis(painter, cell, area, style)
    elif cell.bar is not None:
        width = max(3.0, cell.bar * (area.width() - 2 * _SIDE_PX))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(style.brush(cell.bar_colour))
        painter.drawRoundedRect(QRectF(area.left() + _SIDE_PX, area.center().y() - 5, width, 10), 2, 2)
    else:
        _paint_text(painter, cell, area, style, theme, px)


def _paint_text(painter: QPainter, cell: Cell, area: QRectF, style: Style, theme: Theme, px: float) -> None:
    y = area.center().y()
    label = Label(text=cell.text, px=px, colour=cell.colour, bold=cell.bold or cell.heading)
    if cell.right:
        x = area.right() - _SIDE_PX
        label.draw(painter, style, x, y, align=1.0)
        _paint_before(painter, cell, x - label.width(style), y, style, theme)
        return
    x = area.left() + (_SIDE_PX + 2 if cell.padded else 0) + cell.indent * _INDENT_PX
    if cell.mark is not None:
        paint_mark(painter, style, x + 5, y, colour=cell.mark[0], shape=cell.mark[1], radius=4.2)
        x += 16
    beside = Label(text=cell.badge[0], px=BADGE_PX).width(style) + 16 + _GAP_PX if cell.badge is not None else 0.0
    badge = cell.badge if x + label.width(style) + beside <= area.right() + 1 else None  # before the name is cut
    beside = beside if badge is not None else 0.0
    label = label.fitted(style, max(area.right() - x - beside, 0.0))
    label.draw(painter, style, x, y)
    x += label.width(style) + _GAP_PX
    if cell.detail:
        detail = Label(text=cell.detail, px=px, colour="ink3").fitted(style, max(area.right() - x - beside, 0.0))
        detail.draw(painter, style, x, y)
        x += detail.width(style) + _GAP_PX
    if badge is not None:
        _paint_badge(painter, badge, x, y, style)


def _paint_before(painter: QPainter, cell: Cell, x: float, y: float, style: Style, theme: Theme) -> None:
    if cell.mark is not None:
        paint_mark(painter, style, x - 10, y, colour=cell.mark[0], shape=cell.mark[1], radius=4.2)
    if cell.icon:
        ratio = painter.device().devicePixelRatioF()
        painter.drawPixmap(QPointF(x - 20, y - 8), pixmap(cell.icon, theme, "warnmark", 15, ratio))


def _paint_badge(painter: QPainter, badge: tuple[str, bool], x: float, y: float, style: Style) -> None:
    text, filled = badge
    label = Label(text=text, px=BADGE_PX, colour="ink" if filled else "ink2")
    height = label.height(style) + 4
    box = QRectF(x, y - height / 2, label.width(style) + 14, height)
    painter.setPen(style.pen("token" if filled else "line2", 1.0))
    painter.setBrush(style.brush("token") if filled else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(box, height / 2, height / 2)
    label.draw(painter, style, box.left() + 7, y)


def _place(value: float, scale: tuple[float, float], area: QRectF) -> float:
    inner = area.adjusted(10, 0, -10, 0)
    return inner.left() + (value - scale[0]) / ((scale[1] - scale[0]) or 1.0) * inner.width()


def _paint_interval(painter: QPainter, interval: Interval, area: QRectF, style: Style) -> None:
    zero = _place(0.0, interval.scale, area)
    painter.setPen(style.pen("ctrl", 1.0, dashed=True))
    painter.drawLine(QLineF(zero, area.top() + 5, zero, area.bottom() - 5))
    y = area.center().y()
    painter.setPen(style.pen("ink", 2.0))
    painter.drawLine(QLineF(_place(interval.low, interval.scale, area), y, _place(interval.high, interval.scale, area), y))
    paint_mark(painter, style, _place(interval.middle, interval.scale, area), y, colour="ink", shape="circle", radius=4.2)


def _paint_axis(painter: QPainter, cell: Cell, area: QRectF, style: Style) -> None:
    assert cell.axis is not None
    scale, ticks = cell.axis
    labels = [(_place(value, scale, area), Label(text=text, px=11.0, colour="ink3")) for value, text in ticks]
    every = spacing_of([(x, label.width(style)) for x, label in labels])
    zero = next((k for k, (value, _) in enumerate(ticks) if value == 0), 0)
    for k, (x, label) in enumerate(labels):
        if (k - zero) % every == 0:
            label.draw(painter, style, x, area.top() + 12, align=0.5)


def spacing_of(labels: Sequence[tuple[float, float]]) -> int:
    """Return every how many ticks, at (place, width), one is written so that none touches the next."""
    for every in range(1, len(labels)):
        kept = [labels[start::every] for start in range(every)]
        if all(a + half / 2 + _GAP_PX <= b - other / 2 for row in kept for (a, half), (b, other) in pairwise(row)):
            return every
    return max(len(labels), 1)
