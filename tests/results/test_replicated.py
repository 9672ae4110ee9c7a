"""Statistics of the data beside those of replicates."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import mlgui
from mlgui.errors import UserError
from mlgui.results.figures.replicated import replicated_figure
from mlgui.results.replicated import checks_table, chosen_statistics, replicated_checks, statistics_of, verdict
from mlgui.results.report import Report
from tests.results.models import case_report, fitted, load_table, report_of


def sleep() -> Report:
    return fitted("Reaction ~ Days + (Days | Subject)", "sleepstudy.csv")


def test_statistics_of_the_data() -> None:
    report = sleep()
    y, found = report.estimates.problem.y, statistics_of(report)
    assert found["mean"][1](y) == pytest.approx(y.mean()) and found["max"][1](y) == y.max()
    means = y.reshape(18, 10).mean(axis=1)
    assert found["sd_of_means:Subject"][1](y) == pytest.approx(means.std(ddof=1))
    assert found["max_of_means:Subject"][1](y) == pytest.approx(means.max())
    assert found["sd_of_sds:Subject"][1](y) == pytest.approx(y.reshape(18, 10).std(axis=1, ddof=1).std(ddof=1))
    assert found["skewness"][1](np.array([0.0, 0.0, 1.0])) == pytest.approx(1 / np.sqrt(2))
    assert found["kurtosis"][1](np.zeros(3)) == -3.0


def test_a_model_reproduces_its_own_mean_and_sd() -> None:
    report = sleep()
    steps: list[tuple[int, int]] = []
    found = replicated_checks(report, statistics_of(report), count=200, seed=2, on_step=lambda a, b: steps.append((a, b)))
    by_name = {one.name: one for one in found}
    for name in ("mean", "sd", "sd_of_means:Subject"):
        assert by_name[name].low < by_name[name].observed < by_name[name].high and verdict(by_name[name]) == "Fine"
    assert steps[-1] == (200, 200)
    again = replicated_checks(report, chosen_statistics(report, ("mean",)), count=200, seed=2)
    np.testing.assert_array_equal(again[0].replicated, by_name["mean"].replicated)


def test_what_a_model_misses_is_seen() -> None:
    """An outcome with a long tail: the smallest value and the skewness of normal data are elsewhere."""
    table = load_table("sleepstudy.csv")
    tail = np.exp((np.asarray(table["Reaction"].values) - 300) / 40)
    skewed = report_of(
        "tail ~ Days + (1 | Subject)", table.with_column(replace(table["Reaction"], name="tail", values=tail)), comparators=False
    )
    found = {one.name: one for one in replicated_checks(skewed, statistics_of(skewed), count=100)}
    assert verdict(found["skewness"]) == "Look closer" and found["min"].p == 0.0
    shown = checks_table(skewed, tuple(found.values()))
    assert "100 replicates" in shown.note and shown.n_rows == 11
    figure = replicated_figure(tuple(found.values()), "tail")
    assert len(figure.panels) == 11 and "Skewness" in figure.alt


def test_rows_of_weight_zero_and_new_groups_and_large_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    report = case_report("p26_cbpp_weights")
    monkeypatch.setattr("mlgui.results.replicated.BLOCK", 1)
    found = replicated_checks(report, statistics_of(report), count=5, new_groups=True)
    assert all(np.isfinite(one.replicated).all() for one in found)


def test_spreads_within_groups_are_compared_where_two_groups_have_one() -> None:
    data = pd.DataFrame({"y": [1.0, 4.0, 2.0, 8.0, 5.0, 7.0, 1.5, 3.0], "g": list("aaabcdef")})
    lone = mlgui.fit("y ~ 1 + (1 | g)", data).report
    assert "sd_of_sds:g" not in statistics_of(lone)
    assert all(np.isfinite(one.observed) for one in replicated_checks(lone, statistics_of(lone), count=5))
    assert "sd_of_sds:Subject" in statistics_of(sleep())


def test_a_statistic_that_is_none() -> None:
    with pytest.raises(UserError, match="sd_of_means:Subject"):
        chosen_statistics(sleep(), ("range",))
