"""Shapes of marks: one path each, of equal visual weight, for the painter and for the screen."""

from __future__ import annotations

import math
from functools import cache

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath, QPolygonF, QTransform


@cache
def mark_path(shape: str) -> QPainterPath:
    """Return the outline of a shape for radius 1 around (0, 0): circle triangle diamond square down plus.

    Corners reach a little further than the circle, so that all shapes cover about the same area.
    """
    path = QPainterPath()
    if shape == "circle":
        path.addEllipse(QRectF(-1, -1, 2, 2))
    elif shape == "square":
        path.addRect(QRectF(-0.9, -0.9, 1.8, 1.8))
    elif shape == "plus":
        path.addPolygon(_plus())
        path.closeSubpath()
    else:
        path.addPolygon(QPolygonF([QPointF(x, y) for x, y in _corners(shape)]))
        path.closeSubpath()
    return path


def placed_mark(shape: str, x: float, y: float, radius: float) -> QPainterPath:
    """Return the outline of a mark of `radius` around (x, y), so that no device has to scale pens."""
    return QTransform(radius, 0, 0, radius, x, y).map(mark_path(shape))


def _corners(shape: str) -> list[tuple[float, float]]:
    if shape == "triangle":
        return _regular(3, 1.35, -90)
    if shape == "down":
        return _regular(3, 1.35, 90)
    if shape == "diamond":
        return _regular(4, 1.28, 0)
    raise ValueError(f"unknown shape {shape!r}")


def _regular(corners: int, radius: float, start: float) -> list[tuple[float, float]]:
    angles = [math.radians(start + 360 * k / corners) for k in range(corners)]
    return [(radius * math.cos(angle), radius * math.sin(angle)) for angle in angles]


def _plus() -> QPolygonF:
    arm, half = 1.15, 0.38
    corners = [(-half, -arm), (half, -arm), (half, -half), (arm, -half), (arm, half), (half, half),
               (half, arm), (-half, arm), (-half, half), (-arm, half), (-arm, -half), (-half, -half)]  # fmt: skip
    return QPolygonF([QPointF(x, y) for x, y in corners])
