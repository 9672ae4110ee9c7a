"""Kenward-Roger, profile and bootstrap results with their names."""

from __future__ import annotations

import numpy as np
import pytest

from mlgui.engine import kenward_roger
from mlgui.errors import UserError
from mlgui.results.intervals import (
    bootstrap_limits,
    bootstrap_table,
    kenward_roger_effects,
    kenward_roger_table,
    profile_limits,
    profile_table,
)
from tests.reference.files import load_case
from tests.reference.pipeline import report_of

SLEEPSTUDY = "p01_sleepstudy_slope_reml"


def test_kenward_roger_agrees_with_pbkrtest() -> None:
    rows = load_case("p28_sleepstudy_missing")["results"]["fixed_effects"]
    for found, row in zip(kenward_roger_effects(report_of("p28_sleepstudy_missing")), rows, strict=True):
        assert (found.se, found.df) == pytest.approx((row["se_kr"], row["df_kr"]), rel=1e-7)
        assert found.t == pytest.approx(row["t_kr"], rel=1e-6)
        assert found.p == pytest.approx(row["p_kr"], rel=1e-5)


def test_kenward_roger_leaves_dropped_coefficients_unknown() -> None:
    table = kenward_roger_table(report_of("p17_orthodont_rank_deficient"))
    assert list(np.isnan(table.columns[2].cells)) == [False, False, True, False]  # type: ignore[call-overload]


@pytest.mark.parametrize(("name", "word"), [("p02_sleepstudy_slope_ml", "REML"), ("p34_insteval_crossed", "4,100|4100")])
def test_refusals_are_said_in_words(name: str, word: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kenward_roger, "LARGEST", 4_000)
    with pytest.raises(UserError, match=word):
        kenward_roger_effects(report_of(name))


def test_profile_limits_have_names() -> None:
    limits = profile_limits(report_of(SLEEPSTUDY))
    assert [(one.kind, one.group, one.term) for one in limits] == [
        ("sd", "Subject", "(Intercept)"),
        ("correlation", "Subject", "(Intercept), Days"),
        ("sd", "Subject", "Days"),
        ("sigma", "", ""),
        ("coefficient", "", "(Intercept)"),
        ("coefficient", "", "Days"),
    ]
    expected = load_case(SLEEPSTUDY)["results"]["profile_ci_exact"]["limits"]
    assert (limits[5].low, limits[5].high) == pytest.approx(tuple(expected["Days"]), rel=1e-6)
    assert profile_table(limits).n_rows == 6


def test_bootstrap_limits_are_around_the_estimates() -> None:
    report = report_of(SLEEPSTUDY)
    limits, drawn = bootstrap_limits(report, 500, seed=4)
    for one in limits:
        assert one.low < one.estimate < one.high
        assert one.shortest_high - one.shortest_low <= one.high - one.low + 1e-9
    assert limits[0].estimate == pytest.approx(float(report.variance[0].sd[0]), rel=1e-12)
    assert limits[3].estimate == report.sigma
    table = bootstrap_table(limits, drawn)
    assert "500" in table.note and "seed 4" in table.note
    assert [column.key for column in table.columns][-2:] == ["shortest_low", "shortest_high"]
