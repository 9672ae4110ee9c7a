"""Which rows a model uses: those without a missing value in any column it reads, and not in a group left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from mlgui.data.table import Table
from mlgui.errors import UserError
from mlgui.words import tr


@dataclass(frozen=True, kw_only=True, eq=False)
class UsedRows:
    """Indices into the table. because: for each dropped row, the columns to blame. excluded: rows taken out on purpose,

    whether or not something is missing there. all_used: every row is used.
    """

    rows: NDArray[np.int64]
    dropped: NDArray[np.int64]
    because: tuple[tuple[str, ...], ...]
    excluded: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, dtype=np.int64))

    @property
    def all_used(self) -> bool:
        """Whether no row is left out."""
        return not len(self.dropped) and not len(self.excluded)


def used_rows(
    table: Table, columns: Sequence[str], weights: str | None = None, excluded: NDArray[np.bool_] | None = None
) -> UsedRows:
    """Return the rows without a missing value (and with a weight other than 0). UserError if none is left.

    excluded: rows not to be used in any case, (n,).
    """
    blame = {name: table[name].missing for name in columns}
    if weights is not None and table[weights].values.dtype.kind == "f":
        blame[weights] = blame[weights] | (np.asarray(table[weights].values) == 0)
    kept = np.ones(table.n_rows, dtype=np.bool_) if excluded is None else ~excluded
    blame = {name: mask & kept for name, mask in blame.items() if (mask & kept).any()}
    taken_out = np.flatnonzero(~kept)
    if not blame:
        used = UsedRows(rows=np.flatnonzero(kept), dropped=np.empty(0, dtype=np.int64), because=(), excluded=taken_out)
    else:
        names = tuple(blame)
        masks = np.column_stack([blame[name] for name in names])
        bad = masks.any(axis=1)
        dropped, rows = np.flatnonzero(bad), np.flatnonzero(kept & ~bad)
        used = UsedRows(rows=rows, dropped=dropped, because=_reasons(names, masks[dropped]), excluded=taken_out)
    if not len(used.rows):
        if not blame and len(taken_out):
            raise _all_excluded()
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


def _all_excluded() -> UserError:
    return UserError(
        tr("No row can be used."),
        tr("All of them are left out on purpose."),
        tr("Take some groups in again, or change the filter of the data."),
    )


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
