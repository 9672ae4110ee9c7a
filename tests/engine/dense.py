"""An independent oracle: the whole model by a dense V, in the plainest algebra there is, for problems of a few hundred rows.

Derived from the textbook alone (Searle, Casella & McCulloch 1992, ch. 6; Henderson 1975): no elimination, no blocks, no
scaling, none of the engine's code. Derivatives are complex-step derivatives, so they are exact to rounding.

    y - offset = X beta + Z b + e,   Var(b) = sigma^2 G,   Var(e) = sigma^2 W^-1,   V = W^-1 + Z G Z'
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mlgui.engine.estimates import Certificate, Estimates, GroupEffects, Record
from mlgui.engine.problem import Floats, Groups, Problem

Array = NDArray[np.generic]


@dataclass(frozen=True, kw_only=True, eq=False)
class Dense:
    """A fit at given factors. p counts all columns of x; what is not estimable is NaN in beta and vcov.

    modes, conditional, prediction_error: one array per grouping, (J, q), (J, q, q), (J, q, q), sigma^2 included.
    sensitivity: (J, q, p) per grouping, d b-hat / d beta-hat. joint: Henderson's covariance of (beta-hat - beta,
    b-hat - b), kept columns of x first, then grouping by grouping, group by group.
    """

    criterion: float
    sigma: float
    beta: Floats
    vcov: Floats
    kept: tuple[int, ...]
    modes: tuple[Floats, ...]
    conditional: tuple[Floats, ...]
    prediction_error: tuple[Floats, ...]
    sensitivity: tuple[Floats, ...]
    joint: Floats
    fitted: Floats


def kept_columns(problem: Problem) -> tuple[int, ...]:
    """Return the first columns of x, from the left, that are linearly independent (as lme4 keeps them)."""
    kept: list[int] = []
    basis = np.zeros((problem.n, 0))
    for column in range(problem.x.shape[1]):
        x = problem.x[:, column]
        rest = x - basis @ (basis.T @ x)
        rest = rest - basis @ (basis.T @ rest)
        if np.linalg.norm(rest) > 1e-8 * np.linalg.norm(x):
            kept.append(column)
            basis = np.column_stack([basis, rest / np.linalg.norm(rest)])
    return tuple(kept)


def indicator_z(groups: Groups) -> Floats:
    """Return the full Z of one grouping, (n, J q), group by group, coefficients within a group together."""
    n, q = groups.z.shape
    z = np.zeros((n, groups.n_groups * q))
    for i in range(n):
        z[i, groups.codes[i] * q : (groups.codes[i] + 1) * q] = groups.z[i]
    return z


def theta_of(problem: Problem, factors: Sequence[Floats]) -> Floats:
    """Return the free entries of the factors, grouping by grouping, column by column."""
    return np.array([factor[r, c] for groups, factor in zip(problem.groupings, factors) for r, c in _free(groups)])


def factors_of(problem: Problem, theta: Array) -> list[Array]:
    """Return the lower triangular factors with free entries `theta` (real or complex)."""
    factors, at = [], 0
    for groups in problem.groupings:
        q = groups.z.shape[1]
        factor = np.zeros((q, q), dtype=theta.dtype)
        for row, column in _free(groups):
            factor[row, column] = theta[at]
            at += 1
        factors.append(factor)
    return factors


def _free(groups: Groups) -> list[tuple[int, int]]:
    q = groups.z.shape[1]
    return [(row, column) for column in range(q) for row in range(column, q) if groups.pattern[row, column]]


def marginal_v(problem: Problem, factors: Sequence[Array], omit: int | None = None) -> Array:
    """Return V (n, n) for sigma = 1; `omit`: index of a grouping left out."""
    weights = np.ones(problem.n) if problem.weights is None else problem.weights
    v = np.diag(1.0 / weights).astype(np.result_type(float, *factors))
    for index, (groups, factor) in enumerate(zip(problem.groupings, factors)):
        if index != omit:
            same = groups.codes[:, None] == groups.codes[None, :]
            v = v + same * (groups.z @ (factor @ factor.T) @ groups.z.T)
    return v


def response(problem: Problem) -> Floats:
    """Return y minus the offset."""
    return problem.y if problem.offset is None else problem.y - problem.offset


def _log_det(matrix: Array) -> complex:
    sign, log = np.linalg.slogdet(matrix)
    return complex(np.log(sign) + log)


def _gls(problem: Problem, factors: Sequence[Array]) -> tuple[Array, Array, Array, complex]:
    """Return (beta, X'V^-1X, V, r'V^-1r) over the kept columns."""
    x, y = problem.x[:, list(kept_columns(problem))], response(problem)
    v = marginal_v(problem, factors)
    solved = np.linalg.solve(v, np.column_stack([x, y]))
    cross = x.T @ solved[:, :-1]
    beta = np.linalg.solve(cross, x.T @ solved[:, -1])
    r = y - x @ beta
    return beta, cross, v, complex(r @ np.linalg.solve(v, r))


def criterion(problem: Problem, theta: Array) -> float:
    """Return lme4's profiled REML criterion or ML deviance at `theta`."""
    return _profiled(problem, theta).real


