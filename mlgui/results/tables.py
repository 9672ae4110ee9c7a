"""A table of results as a value: what every exporter writes and every table view shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Format(StrEnum):
    """How the numbers of a column are shown (`mlgui.results.numbers`). Files with typed cells keep full precision."""

    TEXT = "text"
    NUMBER = "number"
    COUNT = "count"
    DF = "df"
    P = "p"
    PERCENT = "percent"


@dataclass(frozen=True, kw_only=True)
class ResultColumn:
    """One column: a stable key, the heading people read, its cells (None or NaN: not available), and their format.

    decimals: for NUMBER and PERCENT, fixed per column.
    """

    key: str
    heading: str
    cells: Sequence[object]
    format: Format = Format.TEXT
    decimals: int = 2


@dataclass(frozen=True, kw_only=True)
class ResultTable:
    """Columns of equal length with a title and a note. key names files: `fixed_effects`, `group_estimates_school`."""

    key: str
    title: str
    columns: tuple[ResultColumn, ...]
    note: str = ""

    @property
    def n_rows(self) -> int:
        """Number of rows."""
        return len(self.columns[0].cells) if self.columns else 0
