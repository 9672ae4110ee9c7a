"""States of the way back that share what they can: of a large column with few other values only the differing rows are kept.

    entry = packed(snapshot, neighbour)      # small where the tables differ in few cells of large columns, else the snapshot
    snapshot = unpacked(entry, neighbour)    # byte for byte the same state; the same object where somebody else still holds it

neighbour: the state one step nearer to the present, which is whole whenever an entry is needed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from weakref import ref

from mlgui.session.models import Snapshot

if TYPE_CHECKING:  # the window is painted before numpy is imported
    import numpy as np
    from numpy.typing import NDArray

    from mlgui.data.table import Column, Table

WORTH_BYTES = 1_000_000
"""Columns smaller than this are kept as they are: a step costs at most this much for each column it changes."""
_SHARE = 8
"""A column of which more than one row in so many differs is kept as it is."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Patch:
    """A column as the rows in which it differs from the neighbour's of the same name. empty: the column without values."""

    empty: Column
    rows: NDArray[np.int64]
    values: NDArray[np.generic]


@dataclass(frozen=True, kw_only=True, eq=False)
class Packed:
    """A snapshot without its table: the table without columns, and each column whole or as a patch."""

    rest: Snapshot
    bare: Table
    parts: tuple[Column | Patch, ...]
    snapshot: ref[Snapshot]
    table: ref[Table]


Entry = Snapshot | Packed


def packed(snapshot: Snapshot, neighbour: Snapshot) -> Entry:
    """Return a snapshot as it is kept beside its neighbour."""
    table, other = snapshot.table, neighbour.table
    if table is None or other is None or table is other or table.n_rows != other.n_rows:
        return snapshot
    parts = tuple(_part(column, other) for column in table.columns)
    if not any(isinstance(part, Patch) for part in parts):
        return snapshot
    rest, bare = replace(snapshot, table=None), replace(table, columns=())
    return Packed(rest=rest, bare=bare, parts=parts, snapshot=ref(snapshot), table=ref(table))


def unpacked(entry: Entry, neighbour: Snapshot) -> Snapshot:
    """Return the snapshot an entry was made of."""
    if isinstance(entry, Snapshot):
        return entry
    living, table = entry.snapshot(), entry.table()
    if living is not None:
        return living
    if table is None:
        assert neighbour.table is not None
        table = replace(entry.bare, columns=tuple(_whole(part, neighbour.table) for part in entry.parts))
    return replace(entry.rest, table=table)


def _part(column: Column, other: Table) -> Column | Patch:
    """Return a column, or what differs from the neighbour's where that is little of much."""
    import numpy as np

    if column.values.nbytes < WORTH_BYTES or column.name not in other:
        return column
    same = other[column.name]
    if same is column or same.values.dtype != column.values.dtype:
        return column
    bits = f"u{column.values.dtype.itemsize}"  # bit by bit: NaN equals itself, and 0.0 is not -0.0
    rows = np.flatnonzero(column.values.view(bits) != same.values.view(bits))
    if len(rows) * _SHARE > len(column):
        return column
    empty = replace(column, values=column.values[:0].copy())
    return Patch(empty=empty, rows=rows, values=column.values[rows])


def _whole(part: Column | Patch, other: Table) -> Column:
    if not isinstance(part, Patch):
        return part
    values = other[part.empty.name].values.copy()
    values[part.rows] = part.values
    return replace(part.empty, values=values)
