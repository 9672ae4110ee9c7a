"""Which groups the results hang on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mlgui.engine.influence import GroupInfluence, is_block_diagonal, leave_one_group_out, refit_without
from mlgui.progress import OnStep, Step
from mlgui.results.group_columns import grouping_index
from mlgui.results.nouns import capital, group_noun, group_plural
from mlgui.results.report import Report
from mlgui.results.tables import Format, ResultColumn, ResultTable, distinct_keys, key_of
from mlgui.words import tr


@dataclass(frozen=True, kw_only=True, eq=False)
class InfluenceOfGroups:
    """What leaving out each group does. levels: (m,) labels; refitted: whether variances were estimated anew.

    large: change of a coefficient, in SEs, worth a look: 2 / sqrt(groups) (Belsley, Kuh & Welsch 1980).
    """

    grouping: str
    levels: tuple[str, ...]
    sizes: NDArray[np.int64]
    values: GroupInfluence
    refitted: bool
    large: float


QUICK_GROUPS = 300
"""Groups that other groupings cross are left out one by one; up to this many it takes a few seconds."""


def is_quick(report: Report, grouping: str) -> bool:
    """Return whether the influence of groups is a matter of a moment."""
    index = grouping_index(report, grouping)
    return len(report.groups[index].levels) <= QUICK_GROUPS or is_block_diagonal(report.estimates.problem, index)


def influence_of_groups(report: Report, grouping: str, on_step: OnStep | None = None) -> InfluenceOfGroups:
    """Return the influence of every group of a grouping, variances between groups held relative to sigma."""
    index = grouping_index(report, grouping)
    found = leave_one_group_out(report.estimates, index, _Told(on_step, tr("Leaving out groups")))
    return _named(report, index, found, refitted=False)


def refitted_influence(
    report: Report, grouping: str, levels: tuple[str, ...], on_step: OnStep | None = None
) -> InfluenceOfGroups:
    """Return the influence of some groups with everything estimated anew; KeyError for a group that does not exist."""
    index = grouping_index(report, grouping)
    place = {level: code for code, level in enumerate(report.groups[index].levels)}
    codes = [place[level] for level in levels]
    found = refit_without(report.estimates, index, codes, _Told(on_step, tr("Fitting without a group")))
    return _named(report, index, found.influence, refitted=True)


def influence_table(report: Report, found: InfluenceOfGroups) -> ResultTable:
    """Return one row per group, the most influential first: Cook's distance, changes of coefficients in SEs, residual SD."""
    values = found.values
    order = np.argsort(-np.nan_to_num(values.cooks, nan=-1.0), kind="stable")
    estimable = [i for i, effect in enumerate(report.fixed) if effect.estimable]
    keys = distinct_keys([report.fixed[i].name for i in estimable])
    return ResultTable(
        key=key_of("influence", found.grouping),
        title=tr("Influence of {groups}").format(groups=group_plural(found.grouping)),
        columns=(
            ResultColumn(key="group", heading=capital(group_noun(found.grouping)), cells=[found.levels[i] for i in order]),
            ResultColumn(key="n", heading=tr("Rows"), cells=found.sizes[order].tolist(), format=Format.COUNT),
            ResultColumn(key="cooks_distance", heading=tr("Cook's distance"), cells=values.cooks[order].tolist(),
                         format=Format.NUMBER, decimals=3),
            *(
                ResultColumn(key=f"change_{key}", heading=tr("Change of {name}, in SE").format(name=report.fixed[i].label),
                             cells=values.change[order, i].tolist(), format=Format.NUMBER)
                for key, i in zip(keys, estimable, strict=True)
            ),
            ResultColumn(key="sigma", heading=tr("Residual SD without it"), cells=values.sigma[order].tolist(),
                         format=Format.NUMBER, decimals=3),
        ),
        note=(
            tr("Every row: the model fitted again without this group, variances too.")
            if found.refitted
            else tr("Every row: the coefficients without this group, variances between groups held relative to the residual's.")
        ),
    )  # fmt: skip


def _named(report: Report, index: int, found: GroupInfluence, *, refitted: bool) -> InfluenceOfGroups:
    groups = report.groups[index]
    return InfluenceOfGroups(
        grouping=groups.grouping,
        levels=tuple(groups.levels[code] for code in found.groups),
        sizes=groups.sizes[found.groups],
        values=found,
        refitted=refitted,
        large=2 / float(np.sqrt(len(groups.levels))),
    )


@dataclass(frozen=True)
class _Told:
    """Steps of the engine as steps of the program."""

    on_step: OnStep | None
    text: str

    def __call__(self, done: int, total: int) -> None:
        if self.on_step is not None:
            self.on_step(Step(text=self.text, done=done, total=total))
