"""The slider of the pooling dial: in line with the plot above it, with the place of the fit as a notch that catches."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSlider, QWidget

from mlgui.gui.theme import Theme
from mlgui.words import tr

STEPS = 10_000
"""Values of the whole axis, 0 to 100 %."""

SNAP_PX = 6.0
_GROOVE_PX, _HANDLE_PX, _NOTCH_PX, _HEIGHT_PX = 4.0, 8.0, 7.0, 26


class DialSlider(QSlider):
    """Chooses a share between 0 and `end`. moved(share): by the user; returned(): back to the fit by double click.

    track: returns the x of 0 and of 1 in pixels of this widget.
    """

    moved = Signal(float)
    returned = Signal()

    def __init__(self, theme: Theme, track: Callable[[], tuple[float, float]], parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._theme = theme
        self._track = track
        self._fit = 0.0
        self._silent = False
        self.setRange(0, STEPS)
        self.setSingleStep(STEPS // 100)
        self.setPageStep(STEPS // 10)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("Pooling dial"))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.valueChanged.connect(self._on_value)
        theme.changed.connect(self.updateGeometry)

    @property
    def share(self) -> float:
        """The share it stands at, that of the fit exactly where it stands at the fit."""
        return self._fit if self.value() == self._fit_value else self.value() / STEPS

    @property
    def _fit_value(self) -> int:
        return round(self._fit * STEPS)

    def set_scale(self, fit: float, end: float) -> None:
        """Say where the fit is and how far the dial reaches; silent."""
        self._silent = True
        self._fit = fit
        self.setMaximum(max(self._fit_value, round(end * STEPS)))
        self._silent = False
        self.update()

    def set_share(self, share: float) -> None:
        """Stand elsewhere; silent."""
        self._silent = True
        self.setValue(self._fit_value if share == self._fit else round(share * STEPS))
        self._silent = False
        self.update()

    def x_of(self, share: float) -> float:
        """Return the x of a share, in pixels."""
        left, right = self._track()
        return left + share * (right - left)

    def _on_value(self) -> None:
        if not self._silent:
            self.moved.emit(self.share)

    def _go_to(self, x: float) -> None:
        """Stand at a pixel, at the fit where that is near."""
        left, right = self._track()
        if abs(x - self.x_of(self._fit)) <= SNAP_PX:
            self.setValue(self._fit_value)
        else:
            self.setValue(round((x - left) / max(right - left, 1.0) * STEPS))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self._go_to(event.position().x())
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._go_to(event.position().x())
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.returned.emit()
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        before = self.value()
        self._silent = True
        super().keyPressEvent(event)
        small = abs(self.value() - before) <= self.singleStep()
        if small and (before - self._fit_value) * (self.value() - self._fit_value) < 0:
            self.setValue(self._fit_value)  # a step that would jump over the fit stops at it
        self._silent = False
        if self.value() != before:
            self._on_value()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        middle = self.height() / 2
        start, end, here = self.x_of(0.0), self.x_of(self.maximum() / STEPS), self.x_of(self.share)
        is_on = self.isEnabled()
        for until, colour in ((end, "line2"), (here, "accent")) if is_on else ((end, "line2"),):
            painter.setBrush(self._theme.colour(colour))
            painter.drawRoundedRect(QRectF(start, middle - _GROOVE_PX / 2, until - start, _GROOVE_PX), 2, 2)
        if not is_on:
            return
        notch = self.x_of(self._fit)
        painter.fillRect(QRectF(notch - 1, middle - _NOTCH_PX, 2, 2 * _NOTCH_PX), self._theme.colour("accent"))
        if self.hasFocus():
            painter.setBrush(self._theme.colour("accent", 0.25))
            painter.drawEllipse(QPointF(here, middle), _HANDLE_PX + 4, _HANDLE_PX + 4)
        painter.setPen(self._theme.pen("accent", 2.0))
        painter.setBrush(self._theme.colour("surface"))
        painter.drawEllipse(QPointF(here, middle), _HANDLE_PX - 1, _HANDLE_PX - 1)

    def sizeHint(self) -> QSize:
        return QSize(200, self._theme.px(_HEIGHT_PX))

    def minimumSizeHint(self) -> QSize:
        return QSize(80, self._theme.px(_HEIGHT_PX))
