"""Predictions for new rows: what counts as a new group, what the parts of the variance are, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from mlgui.data.table import Column, Kind, Table
from mlgui.errors import UserError
from mlgui.results.numbers import text_rows
from mlgui.results.predict import predict, predictions_table
from tests.results.models import case_report, fitted, load_table


def numbers(**columns: list[float]) -> Table:
    found = tuple(Column(name=name, kind=Kind.NUMBER, values=np.array(values)) for name, values in columns.items())
    return Table(columns=found, row_ids=np.arange(1, len(found[0]) + 1))


def with_category(table: Table, name: str, labels: list[str]) -> Table:
    levels = tuple(dict.fromkeys(labels))
    codes = np.array([levels.index(label) for label in labels], dtype=np.int32)
    return table.with_column(Column(name=name, kind=Kind.CATEGORY, values=codes, levels=levels))


def test_the_rows_of_the_fit_are_fitted() -> None:
    report = case_report("p01_sleepstudy_slope_reml")
    found = predict(report, report.design.table)
    np.testing.assert_allclose(found.value, report.estimates.fitted, rtol=1e-12)
    np.testing.assert_allclose(found.average, report.estimates.fixed_part, rtol=1e-12)
    assert (found.groups[0].sizes == 10).all() and found.groups[0].known.all()


def test_a_table_without_the_grouping_predicts_new_groups() -> None:
    report = case_report("p01_sleepstudy_slope_reml")
    found = predict(report, numbers(Days=[0.0, 4.5, 9.0]))
    covariance = report.estimates.groups[0].covariance
    z = np.column_stack([np.ones(3), [0.0, 4.5, 9.0]])
    assert not found.groups[0].known.any()
    assert np.array_equal(found.value, found.average)
    np.testing.assert_allclose(found.variance.new_group, np.einsum("ia,ab,ib->i", z, covariance, z))
    np.testing.assert_allclose(found.se**2, found.average_se**2 + found.variance.new_group)
    np.testing.assert_allclose(found.high - found.value, 1.959963984540054 * found.se)


def test_a_known_group_is_surer_than_a_new_one_and_a_mean_than_an_observation() -> None:
    report = case_report("p01_sleepstudy_slope_reml")
    found = predict(report, with_category(numbers(Days=[3.0, 3.0]), "Subject", ["308", "someone"]), confidence=0.5)
    assert found.groups[0].known.tolist() == [True, False] and found.groups[0].sizes.tolist() == [10, 0]
    assert found.groups[0].labels == ("308", "someone")
    assert found.se[0] < found.se[1]
    np.testing.assert_allclose(found.variance.residual, report.sigma**2)
    np.testing.assert_allclose(found.variance.observation, found.se**2 + report.sigma**2)
    assert (found.observed_low < found.low).all() and (found.high < found.observed_high).all()


def test_intervals_of_averages_are_those_of_the_coefficients() -> None:
    report = case_report("p01_sleepstudy_slope_reml")
    found = predict(report, numbers(Days=[0.0]))
    intercept = report.fixed[0]
    assert (found.average_low[0], found.average_high[0]) == pytest.approx((intercept.low, intercept.high), rel=1e-9)


def test_one_grouping_known_and_one_new() -> None:
    report = case_report("p12_pastes_sample_ml")
    table = with_category(with_category(numbers(other=[1.0, 1.0]), "batch", ["A", "A"]), "sample", ["A:a", "new"])
    found = predict(report, table)
    known = {one.grouping: one.known.tolist() for one in found.groups}
    assert known == {"sample": [True, False], "batch": [True, True]}
    assert found.variance.new_group[0] == 0 < found.variance.new_group[1]


def test_weights_of_the_table_scale_the_residual_variance() -> None:
    report = case_report("p26_cbpp_weights")
    table = with_category(with_category(numbers(size=[1.0, 4.0, np.nan]), "period", ["1", "1", "1"]), "herd", ["1", "1", "1"])
    found = predict(report, table)
    np.testing.assert_allclose(found.variance.residual, report.sigma**2 / np.array([1.0, 4.0, 1.0]))


def test_rows_with_a_missing_predictor_are_left_out() -> None:
    report = case_report("p01_sleepstudy_slope_reml")
    found = predict(report, numbers(Days=[1.0, np.nan, 2.0]))
    assert found.rows.tolist() == [0, 2]


def test_a_model_without_groups_predicts() -> None:
    report = fitted("Reaction ~ Days", "sleepstudy.csv")
    found = predict(report, numbers(Days=[2.0]))
    assert found.groups == () and not found.variance.new_group.any()
    assert np.array_equal(found.value, found.average)


def test_a_missing_predictor_is_named() -> None:
    with pytest.raises(UserError, match="Days"):
        predict(case_report("p01_sleepstudy_slope_reml"), numbers(Other=[1.0]))


def test_a_level_without_a_coefficient_is_named() -> None:
    table = with_category(numbers(age=[8.0]), "Sex", ["Unknown"])
    with pytest.raises(UserError, match="Unknown"):
        predict(case_report("p15_orthodont_interaction"), table)


def test_the_table_shows_groups_and_sources() -> None:
    report = case_report("p11_pastes_nested_slash")
    table = load_table("pastes.csv")
    shown = predictions_table(predict(report, table), table)
    assert shown.n_rows == table.n_rows
    keys = [column.key for column in shown.columns]
    assert keys[:3] == ["row", "group_cask_batch", "group_cask_batch_rows"] and keys[-1] == "sd_residual"
    assert len(text_rows(shown)) == table.n_rows
