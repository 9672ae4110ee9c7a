"""Painting what stands around the data: grid, axis, ticks, titles and direct labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QLineF, QPointF, Qt
from PySide6.QtGui import QPainter

from mlgui.gui.painting.frame import END_SHARE, Frame, Sides, end_labels, spread
from mlgui.gui.painting.marks import placed_mark
from mlgui.gui.painting.style import PANEL_PX, TICK_PX, TITLE_PX, Style
from mlgui.gui.painting.text import Label
from mlgui.results.figure import Panel, Rule

_BOX_RADIUS_PX, _EQUATION_PX, _APART_PX, _CLOSEST, _GUTTER_PX = 4.0, 15.0, 10.0, 0.6, 14.0


def paint_back(painter: QPainter, panel: Panel, frame: Frame, sides: Sides, style: Style, *, selected: bool = False) -> None:
    """Draw what lies behind the data: the box of a small multiple and the grid, in one direction only."""
    if sides.boxed:
        radius = _BOX_RADIUS_PX * style.unit
        painter.setPen(style.pen("accent", 1.5) if selected else style.pen("line", 1.0))
        painter.setBrush(style.brush("sel") if selected else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(frame.plot, radius, radius)
    painter.setPen(style.pen("grid", 1.0))
    if panel.y.grid:
        painter.drawLines([QLineF(frame.plot.left(), y, frame.plot.right(), y) for y in _inside(frame, vertical=False)])
    elif panel.x.grid:
        painter.drawLines([QLineF(x, frame.plot.top(), x, frame.plot.bottom()) for x in _inside(frame, vertical=True)])


def _inside(frame: Frame, *, vertical: bool) -> list[float]:
    if vertical:
        return [frame.x.at(value) for value, _ in frame.x_ticks]
    return [frame.y.at(value) for value, _ in frame.y_ticks]


def paint_axes(painter: QPainter, panel: Panel, frame: Frame, sides: Sides, style: Style) -> None:
    """Draw the x axis, tick labels, titles, the heading of the panel and the labels at the ends of lines."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if not sides.boxed:
        painter.setPen(style.pen("axis", 1.0))
        painter.drawLine(QLineF(frame.plot.left(), frame.plot.bottom(), frame.plot.right(), frame.plot.bottom()))
    if sides.below:
        _paint_x_ticks(painter, frame, sides, style)
    if sides.left:
        _paint_y_ticks(painter, panel, frame, style)
    _paint_titles(painter, panel, frame, sides, style)
    _paint_heading(painter, panel, frame, style)
    _paint_end_labels(painter, panel, frame, style)
    _paint_top_labels(painter, panel, frame, style)


def _paint_x_ticks(painter: QPainter, frame: Frame, sides: Sides, style: Style) -> None:
    unit = style.unit
    painter.setPen(style.pen("axis", 1.0))
    if not sides.boxed:
        ends = [QPointF(frame.x.at(value), frame.plot.bottom()) for value, _ in frame.x_ticks]
        painter.drawLines([QLineF(end, end + QPointF(0, 4 * unit)) for end in ends])
    middle = frame.plot.bottom() + 6 * unit + Label(text="", px=TICK_PX).height(style) / 2
    free_from = float("-inf")
    for value, text in sorted(frame.x_ticks, key=lambda tick: frame.x.at(tick[0])):
        label, x = Label(text=text, px=TICK_PX, colour="ink3"), frame.x.at(value)
        half = label.width(style) / 2
        if x - half >= free_from:
            label.draw(painter, style, x, middle, align=0.5)
            free_from = x + half + 4 * unit


def _paint_y_ticks(painter: QPainter, panel: Panel, frame: Frame, style: Style) -> None:
    named = panel.y.ticks is not None
    sections = any(text[:1].isspace() for _, text in frame.y_ticks)  # members are indented below their heading
    written = float("-inf")  # names that would lie on others are left out, as at large sizes of text
    for value, text in sorted(frame.y_ticks, key=lambda tick: frame.y.at(tick[0])):
        y = frame.y.at(value)
        if named:
            label = Label(text=text, px=PANEL_PX, colour="ink", bold=sections and not text[:1].isspace())
            if y - written < _CLOSEST * label.height(style):
                continue
            room, written = frame.plot.left() - frame.outer.left() - 4 * style.unit, y
            label.fitted(style, room).draw(painter, style, frame.outer.left(), y)
        else:
            label = Label(text=text, px=TICK_PX, colour="ink3")
            label.draw(painter, style, frame.plot.left() - 7 * style.unit, frame.y.at(value), align=1.0)


