"""The pooling dial: the fit with the covariance of one grouping scaled, G -> c^2 G, its shape and the other groupings held.

c = 0 is the regression with the whole fixed part and no variation between these groups; c = 1 is the fit; as c grows, groups
tend to their own estimates where G has full rank. beta and sigma are estimated anew at every c.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np

from mlgui.engine.blocks import both_sides
from mlgui.engine.effects import group_effects
from mlgui.engine.estimates import Estimates, GroupEffects, OwnEstimates
from mlgui.engine.objective import Effects, NotPositive, Point
from mlgui.engine.penalty import without_penalty
from mlgui.engine.pooling import own_estimates, pull_matrices, response, root_weights
from mlgui.engine.problem import Floats
from mlgui.engine.residual_independent import independent
from mlgui.engine.solution import Solution
from mlgui.engine.within import WithinGroups, within_groups

NEARLY_NONE = 1e3
"""Relative SD, in typical ones, at which pooling has practically ended: a group of n rows keeps 1 - 1e-6 / n of it."""
FARTHEST = 3e3
"""Largest relative SD, in typical ones: beyond it cross-products lose the digits of group-level coefficients."""


class Shape(StrEnum):
    """What is held along the dial. FIT: the estimated G. SINGULAR: the same, without full rank, so that pooling never ends.

    OWN: G was estimated as 0, and the dial runs along diag(mean precision of the groups' own estimates)^-1.
    """

    FIT = "fit"
    SINGULAR = "singular"
    OWN = "own"


@dataclass(frozen=True, kw_only=True, eq=False)
class DialPoint:
    """The fit at one c. criterion: as `Estimates.criterion`. beta (p,), NaN for dropped columns. modes: (J, q) by grouping.

    resolved: (J, q), share of group variance resolved, 1 - Var(b_j | y) / G_jj; 0 at c = 0, NaN where G_jj = 0 for every c.
    point, effects: the same inside the engine.
    """

    c: float
    criterion: float
    sigma: float
    beta: Floats
    modes: tuple[Floats, ...]
    resolved: Floats
    point: Point
    effects: Effects


@dataclass(frozen=True, kw_only=True, eq=False)
class Dial:
    """The dial of one grouping. root: (q, q), a square root of G inside at c = 1. end: the largest c."""

    estimates: Estimates
    grouping: int
    root: Floats
    shape: Shape
    end: float

    @property
    def optimum(self) -> float:
        """The c of the fit: 1, or 0 where the variance was estimated as 0."""
        return 0.0 if self.shape is Shape.OWN else 1.0

    @property
    def _solution(self) -> Solution:
        solution: Solution = self.estimates.state
        return solution

    def at(self, c: float) -> DialPoint:
        """Return the fit at one c >= 0; NotPositive where rounding leaves no criterion."""
        solution, k = self._solution, self.grouping
        factors = list(solution.point.factors)
        factors[k] = c * self.root
        objective = without_penalty(solution.objective)
        point = objective.at(factors)
        effects = objective.effects(point)
        scaled = objective.modes(point, effects)
        scale = solution.fixed.y_scale
        beta = np.full(self.estimates.problem.x.shape[1], np.nan)
        beta[solution.fixed.kept] = solution.user_beta(point)
        return DialPoint(
            c=c,
            criterion=point.criterion,
            sigma=float(np.sqrt(point.r2 / solution.objective.degrees)) * scale,
            beta=beta,
            modes=tuple(
                np.ascontiguousarray((scale * (one.to_user @ factor @ mode)).T)
                for one, factor, mode in zip(solution.groups, factors, scaled)
            ),
            resolved=self._resolved(effects.inverse[k]),
            point=point,
            effects=effects,
        )

    def _resolved(self, inverse: Floats) -> Floats:
        """Return 1 - Var(b_j | y) / G_jj (J, q) from K^-1; both are proportional to c^2, which cancels."""
        root = self._solution.groups[self.grouping].to_user @ self.root
        left = np.diagonal(both_sides(root, inverse))
        variance = (root * root).sum(axis=1)
        share = np.full(left.shape, np.nan)
        alive = variance > 0
        share[:, alive] = np.clip(1.0 - left[:, alive] / variance[alive], 0.0, 1.0)
        return share

    def effects(self, at: DialPoint) -> GroupEffects:
        """Return the estimates of the grouping at a point, with their covariances."""
        return group_effects(self._solution, self.grouping, at.point, at.effects, len(at.beta))

    def vcov(self, at: DialPoint) -> Floats:
        """Return the covariance of beta at a point (p, p), NaN for dropped columns."""
        kept = self._solution.fixed.kept
        found = np.full((len(at.beta), len(at.beta)), np.nan)
        found[np.ix_(kept, kept)] = at.sigma**2 * self._solution.user_covariance(at.point)
        return found

    def own(self, at: DialPoint, factor: Floats) -> OwnEstimates:
        """Return what each group says by itself given beta and the other groupings at a point; factor: that of the point."""
        within, by_columns, inverse_norm = self._own_parts
        own = by_columns @ np.append(-np.nan_to_num(at.beta), 1.0)
        if len(at.modes) > 1:
            own -= self._own_of(self._others(at))
        se = at.sigma * inverse_norm
        estimable = within.rank == within.r.shape[2]
        own[~estimable], se[~estimable] = np.nan, np.nan
        pulls = pull_matrices(within, factor) * own[:, None, :]
        return OwnEstimates(own=own, own_se=se, estimable=estimable, pulls=pulls, resolved=at.resolved)

    def _others(self, at: DialPoint) -> Floats:
        """Return what the other groupings add to each row, (n,)."""
        problem = self.estimates.problem
        total = np.zeros(problem.n)
        for k, (groups, mode) in enumerate(zip(problem.groupings, at.modes)):
            if k != self.grouping:
                total += np.einsum("ia,ia->i", groups.z, mode[groups.codes])
        return total

    @cached_property
    def _within(self) -> WithinGroups:
        problem = self.estimates.problem
        groups = problem.groupings[self.grouping]
        return within_groups(groups.codes, groups.n_groups, groups.z * root_weights(problem)[:, None])

    @cached_property
    def _inverse(self) -> Floats:
        return self._within.inverse()[0]

    def _own_of(self, values: Floats) -> Floats:
        """Return the least-squares coefficients of `values` (n,) on the varying columns in each group, (J, q)."""
        coordinates = self._within.coordinates(values * root_weights(self.estimates.problem))
        return np.asarray(np.einsum("jab,jb->ja", self._inverse, coordinates))

    @cached_property
    def _own_parts(self) -> tuple[WithinGroups, Floats, Floats]:
        """Own coefficients of every column of [x, y] (J, q, p + 1), linear in beta, and the norms that make their SEs (J, q)."""
        problem = self.estimates.problem
        columns = [*problem.x.T, response(problem)]
        by_columns = np.stack([self._own_of(column) for column in columns], axis=2)
        return self._within, by_columns, np.linalg.norm(self._inverse, axis=2)


def dial_of(estimates: Estimates, k: int) -> Dial:
    """Return the dial of grouping `k` of a fit."""
    estimates = independent(estimates)
    solution: Solution = estimates.state
    root, shape = solution.point.factors[k], Shape.FIT
    if not root.any():
        root, shape = _own_root(estimates, k), Shape.OWN
    elif any(boundary.grouping == k for boundary in estimates.boundaries):
        shape = Shape.SINGULAR
    spread = np.sqrt((root * root).sum(axis=1)) / solution.groups[k].typical
    end = min(NEARLY_NONE / spread[spread > 0].min(), FARTHEST / spread.max())
    return _reaching(Dial(estimates=estimates, grouping=k, root=root, shape=shape, end=float(end)))


def _reaching(dial: Dial) -> Dial:
    """Return the dial with an end at which the criterion exists."""
    end = dial.end
    while True:
        try:
            dial.at(end)
        except NotPositive:
            end /= 4
        else:
            return Dial(estimates=dial.estimates, grouping=dial.grouping, root=dial.root, shape=dial.shape, end=end)


def _own_root(estimates: Estimates, k: int) -> Floats:
    """Return a square root, inside, of diag(mean precision of the groups' own estimates)^-1 in units of sigma^2."""
    scale = estimates.state.groups[k]
    ses = own_estimates(estimates, k).own_se / estimates.sigma
    known = np.isfinite(ses).all(axis=1)
    if not known.any():
        return np.asarray(np.diag(scale.typical))
    variance = 1.0 / (ses[known] ** -2).mean(axis=0)
    return np.asarray(np.linalg.solve(scale.to_user, np.diag(np.sqrt(variance))))
