"""Contrasts, joint tests against lmerTest and pbkrtest, corrections for many tests, and the studentized range."""

from __future__ import annotations

import numpy as np
import pytest

from mlgui.engine.contrasts import ContrastEstimates, adjusted_p, contrast_estimates, independent_rows, intervals, joint_test
from mlgui.engine.fit import fit
from mlgui.engine.studentized_range import range_p_value, range_quantile
from tests.engine.problems import sleepstudy
from tests.reference.arrays import case_arrays
from tests.reference.files import load_case


@pytest.mark.parametrize("df", [2.0, 5.5, 42.0, 2000.0, np.inf])
@pytest.mark.parametrize("k", [2, 3, 6, 20])
def test_studentized_range(k: int, df: float) -> None:
    from scipy.stats import studentized_range

    for q in (0.5, 2.0, 3.5, 6.0):
        # scipy integrates adaptively to about 1e-9 (k = 2 has a closed form, which both should meet)
        assert range_p_value(q, k, df) == pytest.approx(float(studentized_range.sf(q, k, df)), abs=3e-8)
    assert range_p_value(range_quantile(0.95, k, df), k, df) == pytest.approx(0.05, rel=1e-8)


def test_far_tail_of_the_range_keeps_its_digits() -> None:
    far = range_p_value(30.0, 4, 60.0)
    assert 0 < far < 1e-20
    assert np.isnan(range_p_value(np.nan, 3, 10)) and np.isnan(range_quantile(0.95, 3, np.nan))
    # published tables: q(0.95; 3, 10) = 3.877
    assert range_quantile(0.95, 3, 10) == pytest.approx(3.877, abs=5e-4)


def five(t: list[float], df: float = np.inf) -> ContrastEstimates:
    return ContrastEstimates(estimate=np.array(t), se=np.ones(len(t)), df=np.full(len(t), df))


def test_corrections() -> None:
    tests = five([2.6, 1.0, 3.0, 0.0])
    p = tests.p
    np.testing.assert_allclose(adjusted_p(tests, "bonferroni"), np.minimum(4 * p, 1))
    np.testing.assert_allclose(adjusted_p(tests, "sidak"), 1 - (1 - p) ** 4, rtol=1e-12)
    np.testing.assert_allclose(adjusted_p(tests, "holm"), [3 * p[0], 2 * p[1], 4 * p[2], 1.0])
    assert np.array_equal(adjusted_p(tests, "none"), p)
    with_nan = five([2.6, np.nan, 3.0])
    np.testing.assert_allclose(adjusted_p(with_nan, "holm"), [p[0], np.nan, 2 * p[2]])
    assert adjusted_p(five([9.0]), "sidak")[0] == pytest.approx(five([9.0]).p[0], rel=1e-6)


def test_intervals_match_their_tests() -> None:
    for adjustment in ("none", "bonferroni", "sidak", "tukey"):
        tests = five([2.6, 1.0, 3.0], df=12.0)
        low, _ = intervals(tests, 0.95, adjustment, n_means=3)
        at_limit = ContrastEstimates(estimate=tests.estimate - low, se=tests.se, df=tests.df)
        # a difference as large as half the interval is exactly significant
        np.testing.assert_allclose(adjusted_p(at_limit, adjustment, n_means=3), 0.05, rtol=1e-6)
    holm, bonferroni = intervals(tests, 0.95, "holm"), intervals(tests, 0.95, "bonferroni")
    assert np.array_equal(holm, bonferroni)


def test_a_combination_of_nothing_has_no_test() -> None:
    found = contrast_estimates(fit(sleepstudy()), np.zeros((1, 2)))
    assert found.estimate[0] == 0 and np.isnan(found.t[0]) and np.isnan(found.df[0]) and np.isnan(found.p[0])


def test_independent_rows() -> None:
    rows = independent_rows(np.array([[1.0, 0, 0], [1e6, 0, 1e6], [0, 0, 1]]))
    assert rows.shape == (2, 3)


@pytest.mark.parametrize("method", ["satterthwaite", "kenward-roger"])
def test_joint_test_of_an_interaction(method: str) -> None:
    results = load_case("p13_cake_factorial")["results"]
    name = "anova_typeIII_satterthwaite" if method == "satterthwaite" else "anova_typeIII_kenward_roger"
    row = next(one for one in results[name] if one["row"] == "recipe:temperature")
    estimates = fit(case_arrays("p13_cake_factorial").problem)
    terms = [one["term"] for one in results["fixed_effects"]]
    contrasts = np.eye(len(terms))[[place for place, term in enumerate(terms) if term.count(":")]]
    found = joint_test(estimates, contrasts, method)
    assert found.numerator == row["NumDF"]
    # lmerTest differentiates numerically
    assert found.denominator == pytest.approx(row["DenDF"], rel=1e-3)
    assert found.f == pytest.approx(row["F value"], rel=1e-5)
    assert found.p == pytest.approx(row["Pr(>F)"], rel=1e-3)


def test_joint_test_of_one_is_its_t_test() -> None:
    estimates = fit(sleepstudy())
    contrast = np.array([[0.0, 1.0]])
    for method in ("satterthwaite", "kenward-roger", "asymptotic"):
        single, joint = contrast_estimates(estimates, contrast, method), joint_test(estimates, contrast, method)
        assert joint.f == pytest.approx(single.t[0] ** 2, rel=1e-9)
        assert joint.p == pytest.approx(single.p[0], rel=1e-6)


def test_small_df_of_a_joint_test() -> None:
    estimates = fit(case_arrays("p19_oxide_nested").problem)
    assert joint_test(estimates, np.eye(2)).denominator >= 2
