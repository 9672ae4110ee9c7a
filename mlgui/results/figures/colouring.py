"""Which colour and shape a group takes: by the levels of one category, in the order of the palette."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mlgui.results.group_columns import GroupColumn, group_column, grouping_index
from mlgui.results.group_model import default_category
from mlgui.results.report import Report

SLOTS = (
    ("blue", "circle"),
    ("vermilion", "triangle"),
    ("green", "diamond"),
    ("purple", "square"),
    ("amber", "down"),
    ("grey", "plus"),
)
"""Colour and shape of the levels of a category. More levels than slots: all grey."""

AUTO = "auto"
"""Colour by the first category of the group-level model, if there is one."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Batch:
    """The groups drawn alike. indices: (m,) int64. label: the level of the category, "" without one."""

    label: str
    colour: str
    shape: str
    indices: NDArray[np.int64]


@dataclass(frozen=True, kw_only=True, eq=False)
class Colouring:
    """Groups sorted into batches. column: the category, None where all groups look the same."""

    column: GroupColumn | None
    batches: tuple[Batch, ...]

    @property
    def name(self) -> str:
        """Name of the category, "" without one."""
        return self.column.name if self.column is not None else ""

    def of_groups(self, groups: NDArray[np.int64]) -> Iterator[tuple[Batch, NDArray[np.int64]]]:
        """Yield each batch with those of `groups` that are in it, in the order given."""
        for batch in self.batches:
            inside = groups[np.isin(groups, batch.indices)]
            if len(inside):
                yield batch, inside

    def of_group(self, group: int) -> Batch:
        """Return the batch of one group."""
        return next(batch for batch in self.batches if group in batch.indices)


def colouring(report: Report, grouping: str, by: str = AUTO) -> Colouring:
    """Return how the groups are coloured. by: name of a group-level category, AUTO, or "" for one colour."""
    n_groups = len(report.groups[grouping_index(report, grouping)].levels)
    column = default_category(report, grouping) if by == AUTO else group_column(report, grouping, by) if by else None
    if column is None or not column.is_category:
        everyone = Batch(label="", colour="blue", shape="circle", indices=np.arange(n_groups))
        return Colouring(column=None, batches=(everyone,))
    many = len(column.levels) > len(SLOTS)
    batches = [
        Batch(
            label=level,
            colour="grey" if many else SLOTS[code][0],
            shape="circle" if many else SLOTS[code][1],
            indices=np.flatnonzero(column.codes == code),
        )
        for code, level in enumerate(column.levels)
    ]
    missing = np.flatnonzero(column.codes < 0)
    if len(missing):
        batches.append(Batch(label="", colour="grey", shape="circle", indices=missing))
    return Colouring(column=column, batches=tuple(batch for batch in batches if len(batch.indices)))
