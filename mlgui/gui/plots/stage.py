"""The view of a sheet and the mouse on it: click selects, a dragged rectangle selects several, the wheel zooms."""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QHelpEvent, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from mlgui.gui.painting.frame import Frame
from mlgui.gui.plots.plot import Limits
from mlgui.gui.plots.sheet import Sheet, Spot

_DRAG_PX = 4.0
_ZOOM_PER_STEP = 1.25
_ADDING = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier


class Stage(pg.GraphicsView):
    """Shows one sheet. chosen(groups, add): the user picked groups; hovered(group): -1 for none; keys go to the parent.

    asked_edit(Spot): the user clicked a text or an axis. zooms: False leaves the wheel to a page that scrolls. editable: texts
    answer to the mouse.
    """

    chosen = Signal(object, bool)
    hovered = Signal(int)
    asked_menu = Signal(object)
    asked_edit = Signal(object)

    def __init__(self, sheet: Sheet, *, zooms: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent, useOpenGL=False, background=None)
        self.setCentralWidget(sheet)
        self.sheet = sheet
        self.zooms = zooms
        self.editable = False
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMouseTracking(True)
        self.viewport().setMouseTracking(True)
        self._pressed: QPointF | None = None
        self._panning = -1
        self._last = QPointF()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = self._last = event.position()
        middle = event.button() == Qt.MouseButton.MiddleButton
        alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        self._panning = self.sheet.panel_at(event.position()) if middle or alt else -1
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        if self._pressed is None or not event.buttons():
            group = self.sheet.group_at(at)
            self._point_at(self.sheet.spot_at(at) if self.editable and group < 0 else None)
            self._hover(group)
        elif self._panning >= 0:
            self._pan(at - self._last)
            self._last = at
        elif event.buttons() & Qt.MouseButton.LeftButton and self._is_drag(at):
            self.sheet.band = QRectF(self._pressed, at).normalized()
            self.sheet.refresh()
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        band, pressed = self.sheet.band, self._pressed
        self.sheet.band, self._pressed = None, None
        if event.button() == Qt.MouseButton.LeftButton and self._panning < 0 and pressed is not None:
            add = bool(event.modifiers() & _ADDING)
            if band is not None:
                self.chosen.emit(self.sheet.groups_in(band), add)
            else:
                self._on_click(event.position(), add)
        self._panning = -1
        self.sheet.refresh()
        event.accept()

    def _on_click(self, at: QPointF, add: bool) -> None:
        group = self.sheet.group_at(at)
        spot = self.sheet.spot_at(at) if self.editable and group < 0 else None
        if spot is not None:
            self.asked_edit.emit(spot)
        else:
            self.chosen.emit([group] if group >= 0 else [], add)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._pressed = event.position()
        if self.sheet.group_at(event.position()) < 0:
            self.sheet.reset_ranges()
        event.accept()

    def _is_drag(self, at: QPointF) -> bool:
        assert self._pressed is not None
        return (at - self._pressed).manhattanLength() > _DRAG_PX

    def wheelEvent(self, event: QWheelEvent) -> None:
        k = self.sheet.panel_at(event.position())
        steps = event.angleDelta().y() / 120
        if k < 0 or not steps or not self.zooms:
            event.ignore()
            return
        self.sheet.show_range(k, _zoomed(self.sheet.frames[k], event.position(), _ZOOM_PER_STEP**-steps))
        event.accept()

    def _pan(self, by: QPointF) -> None:
        frame = self.sheet.frames[self._panning]
        dx, dy = by.x() / frame.x.factor, by.y() / frame.y.factor
        moved = ((frame.x.low - dx, frame.x.high - dx), (frame.y.low - dy, frame.y.high - dy))
        self.sheet.show_range(self._panning, moved)

    def _hover(self, group: int) -> None:
        if group != self.sheet.hovered:
            self.sheet.hovered = group
            self._show_cursor()
            self.sheet.refresh()
            self.hovered.emit(group)

    def _point_at(self, spot: Spot | None) -> None:
        """Show that what is under the mouse can be changed by a click."""
        if spot != self.sheet.spot:
            self.sheet.spot = spot
            self._show_cursor()
            self.sheet.refresh()

    def _show_cursor(self) -> None:
        answers = self.sheet.hovered >= 0 or self.sheet.spot is not None
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if answers else Qt.CursorShape.ArrowCursor)

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(-1)
        self._point_at(None)
        super().leaveEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.asked_menu.emit(event.globalPos())
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        event.ignore()

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            return True  # tooltips of groups are shown at once by the canvas
        return bool(super().viewportEvent(event))


def _zoomed(frame: Frame, at: QPointF, factor: float) -> Limits:
    """Return the ranges of a frame scaled by `factor` around a device position."""
    x = frame.x.low + (at.x() - frame.x.start) / frame.x.factor
    y = frame.y.low + (at.y() - frame.y.start) / frame.y.factor
    return (
        (x + (frame.x.low - x) * factor, x + (frame.x.high - x) * factor),
        (y + (frame.y.low - y) * factor, y + (frame.y.high - y) * factor),
    )
