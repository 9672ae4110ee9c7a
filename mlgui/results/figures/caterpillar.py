"""The groups in order, each with its interval."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from mlgui.data.kinds import natural_key
from mlgui.results import numbers
from mlgui.results.figure import Axis, Band, Figure, Layer, Panel, Points, Rule, Segments
from mlgui.results.figures.colouring import AUTO, Colouring, colouring
from mlgui.results.group_columns import grouping_index
from mlgui.results.group_model import coefficient_title, held_prediction
from mlgui.results.nouns import counted, group_plural
from mlgui.results.report import GroupEstimates, Report
from mlgui.results.tables import key_of
from mlgui.words import tr

Floats = NDArray[np.float64]

THIN_FROM, BAND_FROM, NAMES_UP_TO = 400, 2000, 60
MOST_MARKS, MOST_STEPS = 4000, 600
"""Marks drawn at most, and steps of the band: more cover one another."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Estimate:
    """What is drawn of every group, each (J,): a value with its interval."""

    middle: Floats
    low: Floats
    high: Floats


def caterpillar(
    report: Report,
    grouping: str,
    coefficient: int = 0,
    *,
    deviations: bool = False,
    sort: str = "estimate",
    colour_by: str = AUTO,
    confidence: float = 0.95,
    order: Sequence[int] | NDArray[np.int64] | None = None,
    always: Collection[int] = (),
) -> Figure:
    """Return the estimates of one varying coefficient with intervals, one row per group, the first on top.

    deviations: b-hat with the SD of its prediction error, instead of totals with the SE of the sum. sort: "estimate",
    "size", "name" or "table". order: indices of the groups to show instead of all of them sorted, such as those of a
    table beside it. Above BAND_FROM groups rank runs across and the intervals become a band; always: groups that are
    marked even where not all are.
    """
    groups = report.groups[grouping_index(report, grouping)]
    middle, spread = (groups.deviation, groups.pred_error_sd) if deviations else (groups.total, groups.total_se)
    half = float(ndtri((1 + confidence) / 2)) * spread[:, coefficient]
    shown = Estimate(middle=middle[:, coefficient], low=middle[:, coefficient] - half, high=middle[:, coefficient] + half)
    ranked = sorted_groups(groups, middle[:, coefficient], sort) if order is None else np.asarray(order, dtype=np.int64)
    colours = colouring(report, grouping, colour_by)
    what = tr("Deviation from the prediction") if deviations else coefficient_title(report, grouping, coefficient)
    axis = tr("{what} with {percent} interval").format(what=what, percent=numbers.percent(confidence))
    rules = [Rule(value=0.0, vertical=True)]
    if not deviations:
        rules = prediction_rules(report, grouping, coefficient, colours, vertical=True)
    if len(ranked) > BAND_FROM:
        panel = band_panel(ranked, shown, colours, axis, grouping, always)
    else:
        panel = row_panel(groups, ranked, shown, colours, axis, tuple(rules))
    return Figure(
        key=key_of("groups", grouping, groups.names[coefficient], "deviation" if deviations else ""),
        title=tr("{groups}, {what}").format(groups=counted(len(ranked), grouping), what=what),
        subtitle=tr("Prediction intervals, variances held at their estimates; they do not compare two {groups}.").format(
            groups=group_plural(grouping)
        ),
        panels=(panel,),
        alt=_alt(groups, middle[:, coefficient], what),
        grouping=grouping,
        group_labels=groups.levels,
        size_mm=(160.0, height_mm(len(ranked))),
    )


def height_mm(n_groups: int) -> float:
    """Return a height that leaves room for a name per row as long as rows are named."""
    if n_groups > BAND_FROM:
        return 100.0
    return 25.0 + 4.2 * n_groups if n_groups <= NAMES_UP_TO else float(np.clip(30 + 1.5 * n_groups, 120, 230))


def sorted_groups(groups: GroupEstimates, values: Floats, sort: str) -> NDArray[np.int64]:
    """Return group indices in the order asked for: by "estimate", "size", "name" or "table"."""
    if sort == "size":
        return np.argsort(groups.sizes, kind="stable")
    if sort == "name":
        return np.array(sorted(range(len(groups.levels)), key=lambda j: natural_key(groups.levels[j])), dtype=np.int64)
    return np.arange(len(values)) if sort == "table" else np.argsort(values, kind="stable")


def prediction_rules(report: Report, grouping: str, coefficient: int, colours: Colouring, *, vertical: bool) -> list[Rule]:
    """Return a rule at the group-level prediction of each level of the colouring category, other predictors at their mean."""
    keep = frozenset([colours.name]) if colours.name else frozenset()
    held = held_prediction(report, grouping, coefficient, keep)
    if colours.column is None:
        groups = report.groups[grouping_index(report, grouping)]
        label = tr("prediction {value}") if np.ptp(groups.prediction[:, coefficient]) > 0 else tr("average {value}")
        return [_rule(float(held[0]), "blue", label, "", vertical=vertical)]
    varies = np.ptp(held) > 0
    batches = colours.batches if varies else colours.batches[:1]
    return [
        _rule(
            float(np.median(held[batch.indices])),
            batch.colour if varies else "ink",
            tr("{level} prediction {value}") if varies else tr("prediction {value}"),
            batch.label,
            vertical=vertical,
        )
        for batch in batches
        if batch.label
    ]


