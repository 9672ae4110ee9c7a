"""The JSON against fits by R: lme4 1.1-31, lmerTest 3.1-3 (cases p01 and p11 of the reference)."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from mlgui.export.json_report import json_text, number, numbers, report_json
from mlgui.results.report import Report

KEYS = [
    "program", "formula", "nobs", "n_groups", "method", "penalty", "criterion", "logLik", "AIC", "BIC", "sigma",
    "theta", "singular", "dropped_columns", "rows_dropped", "fixed_effects", "vcov_fixed", "variance_components", "residual",
    "random_effects", "r2_icc", "findings", "certificate", "seconds",
]  # fmt: skip


def test_the_keys_are_the_documented_ones(sleepstudy: Report) -> None:
    content = json.loads(json_text(report_json(sleepstudy)))
    assert list(content) == KEYS
    assert list(report_json(sleepstudy, fitted=True)) == [*KEYS, "rows_used", "fitted"]
    assert list(content["fixed_effects"][0]) == ["term", "level", "estimate", "se", "df", "t", "p", "ci_low", "ci_high"]
    assert list(content["random_effects"][0]) == [
        "group", "terms", "levels", "mode", "cond_sd", "pred_error_sd", "total", "total_se",
    ]  # fmt: skip


def test_sleepstudy_agrees_with_lme4(sleepstudy: Report) -> None:
    content = report_json(sleepstudy, fitted=True)
    assert (content["nobs"], content["n_groups"], content["method"], content["singular"]) == (180, {"Subject": 18}, "REML", False)
    # Absolute 1e-6 for criteria, 1e-6 of the standard error for coefficients, 1e-5 relative for SDs and theta:
    # what the polished reference is good for.
    assert content["criterion"] == pytest.approx(1743.628271958492, abs=1e-6)
    assert content["AIC"] == pytest.approx(1755.628271958492, abs=1e-6)
    intercept, days = content["fixed_effects"]
    assert (intercept["term"], days["term"]) == ("(Intercept)", "Days")
    assert intercept["estimate"] == pytest.approx(251.405104848485, abs=6.8e-6)
    assert (days["estimate"], days["se"]) == pytest.approx((10.467285959596, 1.545788896), abs=1.5e-6)
    assert days["df"] == pytest.approx(17.0, rel=1e-3)
    assert list(content["theta"]) == ["Subject.(Intercept)", "Subject.Days.(Intercept)", "Subject.Days"]
    assert list(content["theta"].values()) == pytest.approx([0.966732951, 0.015169054, 0.230909595], rel=1e-5)
    component = content["variance_components"]["components"][0]
    assert component["sd"] == pytest.approx({"(Intercept)": 24.7404514, "Days": 5.9221331}, rel=1e-5)
    assert component["corr"]["values"][1][0] == pytest.approx(0.0655513, abs=1e-4)
    assert content["variance_components"]["residual_sd"] == content["sigma"] == pytest.approx(25.5918156, rel=1e-5)
    groups = content["random_effects"][0]
    assert groups["levels"][0] == "308" and groups["mode"][0] == pytest.approx([2.2585655, 9.1989719], rel=1e-5)
    assert np.shape(groups["total_se"]) == (18, 2)
    assert content["rows_used"] == list(range(1, 181)) and len(content["fitted"]) == 180


def test_nested_groups_bear_lme4s_names(pastes: Report) -> None:
    content = report_json(pastes)
    assert content["n_groups"] == {"cask:batch": 30, "batch": 10}
    assert content["theta"] == pytest.approx({"cask:batch.(Intercept)": 3.5269018, "batch.(Intercept)": 1.5634603}, rel=1e-5)
    assert list(content["theta"]) == ["cask:batch.(Intercept)", "batch.(Intercept)"]
    assert {entry["group"] for entry in content["random_effects"]} == {"cask:batch", "batch"}
    assert content["r2_icc"]["icc_adjusted"] == pytest.approx(0.937041363679837, rel=1e-6)
    assert all(component["corr"] is None for component in content["variance_components"]["components"])


def test_what_is_not_available_is_null() -> None:
    assert [number(value) for value in (1.5, math.nan, math.inf)] == [1.5, None, None]
    assert numbers(np.array([[1.0, np.nan], [np.inf, 2.0]])) == [[1.0, None], [None, 2.0]]


def test_every_number_reads_back_as_the_same_bits(sleepstudy: Report) -> None:
    content = report_json(sleepstudy, fitted=True)
    assert json.loads(json_text(content)) == content
