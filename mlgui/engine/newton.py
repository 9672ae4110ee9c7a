"""Newton's method on theta, with the step measured in SDs of the coefficients."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import scipy.linalg as sl
from numpy.typing import NDArray

from mlgui.engine.curvature import covariance_step, differenced_hessian, entry_sizes, local_hessian, theta_gradient, theta_hessian
from mlgui.engine.estimates import Evaluation
from mlgui.engine.objective import NotPositive, Objective, Point, Slope
from mlgui.engine.problem import Floats
from mlgui.engine.theta import Layout

FLOOR = 1e-5
"""Smallest diagonal of a factor during the search, in typical SDs: zero would be a stationary point of every theta."""
FAR = 0.5
"""Predicted fall of the criterion above which average information is better than the exact Hessian."""
NEAR = 0.01
"""Predicted fall below which the gradient changes along a step as the Hessian says."""
CREEPING = 0.2
"""Ratio of successive predicted falls above which a step on the covariances is tried too."""
ROUGHNESS = 1e-8
"""Relative error of a criterion in single precision, at most."""
LONGEST = 1.5
"""Longest step, in SDs of the coefficient."""
CHEAP = 2e6
"""Cost of a value (multiplications) below which the last digits are worth some more steps."""
VAST = 3e7
"""Cost of a value above which the search begins in single precision, where the problem has one."""
AFFORDABLE = 2e7
"""Cost of a value below which a Hessian by differences is worth it where average information is slow."""

Report = Callable[[Point], None]


@dataclass(frozen=True, kw_only=True, eq=False)
class Newton:
    """One step: its length in theta, the predicted fall g'H^-1 g, scaled gradient and smallest scaled eigenvalue."""

    step: Floats
    decrement: float
    gradient: float
    curvature: float


@dataclass(frozen=True, kw_only=True, eq=False)
class Minimum:
    """Where a search ended. newton: the step that would follow. exact: whether its Hessian was exact.

    tolerance: the predicted fall at which a search of this cost stops by itself, 0 where the caller has set one.
    """

    point: Point
    slope: Slope
    newton: Newton
    exact: bool
    steps: tuple[Evaluation, ...]
    n_values: int
    n_derivatives: int
    stopped: str
    tolerance: float = 0.0


def newton_step(gradient: Floats, hessian: Floats, sizes: Floats, free: NDArray[np.bool_]) -> Newton:
    """-|H|^-1 g over the free entries, with the eigenvalues of the scaled Hessian replaced by their absolute values."""
    step = np.zeros(len(gradient))
    if not free.any():
        return Newton(step=step, decrement=0.0, gradient=0.0, curvature=np.inf)
    s = sizes[free]
    g = gradient[free] * s
    h = (hessian if free.all() else hessian[np.ix_(free, free)]) * (s[:, None] * s)
    scale = np.sqrt(np.maximum(np.abs(np.diagonal(h)), 1e-12 * max(float(np.abs(h).max()), 1e-300)))
    values, vectors, failed = sl.lapack.dsyevd(h / (scale[:, None] * scale))
    if failed:
        raise np.linalg.LinAlgError("eigenvalues of the Hessian")
    along = vectors.T @ (g / scale)
    weighted = along / np.maximum(np.abs(values), 1e-10)
    step[free] = -s * (vectors @ weighted) / scale
    return Newton(
        step=step,
        decrement=float(along @ weighted),
        gradient=float(np.abs(g / scale).max()),
        curvature=float(values[0]),
    )


class Secant:
    """What average information lacks of the Hessian, learned from the gradients on the way (symmetric rank-one updates;

    Nocedal & Wright 2006, section 6.2): the last steps then converge faster than linearly.
    """

    def __init__(self, size: int) -> None:
        self._missing = np.zeros((size, size))
        self._before: tuple[Floats, Floats] | None = None

    def corrected(self, theta: Floats, gradient: Floats, average: Floats, sizes: Floats, *, near: bool) -> Floats:
        """Average information at theta plus what the gradient's change over the last step shows it to lack.

        near: whether that step was short enough for the change to tell.
        """
        if near and self._before is not None:
            step, change = theta - self._before[0], gradient - self._before[1]
            lacking = change - (average + self._missing) @ step
            along = float(lacking @ step)
            if abs(along) > 1e-6 * float(np.linalg.norm(lacking * sizes) * np.linalg.norm(step / sizes)):
                self._missing = self._missing + np.outer(lacking, lacking) / along
        self._before = theta, gradient
        return average + self._missing


