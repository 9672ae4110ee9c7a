"""Cluster-robust covariances of the coefficients, with the fitted V as working model, and their degrees of freedom.

With clusters j, V_j = Var(y_j) as fitted, r_j = y_j - X_j beta-hat and M = (X'V^-1X)^-1, the sandwich is
M [sum_j X_j'V_j^-1 A_j r_j r_j'A_j'V_j^-1X_j] M (Liang & Zeger 1986). CR0: A_j = I. CR1: times J / (J - 1).
CR2 (Bell & McCaffrey 2002; Pustejovsky & Tipton 2018, J. Bus. Econ. Stat. 36): A_j = D_j'B_j^{+1/2}D_j with V_j = D_j'D_j and
B_j = D_j (V_j - X_j M X_j') D_j', so that it is unbiased where the working model holds; its df match the first two
moments of the estimated variance of a contrast to a chi-square under the working model.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mlgui.engine.estimates import Estimates
from mlgui.engine.influence import inverse_times, is_block_diagonal
from mlgui.engine.problem import Floats, Problem
from mlgui.engine.residual_independent import independent
from mlgui.engine.residual_noise import residual_covariance
from mlgui.engine.within import group_sums

KINDS = ("CR0", "CR1", "CR2")
LARGEST_CLUSTER = 3_000
"""Rows of a cluster up to which CR2 is computed: its square roots take some seconds there."""
FLAT = 1e-10
"""Share of the largest eigenvalue of B_j below which it counts as 0, as after coefficients that only one cluster tells."""


class RobustRefused(ValueError):
    """Why there is no cluster-robust covariance; `code` says it, `rows` the size of the largest cluster where it matters.

    crossed: rows of different groups are correlated in every grouping. one-cluster. cluster-too-large: for CR2.
    no-groups: a model without groupings.
    """

    def __init__(self, code: str, rows: int = 0) -> None:
        super().__init__(code)
        self.code = code
        self.rows = rows


@dataclass(frozen=True, kw_only=True, eq=False)
class Robust:
    """vcov: (p, p), NaN for dropped columns. grouping: the clusters, -1 those of correlated residuals. kind: one of KINDS.

    influence: (J, p, p) per cluster, X_j'a_j with a_j = A_j'V_j^-1X_j M; own: (J, p, p), a_j'V_j a_j; model: M, all with
    sigma^2 and with 0 for dropped columns: what degrees of freedom are made of (CR2; the others use J - 1).
    """

    vcov: Floats
    kind: str
    grouping: int
    n_clusters: int
    influence: Floats
    own: Floats
    model: Floats

    def df(self, contrast: Floats) -> float:
        """Satterthwaite's degrees of freedom of contrast'beta (p,) for CR2, clusters less one otherwise; NaN for a 0 contrast."""
        if self.kind != "CR2":
            return float(self.n_clusters - 1)
        u = self.influence @ contrast
        products = -u @ self.model @ u.T
        products.ravel()[:: self.n_clusters + 1] += np.einsum("p,jpr,r->j", contrast, self.own, contrast)
        square = float(np.sum(products * products))
        return float(np.trace(products)) ** 2 / square if square > 0 else float("nan")


def cluster_grouping(problem: Problem) -> int:
    """Return the grouping whose groups are independent clusters, the coarsest of a nested chain; raises RobustRefused."""
    if not problem.groupings:
        raise RobustRefused("no-groups")
    coarsest = min(range(len(problem.groupings)), key=lambda k: problem.groupings[k].n_groups)
    if not is_block_diagonal(problem, coarsest):
        raise RobustRefused("crossed")
    if problem.groupings[coarsest].n_groups < 2:
        raise RobustRefused("one-cluster")
    return coarsest


def clusters_of(problem: Problem) -> tuple[int, NDArray[np.int32], int]:
    """Return the grouping of the clusters, the cluster of every row, and how many there are; raises RobustRefused.

    Without groupings the groups within which residuals are correlated are the clusters, and the grouping is -1.
    """
    if not problem.groupings and problem.residual.groups is not None:
        count = int(problem.residual.groups.max()) + 1
        if count < 2:
            raise RobustRefused("one-cluster")
        return -1, problem.residual.groups, count
    k = cluster_grouping(problem)
    return k, problem.groupings[k].codes, problem.groupings[k].n_groups


def cluster_robust(
    estimates: Estimates, kind: str = "CR2", between_clusters: Callable[[int, int], None] = lambda done, total: None
) -> Robust:
    """Return the cluster-robust covariance of the coefficients; raises RobustRefused.

    `between_clusters(done, total)` is called while CR2 works through the clusters, and may raise.
    """
    problem, p = estimates.problem, len(estimates.beta)
    k, codes, count = clusters_of(problem)
    model = np.nan_to_num(estimates.vcov)
    if kind == "CR2":
        scores, influence, own = _adjusted(estimates, codes, count, model, between_clusters)
    else:
        plain = independent(estimates)
        scores = group_sums(codes.astype(np.intp), count, plain.problem.x * inverse_times(plain)[1][:, None])
        influence, own = np.zeros((0, p, p)), np.zeros((0, p, p))
        scores = scores @ model / estimates.sigma**2
    vcov = scores.T @ scores * (count / (count - 1) if kind == "CR1" else 1.0)
    dropped = list(estimates.dropped)
    vcov[dropped], vcov[:, dropped] = np.nan, np.nan
    return Robust(vcov=vcov, kind=kind, grouping=k, n_clusters=count, influence=influence, own=own, model=model)


def _adjusted(
    estimates: Estimates, codes: NDArray[np.int32], count: int, model: Floats, between_clusters: Callable[[int, int], None]
) -> tuple[Floats, Floats, Floats]:
    """M X_j'V_j^-1A_j r_j (J, p), X_j'a_j (J, p, p) and a_j'V_j a_j (J, p, p) of CR2."""
    problem, r, p = estimates.problem, estimates.problem.y - estimates.fixed_part, len(estimates.beta)
    used = np.ones(problem.n, dtype=bool) if problem.weights is None else problem.weights > 0
    order = np.argsort(codes, kind="stable")
    ends = np.searchsorted(codes[order], np.arange(count + 1))
    sizes = np.diff(ends)
    if sizes.max() > LARGEST_CLUSTER:
        raise RobustRefused("cluster-too-large", int(sizes.max()))
    scores, influence, own = np.zeros((count, p)), np.zeros((count, p, p)), np.zeros((count, p, p))
    unit = model / estimates.sigma**2
    vx = inverse_times(estimates)[0] if problem.residual.is_homogeneous else None
    for j in range(count):
        between_clusters(j, count)
        rows = order[ends[j] : ends[j + 1]]
        rows = rows[used[rows]]
        if len(rows):
            x, v = problem.x[rows], _variance(estimates, rows)
            adjustment = _adjustment(v, x, unit)
            a = adjustment.T @ ((np.linalg.solve(v, x) if vx is None else vx[rows]) @ unit)
            scores[j] = a.T @ r[rows]
            influence[j] = x.T @ a
            own[j] = a.T @ (estimates.sigma**2 * v) @ a
    return scores, influence, own


def _variance(estimates: Estimates, rows: np.ndarray) -> Floats:
    """V of some rows for unit sigma, (m, m)."""
    problem = estimates.problem
    v = residual_covariance(estimates, rows)
    for groups, effects in zip(problem.groupings, estimates.groups, strict=True):
        z = groups.z[rows] @ effects.factor
        codes = groups.codes[rows]
        v += (z @ z.T) * (codes[:, None] == codes)
    return v


def _adjustment(v: Floats, x: Floats, model: Floats) -> Floats:
    """A_j = D'B^{+1/2}D, by the symmetric square root D of V; the choice of D does not matter."""
    values, vectors = np.linalg.eigh(v)
    d = (vectors * np.sqrt(values)) @ vectors.T
    b = d @ (v - x @ model @ x.T) @ d
    spread, turned = np.linalg.eigh((b + b.T) / 2)
    alive = spread > FLAT * spread[-1]
    half = d @ (turned[:, alive] / spread[alive] ** 0.25)
    return np.asarray(half @ half.T)
