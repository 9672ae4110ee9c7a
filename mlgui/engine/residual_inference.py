"""Satterthwaite's degrees of freedom with a residual structure: its parameters are among those the variances depend on.

phi = (the entries of the factors that can vary, the parameters of the structure, log sigma^2). The Hessian of the profiled
criterion in the factors comes from `inference`; what has to do with the parameters of the structure is differenced.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mlgui.engine.curvature import theta_gradient
from mlgui.engine.objective import Objective, Point
from mlgui.engine.problem import Floats
from mlgui.engine.residual_fit import Structured
from mlgui.engine.solution import Solution

STEP = 2e-3
"""Step of the differences, which leave errors of its fourth power and of rounding over its square: about 1e-9 of the value."""
FIVE = ((2.0, -1.0 / 12), (1.0, 8.0 / 12), (-1.0, -8.0 / 12), (-2.0, 1.0 / 12))
"""Places, in steps, and weights of the first derivative by five points."""


@dataclass(frozen=True, kw_only=True, eq=False)
class ByStructure:
    """Derivatives in the m parameters of the structure at fixed theta. hessian: (m, m) of the profiled criterion.

    mixed: (m, t) with the entries of the factors. r2: (m,) of r2. vcov: (m, p, p) of vcov at given sigma^2.
    """

    hessian: Floats
    mixed: Floats
    r2: Floats
    vcov: Floats


@dataclass(frozen=True, kw_only=True, eq=False)
class _There:
    """What is differenced, at some parameters of the structure."""

    slope: Floats
    r2: float
    m: Floats


def by_structure(solution: Solution, point: Point, places: NDArray[np.intp], p: int) -> ByStructure:
    """Return the derivatives at a point; places: where the entries of the factors that vary stand in theta."""
    structured: Structured = solution.residual
    kept, sigma2 = solution.fixed.kept, point.r2 / solution.objective.degrees * solution.fixed.y_scale**2

    def there(objective: Objective) -> _There:
        moved = objective.at(point.factors)
        slope = theta_gradient(solution.layout, point.factors, objective.slope(moved).gradient)[places]
        return _There(slope=slope, r2=moved.r2, m=solution.user_covariance(moved))

    free = np.flatnonzero(~structured.shape.held(structured.at))
    m = len(free)
    mixed, r2, vcov = np.zeros((m, len(places))), np.zeros(m), np.zeros((m, p, p))
    for i in range(m):
        for place, weight in FIVE:
            step = np.zeros(len(structured.at))
            step[free[i]] = place * STEP
            found = there(structured.objective(structured.at + step))
            mixed[i] += weight / STEP * found.slope
            r2[i] += weight / STEP * found.r2
            vcov[i][np.ix_(kept, kept)] += weight / STEP * sigma2 * found.m

    def value(at: Floats) -> float:
        return structured.objective(at).at(point.factors).criterion

    return ByStructure(hessian=_second(value, structured.at, free), mixed=mixed, r2=r2, vcov=vcov)


def _second(value: Callable[[Floats], float], at: Floats, free: NDArray[np.intp]) -> Floats:
    """Second derivatives by differences of values, (m, m): five points along an axis, four for a pair of them."""
    m, width = len(free), 5 * STEP
    found, middle = np.empty((m, m)), value(at)
    steps = np.eye(len(at))[free] * width
    for i in range(m):
        near = value(at + steps[i]) + value(at - steps[i])
        far = value(at + 2 * steps[i]) + value(at - 2 * steps[i])
        found[i, i] = (16 * near - far - 30 * middle) / (12 * width**2)
        for j in range(i):
            found[i, j] = found[j, i] = _pair(value, at, steps[i], steps[j]) / (width**2)
    return found


def _pair(value: Callable[[Floats], float], at: Floats, one: Floats, other: Floats) -> float:
    """Twice extrapolated mixed difference over a square of steps."""

    def square(scale: float) -> float:
        a, b = scale * one, scale * other
        return (value(at + a + b) - value(at + a - b) - value(at - a + b) + value(at - a - b)) / (4 * scale**2)

    return (4 * square(1.0) - square(2.0)) / 3


def extended(hessian: Floats, falls: Floats, slopes: Floats, found: ByStructure) -> tuple[Floats, Floats, Floats]:
    """Return Hessian, slopes of r2 and slopes of vcov over the factors' entries and then the structure's parameters."""
    both = np.block([[hessian, found.mixed.T], [found.mixed, found.hessian]])
    return both, np.concatenate([falls, found.r2]), np.concatenate([slopes, found.vcov])
