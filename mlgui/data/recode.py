"""New columns from old ones, and fewer rows: table to table, nothing changed in place."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from mlgui.data import kinds
from mlgui.data.table import Column, Kind, Table
from mlgui.errors import UserError
from mlgui.words import tr

Rows = NDArray[np.bool_]


def centred(table: Table, name: str, rows: Rows | None = None) -> Table:
    """Return the table with `x centred`: x minus its mean over `rows` (None: all that have a value)."""
    values = _numbers(table, name)
    return _with(table, f"{name} centred", values - _mean(name, values, rows))


def standardised(table: Table, name: str, rows: Rows | None = None) -> Table:
    """Return the table with `z of x`: (x - mean) / SD over `rows`, SD with n - 1. UserError if x does not vary."""
    values = _numbers(table, name)
    mean = _mean(name, values, rows)
    used = _used(values, rows)
    sd = float(np.std(used, ddof=1)) if len(used) > 1 else 0.0
    if not sd > 0:
        raise UserError(
            tr("{name} cannot be standardised.").format(name=name),
            tr("All its values are the same."),
            tr("Leave it out, or choose another column."),
        )
    return _with(table, f"z of {name}", (values - mean) / sd)


def group_mean(table: Table, name: str, group: str, rows: Rows | None = None) -> Table:
    """Return the table with `mean of x by group`: for each row the mean of its group over `rows`, missing where there is none."""
    return _with(table, f"mean of {name} by {group}", group_means(table, name, group, rows))


def within_group(table: Table, name: str, group: str, rows: Rows | None = None) -> Table:
    """Return the table with `x within group`: x minus the mean of its group over `rows`."""
    values = _numbers(table, name)
    return _with(table, f"{name} within {group}", values - group_means(table, name, group, rows))


def group_means(table: Table, name: str, group: str, rows: Rows | None = None) -> NDArray[np.float64]:
    """Return the mean of a number column over the `rows` of each row's group, shape (n,), NaN where there is none."""
    values = _numbers(table, name)
    labels = kinds.as_labels(table[group])
    codes = labels.values.astype(np.int64)
    used = (codes >= 0) & ~np.isnan(values)
    if rows is not None:
        used &= rows
    n_levels = len(labels.levels)
    counts = np.bincount(codes[used], minlength=n_levels)
    centre = float(values[used].mean()) if used.any() else 0.0  # sums of deviations lose no digits to a far-away zero
    sums = np.bincount(codes[used], weights=values[used] - centre, minlength=n_levels)
    means = np.full(n_levels + 1, np.nan)
    np.divide(sums, counts, out=means[:-1], where=counts > 0)
    return np.asarray((means + centre)[codes], dtype=np.float64)


def with_levels(table: Table, name: str, levels: Sequence[str]) -> Table:
    """Return the table with the levels of a category in another order; UserError if a value is none of them."""
    old = table[name]
    return table.with_column(replace(kinds.as_category(old, levels), kind=_category_kind(old)))


def with_reference(table: Table, name: str, reference: str) -> Table:
    """Return the table with `reference` as first level of a category; UserError if it has no such level."""
    return table.with_column(kinds.relevel(table[name], reference))


def _category_kind(column: Column) -> Kind:
    return column.kind if column.kind in (Kind.CATEGORY, Kind.ORDERED, Kind.ID, Kind.BOOLEAN) else Kind.CATEGORY


def only_rows(table: Table, keep: Rows) -> Table:
    """Return the table with the rows for which `keep` is true; row numbers and levels stay as they were."""
    columns = tuple(replace(column, values=column.values[keep]) for column in table.columns)
    return replace(table, columns=columns, row_ids=table.row_ids[keep])


def without_groups(table: Table, group: str, labels: Collection[str]) -> Table:
    """Return the table without the rows of the named groups."""
    column = kinds.as_labels(table[group])
    gone = [i for i, level in enumerate(column.levels) if level in set(labels)]
    return only_rows(table, ~np.isin(column.values, gone))


def _numbers(table: Table, name: str) -> NDArray[np.float64]:
    """Return the values of a number column; UserError if it is of another kind."""
    column = table[name]
    if column.kind not in (Kind.NUMBER, Kind.EMPTY):
        raise UserError(
            tr("{name} has no mean.").format(name=name),
            tr("It is no number column."),
            tr("Change its kind to number first, if its values are numbers."),
        )
    return np.asarray(column.values, dtype=np.float64)


def _used(values: NDArray[np.float64], rows: Rows | None) -> NDArray[np.float64]:
    used = ~np.isnan(values) if rows is None else rows & ~np.isnan(values)
    return values[used]


def _mean(name: str, values: NDArray[np.float64], rows: Rows | None) -> float:
    """Return the mean of the used values; UserError if there are none."""
    used = _used(values, rows)
    if not len(used):
        raise UserError(
            tr("{name} has no mean.").format(name=name), tr("It has no values."), tr("Choose a column that has values.")
        )
    return float(used.mean())


def _with(table: Table, name: str, values: NDArray[np.float64]) -> Table:
    return table.with_column(Column(name=name, kind=Kind.NUMBER, values=values))
