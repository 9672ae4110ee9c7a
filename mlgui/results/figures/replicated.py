"""Replicated-data checks as a figure: a histogram of every statistic over the replicates, and a line where the data are."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mlgui.results import numbers
from mlgui.results.figure import Axis, Band, Figure, Panel, Rule
from mlgui.results.replicated import UNUSUAL, Check
from mlgui.words import tr

BARS = 24
ROW_MM = 42.0


def replicated_figure(found: Sequence[Check], outcome: str) -> Figure:
    """Return one panel for each statistic: its replicates as bars, the data as a line, amber where it lies in a tail."""
    closer = [one.label for one in found if one.two_sided < UNUSUAL]
    columns = min(3, len(found))
    rows = -(-len(found) // columns)
    alt = tr("Histograms of {n} statistics over replicated data, with the value in the data.").format(n=len(found))
    told = tr("In a tail: {names}.").format(names=", ".join(closer)) if closer else tr("None of the data lies in a tail.")
    return Figure(
        key="replicated",
        title=tr("{outcome} beside replicates").format(outcome=outcome),
        subtitle=tr("Bars: data as the model would have them again. Line: the data."),
        panels=tuple(_panel(one) for one in found),
        columns=columns,
        alt=f"{alt} {told}",
        size_mm=(58.0 * columns + 10.0, 16.0 + ROW_MM * rows),
    )


def _panel(one: Check) -> Panel:
    values = one.replicated[np.isfinite(one.replicated)]
    counts, edges = np.histogram(values, bins=BARS) if len(values) else (np.zeros(1), np.array([0.0, 1.0]))
    heights = np.repeat(counts / max(len(values), 1), 2)
    colour = "amber" if one.two_sided < UNUSUAL else "blue"
    return Panel(
        layers=(
            Band(x=np.repeat(edges, 2)[1:-1], low=np.zeros(len(heights)), high=heights, colour="grey", opacity=0.45),
            Rule(value=one.observed, vertical=True, colour=colour, width=2.2, dashed=False),
        ),
        y=Axis(limits=(0.0, float(heights.max(initial=0.0)) * 1.08 or 1.0), ticks=()),
        title=one.label,
        note=tr("{share} as large").format(share=numbers.percent(one.p)),
    )
