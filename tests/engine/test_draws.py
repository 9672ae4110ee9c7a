"""Draws against the oracle's joint covariance, and what is read off them against what it is by definition."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mlgui.engine import draws as module
from mlgui.engine.draws import draw, finite_population_sds, rank_intervals, replicated_data
from mlgui.engine.fit import fit
from mlgui.engine.prediction import RowGroups, prediction_variance
from tests.engine.dense import dense
from tests.engine.problems import STRUCTURES, sleepstudy, structured


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("kind", STRUCTURES)
def test_joint_covariance(kind: str, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    problem = structured(kind, seed)
    estimates = fit(problem)
    monkeypatch.setattr(module, "BLOCK", problem.n * 1500)  # several blocks
    count = 4000
    found = draw(estimates, count, seed=3)
    ratio = (found.sigma / estimates.sigma)[:, None]
    errors = np.hstack([found.beta - estimates.beta] + [
        (one - mode.mode).reshape(count, -1) for one, mode in zip(found.effects, estimates.groups)
    ]) / ratio  # fmt: skip
    joint = dense(problem, [one.factor for one in estimates.groups]).joint
    # directions with a known variance, among them every single one; a variance of R draws has a relative SE of sqrt(2/R)
    directions = np.vstack([np.eye(len(joint)), np.random.default_rng(0).normal(size=(60, len(joint)))])
    expected = np.einsum("ij,jk,ik->i", directions, joint, directions)
    alive = expected > 1e-12 * expected.max()
    measured = ((errors @ directions[alive].T) ** 2).mean(axis=0)
    z = (measured / expected[alive] - 1) / np.sqrt(2 / count)
    assert np.abs(z).max() < 5
    assert (z**2).mean() < 2  # few of them independent
    assert np.abs((errors @ directions[alive].T).mean(axis=0) / np.sqrt(expected[alive] / count)).max() < 5


def test_sigma_is_inverse_chi_square_and_seeds_repeat() -> None:
    estimates = fit(sleepstudy())
    one, two, other = draw(estimates, 5000, 7), draw(estimates, 5000, 7), draw(estimates, 5000, 8)
    assert np.array_equal(one.beta, two.beta) and np.array_equal(one.effects[0], two.effects[0])
    assert not np.array_equal(one.sigma, other.sigma)
    # E(1/sigma^2) = 1/sigma-hat^2; relative SE sqrt(2/178/5000)
    assert np.mean((estimates.sigma / one.sigma) ** 2) == pytest.approx(1, abs=5 * np.sqrt(2 / 178 / 5000))


def test_without_groups_it_is_the_regression() -> None:
    problem = replace(sleepstudy(), groupings=())
    estimates = fit(problem)
    found = draw(estimates, 20_000)
    assert found.effects == ()
    z = (found.beta - estimates.beta) / (found.sigma / estimates.sigma)[:, None]
    np.testing.assert_allclose(np.cov(z.T), estimates.vcov, rtol=0, atol=0.05 * np.abs(estimates.vcov).max())


def test_dropped_coefficients_are_0() -> None:
    base = structured("crossed")
    problem = replace(base, x=np.asfortranarray(np.column_stack([base.x, base.x[:, 1]])))
    assert not draw(fit(problem), 10).beta[:, 3].any()


def test_a_caller_may_stop_it() -> None:
    calls = []
    draw(fit(structured("crossed")), 20, between_blocks=lambda done, total: calls.append((done, total)))
    assert calls == [(0, 20)]


def test_ranks() -> None:
    values = np.array([[3.0, 1, 2], [3, 2, 1], [3, 1, 2], [3, 1, 2]])
    mean, low, high = rank_intervals(values, 0.5)
    assert mean.tolist() == [1, 2.75, 2.25]
    assert low.tolist() == [1, 2, 2] and high.tolist() == [1, 3, 2]


def test_ranks_of_schools_overlap_and_stay_within() -> None:
    estimates = fit(sleepstudy())
    mean, low, high = rank_intervals(draw(estimates).effects[0][:, :, 1])
    assert (low <= mean).all() and (mean <= high).all() and low.min() >= 1 and high.max() <= 18
    assert mean.sum() == pytest.approx(18 * 19 / 2)
    # the order of mean ranks is about that of the modes
    assert np.corrcoef(mean, -estimates.groups[0].mode[:, 1])[0, 1] > 0.95


def test_finite_population_sd_is_that_of_the_groups_at_hand() -> None:
    estimates = fit(sleepstudy())
    sds = finite_population_sds(draw(estimates, 4000).effects[0])
    one = estimates.groups[0]
    # E s^2 = s^2(modes) + mean error variance about their mean: the centring matrix applied to the joint covariance
    joint = dense(sleepstudy(), [one.factor]).joint[2:, 2:]
    for a in range(2):
        block = joint[a::2, a::2]
        centring = np.eye(18) - 1 / 18
        ratio = np.mean(draw(estimates, 4000).sigma ** 2) / estimates.sigma**2
        expected = one.mode[:, a].var(ddof=1) + ratio * np.trace(centring @ block) / 17
        assert np.mean(sds[:, a] ** 2) == pytest.approx(expected, rel=0.02)


@pytest.mark.parametrize("new_groups", [False, True])
def test_replicated_data_have_the_variance_of_the_model(new_groups: bool) -> None:
    problem = structured("mixed", 1)
    estimates = fit(problem)
    found = replicated_data(estimates, draw(estimates, 3000), new_groups=new_groups)
    assert found.shape == (3000, problem.n)
    centre = estimates.fixed_part if new_groups else estimates.fitted
    assert np.abs((found.mean(axis=0) - centre) / found.std(axis=0)).max() < 5 / np.sqrt(3000)
    groups = [RowGroups(codes=np.where(new_groups, -1, one.codes), z=one.z) for one in problem.groupings]
    expected = prediction_variance(estimates, problem.x, groups, problem.weights).observation
    ratio = found.var(axis=0) / expected
    # sigma is drawn too, which adds (n - p) / (n - p - 2); SE of a variance of 3000 draws
    assert ratio.mean() == pytest.approx(147 / 145, abs=0.02) and np.abs(ratio - 1).max() < 5.5 * np.sqrt(2 / 3000)


def test_replicated_data_keep_the_offset() -> None:
    base = sleepstudy()
    problem = replace(base, offset=100 * base.x[:, 1])
    estimates = fit(problem)
    found = replicated_data(estimates, draw(estimates, 500))
    assert found.mean() == pytest.approx(base.y.mean(), abs=5)
