"""Cluster-robust covariances: against R for independent rows, and against their definition with n x n matrices."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from mlgui.engine import robust as module
from mlgui.engine.estimates import Estimates, GroupEffects
from mlgui.engine.fit import fit
from mlgui.engine.influence import with_rows
from mlgui.engine.problem import Floats, Problem
from mlgui.engine.robust import RobustRefused, cluster_grouping, cluster_robust
from tests.engine.dense import marginal_v
from tests.engine.problems import groups, sleepstudy, structured
from tests.reference.arrays import Columns
from tests.reference.files import load_comparators


def pooled(data: str, predictor: str, grouping: str) -> Estimates:
    """The ordinary regression as a multilevel fit with a variance of 0: working independence."""
    columns = Columns(data)
    codes = columns.groups(grouping)[0]
    y = columns.number(load_comparators("hsb")["outcome"])
    x = np.asfortranarray(np.column_stack([np.ones(len(y)), columns.number(predictor)]))
    problem = Problem(y=y, x=x, groupings=(groups(codes, x[:, :1]),))
    return estimates_at_zero(problem)


def estimates_at_zero(problem: Problem) -> Estimates:
    """Least squares, without an n x n matrix."""
    found = fit(replace(problem, groupings=()))
    count, p = problem.groupings[0].n_groups, problem.x.shape[1]
    zero = GroupEffects(
        factor=np.zeros((1, 1)), covariance=np.zeros((1, 1)), mode=np.zeros((count, 1)),
        conditional_covariance=np.zeros((count, 1, 1)), sensitivity=np.zeros((count, 1, p)),
    )  # fmt: skip
    return replace(found, problem=problem, groups=(zero,))


def test_sandwich_of_ordinary_regression() -> None:
    expected = load_comparators("hsb")["results"]["complete_pooling"]["cluster_robust"]
    estimates = pooled("hsb.csv", "CSES", "School")
    assert cluster_robust(estimates, "CR0").n_clusters == expected["clusters"] == 160
    se = np.sqrt(np.diag(cluster_robust(estimates, "CR0").vcov))
    np.testing.assert_allclose(se, list(expected["se_CR0"].values()), rtol=1e-9)
    # the reference follows Stata: G/(G-1) (n-1)/(n-k)
    stata = np.sqrt(np.diag(cluster_robust(estimates, "CR1").vcov) * 7184 / 7183)
    np.testing.assert_allclose(stata, list(expected["se_CR1"].values()), rtol=1e-9)


def power(matrix: Floats, exponent: float) -> Floats:
    values, vectors = np.linalg.eigh(matrix)
    alive = values > 1e-10 * values[-1]
    return np.asarray((vectors[:, alive] * values[alive] ** exponent) @ vectors[:, alive].T)


def by_definition(problem: Problem, estimates: Estimates, codes: NDArray[np.int32], contrast: Floats) -> tuple[Floats, float]:
    """CR2 and the df of a contrast (Pustejovsky & Tipton 2018, sections 2.3 and 3.1), with Cholesky factors as D."""
    v = estimates.sigma**2 * np.real(marginal_v(problem, [one.factor for one in estimates.groups]))
    x, n = problem.x, problem.n
    inverse = np.linalg.inv(v)
    m = np.linalg.inv(x.T @ inverse @ x)
    residual = np.eye(n) - x @ m @ x.T @ inverse
    r = residual @ (problem.y - (0 if problem.offset is None else problem.offset))
    meat, vectors = np.zeros_like(m), []
    for j in range(codes.max() + 1):
        rows = np.flatnonzero(codes == j)
        d = np.linalg.cholesky(v[np.ix_(rows, rows)]).T
        b = d @ residual[rows] @ v @ residual[rows].T @ d.T
        a = d.T @ power(b, -0.5) @ d
        half = x[rows].T @ inverse[np.ix_(rows, rows)] @ a
        meat += np.outer(half @ r[rows], half @ r[rows])
        vectors.append(residual[rows].T @ half.T @ m @ contrast)
    p = np.array(vectors)
    products = p @ v @ p.T
    return m @ meat @ m, float(np.trace(products) ** 2 / np.sum(products**2))


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("kind", ["one", "two blocks", "chain", "chain of three"])
def test_bias_reduced(kind: str, seed: int) -> None:
    problem = structured(kind, seed)
    estimates = fit(problem)
    found = cluster_robust(estimates)
    coarsest = min(problem.groupings, key=lambda one: one.n_groups)
    for contrast in np.eye(3):
        vcov, df = by_definition(problem, estimates, coarsest.codes, contrast)
        # algebra; a square root of a matrix with small eigenvalues keeps half the digits of those
        np.testing.assert_allclose(found.vcov, vcov, rtol=0, atol=1e-7 * np.abs(vcov).max())
        assert found.df(contrast) == pytest.approx(df, rel=1e-6)


def test_balanced_data_with_one_mean_have_clusters_less_one_df() -> None:
    codes = np.repeat(np.arange(7), 5)
    rng = np.random.default_rng(1)
    x = np.ones((35, 1), order="F")
    problem = Problem(y=rng.normal(size=35) + rng.normal(size=7)[codes], x=x, groupings=(groups(codes, x),))
    estimates = fit(problem)
    found = cluster_robust(estimates)
    means = np.array([problem.y[codes == j].mean() for j in range(7)])
    assert found.df(np.ones(1)) == pytest.approx(6)
    assert found.vcov[0, 0] == pytest.approx(means.var(ddof=1) / 7)
    assert cluster_robust(estimates, "CR1").vcov[0, 0] == pytest.approx(means.var(ddof=1) / 7)
    assert cluster_robust(estimates, "CR0").df(np.ones(1)) == 6
    assert np.isnan(found.df(np.zeros(1)))


def test_dropped_columns_are_nan() -> None:
    base = sleepstudy()
    problem = replace(base, x=np.asfortranarray(np.column_stack([base.x, 2 * base.x[:, 1]])))
    found, plain = cluster_robust(fit(problem)), cluster_robust(fit(base))
    assert np.isnan(found.vcov[2]).all()
    np.testing.assert_allclose(found.vcov[:2, :2], plain.vcov, rtol=1e-5)
    assert found.df(np.array([0.0, 1, 0])) == pytest.approx(plain.df(np.array([0.0, 1])), rel=1e-5)


def test_rows_of_weight_0_do_not_count() -> None:
    base = sleepstudy()
    weights = np.ones(base.n)
    weights[:10] = 0.0
    kept = with_rows(base, np.arange(10, base.n))
    found, plain = cluster_robust(fit(replace(base, weights=weights))), cluster_robust(fit(kept))
    np.testing.assert_allclose(found.vcov, plain.vcov, rtol=1e-5)


def test_refusals(monkeypatch: pytest.MonkeyPatch) -> None:
    assert cluster_grouping(structured("chain")) == 1
    with pytest.raises(RobustRefused, match="crossed"):
        cluster_robust(fit(structured("crossed")))
    with pytest.raises(RobustRefused, match="no-groups"):
        cluster_grouping(replace(sleepstudy(), groupings=()))
    base = sleepstudy()
    with pytest.raises(RobustRefused, match="one-cluster"):
        cluster_grouping(replace(base, groupings=(groups(np.zeros(base.n, dtype=int), base.x),)))
    monkeypatch.setattr(module, "LARGEST_CLUSTER", 9)
    with pytest.raises(RobustRefused, match="cluster-too-large") as refused:
        cluster_robust(fit(base))
    assert refused.value.rows == 10
