"""Comparators against ordinary regressions made by R."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from mlgui.results.pooled import IGNORING, NO_VARIATION, no_pooling, separate
from mlgui.results.summarise import summarise
from tests.reference.files import load_comparators
from tests.results.models import case_report, fitted, hsb

FORMULA = "MathAch ~ CSES + MEANSES + Sector + (CSES | School)"


def coefficients(fit: dict[str, Any]) -> dict[str, tuple[float, float]]:
    return {row["term"]: (row["estimate"], row["se"]) for row in fit["coefficients"]}


@pytest.mark.parametrize(
    ("key", "name"), [(IGNORING, "complete_pooling"), (NO_VARIATION, "complete_pooling_with_group_predictors")]
)
def test_complete_pooling(key: str, name: str) -> None:
    wanted = load_comparators("hsb")["results"][name]
    pooled = next(pooled for pooled in fitted(FORMULA, "hsb.csv").pooled if pooled.key == key)
    found = dict(zip(pooled.names, zip(pooled.estimates, pooled.ses, strict=True), strict=True))
    assert set(found) == set(coefficients(wanted))
    for term, (estimate, se) in coefficients(wanted).items():
        # Two QR decompositions of the same well-conditioned regression.
        assert found[term] == pytest.approx((estimate, se), rel=1e-8)
    assert pooled.sigma == pytest.approx(wanted["sigma"], rel=1e-10)
    assert pooled.df_residual == wanted["df_residual"]


def test_no_pooling_of_intercepts() -> None:
    wanted = coefficients(load_comparators("hsb")["results"]["no_pooling_intercepts"])
    report = fitted("MathAch ~ CSES + (1 | School)", "hsb.csv")
    fits = no_pooling(report, "School")
    assert fits.common_names == ("CSES",)
    assert fits.common[0] == pytest.approx(wanted["CSES"][0], rel=1e-8)
    for level, estimate in zip(report.groups[0].levels, fits.estimates[:, 0], strict=True):
        assert estimate == pytest.approx(wanted[f"School{level}"][0], rel=1e-8)


def test_cross_level_interactions_are_not_individual() -> None:
    ignoring = next(pooled for pooled in hsb().pooled if pooled.key == IGNORING)
    assert ignoring.names == ("(Intercept)", "SES")


def test_an_interaction_is_cross_level_though_its_group_level_part_stands_alone_nowhere() -> None:
    report = fitted("MathAch ~ SES + SES:Sector + (1 | School)", "hsb.csv")
    assert report.pooled[0].names == ("(Intercept)", "SES")


def test_comparators_are_computed_once_on_demand() -> None:
    report = hsb()
    live = summarise(report.design, report.estimates, comparators=False)
    assert separate(live, "School") is separate(live, "School")
    np.testing.assert_allclose(separate(live, "School").estimates, report.separate[0].estimates)


def test_labels_name_every_grouping_once() -> None:
    assert [pooled.label for pooled in case_report("p11_pastes_nested_slash").pooled] == [
        "ignoring casks and batches",
        "no variation between casks and batches",
    ]
