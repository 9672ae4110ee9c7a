"""The SD of each batch of coefficients, as a table and as a figure."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mlgui.engine.draws import draw
from mlgui.results.anova import batches, batches_table
from mlgui.results.figures.anova import anova_figure
from mlgui.results.report import Report
from tests.results.models import case_report, fitted, load_table

FEW = 500


def test_batches_of_groups_lie_near_the_sds_of_the_model() -> None:
    for name in ("p01_sleepstudy_slope_reml", "p10_penicillin_crossed", "p26_cbpp_weights"):
        report = case_report(name)
        found = [batch for batch in batches(report, draw(report.estimates, FEW)) if batch.part != "average"]
        model = [float(np.sqrt(one.covariance[a, a])) for one in report.estimates.groups for a in range(len(one.covariance))]
        for batch, sd in zip(found, [*model, report.sigma], strict=True):
            assert batch.low <= batch.half_low <= batch.median <= batch.half_high <= batch.high
            assert batch.median == pytest.approx(sd, rel=0.35)  # the sample at hand is not the population
        assert found[-1].count == report.n


def test_categories_have_the_sds_of_the_analysis_of_variance() -> None:
    """In a balanced table the effects are those of means of rows, whatever the coding: 3 recipes at 6 temperatures."""
    report = fitted("angle ~ recipe * temperature + (1 | recipe:replicate)", "cake.csv")
    at_estimate = replace(draw(report.estimates, 1), beta=np.nan_to_num(report.estimates.beta)[None])
    found = {batch.name: batch for batch in batches(report, at_estimate)}
    table = load_table("cake.csv")
    recipe, temperature = (np.asarray(table[name].values) for name in ("recipe", "temperature"))
    angle = np.asarray(table["angle"].values, dtype=float)
    levels = [np.unique(recipe), np.unique(temperature)]
    cells = np.array([[angle[(recipe == r) & (temperature == t)].mean() for t in levels[1]] for r in levels[0]])
    mains = cells.mean(axis=1) - cells.mean(), cells.mean(axis=0) - cells.mean()
    both = cells - cells.mean() - mains[0][:, None] - mains[1][None]
    for name, effects, degrees in (
        ("recipe", mains[0], 2), ("temperature", mains[1], 5), ("recipe:temperature", both, 10)
    ):  # fmt: skip
        assert found[name].median == pytest.approx(np.sqrt((effects**2).sum() / degrees), rel=1e-9), name
        assert found[name].count == effects.size


def test_numbers_are_batches_of_one() -> None:
    report = fitted("Reaction ~ Days + I(Days^2) + (1 | Subject)", "sleepstudy.csv")
    at_estimate = replace(draw(report.estimates, 1), beta=report.estimates.beta[None])
    found = {batch.name: batch for batch in batches(report, at_estimate)}
    x, beta = report.design.problem.x, report.estimates.beta
    assert found["I(Days^2)"].median == pytest.approx(abs(beta[2]) * x[:, 2].std(ddof=1), rel=1e-9)
    # the slope of the curve at the mean of Days, 4.5
    assert found["Days"].median == pytest.approx(abs(beta[1] + 9 * beta[2]) * x[:, 1].std(ddof=1), rel=1e-6)
    assert found["Days"].count == 1


def test_table_and_figure() -> None:
    report: Report = fitted("MathAch ~ SES * Sector + (1 | School)", "hsb.csv")
    found = batches(report, draw(report.estimates, 50))
    table = batches_table(found)
    assert list(table.columns[0].cells) == ["SES", "Sector", "Intercept by School", "Residuals"]
    figure = anova_figure(found, report.design.outcome_label)
    assert "Residuals" in figure.alt and len(figure.panels[0].layers) == 1 + 3 * len(found)
