"""Which group is under the mouse, and where the marks of a group are: the marks of one panel in flat arrays."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF

from mlgui.gui.painting.frame import Frame
from mlgui.results.figure import Panel, Points, Segments

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]

_REACH_PX, _LINE_REACH_PX = 12.0, 5.0


class Marks:
    """Points and segments of one panel that stand for groups. All arrays are one entry a mark."""

    def __init__(self, panel: Panel) -> None:
        points = [layer for layer in panel.layers if isinstance(layer, Points) and layer.groups is not None]
        lines = [layer for layer in panel.layers if isinstance(layer, Segments) and layer.groups is not None]
        self.x, self.y = _joined(p.x for p in points), _joined(p.y for p in points)
        self.groups = _joined_groups(p.groups for p in points)
        self.x0, self.y0 = _joined(s.x0 for s in lines), _joined(s.y0 for s in lines)
        self.x1, self.y1 = _joined(s.x1 for s in lines), _joined(s.y1 for s in lines)
        self.line_groups = _joined_groups(s.groups for s in lines)

    def nearest(self, frame: Frame, at: QPointF) -> int:
        """Return the group of the mark nearest to a device position, -1 where none is near."""
        if len(self.x):
            distance = np.hypot(frame.x(self.x) - at.x(), frame.y(self.y) - at.y())
            distance[~np.isfinite(distance) | (self.groups < 0)] = np.inf
            best = int(np.argmin(distance))
            if distance[best] <= _REACH_PX:
                return int(self.groups[best])
        return self._nearest_line(frame, at)

    def _nearest_line(self, frame: Frame, at: QPointF) -> int:
        if not len(self.x0):
            return -1
        x0, y0 = frame.x(self.x0), frame.y(self.y0)
        dx, dy = frame.x(self.x1) - x0, frame.y(self.y1) - y0
        along = np.clip(((at.x() - x0) * dx + (at.y() - y0) * dy) / np.fmax(dx * dx + dy * dy, 1e-12), 0.0, 1.0)
        distance = np.hypot(x0 + along * dx - at.x(), y0 + along * dy - at.y())
        distance[~np.isfinite(distance) | (self.line_groups < 0)] = np.inf
        best = int(np.argmin(distance))
        return int(self.line_groups[best]) if distance[best] <= _LINE_REACH_PX else -1

    def within(self, frame: Frame, area: QRectF) -> list[int]:
        """Return the groups that have a point inside a device rectangle."""
        x, y = frame.x(self.x), frame.y(self.y)
        inside = (x >= area.left()) & (x <= area.right()) & (y >= area.top()) & (y <= area.bottom()) & (self.groups >= 0)
        return [int(group) for group in np.unique(self.groups[inside])]

    def position(self, group: int) -> tuple[float, float] | None:
        """Return (x, y), in data units, of the last mark of a group (the one painted on top), or None."""
        found = np.flatnonzero((self.groups == group) & np.isfinite(self.x) & np.isfinite(self.y))
        return (float(self.x[found[-1]]), float(self.y[found[-1]])) if len(found) else None

    def span(self, group: int) -> tuple[float, float, float, float] | None:
        """Return (x0, y0, x1, y1) of the first segment of a group, or None."""
        found = np.flatnonzero(self.line_groups == group)
        if not len(found):
            return None
        k = found[0]
        return float(self.x0[k]), float(self.y0[k]), float(self.x1[k]), float(self.y1[k])


def _joined(arrays: Iterable[Floats]) -> Floats:
    parts = list(arrays)
    return np.concatenate(parts).astype(float) if parts else np.empty(0)


def _joined_groups(arrays: Iterable[Indices | None]) -> Indices:
    parts = [array for array in arrays if array is not None]
    return np.concatenate(parts).astype(np.int64) if parts else np.empty(0, dtype=np.int64)
