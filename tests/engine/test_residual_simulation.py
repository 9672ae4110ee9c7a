"""What is simulated, predicted and made robust with a residual structure, against a dense covariance."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mlgui.engine.bootstrap import bootstrap
from mlgui.engine.draws import draw, replicated_data
from mlgui.engine.fit import fit
from mlgui.engine.lrt_bootstrap import simulated_ratio
from mlgui.engine.prediction import RowGroups, prediction_variance
from mlgui.engine.problem import Floats, Groups, Problem, Residual
from mlgui.engine.residual_noise import coloured, residual_covariance, solution_rows
from mlgui.engine.residual_parameters import bounded, natural, parameters_of, spread
from mlgui.engine.robust import RobustRefused, cluster_robust
from tests.engine.dense import indicator_z
from tests.engine.test_residual_dense import KINDS, error_covariance, simulated
from tests.engine.test_residual_dense import natural as natural_of


def dense(found_problem: Problem, sigma: float, covariance: Floats, g: list[Floats]) -> Floats:
    """V of all rows."""
    v = sigma**2 * covariance
    for groups, one in zip(found_problem.groupings, g, strict=True):
        z = indicator_z(groups)
        v = v + z @ np.kron(np.eye(groups.n_groups), one) @ z.T
    return v


@pytest.mark.parametrize("kind", KINDS)
def test_colour_and_covariance_are_those_of_the_structure(kind: str) -> None:
    problem = simulated(kind, seed=3, weights=True)
    found = fit(problem)
    expected = error_covariance(problem, found.residual.unit, natural_of(found.residual))
    np.testing.assert_allclose(residual_covariance(found, np.arange(problem.n)), expected, rtol=1e-8, atol=1e-12)
    root = coloured(found, np.eye(problem.n))
    np.testing.assert_allclose(root @ root.T, expected, rtol=1e-8, atol=1e-10)


@pytest.mark.parametrize("kind", KINDS)
def test_rows_of_the_solution_have_its_cross_products(kind: str) -> None:
    found = fit(simulated(kind, seed=3, weights=True))
    rows, gram = solution_rows(found), found.state.gram
    np.testing.assert_allclose(rows.w @ rows.w.T, gram.total, rtol=1e-8, atol=1e-8 * np.abs(gram.total).max())
    np.testing.assert_allclose(rows.z[0][0] @ rows.w[0], gram.with_w[0][0, 0].sum(), rtol=1e-7, atol=1e-8)


def test_rows_of_weight_zero_have_no_noise() -> None:
    problem = simulated("ar1", seed=4)
    weights = np.where(np.arange(problem.n) % 9 == 0, 0.0, 1.0)
    found = fit(replace(problem, weights=weights))
    noise = coloured(found, np.ones((problem.n, 2)))
    assert (noise[weights == 0] == 0).all() and (noise[weights > 0] != 0).all()
    replicated = replicated_data(found, draw(found, 3))
    assert np.isnan(replicated[:, weights == 0]).all() and np.isfinite(replicated[:, weights > 0]).all()


@pytest.mark.parametrize("kind", KINDS)
def test_draws_scatter_as_the_estimates_do(kind: str) -> None:
    found = fit(simulated(kind, seed=3))
    drawn = draw(found, 4000, seed=2)
    # SDs of 4000 draws, widened by those of sigma
    degrees = found.n - found.rank
    np.testing.assert_allclose(drawn.beta.std(axis=0), np.sqrt(np.diag(found.vcov) * degrees / (degrees - 2)), rtol=0.06)
    np.testing.assert_allclose(drawn.beta.mean(axis=0), found.beta, atol=5 * np.sqrt(np.diag(found.vcov).max() / 4000))


def test_draws_with_crossed_groupings() -> None:
    """The joint draws by simulation have the covariance of the coefficients in whitened rows."""
    problem = simulated("strata", seed=3)
    other = Groups(
        codes=(np.arange(problem.n) % 5).astype(np.int32), n_groups=5, z=np.asfortranarray(np.ones((problem.n, 1))),
        pattern=np.ones((1, 1), dtype=np.bool_),
    )  # fmt: skip
    y = problem.y + np.random.default_rng(1).normal(size=5)[other.codes]
    found = fit(replace(problem, y=y, groupings=(*problem.groupings, other)))
    drawn = draw(found, 4000, seed=2)
    degrees = found.n - found.rank
    np.testing.assert_allclose(drawn.beta.std(axis=0), np.sqrt(np.diag(found.vcov) * degrees / (degrees - 2)), rtol=0.06)
    expected = np.sqrt(found.groups[1].conditional_covariance[:, 0, 0])
    assert (drawn.effects[1][:, :, 0].std(axis=0) > 0.9 * expected).all()


def test_replicated_data_have_the_covariance_of_the_model() -> None:
    """Rows of a group with AR(1) residuals: lag-1 covariance of new groups over many replicates."""
    problem = simulated("ar1", seed=3)
    found = fit(problem)
    drawn = draw(found, 6000, seed=4)
    held = replace(drawn, beta=np.tile(found.beta, (6000, 1)), sigma=np.full(6000, found.sigma))
    replicated = replicated_data(found, held, new_groups=True, seed=5)
    covariance = error_covariance(problem, found.residual.unit, natural_of(found.residual))
    expected = dense(problem, found.sigma, covariance, [one.covariance for one in found.groups])
    sampled = np.cov(replicated.T)
    scale = np.sqrt(np.outer(np.diag(expected), np.diag(expected)))
    assert np.abs((sampled - expected) / scale).max() < 6 / np.sqrt(6000)  # the largest of 5,000 correlations


@pytest.mark.parametrize("kind", KINDS)
def test_predictions_are_those_of_the_dense_model(kind: str) -> None:
    """Var(x'(beta-hat - beta) + z'(b-hat - b)) by Henderson's equations, dense."""
    problem = simulated(kind, seed=3)
    found = fit(problem)
    covariance = found.sigma**2 * error_covariance(problem, found.residual.unit, natural_of(found.residual))
    z = indicator_z(problem.groupings[0])
    g = np.kron(np.eye(8), found.groups[0].covariance)
    precision = np.linalg.inv(covariance)
    both = np.hstack([problem.x, z])
    equations = both.T @ precision @ both
    equations[3:, 3:] += np.linalg.inv(g + 1e-12 * np.eye(16))
    joint = np.linalg.inv(equations)
    rows = both[:5]
    known = RowGroups(codes=problem.groupings[0].codes[:5], z=problem.groupings[0].z[:5])
    variance = prediction_variance(found, problem.x[:5], [known])
    np.testing.assert_allclose(variance.fitted, np.einsum("ia,ab,ib->i", rows, joint, rows), rtol=1e-5)


