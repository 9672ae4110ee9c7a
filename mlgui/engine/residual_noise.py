"""Residuals with the estimated structure: simulated ones, their covariance, and rows that are rid of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from mlgui.engine.estimates import Estimates
from mlgui.engine.problem import Floats
from mlgui.engine.residual_fit import Structured
from mlgui.engine.residual_independent import residual_sds
from mlgui.engine.scaling import Rows, scaled_rows


def solution_rows(estimates: Estimates) -> Rows:
    """The scaled rows of a fit, whitened where it has a residual structure: their cross-products are those of its solution."""
    problem, rows = estimates.problem, scaled_rows(estimates.problem)
    if problem.residual.is_homogeneous:
        return rows
    structured: Structured = estimates.state.residual
    used = np.arange(problem.n) if problem.weights is None else np.flatnonzero(problem.weights > 0)

    def white(columns: Floats) -> Floats:
        changed = np.zeros(columns.shape)
        changed[:, used] = structured.shape.whiten(structured.at, columns[:, used])
        return changed

    return replace(rows, w=white(rows.w), z=tuple(tuple(white(np.array(columns))) for columns in rows.z))


def coloured(estimates: Estimates, noise: Floats) -> Floats:
    """Independent noise (n, R) with the covariance of the residuals for sigma = 1: weights, SDs, correlations.

    Rows of weight 0, which have no residual, are 0.
    """
    problem = estimates.problem
    used = np.arange(problem.n) if problem.weights is None else np.flatnonzero(problem.weights > 0)
    out = np.zeros(noise.shape)
    out[used] = noise[used]
    if not problem.residual.is_homogeneous:
        structured: Structured = estimates.state.residual
        out[used] = structured.shape.colour(structured.at, np.ascontiguousarray(noise[used].T)).T
    if problem.weights is not None:
        out[used] /= np.sqrt(problem.weights[used])[:, None]
    return out


def residual_covariance(estimates: Estimates, rows: NDArray[np.intp]) -> Floats:
    """The covariance of the residuals of some rows for sigma = 1, (m, m); infinite for rows of weight 0."""
    sds = residual_sds(estimates)[rows]
    residual, found = estimates.problem.residual, estimates.residual
    if residual.groups is None:
        return np.diag(sds**2)
    groups = residual.groups[rows]
    if residual.kind == "ar1":
        assert residual.order is not None and found.correlation is not None and found.unit is not None
        order = residual.order[rows]
        distances = np.abs(order[:, None] - order) / found.unit
        steps = np.round(distances) if found.correlation < 0 else distances
        correlation = np.sign(found.correlation) ** steps * np.abs(found.correlation) ** steps
    elif residual.kind == "un":
        assert residual.occasions is not None
        occasions = residual.occasions[rows]
        correlation = found.correlations[np.ix_(occasions, occasions)]
    else:
        assert found.correlation is not None
        correlation = np.full((len(rows), len(rows)), found.correlation)
    correlation = np.where(groups[:, None] == groups, correlation, 0.0)
    np.fill_diagonal(correlation, 1.0)
    return np.asarray(sds[:, None] * correlation * sds)