def _paint_titles(painter: QPainter, panel: Panel, frame: Frame, sides: Sides, style: Style) -> None:
    line = Label(text="", px=TITLE_PX).height(style)
    if panel.y.title and sides.y_title:
        heading = line + 5 * style.unit if (panel.title or panel.note) and not sides.boxed else 0.0
        label = Label(text=panel.y.title, px=TITLE_PX, colour="ink2")
        label.draw(painter, style, frame.outer.left(), frame.outer.top() + heading + line / 2)
    if panel.x.title and sides.x_title:
        room = frame.plot.right() - frame.outer.left() + _GUTTER_PX * style.unit
        label = Label(text=panel.x.title, px=TITLE_PX, colour="ink2").fitted(style, room)
        below = line + 8 * style.unit
        label.draw(painter, style, frame.plot.right(), frame.plot.bottom() + below + line / 2, align=1.0)


def _paint_heading(painter: QPainter, panel: Panel, frame: Frame, style: Style) -> None:
    line = Label(text="", px=PANEL_PX).height(style)
    boxed_heading = panel.mark is not None or panel.note or panel.group >= 0
    y = frame.plot.top() - 5 * style.unit - line / 2 if boxed_heading else frame.outer.top() + line / 2
    x = frame.plot.left() if boxed_heading else frame.outer.left()
    if panel.mark is not None:
        paint_mark(painter, style, x + 6 * style.unit, y, colour=panel.mark[0], shape=panel.mark[1], radius=4.0)
        x += 16 * style.unit
    if panel.title:
        equation = "=" in panel.title and panel.group < 0
        _heading(panel.title, frame.outer.right() - x, style, equation=equation).draw(painter, style, x, y)
    if panel.note:
        Label(text=panel.note, px=TICK_PX, colour="ink3").draw(painter, style, frame.plot.right(), y, align=1.0)


def _heading(text: str, room: float, style: Style, *, equation: bool) -> Label:
    """Return the heading of a panel; an equation is set in its face, smaller where it is long."""
    if not equation:
        return Label(text=text, px=PANEL_PX, colour="ink", bold=True)
    label = Label(text=text, px=_EQUATION_PX, colour="ink", maths=True)
    needed = label.width(style)
    if needed > room:
        label = replace(label, px=max(_EQUATION_PX * room / needed, TICK_PX))
    return label.fitted(style, room)


def _paint_end_labels(painter: QPainter, panel: Panel, frame: Frame, style: Style) -> None:
    labels = [(frame.y.at(y), label) for y, label in end_labels(panel) if frame.y.holds(y)]
    height = Label(text="", px=TICK_PX).height(style)
    places = spread([y for y, _ in labels], height, frame.plot.top(), frame.plot.bottom())
    for y, (_, label) in zip(places, labels):
        label.fitted(style, END_SHARE * frame.outer.width()).draw(painter, style, frame.plot.right() + 7 * style.unit, y)


def _paint_top_labels(painter: QPainter, panel: Panel, frame: Frame, style: Style) -> None:
    """Write the labels of vertical rules above the plot, to the outer side where two would meet."""
    rules = [layer for layer in panel.layers if isinstance(layer, Rule) and layer.vertical and layer.label]
    shown = sorted((rule for rule in rules if frame.x.holds(rule.value)), key=lambda rule: frame.x.at(rule.value))
    y = frame.plot.top() - 4 * style.unit - Label(text="", px=TICK_PX).height(style) / 2
    room = (frame.outer.width() - _APART_PX * style.unit * max(len(shown) - 1, 0)) / max(len(shown), 1)
    labels = [Label(text=rule.label, px=TICK_PX, colour=rule.colour, bold=True) for rule in shown]
    if sum(label.width(style) for label in labels) > room * len(labels):
        labels = [label.fitted(style, room) for label in labels]
    widths = [label.width(style) for label in labels]
    lefts = []
    for k, (rule, width) in enumerate(zip(shown, widths, strict=True)):
        align = 0.5 if len(shown) == 1 else 1.0 - k / (len(shown) - 1)
        lefts.append(frame.x.at(rule.value) + (0.5 - align) * 8 * style.unit - align * width)
    places = side_by_side(lefts, widths, _APART_PX * style.unit, frame.outer.left(), frame.outer.right())
    for label, left in zip(labels, places, strict=True):
        label.draw(painter, style, left, y)


def side_by_side(lefts: Sequence[float], widths: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Return the left ends of labels in order, moved so that they stand `gap` apart between low and high, if there is room."""
    placed = list(lefts)
    end = low
    for k, width in enumerate(widths):
        placed[k] = max(placed[k], end)
        end = placed[k] + width + gap
    end = high
    for k in reversed(range(len(widths))):
        placed[k] = max(min(placed[k], end - widths[k]), low)
        end = placed[k] - gap
    return placed


def paint_mark(painter: QPainter, style: Style, x: float, y: float, *, colour: str, shape: str, radius: float,
               filled: bool = True) -> None:  # fmt: skip
    """Draw one mark of `radius` logical pixels at a device position."""
    path = placed_mark(shape, x, y, radius * style.unit)
    if filled:
        painter.fillPath(path, style.brush(colour))
    else:
        painter.fillPath(path, style.brush("surface"))
        painter.strokePath(path, style.pen(colour, 1.2))
