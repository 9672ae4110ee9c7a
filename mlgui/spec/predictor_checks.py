"""Whether the predictors vary, and whether categories have a sensible number of levels."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from mlgui.data.table import CODED, Column
from mlgui.findings import Finding, Remedy, Severity
from mlgui.spec.expression import Variable, columns_of
from mlgui.spec.roles import reason_not_grouping
from mlgui.spec.situation import Situation, is_constant
from mlgui.words import tr

MANY_LEVELS = 30
"""A category with more levels than this is more likely meant as a grouping."""


def predictor_findings(situation: Situation) -> Iterator[Finding]:
    """Yield predictors without variation and categories that look like groupings."""
    for name in _predictors(situation):
        column = situation.table[name]
        values = situation.values(column)
        if is_constant(values):
            yield _no_variation(name)
        elif column.kind in CODED and _stands_alone(situation, name):
            n_levels = int(np.count_nonzero(np.bincount(values.astype(np.int64))))
            if n_levels > MANY_LEVELS:
                yield _many_levels(situation, column, n_levels)


def _predictors(situation: Situation) -> tuple[str, ...]:
    groupings = {name for random in situation.spec.random for name in random.grouping.columns}
    outcome = columns_of(situation.spec.outcome)
    found = dict.fromkeys(name for term in situation.spec.fixed for name in term.columns)
    return tuple(name for name in found if name not in groupings and name not in outcome)


def _stands_alone(situation: Situation, name: str) -> bool:
    """Whether a column is a factor of some term itself, not only part of an expression."""
    return any(Variable(name) in term.factors for term in situation.spec.fixed)


def _no_variation(name: str) -> Finding:
    return Finding(
        code="no-variation",
        severity=Severity.WARNING,
        title=tr("“{name}” is the same in every row used").format(name=name),
        text=tr("A predictor that does not vary has no slope, so its coefficient cannot be estimated. Leave it out."),
        about=(name,),
        remedies=(_remove(name),),
    )


def _many_levels(situation: Situation, column: Column, n_levels: int) -> Finding:
    remedies = [_remove(column.name)]
    if not reason_not_grouping(column):
        remedies.insert(
            0,
            Remedy(
                label=tr("Let intercepts vary by {name}").format(name=column.name),
                edit="move_to_groups",
                arguments=(("column", column.name),),
            ),
        )
    return Finding(
        code="many-levels",
        severity=Severity.WARNING,
        title=tr("“{name}” has {n} levels").format(name=column.name, n=n_levels),
        text=tr(
            "As a predictor each level needs a coefficient of its own, estimated from {rows} rows on average and not pooled. "
            "If the levels are groups of rows, let the intercepts vary by them instead."
        ).format(rows=round(situation.n_used / n_levels, 1)),
        about=(column.name,),
        remedies=tuple(remedies),
    )


def _remove(name: str) -> Remedy:
    return Remedy(label=tr("Leave out {name}").format(name=name), edit="remove_predictor", arguments=(("column", name),))
