"""What a user changed about the looks of a figure: words, order, ranges, colours, sizes, reference lines; never numbers.

    shown = edited(figure, {"text:Students": "Pupils", "range:y:0": "0,20", "colour:blue": "purple"})

Every property has a name and a text value, as project files keep them:

    heading              words above the plots
    text:<words>         other words for a text of the figure, wherever it stands
    range:<axis>:<panel> "low,high"
    order:<axis>:<panel> names of categories in another order (JSON list)
    legend               labels of the legend in another order (JSON list)
    colour:<token>       a token of the data palette, or "#rrggbb", for all that is drawn in <token>
    points               size of the marks in percent
    text_pt, size_mm     size of the text in points; "width,height"
    rule:<panel>:<n>     "off" hides the n-th line of reference that was computed
    lines:<panel>        lines of reference of the user's own (JSON list of objects; see `OwnLine`)

A value that makes no sense, as from a damaged file, is passed over. Source of truth is the unedited figure.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlgui.results.figure import Axis, Band, Figure, Layer, Line, Panel, Points, Rule, Segments

Floats = NDArray[np.float64]
Edits = Mapping[str, str]

COLOURS = ("blue", "vermilion", "green", "purple", "amber", "grey", "ink", "ink2", "ink3", "accent")
"""Tokens a user may choose from; they stay readable in the dark."""

BLANK = " "
"""Value of a text that was emptied; an empty value means no edit."""

TEXT_PT, POINT_PERCENT, SIDE_MM = (4.0, 24.0), (25.0, 400.0), (20.0, 500.0)
_HEX = re.compile(r"#[0-9A-Fa-f]{6}")


@dataclass(frozen=True, kw_only=True)
class OwnLine:
    """A line of reference that the user drew: at x = at if vertical, else at y = at."""

    at: float
    vertical: bool = False
    label: str = ""


def edited(figure: Figure, edits: Edits) -> Figure:
    """Return the figure as the user wants to see it; itself where nothing is changed. `unedited` keeps what was computed."""
    if not edits:
        return figure
    panels = tuple(_panel(panel, place, edits, shared=figure.shared_axes) for place, panel in enumerate(figure.panels))
    return replace(
        figure,
        panels=panels,
        heading=edits.get("heading", figure.heading).strip(),
        legend_order=tuple(_words(edits, label) for label in names_of(edits.get("legend", ""))),
        size_mm=pair(edits.get("size_mm", ""), SIDE_MM) or figure.size_mm,
        text_pt=number_of(edits.get("text_pt", ""), TEXT_PT) or figure.text_pt,
        unedited=figure,
    )


def edits_of(edits: Iterable[tuple[str, str, str]], figure: str) -> dict[str, str]:
    """Return the edits of one figure, by property, from (figure key, property, value) triples."""
    return {name: value for key, name, value in edits if key == figure}


# Values


def number_of(text: str, limits: tuple[float, float] = (-math.inf, math.inf)) -> float | None:
    """Return a finite number written in `text`, None where there is none within `limits`."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) and limits[0] <= value <= limits[1] else None


def pair(text: str, limits: tuple[float, float] = (-math.inf, math.inf)) -> tuple[float, float] | None:
    """Return the two numbers of "a,b", None where they are no two numbers within `limits`."""
    numbers = [number_of(part, limits) for part in text.split(",")]
    if len(numbers) != 2 or numbers[0] is None or numbers[1] is None:
        return None
    return numbers[0], numbers[1]


def range_of(text: str) -> tuple[float, float] | None:
    """Return (low, high) of "low,high", None where low is not below high."""
    found = pair(text)
    return found if found is not None and found[0] < found[1] else None


def names_of(text: str) -> tuple[str, ...]:
    """Return the texts of a JSON list, () where it is none."""
    found = _json_list(text)
    return tuple(str(name) for name in found) if all(isinstance(name, str) for name in found) else ()


def own_lines(text: str) -> tuple[OwnLine, ...]:
    """Return the user's lines of reference from their JSON."""
    lines = []
    for entry in _json_list(text):
        if not isinstance(entry, dict):
            continue
        at = entry.get("at")
        if isinstance(at, int | float) and math.isfinite(at):
            lines.append(OwnLine(at=float(at), vertical=entry.get("vertical") is True, label=str(entry.get("label", ""))))
    return tuple(lines)


def lines_text(lines: Iterable[OwnLine]) -> str:
    """Return lines of reference as `own_lines` reads them, "" without any."""
    entries = [asdict(line) for line in lines]
    return json.dumps(entries, ensure_ascii=False) if entries else ""


def _json_list(text: str) -> list[object]:
    try:
        found = json.loads(text) if text else []
    except (ValueError, RecursionError):
        return []
    return found if isinstance(found, list) else []


# Panels


