"""Problems that are refused before anything is computed."""

from __future__ import annotations

import numpy as np

from mlgui.engine.problem import DegenerateProblem, Floats, Groups, Problem
from mlgui.engine.theta import blocks


def refuse(problem: Problem, n: int) -> None:
    """Raise DegenerateProblem for values that are not finite, and for groupings that n rows cannot support."""
    columns = [problem.y, *problem.x.T]
    columns += [one for one in (problem.weights, problem.offset) if one is not None]
    if not all(_finite(column) for column in columns):
        raise DegenerateProblem("not-finite")
    for index, groups in enumerate(problem.groupings):
        if not all(_finite(column) for column in groups.z.T):
            raise DegenerateProblem("not-finite", index)
        _refuse_grouping(groups, n, index)


def _refuse_grouping(groups: Groups, n: int, index: int) -> None:
    """One group, one row in every group, or blocks with as many coefficients in all groups as rows."""
    if groups.n_groups < 2:
        raise DegenerateProblem("one-group", index)
    if groups.n_groups >= n:
        raise DegenerateProblem("one-row-per-group", index)
    if any(len(block) * groups.n_groups >= n for block in blocks(groups.pattern)):
        raise DegenerateProblem("too-many-coefficients", index)


def _finite(column: Floats) -> bool:
    """Whether all values are finite: the sum is, unless a finite column is huge, which a closer look settles."""
    return bool(np.isfinite(column.sum())) or bool(np.isfinite(column).all())
