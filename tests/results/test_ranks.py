"""Ranks and finite-population SDs with names."""

from __future__ import annotations

import numpy as np
import pytest

from mlgui.engine.draws import draw
from mlgui.results.ranks import ranks, total_draws
from tests.results.models import case_report, fitted


def test_totals_scatter_as_their_standard_errors_say() -> None:
    report = fitted("MathAch ~ SES * Sector + (1 | School)", "hsb.csv")
    totals = total_draws(report, draw(report.estimates, 2000), 0)
    groups = report.groups[0]
    # a mean and an SD of 2000 draws
    assert np.abs((totals.mean(axis=0) - groups.total) / groups.total_se).max() < 5 / np.sqrt(2000)
    np.testing.assert_allclose(totals.std(axis=0) / groups.total_se, 1, atol=5 / np.sqrt(4000))


def test_ranks_are_of_totals() -> None:
    report = case_report("p01_sleepstudy_slope_reml")
    found = ranks(report, draw(report.estimates), "Subject", "Days")
    first = int(found.mean.argmin())
    assert found.levels[first] == report.groups[0].levels[int(report.groups[0].total[:, 1].argmax())]
    assert found.low[first] == 1 and (found.low <= found.high).all()
    with pytest.raises(KeyError):
        ranks(report, draw(report.estimates, 10), "Subject", "Other")