class Search:
    """A search for the minimum from one start; it counts and records what it does."""

    def __init__(
        self, objective: Objective, layout: Layout, typical: Sequence[Floats], report: Report, tolerance: float | None
    ) -> None:
        self.objective = objective
        self.layout = layout
        self.typical = typical
        self.report = report
        self.tolerance = tolerance
        self.rough = False
        self.n_values = 0
        self.n_derivatives = 0
        self.steps: list[Evaluation] = []

    def value(self, factors: Sequence[Floats]) -> Point:
        """The criterion at these factors, counted and reported."""
        self.n_values += 1
        try:
            point = self.objective.at(factors, rough=self.rough)
        except NotPositive:
            if not self.rough:
                raise
            self.rough = False
            point = self.objective.at(factors)
        self.report(point)
        return point

    def derivatives(self, point: Point, by_differences: bool, far: bool) -> tuple[Slope, Floats, Floats, bool]:
        """Slope, gradient and Hessian in theta, and whether the Hessian is exact."""
        self.n_derivatives += 1
        slope = self.objective.slope(point)
        gradient = theta_gradient(self.layout, point.factors, slope.gradient)
        if by_differences:
            local = self.objective.exact_hessian(point, slope, self.layout.entries)
            if local is not None:
                return slope, gradient, theta_hessian(self.layout, point.factors, slope.gradient, local), True
            sizes = entry_sizes(self.layout, point.factors, self.typical)
            self.n_derivatives += 2 * self.layout.size
            return slope, gradient, differenced_hessian(self.objective, self.layout, point, sizes), True
        local, exact = self.objective.second_derivatives(point, slope, self.layout.entries, far=far)
        return slope, gradient, theta_hessian(self.layout, point.factors, slope.gradient, local), exact

    def floored(self, factors: Sequence[Floats]) -> list[Floats]:
        """The factors with signs flipped to a positive diagonal, kept off zero."""
        out = []
        for factor, usual in zip(factors, self.typical):
            if (np.diagonal(factor) < FLOOR * usual).any():
                factor = factor * np.where(np.diagonal(factor) < 0, -1.0, 1.0)
                index = np.arange(len(factor))
                factor[index, index] = np.maximum(factor[index, index], FLOOR * usual)
            out.append(factor)
        return out

    def held(self, factors: Sequence[Floats], gradient: Floats) -> NDArray[np.bool_]:
        """Entries of theta on the floor that the criterion would not raise, and what little stands below them in a column.

        Nothing but rounding is known there: whether such a column should grow is asked of the covariances at the end.
        """
        found: list[bool] = []
        for factor, usual, entries, start in zip(factors, self.typical, self.layout.entries, self.layout.starts):
            low = np.diagonal(factor) <= FLOOR * 1.001 * usual
            if not low.any():
                found.extend([False] * len(entries))
                continue
            rising = {b for i, (a, b) in enumerate(entries) if a == b and gradient[start + i] < 0}
            idle = np.abs(factor) < 10 * FLOOR * usual[:, None]
            found.extend(bool(low[b]) and b not in rising and (a == b or bool(idle[a, b])) for a, b in entries)
        return np.array(found, dtype=np.bool_)

    def close(self, point: Point, known: Point) -> bool:
        """Whether a point lies in the basin of a known minimum: near it in SDs of the coefficients, and hardly above."""
        below = ROUGHNESS * abs(known.criterion) if point.rough else 1e-7
        if point.criterion > known.criterion + 0.1 or point.criterion < known.criterion - below:
            return False
        sizes = entry_sizes(self.layout, known.factors, self.typical)
        apart = (self.layout.pack(point.factors) - self.layout.pack(known.factors)) / sizes
        return bool(np.abs(apart).max(initial=0.0) < 0.2)

    def line_search(self, point: Point, newton: Newton, sizes: Floats) -> Point | None:
        """A point along the step where the criterion does not rise, or None."""
        theta = self.layout.pack(point.factors)
        fraction = min(1.0, LONGEST / max(float(np.abs(newton.step / sizes).max()), 1e-300))
        slack = (ROUGHNESS if point.rough else 1e-12) * abs(point.criterion) + 1e-13
        for _ in range(25):
            try:
                found = self.value(self.floored(self.layout.unpack(theta + fraction * newton.step)))
            except NotPositive:
                found = None
            if found is not None and found.criterion <= point.criterion + slack:
                return found
            fraction *= 0.3
        return None

    def covariance_move(self, point: Point, gradient: Sequence[Floats], hessian: Floats) -> Point | None:
        """The point after a Newton step on the covariances, if the criterion falls."""
        local = local_hessian(self.layout, point.factors, gradient, hessian)
        try:
            found = self.value(self.floored(covariance_step(self.layout, point.factors, gradient, local)))
        except NotPositive:
            return None
        return found if found.criterion < point.criterion else None

    def better(self, one: Point | None, other: Point | None) -> Point | None:
        """The point with the lower criterion."""
        found = [point for point in (one, other) if point is not None]
        return min(found, key=lambda point: point.criterion) if found else None

    def _tolerance(self) -> float:
        """The predicted fall at which to stop. The criterion is then right to half of it; cheap problems get all digits."""
        if self.tolerance is not None:
            return self.tolerance
        if self.objective.backend.cost > CHEAP:
            return 5e-8 if self.objective.backend.cost > 100 * VAST else 1e-8
        return 1e-23 if self.objective.is_exact or self.objective.backend.cost < CHEAP / 20 else 1e-11

    def run(self, start: Sequence[Floats], max_steps: int, known: Point | None = None) -> Minimum | None:
        """Minimise from these factors; None as soon as the search runs into the `known` minimum."""
        cost = self.objective.backend.cost
        self.rough = cost > VAST
        point = self.value(self.floored(start))
        tolerance = self._tolerance()
        by_differences, last, stopped = False, np.inf, "most steps"
        secant, slope = Secant(self.layout.size), None
        for number in range(max_steps):
            if known is not None and self.close(point, known):
                return None
            slope, gradient, hessian, exact = self.derivatives(point, by_differences, last > FAR)
            sizes = entry_sizes(self.layout, point.factors, self.typical)
            if not exact:
                hessian = secant.corrected(self.layout.pack(point.factors), gradient, hessian, sizes, near=last < NEAR)
            newton = newton_step(gradient, hessian, sizes, ~self.held(point.factors, gradient))
            self.steps.append(
                Evaluation(
                    criterion=point.criterion,
                    theta=tuple(self.layout.pack(point.factors).tolist()),
                    decrement=newton.decrement,
                )
            )
            self.rough = self.rough and newton.decrement > NEAR
            if not point.rough and (newton.decrement < tolerance or 0.1 * last < newton.decrement < 1e-9):
                stopped = "decrement below tolerance"
                break
            slow = newton.decrement > 0.05 * last and newton.decrement < 1.0
            worth_it = (slow and cost < AFFORDABLE) or (newton.decrement < 1e-3 and cost < CHEAP / 20)
            if worth_it and not (exact or self.objective.is_exact):
                by_differences = True
                continue
            local = slope.gradient
            if cost > VAST:  # two eliminations at a time would take too much memory
                point, slope = replace(point, eliminated=replace(point.eliminated, pieces=None)), None
            found = self.line_search(point, newton, sizes)
            if number >= 3 and newton.decrement > CREEPING * last:
                found = self.better(found, self.covariance_move(point, local, hessian))
            if found is None and point.rough:
                self.rough = False
                found = self.value(point.factors)
            if found is None:
                stopped = "no fall along the step"
                break
            last, point = newton.decrement, found
        if slope is None:
            self.rough = False
            point = self.value(point.factors)
            slope = self.objective.slope(point)
        return Minimum(
            point=point,
            slope=slope,
            newton=newton,
            exact=exact,
            steps=tuple(self.steps),
            n_values=self.n_values,
            n_derivatives=self.n_derivatives,
            stopped=stopped,
            tolerance=tolerance if self.tolerance is None else 0.0,
        )
