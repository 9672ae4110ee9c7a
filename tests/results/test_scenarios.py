"""The prediction bench: what can be chosen, what a group settles, and that its numbers are those of `predict`."""

from __future__ import annotations

import numpy as np
import pytest

from mlgui.results.figures.predictions import bench_figure, curve_figure
from mlgui.results.numbers import text_rows
from mlgui.results.predict import predict
from mlgui.results.report import Report
from mlgui.results.scenario_words import bench_table, letter, scenario_sentence
from mlgui.results.scenarios import (
    Scenario,
    default_scenario,
    in_group,
    inputs_of,
    predict_along,
    predict_scenarios,
    settled,
)
from mlgui.session.examples import open_example
from mlgui.session.jobs import fit_model
from mlgui.spec.formula import parse
from tests.results.models import case_report


@pytest.fixture(scope="module")
def hsb() -> Report:
    table, structure, models = open_example("hsb")
    assert models[1].spec is not None
    return fit_model(table, structure, models[1].spec)


def test_rows_of_the_data_are_predicted_as_the_table_is() -> None:
    report = case_report("p01_sleepstudy_slope_reml")
    inputs = inputs_of(report)
    levels = report.groups[0].levels
    scenarios = [Scenario(values={"Days": float(day)}, groups={"Subject": levels[code]}) for code, day in ((0, 3), (4, 9))]
    bench = predict_scenarios(report, inputs, scenarios).predictions
    whole = predict(report, report.design.table)
    for row, (code, day) in enumerate(((0, 3), (4, 9))):
        at = code * 10 + day
        assert whole.groups[0].labels[at] == levels[code]
        np.testing.assert_allclose(bench.value[row], whole.value[at], rtol=1e-12)
        np.testing.assert_allclose(bench.se[row], whole.se[at], rtol=1e-10)
        np.testing.assert_allclose(bench.variance.observation[row], whole.variance.observation[at], rtol=1e-10)


def test_inputs_say_at_which_level_they_are(hsb: Report) -> None:
    inputs = {one.name: one for one in inputs_of(hsb)}
    assert {name: one.grouping for name, one in inputs.items()} == {"ses": "", "sector": "school", "mean_ses": "school"}
    assert inputs["sector"].levels == ("Public", "Catholic") and inputs["sector"].default == "Public"
    assert dict(inputs["ses"].typical)["mean"] == inputs["ses"].default == 0.0
    assert len(inputs["mean_ses"].of_groups) == 160


def test_a_known_group_settles_its_predictors(hsb: Report) -> None:
    inputs = inputs_of(hsb)
    start = default_scenario(hsb, inputs)
    found = settled(hsb, inputs, in_group(hsb, start, "school", "8367"))
    assert found.values["mean_ses"] != start.values["mean_ses"] and found.groups == {"school": "8367"}
    assert in_group(hsb, found, "school", "").groups == {}


def test_the_four_sources_add_up_and_belong_to_their_place(hsb: Report) -> None:
    inputs = inputs_of(hsb)
    new = default_scenario(hsb, inputs)
    variance = predict_scenarios(hsb, inputs, [new, in_group(hsb, new, "school", "8367")]).predictions.variance
    assert variance.new_group[0] > 0 == variance.new_group[1] and variance.group_effect[1] > 0 == variance.group_effect[0]
    np.testing.assert_allclose(
        variance.observation, variance.coefficients + variance.group_effect + variance.new_group + variance.residual
    )


def test_a_curve_passes_through_the_scenarios_prediction(hsb: Report) -> None:
    inputs = inputs_of(hsb)
    scenario = in_group(hsb, default_scenario(hsb, inputs), "school", "8367")
    curve = predict_along(hsb, inputs, scenario, "ses")
    value = predict_scenarios(hsb, inputs, [scenario]).predictions.value[0]
    np.testing.assert_allclose(np.interp(0.0, [float(x) for x in curve.values], curve.here.value), value, rtol=1e-9)
    widths = [curve.new.average_high - curve.new.average_low, curve.new.high - curve.new.low]
    assert (widths[0] < widths[1]).all() and (widths[1] < curve.new.observed_high - curve.new.observed_low).all()
    labels = {layer.label for layer in curve_figure(hsb, curve).panels[0].layers}
    assert {"average", "school 8367", "a new school", "one new observation"} <= labels
    across = predict_along(hsb, inputs, scenario, "sector")
    assert across.values == ("Public", "Catholic")
    assert not any("8367" in layer.label for layer in curve_figure(hsb, across).panels[0].layers)  # its sector is its own
    with pytest.raises(KeyError):
        predict_along(hsb, inputs, scenario, "size")


def test_words_and_tables(hsb: Report) -> None:
    inputs = inputs_of(hsb)
    start = default_scenario(hsb, inputs)
    bench = predict_scenarios(hsb, inputs, [start, in_group(hsb, start, "school", "8367")])
    assert scenario_sentence(hsb, inputs, bench, 1).startswith("In school 8367, with ses 0, sector Public and mean_ses")
    assert "of such places" in scenario_sentence(hsb, inputs, bench, 0)
    table = bench_table(hsb, inputs, bench)
    assert table.columns[0].cells == ["A · a new school", "B · school 8367"] and len(text_rows(table)) == 2
    shares = [column.cells for column in table.columns if column.key.startswith("share_")]
    np.testing.assert_allclose(np.sum(np.array(shares, dtype=float), axis=0), 1.0)
    assert bench_figure(hsb, bench).panels[0].y.ticks == ((0.0, "A · new"), (1.0, "B · 8367"))
    assert (letter(0), letter(25), letter(26)) == ("A", "Z", "A2")


def test_a_mean_by_group_is_an_input_of_its_own() -> None:
    table, structure, _ = open_example("hsb")
    report = fit_model(table, structure, parse("math ~ ses + mean(ses, school) + (1 + center(ses, school) | school)"))
    inputs = {one.name: one for one in inputs_of(report)}
    assert inputs["mean(ses, school)"].label == "mean of ses by school" and inputs["mean(ses, school)"].grouping == "school"
    assert "center(ses, school)" in inputs  # it only varies, and is still to be chosen
    bench = predict_scenarios(report, tuple(inputs.values()), [default_scenario(report, tuple(inputs.values()))])
    assert np.isfinite(bench.predictions.se).all()
