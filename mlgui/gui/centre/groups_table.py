"""The table beside the caterpillar: size, own estimate, total and SE of a coefficient, totals of the others, how far it moved."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import overload

import numpy as np
from numpy.typing import NDArray

from mlgui.results import numbers
from mlgui.results.figures.colouring import Colouring
from mlgui.results.group_model import indexed_symbol
from mlgui.results.nouns import group_noun
from mlgui.results.ranks import Ranks
from mlgui.results.report import GroupEstimates, Report
from mlgui.results.tables import Format, ResultColumn, ResultTable
from mlgui.words import tr

TOTAL, RANK, MOVED = "total", "rank", "moved"


def groups_table(
    report: Report, groups: GroupEstimates, coefficient: int, *, deviations: bool = False, found: Ranks | None = None
) -> ResultTable:
    """Return one row per group, in the order of its levels. deviations: instead of totals. found: ranks to show too."""
    middle, spread = (groups.deviation, groups.pred_error_sd) if deviations else (groups.total, groups.total_se)
    errors = spread[:, coefficient]
    digits = _digits(errors)
    symbol = _symbol(report, groups, coefficient)
    columns = [
        ResultColumn(key="level", heading=group_noun(groups.grouping), cells=groups.levels),
        ResultColumn(key="n", heading=tr("n"), cells=groups.sizes.tolist(), format=Format.COUNT),
        _numbers("own", tr("Alone"), groups.own[:, coefficient], digits),
        _numbers(TOTAL, f"η{symbol}" if deviations else symbol, middle[:, coefficient], digits),
        _numbers("se", tr("SE"), errors, digits),
    ]
    if found is not None:
        ends = (f"{low:.0f} – {high:.0f}" for low, high in zip(found.low.tolist(), found.high.tolist(), strict=True))
        columns.append(_numbers(RANK, tr("Rank"), found.mean, 0))
        columns.append(ResultColumn(key="rank_interval", heading=tr("Interval"), cells=list(ends), format=Format.MIXED))
        return ResultTable(key="groups", title="", columns=tuple(columns))
    for other in range(len(groups.names)):
        if other != coefficient:
            name, values = _symbol(report, groups, other), groups.total[:, other]
            columns.append(_numbers(f"total_{other}", name, values, _digits(groups.total_se[:, other])))
    moved = np.abs(groups.total[:, coefficient] - groups.own[:, coefficient])
    columns.append(_numbers(MOVED, tr("Moved"), moved, _digits(errors)))
    return ResultTable(key="groups", title="", columns=tuple(columns))


class GroupMarks(Sequence[tuple[str, str]]):
    """(colour, shape) of every group, by index."""

    def __init__(self, colours: Colouring, n_groups: int) -> None:
        self._looks = [("grey", "circle"), *((batch.colour, batch.shape) for batch in colours.batches)]
        self._which = np.zeros(n_groups, dtype=np.int64)
        for place, batch in enumerate(colours.batches, 1):
            self._which[batch.indices] = place

    def __len__(self) -> int:
        return len(self._which)

    @overload
    def __getitem__(self, index: int) -> tuple[str, str]: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[tuple[str, str]]: ...
    def __getitem__(self, index: int | slice) -> tuple[str, str] | Sequence[tuple[str, str]]:
        """Return the look of one group, or of several."""
        if isinstance(index, slice):
            return [self._looks[which] for which in self._which[index]]
        return self._looks[self._which[index]]


def matching(levels: tuple[str, ...], text: str) -> NDArray[np.bool_]:
    """Return which labels contain a text, upper and lower case alike."""
    wanted = text.strip().casefold()
    if not wanted:
        return np.ones(len(levels), dtype=bool)
    return np.fromiter((wanted in level.casefold() for level in levels), dtype=bool, count=len(levels))


def _symbol(report: Report, groups: GroupEstimates, coefficient: int) -> str:
    return indexed_symbol(report, groups.grouping, coefficient)


def _numbers(key: str, heading: str, values: NDArray[np.float64], digits: int) -> ResultColumn:
    return ResultColumn(key=key, heading=heading, cells=values.tolist(), format=Format.NUMBER, decimals=digits)


def _digits(errors: NDArray[np.float64]) -> int:
    """Return decimals for many groups: 1 where the typical standard error is 0.5 to 5, one more for each tenth of that."""
    known = errors[np.isfinite(errors) & (errors > 0)]
    if not len(known):
        return 2
    return min(max(0, 1 + math.ceil(-math.log10(2 * float(np.median(known))))), numbers.MAX_DECIMALS)
