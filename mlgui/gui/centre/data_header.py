"""The header of the data grid: names, and below them the level of each column."""

from __future__ import annotations

from PySide6.QtCore import QLineF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHeaderView, QWidget

from mlgui.gui.items.cell_delegate import BADGE_PX, CAPTION_PX
from mlgui.gui.items.data_grid import BADGE_ROLE
from mlgui.gui.painting.text import Label
from mlgui.gui.plots.style import screen_style
from mlgui.gui.theme import Theme

_SIDE_PX = 8


class DataHeader(QHeaderView):
    """Paints a name and a badge: filled for the level of a grouping, outlined for the level of rows."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._theme = theme
        self.row_noun = ""
        self._sorted, self._descending = "", False
        self.setHighlightSections(False)
        self.setSectionsClickable(True)
        self.setFixedHeight(theme.px(46))
        theme.changed.connect(lambda: self.setFixedHeight(theme.px(46)))

    def set_order(self, name: str, *, descending: bool) -> None:
        """Mark the column the rows are sorted by, "" for none."""
        self._sorted, self._descending = name, descending
        self.viewport().update()

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        model, style = self.model(), screen_style(self._theme)
        name = str(model.headerData(section, self.orientation(), Qt.ItemDataRole.DisplayRole) or "")
        level = str(model.headerData(section, self.orientation(), BADGE_ROLE) or "")
        side = model.headerData(section, self.orientation(), Qt.ItemDataRole.TextAlignmentRole)
        align = 1.0 if side is not None and side & Qt.AlignmentFlag.AlignRight else 0.0
        area = QRectF(rect)
        if name and name == self._sorted:
            name = f"{name} {'↓' if self._descending else '↑'}"
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(area, style.brush("surface"))
        painter.setPen(style.pen("line2", 1.0))
        painter.drawLine(QLineF(area.left(), area.bottom(), area.right() + 1, area.bottom()))
        painter.setClipRect(area.adjusted(2, 0, -2, 0))
        x = area.right() - _SIDE_PX if align else area.left() + _SIDE_PX
        y = area.top() + self._theme.px(13)
        Label(text=name, px=CAPTION_PX, colour="ink", bold=True).draw(painter, style, x, y, align=align)
        self._paint_badge(painter, level or self.row_noun, bool(level), x, area.top() + self._theme.px(32), align)
        painter.restore()

    def _paint_badge(self, painter: QPainter, text: str, filled: bool, x: float, y: float, align: float) -> None:
        style = screen_style(self._theme)
        label = Label(text=text, px=BADGE_PX, colour="ink" if filled else "ink2")
        width, height = label.width(style) + 14, label.height(style) + 3
        left = x - width if align else x
        painter.setPen(style.pen("token" if filled else "line2", 1.0))
        painter.setBrush(style.brush("token") if filled else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(left, y - height / 2, width, height), height / 2, height / 2)
        label.draw(painter, style, left + 7, y)
