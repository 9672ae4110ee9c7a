"""Profile limits where a variance is 0 at the maximum and not at the limits, against dense matrices.

Profiles of lme4 1.1-31 stop short in such data: in two simulated sets the deviance at its 95 % limits had risen by 2.85 (a
coefficient) and 3.43 (an SD) instead of 3.84, as its searches stayed at the zero they began from.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize

from mlgui.engine.fit import fit
from mlgui.engine.problem import Floats, Problem
from mlgui.engine.profile import Target, profile_intervals
from tests.engine.problems import groups

CUT = 3.841458820694124


def problem() -> Problem:
    """Return 12 groups of 2 to 8 rows whose intercepts and slopes hardly differ."""
    rng = np.random.default_rng(4)
    codes = np.repeat(np.arange(12), rng.integers(2, 9, 12))
    n = len(codes)
    x = np.column_stack([np.ones(n), rng.normal(size=n)])
    y = 0.3 * x[:, 1] + 0.2 * rng.normal(size=12)[codes] + rng.normal(size=n)
    return Problem(y=y, x=x, groupings=(groups(codes, x),), reml=False)


def deviance(given: Problem, phi: Floats, slope: float | None, beta: float | None) -> float:
    """Return -2 log likelihood by n x n matrices; phi: log sigma, two SDs, and a correlation's inverse tanh."""
    one, sds = given.groupings[0], np.array([phi[1], phi[2] if slope is None else slope])
    r = np.tanh(phi[3])
    g = np.outer(sds, sds) * np.array([[1, r], [r, 1]])
    v = np.exp(2 * phi[0]) * np.eye(given.n) + (one.codes[:, None] == one.codes) * (one.z @ g @ one.z.T)
    half = np.linalg.cholesky(v)
    x, y = (given.x, given.y) if beta is None else (given.x[:, :1], given.y - beta * given.x[:, 1])
    white = np.linalg.solve(half, np.column_stack([x, y]))
    fitted = np.linalg.lstsq(white[:, :-1], white[:, -1], rcond=None)[0]
    rest = white[:, -1] - white[:, :-1] @ fitted
    return float(2 * np.log(np.diagonal(half)).sum() + given.n * np.log(2 * np.pi) + rest @ rest)


def lowest(given: Problem, slope: float | None = None, beta: float | None = None) -> float:
    """Return the lowest deviance found from several places by searches without derivatives."""
    starts = ([0.0, 0.1, 0.1, 0.0], [0.0, 0.2, 0.1, 1.0], [0.0, 0.2, 0.1, -1.5])
    options = {"xatol": 1e-6, "fatol": 1e-8, "maxiter": 5000, "maxfev": 5000}
    found = [
        minimize(lambda phi: deviance(given, phi, slope, beta), np.array(start), method="Nelder-Mead", options=options)
        for start in starts
    ]
    return float(min(one.fun for one in found))


def test_limits_are_where_dense_matrices_put_them() -> None:
    given = problem()
    estimates = fit(given)
    assert estimates.singular
    best = lowest(given)
    assert estimates.criterion == pytest.approx(best, abs=1e-6)
    spread, mean = profile_intervals(estimates, [Target(kind="sd", index=(0, 1)), Target(kind="coefficient", index=(1,))])
    for low in (lowest(given, slope=spread.high), lowest(given, beta=mean.high)):
        assert low - best == pytest.approx(CUT, abs=1e-5)
