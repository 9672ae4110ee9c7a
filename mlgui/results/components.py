"""What the variance between groups is made of: its principal components, and what a group's prediction is worth in rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mlgui.engine.theta import blocks
from mlgui.results import numbers
from mlgui.results.group_columns import grouping_index
from mlgui.results.nouns import group_plural
from mlgui.results.report import Report
from mlgui.results.shares import residual_variance
from mlgui.results.tables import Format, ResultColumn, ResultTable, distinct_keys, key_of
from mlgui.words import tr

Floats = NDArray[np.float64]

DEGENERATE = 1e-5
"""SD of a component relative to the largest below which groups do not differ along it."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Component:
    """One direction along which groups differ. sd: of the groups along it; share: of the variance of its block.

    loadings: (q,) of the varying coefficients, of length 1, 0 outside the block. degenerate: whether the SD is 0, that is,
    this combination of coefficients is the same in all groups.
    """

    sd: float
    share: float
    loadings: Floats
    degenerate: bool


def principal_components(report: Report, grouping: str) -> tuple[Component, ...]:
    """Return the principal components of the covariance of what varies by a grouping, each block by itself, largest first.

    They depend on the units of the predictors (lme4's `rePCA`); which are degenerate does not. KeyError for no such grouping.
    """
    index = grouping_index(report, grouping)
    covariance = report.estimates.groups[index].covariance
    found = []
    for block in blocks(report.estimates.problem.groupings[index].pattern):
        scale = np.sqrt(np.maximum(np.diagonal(covariance)[block], 0.0))
        usual = np.where(scale > 0, scale, 1.0)
        rank = _rank(covariance[np.ix_(block, block)] / np.outer(usual, usual))
        values, vectors = np.linalg.eigh(covariance[np.ix_(block, block)])
        total = float(np.maximum(values, 0.0).sum())
        for place in range(len(block) - 1, -1, -1):
            loadings = np.zeros(len(covariance))
            loadings[block] = vectors[:, place] * (1.0 if vectors[np.abs(vectors[:, place]).argmax(), place] > 0 else -1.0)
            value = max(float(values[place]), 0.0)
            gone = len(block) - 1 - place >= rank
            found.append(
                Component(sd=0.0 if gone else value**0.5, share=value / total if total > 0 else float("nan"), loadings=loadings,
                          degenerate=gone)
            )  # fmt: skip
    return tuple(found)


def _rank(correlation: Floats) -> int:
    """Return how many directions of a block have variance, coefficients in units of their SDs."""
    values = np.linalg.eigvalsh(correlation)
    return int((values > DEGENERATE**2 * max(float(values[-1]), 1e-300)).sum()) if values[-1] > 0 else 0


def worth_in_rows(report: Report, grouping: str) -> Floats:
    """Return the residual variance over the variance of each varying coefficient, (q,); infinite where that is 0.

    For an intercept, what the group-level prediction is worth in rows of the group: with as many rows of its own, the estimate
    of a group lies half-way (Gelman & Hill 2007, sec. 12.3).
    """
    variances = np.diagonal(report.estimates.groups[grouping_index(report, grouping)].covariance)
    with np.errstate(divide="ignore"):
        return np.asarray(residual_variance(report.estimates) / np.maximum(variances, 0.0))


def components_table(report: Report, grouping: str) -> ResultTable:
    """Return the principal components of a grouping, one a row."""
    found = principal_components(report, grouping)
    names = report.groups[grouping_index(report, grouping)].names
    digits = numbers.decimals_of_spread([one.sd for one in found])
    loadings = [
        ResultColumn(key=key, heading=name, cells=[float(one.loadings[a]) for one in found], format=Format.NUMBER)
        for a, (key, name) in enumerate(zip(distinct_keys(names), names, strict=True))
    ]
    return ResultTable(
        key=key_of("components", grouping),
        title=tr("Along which {groups} differ").format(groups=group_plural(grouping)),
        columns=(
            ResultColumn(key="sd", heading=tr("SD"), cells=[one.sd for one in found], format=Format.NUMBER, decimals=digits),
            ResultColumn(key="share", heading=tr("Share of variance"), cells=[one.share for one in found], format=Format.PERCENT),
            *loadings,
            ResultColumn(key="degenerate", heading=tr("Degenerate"),
                         cells=[tr("yes") if one.degenerate else "" for one in found]),
        ),
        note=tr("Principal components of the covariance of what varies. Degenerate: this combination is the same in all groups."),
    )  # fmt: skip


def worth_table(report: Report, grouping: str) -> ResultTable:
    """Return what the group-level prediction of each varying coefficient is worth in rows."""
    names = report.groups[grouping_index(report, grouping)].names
    return ResultTable(
        key=key_of("worth", grouping),
        title=tr("Residual variance over the variance between {groups}").format(groups=group_plural(grouping)),
        columns=(
            ResultColumn(key="term", heading=tr("Coefficient"), cells=list(names)),
            ResultColumn(key="rows", heading=tr("Worth in rows"), cells=worth_in_rows(report, grouping).tolist(),
                         format=Format.NUMBER, decimals=1),
        ),
        note=tr("For the intercept: with so many rows of its own, the estimate of a group lies half-way to its prediction."),
    )  # fmt: skip
