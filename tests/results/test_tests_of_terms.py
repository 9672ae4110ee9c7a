"""F tests against lmerTest, joint tests and contrasts against what they are by definition."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mlgui.design.build import build
from mlgui.engine.fit import fit
from mlgui.engine.kenward_roger import KenwardRogerRefused
from mlgui.results.tests_of_terms import Denominator, FixedTests, f_p_value, f_table, f_tests
from mlgui.spec.formula import parse
from mlgui.spec.model import Coding, Contrast
from tests.reference.files import CASES, load_case
from tests.reference.pipeline import table_of
from tests.results.fits import fitted, model

KEYS = {
    "anova_typeIII_satterthwaite": (3, Denominator.SATTERTHWAITE),
    "anova_typeII_satterthwaite": (2, Denominator.SATTERTHWAITE),
    "anova_typeIII_kenward_roger": (3, Denominator.KENWARD_ROGER),
}
WITH_TABLES = [(name, key) for name in CASES for key in KEYS if load_case(name)["results"].get(key)]


@pytest.mark.parametrize(("name", "key"), WITH_TABLES)
def test_lmertest(name: str, key: str) -> None:
    design, estimates = fitted(name)
    kind, denominator = KEYS[key]
    found = {one.name: one for one in f_tests(design, estimates, kind=kind, denominator=denominator)}
    expected = load_case(name)["results"][key]
    assert set(found) == {row["row"] for row in expected}
    # p35 and p36 stop a little short of correlation +1
    close = 1e-5 if name.startswith(("p35", "p36")) else 1e-6
    for row in expected:
        one = found[row["row"]]
        if row["F value"] is None:
            assert one.numerator == 0
            assert np.isnan([one.statistic, one.denominator, one.p]).all()
            continue
        assert one.numerator == row["NumDF"]
        assert one.statistic == pytest.approx(row["F value"], rel=close)
        assert one.mean_square == pytest.approx(row["Mean Sq"], rel=close)
        # lmerTest differentiates numerically for Satterthwaite, and not for Kenward-Roger
        df_close = 1e-7 if denominator is Denominator.KENWARD_ROGER else 1e-3
        assert one.denominator == pytest.approx(row["DenDF"], rel=df_close)
        assert one.p == pytest.approx(row["Pr(>F)"], rel=1e-3 + abs(np.log(max(row["Pr(>F)"], 1e-300))) * 1e-4, abs=1e-300)


@pytest.mark.parametrize("kind", [2, 3])
def test_coding_does_not_matter(kind: int) -> None:
    table = table_of("cake.csv")
    plain = build(parse("angle ~ recipe * temperature + (1 | recipe:replicate)", columns=table.names), table)
    sums = tuple(Coding(column=name, contrast=Contrast.SUM) for name in ("recipe", "temperature"))
    other = Coding(column="recipe", reference=plain.table["recipe"].levels[-1])
    expected = f_tests(plain, fit(plain.problem), kind=kind)
    for codings in (sums, (other,)):
        design = build(replace(plain.spec, codings=codings), table)
        for one, mine in zip(f_tests(design, fit(design.problem), kind=kind), expected):
            assert one.statistic == pytest.approx(mine.statistic, rel=1e-7)
            assert one.denominator == pytest.approx(mine.denominator, rel=1e-5)


def test_combinations_that_do_not_occur_leave_main_effects_of_type_three_unknown() -> None:
    table = table_of("cake.csv")
    recipe, temperature = table["recipe"], table["temperature"]
    cell = (np.asarray(recipe.values) == 0) & (np.asarray(temperature.values) == 0)
    angle = replace(table["angle"], values=np.where(cell, np.nan, table["angle"].values))
    design, estimates = model("angle ~ recipe * temperature + (1 | replicate)", table.with_column(angle))
    assert len(estimates.dropped) == 1
    three = {one.name: one for one in f_tests(design, estimates)}
    assert three["recipe"].numerator == three["temperature"].numerator == 0
    two = {one.name: one for one in f_tests(design, estimates, kind=2)}
    assert (two["recipe"].numerator, two["temperature"].numerator, two["recipe:temperature"].numerator) == (2, 5, 9)


def test_one_coefficient_is_its_t_test() -> None:
    design, estimates = fitted("p15_orthodont_interaction")
    for denominator in Denominator:
        tests = FixedTests(estimates, denominator)
        for weights in (np.eye(4)[1], np.array([0.0, 1.0, 0.0, 0.5])):
            one, joint = tests.contrast(weights), tests.joint(weights[None])
            assert joint.statistic == pytest.approx(one.t**2, rel=1e-9)
            assert joint.numerator == 1
            assert joint.denominator == pytest.approx(one.df, rel=1e-9)
            assert joint.p == pytest.approx(one.p, rel=1e-8)
            assert one.low < one.estimate < one.high
    assert len(f_tests(design, estimates)) == 3


def test_average_slope_of_both_sexes() -> None:
    _, estimates = fitted("p15_orthodont_interaction")
    found = FixedTests(estimates).contrast(np.array([0.0, 1.0, 0.0, 0.5]))
    beta, vcov = estimates.beta, estimates.vcov
    assert found.estimate == pytest.approx(beta[1] + beta[3] / 2, rel=1e-12)
    assert found.se == pytest.approx(np.sqrt(vcov[1, 1] + vcov[1, 3] + vcov[3, 3] / 4), rel=1e-12)


def test_dependent_rows_count_once() -> None:
    _, estimates = fitted("p13_cake_factorial")
    rows = np.eye(len(estimates.beta))[1:3]
    for denominator in Denominator:
        tests = FixedTests(estimates, denominator)
        one, twice = tests.joint(rows), tests.joint(np.vstack([rows, rows[0] - 1e6 * rows[1]]))
        assert twice.numerator == 2
        assert twice.statistic == pytest.approx(one.statistic, rel=1e-6)


def test_nothing_to_test_and_dropped_coefficients() -> None:
    _, estimates = fitted("p17_orthodont_rank_deficient")
    tests = FixedTests(estimates)
    weights = np.zeros(4)
    assert tests.joint(weights[None]).numerator == 0
    assert np.isnan(tests.contrast(weights).estimate)
    weights[estimates.dropped[0]] = 1.0
    assert np.isnan(tests.joint(weights[None]).p)
    assert np.isnan(tests.contrast(weights).p)


def test_infinite_denominator_is_chi_square() -> None:
    assert f_p_value(3.0, 2, np.inf) == pytest.approx(np.exp(-3.0), rel=1e-12)
    assert f_p_value(3.0, 2, 1e9) == pytest.approx(np.exp(-3.0), rel=1e-6)


def test_table() -> None:
    design, estimates = fitted("p21_hsb_cross_level")
    table = f_table(design, estimates, kind=2)
    assert [column.key for column in table.columns] == ["term", "f", "df1", "df2", "p"]
    assert list(table.columns[0].cells) == ["MEANSES", "CSES", "Sector", "MEANSES:CSES", "CSES:Sector"]
    assert "Satterthwaite" in table.note
    small = fitted("p01_sleepstudy_slope_reml")
    assert "Kenward" in f_table(*small, denominator=Denominator.KENWARD_ROGER).note


def test_kenward_roger_of_maximum_likelihood_is_refused() -> None:
    with pytest.raises(KenwardRogerRefused):
        f_tests(*fitted("p02_sleepstudy_slope_ml"), denominator=Denominator.KENWARD_ROGER)
