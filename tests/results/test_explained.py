"""The share of the variance between groups that group-level predictors explain."""

from __future__ import annotations

import numpy as np
import pytest

from mlgui.results.explained import explained, share_explained
from tests.results.models import case_report, fitted, hsb, hsb_means


def test_the_share_is_against_the_same_model_without_the_predictors() -> None:
    report = fitted("MathAch ~ MEANSES * CSES + Sector * CSES + (CSES | School)", "hsb.csv")
    before = fitted("MathAch ~ CSES + (CSES | School)", "hsb.csv")
    found = explained(report, "School")
    # Two fits of the same problem by the same code; the criterion is flat, SDs hold six digits.
    np.testing.assert_allclose([row.before for row in found], before.variance[0].sd, rtol=1e-6)
    np.testing.assert_allclose([row.after for row in found], report.variance[0].sd)
    assert found[0].share == pytest.approx(1 - (found[0].after / found[0].before) ** 2)
    assert found[0].text == f"MEANSES and Sector explain {100 * found[0].share:.0f}\u202f% of the variance of Intercepts αⱼ."


def test_it_is_computed_once() -> None:
    assert explained(hsb(), "School") is explained(hsb(), "School")


def test_the_second_screen_explains_more() -> None:
    first, second = explained(hsb(), "School")[0], explained(hsb_means(), "School")[0]
    assert second.before == pytest.approx(first.before, rel=1e-4)
    assert second.share > first.share > 0


def test_models_without_group_level_predictors_have_nothing_to_explain() -> None:
    assert explained(case_report("p01_sleepstudy_slope_reml"), "Subject") == ()


def test_shares_may_be_negative_and_need_a_variance() -> None:
    assert share_explained(1.0, 1.1) == pytest.approx(-0.21)
    assert np.isnan(share_explained(0.0, 0.5))
