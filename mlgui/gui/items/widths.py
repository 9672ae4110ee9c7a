"""How wide the columns of a table are: what they need, a little less where space is short, more where there is some."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence

_SLACK, _FLEXIBLE_SHARE = 9, 0.45


def column_widths(
    needed: Sequence[int], available: int, *, stretch: Collection[int], flexible: Collection[int] = ()
) -> list[int]:
    """Return the width of each column in px.

    Space left over goes to the columns in `stretch`. Where space is short, columns give up their padding, and those in
    `flexible` (plots, bars) up to 45 % of their width; then the table is wider than `available`.
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
    for column in flexible:
        give = min(-rest, int(widths[column] * _FLEXIBLE_SHARE))
        widths[column] -= give
        rest += give
    each = min(math.ceil(-rest / len(widths)), _SLACK)
    for column in range(len(widths)):
        give = min(-rest, each)
        widths[column] -= give
        rest += give
    return widths
