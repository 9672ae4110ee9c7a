"""Parametric bootstrap: a fit again to responses simulated from it.

Models with one grouping are refitted all at once; others one after the other, keeping the cross-products of X and Z.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from mlgui.engine.boundary import settle
from mlgui.engine.certificate import certificate_of
from mlgui.engine.estimates import Estimates
from mlgui.engine.many_fits import ManyFits, fit_many
from mlgui.engine.newton import Search
from mlgui.engine.objective import NotPositive, Point
from mlgui.engine.penalty import Penalised
from mlgui.engine.problem import Floats
from mlgui.engine.renewed import renewed_backend, renewed_gram
from mlgui.engine.residual_bootstrap import structured_refits
from mlgui.engine.responses import DirectDraws, Responses, products, simulated
from mlgui.engine.scaling import scaled_rows
from mlgui.engine.single import Single
from mlgui.engine.solution import Solution

OnStep = Callable[[int, int], None]
"""Called with (replicates done, replicates wanted); it may raise to stop."""

BLOCK = 4_000_000
"""Numbers of simulated noise that are held at once."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Bootstrap:
    """R refits on the user's scale. beta: (R, p), NaN for dropped coefficients. sigma: (R,).

    covariances: sigma^2 G per grouping, (R, q, q). singular: (R,), whether a variance is 0 or a correlation +-1.
    refitted: replicates that needed a search of their own. failed: how many found no minimum; their rows are NaN.
    structures: (R, m) parameters of the residual structure (`residual_parameters.natural`).
    """

    seed: int
    beta: Floats
    sigma: Floats
    covariances: tuple[Floats, ...]
    singular: NDArray[np.bool_]
    refitted: int
    failed: int
    structures: Floats = field(default_factory=lambda: np.zeros((0, 0)))


def bootstrap(estimates: Estimates, replicates: int = 1000, seed: int = 1, on_step: OnStep | None = None) -> Bootstrap:
    """Refits to `replicates` responses simulated from the fit; the same seed gives the same refits."""
    report = on_step or _ignore
    if not estimates.problem.residual.is_homogeneous:
        return _structured(estimates, replicates, seed, report)
    solution: Solution = estimates.state
    rng = np.random.default_rng(seed)
    parts: list[ManyFits] = []
    refitted = done = 0
    for responses in _responses(estimates, replicates, rng):
        report(done, replicates)
        found, again = refit(solution, responses, partial(_report, report, done, replicates))
        parts.append(found)
        refitted, done = refitted + again, done + len(responses)
    report(done, replicates)
    return _on_users_scale(estimates, solution, parts, seed, refitted)


def _structured(estimates: Estimates, replicates: int, seed: int, report: OnStep) -> Bootstrap:
    """The same with a residual structure, one fit after the other."""
    found, structures = structured_refits(estimates, replicates, seed, report)
    p, covariances = len(estimates.beta), [np.full((replicates, *one.covariance.shape), np.nan) for one in estimates.groups]
    beta, sigma, singular = np.full((replicates, p), np.nan), np.full(replicates, np.nan), np.zeros(replicates, dtype=np.bool_)
    for place, one in enumerate(found):
        if one is not None:
            beta[place], sigma[place], singular[place] = one.beta, one.sigma, one.singular
            for mine, groups in zip(covariances, one.groups, strict=True):
                mine[place] = groups.covariance
    failed = sum(one is None for one in found)
    return Bootstrap(
        seed=seed, beta=beta, sigma=sigma, covariances=tuple(covariances), singular=singular, refitted=replicates,
        failed=failed, structures=structures,
    )  # fmt: skip


def _report(report: OnStep, before: int, total: int, number: int) -> None:
    """Report `number` replicates more than `before`."""
    report(before + number, total)


def _ignore(done: int, total: int) -> None:
    """Report to nobody."""


