"""Selected groups and the one under the mouse, painted over a panel; nothing else dims."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from mlgui.gui.painting.frame import Frame
from mlgui.gui.painting.layers import paint_layer
from mlgui.gui.painting.marks import placed_mark
from mlgui.gui.painting.style import PANEL_PX, TICK_PX, Style
from mlgui.gui.painting.text import Label
from mlgui.results.figure import Figure, Panel, Points, Segments
from mlgui.results.nouns import group_noun
from mlgui.results.numbers import short

_HALO_PX, _SELECTED_PX, _RING_PX = 9.5, 5.0, 7.5
_MOST_LABELS = 6
_FAINT = 0.3
_MOST_HALOS = 4


def group_title(figure: Figure, group: int) -> str:
    """Return how a group is called: its label, after the word for a group where the label is only a number."""
    label = str(figure.group_labels[group])
    if any(character.isalpha() for character in label) or not figure.grouping:
        return label
    noun = group_noun(figure.grouping)
    return f"{noun[:1].upper()}{noun[1:]} {label}"


def has_rows(panel: Panel) -> bool:
    """Whether each group has a row of its own on the y axis, so that a selection is a row."""
    points = _points_of(panel)
    if panel.y.ticks is None or not points:
        return False
    shown = np.concatenate([layer.groups for layer in points if layer.groups is not None])
    return not panel.y.ticks or len(np.unique(shown)) <= len(panel.y.ticks)  # with more groups than rows they share rows


def paint_row(painter: QPainter, panel: Panel, frame: Frame, groups: Collection[int], style: Style) -> None:
    """Shade the rows of selected groups, behind the data."""
    if not has_rows(panel):
        return
    half = max(abs(frame.y.factor) / 2, 6.0)
    for layer in _points_of(panel):
        for _, y in _marks(layer, groups, frame):
            painter.fillRect(QRectF(frame.plot.left(), y - half, frame.plot.width(), 2 * half), style.brush("accent_soft"))


def paint_selected(painter: QPainter, figure: Figure, panel: Panel, frame: Frame, groups: Collection[int], style: Style) -> None:
    """Draw the selected groups of one panel: line in ink, mark with a rim and a halo, label."""
    if not groups or panel.group >= 0:
        return
    for segments in panel.layers:
        faint = isinstance(segments, Segments) and segments.opacity < _FAINT
        if isinstance(segments, Segments) and not faint and (chosen := _chosen(segments, groups)) is not None:
            paint_layer(painter, chosen, frame, style)
    for layer in _points_of(panel):
        marks = list(_marks(layer, groups, frame))
        for x, y in marks:
            _paint_mark(painter, layer, x, y, style, halo=len(marks) <= _MOST_HALOS * len(groups))
    taken: list[QRectF] = []
    for group in sorted(groups)[:_MOST_LABELS]:
        _paint_label(painter, figure, panel, frame, group, style, taken)


def paint_hovered(painter: QPainter, panel: Panel, frame: Frame, group: int, style: Style) -> None:
    """Draw a thin ring around the marks of the group under the mouse."""
    painter.setPen(style.pen("ink2", 1.0))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for layer in _points_of(panel):
        if layer.filled:
            for x, y in _marks(layer, (group,), frame):
                painter.drawEllipse(QPointF(x, y), _RING_PX, _RING_PX)


def _points_of(panel: Panel) -> list[Points]:
    return [layer for layer in panel.layers if isinstance(layer, Points) and layer.groups is not None]


def _picked(of: NDArray[np.int64] | None, groups: Collection[int]) -> NDArray[np.int64]:
    """Return the places of the marks that stand for one of `groups`."""
    if of is None:
        return np.empty(0, dtype=np.int64)
    return np.flatnonzero(np.isin(of, np.fromiter(groups, dtype=np.int64, count=len(groups))))


def _marks(layer: Points, groups: Collection[int], frame: Frame) -> Iterator[tuple[float, float]]:
    places = _picked(layer.groups, groups)
    for x, y in zip(frame.x(layer.x[places]).tolist(), frame.y(layer.y[places]).tolist()):
        if frame.plot.adjusted(-5, -5, 5, 5).contains(x, y):
            yield x, y


def _chosen(layer: Segments, groups: Collection[int]) -> Segments | None:
    k = _picked(layer.groups, groups)
    if not len(k):
        return None
    ends = {name: getattr(layer, name)[k] for name in ("x0", "y0", "x1", "y1")}
    return replace(layer, **ends, groups=None, colour="ink", width=2.0, opacity=1.0)


def _paint_mark(painter: QPainter, layer: Points, x: float, y: float, style: Style, *, halo: bool) -> None:
    if layer.filled and halo:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(style.brush("accent", 0.2))
        painter.drawEllipse(QPointF(x, y), _HALO_PX, _HALO_PX)
    size = max(layer.size, _SELECTED_PX if layer.filled else 4.5)
    if layer.filled:
        painter.fillPath(placed_mark(layer.shape, x, y, size + 1.3), style.brush("surface"))
        painter.fillPath(placed_mark(layer.shape, x, y, size), style.brush(layer.colour))
    else:
        path = placed_mark(layer.shape, x, y, size)
        painter.fillPath(path, style.brush("surface"))
        painter.strokePath(path, style.pen("ink", 1.6))


def _paint_label(
    painter: QPainter, figure: Figure, panel: Panel, frame: Frame, group: int, style: Style, taken: list[QRectF]
) -> None:
    """Name one group beside its mark, unless that would cover a name already there."""
    filled = [mark for layer in _points_of(panel) if layer.filled for mark in _marks(layer, (group,), frame)]
    if not filled:
        return
    x, y = filled[-1]
    if has_rows(panel):
        if panel.y.ticks:
            return
        name = Label(text=str(figure.group_labels[group]), px=PANEL_PX, colour="ink", bold=True)
        if _claim(QRectF(frame.plot.right() - 80, y - 7, 80, 14), taken):
            name.draw(painter, style, frame.plot.right() - 4, y, align=1.0)
        return
    label = Label(text=group_title(figure, group), px=PANEL_PX, colour="ink", bold=True)
    fits = x + _HALO_PX + 4 + label.width(style) <= frame.plot.right() + 40
    align, at = (0.0, x + _HALO_PX + 4) if fits else (1.0, x - _HALO_PX - 4)
    moved = _movement(panel, group)
    detail = Label(text=moved, px=TICK_PX, colour="ink2")
    lift = label.height(style) * 0.45 if moved else 0.0
    width, half = max(label.width(style), detail.width(style)), label.height(style) / 2 + lift
    area = QRectF(at - align * width - 2, y - half, width + 4, 2 * half)
    if not _claim(area, taken):
        return
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(style.brush("surface", 0.8))  # fade what lies behind, so that the name can be read in a crowd
    painter.drawRoundedRect(area, 3, 3)
    label.draw(painter, style, at, y - lift, align=align)
    if moved:
        detail.draw(painter, style, at, y + lift + 1, align=align)


def _claim(area: QRectF, taken: list[QRectF]) -> bool:
    """Return whether an area is free, and take it."""
    if any(area.intersects(other) for other in taken):
        return False
    taken.append(area)
    return True


def _movement(panel: Panel, group: int) -> str:
    """Return "4.5 → 7.4" where an open and a filled mark of a group stand at the same x, else ""."""
    ends: dict[bool, tuple[float, float]] = {}
    for layer in _points_of(panel):
        places = _picked(layer.groups, (group,))
        if len(places):
            ends[layer.filled] = (float(layer.x[places[-1]]), float(layer.y[places[-1]]))
    if len(ends) < 2 or ends[False][0] != ends[True][0] or not np.isfinite(ends[False][1]):
        return ""
    scale = max(abs(ends[False][1]), abs(ends[True][1]))
    return f"{short(ends[False][1], 3, scale=scale)} → {short(ends[True][1], 3, scale=scale)}"
