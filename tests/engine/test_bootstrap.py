"""Bootstrap refits against searches one by one, and their distribution against what it must be."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest

from mlgui.engine.bootstrap import (
    bootstrap,
    correlations,
    percentile_interval,
    shortest_interval,
    standard_deviations,
)
from mlgui.engine.estimates import Estimates
from mlgui.engine.fit import fit
from mlgui.engine.lrt_bootstrap import simulated_ratio
from mlgui.engine.many_fits import fit_many
from mlgui.engine.problem import Floats, Problem
from mlgui.engine.responses import DirectDraws, Responses, products, simulated
from mlgui.engine.scaling import scaled_rows
from mlgui.errors import Cancelled
from tests.engine.problems import STRUCTURES, groups, sleepstudy, structured
from tests.reference.arrays import case_arrays

ONE_GROUPING = {
    "sleepstudy": sleepstudy(),
    "ML": sleepstudy(reml=False),
    "uncorrelated": sleepstudy(correlated=False),
    "far from zero": sleepstudy(shift=1e6),
    "not closed": sleepstudy(shift=5, correlated=False),
    "weights": structured("one", 1),
    "two blocks": structured("two blocks", 2),
    "zero variance": case_arrays("p09_dyestuff2_singular").problem,
    "correlation 1": case_arrays("p29_simcorr1_singular").problem,
    "interaction": case_arrays("p15_orthodont_interaction").problem,
}


def with_noise(problem: Problem, estimates: Estimates, rows: int, seed: int) -> tuple[list[Problem], Responses]:
    """Return problems with simulated responses, and the cross-products of the same noise."""
    inside = scaled_rows(problem)
    noise = simulated(problem, estimates.state, inside, rows, np.random.default_rng(seed))
    root = np.ones(problem.n) if problem.weights is None else np.sqrt(problem.weights)
    mean = problem.x @ np.nan_to_num(estimates.beta)
    problems = [replace(problem, y=mean + estimates.sigma * column / root, offset=None) for column in noise.T]
    return problems, products(inside, noise)


@pytest.mark.parametrize("name", ONE_GROUPING)
def test_refits_at_once_are_those_one_by_one(name: str) -> None:
    problem = ONE_GROUPING[name]
    estimates = fit(problem)
    problems, responses = with_noise(problem, estimates, 25, 1)
    found = fit_many(estimates.state, responses)
    scale = 2 * estimates.state.objective.degrees * np.log(estimates.sigma / estimates.state.fixed.y_scale)
    converged = 0
    for place, one in enumerate(problems):
        if found.converged[place]:
            converged += 1
            # 1e-10 left of the predicted fall, and cross-products of another scale of y
            assert found.criterion[place] + scale == pytest.approx(fit(one).criterion, abs=1e-6)
    assert converged >= 24


@pytest.mark.parametrize("kind", STRUCTURES)
def test_bootstrap_of_every_structure_gives_what_fits_of_its_responses_give(kind: str) -> None:
    problem = structured(kind, 1)
    estimates = fit(problem)
    found = bootstrap(estimates, 5, seed=3)
    assert found.failed == 0
    assert found.beta.shape == (5, 3)
    if len(problem.groupings) == 1:
        return
    problems, _ = with_noise(problem, estimates, 5, 3)
    for place, one in enumerate(problems):
        single = fit(one)
        np.testing.assert_allclose(found.beta[place], single.beta, rtol=0, atol=1e-4 * np.sqrt(np.diag(single.vcov)).min())
        assert found.sigma[place] == pytest.approx(single.sigma, rel=1e-5)
        for covariances, effects in zip(found.covariances, single.groups):
            size = 1e-4 * (np.diag(effects.covariance).max() + single.sigma**2)
            np.testing.assert_allclose(covariances[place], effects.covariance, rtol=0, atol=size)


def test_direct_draws_have_the_moments_of_draws_by_rows() -> None:
    problem = structured("one", 1)
    estimates = fit(problem)
    rng = np.random.default_rng(5)
    rows = scaled_rows(problem)
    direct = DirectDraws(estimates.state).draw(40_000, rng)
    by_rows = products(rows, simulated(problem, estimates.state, rows, 40_000, rng))

    def flat(one: Responses) -> Floats:
        return np.column_stack([one.squares, one.with_x, one.with_z[0].transpose(1, 0, 2).reshape(40_000, -1)])

    left, right = flat(direct), flat(by_rows)
    error = right.std(axis=0) / np.sqrt(20_000)
    # 5 standard errors of a difference of two means; correlations have an SE of at most 1 / sqrt(20,000) = 0.007
    assert (np.abs(left.mean(axis=0) - right.mean(axis=0)) < 5 * error).all()
    np.testing.assert_allclose(np.corrcoef(left.T), np.corrcoef(right.T), rtol=0, atol=0.035)
    np.testing.assert_allclose(left.std(axis=0), right.std(axis=0), rtol=0.035)


def test_coefficients_spread_as_their_standard_errors_say() -> None:
    estimates = fit(sleepstudy())
    found = bootstrap(estimates, 4000, seed=2)
    assert found.failed == 0
    # an SD from 4,000 draws has a relative SE of 1.1 %
    np.testing.assert_allclose(found.beta.std(axis=0), np.sqrt(np.diag(estimates.vcov)), rtol=0.05)
    np.testing.assert_allclose(found.beta.mean(axis=0), estimates.beta, rtol=0, atol=5 * found.beta.std(axis=0).max() / 63)
    assert found.sigma.mean() == pytest.approx(estimates.sigma, rel=0.02)


def test_same_seed_same_refits() -> None:
    estimates = fit(sleepstudy())
    one, same, other = (bootstrap(estimates, 50, seed=seed) for seed in (7, 7, 8))
    np.testing.assert_array_equal(one.beta, same.beta)
    assert (one.beta != other.beta).all()


def test_a_thousand_refits_of_sleepstudy_are_quick() -> None:
    estimates = fit(sleepstudy())
    bootstrap(estimates, 10)
    start = time.process_time()
    assert bootstrap(estimates, 1000).failed == 0
    # 0.04 s; the bound leaves room for a busy machine and several threads
    assert time.process_time() - start < 1.0


def test_zero_variances_are_zero() -> None:
    found = bootstrap(fit(case_arrays("p09_dyestuff2_singular").problem), 400)
    assert found.failed == 0
    zero = found.covariances[0][:, 0, 0] == 0.0
    np.testing.assert_array_equal(zero, found.singular)
    # of a balanced one-way layout with no variance: P(F(5, 24) < 1) = 0.56
    assert zero.mean() == pytest.approx(0.56, abs=0.1)


def test_dropped_coefficients_stay_unknown() -> None:
    plain = sleepstudy()
    twice = replace(plain, x=np.asfortranarray(np.column_stack([plain.x, 2 * plain.x[:, 1]])))
    found = bootstrap(fit(twice), 20)
    assert np.isnan(found.beta[:, 2]).all()
    assert np.isfinite(found.beta[:, :2]).all()


def test_weights_of_zero_do_not_count() -> None:
    plain = structured("one")
    weights = np.ones(plain.n)
    weights[::3] = 0.0
    noise = simulated(
        replace(plain, weights=weights), fit(replace(plain, weights=weights)).state, scaled_rows(replace(plain, weights=weights)),
        3, np.random.default_rng(0),
    )  # fmt: skip
    assert (noise[::3] == 0).all()
    assert (noise[1::3] != 0).all()


def test_intervals() -> None:
    values = np.concatenate([np.arange(100.0), [np.nan, 1000.0]])
    assert percentile_interval(values, 0.9) == pytest.approx((5.0, 95.0))
    assert shortest_interval(values, 0.5) == (0.0, 50.0)
    assert shortest_interval(np.array([0.0, 5.0, 5.1, 5.2, 9.0]), 0.6) == (5.0, 5.2)
    assert np.isnan(percentile_interval(np.array([np.nan]))).all()
    assert np.isnan(shortest_interval(np.array([]))).all()


def test_correlations_of_what_does_not_vary_are_unknown() -> None:
    covariance = np.array([[[4.0, 3.0], [3.0, 9.0]], [[0.0, 0.0], [0.0, 1.0]]])
    np.testing.assert_array_equal(standard_deviations(covariance), [[2.0, 3.0], [0.0, 1.0]])
    np.testing.assert_array_equal(correlations(covariance, 0, 1), [0.5, np.nan])


def test_it_reports_and_can_be_stopped() -> None:
    estimates = fit(structured("crossed"))
    seen: list[tuple[int, int]] = []

    def report(done: int, total: int) -> None:
        seen.append((done, total))
        if done == 3:
            raise Cancelled

    with pytest.raises(Cancelled):
        bootstrap(estimates, 10, on_step=report)
    assert seen[0] == (0, 10)
    assert seen[-1] == (3, 10)


def test_likelihood_ratio_of_an_absent_slope() -> None:
    problem = sleepstudy()
    smaller = replace(problem, groupings=(groups(problem.groupings[0].codes, problem.x[:, :1]),))
    null = fit(smaller)
    absent, _ = with_noise(smaller, null, 1, 4)
    pair = [fit(replace(one, y=absent[0].y)) for one in (smaller, problem)]
    found = simulated_ratio(pair[0], pair[1], 500, seed=1)
    assert found.observed == pytest.approx(max(pair[0].criterion - pair[1].criterion, 0), abs=1e-9)
    assert np.isfinite(found.simulated).all()
    # the asymptotic null distribution is half chi-square(1), half chi-square(2): mean 1.5; a small sample lies below
    assert 0.9 < found.simulated.mean() < 1.8
    assert found.p > 0.01
    assert simulated_ratio(null, fit(problem), 200, seed=1).p == 1 / 201


def test_likelihood_ratio_of_crossed_groupings_and_of_none() -> None:
    problem = structured("crossed", n=90)
    without = replace(problem, groupings=problem.groupings[:1])
    ordinary = replace(problem, groupings=())
    seen: list[int] = []
    found = simulated_ratio(fit(without), fit(problem), 20, on_step=lambda done, total: seen.append(done))
    assert (found.simulated >= 0).all()
    assert seen == sorted(seen)
    assert max(seen) <= 20
    assert np.isfinite(simulated_ratio(fit(ordinary), fit(without), 20).simulated).all()
