"""The dense oracle itself at lme4's estimates: two independent computations of one thing."""

from __future__ import annotations

import numpy as np
import pytest

from tests.engine.dense import dense, factors_of, gradient, satterthwaite
from tests.reference.arrays import case_arrays
from tests.reference.files import CASES, load_case

SMALL = [name for name in CASES if load_case(name)["results"]["nobs"] <= 300]


@pytest.mark.parametrize("name", SMALL)
def test_oracle_agrees_with_lme4(name: str) -> None:
    arrays, results = case_arrays(name), load_case(name)["results"]
    theta = np.array(list(results["theta"].values()))
    fit = dense(arrays.problem, factors_of(arrays.problem, theta))
    kept = list(fit.kept)
    rows = [row for row in results["fixed_effects"] if row["estimate"] is not None]
    # both are direct evaluations at the same theta: only rounding is left
    assert fit.criterion == pytest.approx(results["criterion"]["value"], abs=1e-9)
    assert fit.sigma == pytest.approx(results["sigma"], rel=1e-9)
    np.testing.assert_allclose(fit.beta[kept], [row["estimate"] for row in rows], rtol=1e-8)
    np.testing.assert_allclose(np.sqrt(np.diag(fit.vcov)[kept]), [row["se"] for row in rows], rtol=1e-8)
    for position, row in enumerate(results["random_effects"]):
        levels = arrays.groupings[position][1]
        order = [levels.index(level) for level in row["levels"]]
        np.testing.assert_allclose(fit.modes[position][order], row["mode"], rtol=1e-6, atol=1e-8)
        errors = np.sqrt(np.diagonal(fit.prediction_error[position], axis1=1, axis2=2))
        np.testing.assert_allclose(errors[order], row["pred_error_sd"], rtol=1e-6, atol=1e-8)
    if not results["singular"]:
        assert np.abs(gradient(arrays.problem, theta)).max() < 1e-5
        df = satterthwaite(arrays.problem, theta, fit.sigma, np.eye(len(arrays.names)))[kept]
        # lmerTest differentiates numerically
        np.testing.assert_allclose(df, [row["df_satterthwaite"] for row in rows], rtol=1e-6)
