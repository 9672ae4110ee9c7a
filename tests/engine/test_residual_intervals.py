"""Intervals of variance parameters: Wald's against nlme's `intervals`, profiles against fits with the parameter held by hand.

nlme takes second derivatives by coarse differences: widths on the scale of logs agree to about 1 %.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from mlgui.engine.fit import fit
from mlgui.engine.problem import Residual
from mlgui.engine.profile import ProfileInterval
from mlgui.engine.residual_parameters import CORRELATION, RATIO
from mlgui.engine.residual_profile import structured_intervals
from mlgui.engine.wald import structure_intervals, wald_intervals
from tests.engine.problems import sleepstudy
from tests.engine.test_residual_dense import simulated
from tests.engine.test_residual_nlme import HERE, fitted

REFERENCE: dict[str, dict[str, Any]] = json.loads((HERE / "intervals.json").read_text())["cases"]
WIDTHS = 0.02


def same(low: float, estimate: float, high: float, expected: list[float], scale: Any) -> None:
    """Whether an interval is that of nlme: low, estimate, high."""
    ours, theirs = scale(np.array([low, estimate, high])), scale(np.array(expected))
    width = theirs[2] - theirs[0]
    np.testing.assert_allclose(ours, theirs, atol=WIDTHS * width)


@pytest.mark.parametrize("name", REFERENCE)
def test_wald_intervals_are_those_of_nlme(name: str) -> None:
    case, found = REFERENCE[name], fitted(name)
    by_kind: dict[str, ProfileInterval] = {one.target.kind: one for one in wald_intervals(found)}
    sigma = by_kind["sigma"]
    same(sigma.low, sigma.estimate, sigma.high, case["sigma"], np.log)
    for rows in dict(case["groups"] or {}).values():
        same(by_kind["sd"].low, by_kind["sd"].estimate, by_kind["sd"].high, rows[0], np.log)
    structure = structure_intervals(found)
    ratios = [one for one in structure if one[0].kind == RATIO]
    for (_, estimate, low, high), expected in zip(ratios, case["ratios"], strict=True):
        same(low, estimate, high, expected, np.log)
    correlations = sorted((one for one in structure if one[0].kind == CORRELATION), key=lambda one: one[0].index[::-1])
    for (_, estimate, low, high), expected in zip(correlations, case["correlation"], strict=True):
        same(low, estimate, high, expected, np.arctanh)


def test_intervals_of_independent_residuals_and_of_a_zero() -> None:
    found = {(*one.target.index, one.target.kind): one for one in wald_intervals(fit(sleepstudy()))}
    # nlme 3.1-162: intervals(lme(Reaction ~ Days, random = ~ Days | Subject))
    assert (found[0, 0, "sd"].low, found[0, 0, "sd"].high) == pytest.approx((15.518, 39.444), rel=0.01)
    assert (found[("sigma",)].low, found[("sigma",)].high) == pytest.approx((22.797, 28.729), rel=0.005)
    problem = sleepstudy(days_vary=False)
    means = np.bincount(problem.groupings[0].codes, weights=problem.y) / 10
    zero = wald_intervals(fit(replace(problem, y=problem.y - means[problem.groupings[0].codes])))[0]
    assert zero.estimate == 0.0 and np.isnan([zero.low, zero.high]).all()


def test_profile_of_a_ratio_is_that_of_fixed_weights() -> None:
    problem = simulated("strata", seed=3, reml=False)
    found = fit(problem)
    ratio, *coefficients = structured_intervals(found)
    assert problem.residual.strata is not None
    for limit in (ratio.low, ratio.high):
        weights = np.where(problem.residual.strata == 1, 1 / limit**2, 1.0)
        held = fit(replace(problem, weights=weights, residual=Residual()))
        assert held.criterion == pytest.approx(found.criterion + 1.959964**2, abs=1e-4)
    assert ratio.estimate == pytest.approx(found.residual.sd_ratios[1]) and len(coefficients) == 3
    slope = coefficients[1]
    for limit in (slope.low, slope.high):
        held = fit(replace(problem, x=np.asfortranarray(problem.x[:, [0, 2]]), offset=limit * problem.x[:, 1]))
        assert held.criterion == pytest.approx(found.criterion + 1.959964**2, abs=1e-4)


@pytest.mark.parametrize("kind", ["ar1", "cs", "ar1 with strata"])
def test_profiles_hold_the_estimates(kind: str) -> None:
    steps: list[tuple[int, int]] = []
    found = structured_intervals(fit(simulated(kind, seed=3)), 0.8, lambda done, total: steps.append((done, total)))
    assert all(one.low < one.estimate < one.high for one in found)
    assert steps[-1] == (2 * len(found), 2 * len(found))
