"""Which of two models is a case of the other, and by how much it is smaller."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from mlgui.design.design import Design
from mlgui.engine.theta import blocks
from mlgui.errors import UserError
from mlgui.results.report import Report
from mlgui.words import tr

NESTED = 1e-7
"""Share of a column's length by which it may miss the span of another model's columns and still count as within it."""


def is_nested(smaller: Report, larger: Report, rows: NDArray[np.int64] | None = None) -> bool:
    """Return whether every mean and every covariance of one model is also one of the other; judged by columns and names.

    Fixed: the columns of X lie in the other's span. Random: each grouping has the same coefficients in the other, at least,
    and what is correlated is correlated there too. Offsets are the same, and so is a residual structure of the smaller.
    """
    shared = shared_rows([smaller, larger]) if rows is None else rows
    if not _same_offset(smaller.design, larger.design, shared) or not _residuals_within(smaller.design, larger.design):
        return False
    return _within_span(_x(smaller, shared), _x(larger, shared)) and all(
        any(_varies_within(smaller.design, k, larger.design, other) for other in range(len(larger.design.groupings)))
        for k in range(len(smaller.design.groupings))
    )


def shared_rows(reports: Sequence[Report]) -> NDArray[np.int64]:
    """Return the table rows used by all models; UserError where their outcomes, weights or tables differ there."""
    first = reports[0].design
    rows = np.asarray(reduce(np.intersect1d, [report.design.rows for report in reports]), dtype=np.int64)
    if not len(rows):
        raise UserError(tr("The models have no row in common."), "", tr("Compare models of the same data."))
    for report in reports[1:]:
        design = report.design
        if design.table.n_rows != first.table.n_rows or not np.array_equal(_y(design, rows), _y(first, rows)):
            raise UserError(
                tr("The models have different outcomes."),
                tr("Likelihoods say something about each other only where the same numbers are explained."),
                tr("Compare models of “{outcome}”.").format(outcome=first.outcome_label),
            )
        if design.spec.weights != first.spec.weights:
            raise UserError(
                tr("The models have different weights."),
                tr("Their likelihoods measure the outcome on different scales."),
                tr("Compare models with the same weights."),
            )
    return rows


def places_of(design: Design, rows: NDArray[np.int64]) -> NDArray[np.intp]:
    """Return where table rows stand among those a design uses."""
    return np.searchsorted(design.rows, rows)


def _y(design: Design, rows: NDArray[np.int64]) -> NDArray[np.float64]:
    return design.problem.y[places_of(design, rows)]


def _same_offset(left: Design, right: Design, rows: NDArray[np.int64]) -> bool:
    mine, yours = (
        np.zeros(len(rows)) if design.problem.offset is None else design.problem.offset[places_of(design, rows)]
        for design in (left, right)
    )
    return bool(np.array_equal(mine, yours))


def _residuals_within(smaller: Design, larger: Design) -> bool:
    """Whether the residual structure of one is a case of the other's: independent rows are, of every structure."""
    mine, yours = smaller.problem.residual, larger.problem.residual
    if mine.kind == "homogeneous":
        return True
    parts = ("strata", "groups", "order", "occasions")
    return mine.kind == yours.kind and all(np.array_equal(getattr(mine, part), getattr(yours, part)) for part in parts)


def _x(report: Report, rows: NDArray[np.int64]) -> NDArray[np.float64]:
    kept = [column for column in range(report.design.problem.x.shape[1]) if column not in report.estimates.dropped]
    return report.design.problem.x[np.ix_(places_of(report.design, rows), np.array(kept, dtype=np.intp))]


def same_columns(left: Report, right: Report, rows: NDArray[np.int64]) -> bool:
    """Whether REML criteria may be compared: the same columns, as another coding of them shifts the criterion."""
    mine, yours = _x(left, rows), _x(right, rows)
    return mine.shape == yours.shape and bool(np.array_equal(mine, yours))


def _within_span(inner: NDArray[np.float64], outer: NDArray[np.float64]) -> bool:
    if not inner.shape[1]:
        return True
    basis, _ = np.linalg.qr(outer / np.maximum(np.linalg.norm(outer, axis=0), 1e-300))
    rest = inner - basis @ (basis.T @ inner)
    return bool((np.linalg.norm(rest, axis=0) <= NESTED * np.linalg.norm(inner, axis=0)).all())


def _varies_within(smaller: Design, k: int, larger: Design, other: int) -> bool:
    mine, yours = smaller.groupings[k], larger.groupings[other]
    if set(mine.grouping.columns) != set(yours.grouping.columns) or not set(mine.names) <= set(yours.names):
        return False
    at = [yours.names.index(name) for name in mine.names]
    free, allowed = smaller.problem.groupings[k].pattern, larger.problem.groupings[other].pattern[np.ix_(at, at)]
    return bool(((free | free.T) <= (allowed | allowed.T)).all())


def added_beside(smaller: Report, larger: Report) -> int | None:
    """Return, of a model nested in another, how many coefficients the single one that only the other varies is correlated with.

    None unless both have the same columns of averages and residual structure and differ in nothing else.
    """
    x, y = smaller.estimates.rank, larger.estimates.rank
    if x != y or smaller.design.problem.residual.kind != larger.design.problem.residual.kind:
        return None
    found: list[int] = []
    for k, one in enumerate(larger.design.groupings):
        columns = set(one.grouping.columns)
        match = [j for j, other in enumerate(smaller.design.groupings) if set(other.grouping.columns) == columns]
        names = smaller.design.groupings[match[0]].names if match else ()
        added = [a for a, name in enumerate(one.names) if name not in names]
        parts = blocks(larger.design.problem.groupings[k].pattern)
        left = [[one.names[a] for a in part if a not in added] for part in parts]
        before = blocks(smaller.design.problem.groupings[match[0]].pattern) if match else []
        if {frozenset(part) for part in left if part} != {frozenset(names[a] for a in part) for part in before}:
            return None
        found += [len(part) - 1 for part in parts for a in part if a in added]
    return found[0] if len(found) == 1 else None
