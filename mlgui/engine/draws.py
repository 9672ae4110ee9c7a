"""Draws of (beta, b, sigma) as R's `sim` makes them, and what is read off them: ranks, replicated data, finite-population SDs.

sigma^2 is drawn from its scaled inverse chi-square with n - rank degrees of freedom, then coefficients and group effects
jointly from the normal distribution with Henderson's covariance, the relative variances of the groups held at their
estimates (Gelman & Hill 2007, secs. 7.2 and 12.8). With one grouping group effects are independent given the coefficients;
otherwise a draw is the error of the fit to a simulated response, which has exactly that distribution
(Papandreou & Yuille 2010, NIPS 23).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from mlgui.engine.estimates import Estimates
from mlgui.engine.gram import Gram
from mlgui.engine.problem import Floats
from mlgui.engine.renewed import renewed_backend
from mlgui.engine.residual_noise import coloured, solution_rows
from mlgui.engine.responses import Responses, products
from mlgui.engine.scaling import Rows
from mlgui.engine.solution import Solution

BLOCK = 4_000_000
"""Numbers of simulated noise, or of group effects, that are held at once."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Draws:
    """R draws. beta: (R, p), 0 for dropped coefficients. effects: b per grouping, (R, J, q). sigma: (R,)."""

    beta: Floats
    effects: tuple[Floats, ...]
    sigma: Floats
    seed: int


def draw(
    estimates: Estimates, count: int = 1000, seed: int = 1, between_blocks: Callable[[int, int], None] = lambda done, total: None
) -> Draws:
    """Return `count` draws; the same seed gives the same. `between_blocks(done, total)` is called at times, and may raise.

    Of a residual structure SDs relative to the first and correlations are held at their estimates too.
    """
    rng = np.random.default_rng(seed)
    degrees = estimates.n - estimates.rank
    sigma = estimates.sigma * np.sqrt(degrees / rng.chisquare(degrees, count))
    if len(estimates.groups) > 1:
        beta, effects = _by_simulation(estimates, count, rng, between_blocks)
    else:
        beta, effects = _directly(estimates, count, rng)
    ratio = sigma / estimates.sigma
    return Draws(
        beta=np.nan_to_num(estimates.beta) + ratio[:, None] * beta,
        effects=tuple(one.mode + ratio[:, None, None] * errors for one, errors in zip(estimates.groups, effects, strict=True)),
        sigma=sigma,
        seed=seed,
    )


def rank_intervals(values: Floats, confidence: float = 0.95) -> tuple[Floats, Floats, Floats]:
    """Return mean rank, lower and upper limit of the rank of each of J groups over joint draws (R, J); the largest is first."""
    order = np.argsort(-values, axis=1)
    ranks = np.empty(values.shape)
    np.put_along_axis(ranks, order, np.arange(1.0, values.shape[1] + 1)[None], axis=1)
    tail = (1 - confidence) / 2
    low, high = np.quantile(ranks, [tail, 1 - tail], axis=0, method="inverted_cdf")
    return ranks.mean(axis=0), low, high


def finite_population_sds(effects: Floats) -> Floats:
    """Return the SD over the J groups at hand of each coefficient, per draw: (R, J, q) to (R, q) (Gelman 2005, Ann. Stat. 33)."""
    return np.asarray(effects.std(axis=1, ddof=1))


def replicated_data(estimates: Estimates, draws: Draws, *, new_groups: bool = False, seed: int = 1) -> Floats:
    """Return one replicated response per draw, (R, n): the same groups with the drawn effects, or new groups in their place."""
    problem, rng = estimates.problem, np.random.default_rng(seed)
    y = draws.beta @ problem.x.T
    if problem.offset is not None:
        y += problem.offset
    for groups, one, effects in zip(problem.groupings, estimates.groups, draws.effects, strict=True):
        b = effects
        if new_groups:
            b = draws.sigma[:, None, None] * (rng.standard_normal(effects.shape) @ one.factor.T)
        for a in range(groups.z.shape[1]):
            y += b[:, groups.codes, a] * groups.z[:, a]
    noise = coloured(estimates, rng.standard_normal(y.shape[::-1])).T * draws.sigma[:, None]
    if problem.weights is not None:
        noise[:, problem.weights <= 0] = np.nan
    return np.asarray(y + noise)


