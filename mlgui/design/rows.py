"""Which rows a model uses: those without a missing value in any column it reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mlgui.data.table import Table
from mlgui.errors import UserError
from mlgui.words import tr


@dataclass(frozen=True, kw_only=True, eq=False)
class UsedRows:
    """Indices into the table. because: for each dropped row, the columns to blame. all_used: no row is dropped."""

    rows: NDArray[np.int64]
    dropped: NDArray[np.int64]
    because: tuple[tuple[str, ...], ...]

    @property
    def all_used(self) -> bool:
        """Whether no row is dropped."""
        return not len(self.dropped)


def used_rows(table: Table, columns: Sequence[str], weights: str | None = None) -> UsedRows:
    """Return the rows without a missing value (and with a weight other than 0). UserError if none is left."""
    blame = {name: table[name].missing for name in columns}
    if weights is not None and table[weights].values.dtype.kind == "f":
        blame[weights] = blame[weights] | (np.asarray(table[weights].values) == 0)
    blame = {name: mask for name, mask in blame.items() if mask.any()}
    if not blame:
        empty = np.empty(0, dtype=np.int64)
        used = UsedRows(rows=np.arange(table.n_rows), dropped=empty, because=())
    else:
        names = tuple(blame)
        masks = np.column_stack([blame[name] for name in names])
        bad = masks.any(axis=1)
        dropped = np.flatnonzero(bad)
        used = UsedRows(rows=np.flatnonzero(~bad), dropped=dropped, because=_reasons(names, masks[dropped]))
    if not len(used.rows):
        raise _no_rows(blame, table.n_rows)
    return used


def _reasons(names: tuple[str, ...], masks: NDArray[np.bool_]) -> tuple[tuple[str, ...], ...]:
    """Return per row the names whose mask is set; rows with equal masks share one tuple."""
    known: dict[bytes, tuple[str, ...]] = {}
    packed = np.packbits(masks, axis=1)
    reasons: list[tuple[str, ...]] = []
    for row, key in enumerate(map(bytes, packed)):
        if key not in known:
            known[key] = tuple(name for name, set_ in zip(names, masks[row], strict=True) if set_)
        reasons.append(known[key])
    return tuple(reasons)


def _no_rows(blame: dict[str, NDArray[np.bool_]], n: int) -> UserError:
    if not n:
        return UserError(tr("The table has no rows."), "", tr("Open a file with data."))
    worst = max(blame, key=lambda name: int(np.count_nonzero(blame[name])))
    return UserError(
        tr("No row can be used."),
        tr("Every row lacks a value in some column of the model; “{column}” in {missing} of {n} rows.").format(
            column=worst, missing=int(np.count_nonzero(blame[worst])), n=n
        ),
        tr("Leave that column out, or check how missing values are written in the file."),
    )
