"""How far the axes of a panel reach."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from mlgui.results.figure import Axis, Band, Figure, Layer, Line, Panel, Points, Rule, Segments

Floats = NDArray[np.float64]
Range = tuple[float, float]
_PADDING = 0.04


def panel_limits(panel: Panel) -> tuple[Range, Range]:
    """Return ((x low, x high), (y low, y high)) of one panel: the limits asked for, or the data with a margin."""
    return axis_range(panel.x, _values(panel.layers, "x")), axis_range(panel.y, _values(panel.layers, "y"))


def figure_limits(figure: Figure) -> list[tuple[Range, Range]]:
    """Return the limits of every panel; with shared axes they are all the widest."""
    limits = [panel_limits(panel) for panel in figure.panels]
    if figure.shared_axes and limits:
        x = (min(x[0] for x, _ in limits), max(x[1] for x, _ in limits))
        y = (min(y[0] for _, y in limits), max(y[1] for _, y in limits))
        limits = [(x, y)] * len(limits)
    return limits


def axis_range(axis: Axis, values: Iterable[Floats]) -> Range:
    """Return the range of one axis; (0, 1) where there is nothing to show, one unit around a single value."""
    if axis.limits is not None:
        return axis.limits
    low, high = _extent(values)
    if axis.ticks:
        low, high = min(low, axis.ticks[0][0]), max(high, axis.ticks[-1][0])
    if low > high:
        return 0.0, 1.0
    if low == high:
        return low - 0.5, high + 0.5
    margin = _PADDING * (high - low)
    return low - margin, high + margin


def _extent(values: Iterable[Floats]) -> Range:
    low, high = np.inf, -np.inf
    for array in values:
        finite = np.asarray(array, dtype=float)
        finite = finite[np.isfinite(finite)]
        if finite.size:
            low, high = min(low, float(finite.min())), max(high, float(finite.max()))
    return float(low), float(high)


def _values(layers: Iterable[Layer], axis: str) -> list[Floats]:
    found: list[Floats] = []
    for layer in layers:
        if isinstance(layer, Points | Line):
            found.append(layer.x if axis == "x" else layer.y)
        elif isinstance(layer, Segments):
            found.extend((layer.x0, layer.x1) if axis == "x" else (layer.y0, layer.y1))
        elif isinstance(layer, Band):
            found.extend((layer.x,) if axis == "x" else (layer.low, layer.high))
        elif isinstance(layer, Rule) and layer.vertical == (axis == "x"):
            found.append(np.array([layer.value]))
    return found
