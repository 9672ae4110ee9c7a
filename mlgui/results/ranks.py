"""Ranks of groups and the spread of each batch of coefficients, from joint draws (Gelman & Hill 2007, secs. 12.8 and 21.7)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mlgui.engine.draws import Draws, finite_population_sds, rank_intervals
from mlgui.results.group_columns import grouping_index
from mlgui.results.groups import prediction_weights
from mlgui.results.report import Report

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class Ranks:
    """Ranks of the totals of one varying coefficient, 1 the largest. mean, low, high: (J,), over joint draws."""

    levels: tuple[str, ...]
    mean: Floats
    low: Floats
    high: Floats
    confidence: float


@dataclass(frozen=True, kw_only=True)
class Batch:
    """One batch of the ANOVA display: SD of the coefficients at hand, median and limits over draws.

    name: the coefficient, or "" for the residuals of the rows. count: how many coefficients the batch has.
    """

    grouping: str
    name: str
    count: int
    median: float
    low: float
    high: float


def total_draws(report: Report, draws: Draws, index: int) -> Floats:
    """Return the totals of the groups of a grouping, prediction plus deviation, (R, J, q)."""
    weights = prediction_weights(report.design.groupings[index], draws.beta.shape[1])
    predicted: Floats = np.einsum("jap,rp->rja", weights, draws.beta, optimize=True)
    return predicted + draws.effects[index]


def ranks(report: Report, draws: Draws, grouping: str, coefficient: str, confidence: float = 0.95) -> Ranks:
    """Return the ranks of groups by the total of one varying coefficient (its lme4 name); KeyError if it does not vary."""
    index = grouping_index(report, grouping)
    names = report.groups[index].names
    if coefficient not in names:
        raise KeyError(coefficient)
    totals = total_draws(report, draws, index)[:, :, names.index(coefficient)]
    mean, low, high = rank_intervals(totals, confidence)
    return Ranks(levels=report.groups[index].levels, mean=mean, low=low, high=high, confidence=confidence)


def batches(report: Report, draws: Draws, confidence: float = 0.95) -> tuple[Batch, ...]:
    """Return the finite-population SD of the deviations of every varying coefficient, then of the residuals of the rows.

    Unlike the SD of the model, it speaks of these groups, and is known better (Gelman 2005, Ann. Stat. 33).
    """
    found = []
    for groups, effects in zip(report.groups, draws.effects, strict=True):
        sds = finite_population_sds(effects)
        for a, name in enumerate(groups.names):
            found.append(_batch(groups.grouping, name, effects.shape[1], sds[:, a], confidence))
    return (*found, _batch("", "", report.n, _residual_sds(report, draws), confidence))


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


def _batch(grouping: str, name: str, count: int, sds: Floats, confidence: float) -> Batch:
    tail = (1 - confidence) / 2
    low, median, high = np.quantile(sds, [tail, 0.5, 1 - tail])
    return Batch(grouping=grouping, name=name, count=count, median=float(median), low=float(low), high=float(high))
