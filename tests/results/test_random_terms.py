"""Likelihood-ratio tests against lmerTest::ranova and anova of lme4."""

from __future__ import annotations

import re

import pytest
from scipy.special import chdtrc

from mlgui.data.table import Table
from mlgui.errors import Cancelled
from mlgui.results.compare import compare
from mlgui.results.likelihood_ratio import LikelihoodRatio, NullDistribution, likelihood_ratio
from mlgui.results.nesting import added_beside
from mlgui.results.random_terms import random_term_tests, random_terms_table, reductions
from tests.reference.files import CASES, load_case
from tests.reference.pipeline import table_of
from tests.results.fits import fitted, model
from tests.results.models import report_of

# ranova tests `(0 + Days | Subject)` against `(1 | Subject)`, which is not nested in it
NOT_NESTED = {"p04_sleepstudy_slope_only"}
WITH_RANOVA = [name for name in CASES if load_case(name)["results"].get("ranova") and name not in NOT_NESTED]
COMPARISONS = [(name, place) for name in CASES for place in range(len(load_case(name)["results"].get("lrt") or []))]


@pytest.mark.parametrize("name", WITH_RANOVA)
def test_ranova(name: str) -> None:
    design, estimates = fitted(name)
    found = random_term_tests(design, estimates)
    expected = [row for row in load_case(name)["results"]["ranova"] if row["LRT"] is not None]
    assert len(found) == len(expected)
    # a restricted likelihood loses digits of both fits; p35 and p36 stop short of the boundary
    close = 1e-5 if name.startswith(("p35", "p36", "p2")) else 2e-6
    for one, row in zip(sorted(found, key=lambda one: one.statistic), sorted(expected, key=lambda row: row["LRT"])):
        assert one.statistic == pytest.approx(row["LRT"], abs=close)
        assert one.df == row["Df"]
        assert one.p_chi_square == pytest.approx(row["p"], rel=1e-5)
        assert one.p <= one.p_chi_square
        assert one.smaller.log_likelihood == pytest.approx(row["logLik"], abs=close)
        assert one.smaller.aic == pytest.approx(row["AIC"], abs=close)


@pytest.mark.parametrize(("name", "place"), COMPARISONS)
def test_anova_of_models_refitted_by_maximum_likelihood(name: str, place: int) -> None:
    case = load_case(name)
    row = case["results"]["lrt"][place]
    table = table_of(case["data"])
    found = by_ml([row[key] for key in ("alternative", "null")], table)
    assert found.statistic == pytest.approx(row["chisq"], abs=1e-5)
    assert found.df == row["df"]
    assert found.p_chi_square == pytest.approx(row["p"], rel=1e-5)
    random = [re.findall(r"\([^()]*\|[^()]*\)", row[key]) for key in ("alternative", "null")]
    assert (found.null is NullDistribution.CHI_SQUARE) == (random[0] == random[1])


def by_ml(formulas: list[str], table: Table) -> LikelihoodRatio:
    """The test of two models, the first fitted by maximum likelihood."""
    (test,) = compare([report_of(one, table, reml=place > 0, comparators=False) for place, one in enumerate(formulas)]).tests
    return test.ratio


def test_one_variance_alone_has_half_the_p() -> None:
    (found,) = random_term_tests(*fitted("p07_dyestuff_reml"))
    assert (found.name, found.null) == ("(1 | Batch)", NullDistribution.MIXTURE)
    assert found.p == pytest.approx(found.p_chi_square / 2, rel=1e-12)


def test_zero_variance_has_p_one() -> None:
    (found,) = random_term_tests(*fitted("p09_dyestuff2_singular"))
    assert (found.statistic, found.p, found.df) == (0.0, 1.0, 1)


def test_one_slope_beside_an_intercept_is_a_mixture_of_one_and_two() -> None:
    (found,) = random_term_tests(*fitted("p23_exam_slope"))
    assert (found.name, found.df, found.null) == ("standLRT in (standLRT | school)", 2, NullDistribution.MIXTURE)
    expected = (chdtrc(1, found.statistic) + chdtrc(2, found.statistic)) / 2
    assert found.p == pytest.approx(float(expected), rel=1e-12)


