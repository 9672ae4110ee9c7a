"""One panel on the screen: points in pyqtgraph view boxes, everything else painted as on paper, in the order of layers."""

from __future__ import annotations

from itertools import groupby
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from mlgui.gui.painting.frame import Frame
from mlgui.gui.painting.layers import paint_layer
from mlgui.gui.painting.limits import Range
from mlgui.gui.painting.style import Style
from mlgui.gui.plots.items import item_type, make_item, update_item
from mlgui.gui.plots.marks import Marks
from mlgui.results.figure import Band, Layer, Line, Panel, Points, Segments

Limits = tuple[Range, Range]
_HEAVY = 300


def _size(layer: Layer) -> int:
    """Return how many lines a layer draws."""
    if isinstance(layer, Segments):
        return len(layer.x0)
    return len(layer.x) if isinstance(layer, Line | Band) else 1


class Painted(QGraphicsItem):
    """Layers painted in device coordinates: pens keep their width on every screen, as cosmetic pens do not."""

    def __init__(self, parent: QGraphicsItem) -> None:
        super().__init__(parent)
        self.layers: list[Layer] = []
        self._frame: Frame | None = None
        self._style: Style | None = None
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)

    def place(self, frame: Frame, style: Style) -> None:
        """Paint within this frame from now on."""
        self.prepareGeometryChange()
        self._frame, self._style = frame, style
        heavy = sum(_size(layer) for layer in self.layers) > _HEAVY
        cached, plain = QGraphicsItem.CacheMode.DeviceCoordinateCache, QGraphicsItem.CacheMode.NoCache
        self.setCacheMode(cached if heavy else plain)  # so that a selection repaints only what lies above
        self.update()

    def boundingRect(self) -> QRectF:
        return self._frame.outer.united(self._frame.plot) if self._frame is not None else QRectF()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        if self._frame is not None and self._style is not None:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for layer in self.layers:
                paint_layer(painter, layer, self._frame, self._style)


class Cloud:
    """Layers of points in one view box, which does the mapping and the caching of marks."""

    def __init__(self, parent: QGraphicsItem) -> None:
        self.box = pg.ViewBox(border=None, enableMouse=False, enableMenu=False)
        self.box.setParentItem(parent)  # not in the constructor: a box born with a parent never hears of its scene
        self.box.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self.items: list[Any] = []

    def show_points(self, layers: list[Points], style: Style, limits: Limits) -> None:
        """Show layers of points, re-using items of the same class."""
        if [item_type(layer) for layer in layers] == [type(item) for item in self.items]:
            for item, layer in zip(self.items, layers):
                update_item(item, layer, style, limits)
            return
        for item in self.items:
            self.box.removeItem(item)
        self.items = [make_item(layer, style, limits) for layer in layers]
        for item in self.items:
            self.box.addItem(item, ignoreBounds=True)

    def place(self, panel: Panel, frame: Frame) -> None:
        """Stand at the plot area and show its ranges."""
        self.box.setGeometry(frame.plot)
        self.box.invertX(panel.x.reverse)
        self.box.invertY(panel.y.reverse)
        x, y = (frame.x.low, frame.x.high), (frame.y.low, frame.y.high)
        self.box.setRange(xRange=x, yRange=y, padding=0, disableAutoRange=True)


class Plot:
    """The data of one panel. Lives as long as the panel is shown; `marks` finds its groups."""

    def __init__(self, parent: QGraphicsItem) -> None:
        self._parent = parent
        self._parts: list[Painted | Cloud] = []
        self.marks = Marks(Panel(layers=()))

    def show_panel(self, panel: Panel, style: Style, limits: Limits) -> None:
        """Show the layers of a panel in place of the present ones, without a moment of emptiness."""
        self.marks = Marks(panel)
        runs = [(kind, list(run)) for kind, run in groupby(panel.layers, lambda layer: isinstance(layer, Points))]
        if [kind for kind, _ in runs] != [isinstance(part, Cloud) for part in self._parts]:
            self.remove()
            self._parts = [Cloud(self._parent) if kind else Painted(self._parent) for kind, _ in runs]
            for k, part in enumerate(self._parts):
                (part.box if isinstance(part, Cloud) else part).setZValue(k + 1)
        for part, (_, layers) in zip(self._parts, runs):
            if isinstance(part, Cloud):
                part.show_points([layer for layer in layers if isinstance(layer, Points)], style, limits)
            else:
                part.layers = layers

    def place(self, panel: Panel, frame: Frame, style: Style) -> None:
        """Stand in a frame and show its ranges."""
        for part in self._parts:
            if isinstance(part, Cloud):
                part.place(panel, frame)
            else:
                part.place(frame, style)

    def remove(self) -> None:
        """Take everything out of the scene."""
        for part in self._parts:
            item = part.box if isinstance(part, Cloud) else part
            item.setParentItem(None)  # type: ignore[arg-type]
            if item.scene() is not None:
                item.scene().removeItem(item)
        self._parts = []
