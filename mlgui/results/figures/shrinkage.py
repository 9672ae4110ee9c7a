"""From no pooling to partial pooling: how far each group moved."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from mlgui.results import numbers
from mlgui.results.figure import Axis, Figure, Layer, Panel, Points, Rule, Segments
from mlgui.results.figures.caterpillar import prediction_rules
from mlgui.results.figures.colouring import AUTO, Colouring, colouring
from mlgui.results.figures.reach import is_outside, outside_words, robust_limits
from mlgui.results.group_columns import grouping_index
from mlgui.results.group_model import coefficient_title, held_prediction
from mlgui.results.nouns import capital, counted, group_noun, group_plural, row_plural
from mlgui.results.pooled import IGNORING
from mlgui.results.report import GroupEstimates, Report
from mlgui.results.tables import key_of
from mlgui.words import tr

Floats = NDArray[np.float64]

MOST_JITTER = 0.4
"""Groups of the same size are spread over this much of one row at most, so that their arrows can be told apart."""

MOST_ARROWS = 4000
"""Groups drawn at most: more arrows cover one another and cannot follow the pooling dial."""

FEW_SIZES = 8
"""Up to this range of group sizes, each has its tick."""


def shrinkage(
    report: Report, grouping: str, coefficient: int = 0, *, colour_by: str = AUTO, always: Collection[int] = ()
) -> Figure:
    """Return an arrow per group from its own estimate (open) to its total (filled), over the number of its rows.

    Dashed: complete pooling ignoring the groups. Lines: group-level prediction per level of the colouring category.
    Groups without an estimate of their own have a filled mark only. always: groups drawn even where not all are.
    """
    groups = report.groups[grouping_index(report, grouping)]
    colours = colouring(report, grouping, colour_by)
    own, total = groups.own[:, coefficient], groups.total[:, coefficient]
    x = spread_sizes(groups.sizes)
    shown = drawn_groups(groups.sizes, always)
    layers = _arrows(x, own, x, total, colours, shown)
    layers += [
        Rule(value=rule.value, colour=rule.colour, width=1.5, dashed=False, label=rule.label)
        for rule in prediction_rules(report, grouping, coefficient, colours, vertical=False)
    ]
    pooled = complete_pooling_value(report, groups.names[coefficient])
    if pooled is not None:
        text = tr("{label} {value}").format(label=report.pooled[0].label, value=numbers.short(pooled, 3))
        layers.append(Rule(value=pooled, colour="complete_pooling", dashed=True, label=text))
    rules = tuple(layer.value for layer in layers if isinstance(layer, Rule))
    limits = robust_limits(groups, coefficient, rules)
    beyond = outside_words(groups, int(np.count_nonzero(is_outside(own, limits))))
    what = coefficient_title(report, grouping, coefficient)
    rows = capital(row_plural(report.design))
    return Figure(
        key=key_of("shrinkage", grouping, groups.names[coefficient]),
        title=tr("How far each {group} moved").format(group=group_noun(grouping)),
        subtitle=_subtitle(groups, coefficient, report.method) + beyond + _left_out_words(shown, grouping),
        panels=(
            Panel(
                layers=tuple(layers),
                x=_size_axis(groups.sizes, tr("{rows} in the {group}").format(rows=rows, group=group_noun(grouping))),
                y=Axis(title=what, limits=limits, grid=True),
            ),
        ),
        alt=_alt(groups, coefficient, what),
        grouping=grouping,
        group_labels=groups.levels,
        size_mm=(160.0, 105.0),
    )


def shrinkage_plane(
    report: Report, grouping: str, first: int = 0, second: int = 1, *, colour_by: str = AUTO, always: Collection[int] = ()
) -> Figure:
    """Return the arrows from own to partially pooled estimates in the plane of two varying coefficients."""
    groups = report.groups[grouping_index(report, grouping)]
    colours = colouring(report, grouping, colour_by)
    shown = drawn_groups(groups.sizes, always)
    ends = (groups.own[:, first], groups.own[:, second], groups.total[:, first], groups.total[:, second])
    layers = _arrows(*ends, colours, shown)
    layers += _prediction_marks(report, grouping, first, second, colours)
    titles = [coefficient_title(report, grouping, index) for index in (first, second)]
    limits = [robust_limits(groups, index) for index in (first, second)]
    beyond = is_outside(groups.own[:, first], limits[0]) | is_outside(groups.own[:, second], limits[1])
    axes = [Axis(title=title, limits=reach, grid=True) for title, reach in zip(titles, limits, strict=True)]
    return Figure(
        key=key_of("shrinkage", grouping, groups.names[first], groups.names[second]),
        title=tr("How far each {group} moved").format(group=group_noun(grouping)),
        subtitle=tr("From each {group}'s own estimates (open) to partial pooling (filled), both coefficients at once.").format(
            group=group_noun(grouping)
        )
        + outside_words(groups, int(np.count_nonzero(beyond)))
        + _left_out_words(shown, grouping),
        panels=(Panel(layers=tuple(layers), x=axes[0], y=axes[1]),),
        alt=_alt(groups, first, titles[0]) + " " + _alt(groups, second, titles[1]),
        grouping=grouping,
        group_labels=groups.levels,
        size_mm=(160.0, 120.0),
    )


def spread_sizes(sizes: NDArray[np.int64]) -> Floats:
    """Return group sizes with groups of the same size spread evenly around it, over MOST_JITTER at most."""
    order = np.argsort(sizes, kind="stable")
    ordered = sizes[order]
    _, start, counts = np.unique(ordered, return_index=True, return_counts=True)
    place = np.arange(len(sizes)) - np.repeat(start, counts)
    many = np.repeat(counts, counts)
    offset = np.where(many > 1, (place + 0.5) / many - 0.5, 0.0) * MOST_JITTER
    spread = np.empty(len(sizes))
    spread[order] = ordered + offset
    return spread


def drawn_groups(sizes: NDArray[np.int64], always: Collection[int] = ()) -> NDArray[np.bool_]:
    """Return which groups to draw, (J,): all, or MOST_ARROWS of them evenly over their sizes, and those of `always`."""
    shown = np.ones(len(sizes), dtype=bool)
    if len(sizes) > MOST_ARROWS:
        shown[:] = False
        shown[np.argsort(sizes, kind="stable")[np.linspace(0, len(sizes) - 1, MOST_ARROWS).astype(np.intp)]] = True
        shown[list(always)] = True
    return shown


def _left_out_words(shown: NDArray[np.bool_], grouping: str) -> str:
    """Return how many groups are drawn, "" where all are."""
    if shown.all():
        return ""
    words = tr("{n} of {groups} are drawn, evenly over their sizes.")
    return " " + words.format(n=numbers.count(int(shown.sum())), groups=counted(len(shown), grouping))


def _size_axis(sizes: NDArray[np.int64], title: str) -> Axis:
    """Return the axis of group sizes; where they hardly differ, with a tick at every size and none between."""
    low, high = int(sizes.min()), int(sizes.max())
    if high - low > FEW_SIZES:
        return Axis(title=title)
    ticks = tuple((float(size), numbers.count(size)) for size in range(low, high + 1))
    return Axis(title=title, ticks=ticks, limits=(low - 0.5, high + 0.5))


def complete_pooling_value(report: Report, name: str) -> float | None:
    """Return a coefficient of the complete pooling that ignores the groups, None where it has none of this name."""
    for pooled in report.pooled:
        if pooled.key == IGNORING and name in pooled.names:
            value = pooled.estimates[pooled.names.index(name)]
            return value if np.isfinite(value) else None
    return None


def _arrows(x0: Floats, y0: Floats, x1: Floats, y1: Floats, colours: Colouring, shown: NDArray[np.bool_]) -> list[Layer]:
    """Return lines from start to end, open marks at the start and filled marks at the end, batch by batch."""
    known = np.isfinite(x0) & np.isfinite(y0) & shown
    layers: list[Layer] = []
    for batch in colours.batches:
        moved = batch.indices[known[batch.indices]]
        layers.append(
            Segments(x0=x0[moved], y0=y0[moved], x1=x1[moved], y1=y1[moved], groups=moved, colour=batch.colour, opacity=0.5)
        )
    for batch in colours.batches:
        moved = batch.indices[known[batch.indices]]
        layers.append(
            Points(
                x=x0[moved], y=y0[moved], groups=moved, colour="no_pooling", shape=batch.shape, filled=False, size=2.7,
                label=tr("alone, no pooling"),
            )
        )  # fmt: skip
    for batch in colours.batches:
        end = batch.indices[shown[batch.indices]]
        words = tr("{level}, partial pooling").format(level=batch.label) if batch.label else tr("partial pooling")
        layers.append(Points(x=x1[end], y=y1[end], groups=end, colour=batch.colour, shape=batch.shape, label=words))
    return layers


def _prediction_marks(report: Report, grouping: str, first: int, second: int, colours: Colouring) -> list[Layer]:
    """Return a large open mark at the group-level prediction of each level of the category."""
    keep = frozenset([colours.name]) if colours.name else frozenset()
    x, y = (held_prediction(report, grouping, index, keep) for index in (first, second))
    return [
        Points(
            x=np.array([np.median(x[batch.indices])]), y=np.array([np.median(y[batch.indices])]), colour="ink",
            shape=batch.shape, size=6.0, filled=False, label=tr("{level} prediction").format(level=batch.label).strip(),
        )
        for batch in colours.batches
    ]  # fmt: skip


def _subtitle(groups: GroupEstimates, coefficient: int, method: str) -> str:
    text = tr("Open: each {group} alone. Filled: partial pooling ({method}). Dashed: complete pooling.").format(
        group=group_noun(groups.grouping), method=method
    )
    text += " " + tr("The less a {group}'s data say, the more it moves.").format(group=group_noun(groups.grouping))
    without = int(np.count_nonzero(~np.isfinite(groups.own[:, coefficient])))
    if without:
        text += " " + tr("{groups} cannot be estimated alone.").format(groups=counted(without, groups.grouping))
    return text


def _alt(groups: GroupEstimates, coefficient: int, what: str) -> str:
    own, total = groups.own[:, coefficient], groups.total[:, coefficient]
    moved = np.abs(total - own)
    if not np.isfinite(moved).any():
        return tr("{what}: no group can be estimated alone.").format(what=what)
    most = int(np.nanargmax(moved))
    text = tr("{what} of {groups}: {level} moves most, from {own} alone to {total}.").format(
        what=what,
        groups=group_plural(groups.grouping),
        level=groups.levels[most],
        own=numbers.short(float(own[most]), 3),
        total=numbers.short(float(total[most]), 3),
    )
    resolved = groups.resolved[:, coefficient]
    if np.isfinite(resolved).any():
        text += " " + tr("On average {share} of the variance between them is resolved.").format(
            share=numbers.percent(float(np.nanmean(resolved)))
        )
    return text
