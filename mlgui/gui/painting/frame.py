"""Where the parts of one panel stand: the plot area, its scales, ticks, titles and the room for direct labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF

from mlgui.gui.painting.limits import Range
from mlgui.gui.painting.style import PANEL_PX, TICK_PX, TITLE_PX, Style
from mlgui.gui.painting.text import Label
from mlgui.gui.painting.ticks import nice_ticks, tick_labels
from mlgui.results.figure import Axis, Line, Panel, Rule

Floats = NDArray[np.float64]
Ticks = tuple[tuple[float, str], ...]

_X_SPACING_PX, _Y_SPACING_PX = 100.0, 110.0
_FEWEST, _MOST = 3, 8
_GAP_PX = 8.0

LEFT_SHARE, END_SHARE = 0.4, 0.28
"""How much of a panel's width names at the left, and labels at the right, may take; longer ones are cut."""


@dataclass(frozen=True, kw_only=True)
class Scale:
    """Maps [low, high] of the data onto [start, end] of the device."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, values: Floats) -> Floats:
        """Return device coordinates."""
        return self.start + (np.asarray(values, dtype=float) - self.low) * self.factor

    def at(self, value: float) -> float:
        """Return the device coordinate of one value."""
        return self.start + (value - self.low) * self.factor

    @property
    def factor(self) -> float:
        """Device units per data unit, negative where the axis runs backwards."""
        return (self.end - self.start) / ((self.high - self.low) or 1.0)

    def holds(self, value: float) -> bool:
        """Whether a value lies on the axis."""
        slack = 1e-9 * (self.high - self.low)
        return self.low - slack <= value <= self.high + slack


@dataclass(frozen=True, kw_only=True)
class Sides:
    """What a panel writes around its plot: small multiples label only the outer ones.

    left, below: tick labels. y_title, x_title: axis titles. boxed: outlined, as small multiples are.
    """

    left: bool = True
    below: bool = True
    y_title: bool = True
    x_title: bool = True
    boxed: bool = False


@dataclass(frozen=True, kw_only=True)
class Margins:
    """Device units around the plot area."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, kw_only=True)
class Frame:
    """A panel in device coordinates. outer: all of it. plot: where data are drawn."""

    outer: QRectF
    plot: QRectF
    x: Scale
    y: Scale
    x_ticks: Ticks
    y_ticks: Ticks

    def point(self, x: float, y: float) -> QPointF:
        """Return the device position of one data point."""
        return QPointF(self.x.at(x), self.y.at(y))


def ticks_of(axis: Axis, limits: Range, length: float, spacing: float) -> Ticks:
    """Return the ticks of an axis `length` device units long, about `spacing` apart unless the axis names its own."""
    if axis.ticks is not None:
        return tuple(tick for tick in axis.ticks if limits[0] <= tick[0] <= limits[1])
    target = min(max(_FEWEST, round(length / spacing)), _MOST)
    values = nice_ticks(*limits, target)
    return tuple(zip(values, tick_labels(values)))


def end_labels(panel: Panel) -> list[tuple[float, Label]]:
    """Return (y in data units, label) of everything labelled at the right edge."""
    found: list[tuple[float, Label]] = []
    for layer in panel.layers:
        if isinstance(layer, Line) and layer.end_label and len(layer.x):
            last = int(np.argmax(layer.x))
            found.append((float(layer.y[last]), Label(text=layer.end_label, px=TICK_PX, colour=layer.colour, bold=True)))
        elif isinstance(layer, Rule) and layer.label and not layer.vertical:
            found.append((layer.value, Label(text=layer.label, px=TICK_PX, colour=layer.colour)))
    return found


def margins_of(panel: Panel, limits: tuple[Range, Range], sides: Sides, outer: QRectF, style: Style) -> Margins:
    """Return the room the texts around a panel need."""
    unit = style.unit
    line = Label(text="", px=TITLE_PX).height(style)
    labels = [min(label.width(style), END_SHARE * outer.width()) for _, label in end_labels(panel)]
    return Margins(
        left=_left(panel, limits[1], sides, outer, style),
        top=_top(panel, sides, line, unit),
        right=max([6 * unit, *(width + 12 * unit for width in labels), _half_last_tick(panel, limits[0], outer, sides, style)]),
        bottom=(line + _GAP_PX * unit if sides.below else 4 * unit) + (line if panel.x.title and sides.x_title else 0),
    )


