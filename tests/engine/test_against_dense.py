"""Whole fits against the dense oracle: every structure of groupings, REML and ML, weights, offset, dependent columns."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest

from mlgui.engine.estimates import Estimates
from mlgui.engine.fit import fit
from mlgui.engine.problem import Groups, Problem
from tests.engine.dense import Dense, criterion, dense, gradient, total_variance


@dataclass(frozen=True, kw_only=True)
class Layout:
    """Groupings of a simulated problem: number of groups, columns of z, and how each lies to the first."""

    levels: tuple[int, ...]
    widths: tuple[int, ...]
    nested: bool = False
    correlated: bool = True


LAYOUTS = {
    "one intercept": Layout(levels=(14,), widths=(1,)),
    "intercept and slope": Layout(levels=(14,), widths=(2,)),
    "uncorrelated": Layout(levels=(14,), widths=(2,), correlated=False),
    "three coefficients": Layout(levels=(20,), widths=(3,)),
    "nested": Layout(levels=(24, 6), widths=(1, 1), nested=True),
    "nested with slopes": Layout(levels=(24, 8), widths=(2, 2), nested=True),
    "three levels, coarse first": Layout(levels=(4, 8, 24), widths=(1, 2, 1), nested=True),
    "crossed": Layout(levels=(12, 9), widths=(1, 1)),
    "crossed with slopes": Layout(levels=(9, 14), widths=(2, 2)),
    "three crossed": Layout(levels=(8, 12, 6), widths=(1, 2, 1)),
}


def simulated(layout: Layout, seed: int, n: int = 160) -> Problem:
    """Return data in which every coefficient varies clearly, so that the optimum is inside."""
    rng = np.random.default_rng(seed)
    x = np.column_stack([np.ones(n), rng.normal(size=(n, 2))])
    y = x @ [1.0, 2.0, -1.0] + rng.normal(size=n)
    finest = max(layout.levels)
    fine = np.concatenate([np.arange(finest), rng.integers(0, finest, n - finest)])
    groupings = []
    for count, width in zip(layout.levels, layout.widths):
        free = np.concatenate([np.arange(count), rng.integers(0, count, n - count)])
        codes = (fine * count // finest if layout.nested else free).astype(np.int32)
        z = np.asfortranarray(x[:, :width])
        y = y + np.einsum("ia,ia->i", z, 1.5 * rng.normal(size=(count, width))[codes])
        pattern = np.tri(width, dtype=bool) if layout.correlated else np.eye(width, dtype=bool)
        groupings.append(Groups(codes=codes, n_groups=count, z=z, pattern=pattern))
    u = rng.normal(size=layout.levels[0])[groupings[0].codes]
    return Problem(y=y, x=np.asfortranarray(np.column_stack([x, u])), groupings=tuple(groupings))


def check_optimum(problem: Problem, estimates: Estimates) -> None:
    """Check that the oracle, too, sees a minimum here: its value, a flat gradient, nothing lower nearby."""
    assert estimates.certificate.passed
    assert estimates.criterion == pytest.approx(criterion(problem, estimates.theta), abs=1e-8)
    # the curvature is of the order of the number of groups: 1e-4 is a step of 1e-5
    assert np.abs(gradient(problem, estimates.theta)).max() < 1e-3
    rng = np.random.default_rng(0)
    for _ in range(5):
        assert criterion(problem, estimates.theta * (1 + 0.02 * rng.normal(size=len(estimates.theta)))) > estimates.criterion


def check_everything(problem: Problem) -> tuple[Estimates, Dense]:
    estimates = fit(problem)
    factors = [effects.factor for effects in estimates.groups]
    expected = dense(problem, factors)
    check_optimum(problem, estimates)
    # at the same factors only rounding differs: the dense inverse of a 160 x 160 V leaves ten digits
    assert estimates.sigma == pytest.approx(expected.sigma, rel=1e-9)
    np.testing.assert_allclose(estimates.beta, expected.beta, rtol=1e-8, atol=1e-9)
    np.testing.assert_allclose(estimates.vcov, expected.vcov, rtol=1e-7, atol=1e-10)
    np.testing.assert_allclose(estimates.fitted, expected.fitted, rtol=1e-8, atol=1e-8)
    vcov = np.nan_to_num(estimates.vcov)
    for k, effects in enumerate(estimates.groups):
        np.testing.assert_allclose(effects.covariance, expected.sigma**2 * factors[k] @ factors[k].T, rtol=1e-9)
        np.testing.assert_allclose(effects.mode, expected.modes[k], rtol=1e-7, atol=1e-8)
        np.testing.assert_allclose(effects.conditional_covariance, expected.conditional[k], rtol=1e-7, atol=1e-9)
        np.testing.assert_allclose(effects.sensitivity, expected.sensitivity[k], rtol=1e-7, atol=1e-8)
        carried = effects.sensitivity @ vcov @ effects.sensitivity.transpose(0, 2, 1)
        found = effects.conditional_covariance + carried
        np.testing.assert_allclose(found, expected.prediction_error[k], rtol=1e-7, atol=1e-9)
        contrast = np.eye(problem.x.shape[1])[0]
        first = contrast + effects.sensitivity[0, 0]
        total = first @ vcov @ first + effects.conditional_covariance[0, 0, 0]
        part = np.eye(effects.mode.shape[1])[0]
        assert total == pytest.approx(total_variance(problem, expected, k, 0, contrast, part), rel=1e-7)
    return estimates, expected


@pytest.mark.parametrize("reml", [True, False])
@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS.keys())
def test_every_structure(layout: Layout, reml: bool) -> None:
    check_everything(replace(simulated(layout, 1), reml=reml))


@pytest.mark.parametrize("reml", [True, False])
@pytest.mark.parametrize("layout", [LAYOUTS["intercept and slope"], LAYOUTS["nested with slopes"], LAYOUTS["crossed"]])
def test_weights_and_offset(layout: Layout, reml: bool) -> None:
    problem = simulated(layout, 2)
    rng = np.random.default_rng(3)
    offset = 3 * rng.normal(size=problem.n)
    check_everything(replace(problem, reml=reml, weights=rng.uniform(0.2, 5, problem.n), offset=offset, y=problem.y + offset))


@pytest.mark.parametrize("layout", [LAYOUTS["intercept and slope"], LAYOUTS["nested"], LAYOUTS["crossed"]])
def test_dependent_columns(layout: Layout) -> None:
    problem = simulated(layout, 4)
    x = np.asfortranarray(np.insert(problem.x, 3, problem.x[:, 1] - 2 * problem.x[:, 2] + 1, axis=1))
    estimates, expected = check_everything(replace(problem, x=x))
    assert estimates.dropped == (3,) and estimates.rank == 4
    assert expected.kept == (0, 1, 2, 4)


def test_a_model_without_an_intercept() -> None:
    problem = simulated(LAYOUTS["intercept and slope"], 5)
    check_everything(replace(problem, x=np.asfortranarray(problem.x[:, 1:])))


def test_slopes_alone_vary() -> None:
    problem = simulated(LAYOUTS["intercept and slope"], 6)
    groups = problem.groupings[0]
    slope = replace(groups, z=groups.z[:, 1:], pattern=np.ones((1, 1), dtype=bool))
    check_everything(replace(problem, groupings=(slope,)))


def test_blocks_on_one_grouping() -> None:
    problem = simulated(LAYOUTS["three coefficients"], 7)
    pattern = np.array([[1, 0, 0], [1, 1, 0], [0, 0, 1]], dtype=bool)
    check_everything(replace(problem, groupings=(replace(problem.groupings[0], pattern=pattern),)))


@pytest.mark.parametrize("seed", range(4))
def test_a_slope_whose_zero_is_far_away_does_not_stand_in_for_the_intercept(seed: int) -> None:
    """With x 100,000 SDs from zero, a tiny uncorrelated slope looks like an intercept: a second, worse optimum."""
    rng = np.random.default_rng(seed)
    n, count = 90, 9
    codes = np.concatenate([np.arange(count), rng.integers(0, count, n - count)]).astype(np.int32)
    x = np.asfortranarray(np.column_stack([np.ones(n), 900 + 0.009 * rng.normal(size=n)]))
    y = x[:, 1] + rng.normal(size=count)[codes] + 0.1 * rng.normal(size=n)
    groups = Groups(codes=codes, n_groups=count, z=x, pattern=np.eye(2, dtype=bool))
    both = fit(Problem(y=y, x=x, groupings=(groups,)))
    alone = replace(groups, z=x[:, :1], pattern=np.ones((1, 1), dtype=bool))
    intercept = fit(Problem(y=y, x=x, groupings=(alone,)))
    assert both.certificate.passed
    assert both.criterion <= intercept.criterion + 1e-7
    slope = replace(groups, z=x[:, 1:], pattern=np.ones((1, 1), dtype=bool))
    assert both.criterion <= fit(Problem(y=y, x=x, groupings=(slope,))).criterion + 1e-7
