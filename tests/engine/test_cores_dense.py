"""The ways of eliminating crossed groupings against n x n matrices: criterion, gradient, Hessian, degrees of freedom.

The criterion is written anew as a function of the covariances G_k themselves, by determinants and solutions of n x n matrices;
its derivatives along G_k = T_k (I + Delta_k) T_k' are complex steps, and differences of those.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose
from numpy.typing import NDArray

from mlgui.engine import fit as fitting
from mlgui.engine import structure
from mlgui.engine.core import Core
from mlgui.engine.fit import fit
from mlgui.engine.inference import satterthwaite
from mlgui.engine.nested_core import NestedCore
from mlgui.engine.problem import Floats, Problem
from mlgui.engine.sparse_core import SparseCore
from tests.engine import dense
from tests.engine.problems import structured
from tests.engine.test_nested_core import pupils
from tests.engine.test_sparse_core import paired

PROBLEMS = {
    "crossed": lambda: structured("crossed", 1),
    "crossed slopes": lambda: structured("crossed slopes", 2),
    "mixed": lambda: structured("mixed", 3),
    "cancelling": lambda: paired(5),
    "pupils": lambda: pupils(slope=True),
    "three above": lambda: pupils(three=True),
}
CORES = {Core: 8000, SparseCore: 2, NestedCore: 8000}
CASES = [(name, core, (i + j) % 2 == 0) for i, name in enumerate(PROBLEMS) for j, core in enumerate(CORES)]
"""Problem, way of eliminating, and whether by REML: every second one."""


def criterion(problem: Problem, covariances: list[NDArray[np.generic]]) -> complex:
    """Return -2 log (restricted) likelihood for covariances relative to sigma^2, sigma profiled out, lme4's constants."""
    n = problem.n
    weights = np.ones(n) if problem.weights is None else problem.weights
    v = np.diag(1 / weights).astype(complex)
    for one, covariance in zip(problem.groupings, covariances):
        v += (one.codes[:, None] == one.codes) * (one.z @ covariance @ one.z.T)
    solved = np.linalg.solve(v, np.column_stack([problem.x, problem.y]))
    cross = problem.x.T @ solved[:, :-1]
    beta = np.linalg.solve(cross, problem.x.T @ solved[:, -1])
    residual = problem.y - problem.x @ beta
    square = residual @ (solved[:, -1] - solved[:, :-1] @ beta)
    degrees = n - len(beta) if problem.reml else n
    value = log_det(v) + degrees * (1 + np.log(2 * np.pi * square / degrees))
    return complex(value + log_det(cross) if problem.reml else value)


def log_det(matrix: NDArray[np.generic]) -> complex:
    """Return the logarithm of a determinant whose imaginary part is tiny."""
    sign, size = np.linalg.slogdet(matrix)
    return complex(size + np.log(sign))


def derivatives(problem: Problem, roots: list[Floats], basis: list[tuple[int, Floats]]) -> tuple[Floats, Floats]:
    """Return gradient and Hessian at Delta = 0 along basis matrices (grouping, E) for roots T_k."""

    def gradient(delta: Floats) -> Floats:
        moved = [np.eye(root.shape[1], dtype=complex) for root in roots]
        for size, (k, e) in zip(delta, basis):
            moved[k] += size * e
        found = []
        for k, e in basis:
            inside = [one + (1e-30j * e if place == k else 0) for place, one in enumerate(moved)]
            found.append(criterion(problem, [root @ one @ root.T for root, one in zip(roots, inside)]).imag / 1e-30)
        return np.array(found)

    step = 1e-4 * np.eye(len(basis))
    near = np.array([gradient(one) - gradient(-one) for one in step]) / 2e-4
    far = np.array([gradient(2 * one) - gradient(-2 * one) for one in step]) / 4e-4
    return gradient(np.zeros(len(basis))), (4 * near - far) / 3


def symmetric(q: int, a: int, b: int) -> Floats:
    """Return the matrix with ones at (a, b) and (b, a)."""
    e = np.zeros((q, q))
    e[a, b] = e[b, a] = 1.0
    return e


@pytest.mark.parametrize(("name", "core", "reml"), CASES)
def test_it_is_that_of_dense_matrices(name: str, core: type, reml: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    problem = replace(PROBLEMS[name](), reml=reml)
    monkeypatch.setattr(structure, "BORDER", 0)
    monkeypatch.setattr(fitting, "LARGEST", CORES[core])
    if core is not NestedCore:
        monkeypatch.setattr(fitting, "finest", lambda gram: None)
    estimates = fit(problem)
    solution = estimates.state
    objective, layout = solution.objective, solution.layout
    if core is NestedCore and not isinstance(objective.backend, NestedCore):
        pytest.skip("no grouping lies below all others")
    assert isinstance(objective.backend, core)

    factors = [factor + 0.2 * np.eye(len(factor)) for factor in solution.regular]
    roots = [one.to_user @ factor for one, factor in zip(solution.groups, factors)]
    point = objective.at(factors)
    slope = objective.slope(point)
    assert point.criterion == pytest.approx(criterion(problem, [root @ root.T for root in roots]).real, abs=1e-9)

    basis = [(k, symmetric(len(factors[k]), a, b)) for k, one in enumerate(layout.entries) for a, b in one]
    gradient, hessian = derivatives(problem, roots, basis)
    mine = np.array([(slope.gradient[k] * e).sum() for k, e in basis])
    size = np.abs(hessian).max()
    assert_allclose(mine, gradient, atol=1e-9 * size)
    exact = objective.exact_hessian(point, slope, layout.entries)
    if exact is not None:
        assert_allclose(exact, hessian, atol=1e-8 * size)  # fourth differences of steps of 1e-4

    theta = dense.theta_of(problem, [one.factor for one in estimates.groups])
    if not estimates.singular:
        expected = dense.satterthwaite(problem, theta, estimates.sigma, np.eye(problem.x.shape[1]))
        assert_allclose(satterthwaite(estimates)[0], expected, rtol=1e-5)  # the search stops within 1e-11 of the minimum
