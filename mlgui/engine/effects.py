"""Estimates on the user's scales from the solution inside."""

from __future__ import annotations

import numpy as np

from mlgui.engine.blocks import both_sides
from mlgui.engine.boundary import boundary_of
from mlgui.engine.estimates import Boundary, Certificate, Estimates, GroupEffects, Record
from mlgui.engine.objective import Effects, Point
from mlgui.engine.penalty import plain_criterion
from mlgui.engine.problem import Floats, Problem
from mlgui.engine.solution import Solution
from mlgui.engine.theta import Layout


def estimates_of(problem: Problem, solution: Solution, record: Record, certificate: Certificate) -> Estimates:
    """The estimates of a problem at its solution."""
    point, fixed = solution.point, solution.fixed
    p, kept = problem.x.shape[1], fixed.kept
    sigma2 = point.r2 / solution.objective.degrees * fixed.y_scale**2
    beta, vcov = np.full(p, np.nan), np.full((p, p), np.nan)
    beta[kept] = solution.user_beta(point)
    vcov[np.ix_(kept, kept)] = sigma2 * solution.user_covariance(point)
    groups = tuple(group_effects(solution, k, point, solution.effects, p) for k in range(len(problem.groupings)))

    def fixed_part() -> Floats:
        part = np.asarray(problem.x @ beta if len(kept) == p else problem.x[:, kept] @ beta[kept])
        return part if problem.offset is None else part + problem.offset

    return Estimates(
        problem=problem,
        criterion=plain_criterion(solution.objective, point),
        sigma=float(np.sqrt(sigma2)),
        theta=Layout.of([one.pattern for one in problem.groupings]).pack([one.factor for one in groups]),
        beta=beta,
        vcov=vcov,
        dropped=tuple(sorted(set(range(p)) - set(kept.tolist()))),
        rank=len(kept),
        n=solution.objective.n,
        groups=groups,
        boundaries=_boundaries(problem, groups),
        fitted=lambda: _fitted(problem, groups, fixed_part()),
        fixed_part=fixed_part,
        record=record,
        certificate=certificate,
        state=solution,
    )


def group_effects(solution: Solution, k: int, point: Point, effects: Effects, p: int) -> GroupEffects:
    """Conditional modes, their covariance and their sensitivity to beta, of one grouping at the solution or another point."""
    scale, fixed = solution.groups[k], solution.fixed
    sigma2 = point.r2 / solution.objective.degrees * fixed.y_scale**2
    root = scale.to_user @ point.factors[k]
    u = effects.u[k]
    q, _, n_groups = u.shape
    r = solution.objective.rank
    scaled_mode = np.append(-point.beta, 1.0) @ u

    def conditional() -> Floats:
        covariance = both_sides(root, effects.inverse[k]) * sigma2
        return np.ascontiguousarray(covariance.transpose(2, 0, 1))

    def sensitivity() -> Floats:
        by_inside = (-root @ u[:, :r].reshape(q, -1)).reshape(q, r, n_groups)
        by_given = np.zeros((n_groups, q, p))
        by_given[:, :, fixed.kept] = np.matmul(np.linalg.inv(fixed.basis).T, by_inside).transpose(2, 0, 1)
        return by_given

    factor = scale.user_factor(point.factors[k])
    return GroupEffects(
        factor=factor,
        covariance=sigma2 * (factor @ factor.T),
        mode=np.ascontiguousarray((fixed.y_scale * (root @ scaled_mode)).T),
        conditional_covariance=conditional,
        sensitivity=sensitivity,
    )


def _boundaries(problem: Problem, groups: tuple[GroupEffects, ...]) -> tuple[Boundary, ...]:
    """The boundary fits among the groupings."""
    found = [boundary_of(k, one.factor, problem.groupings[k].pattern) for k, one in enumerate(groups)]
    return tuple(one for one in found if one is not None)


def _fitted(problem: Problem, groups: tuple[GroupEffects, ...], fixed_part: Floats) -> Floats:
    """Offset + X beta + Z b, every row."""
    fitted = fixed_part.copy()
    for grouping, effects in zip(problem.groupings, groups):
        codes = grouping.codes.astype(np.intp)
        for a in range(grouping.z.shape[1]):
            fitted += grouping.z[:, a] * effects.mode[:, a].take(codes)
    return fitted
