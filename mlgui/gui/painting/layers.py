"""Painting data: each layer of a panel in device coordinates, with plain pens."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPolygonF

from mlgui.gui.painting.clip import Box, cut_segments, inside
from mlgui.gui.painting.density import DENSE, cell_opacities, cells
from mlgui.gui.painting.frame import Frame
from mlgui.gui.painting.marks import placed_mark
from mlgui.gui.painting.style import Style
from mlgui.results.figure import Band, Layer, Line, Points, Rule, Segments

Floats = NDArray[np.float64]


def paint_layer(painter: QPainter, layer: Layer, frame: Frame, style: Style) -> None:
    """Draw one layer."""
    if isinstance(layer, Points):
        _paint_points(painter, layer, frame, style)
    elif isinstance(layer, Segments):
        _paint_segments(painter, layer, frame, style)
    elif isinstance(layer, Line):
        _paint_line(painter, layer, frame, style)
    elif isinstance(layer, Band):
        _paint_band(painter, layer, frame, style)
    else:
        _paint_rule(painter, layer, frame, style)


def box_of(frame: Frame, rim: float = 0.0) -> Box:
    """Return (left, top, right, bottom) of the plot, widened by `rim` device units."""
    plot = frame.plot
    return plot.left() - rim, plot.top() - rim, plot.right() + rim, plot.bottom() + rim


def _paint_points(painter: QPainter, layer: Points, frame: Frame, style: Style) -> None:
    if len(layer.x) > DENSE:
        _paint_density(painter, layer, frame, style)
        return
    radius = layer.size * style.unit
    x, y = frame.x(layer.x), frame.y(layer.y)
    keep = inside(x, y, box_of(frame, radius))
    if layer.filled:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(style.brush(layer.colour, layer.opacity))
    else:
        painter.setPen(style.pen(layer.colour, 1.1, opacity=layer.opacity))
        painter.setBrush(style.brush("surface"))
    for px, py in zip(x[keep].tolist(), y[keep].tolist()):
        painter.drawPath(placed_mark(layer.shape, px, py, radius))


def _paint_density(painter: QPainter, layer: Points, frame: Frame, style: Style) -> None:
    counts, x_edges, y_edges = cells(layer.x, layer.y, (frame.x.low, frame.x.high), (frame.y.low, frame.y.high))
    opacities = cell_opacities(counts)
    xs, ys = frame.x(x_edges), frame.y(y_edges)
    lap = 0.3 * style.unit  # solid colours that overlap a little leave no seams in vector viewers
    for row, column in zip(*np.nonzero(counts)):
        corner, opposite = QPointF(xs[row], ys[column]), QPointF(xs[row + 1], ys[column + 1])
        cell = QRectF(corner, opposite).normalized().adjusted(-lap, -lap, lap, lap)
        painter.fillRect(cell, style.mixed(layer.colour, float(opacities[row, column])))


def _paint_segments(painter: QPainter, layer: Segments, frame: Frame, style: Style) -> None:
    ends = cut_segments(frame.x(layer.x0), frame.y(layer.y0), frame.x(layer.x1), frame.y(layer.y1), box_of(frame))
    painter.setPen(style.pen(layer.colour, layer.width, opacity=layer.opacity, dashed=layer.dashed))
    painter.drawLines([QLineF(*line) for line in zip(*(array.tolist() for array in ends))])


def _paint_line(painter: QPainter, layer: Line, frame: Frame, style: Style) -> None:
    x, y = frame.x(layer.x), frame.y(layer.y)
    painter.setPen(style.pen(layer.colour, layer.width, opacity=layer.opacity, dashed=layer.dashed))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if bool(np.all(inside(x, y, box_of(frame)))):
        painter.drawPolyline(QPolygonF([QPointF(px, py) for px, py in zip(x.tolist(), y.tolist())]))
    else:
        ends = cut_segments(x[:-1], y[:-1], x[1:], y[1:], box_of(frame))
        painter.drawLines([QLineF(*line) for line in zip(*(array.tolist() for array in ends))])


def _paint_band(painter: QPainter, layer: Band, frame: Frame, style: Style) -> None:
    left, top, right, bottom = box_of(frame)
    x = np.clip(frame.x(layer.x), left, right)
    low, high = (np.clip(frame.y(edge), top, bottom) for edge in (layer.low, layer.high))
    outline = zip(np.concatenate([x, x[::-1]]).tolist(), np.concatenate([low, high[::-1]]).tolist())
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(style.brush(layer.colour, layer.opacity))
    painter.drawPolygon(QPolygonF([QPointF(px, py) for px, py in outline]))


def _paint_rule(painter: QPainter, layer: Rule, frame: Frame, style: Style) -> None:
    scale = frame.x if layer.vertical else frame.y
    if not scale.holds(layer.value):
        return
    at = scale.at(layer.value)
    painter.setPen(style.pen(layer.colour, layer.width, dashed=layer.dashed))
    if layer.vertical:
        painter.drawLine(QLineF(at, frame.plot.top(), at, frame.plot.bottom()))
    else:
        painter.drawLine(QLineF(frame.plot.left(), at, frame.plot.right(), at))
