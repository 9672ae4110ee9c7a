"""A fit with a residual structure seen as one with independent residuals of one variance, the structure held as estimated.

An SD for each stratum is a weight 1 / delta^2 of its rows. Correlated rows are whitened: y, X and Z become R^-1/2 of themselves
(after prior weights), each row a combination of rows of its own residual group, so that groups stay what they are. Everything
that conditions on the variances (own estimates, shrinkage, leaving out groups) is then what it is for independent residuals.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from mlgui.engine.estimates import Estimates
from mlgui.engine.problem import Floats, Problem, Residual
from mlgui.engine.residual_fit import Structured


def independent(estimates: Estimates) -> Estimates:
    """The fit with weighted or whitened rows; the fit itself where its residuals are independent already.

    `fitted` and `fixed_part` are those of the rows as they are there: whitened, without offset, where rows are correlated.
    """
    problem = estimates.problem
    if problem.residual.is_homogeneous:
        return estimates
    if problem.residual.kind == "strata":
        weights = 1 / residual_sds(estimates) ** 2
        return replace(estimates, problem=replace(problem, weights=weights, residual=Residual()))
    offset = np.zeros(problem.n) if problem.offset is None else problem.offset
    outcome = np.column_stack([problem.y - offset, estimates.fitted - offset, estimates.fixed_part - offset])
    columns = _whitened(estimates, outcome)
    plain = replace(
        problem,
        y=np.ascontiguousarray(columns[:, 0]),
        x=_whitened(estimates, problem.x),
        groupings=tuple(replace(one, z=_whitened(estimates, one.z)) for one in problem.groupings),
        weights=None if problem.weights is None else (problem.weights > 0).astype(np.float64),
        offset=None,
        residual=Residual(),
    )
    return replace(estimates, problem=plain, fitted=columns[:, 1], fixed_part=columns[:, 2])


def _whitened(estimates: Estimates, columns: Floats) -> Floats:
    """R^-1/2 W^1/2 of columns (n, k); rows of weight 0 become 0."""
    structured: Structured = estimates.state.residual
    problem = estimates.problem
    root = np.ones(problem.n) if problem.weights is None else np.sqrt(problem.weights)
    used = np.flatnonzero(root > 0)
    white = np.zeros(columns.shape, order="F")
    white[used] = structured.shape.whiten(structured.at, (columns[used] * root[used, None]).T).T
    return white


def residual_sds(estimates: Estimates) -> Floats:
    """SD of every row's residual over sigma, (n,): delta / sqrt(weight); infinite for weight 0."""
    problem = estimates.problem
    with np.errstate(divide="ignore"):
        sds = np.ones(problem.n) if problem.weights is None else 1 / np.sqrt(problem.weights)
    levels = problem.residual.occasions if problem.residual.kind == "un" else problem.residual.strata
    return sds if levels is None else np.asarray(sds * estimates.residual.sd_ratios[levels])


def residual_rows(problem: Problem, rows: NDArray[np.intp]) -> Residual:
    """The residual structure of some of the rows."""
    residual = problem.residual
    return Residual(
        kind=residual.kind,
        strata=None if residual.strata is None else residual.strata[rows],
        groups=None if residual.groups is None else residual.groups[rows],
        order=None if residual.order is None else residual.order[rows],
        occasions=None if residual.occasions is None else residual.occasions[rows],
    )
