"""Profile-likelihood intervals: the values at which the ML deviance, minimised over all else, is not too far above its minimum.

Variances live on [0, infinity) and correlations on [-1, 1]: an interval reaches the end of its range where the deviance there
is still within the cut-off, so that a zero variance has an interval from 0 to its upper limit.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import ndtri

from mlgui.engine.boundary import settle
from mlgui.engine.estimates import Estimates
from mlgui.engine.newton import AFFORDABLE, Search
from mlgui.engine.objective import Objective, Point
from mlgui.engine.penalty import without_penalty
from mlgui.engine.problem import Floats
from mlgui.engine.profile_deviance import Deviance, Target
from mlgui.engine.quasi_newton import Lowest, lowest
from mlgui.engine.solution import Solution
from mlgui.engine.theta import blocks, canonical

OnStep = Callable[[int, int], None]
"""Called with (limits found, limits wanted) before every search; it may raise to stop."""

CLOSE = 1e-7
"""Distance to the cut-off, in deviance, at which a limit counts as found: about 1e-8 of the width of the interval."""
LEAST = 0.03
"""Smallest length, in typical SDs, from which a search begins."""
STEEPEST = 15.0
"""Inverse hyperbolic tangent at which a search for a limit begins where the estimate of a correlation is 1."""
QUICK = 2e5
"""Cost of a value (multiplications) up to which limits of variances of 0 come with every fit: some hundredths of a second."""
FEW = 8
"""Zeros times parameters up to which they do."""
LOWER = 1e-6
"""How far below the minimum a profile must come to show that it was none."""


@dataclass(frozen=True, kw_only=True)
class ProfileInterval:
    """estimate: maximum likelihood. low, high: limits; 0, -1, 1 at the ends of the range, NaN where no limit was found.

    A correlation with a zero variance has NaN as its estimate and the whole range as its interval.
    """

    target: Target
    estimate: float
    low: float
    high: float


class _LowerDeviance(Exception):
    """A profile went below the minimum: the fit it started from was not the best."""

    def __init__(self, factors: Sequence[Floats]) -> None:
        super().__init__()
        self.factors = list(factors)


def limits_of_zeros(estimates: Estimates, confidence: float = 0.95) -> dict[tuple[int, int], float]:
    """Upper profile limits of the SDs that are 0, by grouping and coefficient; {} where they would take long.

    Also {} for a residual structure. Infinite where the likelihood hardly falls however large the SD.
    """
    zeros = [(boundary.grouping, a) for boundary in estimates.boundaries for a in boundary.zero]
    solution: Solution = estimates.state
    quick = solution.objective.backend.cost <= QUICK and len(zeros) * solution.layout.size <= FEW
    if not zeros or not quick or not estimates.problem.residual.is_homogeneous:
        return {}
    found = profile_intervals(estimates, [Target(kind="sd", index=place) for place in zeros], confidence)
    return {place: one.high for place, one in zip(zeros, found)}


def targets_of(estimates: Estimates) -> list[Target]:
    """Everything an interval can be had for: SDs and correlations, grouping by grouping, sigma, coefficients in use."""
    found: list[Target] = []
    for k, groups in enumerate(estimates.problem.groupings):
        for block in blocks(groups.pattern):
            for i, b in enumerate(block):
                found.append(Target(kind="sd", index=(k, b)))
                found += [Target(kind="correlation", index=(k, a, b)) for a in block[i + 1 :]]
    found.append(Target(kind="sigma"))
    return found + [Target(kind="coefficient", index=(int(j),)) for j in estimates.state.fixed.kept]


def profile_intervals(
    estimates: Estimates, targets: Sequence[Target] | None = None, confidence: float = 0.95, on_step: OnStep | None = None
) -> list[ProfileInterval]:
    """Profile intervals of `targets` (None: all); a REML fit is refitted by maximum likelihood first.

    Residuals are independent; `residual_profile` is for residual structures.
    """
    wanted = targets_of(estimates) if targets is None else list(targets)
    solution: Solution = estimates.state
    objective = _maximum_likelihood(solution)
    start: Sequence[Floats] = solution.regular
    cut = float(ndtri((1 + confidence) / 2)) ** 2
    while True:
        best = _fitted(solution, objective, start)
        profile = _Profile(solution, objective, best, cut, on_step or _ignore, 2 * len(wanted))
        try:
            return [profile.interval(target) for target in wanted]
        except _LowerDeviance as lower:  # by at least LOWER each time, so that this ends
            start = lower.factors


def _ignore(done: int, total: int) -> None:
    """Report to nobody."""


def _maximum_likelihood(solution: Solution) -> Objective:
    """The ML deviance of the same cross-products, without a penalty."""
    objective, fixed = without_penalty(solution.objective), solution.fixed
    if not objective.reml:
        return objective
    constant = objective.constant + 2 * objective.rank * float(np.log(fixed.y_scale)) + 2 * fixed.log_det
    return replace(objective, reml=False, constant=constant)


def _fitted(solution: Solution, objective: Objective, start: Sequence[Floats]) -> Point:
    """The maximum likelihood point near a start."""
    search = Search(objective, solution.layout, [one.typical for one in solution.groups], lambda point: None, None)
    settled = settle(search, [canonical(one, scale.pattern) for one, scale in zip(start, solution.groups)], 100)
    assert settled is not None
    return settled.point


class _Profile:
    """Profiles from one minimum; it counts the limits it has found."""

    def __init__(self, solution: Solution, objective: Objective, best: Point, cut: float, on_step: OnStep, total: int) -> None:
        self.solution = solution
        self.objective = objective
        self.best = best
        self.cut = cut
        self.on_step = on_step
        self.total = total
        self.done = 0

    def interval(self, target: Target) -> ProfileInterval:
        """The interval of one target."""
        deviance = Deviance(self.solution, self.objective, target)
        centre = self.centre(deviance)
        if np.isnan(centre):
            self.done += 2
            return ProfileInterval(target=target, estimate=centre, low=-1.0, high=1.0)
        found = [centre]
        for direction in (-1.0, 1.0):
            found.append(self.limit(deviance, centre, direction))
            self.done += 1
        estimate, low, high = np.tanh(found) if target.kind == "correlation" else found
        return ProfileInterval(target=target, estimate=float(estimate), low=float(low), high=float(high))

    @property
    def sigma(self) -> float:
        """Residual SD inside."""
        return float(np.sqrt(self.best.r2 / self.objective.n))

    def centre(self, deviance: Deviance) -> float:
        """The maximum likelihood estimate of what is held; NaN for the correlation of an effect that does not vary."""
        fixed, target = self.solution.fixed, deviance.target
        if target.kind == "sigma":
            return self.sigma * fixed.y_scale
        if target.kind == "coefficient":
            return float(self.solution.user_beta(self.best)[fixed.kept == target.index[0]][0])
        if target.kind == "correlation":
            return deviance.correlation(self.best.factors)
        k, a = target.index
        length = np.linalg.norm(self.solution.groups[k].to_user[a] @ self.best.factors[k])
        return float(length) * self.sigma * fixed.y_scale

    def limit(self, deviance: Deviance, centre: float, direction: float) -> float:
        """The value on one side of the estimate where the profile reaches the cut-off."""
        end = _end(deviance.target, direction)
        found: Lowest | Floats = self.lifted(deviance, LEAST)
        if end is not None and (centre == end or self.search(deviance, end, found)[0] <= self.cut):
            return end
        centre = float(np.clip(centre, -STEEPEST, STEEPEST)) if deviance.target.kind == "correlation" else centre
        near, far = centre, 0.0 if end == 0.0 else direction * np.inf
        value = self.first_guess(deviance, centre, direction)
        for _ in range(100):
            risen, slope, found = self.search(deviance, value, found)
            if abs(risen - self.cut) < CLOSE:
                risen, slope, found = self.elsewhere(deviance, value, (risen, slope, found))
                if abs(risen - self.cut) < CLOSE:
                    return value
            near, far = (value, far) if risen < self.cut else (near, value)
            if abs(far - near) < 1e-10 * max(abs(near), abs(far)):
                return value
            value = self.next_value(value, risen, slope, near, far, centre)
        return float("nan")

    def next_value(self, value: float, risen: float, slope: float, near: float, far: float, centre: float) -> float:
        """Newton's step on the root of the rise, which is nearly a straight line, kept between `near` and `far`."""
        root = np.sqrt(max(risen, 1e-12))
        step = (np.sqrt(self.cut) - root) * 2 * root / slope if slope != 0.0 else np.nan
        wanted = value + step
        if not np.isfinite(far):
            longest = 3 * abs(value - centre)
            outward = np.sign(value - centre)
            return float(
                value + outward * min(max(step * outward, 0.0), longest) if step * outward > 0 else value + outward * longest
            )
        if np.isfinite(wanted) and min(near, far) < wanted < max(near, far):
            return float(wanted)
        return (near + far) / 2

    def first_guess(self, deviance: Deviance, centre: float, direction: float) -> float:
        """Where to look first."""
        target = deviance.target
        if target.kind == "coefficient":
            spread = self.solution.user_covariance(self.best)[self.solution.fixed.kept == target.index[0]]
            place = int(np.flatnonzero(self.solution.fixed.kept == target.index[0])[0])
            width = self.sigma * self.solution.fixed.y_scale * np.sqrt(spread[0, place])
            return float(centre + direction * np.sqrt(self.cut) * width)
        if target.kind == "correlation":
            return centre + direction * 0.3
        if target.kind == "sigma":
            return float(centre * (1 + direction * np.sqrt(self.cut / 2 / self.objective.n)))
        if centre == 0.0:
            return deviance.unit * self.sigma
        return centre * (0.7 if direction < 0 else 1.4)

    def lifted(self, deviance: Deviance, least: float, most: float = np.inf) -> Floats:
        """Coordinates of the minimum with the lengths on the diagonals of all F between two sizes, in typical SDs."""
        psi = deviance.coordinates(self.best.factors, self.sigma)
        lengths = deviance.lengths
        psi[lengths] = np.clip(psi[lengths], least, most)
        return psi

    def search(self, deviance: Deviance, value: float, start: Lowest | Floats) -> tuple[float, float, Lowest]:
        """Rise of the deviance above its minimum with the target at `value`, its derivative, and where it is."""
        self.on_step(self.done, self.total)

        def function(psi: Floats) -> tuple[float, Floats]:
            held = deviance.at(psi, value)
            return held.deviance, held.gradient

        at, hessian = (start.at, start.hessian) if isinstance(start, Lowest) else (start, None)
        vanishing = deviance.lengths & (np.abs(at) < LEAST)  # a zero length is stationary whatever lies beyond
        if vanishing.any():
            at, hessian = np.where(vanishing, LEAST, at), None
        found = lowest(function, at, hessian)
        risen = found.value - self.best.criterion
        if risen < -LOWER:
            raise _LowerDeviance(deviance.factors(deviance.shapes(found.at, value)))
        return risen, deviance.at(found.at, value).slope, found

    def elsewhere(self, deviance: Deviance, value: float, found: tuple[float, float, Lowest]) -> tuple[float, float, Lowest]:
        """The lowest of this search and of others from large and from small lengths."""
        if self.objective.backend.cost > AFFORDABLE:
            return found
        for start in (self.lifted(deviance, 0.5), self.lifted(deviance, 0.05, 0.1)):
            other = self.search(deviance, value, start)
            found = other if other[0] < found[0] - CLOSE else found
        return found


def _end(target: Target, direction: float) -> float | None:
    """The end of the range of what is held on one side, where it has a deviance."""
    if target.kind == "correlation":
        return direction * np.inf
    return 0.0 if target.kind == "sd" and direction < 0 else None
