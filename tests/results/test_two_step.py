"""Two-step analyses against R's lm on separate regressions, and the REML variance against the multilevel fit it is."""

from __future__ import annotations

import numpy as np
import pytest

from mlgui.engine.fit import fit
from mlgui.engine.problem import Groups, Problem
from mlgui.engine.two_step import second_step
from mlgui.results.numbers import text_rows
from mlgui.results.two_step import two_step, two_step_table
from tests.reference.files import load_comparators
from tests.results.models import fitted

MODELS = {
    "hsb": "MathAch ~ (MEANSES + Sector) * CSES + (CSES | School)",
    "exam": "normexam ~ (schavg + schgend) * standLRT + (standLRT | school)",
    "orthodont": "distance ~ Sex * age + (age | Subject)",
}


@pytest.mark.parametrize("data", MODELS)
def test_second_step_is_that_of_r(data: str) -> None:
    case = load_comparators(data)
    report = fitted(MODELS[data], f"{data}.csv")
    for coefficient in ("(Intercept)", case["predictor"]):
        found = two_step(report, case["group"], coefficient)
        expected = case["results"]["two_stage"][coefficient]
        for kind, key in (("equal", "unweighted"), ("precision", "precision_weighted")):
            step, wanted = found.steps[kind], expected[key]
            assert step.n_groups == wanted["n_groups"] and step.df == wanted["df_residual"]
            # least squares both times; columns are in another order, which costs digits nowhere
            np.testing.assert_allclose(step.beta, [row["estimate"] for row in wanted["coefficients"]], rtol=1e-7)
            np.testing.assert_allclose(step.se, [row["se"] for row in wanted["coefficients"]], rtol=1e-7)


def test_tau_is_the_reml_estimate() -> None:
    rng = np.random.default_rng(3)
    x = np.column_stack([np.ones(20), rng.normal(size=20)])
    y = x @ [1.0, 2.0] + rng.normal(size=20)
    # one row a group with known equal variances: tau^2 + V is the residual variance of a regression
    rest = y - x @ np.linalg.lstsq(x, y, rcond=None)[0]
    found = second_step(y, np.full(20, 0.3), x)
    assert found.tau**2 + 0.09 == pytest.approx(rest @ rest / 18, rel=1e-6)
    assert found.left_out == 0 and found.df == 18


def test_second_step_is_the_multilevel_fit_where_groups_are_alike() -> None:
    rng = np.random.default_rng(4)
    codes = np.repeat(np.arange(30), 8).astype(np.int32)
    u = rng.normal(size=30)
    y = 1 + 0.5 * u[codes] + rng.normal(size=30)[codes] + rng.normal(size=240)
    x = np.asfortranarray(np.column_stack([np.ones(240), u[codes]]))
    groups = Groups(codes=codes, n_groups=30, z=x[:, :1], pattern=np.ones((1, 1), dtype=bool))
    estimates = fit(Problem(y=y, x=x, groupings=(groups,)))
    means = np.bincount(codes, y) / 8
    found = second_step(means, np.full(30, estimates.sigma / np.sqrt(8)), np.column_stack([np.ones(30), u]))
    np.testing.assert_allclose(found.beta, estimates.beta, rtol=1e-7)
    np.testing.assert_allclose(found.se, np.sqrt(np.diag(estimates.vcov)), rtol=1e-6)
    assert found.tau == pytest.approx(np.sqrt(estimates.groups[0].covariance[0, 0]), rel=1e-6)


def test_no_variance_left_is_exactly_0() -> None:
    x = np.ones((6, 1))
    found = second_step(np.array([1.0, 1.1, 0.9, 1.0, 1.05, 0.95]), np.full(6, 1.0), x)
    assert found.tau == 0.0


def test_groups_that_cannot_tell_are_left_out_and_counted() -> None:
    own, se = np.array([1.0, np.nan, 2.0, 3.0, 2.5]), np.array([0.1, 0.1, np.nan, 0.2, 0.1])
    assert second_step(own, se, np.ones((5, 1))).left_out == 2
    assert second_step(own, se, np.ones((5, 1)), "equal").left_out == 1
    few = second_step(own[:2], se[:2], np.ones((2, 1)))
    assert np.isnan(few.beta).all() and few.df == 0


def test_table() -> None:
    found = two_step(fitted(MODELS["hsb"], "hsb.csv"), "School", "CSES")
    shown = two_step_table(found)
    assert "160" in shown.note and len(text_rows(shown)) == 3
    with pytest.raises(KeyError):
        two_step(fitted(MODELS["hsb"], "hsb.csv"), "School", "SES")
