"""The ANOVA display as a figure: a line for each batch, thick for half of the draws, thin for nearly all."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mlgui.results import numbers
from mlgui.results.anova import Batch, batch_label
from mlgui.results.figure import Axis, Figure, Panel, Points, Rule, Segments
from mlgui.words import tr

ROW_MM = 8.0
COLOURS = {"average": "accent", "group": "blue", "residual": "ink2"}


def anova_figure(found: Sequence[Batch], outcome: str, confidence: float = 0.95) -> Figure:
    """Return the SD of every batch of coefficients with intervals of half and of `confidence` of the draws."""
    layers = [Rule(value=0.0, vertical=True, colour="ink", width=1.0, dashed=False)]
    rows = [layer for place, one in enumerate(found) for layer in _row(one, float(place))]
    ticks = tuple((float(place), f"{batch_label(one)} ({numbers.count(one.count)})") for place, one in enumerate(found))
    largest = max(found, key=lambda one: one.median)
    percent = numbers.percent(confidence)
    return Figure(
        key="anova",
        title=tr("Where {outcome} varies").format(outcome=outcome),
        subtitle=tr("SD of the coefficients of each batch, with intervals of 50 % and {percent}.").format(percent=percent),
        panels=(
            Panel(
                layers=(*layers, *rows),
                x=Axis(title=tr("SD in units of {outcome}").format(outcome=outcome), grid=True),
                y=Axis(ticks=ticks, limits=(-0.6, len(found) - 0.4), reverse=True),
            ),
        ),
        alt=tr("Standard deviations of {n} batches of coefficients; the largest is that of {name}, {sd}.").format(
            n=len(found), name=batch_label(largest), sd=numbers.short(largest.median)
        ),
        size_mm=(160.0, 28.0 + ROW_MM * len(found)),
    )


def _row(one: Batch, place: float) -> tuple[Segments, Segments, Points]:
    y, colour = np.array([place]), COLOURS[one.part]

    def line(low: float, high: float, width: float) -> Segments:
        return Segments(x0=np.array([low]), y0=y, x1=np.array([high]), y1=y, colour=colour, width=width)

    return (
        line(one.low, one.high, 1.2),
        line(one.half_low, one.half_high, 3.2),
        Points(x=np.array([one.median]), y=y, colour=colour, size=3.6),
    )
