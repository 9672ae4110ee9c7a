"""What follows a fit with a residual structure: the same as for the equivalent weights, or for rows whitened by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mlgui.engine.dial import dial_of
from mlgui.engine.fit import fit
from mlgui.engine.influence import leave_one_group_out, refit_without, without_group
from mlgui.engine.no_pooling import no_pooling
from mlgui.engine.pooling import own_estimates
from mlgui.engine.prediction import leverages
from mlgui.engine.problem import Problem, Residual
from mlgui.engine.residual_independent import independent, residual_sds
from mlgui.engine.residuals import residuals
from tests.engine.problems import STRUCTURES, groups, structured
from tests.engine.test_residual_dense import KINDS, error_covariance, natural, simulated, unprofiled


def by_hand(problem: Problem, inverse_root: np.ndarray) -> Problem:  # type: ignore[type-arg]
    """The problem with its rows multiplied by R^-1/2."""
    return replace(
        problem,
        y=inverse_root @ problem.y,
        x=np.asfortranarray(inverse_root @ problem.x),
        groupings=tuple(replace(one, z=np.asfortranarray(inverse_root @ one.z)) for one in problem.groupings),
        weights=None,
        residual=Residual(),
    )


@pytest.mark.parametrize("kind", KINDS)
def test_independent_rows_have_the_same_fit(kind: str) -> None:
    problem = simulated(kind, seed=3, weights=True)
    found = fit(problem)
    covariance = error_covariance(problem, found.residual.unit, natural(found.residual))
    values, vectors = np.linalg.eigh(covariance)
    plain = fit(by_hand(problem, (vectors / np.sqrt(values)) @ vectors.T))
    np.testing.assert_allclose(found.beta, plain.beta, rtol=1e-5)  # theta of both searches agrees to about 1e-6
    assert found.sigma == pytest.approx(plain.sigma, rel=1e-5)
    assert found.criterion == pytest.approx(plain.criterion + np.log(values).sum(), abs=1e-7)
    again = fit(independent(found).problem)
    np.testing.assert_allclose(again.beta, plain.beta, rtol=1e-5)
    own, expected = own_estimates(found, 0), own_estimates(plain, 0)
    np.testing.assert_allclose(own.own, expected.own, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(own.own_se, expected.own_se, rtol=1e-4)
    np.testing.assert_allclose(own.pulls.sum(axis=2), found.groups[0].mode, atol=1e-8)  # the pulls add up to the mode
    influence, by_plain = leave_one_group_out(found, 0), leave_one_group_out(plain, 0)
    np.testing.assert_allclose(influence.beta, by_plain.beta, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(influence.cooks, by_plain.cooks, rtol=1e-3, atol=1e-6)
    assert leverages(found).sum() == pytest.approx(leverages(plain).sum(), rel=1e-5)
    np.testing.assert_allclose(no_pooling(found, 0).estimates, no_pooling(plain, 0).estimates, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("kind", KINDS)
def test_residuals_are_normalised(kind: str) -> None:
    problem = simulated(kind, seed=3, weights=True)
    found = fit(problem)
    covariance = error_covariance(problem, found.residual.unit, natural(found.residual))
    rest = problem.y - found.fitted
    every = residuals(found)
    np.testing.assert_allclose(every.response, rest)
    np.testing.assert_allclose(every.pearson, rest / np.sqrt(np.diagonal(covariance)), rtol=1e-8)
    np.testing.assert_allclose(residual_sds(found), np.sqrt(np.diagonal(covariance)), rtol=1e-10)
    assert every.scaled @ every.scaled == pytest.approx(rest @ np.linalg.solve(covariance, rest) / found.sigma**2, rel=1e-8)


def test_the_dial_stands_at_the_fit() -> None:
    found = fit(simulated("ar1", seed=3))
    at = dial_of(found, 0).at(1.0)
    assert at.criterion == pytest.approx(found.criterion, abs=1e-8)


def test_a_group_is_left_out_of_the_structure_too() -> None:
    problem = simulated("ar1", seed=3)
    found = fit(problem)
    left = without_group(problem, 0, 2)
    assert left.residual.kind == "ar1" and left.residual.order is not None and len(left.residual.order) == left.n
    refitted = refit_without(found, 0, [2])
    np.testing.assert_allclose(refitted.influence.beta[0], fit(left).beta, rtol=1e-8)


def test_rows_of_weight_zero_do_not_count() -> None:
    problem = simulated("ar1", seed=4)
    weights = np.ones(problem.n)
    weights[::9] = 0.0
    kept = weights > 0
    found = fit(replace(problem, weights=weights))
    assert problem.residual.groups is not None and problem.residual.order is not None
    fewer = fit(
        replace(
            problem, y=problem.y[kept], x=np.asfortranarray(problem.x[kept]),
            groupings=tuple(replace(g, codes=g.codes[kept], z=np.asfortranarray(g.z[kept])) for g in problem.groupings),
            residual=replace(problem.residual, groups=problem.residual.groups[kept], order=problem.residual.order[kept]),
        )
    )  # fmt: skip
    assert found.n == fewer.n
    assert found.criterion == pytest.approx(fewer.criterion, abs=1e-7)
    np.testing.assert_allclose(found.beta, fewer.beta, rtol=1e-6)
    assert np.isfinite(residuals(found).scaled).all()


@pytest.mark.parametrize("kind", STRUCTURES)
def test_every_structure_of_groupings_takes_strata(kind: str) -> None:
    plain = structured(kind, seed=2)
    strata = (np.arange(plain.n) % 3).astype(np.int32)
    found = fit(replace(plain, residual=Residual(kind="strata", strata=strata)))
    assert found.certificate.passed
    again = fit(replace(plain, weights=1 / residual_sds(found) ** 2))
    assert again.criterion == pytest.approx(found.criterion, abs=1e-7)
    np.testing.assert_allclose(again.beta, found.beta, rtol=1e-5, atol=1e-7)  # theta of both searches agrees to about 1e-6
    assert found.criterion < fit(plain).criterion


def test_correlation_within_cells_of_crossed_groupings() -> None:
    """Rows of a cell of two crossed groupings are correlated in order: V is not block-diagonal, R is."""
    rng = np.random.default_rng(6)
    cells = np.repeat(np.arange(60), 4).astype(np.int32)
    one, other, n = cells // 10, cells % 10, len(cells)
    x = np.asfortranarray(np.column_stack([np.ones(n), rng.normal(size=n)]))
    e = rng.normal(size=(60, 4))
    e[:, 1:] += 0.7 * e[:, :-1]
    y = x @ [1.0, 0.5] + rng.normal(size=6)[one] + rng.normal(size=10)[other] + e.ravel()
    crossed = (groups(one, x[:, :1]), groups(other, x[:, :1]))
    order = np.tile(np.arange(4.0), 60)
    problem = Problem(y=y, x=x, groupings=crossed, residual=Residual(kind="ar1", groups=cells, order=order))
    found = fit(problem)
    assert found.certificate.passed
    phi = np.concatenate([found.theta, natural(found.residual), [np.log(found.sigma)]])
    value = unprofiled(problem, found.residual.unit, 2)
    assert found.criterion == pytest.approx(float(np.real(value(phi))), abs=1e-8)
    slope = np.array([np.imag(value(phi + 1e-30j * step)) / 1e-30 for step in np.eye(len(phi))])
    np.testing.assert_allclose(slope, 0.0, atol=5e-3)  # curvatures are about 10 to 1000: within 1e-4 SD of the minimum
