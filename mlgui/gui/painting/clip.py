"""Cutting lines at the edge of a plot by arithmetic, as not every vector format knows clipping."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Box = tuple[float, float, float, float]


def inside(x: Floats, y: Floats, box: Box) -> NDArray[np.bool_]:
    """Return which points are finite and lie in box = (left, top, right, bottom)."""
    left, top, right, bottom = box
    with np.errstate(invalid="ignore"):
        return np.asarray((x >= left) & (x <= right) & (y >= top) & (y <= bottom))


def cut_segments(x0: Floats, y0: Floats, x1: Floats, y1: Floats, box: Box) -> tuple[Floats, Floats, Floats, Floats]:
    """Return the parts of segments inside box = (left, top, right, bottom); those wholly outside are left out.

    Liang & Barsky (1984, ACM Trans. Graphics 3, 1-22): the parameters at which a line enters and leaves.
    """
    left, top, right, bottom = box
    dx, dy = x1 - x0, y1 - y0
    enter, leave = np.zeros(len(x0)), np.ones(len(x0))
    visible = np.isfinite(dx) & np.isfinite(dy)
    with np.errstate(divide="ignore", invalid="ignore"):
        for p, q in ((-dx, x0 - left), (dx, right - x0), (-dy, y0 - top), (dy, bottom - y0)):
            at = q / p
            enter = np.where(p < 0, np.fmax(enter, at), enter)
            leave = np.where(p > 0, np.fmin(leave, at), leave)
            visible &= ~((p == 0) & (q < 0))
    visible &= enter <= leave
    x0, y0, dx, dy, enter, leave = (array[visible] for array in (x0, y0, dx, dy, enter, leave))
    return x0 + enter * dx, y0 + enter * dy, x0 + leave * dx, y0 + leave * dy
