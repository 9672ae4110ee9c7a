"""A penalty that keeps variances off 0 and correlations off +-1.

The criterion less log |G_k| of every block of relative covariances: twice the log of a Gamma(2, 0) density of an SD, and of a
Wishart density with q + 2 degrees of freedom and an infinite scale for q correlated coefficients (Chung, Rabe-Hesketh, Dorie,
Gelman & Liu 2013, Psychometrika 78, 685-709; Chung, Gelman, Rabe-Hesketh, Liu & Dorie 2015, J. Educ. Behav. Stat. 40, 136-157).
The estimates are invariant to the units of x and y, and to the zero of x where the model is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from mlgui.engine.objective import NotPositive, Objective, Point, Slope
from mlgui.engine.problem import Floats

Entries = Sequence[Sequence[tuple[int, int]]]


def log_determinants(factors: Sequence[Floats]) -> float:
    """The sum of log |T_k T_k'| over the groupings; raises NotPositive where one is singular."""
    values = [2 * float(np.linalg.slogdet(factor)[1]) for factor in factors if len(factor)]
    if not np.isfinite(values).all():
        raise NotPositive("G")
    return sum(values)


@dataclass(frozen=True, kw_only=True, eq=False)
class Penalised(Objective):
    """The criterion less log |T_k T_k'| over the groupings, with its derivatives: tr Delta - tr(Delta^2) / 2 less."""

    def at(self, factors: Sequence[Floats], *, rough: bool = False) -> Point:
        """The penalised criterion; raises NotPositive at a boundary, where it is infinite."""
        penalty = log_determinants(factors)
        point = super().at(factors, rough=rough)
        return replace(point, criterion=point.criterion - penalty)

    def slope(self, point: Point) -> Slope:
        """N_k - I."""
        found = super().slope(point)
        return replace(found, gradient=tuple(one - np.eye(len(one)) for one in found.gradient))

    def second_derivatives(self, point: Point, slope: Slope, entries: Entries, *, far: bool = False) -> tuple[Floats, bool]:
        """Second derivatives as of the criterion, plus tr(E_a E_b)."""
        found, exact = super().second_derivatives(point, slope, entries, far=far)
        return found + _own(entries), exact

    def exact_hessian(self, point: Point, slope: Slope, entries: Entries) -> Floats | None:
        """Exact second derivatives, plus tr(E_a E_b); None where they take differences."""
        if self.is_exact:
            return self.second_derivatives(point, slope, entries)[0]
        found = super().exact_hessian(point, slope, entries)
        return None if found is None else found + _own(entries)


def _own(entries: Entries) -> Floats:
    """Tr(E_a E_b) of the basis matrices: 1 for a diagonal entry, 2 for another."""
    return np.diag([1.0 if a == b else 2.0 for one in entries for a, b in one])


def penalised(objective: Objective) -> Objective:
    """The objective with the penalty."""
    return Penalised(**_fields(objective))


def without_penalty(objective: Objective) -> Objective:
    """The objective without a penalty."""
    return Objective(**_fields(objective)) if isinstance(objective, Penalised) else objective


def plain_criterion(objective: Objective, point: Point) -> float:
    """The criterion at a point without a penalty."""
    return point.criterion + (log_determinants(point.factors) if isinstance(objective, Penalised) else 0.0)


def _fields(objective: Objective) -> dict[str, Any]:
    return {one.name: getattr(objective, one.name) for one in fields(objective)}
