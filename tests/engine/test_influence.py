"""Leaving a group out by downdating against the definition with n x n matrices, and against fits without it."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest

from mlgui.engine import influence as module
from mlgui.engine.estimates import Estimates
from mlgui.engine.fit import fit
from mlgui.engine.influence import inverse_times, is_block_diagonal, leave_one_group_out, refit_without, without_group
from mlgui.engine.problem import Problem
from tests.engine.dense import dense, marginal_v
from tests.engine.problems import STRUCTURES, sleepstudy, structured
from tests.reference.arrays import case_arrays


def factors_of(estimates: Estimates) -> list[np.ndarray]:
    return [one.factor for one in estimates.groups]


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("kind", STRUCTURES)
def test_downdating_is_the_fit_of_the_rest(kind: str, seed: int) -> None:
    problem = structured(kind, seed, reml=kind != "chain")
    estimates = fit(problem)
    for k, groups in enumerate(problem.groupings):
        found = leave_one_group_out(estimates, k)
        for j in (0, groups.n_groups - 1):
            rest = dense(without_group(problem, k, j), factors_of(estimates))
            change = (rest.beta - estimates.beta) / np.sqrt(np.diag(estimates.vcov))
            # algebra on both sides, in SEs
            np.testing.assert_allclose(found.beta[j], rest.beta, rtol=0, atol=1e-7)
            np.testing.assert_allclose(found.change[j], change, rtol=0, atol=1e-7)
            assert found.sigma[j] == pytest.approx(rest.sigma, rel=1e-8)
            moved = rest.beta - estimates.beta
            assert found.cooks[j] == pytest.approx(moved @ np.linalg.solve(estimates.vcov, moved) / len(moved), rel=1e-6)


@pytest.mark.parametrize("kind", ["chain of three", "mixed"])
def test_inverse_times_is_that_of_v(kind: str) -> None:
    problem = structured(kind, 1)
    estimates = fit(problem)
    v = np.real(marginal_v(problem, factors_of(estimates)))
    vx, vr = inverse_times(estimates)
    np.testing.assert_allclose(vx, np.linalg.solve(v, problem.x), rtol=0, atol=1e-9)
    np.testing.assert_allclose(vr, np.linalg.solve(v, problem.y - estimates.fixed_part), rtol=0, atol=1e-9)


def test_which_groupings_are_independent() -> None:
    chain, crossed = structured("chain"), structured("crossed")
    assert [is_block_diagonal(chain, k) for k in range(2)] == [False, True]
    assert not any(is_block_diagonal(crossed, k) for k in range(2))


def test_refitting_is_another_fit() -> None:
    problem = sleepstudy()
    estimates = fit(problem)
    calls: list[tuple[int, int]] = []
    found = refit_without(estimates, 0, [3, 0], lambda done, total: calls.append((done, total)))
    rest = fit(without_group(problem, 0, 3))
    np.testing.assert_allclose(found.influence.beta[0], rest.beta, rtol=1e-12)
    np.testing.assert_allclose(found.covariances[0][0], rest.groups[0].covariance, rtol=1e-12)
    assert found.influence.sigma[0] == rest.sigma and found.influence.groups.tolist() == [3, 0]
    assert calls == [(0, 2), (1, 2)]


def test_a_coefficient_that_only_one_group_tells_is_lost() -> None:
    problem = sleepstudy()
    only = (problem.groupings[0].codes == 2).astype(float)
    wider = replace(problem, x=np.asfortranarray(np.column_stack([problem.x, only])))
    estimates = fit(wider)
    found = leave_one_group_out(estimates, 0)
    assert np.isnan(found.beta[2]).all() and np.isnan(found.cooks[2]) and np.isnan(found.sigma[2])
    assert np.isfinite(np.delete(found.beta, 2, axis=0)).all()
    assert np.isnan(refit_without(estimates, 0, [2]).influence.beta).all()


def test_dropped_columns_and_weights_of_zero() -> None:
    base = structured("crossed", 1)
    assert base.weights is not None
    weights = base.weights.copy()
    weights[:5] = 0.0
    problem = replace(base, x=np.asfortranarray(np.column_stack([base.x, base.x[:, 1]])), weights=weights)
    found = leave_one_group_out(fit(problem), 0)
    plain = leave_one_group_out(fit(module.with_rows(replace(base, weights=weights), np.arange(5, base.n))), 0)
    assert np.isnan(found.beta[:, 3]).all()
    # the same fit by two routes: the optimum is good to 1e-6 of an SE
    np.testing.assert_allclose(found.change[:, :3], plain.change, rtol=0, atol=1e-5)
    np.testing.assert_allclose(found.sigma, plain.sigma, rtol=1e-6)


def test_groups_too_large_for_crossed_groupings_are_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LARGEST_GROUP", 5)
    found = leave_one_group_out(fit(structured("crossed")), 1)
    assert np.isnan(found.cooks).all()


def test_a_caller_may_stop_it() -> None:
    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        leave_one_group_out(fit(structured("crossed")), 0, stop)


def hsb() -> Problem:
    return case_arrays("p21_hsb_cross_level").problem


def test_all_schools_at_once_are_quick() -> None:
    estimates = fit(hsb())
    started = time.perf_counter()
    found = leave_one_group_out(estimates, 0)
    assert time.perf_counter() - started < 1.0
    assert np.isfinite(found.cooks).all() and len(found.cooks) == 160
