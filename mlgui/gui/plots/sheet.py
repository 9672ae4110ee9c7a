"""The scene of one figure: frames painted as on paper, data in pyqtgraph view boxes, the selection on top."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from mlgui.gui.painting.axes import paint_axes, paint_back
from mlgui.gui.painting.frame import Frame, frame_at
from mlgui.gui.painting.legend import paint_legend
from mlgui.gui.painting.limits import figure_limits
from mlgui.gui.painting.page import Page, lay_out, paint_heading
from mlgui.gui.painting.style import Style
from mlgui.gui.plots.highlight import paint_hovered, paint_row, paint_selected
from mlgui.gui.plots.plot import Limits, Plot
from mlgui.results.figure import Figure
from mlgui.results.figure_parts import USUAL_TEXT_PT

_MARGIN_PX = 2.0
_NEAR_PX = 2.0


@dataclass(frozen=True, kw_only=True)
class Spot:
    """A part of a figure under the mouse: a text, or the numbers of an axis ("x" or "y") of a panel. area: where it stands."""

    area: QRectF
    text: str = ""
    axis: str = ""
    panel: int = 0


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
        self._style = self.style_in_use = style
        self.figure: Figure | None = None
        self.frames: list[Frame] = []
        self.plots: list[Plot] = []
        self.selected: frozenset[int] = frozenset()
        self.hovered = -1
        self.band: QRectF | None = None
        self.ringed = False
        self.spot: Spot | None = None
        self._places: list[tuple[str, QRectF]] = []
        self._page: Page | None = None
        self._limits: list[Limits] = []
        self._zoomed = False
        self._overlay = Overlay(self)

    def set_style(self, style: Style) -> None:
        """Draw in other colours or text sizes."""
        self._style = style
        self._size_text()
        self._fill()

    def _size_text(self) -> None:
        """Let the size of a figure's text on paper show on the screen too."""
        wanted = self.figure.text_pt if self.figure is not None else None
        share = (wanted or USUAL_TEXT_PT) / USUAL_TEXT_PT
        self.style_in_use = replace(self._style, text=self._style.text * share, _fonts={}) if share != 1 else self._style

    def set_figure(self, figure: Figure | None) -> None:
        """Show a figure; a zoom stays where the figure has the same key and as many panels."""
        before = self.figure
        same = before is not None and figure is not None and before.key == figure.key and len(before.panels) == len(figure.panels)
        self.figure = figure
        self.hovered, self.spot = -1, None
        self._size_text()
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

    def spot_at(self, at: QPointF) -> Spot | None:
        """Return the text or the axis at a position, None where there is neither."""
        for text, area in reversed(self._places):
            if area.adjusted(-_NEAR_PX, -_NEAR_PX, _NEAR_PX, _NEAR_PX).contains(at) and text.strip():
                axis = self._axis_at(at)
                return replace(axis, text=text) if axis is not None and self._is_tick(text, axis) else Spot(area=area, text=text)
        return self._axis_at(at)

    def _axis_at(self, at: QPointF) -> Spot | None:
        for k, frame in enumerate(self.frames):
            plot, outer = frame.plot, frame.outer
            below = QRectF(plot.left(), plot.bottom(), plot.width(), outer.bottom() - plot.bottom())
            left = QRectF(outer.left(), plot.top(), plot.left() - outer.left(), plot.height())
            for axis, area in (("x", below), ("y", left)):
                if area.contains(at):
                    return Spot(area=area, axis=axis, panel=k)
        return None

    def _is_tick(self, text: str, axis: Spot) -> bool:
        """Whether a text is a number of an axis rather than words of the figure."""
        frame = self.frames[axis.panel]
        assert self.figure is not None
        panel = self.figure.panels[axis.panel]
        own = (panel.x if axis.axis == "x" else panel.y).ticks
        return own is None and any(text == tick for _, tick in (frame.x_ticks if axis.axis == "x" else frame.y_ticks))

    def groups_in(self, area: QRectF) -> list[int]:
        """Return the groups with a mark in a rectangle."""
        k = self.panel_at(area.center())
        return self.plots[k].marks.within(self.frames[k], area) if k >= 0 else []

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        if self.figure is None or self._page is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._places = []
        style = replace(self.style_in_use, places=self._places)
        paint_heading(painter, self._page, style)
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
        if self.spot is not None:
            painter.setPen(self.style_in_use.pen("accent", 1.0, opacity=0.8))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(self.spot.area.adjusted(-3, -1, 3, 1), 3, 3)
        if self.ringed:
            painter.setPen(self.style_in_use.pen("accent", 2.0))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(QPointF(0, 0), self.size()).adjusted(1, 1, -1, -1), 4, 4)
        if self.band is not None:
            painter.setPen(self.style_in_use.pen("accent", 1.0))
            painter.setBrush(self.style_in_use.brush("accent", 0.12))
            painter.drawRect(self.band)
