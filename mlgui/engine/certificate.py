"""Evidence that a fit is at the minimum of its criterion."""

from __future__ import annotations

from mlgui.engine.boundary import Settled
from mlgui.engine.estimates import Certificate, Record
from mlgui.engine.newton import Minimum, Search

GRADIENT = 1e-4
"""Largest scaled gradient: the criterion is then within about 1e-8 of the minimum. Searches that stop earlier have more."""
BOUNDARY = 1e-4
"""How far below 0 an eigenvalue of the scaled S may be at a boundary: rounding of a matrix read by differences."""


def certificate_of(settled: Settled, second: float | None) -> Certificate:
    """The certificate of a settled minimum. second: criterion of a second start minus this one."""
    newton = settled.minimum.newton
    largest = max(GRADIENT, settled.minimum.tolerance**0.5)
    passed = newton.gradient < largest and newton.curvature > 0.0
    if settled.gap is not None:
        passed = passed and settled.gap > -BOUNDARY
    if second is not None:
        passed = passed and second > -1e-6
    return Certificate(
        gradient=newton.gradient, curvature=newton.curvature, boundary_gap=settled.gap, second_start=second, passed=passed
    )


def record_of(minimum: Minimum, search: Search) -> Record:
    """The path of the search that found the minimum, with all evaluations counted."""
    return Record(steps=minimum.steps, n_values=search.n_values, n_derivatives=search.n_derivatives, stopped=minimum.stopped)
