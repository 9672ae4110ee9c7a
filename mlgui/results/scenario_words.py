"""The prediction bench in words and tables: names of scenarios, a sentence, sources of uncertainty."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mlgui.results import numbers
from mlgui.results.nouns import group_noun, joined, row_noun, row_plural
from mlgui.results.predict import Predictions
from mlgui.results.reference_grid import Value
from mlgui.results.report import Report
from mlgui.results.scenarios import Bench, Input, Scenario
from mlgui.results.tables import Format, ResultColumn, ResultTable, distinct_keys
from mlgui.words import tr

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def source_names() -> tuple[tuple[str, str], ...]:
    """Return (field of `PredictionVariance`, words) of the four sources, in the order they are stacked."""
    return (
        ("coefficients", tr("coefficients")),
        ("group_effect", tr("this group's effect")),
        ("new_group", tr("a new group")),
        ("residual", tr("one observation")),
    )


def letter(index: int) -> str:
    """Return the name of a scenario by its place: A to Z, then A2."""
    lap, place = divmod(index, len(LETTERS))
    return LETTERS[place] + (str(lap + 1) if lap else "")


def place_words(report: Report, scenario: Scenario) -> str:
    """Return where a scenario is: "school 8367", "a new school", several groupings joined."""
    parts = []
    for groups in report.groups:
        noun, level = group_noun(groups.grouping), scenario.groups.get(groups.grouping, "")
        parts.append(f"{noun} {level}" if level else tr("a new {group}").format(group=noun))
    return ", ".join(parts)


def scenario_names(report: Report, scenarios: Sequence[Scenario]) -> list[str]:
    """Return "A · school 8367" for each scenario."""
    places = [place_words(report, scenario) for scenario in scenarios]
    return [f"{letter(index)} · {place}" if place else letter(index) for index, place in enumerate(places)]


def short_names(report: Report, scenarios: Sequence[Scenario]) -> list[str]:
    """Return "A · 8367" for each scenario, "A · new" for a new group."""
    names = [group.grouping for group in report.groups]
    places = [" × ".join(scenario.groups.get(name) or tr("new") for name in names) for scenario in scenarios]
    return [f"{letter(index)} · {place}" if place else letter(index) for index, place in enumerate(places)]


def value_words(value: Value) -> str:
    """Return a value as it is read."""
    return value if isinstance(value, str) else numbers.given(value)


def scenario_sentence(report: Report, inputs: Sequence[Input], bench: Bench, index: int) -> str:
    """Return what the model says of one scenario, in two sentences."""
    scenario, found = bench.scenarios[index], bench.predictions
    if not np.isfinite(found.value[index]):
        return tr("The data cannot tell: a predictor this needs was left out as collinear.")
    digits = _digits(found)
    given = joined([f"{one.label} {value_words(scenario.values[one.name])}" for one in inputs])
    place = place_words(report, scenario)
    start = tr("In {place}").format(place=place) if place else tr("In any row")
    start += ", " + tr("with {values},").format(values=given) if given else ""
    said = tr("{start} predicted {outcome} is {value}.").format(
        start=start, outcome=report.design.outcome_label, value=numbers.number(float(found.value[index]), digits)
    )
    limits = (found.low, found.high, found.observed_low, found.observed_high)
    low, high, one, other = (numbers.number(float(limit[index]), digits) for limit in limits)
    return f"{said} " + _spread_words(report, found, index).format(
        percent=numbers.percent(found.confidence), rows=row_plural(report.design), row=row_noun(report.design),
        low=low, high=high, one=one, other=other,
    )  # fmt: skip


def _spread_words(report: Report, found: Predictions, index: int) -> str:
    """Return the sentence about the intervals, with their numbers to be filled in."""
    if not report.groups:
        return tr("The mean of such {rows} lies between {low} and {high} ({percent}), a single {row} between {one} and {other}.")
    if all(one.known[index] for one in found.groups):
        return tr(
            "The mean of such {rows} there lies between {low} and {high} ({percent}), a single {row} between {one} and {other}."
        )
    return tr(
        "In {percent} of such places the mean of such {rows} lies between {low} and {high}, a single {row} between {one} and "
        "{other}."
    )


def bench_table(report: Report, inputs: Sequence[Input], bench: Bench) -> ResultTable:
    """Return a row per scenario: its values and groups, prediction, intervals, and the SD and share of each source."""
    found, digits = bench.predictions, _digits(bench.predictions)
    given = [
        ResultColumn(
            key=f"at_{key}", heading=one.label, cells=[scenario.values[one.name] for scenario in bench.scenarios],
            format=Format.TEXT if one.levels else Format.NUMBER,
        )
        for key, one in zip(distinct_keys([one.name for one in inputs]), inputs, strict=True)
    ]  # fmt: skip
    values = (
        ("value", tr("Prediction"), found.value), ("se", tr("SE"), found.se), ("low", tr("Low"), found.low),
        ("high", tr("High"), found.high), ("observed_low", tr("Low, one row"), found.observed_low),
        ("observed_high", tr("High, one row"), found.observed_high),
    )  # fmt: skip
    total = np.where(found.variance.observation > 0, found.variance.observation, np.nan)
    parts = [(key, words, getattr(found.variance, key)) for key, words in source_names()]
    return ResultTable(
        key="prediction_bench",
        title=tr("Predictions"),
        columns=(
            ResultColumn(key="scenario", heading=tr("Scenario"), cells=scenario_names(report, bench.scenarios)),
            *given,
            *(ResultColumn(key=key, heading=heading, cells=cells.tolist(), format=Format.NUMBER, decimals=digits)
              for key, heading, cells in values),
            *(ResultColumn(key=f"sd_{key}", heading=tr("SD: {source}").format(source=words), cells=np.sqrt(part).tolist(),
                           format=Format.NUMBER, decimals=digits) for key, words, part in parts),
            *(ResultColumn(key=f"share_{key}", heading=tr("Share: {source}").format(source=words),
                           cells=(part / total).tolist(), format=Format.PERCENT, decimals=0) for key, words, part in parts),
        ),
        note=bench_note(found),
    )  # fmt: skip


def bench_rows(report: Report, bench: Bench) -> ResultTable:
    """Return what the window shows of `bench_table`: a short name, the prediction, its intervals and the SD of each source."""
    found, digits = bench.predictions, _digits(bench.predictions)
    percent = numbers.percent(found.confidence)

    def between(low: NDArray[np.float64], high: NDArray[np.float64]) -> list[str]:
        return [numbers.interval(a, b, digits) for a, b in zip(low.tolist(), high.tolist(), strict=True)]

    intervals = (
        ("mean", tr("Mean, {percent}").format(percent=percent), between(found.low, found.high)),
        ("row", tr("One row, {percent}").format(percent=percent), between(found.observed_low, found.observed_high)),
    )
    parts = [(key, words, getattr(found.variance, key)) for key, words in source_names()]
    return ResultTable(
        key="shown",
        title="",
        columns=(
            ResultColumn(key="scenario", heading=tr("Scenario"), cells=short_names(report, bench.scenarios)),
            ResultColumn(key="value", heading=tr("Prediction"), cells=found.value.tolist(), format=Format.NUMBER,
                         decimals=digits),
            *(ResultColumn(key=key, heading=words, cells=cells, format=Format.MIXED) for key, words, cells in intervals),
            *(ResultColumn(key=f"sd_{key}", heading=tr("SD: {source}").format(source=words), cells=np.sqrt(part).tolist(),
                           format=Format.NUMBER, decimals=digits) for key, words, part in parts if np.any(part > 0)),
        ),
    )  # fmt: skip


def bench_note(found: Predictions) -> str:
    """Return what the intervals of the bench are."""
    return tr(
        "Intervals of {percent}, variances held at their estimates. Low and High: the mean of such rows in the group named; "
        "for a new group also which one it is. One row: one new observation there."
    ).format(percent=numbers.percent(found.confidence))


def _digits(found: Predictions) -> int:
    known = found.se[np.isfinite(found.se)]
    return numbers.decimals_for((), [float(np.median(known))]) if len(known) else 2
