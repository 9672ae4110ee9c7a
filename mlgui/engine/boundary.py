"""Optima at the boundary: zero variances and correlations of +-1, set exactly and tested.

The criterion d is even in each column of T, so that a zero there is stationary whatever lies beyond. What decides is
S_k = d criterion / d G_k: at a minimum it is positive semi-definite on every block, and S T = 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mlgui.engine.estimates import Boundary
from mlgui.engine.newton import FLOOR, Minimum, Search
from mlgui.engine.objective import NotPositive, Objective, Point, Slope
from mlgui.engine.problem import Floats
from mlgui.engine.theta import blocks, canonical

NEARLY_ZERO = 1e-3
"""Diagonal entries below this many typical SDs are tried at exactly zero."""
PROBE = 1e-4
"""Diagonal, in typical SDs, at which S is read from the local gradient T'ST: its error is then about 1e-8."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Settled:
    """A minimum with its boundary entries exactly 0. gap: smallest eigenvalue of the scaled S (None in the interior)."""

    minimum: Minimum
    point: Point
    slope: Slope
    gap: float | None


def boundary_of(grouping: int, factor: Floats, pattern: NDArray[np.bool_]) -> Boundary | None:
    """Which variances are 0 and which correlations +-1 in a canonical factor; None where it has full rank."""
    if np.diagonal(factor).all():
        return None
    length = np.sqrt((factor * factor).sum(axis=1))
    zero = tuple(int(a) for a in np.flatnonzero(length == 0.0))
    lockstep = []
    for block in blocks(pattern):
        for i, b in enumerate(block):
            for a in block[:i]:
                if length[a] > 0 and length[b] > 0:
                    correlation = float(factor[a] @ factor[b]) / float(length[a] * length[b])
                    if abs(correlation) > 1 - 1e-9:
                        lockstep.append((a, b))
    rank = int(np.count_nonzero(np.diagonal(factor)))
    return Boundary(grouping=grouping, zero=zero, lockstep=tuple(lockstep), rank_lost=len(factor) - rank)


def settle(search: Search, start: Sequence[Floats], max_steps: int, known: Point | None = None) -> Settled | None:
    """Minimise from `start`; set vanishing entries to 0; restart along a direction in which the boundary is left.

    None where the search runs into the `known` minimum.
    """
    minimum = search.run(start, max_steps, known)
    while minimum is not None:
        point = with_zeros(search, minimum.point)
        if not any((np.diagonal(factor) == 0.0).any() for factor in point.factors):
            return Settled(minimum=minimum, point=point, slope=minimum.slope, gap=None)
        gap, away = boundary_test(search.objective, point, search.typical, search.layout.patterns)
        better = point_off_boundary(search, point, away) if gap < -1e-6 else None
        if better is None:
            return Settled(minimum=minimum, point=point, slope=search.objective.slope(point), gap=gap)
        minimum = search.run(better.factors, max_steps, known)
    return None


def with_zeros(search: Search, point: Point) -> Point:
    """The point with nearly zero diagonal entries (and columns they leave empty) exactly 0, where d does not rise."""
    trial = [_zeroed(factor, usual, NEARLY_ZERO) for factor, usual in zip(point.factors, search.typical)]
    if all((a == b).all() for a, b in zip(trial, point.factors)):
        return point
    for threshold in (NEARLY_ZERO, 2 * FLOOR):
        trial = [_zeroed(factor, usual, threshold) for factor, usual in zip(point.factors, search.typical)]
        try:
            found = search.value(trial)
        except NotPositive:
            continue
        if found.criterion <= point.criterion + 1e-8 + 1e-12 * abs(point.criterion):
            return found
    return point


def _zeroed(factor: Floats, usual: Floats, threshold: float) -> Floats:
    """The factor with small diagonal entries set to 0, and whole columns where nothing else in them is larger."""
    out = factor.copy()
    for b in range(len(factor)):
        if out[b, b] < threshold * usual[b]:
            out[b, b] = 0.0
            if (np.abs(out[:, b]) < threshold * usual).all():
                out[:, b] = 0.0
    return out


def boundary_test(
    objective: Objective, point: Point, typical: Sequence[Floats], patterns: Sequence[NDArray[np.bool_]]
) -> tuple[float, list[Floats]]:
    """Smallest eigenvalue of S_k / J_k scaled by typical SDs over all groupings and blocks, and its direction per grouping.

    S is read from the local gradient at factors moved off the boundary by PROBE. Blocks are those of the patterns: where a
    whole block is 0, two coefficients may rise together though neither would alone.
    """
    probed = []
    for factor, usual in zip(point.factors, typical):
        moved = factor.copy()
        index = np.arange(len(moved))
        moved[index, index] = np.maximum(moved[index, index], PROBE * usual)
        probed.append(moved)
    gradient = objective.slope(objective.at(probed)).gradient
    gap, away = np.inf, [np.zeros(len(factor)) for factor in probed]
    for k, (factor, n, usual, pattern) in enumerate(zip(probed, gradient, typical, patterns)):
        if (np.diagonal(point.factors[k]) != 0.0).all():
            continue
        inverse = np.linalg.inv(factor)
        s = inverse.T @ n @ inverse * np.outer(usual, usual) / objective.backend.n_groups[k]
        for block in blocks(pattern):
            values, vectors = np.linalg.eigh(s[np.ix_(block, block)])
            if values[0] < gap:
                gap = float(values[0])
                away = [np.zeros(len(one)) for one in probed]
                away[k][block] = vectors[:, 0] * usual[block]
    return gap, away


def point_off_boundary(search: Search, point: Point, away: Sequence[Floats]) -> Point | None:
    """The best of a few points G + s w w' along the direction w per grouping, if it is clearly below the point."""
    best = None
    for size in (1.0, 0.3, 0.1, 0.03, 0.01, 0.003):
        factors = []
        for factor, direction in zip(point.factors, away):
            wide = np.hstack([factor, size * direction[:, None]])
            factors.append(_square(wide))
        try:
            found = search.value(search.floored(factors))
        except NotPositive:
            continue
        if found.criterion < point.criterion - 1e-8 and (best is None or found.criterion < best.criterion):
            best = found
    return best


def _square(wide: Floats) -> Floats:
    """A lower triangular T with T T' = wide wide', by rotation of the columns; entries between blocks stay 0."""
    full = np.asarray(np.ones((len(wide), len(wide)), dtype=np.bool_))
    return canonical(wide, full)
