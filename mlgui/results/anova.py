"""The ANOVA display: how much each batch of coefficients spreads, over these very levels and groups (Gelman 2005, Ann. Stat. 33).

A category, or a product of categories, is a batch of effects that add up to 0 over the levels of each factor, equally
weighted, other numbers at their means; its SD is the root of the sum of squares over the degrees of freedom. A number is a
batch of one: the SD of its coefficient times it over the rows. Deviations of groups and residuals of rows are the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from math import prod

import numpy as np
from numpy.typing import NDArray

from mlgui.engine.draws import Draws, finite_population_sds
from mlgui.results import numbers
from mlgui.results.reference_grid import axes_of, grid
from mlgui.results.report import Report
from mlgui.results.tables import Format, ResultColumn, ResultTable
from mlgui.spec.expression import Variable
from mlgui.spec.render import render_term
from mlgui.spec.terms import Term
from mlgui.words import tr

Floats = NDArray[np.float64]

HALF = 0.5
"""Share of the draws in the thick part of an interval."""


@dataclass(frozen=True, kw_only=True)
class Batch:
    """One batch of the display: the SD of its coefficients, median and limits over draws; half_low, half_high hold half of them.

    part: "average", "group" or "residual". grouping: of a group batch. name: the term or varying coefficient, "" for the
    residuals of the rows. count: how many coefficients the batch has.
    """

    part: str
    grouping: str
    name: str
    count: int
    median: float
    low: float
    high: float
    half_low: float
    half_high: float


def batches(report: Report, draws: Draws, confidence: float = 0.95) -> tuple[Batch, ...]:
    """Return the finite-population SD of every term of averages, of every varying coefficient, then of the residuals.

    Unlike the SDs of the model they speak of these groups, and are known better. Products with numbers have no batch: how
    much they spread depends on where the numbers are 0.
    """
    found = _average_batches(report, draws, confidence)
    for groups, effects in zip(report.groups, draws.effects, strict=True):
        sds = finite_population_sds(effects)
        for a, name in enumerate(groups.names):
            found.append(_batch("group", groups.grouping, name, effects.shape[1], sds[:, a], confidence))
    return (*found, _batch("residual", "", "", report.n, _residual_sds(report, draws), confidence))


def _average_batches(report: Report, draws: Draws, confidence: float) -> list[Batch]:
    """Return the batches of single predictors and of products of categories, in the order of the model."""
    axes, found = axes_of(report), list[Batch]()
    for term in report.design.spec.fixed:
        names = [factor.name for factor in term.factors if isinstance(factor, Variable)]
        if term.order and len(names) == term.order and all(axes[name].is_category for name in names):
            rows, degrees = _effects_of(report, names), prod(len(axes[name].values) - 1 for name in names)
            sds = np.sqrt(((draws.beta @ rows.T) ** 2).sum(axis=1) / degrees)
            found.append(_batch("average", "", render_term(term), len(rows), sds, confidence))
        elif term.order == 1:
            sds = _number_sds(report, term, draws)
            found.append(_batch("average", "", render_term(term), 1, sds, confidence))
    return found


def _number_sds(report: Report, term: Term, draws: Draws) -> Floats:
    """SD over the rows of what a number adds, per draw, where the others stand at their means."""
    (factor,) = term.factors
    if isinstance(factor, Variable):
        return np.asarray(np.abs(draws.beta @ _slope(report, factor.name)) * axes_of(report)[factor.name].sample.std(ddof=1))
    places = [place for place, one in enumerate(report.design.coefficients) if one.term == term]
    return np.asarray((report.design.problem.x[:, places] @ draws.beta[:, places].T).std(axis=0, ddof=1))


def _effects_of(report: Report, names: list[str]) -> Floats:
    """Return what makes the effects of a category, or of a product of some, from the coefficients: (cells, p).

    Means over a subset of the factors are added and taken away in turn, so that no effect of fewer factors is left.
    """
    cells = grid(report, names)
    shape = (*(len(axes) for axes in _levels(cells.cells)), cells.x.shape[1])
    means = cells.x.reshape(shape)
    effects = np.zeros(shape)
    for size in range(len(names) + 1):
        for gone in combinations(range(len(names)), size):
            effects += (-1) ** size * means.mean(axis=gone, keepdims=True)
    return effects.reshape(len(cells.cells), -1)


def _levels(cells: tuple[tuple[float | str, ...], ...]) -> list[set[float | str]]:
    return [set(column) for column in zip(*cells, strict=True)]


def _slope(report: Report, name: str) -> Floats:
    """Return the contrast (p,) that makes the slope of a number where the others stand at their means."""
    from mlgui.results.marginal_means import slope_contrasts

    return np.asarray(slope_contrasts(report, name, (), None)[1][0])


def _residual_sds(report: Report, draws: Draws) -> Floats:
    """SD of the rows' residuals, times the root of their weights, per draw."""
    problem = report.estimates.problem
    outcome = problem.y if problem.offset is None else problem.y - problem.offset
    root = np.ones(problem.n) if problem.weights is None else np.sqrt(problem.weights)
    sds = np.empty(len(draws.sigma))
    for r in range(len(sds)):
        rest = outcome - problem.x @ draws.beta[r]
        for groups, effects in zip(problem.groupings, draws.effects, strict=True):
            rest -= np.einsum("ia,ia->i", groups.z, effects[r][groups.codes])
        sds[r] = (rest * root)[root > 0].std(ddof=1)
    return sds


def _batch(part: str, grouping: str, name: str, count: int, sds: Floats, confidence: float) -> Batch:
    tails = [(1 - confidence) / 2, (1 - HALF) / 2, 0.5, (1 + HALF) / 2, (1 + confidence) / 2]
    low, half_low, median, half_high, high = np.quantile(sds, tails).tolist()
    return Batch(
        part=part, grouping=grouping, name=name, count=count, median=median, low=low, high=high,
        half_low=half_low, half_high=half_high,
    )  # fmt: skip


def batch_label(batch: Batch) -> str:
    """Return a batch in words: "sector", "Days by Subject", "Residuals"."""
    if batch.part == "residual":
        return tr("Residuals")
    name = tr("Intercept") if batch.name == "(Intercept)" else batch.name
    return tr("{name} by {grouping}").format(name=name, grouping=batch.grouping) if batch.grouping else name


def batches_table(found: tuple[Batch, ...], confidence: float = 0.95) -> ResultTable:
    """Return the display as a table, one batch a row."""
    digits = numbers.decimals_of_spread([one.median for one in found])
    values = (
        ("sd", tr("SD"), [one.median for one in found]),
        ("half_low", tr("50 % low"), [one.half_low for one in found]),
        ("half_high", tr("50 % high"), [one.half_high for one in found]),
        ("low", tr("Low"), [one.low for one in found]),
        ("high", tr("High"), [one.high for one in found]),
    )
    return ResultTable(
        key="anova",
        title=tr("Where the outcome varies"),
        columns=(
            ResultColumn(key="batch", heading=tr("Batch"), cells=[batch_label(one) for one in found]),
            ResultColumn(key="count", heading=tr("Coefficients"), cells=[one.count for one in found], format=Format.COUNT),
            *(
                ResultColumn(key=key, heading=heading, cells=cells, format=Format.NUMBER, decimals=digits)
                for key, heading, cells in values
            ),
        ),
        note=tr(
            "SD of the coefficients of each batch over these very levels and groups, median and intervals of 50 % and {percent} "
            "over draws. A number counts with the SD of its coefficient times it over the rows."
        ).format(percent=numbers.percent(confidence)),
    )