def _responses(estimates: Estimates, replicates: int, rng: np.random.Generator) -> Iterator[Responses]:
    """Simulated responses, block by block."""
    solution: Solution = estimates.state
    if isinstance(solution.objective.backend, Single):
        draws = DirectDraws(solution)
        q, r, groups = solution.gram.with_w[0].shape
        for count in blocks_of(replicates, max(1, BLOCK // (groups * q * (q + r)))):
            yield draws.draw(count, rng)
        return
    rows = scaled_rows(estimates.problem)
    for count in blocks_of(replicates, max(1, BLOCK // estimates.problem.n)):
        yield products(rows, simulated(estimates.problem, solution, rows, count, rng))


def blocks_of(total: int, width: int) -> list[int]:
    """Sizes of blocks of at most `width` that add up to `total`."""
    return [min(width, total - start) for start in range(0, total, width)]


def refit(solution: Solution, responses: Responses, on_step: Callable[[int], None]) -> tuple[ManyFits, int]:
    """Refits of a model to noise in units of sigma, and how many needed a search of their own although it was not expected."""
    if not isinstance(solution.objective.backend, Single) or isinstance(solution.objective, Penalised):
        return _one_by_one(solution, responses, on_step), 0
    found = fit_many(solution, responses)
    left = np.flatnonzero(~found.converged)
    for place in left:
        on_step(len(responses))
        single = _searched(solution, responses, int(place))
        if single is not None:
            found.factors[0][place] = single.factors[0]
            found.criterion[place], found.beta[place], found.r2[place] = single.criterion, single.beta, single.r2
            found.converged[place] = True
    return found, len(left)


def _one_by_one(solution: Solution, responses: Responses, on_step: Callable[[int], None]) -> ManyFits:
    """Refits by a search each."""
    count, rank = len(responses), solution.objective.rank
    factors = [np.full((count, q, q), np.nan) for q in solution.objective.backend.sizes]
    criterion, r2, beta = np.full(count, np.nan), np.full(count, np.nan), np.full((count, rank), np.nan)
    for place in range(count):
        on_step(place)
        point = _searched(solution, responses, place)
        if point is not None:
            criterion[place], r2[place], beta[place] = point.criterion, point.r2, point.beta
            for mine, factor in zip(factors, point.factors):
                mine[place] = factor
    return ManyFits(factors=tuple(factors), criterion=criterion, beta=beta, r2=r2, converged=np.isfinite(criterion))


def _searched(solution: Solution, responses: Responses, place: int) -> Point | None:
    """The minimum of one refit by the search every fit uses, or None."""
    gram = renewed_gram(solution.gram, responses, place)
    objective = replace(solution.objective, backend=renewed_backend(solution.objective.backend, gram))
    search = Search(objective, solution.layout, [one.typical for one in solution.groups], lambda point: None, None)
    try:
        settled = settle(search, solution.regular, 100)
    except NotPositive:
        return None
    return settled.point if settled is not None and certificate_of(settled, None).passed else None


def _on_users_scale(estimates: Estimates, solution: Solution, parts: Sequence[ManyFits], seed: int, refitted: int) -> Bootstrap:
    """The refits in the units of the data."""
    fixed = solution.fixed
    converged = np.concatenate([part.converged for part in parts])
    gone = np.where(converged, 1.0, np.nan)
    sigma = gone * estimates.sigma * np.sqrt(np.concatenate([part.r2 for part in parts]) / solution.objective.degrees)
    beta = np.full((len(sigma), len(estimates.beta)), np.nan)
    moved = np.concatenate([part.beta for part in parts]) @ fixed.basis.T
    beta[:, fixed.kept] = estimates.beta[fixed.kept] + estimates.sigma * gone[:, None] * moved
    covariances, singular = [], np.zeros(len(sigma), dtype=np.bool_)
    for k, scale in enumerate(solution.groups):
        factors = np.concatenate([part.factors[k] for part in parts])
        root = scale.to_user @ factors
        covariances.append((sigma * sigma)[:, None, None] * (root @ root.transpose(0, 2, 1)))
        singular |= (np.diagonal(factors, axis1=1, axis2=2) == 0.0).any(axis=1)
    return Bootstrap(
        seed=seed,
        beta=beta,
        sigma=sigma,
        covariances=tuple(covariances),
        singular=singular & converged,
        refitted=refitted,
        failed=int((~converged).sum()),
    )


def standard_deviations(covariance: Floats) -> Floats:
    """SDs (R, q) of covariances (R, q, q)."""
    return np.asarray(np.sqrt(np.diagonal(covariance, axis1=1, axis2=2)))


def correlations(covariance: Floats, a: int, b: int) -> Floats:
    """Correlation of two coefficients in every replicate (R,); NaN where one of them does not vary."""
    sd = standard_deviations(covariance)
    product = sd[:, a] * sd[:, b]
    return np.asarray(np.divide(covariance[:, a, b], product, out=np.full(len(sd), np.nan), where=product > 0))


def percentile_interval(values: Floats, confidence: float = 0.95) -> tuple[float, float]:
    """The interval between two quantiles of replicates that cut off the same share at both ends; NaN values left out."""
    used = values[np.isfinite(values)]
    if not len(used):
        return float("nan"), float("nan")
    low, high = np.quantile(used, [(1 - confidence) / 2, (1 + confidence) / 2])
    return float(low), float(high)


def shortest_interval(values: Floats, confidence: float = 0.95) -> tuple[float, float]:
    """The shortest interval that holds a share of the replicates; NaN values left out."""
    used = np.sort(values[np.isfinite(values)])
    if not len(used):
        return float("nan"), float("nan")
    inside = min(len(used), max(1, math.ceil(confidence * len(used))))
    widths = used[inside - 1 :] - used[: len(used) - inside + 1]
    start = int(np.argmin(widths))
    return float(used[start]), float(used[start + inside - 1])