def _profiled(problem: Problem, theta: Array) -> complex:
    _, cross, v, quadratic = _gls(problem, factors_of(problem, theta))
    n, p = problem.n, len(cross)
    df = n - p if problem.reml else n
    value = _log_det(v) + df * (1 + np.log(2 * np.pi * quadratic / df))
    return complex(value + (_log_det(cross) if problem.reml else 0))


def unprofiled(problem: Problem, phi: Array) -> complex:
    """Return -2 log (restricted) likelihood at phi = (theta, log sigma), beta profiled out."""
    sigma2 = np.exp(2 * phi[-1])
    _, cross, v, quadratic = _gls(problem, factors_of(problem, phi[:-1]))
    n, p = problem.n, len(cross)
    df = n - p if problem.reml else n
    value = _log_det(v) + df * np.log(2 * np.pi * sigma2) + quadratic / sigma2
    return complex(value + (_log_det(cross) if problem.reml else 0))


def complex_step(function: Callable[[Array], Array], at: Floats, step: float = 1e-30) -> Floats:
    """Return the derivatives of an analytic function, (m, ...), by the complex-step rule: no cancellation."""
    rows = []
    for index in range(len(at)):
        point = at.astype(complex)
        point[index] += 1j * step
        rows.append(np.imag(function(point)) / step)
    return np.array(rows)


def gradient(problem: Problem, theta: Floats) -> Floats:
    """Return the derivatives of the profiled criterion in theta."""
    return complex_step(lambda point: np.asarray(_profiled(problem, point)), theta)


def hessian(function: Callable[[Array], Array], at: Floats, step: float = 1e-5) -> Floats:
    """Return second derivatives: Richardson-extrapolated central differences of the complex-step gradient."""

    def differences(width: float) -> Floats:
        rows = []
        for index in range(len(at)):
            move = np.zeros(len(at))
            move[index] = width * max(abs(at[index]), 1.0)
            rows.append((complex_step(function, at + move) - complex_step(function, at - move)) / (2 * move[index]))
        return np.array(rows)

    value = (4 * differences(step) - differences(2 * step)) / 3
    return (value + value.T) / 2


def satterthwaite(problem: Problem, theta: Floats, sigma: float, contrasts: Floats) -> Floats:
    """Return degrees of freedom for contrasts (m, p), as lmerTest: everything in (theta, log sigma).

    NaN for a contrast of dropped columns alone.
    """
    phi = np.append(theta, np.log(sigma))
    covariance = 2 * np.linalg.inv(hessian(lambda point: np.asarray(unprofiled(problem, point)), phi))
    kept = list(kept_columns(problem))

    def variances(point: Array) -> Array:
        _, cross, _, _ = _gls(problem, factors_of(problem, point[:-1]))
        vcov = np.exp(2 * point[-1]) * np.linalg.inv(cross)
        return np.einsum("mp,pr,mr->m", contrasts[:, kept], vcov, contrasts[:, kept])

    slopes = complex_step(variances, phi)
    spread = np.einsum("am,ab,bm->m", slopes, covariance, slopes)
    return 2 * np.real(variances(phi)) ** 2 / np.where(spread > 0, spread, np.nan)


