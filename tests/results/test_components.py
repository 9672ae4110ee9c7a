"""Principal components of what varies, and what a prediction is worth in rows."""

from __future__ import annotations

import numpy as np
import pytest

from mlgui.results.components import components_table, principal_components, worth_in_rows, worth_table
from tests.results.models import case_report, fitted


def test_components_rebuild_the_covariance() -> None:
    report = fitted("Reaction ~ Days + (Days | Subject)", "sleepstudy.csv")
    found = principal_components(report, "Subject")
    rebuilt = sum(one.sd**2 * np.outer(one.loadings, one.loadings) for one in found)
    np.testing.assert_allclose(rebuilt, report.estimates.groups[0].covariance, rtol=1e-10)
    assert found[0].sd > found[1].sd and sum(one.share for one in found) == pytest.approx(1) and not found[1].degenerate
    assert components_table(report, "Subject").n_rows == 2


def test_blocks_stand_by_themselves() -> None:
    report = fitted("Reaction ~ Days + (Days || Subject)", "sleepstudy.csv")
    found = principal_components(report, "Subject")
    assert [one.loadings.tolist() for one in found] == [[1, 0], [0, 1]] and [one.share for one in found] == [1, 1]


def test_which_direction_is_degenerate() -> None:
    """Cross-level sectors: intercept and slope vary in lockstep, one combination of both is the same in all schools."""
    report = case_report("p36_hsb_sector_meanses")
    boundary = report.estimates.singular
    found = principal_components(report, report.groups[0].grouping)
    assert boundary == any(one.degenerate for one in found)
    for one in found:
        along = one.loadings @ report.estimates.groups[0].covariance @ one.loadings
        assert not one.degenerate or along == pytest.approx(0, abs=1e-6)
    zero = case_report("p09_dyestuff2_singular")
    (only,) = principal_components(zero, "Batch")
    assert only.degenerate and only.sd == 0 and np.isnan(only.share)


def test_worth_in_rows_is_where_pooling_is_half() -> None:
    report = case_report("p07_dyestuff_reml")
    (worth,) = worth_in_rows(report, "Batch")
    resolved = report.groups[0].resolved[0, 0]  # n / (n + sigma^2 / sigma_alpha^2) of 5 rows
    assert resolved == pytest.approx(5 / (5 + worth), rel=1e-9)
    assert worth_in_rows(case_report("p09_dyestuff2_singular"), "Batch")[0] == np.inf
    assert worth_table(report, "Batch").columns[1].cells == [pytest.approx(worth)]
