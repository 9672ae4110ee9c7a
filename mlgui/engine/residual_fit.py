"""Fits with a residual structure: the search over theta inside a search over the few parameters of the structure.

At given parameters the cross-products are those of whitened rows, and the criterion grows by log |R|. Since theta is at its
minimum, the slope of the profiled criterion is that at fixed theta (the envelope theorem), taken by central differences.
The criterion is -2 times the (restricted) log likelihood of nlme's gls and lme: for REML, too, neither has a log |X'X|.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from mlgui.engine.backend import Backend
from mlgui.engine.boundary import Settled, settle
from mlgui.engine.certificate import GRADIENT, certificate_of, record_of
from mlgui.engine.effects import estimates_of
from mlgui.engine.estimates import Certificate, Estimates
from mlgui.engine.gram import Gram
from mlgui.engine.newton import Search
from mlgui.engine.objective import NotPositive, Objective
from mlgui.engine.problem import DegenerateProblem, Floats, Problem
from mlgui.engine.quasi_newton import Lowest, lowest
from mlgui.engine.residual_gram import Combined, shape_of
from mlgui.engine.residual_held import Held
from mlgui.engine.residual_shape import Shape
from mlgui.engine.scaling import Rows
from mlgui.engine.solution import Solution
from mlgui.engine.start import minque_start
from mlgui.engine.structure import Structure
from mlgui.engine.theta import Layout

STEP = 1e-4
"""Step of the differences in the parameters: errors of about 1e-8 by truncation and by rounding."""
LIFT = 0.03
"""Smallest diagonal from which theta is searched again, in typical SDs."""
NEAR = 1e-8
"""Predicted fall at which the search ends."""
ROUNDS = 4
"""Searches begun again where the Hessian at the end of one shows that more can be gained."""


@dataclass(frozen=True, eq=False)
class Setting:
    """What a fit does whatever the residual structure is: the pieces of `mlgui.engine.fit`.

    backend: the elimination of a Gram. objective: the criterion of independent residuals. search: the best minimum in
    theta from several starts. search_of: a search in theta that reports what it does. max_steps: of such a search.
    start, held: of the parameters of the structure, see `mlgui.engine.fit.Options`.
    """

    backend: Callable[[Gram, Structure], Backend]
    objective: Callable[[Problem, Rows, Backend], Objective]
    search: Callable[[Search, Gram], tuple[Settled, float | None]]
    search_of: Callable[[Objective], Search]
    max_steps: int
    start: Floats | None = None
    held: tuple[int, float] | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Structured:
    """The criterion as a function of the parameters of the residual structure too; at: their estimates."""

    objective: Callable[[Floats], Objective]
    shape: Shape
    at: Floats


class Profile:
    """The criterion with theta at its minimum, as a function of the parameters of the residual structure.

    Every search for theta begins where the last one ended.
    """

    def __init__(self, problem: Problem, rows: Rows, combined: Combined, setting: Setting) -> None:
        self._problem, self._rows, self._setting = problem, rows, setting
        self.combined, self.shape = combined, combined.shape
        self.typical = [one.typical for one in rows.groups]
        self._factors: list[Floats] | None = None

    def objective(self, at: Floats) -> Objective:
        """The criterion at given parameters, as a function of the factors."""
        return self._objective(at, self.combined.gram(at))

    def _objective(self, at: Floats, gram: Gram) -> Objective:
        plain = self._setting.objective(self._problem, self._rows, self._setting.backend(gram, self.combined.structure))
        return replace(plain, constant=plain.constant + self.shape.log_det(at))

    def minimum(self, at: Floats) -> Settled | None:
        """The minimum in theta, None where the criterion cannot be computed."""
        gram = self.combined.gram(at)
        objective = self._objective(at, gram)
        try:
            start = self._factors or minque_start(gram, objective.n, objective.rank, self.typical)
            found = settle(self._setting.search_of(objective), self._lifted(start), self._setting.max_steps)
        except (NotPositive, np.linalg.LinAlgError):
            return None
        if found is not None:
            self._factors = [factor.copy() for factor in found.point.factors]
        return found

    def _lifted(self, factors: Sequence[Floats]) -> list[Floats]:
        """Factors with diagonals that a search can move."""
        lifted = [factor.copy() for factor in factors]
        for factor, usual in zip(lifted, self.typical):
            index = np.arange(len(factor))
            factor[index, index] = np.maximum(factor[index, index], LIFT * usual)
        return lifted

    def begin_at(self, settled: Settled) -> None:
        """Let the next search for theta begin at this minimum."""
        self._factors = [factor.copy() for factor in settled.point.factors]

    def __call__(self, at: Floats) -> tuple[float, Floats]:
        """The value with its slope; infinity where there is none."""
        found = self.minimum(at)
        if found is None:
            return np.inf, np.zeros(len(at))
        slope = np.empty(len(at))
        for i in range(len(at)):
            ends = []
            for change in (STEP, -STEP):
                moved = at.copy()
                moved[i] += change
                ends.append(self.objective(moved).at(found.point.factors).criterion)
            slope[i] = (ends[0] - ends[1]) / (2 * STEP)
        return found.point.criterion, slope


def fit_structured(problem: Problem, rows: Rows, structure: Structure, layout: Layout, setting: Setting) -> Estimates:
    """The estimates of a problem with a residual structure."""
    shape, used = shape_of(problem)
    if setting.held is not None:
        shape = Held(shape, *setting.held)
    profile = Profile(problem, rows, Combined.of(rows, structure, shape, used, lambda: None), setting)
    try:
        settled, search, second, outer = _best(profile, setting)
    except NotPositive as error:
        raise DegenerateProblem("perfect-fit") from error
    objective = search.objective
    solution = Solution(
        objective=objective,
        layout=layout,
        gram=profile.combined.gram(outer.at),
        point=settled.point,
        slope=settled.slope,
        regular=settled.minimum.point.factors,
        fixed=rows.fixed,
        groups=rows.groups,
        residual=Structured(objective=profile.objective, shape=shape, at=outer.at),
    )
    certificate, covariance = _outer_evidence(profile, outer, certificate_of(settled, second))
    found = estimates_of(problem, solution, record_of(settled.minimum, search), certificate)
    return replace(found, residual=replace(shape.estimates(outer.at), covariance=covariance))


def _best(profile: Profile, setting: Setting) -> tuple[Settled, Search, float | None, Lowest]:
    """The best minimum over theta and the parameters, with the search that confirmed it from other starts of theta."""
    starts = profile.shape.starts if setting.start is None else (setting.start,)
    values = []
    for start in starts:
        found = profile.minimum(start)
        values.append(np.inf if found is None else found.point.criterion)
    if not np.isfinite(values).any():
        raise NotPositive("start")
    ends = [lowest(profile, starts[i]) for i in np.argsort(values)[:2] if np.isfinite(values[i])]
    outer = _confirmed(profile, min(ends, key=lambda end: end.value))
    for _ in range(ROUNDS):
        outer = _at_boundary(profile, outer)
        if profile.shape.is_limit(outer.at):
            raise DegenerateProblem("residual-limit")
        gram = profile.combined.gram(outer.at)
        search = setting.search_of(profile.objective(outer.at))
        try:
            settled, second = setting.search(search, gram)
        except DegenerateProblem as error:
            raise DegenerateProblem("residual-limit") from error
        if settled.point.criterion > outer.value - 1e-7:
            break
        profile.begin_at(settled)
        outer = _confirmed(profile, lowest(profile, outer.at, outer.hessian))
    return settled, search, second, outer


def _at_boundary(profile: Profile, end: Lowest) -> Lowest:
    """The boundary near the end of a search, where the criterion does not rise."""
    moved = profile.shape.at_boundary(end.at)
    if np.array_equal(moved, end.at):
        return end
    found = profile.minimum(moved)
    if found is None or found.point.criterion > end.value + 1e-7:
        return end
    return Lowest(at=moved, value=found.point.criterion, hessian=_hessian(profile, moved))


def _confirmed(profile: Profile, end: Lowest) -> Lowest:
    """The end of a search with its true Hessian, after searching on as long as that promises more."""
    for _ in range(ROUNDS):
        if not np.isfinite(end.value) or profile.shape.is_limit(end.at) or (profile.shape.at_boundary(end.at) != end.at).any():
            break
        slope = profile(end.at)[1]
        hessian = _hessian(profile, end.at)
        fall = float(slope @ np.linalg.lstsq(hessian, slope, rcond=1e-10)[0])
        end = Lowest(at=end.at, value=end.value, hessian=hessian)
        if abs(fall) < NEAR or not (np.linalg.eigvalsh(hessian) > 0).all():
            break
        end = lowest(profile, end.at, hessian)
    return end


def _hessian(profile: Profile, at: Floats, step: float = 1e-3) -> Floats:
    """Second derivatives of the profiled criterion by central differences of its slope."""
    rows = np.empty((len(at), len(at)))
    for i in range(len(at)):
        ends = []
        for change in (step, -step):
            moved = at.copy()
            moved[i] += change
            ends.append(profile(moved)[1])
        rows[i] = (ends[0] - ends[1]) / (2 * step)
    return (rows + rows.T) / 2


def _outer_evidence(profile: Profile, outer: Lowest, inner: Certificate) -> tuple[Certificate, Floats]:
    """The certificate over the parameters too, and their covariance 2 H^-1."""
    free = ~profile.shape.held(outer.at)
    covariance = np.zeros((len(free), len(free)))
    if not free.any():
        return inner, covariance
    slope = profile(outer.at)[1][free]
    hessian = outer.hessian[np.ix_(free, free)]
    scale = np.sqrt(np.maximum(np.abs(np.diagonal(hessian)), 1e-300))
    gradient = float(np.abs(slope / scale).max())
    curvature = float(np.linalg.eigvalsh(hessian / np.outer(scale, scale))[0])
    covariance[np.ix_(free, free)] = 2 * np.linalg.pinv(hessian, rcond=1e-10, hermitian=True)
    passed = inner.passed and gradient < GRADIENT and curvature > 0.0
    certificate = replace(inner, gradient=max(inner.gradient, gradient), curvature=min(inner.curvature, curvature), passed=passed)
    return certificate, covariance
