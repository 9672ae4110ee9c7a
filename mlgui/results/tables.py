"""A table of results as a value: what every exporter writes and every table view shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


def key_of(*parts: str) -> str:
    """Return a key that can name a file: parts in lower case joined by underscores, letters and digits only.

    `key_of("shrinkage", "School", "(Intercept)")` is `shrinkage_school_intercept`.
    """
    words = "".join(character if character.isalnum() else " " for character in " ".join(parts).lower()).split()
    return "_".join(words)


def distinct_keys(names: Sequence[str]) -> tuple[str, ...]:
    """Return a key for each name; names whose keys would be equal (`A` and `a`) are told apart by a number."""
    found: list[str] = []
    for name in names:
        key, number = key_of(name), 2
        while key in found:
            key, number = f"{key_of(name)}_{number}", number + 1
        found.append(key)
    return tuple(found)


class Format(StrEnum):
    """How the numbers of a column are shown (`mlgui.results.numbers`). Files with typed cells keep full precision.

    MIXED: cells that are no measures of one thing, as in a list of facts; each is shown by its own size.
    """

    TEXT = "text"
    NUMBER = "number"
    COUNT = "count"
    DF = "df"
    P = "p"
    PERCENT = "percent"
    MIXED = "mixed"


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
