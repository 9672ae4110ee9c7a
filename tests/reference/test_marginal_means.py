"""Marginal means and their comparisons against emmeans."""

from __future__ import annotations

from typing import Any

import pytest

from mlgui.results.marginal_means import Comparison, marginal_means, pairwise
from tests.reference.files import CASES, load_case
from tests.reference.pipeline import report_of

WITH_MEANS = [
    (name, index)
    for name in CASES
    for index, _ in enumerate(load_case(name)["results"].get("emmeans", ()))
]
METHODS = ("satterthwaite", "kenward-roger", "asymptotic")


def same(found: Comparison, expected: list[dict[str, Any]], key: str) -> None:
    assert len(found.rows) == len(expected)
    for row, wanted in zip(found.rows, expected, strict=True):
        # a millionth of the SE, as the coefficients; lmerTest differentiates numerically, and is then worse for df of ML fits
        assert row.estimate == pytest.approx(wanted[key], abs=2e-6 * wanted["SE"])
        assert row.se == pytest.approx(wanted["SE"], rel=2e-6)
        if wanted["df"] is not None:
            assert row.df == pytest.approx(wanted["df"], rel=1e-3)
        low, high = wanted.get("lower.CL", wanted.get("asymp.LCL")), wanted.get("upper.CL", wanted.get("asymp.UCL"))
        # emmeans takes the studentized range from R's qtukey, good to about 1e-4
        assert (row.low, row.high) == pytest.approx((low, high), abs=5e-4 * wanted["SE"])
        p = wanted["p.value"]
        assert row.p == pytest.approx(p, rel=2e-3, abs=1e-8 if found.adjustment == "tukey" else 1e-15)


@pytest.mark.parametrize(("name", "index"), WITH_MEANS)
def test_emmeans(name: str, index: int) -> None:
    expected = load_case(name)["results"]["emmeans"][index]
    over, _, by = expected["specs"].partition("|")
    report = report_of(name)
    for method in (one for one in METHODS if one in expected):
        wanted = expected[method]
        cells = [tuple(row[key] for key in (*by.split(), over)) for row in wanted["means"]]
        means = marginal_means(report, (*by.split(), over), method=method)
        assert [row.values for row in means.rows] == cells
        same(means, wanted["means"], "emmean")
        same(pairwise(report, [over], by=by.split(), method=method), wanted["pairs_tukey"], "estimate")
        plain = pairwise(report, [over], by=by.split(), method=method, adjustment="none")
        assert [row.p for row in plain.rows] == pytest.approx(wanted["pairs_unadjusted_p"], rel=2e-3, abs=1e-15)
