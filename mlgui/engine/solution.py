"""What a fit leaves behind for inference: the criterion and its gradient near the solution, without the rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from mlgui.engine.curvature import theta_gradient
from mlgui.engine.gram import Gram
from mlgui.engine.objective import Effects, Objective, Point, Slope
from mlgui.engine.problem import Floats
from mlgui.engine.scaling import FixedScale, GroupScale
from mlgui.engine.theta import Layout


@dataclass(frozen=True, kw_only=True, eq=False)
class Nearby:
    """The criterion near the solution. gradient (m,): d criterion / d coordinates. vcov_unscaled (r, r): M on the
    user's scale for the kept columns, without sigma^2. sigma2: residual variance on the user's scale. beta (r,).
    """

    criterion: float
    gradient: Floats
    vcov_unscaled: Floats
    sigma2: float
    beta: Floats


@dataclass(frozen=True, kw_only=True, eq=False)
class Solution:
    """The problem without its rows, at the solution. Groupings are in the order of `Problem.groupings`.

    objective: the criterion as a function of the factors inside (`objective.at`, `objective.slope`). layout: the free
    entries of those. gram: the cross-products inside. point: the solution (boundary entries exactly 0), slope: U, the
    diagonal blocks of K^-1 (`slope.effects`) and N_k there. fixed, groups: the maps to the user's scales.
    residual: the criterion over the parameters of the residual structure too (`residual_fit.Structured`), or None.
    regular: the same factors with a diagonal off zero (`newton.FLOOR` typical SDs), where the local coordinates exist.

    Numerical differentiation (Satterthwaite for any structure): `coordinates` lists the m entries (grouping, a, b) of the
    factors inside that can vary at the solution (columns that are 0 are left out); `nearby(step)` with step (m,) returns
    criterion, analytic gradient in these coordinates, and the unscaled covariance of beta at factors + step. With
    h_i = 1e-4 sizes[i], central differences of the gradient give the Hessian, and of sigma2 * vcov_unscaled the derivative
    of the covariance: 2 m evaluations. sigma2 is profiled: it is r2 / d at every point.
    """

    objective: Objective
    layout: Layout
    gram: Gram
    point: Point
    slope: Slope
    regular: tuple[Floats, ...]
    fixed: FixedScale
    groups: tuple[GroupScale, ...]
    residual: Any = None

    @property
    def effects(self) -> Effects:
        """U and the diagonal blocks of K^-1 at the solution."""
        return self.slope.effects

    @property
    def coordinates(self) -> list[tuple[int, int, int]]:
        """(grouping, row, column) of the entries of the factors inside that can vary at the solution."""
        return [
            (k, a, b)
            for k, entries in enumerate(self.layout.entries)
            for a, b in entries
            if self.point.factors[k][:, b].any() and not (a == b and self.point.factors[k][a, b] == 0.0)
        ]

    @property
    def sizes(self) -> Floats:
        """(m,) the scale on which each coordinate matters: the SD of its coefficient, at least a tenth of the typical."""
        spread = [np.sqrt((factor * factor).sum(axis=1)) for factor in self.point.factors]
        return np.array([max(spread[k][a], 0.1 * self.groups[k].typical[a]) for k, a, _ in self.coordinates])

    def nearby(self, step: Floats) -> Nearby:
        """The criterion and what belongs to it at the factors of the solution plus `step` in `coordinates`."""
        factors = [factor.copy() for factor in self.regular]
        for (k, a, b), change in zip(self.coordinates, step):
            factors[k][a, b] += change
        point = self.objective.at(factors)
        slope = self.objective.slope(point)
        full = theta_gradient(self.layout, factors, slope.gradient)
        place = [self.layout.starts[k] + self.layout.entries[k].index((a, b)) for k, a, b in self.coordinates]
        return Nearby(
            criterion=point.criterion,
            gradient=full[place],
            vcov_unscaled=self.user_covariance(point),
            sigma2=point.r2 / self.objective.degrees * self.fixed.y_scale**2,
            beta=self.user_beta(point),
        )

    def user_beta(self, point: Point) -> Floats:
        """Beta of the kept columns on the user's scale, (r,)."""
        return np.asarray(self.fixed.y_scale * (self.fixed.basis @ point.beta) + self.fixed.shift)

    def user_covariance(self, point: Point) -> Floats:
        """M of the kept columns on the user's scale, (r, r), without sigma^2."""
        half = point.root_inverse @ self.fixed.basis.T
        return np.asarray(half.T @ half)
