"""The ranks of groups with their intervals: how little a league table can say."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray

from mlgui.results import numbers
from mlgui.results.figure import Figure, Rule
from mlgui.results.figures.caterpillar import BAND_FROM, Estimate, band_panel, height_mm, row_panel
from mlgui.results.figures.colouring import AUTO, colouring
from mlgui.results.group_columns import grouping_index
from mlgui.results.group_model import coefficient_title
from mlgui.results.nouns import counted, group_plural
from mlgui.results.ranks import Ranks
from mlgui.results.report import Report
from mlgui.results.tables import key_of
from mlgui.words import tr


def rank_figure(
    report: Report,
    grouping: str,
    coefficient: int,
    found: Ranks,
    *,
    order: Sequence[int] | NDArray[np.int64] | None = None,
    colour_by: str = AUTO,
    always: Collection[int] = (),
) -> Figure:
    """Return the mean rank of every group with its interval over joint draws, 1 the largest; order, always: as `caterpillar`."""
    groups = report.groups[grouping_index(report, grouping)]
    ranked = np.argsort(found.mean, kind="stable") if order is None else np.asarray(order, dtype=np.int64)
    colours = colouring(report, grouping, colour_by)
    shown = Estimate(middle=found.mean, low=found.low, high=found.high)
    what = coefficient_title(report, grouping, coefficient)
    percent = numbers.percent(found.confidence)
    axis = tr("Rank with {percent} interval, 1 the largest").format(percent=percent)
    middle = Rule(value=(len(groups.levels) + 1) / 2, vertical=True)
    if len(ranked) > BAND_FROM:
        panel = band_panel(ranked, shown, colours, axis, grouping, always)
    else:
        panel = row_panel(groups, ranked, shown, colours, axis, (middle,))
    return Figure(
        key=key_of("ranks", grouping, groups.names[coefficient]),
        title=tr("{groups}, rank of {what}").format(groups=counted(len(ranked), grouping), what=what),
        subtitle=tr("From joint draws, so ranks may be compared; long intervals mean that exact ranks say little."),
        panels=(panel,),
        alt=_alt(found, grouping),
        grouping=grouping,
        group_labels=groups.levels,
        size_mm=(160.0, height_mm(len(ranked))),
    )


def _alt(found: Ranks, grouping: str) -> str:
    first = int(np.argmin(found.mean))
    width = float(np.median(found.high - found.low))
    return tr(
        "Ranks of {groups}: {level} has the first mean rank, with an interval from {low} to {high}; the usual interval spans "
        "{width} ranks of {n}."
    ).format(
        groups=group_plural(grouping), level=found.levels[first], low=numbers.count(int(found.low[first])),
        high=numbers.count(int(found.high[first])), width=numbers.number(width, 0), n=numbers.count(len(found.levels)),
    )  # fmt: skip
