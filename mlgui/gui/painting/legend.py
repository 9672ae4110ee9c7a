"""The legend: what forms and colours mean, in rows above the plots."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QLineF, QRectF
from PySide6.QtGui import QPainter

from mlgui.gui.painting.axes import paint_mark
from mlgui.gui.painting.style import PANEL_PX, Style
from mlgui.gui.painting.text import Label
from mlgui.results.figure import Band, Figure, Layer, Line, Points, Rule, Segments

_MARK_PX, _LINE_PX, _GAP_PX = 10.0, 24.0, 18.0


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One meaning: the layers that show it (one a colour) and its words."""

    text: str
    layers: tuple[Layer, ...]

    def width(self, style: Style) -> float:
        """Return its width in device units."""
        keys = sum(_key_width(layer) for layer in self.layers)
        return keys * style.unit + Label(text=self.text, px=PANEL_PX).width(style) + 6 * style.unit


def entries(figure: Figure) -> tuple[Entry, ...]:
    """Return what needs explaining: every label of a layer once, with each different look it has (at most three)."""
    found: dict[str, dict[tuple[object, ...], Layer]] = {}
    for panel in figure.panels:
        for layer in panel.layers:
            if layer.label and not isinstance(layer, Rule):
                found.setdefault(layer.label, {}).setdefault(_look(layer), layer)
    first = {text: place for place, text in enumerate(figure.legend_order)}
    shown = sorted(found.items(), key=lambda entry: first.get(entry[0], len(first)))
    return tuple(Entry(text=text, layers=_keys(list(looks.values()))) for text, looks in shown)


def _keys(layers: list[Layer]) -> tuple[Layer, ...]:
    """Return up to three looks; a mark stands for the interval through it."""
    marked = {layer.colour for layer in layers if isinstance(layer, Points)}
    return tuple(layer for layer in layers if isinstance(layer, Points) or layer.colour not in marked)[:3]


def _look(layer: Layer) -> tuple[object, ...]:
    if isinstance(layer, Points):
        return ("points", layer.colour, layer.shape, layer.filled)
    dashed = isinstance(layer, Segments | Line) and layer.dashed
    return (type(layer).__name__, layer.colour, dashed)


def _key_width(layer: Layer) -> float:
    return _MARK_PX + 4 if isinstance(layer, Points) else _LINE_PX + 4


def legend_rows(shown: tuple[Entry, ...], width: float, style: Style) -> list[list[Entry]]:
    """Return the entries broken into rows no wider than `width` device units."""
    rows: list[list[Entry]] = []
    used = 0.0
    for entry in shown:
        needed = entry.width(style) + _GAP_PX * style.unit
        if not rows or used + needed > width:
            rows.append([])
            used = 0.0
        rows[-1].append(entry)
        used += needed
    return rows


def row_height(style: Style) -> float:
    """Return the height of one row in device units."""
    return Label(text="", px=PANEL_PX).height(style) + 6 * style.unit


def paint_legend(painter: QPainter, rows: list[list[Entry]], area: QRectF, style: Style) -> None:
    """Draw rows of entries from the top left of `area`."""
    for k, row in enumerate(rows):
        x, y = area.left(), area.top() + (k + 0.5) * row_height(style)
        for entry in row:
            x = _paint_entry(painter, entry, x, y, style) + _GAP_PX * style.unit


def _paint_entry(painter: QPainter, entry: Entry, x: float, y: float, style: Style) -> float:
    start = x
    for layer in entry.layers:
        width = _key_width(layer) * style.unit
        _paint_key(painter, layer, x, y, width - 4 * style.unit, style)
        x += width
    x += 2 * style.unit
    label = Label(text=entry.text, px=PANEL_PX, colour="ink2")
    label.draw(painter, style, x, y)
    if style.places is not None:  # the key before the words stands for them too
        half = row_height(style) / 2
        style.places.append((entry.text, QRectF(start, y - half, x - start, 2 * half)))
    return x + label.width(style) + 4 * style.unit


def _paint_key(painter: QPainter, layer: Layer, x: float, y: float, width: float, style: Style) -> None:
    if isinstance(layer, Points):
        paint_mark(painter, style, x + width / 2, y, colour=layer.colour, shape=layer.shape, radius=4.0, filled=layer.filled)
    elif isinstance(layer, Band):
        half = 5 * style.unit
        painter.fillRect(QRectF(x, y - half, width, 2 * half), style.brush(layer.colour, max(layer.opacity, 0.2)))
    elif isinstance(layer, Segments | Line):
        painter.setPen(style.pen(layer.colour, max(layer.width, 1.5), dashed=layer.dashed))
        painter.drawLine(QLineF(x, y, x + width, y))
