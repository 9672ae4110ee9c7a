"""Ranks of groups from joint draws (Gelman & Hill 2007, sec. 12.8)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mlgui.engine.draws import Draws, draw, rank_intervals
from mlgui.errors import UserError
from mlgui.progress import OnStep, Step, ignore_steps
from mlgui.results import numbers
from mlgui.results.group_columns import grouping_index
from mlgui.results.groups import prediction_weights
from mlgui.results.nouns import group_noun, group_plural
from mlgui.results.report import Report
from mlgui.results.tables import Format, ResultColumn, ResultTable, distinct_keys, key_of
from mlgui.words import tr

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


MOST_RANKED = 20_000
"""Ranks among more groups say nothing, and their draws would fill the memory."""
_NUMBERS, _FEWEST_DRAWS, _DRAWS = 20_000_000, 200, 1000


def rank_groups(report: Report, grouping: str, coefficient: int, on_step: OnStep = ignore_steps, seed: int = 1) -> Ranks:
    """Return the ranks by the total of one varying coefficient over 1,000 joint draws, fewer for thousands of groups.

    UserError for more than MOST_RANKED groups.
    """
    groups = report.groups[grouping_index(report, grouping)]
    if len(groups.levels) > MOST_RANKED:
        raise UserError(
            tr("Ranks are computed for up to {n} groups.").format(n=numbers.count(MOST_RANKED)),
            tr("Among more, the rank of a single group says nothing."),
            tr("Look at the totals with their intervals."),
        )
    effects = sum(one.total.size for one in report.groups)
    count = min(max(_NUMBERS // max(effects, 1), _FEWEST_DRAWS), _DRAWS)

    def told(done: int, total: int) -> None:
        on_step(Step(text=tr("Drawing from the fit"), done=done, total=total))

    return ranks(report, draw(report.estimates, count, seed, told), grouping, groups.names[coefficient])


def ranks_table(found: Ranks, grouping: str, coefficient: str) -> ResultTable:
    """Return the ranks as a table, one group a row, the highest first."""
    order = np.argsort(found.mean, kind="stable")
    columns = (("mean", tr("Mean rank"), found.mean, 1), ("low", tr("Low"), found.low, 0), ("high", tr("High"), found.high, 0))
    return ResultTable(
        key=key_of("ranks", grouping, coefficient),
        title=tr("Ranks of {groups}").format(groups=group_plural(grouping)),
        columns=(
            ResultColumn(key="level", heading=group_noun(grouping), cells=[found.levels[place] for place in order]),
            *(
                ResultColumn(key=key, heading=heading, cells=values[order].tolist(), format=Format.NUMBER, decimals=decimals)
                for key, heading, values, decimals in columns
            ),
        ),
        note=tr("By the total of {name}, 1 the largest; intervals of {percent} over joint draws.").format(
            name=coefficient, percent=numbers.percent(found.confidence)
        ),
    )


def draws_table(report: Report, draws: Draws) -> ResultTable:
    """Return draws of the coefficients that could be estimated and of the residual SD, one draw a row."""
    kept = [place for place, effect in enumerate(report.fixed) if effect.estimable]
    keys = distinct_keys([report.fixed[place].name for place in kept])
    named = [(key, report.fixed[place].name, draws.beta[:, place]) for key, place in zip(keys, kept, strict=True)]
    return ResultTable(
        key="draws",
        title=tr("Draws"),
        columns=tuple(
            ResultColumn(key=key, heading=name, cells=values.tolist(), format=Format.NUMBER, decimals=4)
            for key, name, values in (*named, ("sigma", tr("Residual SD"), draws.sigma))
        ),
        note=tr("Seed {seed}; variances between groups held relative to the residual's.").format(seed=draws.seed),
    )
