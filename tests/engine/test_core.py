"""Crossed groupings: the ways of forming the Schur term agree, and a core too large is refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse as sp
from numpy.testing import assert_allclose

from mlgui.engine import core, coupling, newton, popular, sparse_core, structure
from mlgui.engine import fit as fitting
from mlgui.engine.backend import Eliminated
from mlgui.engine.bootstrap import bootstrap
from mlgui.engine.curvature import differenced_hessian, entry_sizes, theta_hessian
from mlgui.engine.fit import fit
from mlgui.engine.gram import sparse_sum
from mlgui.engine.inference import satterthwaite
from mlgui.engine.problem import DegenerateProblem, Floats
from mlgui.engine.selected_inverse import SparseFactor
from mlgui.engine.sparse_core import SparseCore
from tests.engine.problems import structured

KINDS = ("crossed", "crossed slopes", "mixed")


@pytest.mark.parametrize("heavy", [1.0, 0.5, 0.0])
@pytest.mark.parametrize("kind", KINDS)
def test_dense_and_sparse_columns_give_the_fit_of_pairs(kind: str, heavy: float, monkeypatch: pytest.MonkeyPatch) -> None:
    problem = structured(kind, 1)
    monkeypatch.setattr(structure, "BORDER", 0)
    pairs = fit(problem)
    monkeypatch.setattr(core, "MOST_PAIRS", 0)
    monkeypatch.setattr(popular, "_best_split", lambda entries, touched: (1.0, np.quantile(touched, 1 - heavy) + (heavy == 0)))
    monkeypatch.setattr(popular, "CHUNK", 100)
    monkeypatch.setattr(coupling, "CHUNK", 100)
    other = fit(problem)
    # the search may stop at another point within its tolerance
    assert other.criterion == pytest.approx(pairs.criterion, abs=1e-8)
    assert_allclose(other.fitted, pairs.fitted, atol=1e-5)
    for mine, yours in zip(pairs.groups, other.groups):
        assert_allclose(yours.conditional_covariance, mine.conditional_covariance, atol=1e-5)


@pytest.mark.parametrize("pairs", [0, 10**9])
@pytest.mark.parametrize("kind", KINDS)
def test_searches_that_begin_in_single_precision_end_at_the_same_minimum(
    kind: str, pairs: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    problem = structured(kind, 1)
    monkeypatch.setattr(structure, "BORDER", 0)
    expected = fit(problem)
    monkeypatch.setattr(core, "MOST_PAIRS", pairs)
    monkeypatch.setattr(newton, "VAST", 0.0)
    rough = fit(problem)
    # the searches stop at 5e-8 here
    assert rough.criterion == pytest.approx(expected.criterion, abs=5e-8)
    assert_allclose(rough.beta, expected.beta, atol=1e-4)
    assert rough.certificate.passed


@pytest.mark.parametrize("pairs", [0, 10**9])
def test_single_precision_solves_as_well_and_factorises_nearly(pairs: int, monkeypatch: pytest.MonkeyPatch) -> None:
    problem = structured("crossed slopes", 1)
    monkeypatch.setattr(core, "MOST_PAIRS", pairs)
    objective = fit(problem).state.objective
    factors = [0.5 * np.eye(q) for q in objective.backend.sizes]
    fine, rough = objective.at(factors), objective.at(factors, rough=True)
    assert rough.rough and not fine.rough
    # binary32 has 6e-8; after one refinement solutions have the square of what the factor has lost
    assert_allclose(rough.beta, fine.beta, rtol=1e-9)
    assert rough.r2 == pytest.approx(fine.r2, rel=1e-9)
    assert rough.criterion == pytest.approx(fine.criterion, rel=1e-5)
    for mine, yours in zip(objective.slope(rough).gradient, objective.slope(fine).gradient):
        assert_allclose(mine, yours, rtol=1e-4, atol=1e-4)


def test_a_core_beyond_single_precision_is_factorised_in_double(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = structured("crossed", 1)
    monkeypatch.setattr(newton, "VAST", 0.0)
    objective = fit(problem).state.objective
    eliminate = core.Core.eliminate

    def failing(self: core.Core, factors: Sequence[Floats], *, rough: bool = False) -> Eliminated:
        if rough:
            raise np.linalg.LinAlgError
        return eliminate(self, factors, rough=rough)

    monkeypatch.setattr(core.Core, "eliminate", failing)
    assert fit(problem).criterion == pytest.approx(objective.at(fit(problem).state.point.factors).criterion, abs=1e-12)


@pytest.mark.parametrize("reml", [True, False])
@pytest.mark.parametrize("pairs", [0, 10**9])
@pytest.mark.parametrize("kind", KINDS)
def test_second_derivatives_are_those_of_differences(kind: str, pairs: int, reml: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(structure, "BORDER", 0)
    monkeypatch.setattr(core, "MOST_PAIRS", pairs)
    solution = fit(replace(structured(kind, 1), reml=reml)).state
    objective, layout = solution.objective, solution.layout
    point = objective.at([factor + 0.1 * np.eye(len(factor)) for factor in solution.regular])
    slope = objective.slope(point)
    sizes = entry_sizes(layout, point.factors, [one.typical for one in solution.groups])
    expected = differenced_hessian(objective, layout, point, sizes)
    scale = np.sqrt(np.abs(np.outer(np.diagonal(expected), np.diagonal(expected))))
    found = theta_hessian(layout, point.factors, slope.gradient, objective.exact_hessian(point, slope, layout.entries))
    # central differences with steps of 2e-5 are right to about 1e-8
    assert_allclose(found / scale, expected / scale, atol=1e-7)
    monkeypatch.setattr(core, "HUGE", 0.0)
    rough = theta_hessian(layout, point.factors, slope.gradient, objective.exact_hessian(point, slope, layout.entries))
    assert_allclose(rough / scale, expected / scale, atol=1e-4)  # binary32


def test_small_groupings_beside_a_chain(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = structured("mixed", 1)
    bordered = fit(problem)
    monkeypatch.setattr(structure, "BORDER", 0)
    crossed = fit(problem)
    assert bordered.criterion == pytest.approx(crossed.criterion, abs=1e-8)
    for mine, yours in zip(bordered.groups, crossed.groups):
        assert_allclose(yours.mode, mine.mode, atol=1e-5)
        assert_allclose(yours.sensitivity, mine.sensitivity, atol=1e-5)
        assert_allclose(yours.conditional_covariance, mine.conditional_covariance, atol=1e-5)


@pytest.mark.parametrize("reml", [True, False])
@pytest.mark.parametrize("kind", KINDS)
def test_a_core_too_large_for_a_dense_matrix_is_sparse(kind: str, reml: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    problem = replace(structured(kind, 1), reml=reml)
    monkeypatch.setattr(structure, "BORDER", 0)
    dense = fit(problem)
    monkeypatch.setattr(fitting, "LARGEST", 5)
    sparse = fit(problem)
    assert isinstance(sparse.state.objective.backend, SparseCore)
    assert sparse.criterion == pytest.approx(dense.criterion, abs=1e-8)
    # the search may stop at another point within its tolerance
    for mine, yours in zip(sparse.groups, dense.groups):
        assert_allclose(mine.mode, yours.mode, atol=1e-5)
        assert_allclose(mine.sensitivity, yours.sensitivity, atol=1e-5)
        assert_allclose(mine.conditional_covariance, yours.conditional_covariance, atol=1e-5)
    assert_allclose(satterthwaite(sparse)[0], satterthwaite(dense)[0], rtol=1e-5)
    factors = [factor + 0.1 * np.eye(len(factor)) for factor in dense.state.regular]
    slopes = [one.state.objective.slope(one.state.objective.at(factors)) for one in (sparse, dense)]
    for mine, yours in zip(slopes[0].gradient, slopes[1].gradient):
        assert_allclose(mine, yours, atol=1e-10)
    assert np.isfinite(bootstrap(sparse, 2, seed=1).beta).all()


def test_a_sparse_core_too_full_for_the_memory_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fitting, "LARGEST", 5)
    with monkeypatch.context() as patch:
        patch.setattr(sparse_core, "MOST_FILLED", 5)
        with pytest.raises(DegenerateProblem, match="core-too-large"):
            fit(structured("crossed"))

    def without_memory(matrix: object) -> None:
        raise MemoryError

    monkeypatch.setattr(sparse_core, "SparseFactor", without_memory)
    with pytest.raises(DegenerateProblem, match="core-too-large"):
        fit(structured("crossed"))


def test_the_selected_inverse_is_the_inverse_where_the_factor_has_entries() -> None:
    rng = np.random.default_rng(0)
    half = sp.random_array((60, 40), density=0.06, rng=rng)
    matrix = sp.csc_array(half.T @ half + sp.eye_array(40))
    factor = SparseFactor(matrix)
    found, expected = factor.inverse().toarray(), np.linalg.inv(matrix.toarray())
    known = found != 0
    assert known[matrix.toarray() != 0].all()
    assert_allclose(found[known], expected[known], atol=1e-14)
    assert factor.log_det == pytest.approx(np.linalg.slogdet(matrix.toarray())[1], abs=1e-12)
    right = rng.normal(size=(40, 3))
    assert_allclose(matrix @ factor.solve(right), right, atol=1e-12)


@pytest.mark.parametrize("diagonal", [[1.0, -1.0], [1.0, 0.0]])
def test_a_sparse_matrix_that_is_not_positive_definite_has_no_factor(diagonal: list[float]) -> None:
    with pytest.raises(np.linalg.LinAlgError):
        SparseFactor(sp.csc_array(sp.diags_array(diagonal)))


def test_roots_of_blocks() -> None:
    rng = np.random.default_rng(0)
    half = rng.normal(size=(3, 3, 5))
    half[:, 0, 2] = 0.0
    half[:, 1, 2] = 0.0
    d = np.einsum("acj,bcj->abj", half, half)
    root = core._roots(d)
    assert_allclose(np.einsum("acj,bcj->abj", root, root)[..., [0, 1, 3, 4]], d[..., [0, 1, 3, 4]], atol=1e-12)
    assert np.isfinite(root).all()


def test_sums_of_sparse_matrices_keep_zeros() -> None:
    one = sp.csr_array((np.array([1.0, 0.0]), (np.array([0, 1]), np.array([0, 1]))), shape=(3, 3))
    other = sp.csr_array((np.array([2.0, 0.0]), (np.array([0, 2]), np.array([0, 1]))), shape=(3, 3))
    found = sparse_sum([one, other], [1.0, 0.5])
    assert found.nnz == 3
    assert_allclose(found.toarray(), one.toarray() + 0.5 * other.toarray())
