"""How much residuals of new rows vary: prior weights, and the SDs of a residual structure at their levels."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mlgui.data.table import Kind, Table
from mlgui.design.frame import Frame
from mlgui.results.report import Report
from mlgui.results.shares import residual_variance
from mlgui.spec.residual import ResidualKind

Floats = NDArray[np.float64]


def precisions(report: Report, table: Table, rows: NDArray[np.int64]) -> Floats | None:
    """Return sigma^2 over the residual variance of rows of a table, None where all are 1.

    Rows without a positive weight count as of weight 1. Where the table lacks the column of a residual structure, or a row is
    at a level the fit has not seen, its residual variance is the mean of that of the rows fitted.
    """
    weights = _weights(report, table, rows)
    ratios = report.estimates.residual.sd_ratios
    if not len(ratios):
        return weights
    typical = float(np.mean(_squares(report)))
    squares = np.full(len(rows), typical)
    term = report.design.spec.residual
    name = term.order if term.kind is ResidualKind.OCCASIONS else term.by
    if name in table:
        codes, levels = Frame(table, rows).codes(name)
        known = dict(zip(report.design.residual_levels, (ratios**2).tolist(), strict=True))
        of_level = np.array([known.get(level, typical) for level in levels])
        squares = np.where(codes >= 0, of_level[np.maximum(codes, 0)], typical)
    return 1 / squares if weights is None else weights / squares


def typical_precisions(report: Report, count: int) -> Floats | None:
    """Return sigma^2 over the mean residual variance for rows of which nothing is known, None where it is 1."""
    if not len(report.estimates.residual.sd_ratios):
        return None
    return np.full(count, report.sigma**2 / residual_variance(report.estimates))


def _squares(report: Report) -> Floats:
    """Return the squared SDs of the rows fitted relative to the first level."""
    residual, ratios = report.design.problem.residual, report.estimates.residual.sd_ratios
    levels = residual.occasions if residual.kind == "un" else residual.strata
    assert levels is not None
    return np.asarray(ratios[levels] ** 2)


def _weights(report: Report, table: Table, rows: NDArray[np.int64]) -> Floats | None:
    """Return the prior weights of the rows, 1 where the table has none or no positive number."""
    name = report.design.spec.weights
    if name is None or name not in table or table[name].kind is not Kind.NUMBER:
        return None
    weights = np.asarray(table[name].values[rows], dtype=float)
    return np.where(weights > 0, weights, 1.0)