def _rule(value: float, colour: str, label: str, level: str, *, vertical: bool) -> Rule:
    text = label.format(level=level, value=numbers.short(value, 3))
    return Rule(value=value, vertical=vertical, colour=colour, dashed=vertical, width=1.3, label=text)


def row_panel(
    groups: GroupEstimates,
    order: NDArray[np.int64],
    shown: Estimate,
    colours: Colouring,
    axis: str,
    rules: tuple[Rule, ...],
) -> Panel:
    """Return a row per group of `order`, the first on top, with its interval."""
    middle = shown.middle
    row = np.full(len(middle), np.nan)
    row[order] = np.arange(len(order))
    crowded = len(order) > THIN_FROM
    layers: list[Layer] = [*rules]
    for batch, inside in colours.of_groups(order):
        layers.append(
            Segments(
                x0=shown.low[inside], y0=row[inside], x1=shown.high[inside], y1=row[inside], groups=inside,
                colour=batch.colour, width=0.5 if crowded else 1.0, opacity=0.4 if len(order) > 40 else 0.7,
            )
        )  # fmt: skip
        layers.append(
            Points(
                x=middle[inside], y=row[inside], groups=inside, colour=batch.colour, shape=batch.shape,
                size=1.8 if crowded else 2.7, label=batch.label,
            )
        )  # fmt: skip
    named = len(order) <= NAMES_UP_TO
    ticks = tuple((float(position), groups.levels[j]) for position, j in enumerate(order)) if named else ()
    return Panel(
        layers=tuple(layers),
        x=Axis(title=axis, grid=True),
        y=Axis(title=groups.grouping if named else "", ticks=ticks, limits=(-1.0, float(len(order))), reverse=True),
    )


def band_panel(
    order: NDArray[np.int64], shown: Estimate, colours: Colouring, axis: str, grouping: str, always: Collection[int]
) -> Panel:
    """Return the groups of `order` across, with their intervals as one band."""
    middle = shown.middle
    rank = np.full(len(middle), np.nan)
    rank[order] = np.arange(1, len(order) + 1)
    x, low, high = envelope(rank[order], shown.low[order], shown.high[order])
    layers: list[Layer] = [Band(x=x, low=low, high=high, colour="grey", opacity=0.3)]
    for batch, inside in colours.of_groups(drawn_of(order, always)):
        layers.append(
            Points(
                x=rank[inside], y=middle[inside], groups=inside, colour=batch.colour, shape=batch.shape, size=1.2,
                label=batch.label,
            )
        )  # fmt: skip
    return Panel(
        layers=tuple(layers),
        x=Axis(title=tr("Rank among {groups}").format(groups=group_plural(grouping)), limits=(0.0, len(order) + 1.0)),
        y=Axis(title=axis, grid=True),
    )


def drawn_of(order: NDArray[np.int64], always: Collection[int]) -> NDArray[np.int64]:
    """Return the groups that get a mark, in their order: all, or MOST_MARKS of them evenly and those of `always`."""
    if len(order) <= MOST_MARKS:
        return order
    kept = np.zeros(len(order), dtype=bool)
    kept[np.linspace(0, len(order) - 1, MOST_MARKS).astype(np.intp)] = True
    kept |= np.isin(order, np.fromiter(always, dtype=np.int64, count=len(always)))
    return order[kept]


def envelope(x: Floats, low: Floats, high: Floats) -> tuple[Floats, Floats, Floats]:
    """Return a band over at most MOST_STEPS places, each as wide as the widest of what it stands for."""
    if len(x) <= MOST_STEPS:
        return x, low, high
    starts = np.linspace(0, len(x), MOST_STEPS, endpoint=False).astype(np.intp)
    lowest, highest = np.minimum.reduceat(low, starts), np.maximum.reduceat(high, starts)
    return np.append(x[starts], x[-1]), np.append(lowest, lowest[-1]), np.append(highest, highest[-1])


def _alt(groups: GroupEstimates, middle: Floats, what: str) -> str:
    low, high = int(np.argmin(middle)), int(np.argmax(middle))
    return tr("{what} of {groups}: from {low} ({low_name}) to {high} ({high_name}).").format(
        what=what,
        groups=counted(len(groups.levels), groups.grouping),
        low=numbers.short(float(middle[low]), 3),
        low_name=groups.levels[low],
        high=numbers.short(float(middle[high]), 3),
        high_name=groups.levels[high],
    )
