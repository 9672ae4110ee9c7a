"""Average coefficients with their intervals, one or several models on one scale."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mlgui.results import numbers
from mlgui.results.figure import Axis, Figure, Layer, Panel, Points, Rule, Segments
from mlgui.results.fixed import with_confidence
from mlgui.results.group_model import coefficient_title
from mlgui.results.report import FixedEffect, Report
from mlgui.words import tr

MODEL_MARKS = (("green", "circle"), ("purple", "square"), ("amber", "diamond"), ("grey", "triangle"))
"""Colour and shape of models, so that they never read as levels of a category."""

ROW_MM = 7.0
INDENT = "\u2003"
"""An em space, so that rows stand in under the heading of their section."""


def coefficients(
    models: Report | Sequence[tuple[str, Report]],
    *,
    intercept: bool = False,
    standardised: bool = False,
    confidence: float = 0.95,
) -> Figure:
    """Return the coefficients with their intervals, grouped by what they explain.

    models: a report, or (name, report) pairs to compare. intercept: show the intercept too, though it sets the scale.
    standardised: per 1 SD of each column of X.
    """
    named = [("", models)] if isinstance(models, Report) else list(models)
    rows = _rows([report for _, report in named], intercept=intercept)
    names = coefficient_names([report for _, report in named])
    layers: list[Layer] = [Rule(value=0.0, vertical=True, colour="ink", width=1.0, dashed=False)]
    for index, (name, report) in enumerate(named):
        shown = _shown(report, rows, confidence, standardised=standardised)
        layers += _model_layers(shown, index, len(named), name, names)
    percent = numbers.percent(confidence)
    outcome = named[0][1].design.outcome_label
    unit = tr("per 1 SD of the predictor") if standardised else tr("in units of {outcome}").format(outcome=outcome)
    return Figure(
        key="coefficients",
        title=tr("Coefficients"),
        subtitle=tr("Average coefficients with {percent} intervals, {unit}.").format(percent=percent, unit=unit),
        panels=(
            Panel(
                layers=tuple(layers),
                x=Axis(title=tr("Coefficient with {percent} interval, {unit}").format(percent=percent, unit=unit), grid=True),
                y=Axis(
                    ticks=tuple((float(position), label) for position, (_, label) in enumerate(rows)),
                    limits=(-0.6, max(len(rows) - 0.4, 0.6)),
                    reverse=True,
                ),
            ),
        ),
        alt=_alt(named[0][1], intercept=intercept),
        group_labels=tuple(_labels([report for _, report in named])[name] for name in names),
        size_mm=(160.0, 25.0 + ROW_MM * len(rows)),
    )


def coefficient_names(reports: Sequence[Report]) -> list[str]:
    """Return the names of all coefficients, each once: what the `groups` of the marks are indices of."""
    return list(_labels(reports))


def _labels(reports: Sequence[Report]) -> dict[str, str]:
    return {effect.name: effect.label for report in reports for effect in report.fixed}


def _rows(reports: list[Report], *, intercept: bool) -> list[tuple[str, str]]:
    """Return (coefficient name, label) per row, "" as name for the heading of a section."""
    sections: dict[str, dict[str, str]] = {}
    order: dict[str, tuple[int, int]] = {}
    for report in reports:
        for effect in report.fixed:
            if intercept or effect.name != "(Intercept)":
                heading = _heading(report, effect)
                order.setdefault(heading, effect.section or (len(report.groups), 0))
                sections.setdefault(heading, {}).setdefault(effect.name, effect.label)
    rows: list[tuple[str, str]] = []
    for heading in sorted(sections, key=lambda each: order[each]):
        several = len(sections) > 1
        rows += [("", heading)] if several else []
        rows += [(name, (INDENT if several else "") + label) for name, label in sections[heading].items()]
    return rows


def _heading(report: Report, effect: FixedEffect) -> str:
    if effect.section is None:
        return tr("Other predictors")
    grouping, coefficient = effect.section
    return coefficient_title(report, report.groups[grouping].grouping, coefficient)


def _shown(
    report: Report, rows: list[tuple[str, str]], confidence: float, *, standardised: bool
) -> list[tuple[float, FixedEffect, float]]:
    """Return (row, effect, multiplier) of the estimable coefficients of one model."""
    places = {name: position for position, (name, _) in enumerate(rows) if name}
    x = report.design.problem.x
    return [
        (float(places[effect.name]), with_confidence(effect, confidence), float(x[:, index].std(ddof=1)) if standardised else 1.0)
        for index, effect in enumerate(report.fixed)
        if effect.name in places and effect.estimable
    ]


def _model_layers(
    shown: list[tuple[float, FixedEffect, float]], index: int, n_models: int, name: str, names: list[str]
) -> list[Layer]:
    colour, shape = MODEL_MARKS[index % len(MODEL_MARKS)] if n_models > 1 else ("ink", "circle")
    shift = (index - (n_models - 1) / 2) * min(0.36, 0.8 / n_models)
    y = np.array([row + shift for row, _, _ in shown])
    low = np.array([effect.low * scale for _, effect, scale in shown])
    high = np.array([effect.high * scale for _, effect, scale in shown])
    middle = np.array([effect.estimate * scale for _, effect, scale in shown])
    places = np.array([names.index(effect.name) for _, effect, _ in shown], dtype=np.int64)
    return [
        Segments(x0=low, y0=y, x1=high, y1=y, groups=places, colour=colour, width=2.0),
        Points(x=middle, y=y, groups=places, colour=colour, shape=shape, size=4.4, label=name),
    ]


def _alt(report: Report, *, intercept: bool) -> str:
    effects = [effect for effect in report.fixed if effect.estimable and (intercept or effect.name != "(Intercept)")]
    digits = numbers.decimals_for((), [effect.se for effect in effects])
    parts = [
        f"{effect.label} {numbers.number(effect.estimate, digits)} ({numbers.interval(effect.low, effect.high, digits)})"
        for effect in effects[:8]
    ]
    return tr("Coefficients with 95 % intervals: {list}.").format(list="; ".join(parts))
