"""Ranks of groups from joint draws (Gelman & Hill 2007, sec. 12.8)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mlgui.engine.draws import Draws, rank_intervals
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
