"""The boundary-avoiding penalty, against dense algebra and the densities it stands for."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.optimize import minimize

from mlgui.engine.bootstrap import bootstrap
from mlgui.engine.curvature import differenced_hessian, entry_sizes, theta_gradient, theta_hessian
from mlgui.engine.dial import dial_of
from mlgui.engine.fit import fit
from mlgui.engine.inference import satterthwaite
from mlgui.engine.objective import NotPositive
from mlgui.engine.penalty import Penalised, without_penalty
from mlgui.engine.problem import Floats, Problem
from mlgui.engine.profile import Target, profile_intervals
from tests.engine import dense
from tests.engine.problems import STRUCTURES, groups, sleepstudy, structured


def penalised(problem: Problem) -> Problem:
    return replace(problem, boundary_avoiding=True)


def log_density(problem: Problem, theta: Floats) -> float:
    """Return the log of the densities that blme's wishart(df = level.dim + 2, scale = Inf) has, up to constants:

    |G|^((df - q - 1) / 2) for each term; for one coefficient that is a Gamma(2, 0) density of its SD, up to its Jacobian.
    """
    total = 0.0
    for factor in dense.factors_of(problem, theta):
        covariance = np.real(factor @ factor.T)
        q = len(covariance)
        df = q + 2
        total += (df - q - 1) / 2 * np.linalg.slogdet(covariance)[1]
    return float(total)


def dense_minimum(problem: Problem, start: Floats) -> Floats:
    """Return theta at the minimum of the dense criterion less twice the log density, by a search without derivatives."""

    def value(theta: Floats) -> float:
        return dense.criterion(problem, theta) - 2 * log_density(problem, theta)

    options = {"xatol": 1e-10, "fatol": 1e-12, "maxiter": 4000}
    return np.asarray(minimize(value, start, method="Nelder-Mead", options=options).x)


def flat_layout() -> Problem:
    """Return a one-way layout whose REML estimate of the variance between groups is 0."""
    y = np.tile([1.0, 2.0, 3.0, 4.0], 6) + np.repeat([0, 0.1, 0, 0.1, 0, 0.1], 4)
    one = np.ones((24, 1))
    return Problem(y=y, x=one, groupings=(groups(np.repeat(np.arange(6), 4), one),))


@pytest.mark.parametrize("reml", [True, False])
def test_one_variance_by_a_search_along_a_line(reml: bool) -> None:
    problem = replace(flat_layout(), reml=reml)
    found = fit(penalised(problem))
    line = np.linspace(1e-3, 2, 20_001)[1:]
    values = [dense.criterion(problem, np.array([sd])) - 2 * np.log(sd) for sd in line[::50]]
    rough = line[::50][int(np.argmin(values))]
    assert found.theta[0] == pytest.approx(dense_minimum(problem, np.array([rough]))[0], rel=1e-5)
    assert found.theta[0] > 0.1
    assert not found.singular
    assert found.certificate.passed
    assert fit(problem).singular


@pytest.mark.parametrize("problem", [sleepstudy(), sleepstudy(shift=2000, correlated=False), structured("two blocks", 4)])
def test_the_minimum_is_that_of_dense_algebra(problem: Problem) -> None:
    found = fit(penalised(problem))

    def value(theta: Floats) -> float:
        return dense.criterion(problem, theta) - 2 * log_density(problem, theta)

    slope = [
        (value(found.theta + step) - value(found.theta - step)) / (2 * np.abs(step).max())
        for step in np.diag(1e-5 * np.maximum(np.abs(found.theta), 0.01))
    ]
    # a slope in units of the criterion per SD: differences leave about 1e-5
    assert_allclose(np.array(slope) * np.maximum(np.abs(found.theta), 0.01), 0, atol=1e-4)
    best = value(dense_minimum(problem, found.theta))
    assert value(found.theta) == pytest.approx(best, abs=1e-6)
    assert found.certificate.passed
    # the criterion that is reported is the likelihood's
    assert found.criterion == pytest.approx(dense.criterion(problem, found.theta), abs=1e-7)
    assert found.criterion >= fit(problem).criterion


@pytest.mark.parametrize("kind", STRUCTURES)
def test_derivatives_by_differences(kind: str) -> None:
    solution = fit(penalised(structured(kind, 4))).state
    objective, layout, point = solution.objective, solution.layout, solution.point
    assert isinstance(objective, Penalised)
    sizes = entry_sizes(layout, point.factors, [one.typical for one in solution.groups])
    slope = objective.slope(point)
    differenced = differenced_hessian(objective, layout, point, sizes)
    assert_allclose(theta_gradient(layout, point.factors, slope.gradient) * sizes, 0, atol=1e-4)
    local = objective.exact_hessian(point, slope, layout.entries)
    if local is not None:
        exact = theta_hessian(layout, point.factors, slope.gradient, local)
        assert_allclose(exact * np.outer(sizes, sizes), differenced * np.outer(sizes, sizes), atol=1e-4, rtol=1e-5)
    theta = layout.pack(point.factors) * 1.1
    moved = objective.at(layout.unpack(theta))
    gradient = theta_gradient(layout, moved.factors, objective.slope(moved).gradient)
    for i, size in enumerate(sizes):
        step = np.zeros(len(theta))
        step[i] = 1e-5 * size
        rise = objective.at(layout.unpack(theta + step)).criterion - objective.at(layout.unpack(theta - step)).criterion
        assert gradient[i] * size == pytest.approx(rise / 2e-5, abs=1e-3)


def test_what_must_not_matter() -> None:
    plain = fit(penalised(sleepstudy()))
    for moved in (sleepstudy(shift=2000), sleepstudy(scale=1e4)):
        other = fit(penalised(moved))
        assert_allclose(other.fitted, plain.fitted, rtol=1e-7)
    problem = sleepstudy()
    larger = fit(penalised(replace(problem, y=problem.y * 1e3)))
    assert_allclose(larger.theta, plain.theta, rtol=1e-6, atol=1e-9)


def test_what_follows_a_penalised_fit() -> None:
    problem = flat_layout()
    found = fit(penalised(problem))
    df, given_zero = satterthwaite(found)
    assert not given_zero
    assert 3 < df[0] < 23
    # profiles are those of the likelihood, as without the penalty
    (own,) = profile_intervals(found, [Target(kind="sd", index=(0, 0))])
    (usual,) = profile_intervals(fit(problem), [Target(kind="sd", index=(0, 0))])
    assert own.low == 0.0
    assert own.high == pytest.approx(usual.high, rel=1e-4)
    dial = dial_of(found, 0)
    assert dial.at(0.0).criterion == pytest.approx(fit(replace(problem, groupings=())).criterion, abs=1e-8)
    assert dial.at(1.0).criterion == pytest.approx(found.criterion, abs=1e-8)
    drawn = bootstrap(found, 50, seed=3)
    assert (drawn.covariances[0][:, 0, 0] > 0.05**2).all()  # every refit keeps off 0
    assert not isinstance(without_penalty(found.state.objective), Penalised)


def test_no_penalty_without_groups() -> None:
    problem = replace(flat_layout(), groupings=())
    assert fit(penalised(problem)).criterion == fit(problem).criterion


def test_a_boundary_has_no_penalised_criterion() -> None:
    solution = fit(penalised(flat_layout())).state
    with pytest.raises(NotPositive, match="G"):
        solution.objective.at([np.zeros((1, 1))])
