"""Two-step analyses: groups' own coefficients regressed on group-level predictors.

Weights 1 / (tau^2 + V_j), tau^2 the variance between groups that predictors leave, by REML (Lewis & Linzer 2005, Polit. Anal. 13;
Viechtbauer 2005); 1 / V_j and equal weights are there as references.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize_scalar

from mlgui.engine.pooling import individual_columns, n_rows, response, root_weights, triangle
from mlgui.engine.problem import Floats, Problem
from mlgui.engine.within import independent_columns, within_groups

WEIGHTS = ("random-effects", "precision", "equal")


@dataclass(frozen=True, kw_only=True, eq=False)
class SecondStep:
    """beta, se: (c,), NaN for predictors that others explain. df: groups less coefficients. tau: SD between groups that

    is left, NaN unless weights are "random-effects". used: groups with an estimate, whose number is `n_groups`.
    """

    beta: Floats
    se: Floats
    df: int
    tau: float
    n_groups: int
    left_out: int


def first_step(problem: Problem, k: int) -> tuple[Floats, Floats]:
    """Return each group's own coefficients of grouping k and their standard errors, (J, q), NaN where its rows cannot tell.

    Regressions as `pooling.separate_regressions`, but one residual SD for all, so that small groups have a standard error too.
    """
    groups, root = problem.groupings[k], root_weights(problem)
    z = groups.z * root[:, None]
    columns = individual_columns(problem, within_groups(groups.codes, groups.n_groups, z))
    within = within_groups(groups.codes, groups.n_groups, np.hstack([z, problem.x[:, columns] * root[:, None]]))
    y, q = response(problem) * root, z.shape[1]
    inverse, estimable = within.inverse()
    values = np.where(estimable, np.einsum("jab,jb->ja", inverse, within.coordinates(y)), np.nan)
    df = n_rows(problem) - int(within.rank.sum())
    sigma = float(np.linalg.norm(within.residual(y))) / np.sqrt(df) if df > 0 else float("nan")
    ses = np.where(estimable, sigma * np.linalg.norm(inverse, axis=2), np.nan)
    return values[:, :q], ses[:, :q]


def second_step(own: Floats, se: Floats, predictors: Floats, weights: str = "random-effects") -> SecondStep:
    """Return the regression of own coefficients (J,) with standard errors (J,) on predictors (J, c).

    Groups without an estimate, or (unless weights are equal) without an SE, are left out. With `precision` the residual
    variance of the second step scales the SEs, as R's lm does; with `random-effects` they take the weights as known.
    """
    known = np.isfinite(own) & (np.ones(len(own), dtype=bool) if weights == "equal" else np.isfinite(se) & (se > 0))
    y, x, c = own[known], predictors[known], predictors.shape[1]
    kept = independent_columns(triangle(x)) if len(y) else []
    df = len(y) - len(kept)
    beta, errors, tau = np.full(c, np.nan), np.full(c, np.nan), float("nan")
    if df > 0 and kept:
        variance = np.ones(len(y)) if weights == "equal" else se[known] ** 2
        x = x[:, kept]
        if weights == "random-effects":
            tau = _tau(y, x, variance)
            variance = variance + tau**2
        beta[kept], unit, rest = _weighted(y, x, variance)
        scale = 1.0 if weights == "random-effects" else rest / df
        errors[kept] = np.sqrt(scale * np.diag(unit))
    return SecondStep(beta=beta, se=errors, df=df, tau=tau, n_groups=len(y), left_out=len(own) - len(y))


def _weighted(y: Floats, x: Floats, variance: Floats) -> tuple[Floats, Floats, float]:
    """Weighted least squares: coefficients, (X'WX)^-1 and the weighted residual sum of squares."""
    root = 1 / np.sqrt(variance)
    q, r = np.linalg.qr(x * root[:, None])
    inverse = np.linalg.inv(r)
    along = q.T @ (y * root)
    rest = y * root - q @ along
    return inverse @ along, inverse @ inverse.T, float(rest @ rest)


def _tau(y: Floats, x: Floats, variance: Floats) -> float:
    """The SD between groups that minimises the REML criterion; exactly 0 where that is at the boundary."""

    def criterion(tau: float) -> float:
        total = variance + tau**2
        _, unit, rest = _weighted(y, x, total)
        return float(np.log(total).sum() - np.linalg.slogdet(unit)[1] + rest)

    largest = 4 * float(np.std(y)) + 4 * float(np.sqrt(variance.max()))
    grid = np.linspace(0.0, largest, 81)
    best = int(np.argmin([criterion(tau) for tau in grid]))
    low, high = grid[max(best - 1, 0)], grid[min(best + 1, len(grid) - 1)]
    found = minimize_scalar(criterion, bounds=(low, high), method="bounded", options={"xatol": 1e-9 * largest})
    return 0.0 if criterion(0.0) <= found.fun + 1e-10 else float(found.x)
