"""What a column may be in a model: outcome, grouping, weight; and why not."""

from __future__ import annotations

from mlgui.data.table import Column, Kind
from mlgui.words import tr

_LABELS = frozenset({Kind.CATEGORY, Kind.ORDERED, Kind.ID, Kind.TEXT})


def reason_not_outcome(column: Column) -> str:
    """Return why a column cannot be the outcome, "" if it can. Yes/no and labelled codes count as numbers."""
    if column.kind in _LABELS or (column.kind is Kind.LABELLED and not column.level_codes):
        return tr("“{name}” holds labels, and an outcome must be a number.").format(name=column.name)
    if column.kind is Kind.EMPTY:
        return tr("“{name}” has no values.").format(name=column.name)
    return ""


def reason_not_grouping(column: Column) -> str:
    """Return why a column cannot tell groups apart, "" if it can."""
    if column.kind is Kind.EMPTY:
        return tr("“{name}” has no values.").format(name=column.name)
    if column.kind in (Kind.DATE, Kind.DATETIME):
        return tr("“{name}” holds dates; make it a category if each date is a group.").format(name=column.name)
    return ""


def reason_not_weight(column: Column) -> str:
    """Return why a column cannot weight the rows, "" if it can."""
    if column.kind is not Kind.NUMBER:
        return tr("“{name}” does not hold numbers, and a weight is a number.").format(name=column.name)
    return ""
