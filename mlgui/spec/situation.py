"""What a check looks at: a model, the table, and the rows the model would use."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mlgui.data.missing import rows_complete
from mlgui.data.structure import Structure
from mlgui.data.table import Column, Kind, Table
from mlgui.spec.constancy import group_codes
from mlgui.spec.exclusion import excluded_rows
from mlgui.spec.model import ModelSpec
from mlgui.spec.terms import Grouping


@dataclass(frozen=True, kw_only=True, eq=False)
class Situation:
    """A model and its data. used: True for the rows the model uses, (n,): no value

    of its columns is missing, the weight is not 0, the group is not left out.
    """

    spec: ModelSpec
    table: Table
    structure: Structure | None
    used: NDArray[np.bool_]

    @property
    def n_used(self) -> int:
        """Number of rows used."""
        return int(np.count_nonzero(self.used))

    def values(self, column: Column) -> NDArray[np.generic]:
        """Return a column's values in the rows used: codes for categories."""
        return column.values if self.used.all() else column.values[self.used]

    def codes(self, grouping: Grouping) -> NDArray[np.int64]:
        """Return a number >= 0 for the group of each used row."""
        return group_codes(grouping, self.table)[self.used]

    def sizes(self, grouping: Grouping) -> NDArray[np.int64]:
        """Return the numbers of used rows in the groups that have some."""
        counts = np.bincount(self.codes(grouping))
        return counts[counts > 0].astype(np.int64)


def situation_of(spec: ModelSpec, table: Table, structure: Structure | None) -> Situation:
    """Return a model with its data; every column of the model must be in the table."""
    used = rows_complete(table, spec.columns)
    if spec.weights and table[spec.weights].kind is Kind.NUMBER:
        used = used & (np.asarray(table[spec.weights].values) != 0)
    if table.filter is not None:
        used = used & table.filter.kept
    if spec.excluded:
        used = used & ~excluded_rows(spec.excluded, table)
    return Situation(spec=spec, table=table, structure=structure, used=used)


def is_constant(values: NDArray[np.generic]) -> bool:
    """Whether all values are the same."""
    return not len(values) or bool((values == values[0]).all())
