"""The card of one group: why did this group move?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from mlgui.results import numbers
from mlgui.results.group_columns import group_columns, grouping_index
from mlgui.results.group_model import coefficient_title, indexed_symbol
from mlgui.results.nouns import capital, counted_rows, group_noun, group_plural
from mlgui.results.report import GroupEstimates, Report
from mlgui.words import tr


@dataclass(frozen=True, kw_only=True)
class CardLine:
    """One line of the sum on the card."""

    label: str
    value: float
    text: str


@dataclass(frozen=True, kw_only=True)
class GroupCard:
    """Why one varying coefficient of one group is where it is.

    own: what the group's rows say alone (NaN without an estimate of its own). prediction + the values of `pulls` =
    total. se, low, high: of the total, a 95 % prediction interval with the variances held at their estimates.
    resolved: share of the variance between groups that the group's data resolve, NaN where that variance is 0.
    facts: the group's own predictors in the model as text ("Public", "size 842"). lines: everything as text, in reading order.
    """

    grouping: str
    level: str
    title: str
    size: int
    coefficient: str
    own: float
    prediction: float
    pulls: tuple[CardLine, ...]
    total: float
    se: float
    low: float
    high: float
    resolved: float
    facts: tuple[str, ...]
    lines: tuple[CardLine, ...]
    sentence: str


def group_card(report: Report, grouping: str, level: str, coefficient: int = 0) -> GroupCard:
    """Return the card of one group and varying coefficient; KeyError where the grouping or the group is not in the model."""
    groups = report.groups[grouping_index(report, grouping)]
    if level not in groups.levels:
        raise KeyError(level)
    j = groups.levels.index(level)
    digits = numbers.decimals_for((), [float(groups.total_se[j, coefficient])])
    pulls = _pulls(groups, j, coefficient, digits)
    symbol = indexed_symbol(report, grouping, coefficient)
    own, prediction = float(groups.own[j, coefficient]), float(groups.prediction[j, coefficient])
    total, se = float(groups.total[j, coefficient]), float(groups.total_se[j, coefficient])
    half = float(ndtri(0.975)) * se
    return GroupCard(
        grouping=grouping,
        level=level,
        title=_title(grouping, level),
        size=int(groups.sizes[j]),
        coefficient=coefficient_title(report, grouping, coefficient),
        own=own,
        prediction=prediction,
        pulls=pulls,
        total=total,
        se=se,
        low=total - half,
        high=total + half,
        resolved=float(groups.resolved[j, coefficient]),
        facts=_facts(report, grouping, j),
        lines=(
            _line(tr("Alone (no pooling)"), own, digits),
            _line(tr("Group-level prediction"), prediction, digits),
            *pulls,
            _line(tr("Partial pooling {symbol}").format(symbol=symbol), total, digits),
        ),
        sentence=_sentence(report, groups, j, coefficient, digits),
    )


def _title(grouping: str, level: str) -> str:
    """Return "School 8367", or "s 115" where the grouping's name is a code and not a word."""
    noun = group_noun(grouping)
    is_code = noun != grouping and grouping in noun.split()
    return f"{grouping if is_code else capital(noun)} {level}"


def _pulls(groups: GroupEstimates, j: int, coefficient: int, digits: int) -> tuple[CardLine, ...]:
    """Return the additive pulls of a group's own coefficients; one joint line where it has no own estimate."""
    if np.isnan(groups.own[j]).any() or np.isnan(groups.pulls[j, coefficient]).any():
        return (_line(tr("Pull of its own data"), float(groups.deviation[j, coefficient]), digits),)
    labels = [
        tr("Pull of its own level") if name == "(Intercept)" else tr("Pull of its own {name} slope").format(name=label)
        for name, label in zip(groups.names, groups.labels, strict=True)
    ]
    return tuple(_line(label, float(pull), digits) for label, pull in zip(labels, groups.pulls[j, coefficient], strict=True))


def _line(label: str, value: float, digits: int) -> CardLine:
    return CardLine(label=label, value=value, text=numbers.number(value, digits))


def _facts(report: Report, grouping: str, j: int) -> tuple[str, ...]:
    found = []
    for column in group_columns(report, grouping):
        if not column.in_model or np.isnan(column.values[j]):
            continue
        if column.is_category:
            found.append(column.levels[int(column.values[j])] if column.values[j] >= 0 else numbers.MISSING)
        else:
            found.append(f"{column.name} {numbers.given(float(column.values[j]))}")
    return tuple(found)


def _sentence(report: Report, groups: GroupEstimates, j: int, coefficient: int, digits: int) -> str:
    """Return what happened to the group in one or two plain sentences."""
    own, total = float(groups.own[j, coefficient]), float(groups.total[j, coefficient])
    rows = counted_rows(int(groups.sizes[j]), report.design)
    resolved = float(groups.resolved[j, coefficient])
    share = numbers.percent(resolved)
    if np.isnan(own):
        return tr(
            "Its {rows} cannot give an estimate of its own; what they say still moves it from its prediction to {total}."
        ).format(rows=rows, total=numbers.number(total, digits))
    if np.isnan(resolved):
        return tr("The variance between {groups} is estimated as 0, so every one of them sits on its prediction.").format(
            groups=group_plural(groups.grouping)
        )
    text = tr("Its {rows} resolve {share} of the variance between {groups}; the rest is borrowed from the others, ").format(
        rows=rows, share=share, groups=group_plural(groups.grouping)
    )
    if abs(total - own) < 0.5 * 10**-digits:
        return text + tr("and it stays at {total}.").format(total=numbers.number(total, digits))
    word = tr("up") if total > own else tr("down")
    return text + tr("so it moves {word} from {own} to {total}.").format(
        word=word, own=numbers.number(own, digits), total=numbers.number(total, digits)
    )
