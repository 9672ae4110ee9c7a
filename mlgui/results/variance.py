"""Variance components, listed as lme4 lists them: one component per random term, most levels first."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mlgui.design.design import Design
from mlgui.engine.estimates import Boundary, Estimates
from mlgui.engine.profile import limits_of_zeros
from mlgui.results import numbers
from mlgui.results.report import VarianceComponent
from mlgui.words import tr

Floats = NDArray[np.float64]


def variance_components(design: Design, estimates: Estimates) -> tuple[VarianceComponent, ...]:
    """Return the random terms with SD, covariance and correlation; groupings with more levels come first, as in lme4."""
    limits = limits_of_zeros(estimates)
    found = [
        _component(design, estimates, index, block, limits)
        for index, varying in enumerate(design.groupings)
        for block in varying.blocks
    ]
    return tuple(sorted(found, key=lambda component: -component.n_groups))


def correlation_of(covariance: Floats) -> Floats:
    """Return the correlations of a covariance matrix, NaN in rows and columns of zero variance; exactly 1 on the diagonal."""
    sd = np.sqrt(np.diag(covariance))
    with np.errstate(invalid="ignore", divide="ignore"):
        correlation = np.clip(covariance / np.outer(sd, sd), -1, 1)
    np.fill_diagonal(correlation, np.where(sd > 0, 1.0, np.nan))
    return np.asarray(correlation)


def boundary_of(estimates: Estimates, grouping: int) -> Boundary | None:
    """Return the boundary of one grouping, None where its fit is interior."""
    return next((boundary for boundary in estimates.boundaries if boundary.grouping == grouping), None)


def limit_words(component: VarianceComponent, position: int) -> str:
    """Return between what an SD of 0 lies, "" where its upper limit is not known."""
    limit = float(component.upper[position])
    if not np.isfinite(limit):
        return ""
    return tr("SD between 0 and {limit} (95 % profile)").format(limit=numbers.short(limit, 3))


def _component(
    design: Design, estimates: Estimates, grouping: int, block: tuple[int, ...], limits: dict[tuple[int, int], float]
) -> VarianceComponent:
    varying = design.groupings[grouping]
    covariance = estimates.groups[grouping].covariance[np.ix_(block, block)]
    return VarianceComponent(
        grouping=varying.grouping.name,
        grouping_index=grouping,
        indices=block,
        n_groups=len(varying.levels),
        names=tuple(varying.names[i] for i in block),
        labels=tuple(varying.labels[i] for i in block),
        sd=np.sqrt(np.diag(covariance)),
        covariance=covariance,
        correlation=correlation_of(covariance) if len(block) > 1 else None,
        boundary=_boundary_words(boundary_of(estimates, grouping), block, covariance),
        upper=np.array([limits.get((grouping, index), np.nan) for index in block]),
    )


def _boundary_words(boundary: Boundary | None, block: tuple[int, ...], covariance: Floats) -> str:
    """Return "variance 0", "correlation +1" and the like for one random term; "" in the interior."""
    if boundary is None:
        return ""
    if any(index in block for index in boundary.zero):
        return tr("variance 0")
    for a, b in boundary.lockstep:
        if a in block and b in block:
            positive = covariance[block.index(a), block.index(b)] > 0
            return tr("correlation +1") if positive else tr("correlation −1")
    rank = np.linalg.matrix_rank(covariance, tol=1e-8 * max(float(np.trace(covariance)), 1e-300))
    return tr("one coefficient follows from the others") if rank < len(block) else ""
