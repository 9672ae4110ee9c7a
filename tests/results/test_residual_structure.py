"""What a report says of a model with a residual structure: intervals of its parameters, predictions, plans."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from mlgui.data.frames import table_from_frame
from mlgui.data.structure import find_structure
from mlgui.data.table import Table
from mlgui.design.build import build
from mlgui.engine.fit import fit
from mlgui.errors import UserError
from mlgui.results.compare import compare
from mlgui.results.intervals import bootstrap_limits, profile_limits, profile_table, replicates_of, wald_limits, wald_table
from mlgui.results.likelihood_ratio import NullDistribution
from mlgui.results.numbers import text_rows
from mlgui.results.power import plan_study
from mlgui.results.predict import predict
from mlgui.results.report import Report
from mlgui.results.residual_structure import residual_table
from mlgui.results.robust import robust_effects
from mlgui.results.scenarios import default_scenario, inputs_of, predict_scenarios
from mlgui.results.summarise import summarise
from mlgui.results.table_builders import tables
from mlgui.spec.formula import parse
from mlgui.spec.residual import parse_residual
from tests.engine.test_residual_nlme import table as frame_of

FORMULA = "y ~ x + visit + (1 | id)"


@cache
def data() -> Table:
    """40 people of two arms at some of 12 visits, with AR(1) residuals of two SDs."""
    return table_from_frame(frame_of("simulated"))


@cache
def fitted(*residual: str, formula: str = FORMULA) -> Report:
    return of_table(data(), *residual, formula=formula)


def of_table(table: Table, *residual: str, formula: str = FORMULA) -> Report:
    spec = replace(parse(formula), residual=parse_residual(residual))
    design = build(spec, table, find_structure(table))
    return summarise(design, fit(design.problem), comparators=False)


def test_every_parameter_of_the_structure_has_an_interval() -> None:
    report = fitted("by:arm", "ar1:id:visit")
    table = residual_table(report)
    assert table is not None
    names, estimates, low, high = (list(column.cells) for column in table.columns)
    assert names == ["SD, a", "SD, b", "correlation at distance 1.0"]
    assert [one.key for one in tables(report)][:3] == ["fixed_effects", "variance_components", "residual"]
    assert all(a < b < c for a, b, c in zip(low, estimates, high, strict=True))
    by_kind = {(one.kind, one.term): one for one in wald_limits(report)}
    ratio = by_kind["sd_ratio", "SD, b over a"]
    assert ratio.low < ratio.estimate < ratio.high and ratio.estimate == pytest.approx(estimates[1] / estimates[0])
    # the interval of the first SD is that of sigma; that of the second is not the product of both
    assert (by_kind["sigma", ""].low, by_kind["sigma", ""].high) == pytest.approx((low[0], high[0]), rel=1e-6)
    shown = wald_table(wald_limits(report))
    assert "Ratio of SDs" in [row[0] for row in text_rows(shown)]


def test_the_interval_of_every_sd_does_not_depend_on_which_level_is_first() -> None:
    report = fitted("by:arm")
    table = residual_table(report)
    levels = data()["arm"]
    flipped = data().with_column(replace(levels, values=1 - np.asarray(levels.values), levels=levels.levels[::-1]))
    other = residual_table(of_table(flipped, "by:arm"))
    assert table is not None and other is not None
    for mine, yours in zip(table.columns[1:], other.columns[1:], strict=True):
        assert list(mine.cells) == pytest.approx(list(yours.cells)[::-1], rel=1e-4)


def test_profiles_and_bootstrap_hold_the_structure() -> None:
    report = fitted("by:arm")
    profile = profile_limits(report)
    assert [one.kind for one in profile] == ["sd_ratio", *["coefficient"] * 3]
    assert "Wald" in profile_table(profile).note
    limits, drawn = bootstrap_limits(report, 12, seed=2)
    assert [one.kind for one in limits] == ["sd", "sigma", *["coefficient"] * 3, "sd_ratio"]
    assert len(replicates_of(report, drawn)) == len(limits) and limits[-1].low < limits[-1].high


def test_predictions_know_the_sd_of_a_level() -> None:
    report = fitted("by:arm")
    found = predict(report, data())
    arms = np.array(["a", "b"])[np.asarray(data()["arm"].values)]
    ratios = report.estimates.residual.sd_ratios
    for place, arm in enumerate("ab"):
        np.testing.assert_allclose(np.sqrt(found.variance.residual[arms == arm]), report.sigma * ratios[place])
    without = predict(report, _without(data(), "arm"))
    mean = np.mean(ratios[np.asarray(data()["arm"].values)] ** 2)
    np.testing.assert_allclose(without.variance.residual, report.sigma**2 * mean)
    np.testing.assert_allclose(without.value, found.value)
    inputs = inputs_of(report)
    bench = predict_scenarios(report, inputs, [default_scenario(report, inputs)])
    assert float(bench.predictions.variance.residual[0]) == pytest.approx(report.sigma**2 * mean)


def _without(table: Table, name: str) -> Table:
    return replace(table, columns=tuple(column for column in table.columns if column.name != name))


def test_a_structure_is_tested_against_none() -> None:
    (test,) = compare([fitted(), fitted("ar1:id:visit")]).tests
    # nlme 3.1-162: anova(lme(y ~ x + visit, random = ~ 1 | id), the same with corAR1): L.Ratio on 1 df
    assert (test.df, test.ratio.null) == (1, NullDistribution.CHI_SQUARE) and test.p < 0.001
    assert test.ratio.simulate(9, seed=1).p == pytest.approx(0.1)


def test_robust_errors_and_plans() -> None:
    report = fitted("ar1:id:visit")
    found = robust_effects(report)
    assert (found.grouping, found.n_clusters) == ("id", 40)
    np.testing.assert_allclose([one.se for one in found.effects], [one.model_se for one in found.effects], rtol=0.5)
    alone = robust_effects(fitted("cs:id", formula="y ~ x + visit"))
    assert (alone.grouping, alone.n_clusters) == ("id", 40)
    theory = plan_study(report, groups=160, replicates=0).power
    np.testing.assert_allclose(theory.se, [one.se / 2 for one in report.fixed], rtol=1e-6)
    simulated = plan_study(report, groups=20, replicates=4, seed=3).power
    assert simulated.fitted == 4 and (simulated.se > np.array([one.se for one in report.fixed])).all()
    with pytest.raises(UserError, match="fewer than 12 rows"):
        plan_study(report, rows=12, replicates=2)