def test_a_zero_variance_elsewhere_leaves_only_a_bound() -> None:
    table = table_of("pastes.csv")
    tests = random_term_tests(*model("strength ~ 1 + (1 | cask) + (1 | sample)", table))
    by_name = {one.name: one for one in tests}
    assert by_name["(1 | sample)"].smaller.singular  # casks a, b, c of different batches have nothing in common
    assert by_name["(1 | sample)"].null is NullDistribution.BOUND
    assert by_name["(1 | sample)"].p == by_name["(1 | sample)"].p_chi_square


def test_several_coefficients_at_once_have_only_a_bound() -> None:
    table = table_of("contraception.csv")
    design, estimates = model("use01 ~ age + livch + (livch | district)", table)
    (found,) = random_term_tests(design, estimates)
    assert (found.name, found.df, found.null) == ("livch in (livch | district)", 9, NullDistribution.BOUND)


def test_slopes_alone_are_left_out_as_a_whole() -> None:
    (found,) = random_term_tests(*fitted("p04_sleepstudy_slope_only"))
    assert (found.name, found.df) == ("Days in (0 + Days | Subject)", 1)
    assert found.smaller.groups == ()


def test_interactions_go_before_their_margins() -> None:
    table = table_of("hsb.csv")
    design, _ = model("MathAch ~ CSES * Minority + (CSES * Minority | School)", table)
    assert [one.name for one in reductions(design)] == ["CSES:Minority in (CSES * Minority | School)"]


def test_simulation_where_chi_square_does_not_hold() -> None:
    (found,) = random_term_tests(*fitted("p07_dyestuff_reml"))
    simulated = found.simulate(2000, seed=3)
    assert simulated.observed == pytest.approx(found.statistic, abs=1e-12)
    # in a balanced one-way layout the test is the F test: p = P(F(5, 24) > 4.598) = 0.0044; the mixture says 0.0058
    assert simulated.p == pytest.approx(0.0044, abs=0.005)


def test_average_terms_of_the_same_random_part() -> None:
    found = by_ml(["Reaction ~ 1 + (Days | Subject)", "Reaction ~ Days + (Days | Subject)"], table_of("sleepstudy.csv"))
    assert (found.null, found.df) == (NullDistribution.CHI_SQUARE, 1)
    assert not found.larger.problem.reml
    same = likelihood_ratio(found.smaller, found.smaller)
    assert (same.statistic, same.df, same.p) == (0.0, 0, 1.0)


@pytest.mark.parametrize(
    ("smaller", "larger", "beside"),
    [
        ("Reaction ~ Days", "Reaction ~ Days + (1 | Subject)", 0),
        ("Reaction ~ Days + (1 | Subject)", "Reaction ~ Days + (Days | Subject)", 1),
        ("Reaction ~ Days + (1 | Subject)", "Reaction ~ Days + (Days || Subject)", 0),
        ("Reaction ~ Days + (Days || Subject)", "Reaction ~ Days + (Days | Subject)", None),
        ("Reaction ~ Days", "Reaction ~ Days + (Days | Subject)", None),
        ("Reaction ~ 1 + (1 | Subject)", "Reaction ~ Days + (Days | Subject)", None),
        ("Reaction ~ Days + (0 + Days | Subject)", "Reaction ~ Days + (Days | Subject)", 1),
        ("Reaction ~ Days + (1 | Subject)", "Reaction ~ Days + (Days + I(Days^2) | Subject)", None),
    ],
)
def test_one_coefficient_more(smaller: str, larger: str, beside: int | None) -> None:
    table = table_of("sleepstudy.csv")
    reports = [report_of(formula, table, comparators=False) for formula in (smaller, larger)]
    assert added_beside(*reports) == beside
    found = compare(reports).tests[0].ratio
    assert (found.null is NullDistribution.MIXTURE) == (beside is not None)
    if found.null is NullDistribution.MIXTURE:
        q = found.df - 1
        tails = [float(chdtrc(df, found.statistic)) if df else 0.0 for df in (q, q + 1)]
        assert found.p == pytest.approx(sum(tails) / 2, rel=1e-12)


def test_table() -> None:
    table = random_terms_table(random_term_tests(*fitted("p10_penicillin_crossed")))
    assert list(table.columns[0].cells) == ["(1 | plate)", "(1 | sample)"]
    assert [column.key for column in table.columns] == ["term", "parameters", "lrt", "p", "null"]


def test_it_can_be_stopped() -> None:
    def stop(done: int, total: int) -> None:
        assert total == 2
        if done == 1:
            raise Cancelled

    with pytest.raises(Cancelled):
        random_term_tests(*fitted("p10_penicillin_crossed"), on_step=stop)
