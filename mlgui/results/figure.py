"""A figure as a value: arrays, labels and roles of colour; not pixels.

The window draws it with `mlgui.gui.plots`, files with `mlgui.gui.painter`; both draw the same layers.
Colours are names of theme tokens: `blue vermilion green purple amber grey` (categories, in this order), `ink ink2 ink3`,
`accent`, `no_pooling`, `complete_pooling`. Shapes: `circle triangle diamond square down plus`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class Points:
    """Marks. groups: index of the group each mark stands for (-1: none), for selection and tooltips.

    se marks: filled=False draws an open mark. label: legend entry, "" for none. size: radius in px (at 96 dpi).
    """

    x: Floats
    y: Floats
    groups: NDArray[np.int64] | None = None
    colour: str = "blue"
    shape: str = "circle"
    filled: bool = True
    size: float = 3.0
    opacity: float = 1.0
    label: str = ""


@dataclass(frozen=True, kw_only=True, eq=False)
class Segments:
    """Straight lines from (x0, y0) to (x1, y1), each: intervals, arrows of shrinkage, lines per group."""

    x0: Floats
    y0: Floats
    x1: Floats
    y1: Floats
    groups: NDArray[np.int64] | None = None
    colour: str = "blue"
    width: float = 1.0
    dashed: bool = False
    opacity: float = 1.0
    label: str = ""


@dataclass(frozen=True, kw_only=True, eq=False)
class Line:
    """One connected line. end_label is written at its right end instead of in a legend."""

    x: Floats
    y: Floats
    colour: str = "ink"
    width: float = 2.2
    dashed: bool = False
    opacity: float = 1.0
    label: str = ""
    end_label: str = ""
    group: int = -1


@dataclass(frozen=True, kw_only=True, eq=False)
class Band:
    """The area between two lines over x."""

    x: Floats
    low: Floats
    high: Floats
    colour: str = "accent"
    opacity: float = 0.15
    label: str = ""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A line across the whole plot at one value. vertical: at x = value; otherwise at y = value."""

    value: float
    vertical: bool = False
    colour: str = "ink3"
    width: float = 1.3
    dashed: bool = True
    label: str = ""


Layer = Points | Segments | Line | Band | Rule


@dataclass(frozen=True, kw_only=True)
class Axis:
    """title; ticks: (position, text) where the values are categories, else None; limits: (low, high) or None for automatic.

    reverse: the first value on top or at the right.
    """

    title: str = ""
    ticks: tuple[tuple[float, str], ...] | None = None
    limits: tuple[float, float] | None = None
    reverse: bool = False
    grid: bool = False


@dataclass(frozen=True, kw_only=True, eq=False)
class Panel:
    """One plot: layers painted in order. title, note: above it, left and right (small multiples). group: index it shows."""

    layers: tuple[Layer, ...]
    x: Axis = field(default_factory=Axis)
    y: Axis = field(default_factory=Axis)
    title: str = ""
    note: str = ""
    mark: tuple[str, str] | None = None
    group: int = -1


@dataclass(frozen=True, kw_only=True, eq=False)
class Figure:
    """One or several panels (`columns` of them side by side; shared_axes links and labels only the outer ones).

    key names files (`shrinkage_school_intercept`). alt: one sentence with the main numbers, for screen readers and
    as alternative text. group_labels: text of each group index. grouping: name of the grouping the indices belong to.
    size_mm: (width, height) on paper. text_pt: size of its tick labels on paper, None for the usual one. heading: words above
    the plots, none by default. legend_order: labels of layers in the order they are explained, the others behind them.
    unedited: the figure as it was computed, where this one carries edits of the user's.
    """

    key: str
    title: str
    panels: tuple[Panel, ...]
    subtitle: str = ""
    columns: int = 1
    shared_axes: bool = False
    alt: str = ""
    grouping: str = ""
    group_labels: Sequence[str] = ()
    size_mm: tuple[float, float] = (160.0, 100.0)
    text_pt: float | None = None
    heading: str = ""
    legend_order: tuple[str, ...] = ()
    unedited: Figure | None = None
