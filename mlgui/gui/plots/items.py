"""Points as pyqtgraph items, made once and then given new data in place."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtGui import QPainterPath, QTransform

from mlgui.gui.painting.density import DENSE, cell_opacities, cells
from mlgui.gui.painting.limits import Range
from mlgui.gui.painting.marks import mark_path
from mlgui.gui.painting.style import Style
from mlgui.results.figure import Points

pg.setConfigOptions(antialias=True)

Floats = NDArray[np.float64]
Limits = tuple[Range, Range]


class Spots(pg.ScatterPlotItem):
    """Marks that all look alike. Where only their places change, the pictures of the marks are not looked up again."""

    def __init__(self) -> None:
        super().__init__()
        self._look: tuple[object, ...] = ()

    def show_spots(self, x: Floats, y: Floats, look: tuple[object, ...], options: dict[str, Any]) -> None:
        """Show marks at (x, y). options: of `setData`; look: what they were made from."""
        if look != self._look or len(x) != len(self.data):
            self._look = look
            self.setData(x=x, y=y, **options)
            return
        self.prepareGeometryChange()
        self.data["x"], self.data["y"] = x, y
        self.bounds = [None, None]
        self.invalidate()


def item_type(layer: Points) -> type:
    """Return the pyqtgraph class that shows points; a density image where marks would be too many."""
    return pg.ImageItem if len(layer.x) > DENSE else Spots


def make_item(layer: Points, style: Style, limits: Limits) -> Any:
    """Return a new item that shows `layer` over `limits` (which only density images look at)."""
    item = item_type(layer)()
    update_item(item, layer, style, limits)
    return item


def update_item(item: Any, layer: Points, style: Style, limits: Limits) -> None:
    """Give an item of the right class new data and colours."""
    if len(layer.x) > DENSE:
        _update_density(item, layer, style, limits)
    else:
        _update_points(item, layer, style)


def _update_points(item: Any, layer: Points, style: Style) -> None:
    path, reach = _symbol(layer.shape)
    if layer.filled:
        pen, brush = pg.mkPen(None), style.brush(layer.colour, layer.opacity)
    else:
        pen, brush = style.pen(layer.colour, 1.1, opacity=layer.opacity), style.brush("surface")
        pen.setCosmetic(True)
    finite = np.isfinite(layer.x) & np.isfinite(layer.y)
    look = (layer.shape, layer.size, layer.filled, layer.colour, layer.opacity, tuple(style.colours.items()), style.grey)
    options = {"symbol": path, "size": 2 * layer.size * reach, "pen": pen, "brush": brush}
    item.show_spots(layer.x[finite], layer.y[finite], look, options)


@cache
def _symbol(shape: str) -> tuple[QPainterPath, float]:
    """Return the shape within half a unit around 0, as pyqtgraph wants it, and how far it reaches for radius 1."""
    path = mark_path(shape)
    bounds = path.boundingRect()
    reach = max(abs(bounds.left()), abs(bounds.right()), abs(bounds.top()), abs(bounds.bottom()))
    return QTransform.fromScale(0.5 / reach, 0.5 / reach).map(path), reach


def _update_density(item: Any, layer: Points, style: Style, limits: Limits) -> None:
    counts, x_edges, y_edges = cells(layer.x, layer.y, *limits)
    colour = style.colour(layer.colour)
    image = np.empty((*counts.shape, 4), dtype=np.uint8)
    image[..., :3] = colour.red(), colour.green(), colour.blue()
    image[..., 3] = np.round(255 * cell_opacities(counts))
    item.setImage(image, levels=(0, 255))
    item.setRect(x_edges[0], y_edges[0], x_edges[-1] - x_edges[0], y_edges[-1] - y_edges[0])
