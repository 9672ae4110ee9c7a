"""How wide the columns of a table are: what they need, a little less where space is short, more where there is some."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType

_SLACK = 9
_NONE: Mapping[int, float] = MappingProxyType({})


def column_widths(
    needed: Sequence[int], available: int, *, stretch: Collection[int], flexible: Mapping[int, float] = _NONE
) -> list[int]:
    """Return the width of each column in px.

    Space left over goes to the columns in `stretch`. Where space is short, those in `flexible` (column -> share) give up
    to that share of their width, then all give up their padding; beyond that the table is wider than `available`.
    """
    widths = list(needed)
    if not widths:
        return widths
    rest = available - sum(widths)
    if rest >= 0:
        takers = sorted(stretch) or list(range(len(widths)))
        for place, column in enumerate(takers):
            widths[column] += rest // len(takers) + (place < rest % len(takers))
        return widths
    for column, share in flexible.items():
        give = min(-rest, int(widths[column] * share))
        widths[column] -= give
        rest += give
    each = min(math.ceil(-rest / len(widths)), _SLACK)
    for column in range(len(widths)):
        give = min(-rest, each)
        widths[column] -= give
        rest += give
    return widths
