"""Whether the outcome is one that can be explained, and by a linear model."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from mlgui.data.table import Column, Kind
from mlgui.findings import Finding, Severity
from mlgui.spec.expression import Variable, columns_of
from mlgui.spec.roles import reason_not_outcome
from mlgui.spec.situation import Situation, is_constant
from mlgui.words import tr

FEW_VALUES = 7
"""Most different whole numbers an outcome may have to be called one of few values."""


def outcome_findings(situation: Situation) -> Iterator[Finding]:
    """Yield what is wrong with the outcome: its kind, its values, its other roles."""
    names = columns_of(situation.spec.outcome)
    for name in names:
        reason = reason_not_outcome(situation.table[name])
        if reason:
            yield _kind(name, reason)
            return
    yield from _other_roles(situation, names)
    if isinstance(situation.spec.outcome, Variable):
        yield from _values(situation, situation.table[names[0]])


def _kind(name: str, reason: str) -> Finding:
    return Finding(
        code="outcome-kind",
        severity=Severity.ERROR,
        title=tr("“{name}” cannot be the outcome").format(name=name),
        text=reason + " " + tr("Choose another outcome, or change the kind of this column to number if its labels are numbers."),
        about=(name,),
    )


def _other_roles(situation: Situation, names: tuple[str, ...]) -> Iterator[Finding]:
    spec = situation.spec
    terms = (*spec.fixed, *(term for random in spec.random for term in random.terms))
    read = {name for term in terms for name in term.columns}
    read.update(name for random in spec.random for name in random.grouping.columns)
    for name in names:
        if name in read:
            yield Finding(
                code="outcome-twice",
                severity=Severity.ERROR,
                title=tr("“{name}” stands on both sides").format(name=name),
                text=tr(
                    "It is the outcome and also explains it or tells the groups, so that it would explain itself. "
                    "Take it out of the predictors and groups."
                ),
                about=(name,),
            )


def _values(situation: Situation, column: Column) -> Iterator[Finding]:
    values = situation.values(column)
    if is_constant(values):
        yield Finding(
            code="constant-outcome",
            severity=Severity.ERROR,
            title=tr("“{name}” is the same in every row").format(name=column.name),
            text=tr("There is nothing to explain. Choose another outcome."),
            about=(column.name,),
        )
        return
    distinct = _few_distinct(values)
    if column.kind is Kind.BOOLEAN or (distinct is not None and len(distinct) == 2):
        yield Finding(
            code="binary-outcome",
            severity=Severity.NOTE,
            title=tr("“{name}” has two values").format(name=column.name),
            text=tr(
                "A linear model treats them as numbers: differences are differences in proportion, and fitted values can "
                "leave the range. Logistic multilevel models are not part of this version; check conclusions near 0 and 1 "
                "with one."
            ),
            about=(column.name,),
        )
    elif distinct is not None:
        yield Finding(
            code="few-valued-outcome",
            severity=Severity.NOTE,
            title=tr("“{name}” has {n} different values").format(name=column.name, n=len(distinct)),
            text=tr(
                "A linear model treats them as measured on a scale with equal steps. Models for counts and ordered categories "
                "are not part of this version; look at the residuals before trusting intervals."
            ),
            about=(column.name,),
        )


def _few_distinct(values: np.ndarray) -> np.ndarray | None:
    """Return the distinct values if they are few whole numbers, or two of any kind; None otherwise."""
    if len(np.unique(values[:1000])) > FEW_VALUES:  # most outcomes show many values at once
        return None
    distinct = np.unique(values)
    if len(distinct) == 2 or (len(distinct) <= FEW_VALUES < len(values) and np.array_equal(distinct, np.round(distinct))):
        return distinct
    return None