def dense(problem: Problem, factors: Sequence[Floats]) -> Dense:
    """Return everything at the given factors, sigma profiled out."""
    beta, cross, v, quadratic = (np.real(part) for part in _gls(problem, factors))
    kept = kept_columns(problem)
    x, n, p = problem.x[:, list(kept)], problem.n, problem.x.shape[1]
    sigma2 = float(quadratic) / (n - len(kept) if problem.reml else n)
    z = np.hstack([np.zeros((n, 0)), *(indicator_z(groups) for groups in problem.groupings)])
    g = _block_diagonal([np.kron(np.eye(groups.n_groups), t @ t.T) for groups, t in zip(problem.groupings, factors)])
    v_inverse = np.linalg.inv(v)
    gain = g @ z.T @ v_inverse
    mode = gain @ (response(problem) - x @ beta)
    conditional = sigma2 * (g - gain @ z @ g)
    slope = -gain @ x
    vcov = sigma2 * np.linalg.inv(cross)
    joint = np.block([[vcov, vcov @ slope.T], [slope @ vcov, conditional + slope @ vcov @ slope.T]])
    offset = 0 if problem.offset is None else problem.offset
    wide = np.zeros((z.shape[1], p))
    wide[:, list(kept)] = slope
    return Dense(
        criterion=criterion(problem, theta_of(problem, factors)),
        sigma=float(np.sqrt(sigma2)),
        beta=_widen(beta, kept, p),
        vcov=_widen(vcov, kept, p),
        kept=kept,
        modes=tuple(_split(problem, mode)),
        conditional=tuple(_diagonal_blocks(problem, conditional)),
        prediction_error=tuple(_diagonal_blocks(problem, joint[len(kept) :, len(kept) :])),
        sensitivity=tuple(_split(problem, wide)),
        joint=joint,
        fitted=offset + x @ beta + z @ mode,
    )


def estimates_at(problem: Problem, factors: Sequence[Floats]) -> Estimates:
    """Return the oracle's numbers as `Estimates` (no state, no record), to test what is computed from a fit."""
    fit = dense(problem, factors)
    effects = tuple(
        GroupEffects(
            factor=factor,
            covariance=fit.sigma**2 * factor @ factor.T,
            mode=fit.modes[k],
            conditional_covariance=fit.conditional[k],
            sensitivity=fit.sensitivity[k],
        )
        for k, factor in enumerate(factors)
    )
    offset = 0 if problem.offset is None else problem.offset
    kept = list(fit.kept)
    return Estimates(
        problem=problem, criterion=fit.criterion, sigma=fit.sigma, theta=theta_of(problem, factors), beta=fit.beta,
        vcov=fit.vcov, dropped=tuple(np.flatnonzero(np.isnan(fit.beta))), rank=len(kept), n=problem.n, groups=effects,
        boundaries=(), fitted=fit.fitted, fixed_part=offset + problem.x[:, kept] @ fit.beta[kept],
        record=Record(steps=(), n_values=0, n_derivatives=0, stopped=""),
        certificate=Certificate(gradient=0.0, curvature=0.0, boundary_gap=None, second_start=None, passed=True),
    )  # fmt: skip


def total_variance(problem: Problem, fit: Dense, k: int, j: int, contrast: Floats, part: Floats) -> float:
    """Return the variance of contrast'(beta-hat - beta) + part'(b-hat_j - b_j) for group j of grouping k."""
    direction = np.zeros(len(fit.joint))
    direction[: len(fit.kept)] = contrast[list(fit.kept)]
    sizes = [groups.n_groups * groups.z.shape[1] for groups in problem.groupings]
    start = len(fit.kept) + sum(sizes[:k]) + j * len(part)
    direction[start : start + len(part)] = part
    return float(direction @ fit.joint @ direction)


def _widen(values: Floats, kept: tuple[int, ...], p: int) -> Floats:
    wide = np.full((p,) * values.ndim, np.nan)
    wide[np.ix_(*([list(kept)] * values.ndim))] = values
    return wide


def _block_diagonal(blocks: list[Floats]) -> Floats:
    size = sum(len(block) for block in blocks)
    out, at = np.zeros((size, size)), 0
    for block in blocks:
        out[at : at + len(block), at : at + len(block)] = block
        at += len(block)
    return out


def _split(problem: Problem, stacked: Floats) -> list[Floats]:
    out, at = [], 0
    for groups in problem.groupings:
        j, q = groups.n_groups, groups.z.shape[1]
        out.append(stacked[at : at + j * q].reshape(j, q, *stacked.shape[1:]))
        at += j * q
    return out


def _diagonal_blocks(problem: Problem, matrix: Floats) -> list[Floats]:
    out, at = [], 0
    for groups in problem.groupings:
        j, q = groups.n_groups, groups.z.shape[1]
        block = matrix[at : at + j * q, at : at + j * q].reshape(j, q, j, q)
        out.append(np.einsum("jajb->jab", block))
        at += j * q
    return out