@pytest.mark.parametrize("kind", KINDS)
def test_cr2_makes_the_sandwich_unbiased(kind: str) -> None:
    """Under the working model E[A_j r_j r_j' A_j'] = V_j (Bell & McCaffrey 2002): the sandwich is M on average."""
    problem = simulated(kind, seed=3, weights=True)
    found = fit(problem)
    robust = cluster_robust(found, "CR2")
    assert robust.n_clusters == 8
    through = np.einsum("jpa,pr,jrb->ab", robust.influence, found.vcov, robust.influence)
    np.testing.assert_allclose(robust.own.sum(axis=0) - through, found.vcov, rtol=1e-5, atol=1e-8)
    covariance = error_covariance(problem, found.residual.unit, natural_of(found.residual))
    v = dense(problem, found.sigma, covariance, [one.covariance for one in found.groups])
    score = np.linalg.solve(v, problem.y - problem.x @ found.beta)
    sums = np.array([problem.x[problem.groupings[0].codes == j].T @ score[problem.groupings[0].codes == j] for j in range(8)])
    np.testing.assert_allclose(cluster_robust(found, "CR0").vcov, found.vcov @ sums.T @ sums @ found.vcov, rtol=1e-4, atol=1e-8)


def test_clusters_without_groupings_are_those_of_the_residuals() -> None:
    problem = replace(simulated("cs", seed=3), groupings=())
    robust = cluster_robust(fit(problem), "CR2")
    assert robust.grouping == -1 and robust.n_clusters == 24
    with pytest.raises(RobustRefused):
        cluster_robust(fit(replace(problem, residual=Residual())), "CR2")


@pytest.mark.parametrize(("kind", "count"), [("strata", 25), ("ar1", 12), ("un", 4)])
def test_bootstrap_estimates_the_structure_anew(kind: str, count: int) -> None:
    problem = simulated(kind, seed=3, reml=False)
    found = fit(problem)
    steps: list[tuple[int, int]] = []
    drawn = bootstrap(found, count, seed=3, on_step=lambda done, total: steps.append((done, total)))
    assert drawn.structures.shape == (count, len(parameters_of(found.residual))) and steps[-1] == (count, count)
    np.testing.assert_array_equal(drawn.beta[:3], bootstrap(found, 3, seed=3).beta)
    # means of refits within four standard errors of what they estimate
    se = np.sqrt(np.diag(found.vcov))
    assert (np.abs(np.nanmean(drawn.beta, axis=0) - found.beta) < 4 * se / np.sqrt(count - drawn.failed)).all()
    centre, _ = spread(found)
    np.testing.assert_allclose(bounded(found, centre), natural(found.residual), rtol=1e-10)


def test_ratio_of_a_structure_that_is_not_there() -> None:
    rng = np.random.default_rng(2)
    problem = simulated("strata", seed=3, reml=False)
    problem = replace(problem, y=problem.x @ [1.0, 0.5, -0.3] + rng.normal(size=problem.n))
    null, alternative = fit(replace(problem, residual=Residual())), fit(problem)
    found = simulated_ratio(null, alternative, 30, seed=1)
    # chi-square(1) has the mean 1; the smallest p is that of none as large
    assert np.nanmean(found.simulated) == pytest.approx(1.0, abs=1.0)
    assert 1 / 31 <= found.p <= 1.0


