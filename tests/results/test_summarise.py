"""The report against the reference fits: coefficients, variances, groups, shares."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from mlgui.progress import Step
from mlgui.results.summarise import summarise
from tests.reference.files import load_case
from tests.results.models import case_report, hsb, hsb_means

CASES = (
    "p01_sleepstudy_slope_reml",
    "p03_sleepstudy_uncorrelated",
    "p04_sleepstudy_slope_only",
    "p08_dyestuff_ml",
    "p09_dyestuff2_singular",
    "p10_penicillin_crossed",
    "p11_pastes_nested_slash",
    "p13_cake_factorial",
    "p16_orthodont_no_intercept",
    "p17_orthodont_rank_deficient",
    "p21_hsb_cross_level",
    "p25_contraception_factor_slope",
    "p27_sleepstudy_offset",
    "p28_sleepstudy_missing",
    "p35_hsb_sector_slopes",
)
"""One case per structure; all of them are fitted in the tests of the engine."""


def expected(name: str) -> dict[str, Any]:
    results: dict[str, Any] = load_case(name)["results"]
    return results


@pytest.mark.parametrize("name", CASES)
def test_fixed_effects_agree(name: str) -> None:
    report, results = case_report(name), expected(name)
    found = {effect.name: effect for effect in report.fixed}
    # Fits on the boundary are flat: their criterion is known to 1e-5, their coefficients to about 1e-5 standard errors.
    loose = 1e-4 if results["singular"] else 2e-6
    for row in results["fixed_effects"]:
        effect = found[row["term"]]
        assert effect.estimate == pytest.approx(row["estimate"], abs=loose * row["se"])
        assert effect.se == pytest.approx(row["se"], rel=1e-4 if results["singular"] else 1e-5)
        if not results["singular"]:
            # lmerTest differentiates numerically: its df hold three digits.
            assert effect.df == pytest.approx(row["df_satterthwaite"], rel=1e-3)
            assert effect.low == pytest.approx(row["ci95_satt_lo"], abs=1e-3 * row["se"])
    assert [effect.name for effect in report.fixed if not effect.estimable] == results["dropped_columns"]
    assert report.estimates.singular == results["singular"]


@pytest.mark.parametrize("name", CASES)
def test_variance_components_are_listed_as_lme4_does(name: str) -> None:
    report, components = case_report(name), expected(name)["variance_components"]
    listed = components["components"]
    assert [component.grouping for component in report.variance] == [row["group"] for row in listed]
    for component, row in zip(report.variance, listed, strict=True):
        assert list(component.names) == row["terms"]
        wanted = np.array([row["sd"][term] for term in row["terms"]])
        # SDs hold 1e-5; a fit on the boundary is flat in them and holds 1e-3.
        np.testing.assert_allclose(component.sd, wanted, rtol=1e-3 if expected(name)["singular"] else 2e-5, atol=1e-9)
    assert report.sigma == pytest.approx(components["residual_sd"], rel=1e-5)


@pytest.mark.parametrize("name", CASES)
def test_group_effects_agree(name: str) -> None:
    report, results = case_report(name), expected(name)
    singular = results["singular"]
    for groups in report.groups:
        (row,) = [row for row in results["random_effects"] if row["group"] == groups.grouping]
        place = {level: j for j, level in enumerate(groups.levels)}
        rows = [place[str(level)] for level in row["levels"]]
        columns = [groups.names.index(term) for term in row["terms"]]
        size = np.array(row["cond_sd"])
        # Modes hold 1e-5 of their SD in the references; boundary fits are flat and hold less.
        slack = (1e-3 if singular else 1e-4) * np.maximum(size, 1e-6)
        assert np.all(np.abs(groups.deviation[np.ix_(rows, columns)] - np.array(row["mode"])) <= slack + 1e-9)
        np.testing.assert_allclose(groups.cond_sd[np.ix_(rows, columns)], size, rtol=2e-3 if singular else 1e-4, atol=1e-9)
        np.testing.assert_allclose(
            groups.pred_error_sd[np.ix_(rows, columns)], row["pred_error_sd"], rtol=2e-3 if singular else 1e-4, atol=1e-9
        )


@pytest.mark.parametrize("name", CASES)
def test_prediction_and_pulls_add_up(name: str) -> None:
    for groups in case_report(name).groups:
        np.testing.assert_allclose(groups.total, groups.prediction + groups.deviation)
        known = np.isfinite(groups.own).all(axis=1)
        whole = groups.prediction + groups.pulls.sum(axis=2)
        # Exact algebra; what is left is rounding of the normal equations of a group.
        np.testing.assert_allclose(whole[known], groups.total[known], rtol=1e-7, atol=1e-8)
        resolved = groups.resolved[np.isfinite(groups.resolved)]
        assert np.all((resolved >= 0) & (resolved <= 1))


@pytest.mark.parametrize("name", CASES)
def test_shares_agree(name: str) -> None:
    shares, wanted = case_report(name).shares, expected(name)["r2_icc"]["from_definition"]
    for key in ("r2_marginal", "r2_conditional", "icc_adjusted", "icc_unadjusted"):
        # Shares are smooth in the variances; those of flat boundary fits hold 1e-3.
        assert getattr(shares, key) == pytest.approx(wanted[key], rel=1e-4, abs=1e-4 if expected(name)["singular"] else 1e-7), key


def test_the_screen_of_model_1() -> None:
    report = hsb()
    rows = {effect.name: effect for effect in report.fixed}
    shown = {name: (round(row.estimate, 2), round(row.se, 2)) for name, row in rows.items()}
    assert shown == {
        "(Intercept)": (11.75, 0.23), "SES": (2.96, 0.14), "SectorCatholic": (2.13, 0.35), "SES:SectorCatholic": (-1.31, 0.22),
    }  # fmt: skip
    assert [round(row.df) for row in report.fixed] == [152, 1358, 145, 1398]
    assert rows["(Intercept)"].given_zero
    (component,) = report.variance
    assert [round(float(sd), 2) for sd in component.sd] == [1.95, 0.28]
    assert component.correlation is not None
    assert component.correlation[0, 1] == pytest.approx(1.0)
    assert component.boundary == "correlation +1"
    assert round(report.sigma, 2) == 6.07
    assert (round(report.shares.r2_marginal, 2), round(report.shares.r2_conditional, 2)) == (0.12, 0.20)
    assert report.shares.empty_icc is not None
    assert round(report.shares.empty_icc[0][1], 2) == 0.18
    assert round(report.criterion, 1) == 46569.1
    assert report.n_parameters == 8


def test_the_school_of_the_screens() -> None:
    groups = hsb().groups[0]
    j = groups.levels.index("8367")
    assert groups.sizes[j] == 14
    assert round(groups.own[j, 0], 2) == 4.55
    assert round(groups.prediction[j, 0], 2) == 11.75
    assert [round(pull, 2) for pull in groups.pulls[j, 0]] == [-4.24, -0.16]
    assert round(groups.total[j, 0], 2) == 7.35


def test_the_complete_pooling_line_of_the_screens() -> None:
    ignoring, none = hsb().pooled
    assert (ignoring.label, none.label) == ("ignoring schools", "no variation between schools")
    assert ignoring.names == ("(Intercept)", "SES")
    assert round(ignoring.estimates[0], 1) == 12.7
    assert len(none.names) == 4


def test_standard_errors_of_totals_match_the_joint_covariance() -> None:
    """Henderson's equations solved densely give Var(c'beta + b - b_true) of a small model."""
    report = case_report("p01_sleepstudy_slope_reml")
    problem, effects, sigma = report.design.problem, report.estimates.groups[0], report.sigma
    group = problem.groupings[0]
    q, j = group.z.shape[1], group.n_groups
    z = np.zeros((problem.n, q * j))
    for column in range(q):
        z[np.arange(problem.n), group.codes * q + column] = group.z[:, column]
    penalty = np.kron(np.eye(j), np.linalg.inv(effects.covariance / sigma**2))
    left = np.block([[problem.x.T @ problem.x, problem.x.T @ z], [z.T @ problem.x, z.T @ z + penalty]])
    joint = sigma**2 * np.linalg.inv(left)
    p = problem.x.shape[1]
    for level in range(j):
        for a in range(q):
            contrast = np.zeros(p + q * j)
            contrast[a] = contrast[p + level * q + a] = 1.0
            # Two routes through the same algebra; the dense inverse of a 38 x 38 matrix keeps ten digits.
            assert report.groups[0].total_se[level, a] == pytest.approx(np.sqrt(contrast @ joint @ contrast), rel=1e-7)


def test_weights_enter_the_residual_variance_as_their_mean_inverse() -> None:
    report = case_report("p26_cbpp_weights")
    weights = report.design.problem.weights
    assert weights is not None
    assert report.shares.var_residual == pytest.approx(report.sigma**2 * np.mean(1 / weights))
    assert "weight" in report.shares.definition


def test_comparators_wait_until_they_are_asked_for() -> None:
    report = hsb()
    steps: list[Step] = []
    live = summarise(report.design, report.estimates, comparators=False, on_step=steps.append)
    assert live.no_pooling == () and live.separate == ()
    assert len(report.no_pooling) == 1 and len(report.separate) == 1
    assert len(steps) == 1


def test_more_variance_is_explained_by_the_second_model() -> None:
    before, after = hsb().variance[0].sd, hsb_means().variance[0].sd
    assert [round(float(sd), 2) for sd in after] == [1.55, 0.12]
    assert 1 - after[0] ** 2 / before[0] ** 2 == pytest.approx(0.37, abs=0.005)
