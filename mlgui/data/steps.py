"""What was done to a table after it was read: the list of steps that report and scripts tell."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray


class Action(StrEnum):
    """What a step did."""

    COMPUTE = "compute"
    FILTER = "filter"
    EDIT = "edit"
    PASTE = "paste"
    KIND = "kind"
    LEVELS = "levels"
    MISSING = "missing"
    RENAME = "rename"
    DELETE = "delete"
    RESHAPE = "reshape"
    MODEL = "model"


@dataclass(frozen=True, kw_only=True)
class DataStep:
    """One step. column: what it made or changed, "" for the whole table. details: (name, text) pairs, by action:

    COMPUTE, FILTER: expression ("" takes the filter away). EDIT: row (its number in the file), old, new. PASTE: cells, rows.
    KIND: kind. LEVELS: (old level, new level) in the new order. MISSING: codes. RENAME: to. MODEL: model, what.
    RESHAPE: columns, names, values, id.
    """

    action: Action
    column: str = ""
    details: tuple[tuple[str, str], ...] = ()

    def __getitem__(self, name: str) -> str:
        """Return a detail, "" if it has none of this name."""
        return dict(self.details).get(name, "")


@dataclass(frozen=True, kw_only=True, eq=False)
class RowFilter:
    """Rows struck through. expression: what the kept rows satisfy. kept: (n,)."""

    expression: str
    kept: NDArray[np.bool_]

    def __post_init__(self) -> None:
        self.kept.setflags(write=False)
