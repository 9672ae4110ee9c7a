"""Pictures of the prediction bench: scenarios with their sources of uncertainty, and one scenario along a predictor."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from mlgui.results import numbers
from mlgui.results.figure import Axis, Band, Figure, Layer, Line, Panel, Points, Rule, Segments
from mlgui.results.nouns import group_noun
from mlgui.results.predict import Predictions
from mlgui.results.report import Report
from mlgui.results.scenario_words import place_words, scenario_names, short_names, source_names
from mlgui.results.scenarios import Bench, Curve
from mlgui.results.tables import key_of
from mlgui.words import tr

Floats = NDArray[np.float64]

AVERAGE, HERE, NEW_GROUP, ONE_ROW = "average", "here", "new_group", "one_row"
BANDS = (AVERAGE, HERE, NEW_GROUP, ONE_ROW)
"""What a curve can show, the narrowest first."""

COLOURS = {AVERAGE: "ink", HERE: "vermilion", NEW_GROUP: "blue", ONE_ROW: "grey"}
SOURCE_COLOURS = {"coefficients": "ink2", "group_effect": "vermilion", "new_group": "blue", "residual": "grey"}
_BAR_PX = 13.0
_STEP = 0.14


def band_words(report: Report, curve: Curve) -> dict[str, str]:
    """Return the words of every band a curve has; without groups there are two."""
    nouns = " × ".join(group_noun(groups.grouping) for groups in report.groups)
    words = {AVERAGE: tr("average")}
    if _has_place(curve):
        words[HERE] = place_words(report, curve.scenario)
    if report.groups:
        words[NEW_GROUP] = tr("a new {group}").format(group=nouns)
    return {**words, ONE_ROW: tr("one new observation")}


def curve_figure(report: Report, curve: Curve, shown: Collection[str] = BANDS) -> Figure:
    """Return the predictions of a scenario along one input, with a band for each of `shown` that it has."""
    words = {key: text for key, text in band_words(report, curve).items() if key in shown}
    draw = _steps if curve.input.levels else _curves
    outcome = report.design.outcome_label
    ticks = tuple((float(k), level) for k, level in enumerate(curve.input.levels)) if curve.input.levels else None
    limits = (-0.6, len(curve.values) - 0.4) if curve.input.levels else None
    return Figure(
        key=key_of("prediction", curve.input.name),
        title=tr("Predicted {outcome} along {name}").format(outcome=outcome, name=curve.input.label),
        subtitle=tr("Bands hold {percent}; other predictors as chosen.").format(percent=numbers.percent(curve.here.confidence)),
        panels=(
            Panel(
                layers=tuple(draw(curve, words)),
                x=Axis(title=curve.input.label, ticks=ticks, limits=limits),
                y=Axis(title=tr("Predicted {outcome}").format(outcome=outcome), grid=True),
            ),
        ),
        alt=_curve_alt(report, curve, words),
        size_mm=(160.0, 95.0),
    )


def bench_figure(report: Report, bench: Bench) -> Figure:
    """Return each scenario with its intervals (left) and the variance of one observation by source (right)."""
    names = scenario_names(report, bench.scenarios)
    found, outcome = bench.predictions, report.design.outcome_label
    rows = np.arange(len(names), dtype=float)
    ticks = tuple((float(row), name) for row, name in enumerate(short_names(report, bench.scenarios)))
    limits = (-0.6, len(names) - 0.4)
    percent = numbers.percent(found.confidence)
    return Figure(
        key="prediction_bench",
        title=tr("Predictions"),
        subtitle=tr("Dark: {percent} interval of the mean of such rows there. Light: of one row.").format(percent=percent),
        panels=(
            Panel(
                layers=tuple(_interval_layers(found, rows)),
                x=Axis(title=tr("Predicted {outcome}").format(outcome=outcome), grid=True),
                y=Axis(ticks=ticks, limits=limits, reverse=True),
            ),
            Panel(
                layers=tuple(_source_layers(found, rows)),
                x=Axis(title=tr("Variance of one observation, by source"), grid=True, limits=(0.0, _most_variance(found))),
                y=Axis(ticks=(), limits=limits, reverse=True),
            ),
        ),
        columns=2,
        alt=_bench_alt(found, names),
        group_labels=tuple(names),
        size_mm=(180.0, 34.0 + 8.0 * len(names)),
    )


def _has_place(curve: Curve) -> bool:
    """Return whether there is a known group to draw, whose value of the input is not settled by the group itself."""
    known = any(one.known.any() for one in curve.here.groups)
    return known and not (curve.input.grouping and curve.scenario.groups.get(curve.input.grouping))


def _limits(curve: Curve, key: str) -> tuple[Floats, Floats, Floats]:
    """Return (middle, low, high) of one band."""
    here, new = curve.here, curve.new
    normal = float(ndtri((1 + here.confidence) / 2))
    if key == AVERAGE:
        return new.average, new.average_low, new.average_high
    if key == HERE:
        return here.value, here.low, here.high
    if key == NEW_GROUP:
        half = normal * np.sqrt(new.variance.fitted)
        return new.average, new.average - half, new.average + half
    found = here if _has_place(curve) else new
    return found.value, found.observed_low, found.observed_high


def _curves(curve: Curve, words: dict[str, str]) -> list[Layer]:
    """Return bands, the widest first, then the lines on top of all bands."""
    x = np.array([float(value) for value in curve.values])
    layers: list[Layer] = []
    for key in reversed(BANDS):
        if key in words:
            _, low, high = _limits(curve, key)
            opacity = {ONE_ROW: 0.13, NEW_GROUP: 0.17}.get(key, 0.22)
            layers.append(Band(x=x, low=low, high=high, colour=COLOURS[key], opacity=opacity, label=words[key]))
    if not isinstance(curve.scenario.values[curve.input.name], str):
        layers.append(Rule(value=float(curve.scenario.values[curve.input.name]), vertical=True, colour="ink3", width=1.0))
    if AVERAGE in words:
        layers.append(Line(x=x, y=curve.new.average, colour="ink", width=1.8))
    if HERE in words:
        layers.append(Line(x=x, y=curve.here.value, colour=COLOURS[HERE]))
    return layers


def _steps(curve: Curve, words: dict[str, str]) -> list[Layer]:
    """Return a mark with its interval for each level and band, side by side."""
    at = np.arange(len(curve.values), dtype=float)
    layers: list[Layer] = []
    for place, key in enumerate(words):
        middle, low, high = _limits(curve, key)
        x = at + (place - (len(words) - 1) / 2) * _STEP
        layers.append(Segments(x0=x, y0=low, x1=x, y1=high, colour=COLOURS[key], width=2.0))
        layers.append(Points(x=x, y=middle, colour=COLOURS[key], size=4.0, label=words[key]))
    return layers


def _interval_layers(found: Predictions, rows: Floats) -> list[Layer]:
    groups = np.arange(len(rows))
    return [
        Segments(x0=found.observed_low, y0=rows, x1=found.observed_high, y1=rows, groups=groups, colour="grey", width=1.6,
                 opacity=0.6),
        Segments(x0=found.low, y0=rows, x1=found.high, y1=rows, groups=groups, colour="blue", width=3.2),
        Points(x=found.value, y=rows, groups=groups, colour="blue", size=4.4),
    ]  # fmt: skip


def _source_layers(found: Predictions, rows: Floats) -> list[Layer]:
    start = np.zeros(len(rows))
    layers: list[Layer] = []
    for key, words in source_names():
        part = np.nan_to_num(getattr(found.variance, key))
        if part.max(initial=0.0) > 0:
            layers.append(
                Segments(x0=start, y0=rows, x1=start + part, y1=rows, colour=SOURCE_COLOURS[key], width=_BAR_PX,
                         opacity=0.85, label=words)
            )  # fmt: skip
        start = start + part
    return layers


def _most_variance(found: Predictions) -> float:
    return 1.04 * float(np.nanmax(found.variance.observation, initial=0.0)) or 1.0


def _bench_alt(found: Predictions, names: Sequence[str]) -> str:
    digits = numbers.decimals_for((), [float(se) for se in found.se])
    parts = [
        f"{name}: {numbers.number(float(value), digits)} ({numbers.interval(float(low), float(high), digits)})"
        for name, value, low, high in zip(names[:8], found.value, found.low, found.high)
    ]
    return tr("Predictions with intervals: {list}.").format(list="; ".join(parts))


def _curve_alt(report: Report, curve: Curve, words: dict[str, str]) -> str:
    average = curve.new.average
    first, last = (
        curve.values[k] if isinstance(curve.values[k], str) else numbers.given(float(curve.values[k])) for k in (0, -1)
    )
    text = tr("Predicted {outcome} along {name}: on average {low} at {first} and {high} at {last}.").format(
        outcome=report.design.outcome_label, name=curve.input.label, first=first, last=last,
        low=numbers.short(float(average[0]), 3), high=numbers.short(float(average[-1]), 3),
    )  # fmt: skip
    return text + " " + tr("Bands: {list}.").format(list=", ".join(words.values()))
