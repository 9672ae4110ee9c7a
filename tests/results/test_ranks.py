"""Ranks and finite-population SDs with names."""

from __future__ import annotations

import numpy as np
import pytest

from mlgui.engine.draws import draw
from mlgui.results.ranks import batches, ranks, total_draws
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


def test_batches_lie_near_the_sds_of_the_model() -> None:
    for name in ("p01_sleepstudy_slope_reml", "p10_penicillin_crossed", "p26_cbpp_weights"):
        report = case_report(name)
        found = batches(report, draw(report.estimates, 500))
        model = [float(np.sqrt(one.covariance[a, a])) for one in report.estimates.groups for a in range(len(one.covariance))]
        for batch, sd in zip(found, [*model, report.sigma], strict=True):
            assert batch.low <= batch.median <= batch.high
            assert batch.median == pytest.approx(sd, rel=0.35)  # the sample at hand is not the population
        assert found[-1].count == report.n
