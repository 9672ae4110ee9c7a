"""Which columns could be groups, at which level every column varies, and how groupings relate.

The definitions are those of the user guide: a *candidate grouping* has between 2 and n/2 levels, one of them with at
least 2 rows; a column is at a grouping's level when it is constant within every group (missing values ignored).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray


class Relation(StrEnum):
    """How grouping `a` relates to grouping `b`."""

    NESTED = "nested"
    CROSSED = "crossed"
    PARTLY_CROSSED = "partly crossed"


@dataclass(frozen=True, kw_only=True, eq=False)
class GroupingFacts:
    """One candidate grouping. name: column name, or `b:a` for a combination. columns: the columns combined.

    levels: labels in order. sizes: rows per level, int64 (J,). codes: level of each row, int32 (n,), -1 missing.
    constant_columns: names of columns that are constant within it.
    """

    name: str
    columns: tuple[str, ...]
    levels: tuple[str, ...]
    sizes: NDArray[np.int64]
    codes: NDArray[np.int32]
    constant_columns: tuple[str, ...]

    @property
    def n_groups(self) -> int:
        """Number of groups."""
        return len(self.levels)

    @property
    def singletons(self) -> int:
        """Groups with one row."""
        return int(np.count_nonzero(self.sizes == 1))


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Two groupings: `inner` has at least as many levels as `outer`.

    reused_labels: the few labels of `inner` recur in every group of `outer` (casks a, b, c in every batch), so that
    "the same three everywhere" and "different ones in each" are both possible readings.
    """

    inner: str
    outer: str
    relation: Relation
    reused_labels: bool = False


@dataclass(frozen=True, kw_only=True, eq=False)
class Structure:
    """What was found. groupings: candidates, most useful first. pairs: every two of them.

    levels: for each column the name of the coarsest candidate within which it is constant, "" for data level.
    """

    groupings: tuple[GroupingFacts, ...]
    pairs: tuple[Pair, ...]
    levels: dict[str, str]