def _left(panel: Panel, limits: Range, sides: Sides, outer: QRectF, style: Style) -> float:
    ticks = ticks_of(panel.y, limits, outer.height(), _Y_SPACING_PX * style.unit) if sides.left else ()
    size = PANEL_PX if panel.y.ticks else TICK_PX
    widest = max((Label(text=text, px=size).width(style) for _, text in ticks), default=0.0)
    return min(widest + _GAP_PX * style.unit, LEFT_SHARE * outer.width()) if widest else 3 * style.unit


def _half_last_tick(panel: Panel, limits: Range, outer: QRectF, sides: Sides, style: Style) -> float:
    ticks = ticks_of(panel.x, limits, outer.width(), _X_SPACING_PX * style.unit) if sides.below else ()
    return Label(text=ticks[-1][1], px=TICK_PX).width(style) / 2 if ticks else 0.0


def _top(panel: Panel, sides: Sides, line: float, unit: float) -> float:
    top = 6 * unit
    if panel.title or panel.note:
        top += line + 5 * unit
    if panel.y.title and sides.y_title:
        top += line + 3 * unit
    if any(isinstance(layer, Rule) and layer.vertical and layer.label for layer in panel.layers):
        top += line
    return top


def frame_of(panel: Panel, limits: tuple[Range, Range], margins: Margins, outer: QRectF, style: Style) -> Frame:
    """Return the frame of a panel within `outer`."""
    plot = outer.adjusted(margins.left, margins.top, -margins.right, -margins.bottom)
    plot.setWidth(max(plot.width(), 1.0))
    plot.setHeight(max(plot.height(), 1.0))
    return frame_at(panel, limits, outer, plot, style)


def frame_at(panel: Panel, limits: tuple[Range, Range], outer: QRectF, plot: QRectF, style: Style) -> Frame:
    """Return the frame of a panel whose plot area is given."""
    left, right = plot.left(), plot.right()
    bottom, top = plot.bottom(), plot.top()
    if panel.x.reverse:
        left, right = right, left
    if panel.y.reverse:
        bottom, top = top, bottom
    return Frame(
        outer=outer,
        plot=plot,
        x=Scale(low=limits[0][0], high=limits[0][1], start=left, end=right),
        y=Scale(low=limits[1][0], high=limits[1][1], start=bottom, end=top),
        x_ticks=ticks_of(panel.x, limits[0], plot.width(), _X_SPACING_PX * style.unit),
        y_ticks=ticks_of(panel.y, limits[1], plot.height(), _Y_SPACING_PX * style.unit),
    )


def spread(positions: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Return positions moved as little as needed to stand `gap` apart within [low, high], in the same order."""
    moved = [0.0] * len(positions)
    blocks: list[tuple[float, list[int]]] = []
    for index in sorted(range(len(positions)), key=lambda index: positions[index]):
        blocks.append((positions[index], [index]))
        blocks[-1] = _within(blocks[-1], gap, low, high)
        while len(blocks) > 1 and blocks[-1][0] - blocks[-2][0] < gap * (len(blocks[-1][1]) + len(blocks[-2][1])) / 2:
            (second, later), (first, earlier) = blocks.pop(), blocks.pop()
            members = earlier + later
            centre = (first * len(earlier) + second * len(later)) / len(members)
            blocks.append(_within((centre, members), gap, low, high))
    for centre, members in blocks:
        for k, index in enumerate(members):
            moved[index] = centre + (k - (len(members) - 1) / 2) * gap
    return moved


def _within(block: tuple[float, list[int]], gap: float, low: float, high: float) -> tuple[float, list[int]]:
    """Return a block of labels moved inside [low, high], at low where it is too tall."""
    centre, members = block
    half = gap * (len(members) - 1) / 2
    return min(max(centre, low + half), max(high - half, low + half)), members
