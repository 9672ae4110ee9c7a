"""Profile intervals of a model with a residual structure: of its parameters and of the coefficients, by refitting.

Everything else, the variances between groups and the rest of the structure too, is at its maximum again for every value tried.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from scipy.optimize import brentq
from scipy.special import ndtri

from mlgui.engine.estimates import Estimates
from mlgui.engine.fit import Options, fit
from mlgui.engine.problem import DegenerateProblem, Floats, Problem
from mlgui.engine.residual_fit import Structured
from mlgui.engine.residual_parameters import CORRELATION, Parameter, bounded, parameters_of, spread

WIDER = 12
"""How often an interval is doubled in the search for a value beyond its limit."""
PRECISE = 1e-6
"""Precision of a limit, in standard errors."""


@dataclass(frozen=True, kw_only=True)
class StructuredInterval:
    """A profile interval. of: a parameter of the structure, or the place of a coefficient. NaN where no limit was found."""

    of: Parameter | int
    estimate: float
    low: float
    high: float


def structured_intervals(
    estimates: Estimates, confidence: float = 0.95, on_step: Callable[[int, int], None] = lambda done, total: None
) -> list[StructuredInterval]:
    """Profile intervals by maximum likelihood of the structure's parameters, then of the coefficients.

    Correlations between occasions are no parameters of the search and are left out.
    """
    found = fit(replace(estimates.problem, reml=False)) if estimates.problem.reml else estimates
    structured: Structured = found.state.residual
    several = len(found.residual.correlations) > 0
    parameters = [one for one in parameters_of(found.residual) if not (several and one.kind == CORRELATION)]
    kept = [place for place in range(len(found.beta)) if place not in found.dropped]
    cut, total = float(ndtri((1 + confidence) / 2)) ** 2, 2 * (len(parameters) + len(kept))
    centres, ses = spread(found)
    intervals: list[StructuredInterval] = []

    def limits(deviance: Callable[[float], float], centre: float, se: float) -> list[float]:
        ends = []
        for side, sign in enumerate((-1, 1)):
            on_step(2 * len(intervals) + side, total)
            ends.append(_limit(deviance, found.criterion + cut, centre, sign * se))
        return ends

    for place, one in enumerate(parameters):
        ends = limits(partial(_held, found, structured, place), float(centres[place]), float(ses[place]))
        estimate, low, high = (_parameter(found, centres, place, value) for value in (centres[place], *ends))
        intervals.append(StructuredInterval(of=one, estimate=estimate, low=low, high=high))
    for place in kept:
        centre, se = float(found.beta[place]), float(np.sqrt(found.vcov[place, place]))
        low, high = limits(partial(_without, found, place), centre, se)
        intervals.append(StructuredInterval(of=place, estimate=centre, low=low, high=high))
    on_step(total, total)
    return intervals


def _parameter(found: Estimates, centres: Floats, place: int, value: float) -> float:
    """A parameter of the structure from its value on the scale without bounds."""
    return float(bounded(found, np.where(np.arange(len(centres)) == place, value, centres))[place])


def _limit(deviance: Callable[[float], float], level: float, centre: float, step: float) -> float:
    """The value on one side of the centre at which the deviance reaches a level, NaN where it does not."""
    if not np.isfinite(step):
        return float("nan")
    inner, outer = centre, centre + 2 * step
    for _ in range(WIDER):
        value = deviance(outer)
        if not np.isfinite(value):
            return float("nan")
        if value >= level:
            return float(brentq(lambda at: deviance(at) - level, inner, outer, xtol=PRECISE * abs(step)))
        inner, outer = outer, centre + 2 * (outer - centre)
    return float("nan")


def _held(found: Estimates, structured: Structured, place: int, value: float) -> float:
    """The deviance with a parameter of the structure held."""
    start = np.delete(structured.at, place)
    return _deviance(found.problem, Options(second_start=False, structure_start=start, structure_held=(place, value)))


def _without(found: Estimates, place: int, value: float) -> float:
    """The deviance with a coefficient held."""
    problem, structured = found.problem, found.state.residual
    offset = np.zeros(problem.n) if problem.offset is None else problem.offset
    x = np.asfortranarray(np.delete(problem.x, place, axis=1))
    fewer = replace(problem, x=x, offset=offset + value * problem.x[:, place])
    return _deviance(fewer, Options(second_start=False, structure_start=structured.at))


def _deviance(problem: Problem, options: Options) -> float:
    """The deviance of a fit, infinite where it has no minimum inside."""
    try:
        return fit(problem, options).criterion
    except DegenerateProblem:
        return np.inf
