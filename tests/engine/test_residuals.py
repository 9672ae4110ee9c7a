"""Residuals, leverage and Cook's distance against lme4, and what they are by definition."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mlgui.engine.estimates import Estimates
from mlgui.engine.fit import fit
from mlgui.engine.prediction import fitted_variance, leverages
from mlgui.engine.problem import Problem
from mlgui.engine.residuals import cooks_distances, residuals, studentised
from tests.engine.dense import estimates_at
from tests.engine.problems import structured
from tests.reference.arrays import case_arrays
from tests.reference.files import CASES, load_case

NEAR_BOUNDARY = {"p35_hsb_sector_slopes", "p36_hsb_sector_meanses"}
"""lme4 stops a little short of correlation +1 on these two."""


@pytest.mark.parametrize("name", CASES)
def test_lme4(name: str) -> None:
    expected = load_case(name)["results"]
    arrays = case_arrays(name)
    estimates = fit(arrays.problem)
    in_file = np.searchsorted(np.setdiff1d(np.arange(expected["n_rows_in_file"]), gone(expected)) + 1,
                              expected["rows"]["row_in_file"])  # fmt: skip
    found = residuals(estimates)
    # in units of sigma, as the conditional modes
    close = 1e-3 if name in NEAR_BOUNDARY else 1e-5
    for key, values, scale in (
        ("resid_response", found.response, estimates.sigma),
        ("resid_pearson", found.pearson, estimates.sigma),
        ("resid_scaled", found.scaled, 1.0),
        ("resid_marginal", found.marginal, estimates.sigma),
    ):
        np.testing.assert_allclose(values[in_file], expected["rows"][key], rtol=0, atol=close * scale)
    if "leverage" not in expected["rows"]:  # not made for the large cases
        return
    leverage = leverages(estimates)
    # leverage is at most 1 and moves with theta, which is good to 1e-5; so does its square root
    np.testing.assert_allclose(leverage[in_file], expected["rows"]["leverage"], rtol=0, atol=close / 10)
    assert leverage.sum() == pytest.approx(expected["sum_leverage"], rel=close)
    np.testing.assert_allclose(np.sqrt(fitted_variance(estimates)[in_file]), expected["rows"]["se_fitted_joint"], rtol=close)
    cooks = cooks_distances(estimates, leverage)[in_file]
    np.testing.assert_allclose(cooks, expected["rows"]["cooks_distance_lme4"], rtol=10 * close, atol=1e-9)


def gone(expected: dict[str, list[int]]) -> list[int]:
    return [row - 1 for row in expected["rows_dropped_missing"]]


def with_response(problem: Problem, estimates: Estimates, row: int, by: float) -> Estimates:
    y = problem.y.copy()
    y[row] += by
    return estimates_at(replace(problem, y=y), [one.factor for one in estimates.groups])


def test_leverage_is_how_far_a_fitted_value_follows_its_row() -> None:
    problem = structured("mixed", 1)
    estimates = fit(problem)
    leverage = leverages(estimates)
    for row in (0, 17, 60):
        moved = with_response(problem, estimates, row, 1.0).fitted[row] - estimates.fitted[row]
        assert leverage[row] == pytest.approx(moved, abs=1e-9)  # linear in y: algebra


def test_rows_without_freedom_have_no_distance() -> None:
    estimates = fit(structured("one", 0))
    leverage = np.append(1.0, leverages(estimates)[1:])
    assert np.isnan(cooks_distances(estimates, leverage)[0]) and np.isnan(studentised(estimates, leverage)[0])
    assert np.isfinite(cooks_distances(estimates, leverage)[1:]).all()


def test_without_coefficients_there_is_no_distance() -> None:
    problem = structured("one", 0)
    estimates = fit(replace(problem, x=np.zeros((problem.n, 0), order="F")))
    assert np.isnan(cooks_distances(estimates)).all()
