"""The sign of the tour: three groups drawn to a common line."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from mlgui.gui.theme import Theme

_GROUPS = ((9.0, 6.0, 19.0), (23.0, 42.0, 31.0), (37.0, 8.0, 18.0))
"""x, alone and pooled, in px of a square of 48."""


class PoolingPicture(QWidget):
    """Open marks, filled marks and the line between."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setFixedSize(theme.px(48), theme.px(48))
        theme.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(self.width() / 48, self.height() / 48)
        dashed = self._theme.pen("ink2", 1.5)
        dashed.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(dashed)
        painter.drawLine(QPointF(1, 25), QPointF(47, 25))
        for x, alone, pooled in _GROUPS:
            painter.setPen(self._theme.pen("blue", 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawLine(QPointF(x, alone), QPointF(x, pooled))
            painter.setBrush(self._theme.colour("surface"))
            painter.setPen(self._theme.pen("ink3", 1.5))
            painter.drawEllipse(QPointF(x, alone), 3.6, 3.6)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.colour("blue"))
            painter.drawEllipse(QPointF(x, pooled), 4.2, 4.2)
