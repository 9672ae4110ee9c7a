"""Variances of predictions against the oracle's joint covariance, for every structure of groupings."""

from __future__ import annotations

import numpy as np
import pytest

from mlgui.engine import prediction as module
from mlgui.engine.estimates import Estimates
from mlgui.engine.fit import fit
from mlgui.engine.prediction import RowGroups, fitted_variance, group_part, joint_covariance, leverages, prediction_variance
from mlgui.engine.problem import Floats, Problem
from tests.engine.dense import Dense, dense, indicator_z
from tests.engine.problems import STRUCTURES, structured


def fitted(kind: str, seed: int) -> tuple[Problem, Estimates, Dense]:
    problem = structured(kind, seed)
    estimates = fit(problem)
    return problem, estimates, dense(problem, [one.factor for one in estimates.groups])


def rows_of(problem: Problem) -> list[RowGroups]:
    return [RowGroups(codes=one.codes, z=one.z) for one in problem.groupings]


def directions(problem: Problem) -> Floats:
    return np.hstack([problem.x, *(indicator_z(one) for one in problem.groupings)])


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("kind", STRUCTURES)
def test_joint_variance_and_leverage(kind: str, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CHUNK", 2_000)  # several chunks even here
    problem, estimates, oracle = fitted(kind, seed)
    wide = directions(problem)
    expected = wide @ oracle.joint @ wide.T
    # algebra on both sides; variances of one scale
    close = 1e-9 * expected.max()
    np.testing.assert_allclose(fitted_variance(estimates), np.diag(expected), rtol=0, atol=close)
    found = prediction_variance(estimates, problem.x, rows_of(problem))
    np.testing.assert_allclose(found.fitted, np.diag(expected), rtol=0, atol=close)
    few = slice(0, 12)
    some = [RowGroups(codes=one.codes[few], z=one.z[few]) for one in problem.groupings]
    np.testing.assert_allclose(joint_covariance(estimates, problem.x[few], some), expected[few, few], rtol=0, atol=close)
    weights = np.ones(problem.n) if problem.weights is None else problem.weights
    np.testing.assert_allclose(leverages(estimates), np.diag(expected) * weights / oracle.sigma**2, rtol=0, atol=1e-9)


@pytest.mark.parametrize("kind", ["one", "crossed slopes", "mixed"])
def test_new_groups_add_their_own_variance(kind: str) -> None:
    problem, estimates, _ = fitted(kind, 0)
    new = [RowGroups(codes=np.full(problem.n, -1), z=one.z) for one in problem.groupings]
    found = prediction_variance(estimates, problem.x, new, weights=np.full(problem.n, 4.0))
    np.testing.assert_allclose(found.coefficients, found.fixed_only, rtol=1e-12)
    assert not found.group_effect.any() and not group_part(estimates, new).any()
    expected = sum(
        np.einsum("ia,ab,ib->i", one.z, effects.covariance, one.z) for one, effects in zip(problem.groupings, estimates.groups)
    )
    np.testing.assert_allclose(found.new_group, expected, rtol=1e-12)
    np.testing.assert_allclose(found.residual, estimates.sigma**2 / 4, rtol=1e-15)
    np.testing.assert_allclose(found.observation, found.coefficients + found.new_group + found.residual, rtol=1e-15)


def test_one_known_and_one_new_grouping() -> None:
    problem, estimates, oracle = fitted("crossed", 0)
    first, second = problem.groupings
    groups = [RowGroups(codes=first.codes, z=first.z), RowGroups(codes=np.full(problem.n, -1), z=second.z)]
    wide = np.hstack([problem.x, indicator_z(first), np.zeros((problem.n, second.n_groups))])
    expected = np.einsum("ia,ab,ib->i", wide, oracle.joint, wide) + estimates.groups[1].covariance[0, 0]
    np.testing.assert_allclose(prediction_variance(estimates, problem.x, groups).fitted, expected, rtol=1e-9)


def test_group_part_is_what_the_fit_adds() -> None:
    problem, estimates, _ = fitted("mixed", 0)
    found = group_part(estimates, rows_of(problem))
    np.testing.assert_allclose(found, estimates.fitted - estimates.fixed_part, rtol=0, atol=1e-12)
