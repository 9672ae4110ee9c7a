"""Fits: known optima, derivatives, records, degenerate input."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose

from mlgui.engine.curvature import differenced_hessian, local_hessian, theta_gradient, theta_hessian
from mlgui.engine.fit import Options, fit
from mlgui.engine.problem import DegenerateProblem, Floats, Problem
from mlgui.engine.solution import Solution
from tests.engine.dense import criterion
from tests.engine.problems import STRUCTURES, groups, sleepstudy, structured


def solution_of(problem: Problem) -> Solution:
    state = fit(problem).state
    assert isinstance(state, Solution)
    return state


def differenced_gradient(solution: Solution, theta: Floats) -> Floats:
    """Central differences of the criterion; steps of 1e-5 leave an error of about 1e-8."""
    slopes = []
    for i in range(len(theta)):
        step = np.zeros(len(theta))
        step[i] = 1e-5
        up, down = (solution.objective.at(solution.layout.unpack(theta + one)).criterion for one in (step, -step))
        slopes.append((up - down) / 2e-5)
    return np.array(slopes)


# Criteria of lme4 1.1-31, polished by Newton steps; they are good to 1e-8.
@pytest.mark.parametrize(
    ("problem", "expected"),
    [
        (sleepstudy(), 1743.62827196),
        (sleepstudy(reml=False), 1751.93934446),
        (sleepstudy(correlated=False), 1743.66929358),
        (sleepstudy(days_vary=False), 1786.46508539),
    ],
)
def test_known_optima(problem: Problem, expected: float) -> None:
    estimates = fit(problem)
    assert estimates.criterion == pytest.approx(expected, abs=2e-8)
    assert estimates.certificate.passed
    assert not estimates.singular


def test_sleepstudy_estimates() -> None:
    estimates = fit(sleepstudy())
    assert_allclose(estimates.beta, [251.405105, 10.467286], rtol=1e-8)
    assert_allclose(estimates.theta, [0.966741, 0.015169, 0.230910], atol=1e-5)
    assert estimates.sigma == pytest.approx(25.59180, abs=1e-4)
    assert estimates.n_parameters == 6


@pytest.mark.parametrize("reml", [True, False])
@pytest.mark.parametrize("kind", STRUCTURES)
def test_gradient_is_the_slope_of_the_criterion(kind: str, reml: bool) -> None:
    solution = solution_of(structured(kind, 1, reml=reml))
    theta = solution.layout.pack(solution.regular) * 1.3 + 0.02
    factors = solution.layout.unpack(theta)
    slope = solution.objective.slope(solution.objective.at(factors))
    found = theta_gradient(solution.layout, factors, slope.gradient)
    expected = differenced_gradient(solution, theta)
    assert_allclose(found, expected, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("reml", [True, False])
@pytest.mark.parametrize("kind", ["one", "one uncorrelated", "two blocks"])
def test_second_derivatives_of_one_grouping_are_exact(kind: str, reml: bool) -> None:
    solution = solution_of(structured(kind, 2, reml=reml))
    factors = solution.layout.unpack(solution.layout.pack(solution.regular) * 0.8 + 0.03)
    point = solution.objective.at(factors)
    slope = solution.objective.slope(point)
    local, exact = solution.objective.second_derivatives(point, slope, solution.layout.entries)
    assert exact
    found = theta_hessian(solution.layout, factors, slope.gradient, local)
    expected = differenced_hessian(solution.objective, solution.layout, point, np.ones(solution.layout.size))
    # differences of an analytic gradient: about 1e-7 of the largest entry
    assert_allclose(found, expected, atol=1e-6 * np.abs(expected).max())
    back = local_hessian(solution.layout, factors, slope.gradient, found)
    assert_allclose(back, local, atol=1e-9 * np.abs(local).max())


@pytest.mark.parametrize("kind", STRUCTURES)
@pytest.mark.parametrize("seed", range(4))
def test_criterion_is_that_of_the_dense_covariance(kind: str, seed: int) -> None:
    problem = structured(kind, seed, reml=seed < 2, n=70)
    estimates = fit(problem)
    assert estimates.criterion == pytest.approx(criterion(problem, estimates.theta), abs=1e-8)


def test_nearby_gives_the_gradient_at_the_solution() -> None:
    solution = solution_of(structured("mixed", 3))
    step = 0.05 * solution.sizes
    near = solution.nearby(step)
    for i in range(len(step)):
        move = np.zeros(len(step))
        move[i] = 1e-5
        slope = (solution.nearby(step + move).criterion - solution.nearby(step - move).criterion) / 2e-5
        assert near.gradient[i] == pytest.approx(slope, rel=1e-5, abs=1e-6)
    assert np.abs(solution.nearby(0 * step).gradient * solution.sizes).max() < 1e-5


def test_without_groupings_it_is_least_squares() -> None:
    problem = replace(sleepstudy(), groupings=())
    estimates = fit(problem)
    beta, rss, *_ = np.linalg.lstsq(problem.x, problem.y, rcond=None)
    assert_allclose(estimates.beta, beta, rtol=1e-12)
    assert estimates.sigma**2 == pytest.approx(rss[0] / (problem.n - 2), rel=1e-12)
    assert estimates.groups == ()
    assert estimates.theta.shape == (0,)


def test_results_come_in_the_order_of_the_groupings() -> None:
    problem = structured("mixed")
    estimates = fit(problem)
    turned = fit(replace(problem, groupings=problem.groupings[::-1]))
    assert turned.criterion == pytest.approx(estimates.criterion, abs=1e-9)
    for one, other in zip(estimates.groups, turned.groups[::-1]):
        assert_allclose(one.mode, other.mode, atol=1e-7)
        assert_allclose(one.factor, other.factor, atol=1e-7)


def test_weight_zero_leaves_the_rows() -> None:
    problem = structured("crossed", 1)
    out = np.arange(problem.n) < 10
    kept = [groups(one.codes[~out], one.z[~out], one.pattern) for one in problem.groupings]
    assert problem.weights is not None
    zeroed = fit(replace(problem, weights=np.where(out, 0.0, problem.weights)))
    gone = Problem(y=problem.y[~out], x=problem.x[~out], groupings=tuple(kept), weights=problem.weights[~out])
    assert zeroed.n == problem.n - 10
    assert zeroed.criterion == pytest.approx(fit(gone).criterion, abs=1e-8)


def test_the_later_dependent_column_is_dropped() -> None:
    problem = sleepstudy()
    wide = np.column_stack([problem.x, problem.x[:, 1] * 12 + 1e4, np.zeros(problem.n)])
    estimates = fit(replace(problem, x=np.asfortranarray(wide)))
    assert estimates.dropped == (2, 3)
    assert estimates.rank == 2
    assert np.isnan(estimates.beta[2:]).all() and np.isnan(estimates.vcov[2]).all()
    assert estimates.criterion == pytest.approx(1743.62827196, abs=2e-8)
    assert estimates.groups[0].sensitivity.shape == (18, 2, 4)


def test_a_constant_after_the_indicators_that_make_it_is_dropped() -> None:
    problem = sleepstudy()
    late = problem.x[:, 1] > 4
    x = np.column_stack([late, ~late, np.ones(problem.n), problem.x[:, 1]]).astype(float)
    estimates = fit(replace(problem, x=np.asfortranarray(x)))
    assert estimates.dropped == (2,)
    assert estimates.criterion == pytest.approx(fit(replace(problem, x=np.asfortranarray(x[:, [0, 1, 3]]))).criterion, abs=1e-8)


def test_nearly_collinear_columns_keep_their_digits() -> None:
    problem = sleepstudy()
    twin = problem.x[:, 1] + 1e-5 * np.cos(np.arange(problem.n))
    wide = fit(replace(problem, x=np.asfortranarray(np.column_stack([problem.x, twin]))))
    apart = fit(replace(problem, x=np.asfortranarray(np.column_stack([problem.x, np.cos(np.arange(problem.n))]))))
    # the same space; the basis differs by a column times 1e-5, and x itself holds the difference to 1e-10
    assert wide.criterion + 2 * np.log(1e5) == pytest.approx(apart.criterion, abs=1e-6)
    assert_allclose(wide.fitted, apart.fitted, rtol=1e-8)


def test_a_response_that_x_nearly_explains() -> None:
    problem = sleepstudy()
    rest = problem.y - problem.y.mean()
    y = 5 + 1e6 * problem.x[:, 1] + 1e-3 * rest
    expected = fit(problem)
    estimates = fit(replace(problem, y=y))
    # y holds the part that varies to about 1e-7
    assert estimates.sigma == pytest.approx(1e-3 * expected.sigma, rel=1e-6)
    assert_allclose(estimates.theta, expected.theta, rtol=1e-4)


def test_reports_every_evaluation_and_lets_it_stop() -> None:
    seen: list[tuple[int, float]] = []
    fit(sleepstudy(), on_step=lambda iteration, value, theta: seen.append((iteration, value)))
    assert seen[0][0] == 0
    assert [one for one, _ in seen if one] == list(range(1, seen[-1][0] + 1))

    class Stop(Exception):
        pass

    def stop(iteration: int, value: float, theta: Floats) -> None:
        if iteration == 3:
            raise Stop

    with pytest.raises(Stop):
        fit(sleepstudy(), on_step=stop)


def test_record_counts_what_was_done() -> None:
    record = fit(sleepstudy(), Options(second_start=False)).record
    assert record.n_values >= len(record.steps) - 1
    falls = np.diff([one.criterion for one in record.steps])
    assert (falls <= 1e-8).all()
    assert record.steps[-1].decrement < 1e-9


@pytest.mark.parametrize("kind", STRUCTURES)
def test_a_second_start_agrees_or_is_kept(kind: str) -> None:
    problem = structured(kind, 6, n=60)
    once, twice = fit(problem, Options(second_start=False)), fit(problem, Options(second_start=True))
    assert once.certificate.second_start is None
    assert twice.certificate.second_start is not None
    assert twice.certificate.second_start >= -1e-9
    assert twice.criterion <= once.criterion + 1e-9
    assert twice.record.n_values > once.record.n_values


def degenerate(code: str) -> tuple[Problem, int | None]:
    problem = sleepstudy()
    (one,) = problem.groupings
    n = problem.n
    cases: dict[str, tuple[Problem, int | None]] = {
        "constant-response": (replace(problem, y=np.full(n, 1e6 + 0.1)), None),
        "perfect-fit": (replace(problem, y=3 + 0.7 * problem.x[:, 1]), None),
        "no-rows": (replace(problem, weights=np.zeros(n)), None),
        "not-finite": (replace(problem, y=np.where(np.arange(n) == 7, np.nan, problem.y)), None),
        "one-group": (replace(problem, groupings=(groups(np.zeros(n, int), one.z),)), 0),
        "one-row-per-group": (replace(problem, groupings=(one, groups(np.arange(n), one.z[:, :1]))), 1),
        "too-many-coefficients": (replace(problem, groupings=(groups(np.arange(n) // 2, one.z),)), 0),
    }
    return cases[code]


@pytest.mark.parametrize(
    "code",
    [
        "constant-response",
        "perfect-fit",
        "no-rows",
        "not-finite",
        "one-group",
        "one-row-per-group",
        "too-many-coefficients",
    ],
)
def test_degenerate_problems_are_refused(code: str) -> None:
    problem, index = degenerate(code)
    with pytest.raises(DegenerateProblem) as caught:
        fit(problem)
    assert caught.value.code == code
    assert caught.value.index == index


def test_groups_that_explain_everything_are_a_perfect_fit() -> None:
    problem = sleepstudy()
    own = np.random.default_rng(0).normal(size=(18, 2))[problem.groupings[0].codes]
    with pytest.raises(DegenerateProblem) as caught:
        fit(replace(problem, y=3 + 0.7 * problem.x[:, 1] + (own * problem.groupings[0].z).sum(axis=1)))
    assert caught.value.code == "perfect-fit"


def test_more_columns_than_rows_are_refused() -> None:
    problem = sleepstudy()
    with pytest.raises(DegenerateProblem, match="too-many-coefficients"):
        fit(replace(problem, x=np.asfortranarray(np.random.default_rng(0).normal(size=(problem.n, 190)))))