def _directly(estimates: Estimates, count: int, rng: np.random.Generator) -> tuple[Floats, list[Floats]]:
    """Errors of beta (R, p) and b (R, J, q) at sigma = sigma-hat, for one grouping or none."""
    vcov = np.nan_to_num(estimates.vcov)
    beta = rng.standard_normal((count, len(vcov))) @ _root(vcov).T
    effects = []
    for one in estimates.groups:
        independent = np.einsum("jab,rjb->rja", _root(one.conditional_covariance), rng.standard_normal((count, *one.mode.shape)))
        effects.append(independent + np.einsum("jap,rp->rja", one.sensitivity, beta, optimize=True))
    return beta, effects


def _root(covariances: Floats) -> Floats:
    """Symmetric square roots of covariance matrices (..., q, q), singular ones too."""
    values, vectors = np.linalg.eigh(covariances)
    return np.asarray((vectors * np.sqrt(np.maximum(values, 0.0))[..., None, :]) @ np.swapaxes(vectors, -1, -2))


def _by_simulation(
    estimates: Estimates, count: int, rng: np.random.Generator, between_blocks: Callable[[int, int], None]
) -> tuple[Floats, list[Floats]]:
    """Errors of beta (R, p) and b (R, J, q): b simulated less its prediction from the response it makes."""
    solution: Solution = estimates.state
    rows = solution_rows(estimates)
    width = max(1, BLOCK // estimates.problem.n)
    beta = np.zeros((count, len(estimates.beta)))
    effects = [np.empty((count, *one.mode.shape)) for one in estimates.groups]
    for first in range(0, count, width):
        between_blocks(first, count)
        part = slice(first, min(first + width, count))
        truth, noise = _simulated(solution, rows, part.stop - part.start, rng)
        fixed, modes = _solved(solution, products(rows, noise))
        beta[part, solution.fixed.kept] = -estimates.sigma * fixed @ solution.fixed.basis.T
        for k, (u, g) in enumerate(zip(truth, modes)):
            root = estimates.sigma * solution.groups[k].to_user @ solution.point.factors[k]
            effects[k][part] = np.einsum("ab,brj->rja", root, u - g)
    return beta, effects


def _simulated(solution: Solution, rows: Rows, count: int, rng: np.random.Generator) -> tuple[list[Floats], Floats]:
    """Standard group effects per grouping (q, R, J) and the noise they make with that of the rows, (n, R), sigma = 1.

    Rows of weight 0 have columns of 0 and take no part.
    """
    noise = rng.standard_normal((rows.w.shape[1], count))
    truth = []
    for k, factor in enumerate(solution.objective.inside(solution.point.factors)):
        u = rng.standard_normal((len(factor), count, rows.n_groups[k]))
        truth.append(u)
        for column, effect in zip(rows.z[k], np.tensordot(factor, u, axes=1)):
            noise += column[:, None] * effect[:, rows.codes[k]].T
    return truth, noise


def _solved(solution: Solution, responses: Responses) -> tuple[Floats, list[Floats]]:
    """Coefficients (R, r) and standard modes per grouping (q, R, J) of the responses, at the factors of the solution."""
    gram, r = solution.gram, solution.objective.rank
    count = len(responses)
    total = np.zeros((r + count, r + count))
    total[:r, :r] = gram.total[:r, :r]
    total[r:, :r], total[:r, r:] = responses.with_x, responses.with_x.T
    with_w = tuple(np.concatenate([old[:, :r], new], axis=1) for old, new in zip(gram.with_w, responses.with_z))
    wide: Gram = replace(gram, total=total, with_w=with_w)
    backend = renewed_backend(solution.objective.backend, wide)
    factors = solution.objective.inside(solution.point.factors)
    eliminated = backend.eliminate(factors)
    fixed = np.asarray(np.linalg.solve(eliminated.schur[:r, :r], eliminated.schur[:r, r:]).T, dtype=np.float64)
    modes: list[Floats] = [u[:, r:] - np.einsum("aij,ri->arj", u[:, :r], fixed) for u in backend.effects(factors, eliminated).u]
    return fixed, modes
