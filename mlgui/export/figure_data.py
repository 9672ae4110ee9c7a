"""The numbers behind a figure as one CSV: a row for every mark, segment, point of a line or rule."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import singledispatch

from mlgui.export.csv import csv_bytes
from mlgui.results.figure import Band, Figure, Line, Points, Rule, Segments

HEADER = ("panel", "layer", "kind", "label", "group", "x", "y", "x_end", "y_end")
"""x_end, y_end: the other end of a segment; of a band, y and y_end are its lower and upper edge."""

_Numbers = tuple[int, object, object, object, object]


def figure_csv(figure: Figure, *, byte_order_mark: bool = False) -> bytes:
    """Return every number a figure shows as UTF-8 CSV with the columns of HEADER; as computed, whatever the user changed."""
    return csv_bytes(HEADER, _rows(figure.unedited or figure), byte_order_mark=byte_order_mark)


def _rows(figure: Figure) -> Iterator[tuple[object, ...]]:
    for place, panel in enumerate(figure.panels, 1):
        for number, layer in enumerate(panel.layers, 1):
            kind = type(layer).__name__.lower()
            label = layer.label or (layer.end_label if isinstance(layer, Line) else "")
            for group, x, y, x_end, y_end in _numbers(layer):
                yield panel.title or place, number, kind, label, _label(group, figure.group_labels), x, y, x_end, y_end


def _label(group: int, labels: Sequence[str]) -> str:
    return str(labels[group]) if 0 <= group < len(labels) else ""


@singledispatch
def _numbers(layer: object) -> Iterator[_Numbers]:
    """Yield (group, x, y, x_end, y_end) of one layer."""
    raise TypeError(f"no layer of a figure: {layer!r}")


@_numbers.register
def _(layer: Points) -> Iterator[_Numbers]:
    groups = layer.groups.tolist() if layer.groups is not None else [-1] * len(layer.x)
    for group, x, y in zip(groups, layer.x.tolist(), layer.y.tolist(), strict=True):
        yield group, x, y, None, None


@_numbers.register
def _(layer: Segments) -> Iterator[_Numbers]:
    groups = layer.groups.tolist() if layer.groups is not None else [-1] * len(layer.x0)
    ends = (layer.x0.tolist(), layer.y0.tolist(), layer.x1.tolist(), layer.y1.tolist())
    yield from zip(groups, *ends, strict=True)


@_numbers.register
def _(layer: Line) -> Iterator[_Numbers]:
    for x, y in zip(layer.x.tolist(), layer.y.tolist(), strict=True):
        yield layer.group, x, y, None, None


@_numbers.register
def _(layer: Band) -> Iterator[_Numbers]:
    for x, low, high in zip(layer.x.tolist(), layer.low.tolist(), layer.high.tolist(), strict=True):
        yield -1, x, low, x, high


@_numbers.register
def _(layer: Rule) -> Iterator[_Numbers]:
    yield (-1, layer.value, None, None, None) if layer.vertical else (-1, None, layer.value, None, None)
