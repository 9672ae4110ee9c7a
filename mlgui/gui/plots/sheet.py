"""The scene of one figure: frames painted as on paper, data in pyqtgraph view boxes, the selection on top."""

from __future__ import annotations

from collections.abc import Collection

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from mlgui.gui.painting.axes import paint_axes, paint_back
from mlgui.gui.painting.frame import Frame, frame_at
from mlgui.gui.painting.legend import paint_legend
from mlgui.gui.painting.limits import figure_limits
from mlgui.gui.painting.page import Page, lay_out
from mlgui.gui.painting.style import Style
from mlgui.gui.plots.highlight import paint_hovered, paint_row, paint_selected
from mlgui.gui.plots.plot import Limits, Plot
from mlgui.results.figure import Figure

_MARGIN_PX = 2.0


class Overlay(pg.GraphicsObject):
    """What is painted above the data: hover, selection and the rubber band."""

    def __init__(self, sheet: Sheet) -> None:
        super().__init__(sheet)
        self._sheet = sheet
        self.setZValue(1000)

    def boundingRect(self) -> QRectF:
        return self._sheet.boundingRect()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        self._sheet.paint_over(painter)


class Sheet(pg.GraphicsWidget):
    """One figure in a scene. Coordinates of frames are those of this item, which are those of the view."""

    def __init__(self, style: Style, *, legend: bool = True) -> None:
        super().__init__()
        self._legend = legend
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self.style_in_use = style
        self.figure: Figure | None = None
        self.frames: list[Frame] = []
        self.plots: list[Plot] = []
        self.selected: frozenset[int] = frozenset()
        self.hovered = -1
        self.band: QRectF | None = None
        self.ringed = False
        self._page: Page | None = None
        self._limits: list[Limits] = []
        self._zoomed = False
        self._overlay = Overlay(self)

    def set_style(self, style: Style) -> None:
        """Draw in other colours or text sizes."""
        self.style_in_use = style
        self._fill()

    def set_figure(self, figure: Figure | None) -> None:
        """Show a figure; a zoom stays where the figure has the same key and as many panels."""
        before = self.figure
        same = before is not None and figure is not None and before.key == figure.key and len(before.panels) == len(figure.panels)
        self.figure = figure
        self.hovered = -1
        if not (same and self._zoomed):
            self._zoomed = False
            self._limits = figure_limits(figure) if figure is not None else []
        self._fill()

    def _fill(self) -> None:
        panels = self.figure.panels if self.figure is not None else ()
        while len(self.plots) > len(panels):
            self.plots.pop().remove()
        while len(self.plots) < len(panels):
            self.plots.append(Plot(self))
        for plot, panel, limits in zip(self.plots, panels, self._limits):
            plot.show_panel(panel, self.style_in_use, limits)
        self.arrange()

    def arrange(self) -> None:
        """Find every part its place within the present size."""
        if self.figure is None or self.size().isEmpty():
            self._page, self.frames = None, []
        else:
            area = QRectF(QPointF(0, 0), self.size()).adjusted(_MARGIN_PX, _MARGIN_PX, -_MARGIN_PX, -_MARGIN_PX)
            self._page = lay_out(self.figure, area, self.style_in_use, self._limits, legend=self._legend)
            self.frames = list(self._page.frames)
            for plot, panel, frame in zip(self.plots, self.figure.panels, self.frames):
                plot.place(panel, frame, self.style_in_use)
        self.refresh()

    def resizeEvent(self, event: object) -> None:
        self.arrange()

    def refresh(self) -> None:
        """Paint again: the selection, the hovered group or the ranges have changed."""
        self.update()
        self._overlay.prepareGeometryChange()
        self._overlay.update()

    @property
    def zoomed(self) -> bool:
        """Whether the ranges are not those of the figure."""
        return self._zoomed

    def show_range(self, index: int, limits: Limits) -> None:
        """Show other ranges in panel `index`, and with shared axes in all."""
        assert self.figure is not None
        self._zoomed = True
        for k in range(len(self.plots)) if self.figure.shared_axes else (index,):
            panel, frame = self.figure.panels[k], self.frames[k]
            self._limits[k] = limits
            self.frames[k] = frame_at(panel, limits, frame.outer, frame.plot, self.style_in_use)
            self.plots[k].place(panel, self.frames[k], self.style_in_use)
        self.refresh()

    def reset_ranges(self) -> None:
        """Show the ranges of the figure again."""
        if self.figure is not None:
            self._zoomed = False
            self._limits = figure_limits(self.figure)
            self.arrange()

    def panel_at(self, at: QPointF) -> int:
        """Return the index of the panel whose plot area (or heading, in small multiples) holds a position, else -1."""
        for k, frame in enumerate(self.frames):
            assert self.figure is not None
            above = 24 if self.figure.panels[k].group >= 0 else 0
            if frame.plot.adjusted(-6, -6 - above, 6, 6).contains(at):
                return k
        return -1

    def group_at(self, at: QPointF) -> int:
        """Return the group at a position: that of a small multiple, or of the nearest mark; -1 for none."""
        k = self.panel_at(at)
        if k < 0 or self.figure is None:
            return -1
        own = self.figure.panels[k].group
        return own if own >= 0 else self.plots[k].marks.nearest(self.frames[k], at)

    def groups_in(self, area: QRectF) -> list[int]:
        """Return the groups with a mark in a rectangle."""
        k = self.panel_at(area.center())
        return self.plots[k].marks.within(self.frames[k], area) if k >= 0 else []

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        if self.figure is None or self._page is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        style = self.style_in_use
        paint_legend(painter, self._page.legend_rows, self._page.legend, style)
        for panel, frame, sides in zip(self.figure.panels, self.frames, self._page.sides):
            paint_back(painter, panel, frame, sides, style, selected=panel.group in self.selected)
            paint_row(painter, panel, frame, self.selected, style)
            paint_axes(painter, panel, frame, sides, style)

    def paint_over(self, painter: QPainter) -> None:
        """Paint hover, selection, rubber band and focus ring; called by the overlay."""
        if self.figure is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        groups: Collection[int] = self.selected
        for panel, frame in zip(self.figure.panels, self.frames):
            if self.hovered >= 0 and self.hovered not in groups:
                paint_hovered(painter, panel, frame, self.hovered, self.style_in_use)
            paint_selected(painter, self.figure, panel, frame, groups, self.style_in_use)
        if self.ringed:
            painter.setPen(self.style_in_use.pen("accent", 2.0))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(QPointF(0, 0), self.size()).adjusted(1, 1, -1, -1), 4, 4)
        if self.band is not None:
            painter.setPen(self.style_in_use.pen("accent", 1.0))
            painter.setBrush(self.style_in_use.brush("accent", 0.12))
            painter.drawRect(self.band)
