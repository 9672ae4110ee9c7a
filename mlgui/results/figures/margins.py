"""Pictures of marginal means with their differences, and of slopes with the region where they differ from 0."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mlgui.results import numbers
from mlgui.results.figure import Axis, Band, Figure, Layer, Line, Panel, Points, Rule, Segments
from mlgui.results.figures.colouring import SLOTS
from mlgui.results.group_columns import group_columns
from mlgui.results.johnson_neyman import Regions
from mlgui.results.marginal_means import Row
from mlgui.results.margins import LINE_POINTS, Means, Slopes
from mlgui.results.report import Report
from mlgui.results.tables import key_of
from mlgui.words import tr

Floats = NDArray[np.float64]

MOST_ROWS = 40
"""Rows of means or differences that are drawn; the table has all."""
_ORDERED = ("blue", "grey", "vermilion")
_RUG = 400


def means_figure(report: Report, found: Means) -> Figure:
    """Return the means with their intervals (left) and the differences with theirs (right, where there are any)."""
    outcome, percent = report.design.outcome_label, numbers.percent(found.means.confidence)
    panels = [
        _rows_panel(found.means.rows, tr("Mean {outcome} with {percent} interval").format(outcome=outcome, percent=percent))
    ]
    if found.pairs is not None:
        title = tr("Difference with {percent} interval").format(percent=percent)
        panels.append(_rows_panel(found.pairs.rows, title, zero=True))
    most = max(len(panel.y.ticks or ()) for panel in panels)
    names = " × ".join(found.over)
    left_out = any(len(one.rows) > MOST_ROWS for one in (found.means, found.pairs) if one is not None)
    subtitle = tr("Equal weights of other categories, other numbers at their means, group effects at 0.")
    return Figure(
        key=key_of("marginal_means", *found.over),
        title=tr("Marginal means of {names}").format(names=names),
        subtitle=subtitle + (" " + tr("The first {n} rows are drawn.").format(n=MOST_ROWS) if left_out else ""),
        panels=tuple(panels),
        columns=2,
        alt=found.sentence,
        size_mm=(180.0, 30.0 + 7.0 * most),
    )


def slopes_figure(report: Report, found: Slopes) -> Figure:
    """Return the average lines along the predictor (left) and its slopes, or the slope along a number (right)."""
    outcome = report.design.outcome_label
    title = tr("Slope of {focal}").format(focal=found.focal)
    grouping, labels = _groups_of(report, found)
    right = _region_panel(report, found, found.regions) if found.regions is not None else _slope_rows(found)
    return Figure(
        key=key_of("slopes", found.focal, found.moderator),
        title=title + (" " + tr("by {moderator}").format(moderator=found.moderator) if found.moderator else ""),
        subtitle=tr("Left: average lines with {percent} bands. Right: how steep they are.").format(
            percent=numbers.percent(found.slopes.confidence)
        ),
        panels=(
            Panel(
                layers=tuple(_lines(found)),
                x=Axis(title=found.focal),
                y=Axis(title=tr("Mean {outcome}").format(outcome=outcome), grid=True),
            ),
            right,
        ),
        columns=2,
        alt=found.sentence,
        grouping=grouping,
        group_labels=labels,
        size_mm=(180.0, 85.0),
    )


def _rows_panel(rows: Sequence[Row], title: str, *, zero: bool = False) -> Panel:
    shown = rows[:MOST_ROWS]
    y = np.arange(len(shown), dtype=float)
    low, middle, high = (np.array([getattr(row, name) for row in shown]) for name in ("low", "estimate", "high"))
    layers: list[Layer] = [Rule(value=0.0, vertical=True, colour="ink", width=1.0, dashed=False)] if zero else []
    clear = (low > 0) | (high < 0) if zero else np.ones(len(shown), dtype=bool)
    for inside, colour in ((clear, "blue"), (~clear, "grey")):
        layers.append(Segments(x0=low[inside], y0=y[inside], x1=high[inside], y1=y[inside], colour=colour, width=2.0))
        layers.append(Points(x=middle[inside], y=y[inside], colour=colour, size=4.4, filled=colour == "blue"))
    ticks = tuple((float(k), row.label) for k, row in enumerate(shown))
    return Panel(
        layers=tuple(layers),
        x=Axis(title=title, grid=True),
        y=Axis(ticks=ticks, limits=(-0.6, max(len(shown) - 0.4, 0.6)), reverse=True),
    )


def _slope_rows(found: Slopes) -> Panel:
    title = tr("Slope of {focal} with {percent} interval").format(
        focal=found.focal, percent=numbers.percent(found.slopes.confidence)
    )
    rows = found.slopes.rows
    panel = _rows_panel(rows, title, zero=True)
    if found.moderator:
        return panel
    return Panel(layers=panel.layers, x=panel.x, y=Axis(ticks=(), limits=panel.y.limits, reverse=True))


def _lines(found: Slopes) -> list[Layer]:
    rows = found.lines.rows
    count = len(rows) // LINE_POINTS
    layers: list[Layer] = []
    lines: list[Layer] = []
    for k in range(count):
        part = rows[k * LINE_POINTS : (k + 1) * LINE_POINTS]
        x = np.array([float(row.values[-1]) for row in part])
        low, middle, high = (np.array([getattr(row, name) for row in part]) for name in ("low", "estimate", "high"))
        colour = _colour(k, count, ordered=found.regions is not None)
        value = part[0].values[0] if found.moderator else ""
        label = value if isinstance(value, str) else numbers.given(float(value))
        layers.append(Band(x=x, low=low, high=high, colour=colour, opacity=0.13))
        lines.append(Line(x=x, y=middle, colour=colour, dashed=colour == "grey", end_label=label))
    return [*layers, *lines]


def _colour(k: int, count: int, *, ordered: bool) -> str:
    """Return the colour of a line: from blue over grey to vermilion for three values of a number, else as categories are."""
    if ordered and count == len(_ORDERED):
        return _ORDERED[k]
    return SLOTS[k][0] if count <= len(SLOTS) else "grey"


def _region_panel(report: Report, found: Slopes, regions: Regions) -> Panel:
    layers: list[Layer] = [
        Band(x=regions.values, low=regions.low, high=regions.high, colour="grey", opacity=0.16),
        *_inside(regions),
        Rule(value=0.0, colour="ink", width=1.0, dashed=False),
        Line(x=regions.values, y=regions.slope, colour="ink", width=1.8),
        *_borders(regions),
        *_rug(report, found, regions),
    ]
    at = np.array([float(row.values[0]) for row in found.slopes.rows])
    low, middle, high = (np.array([getattr(row, name) for row in found.slopes.rows]) for name in ("low", "estimate", "high"))
    layers.append(Segments(x0=at, y0=low, x1=at, y1=high, colour="ink", width=1.6))
    layers.append(Points(x=at, y=middle, colour="ink", size=4.0))
    return Panel(
        layers=tuple(layers),
        x=Axis(title=regions.moderator),
        y=Axis(title=tr("Slope of {focal}").format(focal=regions.focal), grid=True),
    )


def _inside(regions: Regions) -> list[Layer]:
    """Return the band once more in colour where it leaves out 0."""
    found: list[Layer] = []
    for low, high in regions.regions:
        x = np.unique(np.concatenate([[low], regions.values[(regions.values > low) & (regions.values < high)], [high]]))
        lower, upper = (np.interp(x, regions.values, edge) for edge in (regions.low, regions.high))
        label = "" if found else tr("differs from 0")
        found.append(Band(x=x, low=lower, high=upper, colour="blue", opacity=0.3, label=label))
    return found


def _borders(regions: Regions) -> list[Layer]:
    digits = numbers.decimals_for((), [float(np.ptp(regions.values)) / 20])
    return [
        Rule(value=border, vertical=True, colour="ink2", width=1.0, label=numbers.number(border, digits))
        for border in regions.borders
    ]


def _rug(report: Report, found: Slopes, regions: Regions) -> list[Layer]:
    """Return where the groups (or some of the rows) lie along the moderator, at the foot of the panel."""
    foot = float(min(regions.low.min(), 0.0) - 0.04 * np.ptp(np.concatenate([regions.low, regions.high, [0.0]])))
    column = _group_values(report, found)
    if column is not None:
        x = column[1]
        groups = np.flatnonzero(np.isfinite(x))
        return [Points(x=x[groups], y=np.full(len(groups), foot), groups=groups, colour="blue", size=2.2, opacity=0.45)]
    sample = np.sort(np.asarray(regions.sample))
    x = sample[np.unique(np.linspace(0, len(sample) - 1, _RUG).astype(np.intp))]
    return [Points(x=x, y=np.full(len(x), foot), colour="ink3", size=1.4, opacity=0.4)]


def _group_values(report: Report, found: Slopes) -> tuple[str, Floats] | None:
    """Return the grouping the moderator belongs to and its value in each group, None for one at data level."""
    for groups in report.groups:
        for column in group_columns(report, groups.grouping):
            if column.name == found.moderator and not column.is_category:
                return groups.grouping, column.values
    return None


def _groups_of(report: Report, found: Slopes) -> tuple[str, Sequence[str]]:
    """Return the grouping whose groups the picture shows, with their labels."""
    column = _group_values(report, found) if found.regions is not None else None
    if column is None:
        return "", ()
    return column[0], next(groups.levels for groups in report.groups if groups.grouping == column[0])