def _words(edits: Edits, text: str) -> str:
    return edits.get(f"text:{text}", text).strip() if text and f"text:{text}" in edits else text


def _panel(panel: Panel, place: int, edits: Edits, *, shared: bool) -> Panel:
    ranges = 0 if shared else place  # shared axes have one range
    layers = tuple(_layers(panel, place, edits))
    x, x_move = _axis(panel.x, "x", place, edits)
    y, y_move = _axis(panel.y, "y", place, edits)
    layers = tuple(_moved(layer, x_move, y_move) for layer in layers)
    x = replace(x, limits=range_of(edits.get(f"range:x:{ranges}", "")) or x.limits)
    y = replace(y, limits=range_of(edits.get(f"range:y:{ranges}", "")) or y.limits)
    own = own_lines(edits.get(f"lines:{place}", ""))
    rules = tuple(Rule(value=line.at, vertical=line.vertical, colour="ink2", label=line.label) for line in own)
    mark = (_colour(edits, panel.mark[0]), panel.mark[1]) if panel.mark is not None else None
    return replace(
        panel, layers=(*layers, *rules), x=x, y=y, title=_words(edits, panel.title), note=_words(edits, panel.note), mark=mark
    )


def _layers(panel: Panel, place: int, edits: Edits) -> Iterator[Layer]:
    """Yield the layers in their colours, words and sizes, without the lines of reference that are hidden."""
    rules = 0
    for layer in panel.layers:
        if isinstance(layer, Rule):
            rules += 1
            if edits.get(f"rule:{place}:{rules - 1}") == "off":
                continue
        yield _layer(layer, edits)


def _layer(layer: Layer, edits: Edits) -> Layer:
    layer = replace(layer, label=_words(edits, layer.label), colour=_colour(edits, layer.colour))
    if isinstance(layer, Line):
        return replace(layer, end_label=_words(edits, layer.end_label))
    if isinstance(layer, Points):
        percent = number_of(edits.get("points", ""), POINT_PERCENT)
        return replace(layer, size=layer.size * percent / 100) if percent else layer
    return layer


def _colour(edits: Edits, token: str) -> str:
    chosen = edits.get(f"colour:{token}", "")
    return chosen if chosen in COLOURS or _HEX.fullmatch(chosen) else token


# Categories


Move = Callable[[Floats], Floats]


def _axis(axis: Axis, name: str, place: int, edits: Edits) -> tuple[Axis, Move | None]:
    """Return the axis in other words and another order, and how positions along it move (None: they stay)."""
    title = _words(edits, axis.title)
    if not axis.ticks:
        return replace(axis, title=title), None
    order = ordered([text for _, text in axis.ticks], names_of(edits.get(f"order:{name}:{place}", "")))
    places = np.array([at for at, _ in axis.ticks])
    texts = [_indented(edits, text) for _, text in axis.ticks]
    ticks = tuple((float(places[slot]), texts[index]) for slot, index in enumerate(order))
    changed = replace(axis, title=title, ticks=ticks)
    if order == list(range(len(order))):
        return changed, None
    target = np.empty(len(order))
    target[order] = places
    return changed, lambda values: _shifted(values, places, target)


def _indented(edits: Edits, text: str) -> str:
    """Return other words for a category; members stay indented below their heading."""
    words = _words(edits, text)
    return words if words == text else text[: len(text) - len(text.lstrip())] + words


def ordered(names: list[str], wanted: Iterable[str]) -> list[int]:
    """Return the indices of `names` in the wanted order; names that it does not list follow in their own."""
    left = list(range(len(names)))
    found = []
    for name in wanted:
        index = next((k for k in left if names[k] == name), None)
        if index is not None:
            left.remove(index)
            found.append(index)
    return found + left


def _shifted(values: Floats, places: Floats, target: Floats) -> Floats:
    """Return positions that go along with their category: those within half a step of it."""
    gaps = np.abs(np.diff(np.sort(places)))
    half = float(gaps.min()) / 2 if len(gaps) else 0.5
    nearest = np.abs(values[:, None] - places[None, :]).argmin(axis=1)
    off = values - places[nearest]
    return np.where(np.abs(off) <= half, target[nearest] + off, values)


def _moved(layer: Layer, x: Move | None, y: Move | None) -> Layer:
    if x is None and y is None:
        return layer
    if isinstance(layer, Rule):
        move = x if layer.vertical else y
        return replace(layer, value=float(move(np.array([layer.value]))[0])) if move is not None else layer
    names = {Points: ("x", "y"), Line: ("x", "y"), Segments: ("x0", "x1", "y0", "y1"), Band: ("x", "low", "high")}
    changes: dict[str, Any] = {}
    for name in names[type(layer)]:
        move = x if name.startswith("x") else y
        if move is not None:
            changes[name] = move(np.asarray(getattr(layer, name), dtype=float))
    return replace(layer, **changes)
