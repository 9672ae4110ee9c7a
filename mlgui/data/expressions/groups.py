"""Statistics of a column, over all rows or within groups: mean, sd, median, sum, count, minimum, maximum, rank."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mlgui.data.kinds import as_labels
from mlgui.data.recode import group_means
from mlgui.data.table import Table

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]


def group_codes(table: Table, names: tuple[str, ...]) -> tuple[Codes, int]:
    """Return the group of each row, (n,), -1 where a label is missing, and the number of groups; one group without names."""
    codes, n_groups = np.zeros(table.n_rows, dtype=np.int64), 1
    for name in names:
        column = as_labels(table[name])
        width = max(len(column.levels), 1)
        own = np.asarray(column.values, dtype=np.int64)
        codes = np.where((codes < 0) | (own < 0), -1, codes * width + own)
        present, inverse = np.unique(codes, return_inverse=True)
        offset = int(len(present) > 0 and present[0] < 0)
        codes, n_groups = inverse.astype(np.int64) - offset, len(present) - offset
    return codes, n_groups


def statistic(name: str, values: Floats, codes: Codes, n_groups: int, kept: NDArray[np.bool_] | None) -> Floats:
    """Return a statistic of `values` (n,) for each row, of its group's values that are there and kept.

    kept: rows that count, None for all. SD: with n - 1 (NaN for one value). rank: average of ties, of the row itself;
    center, scale: the row's deviation from the mean of its group, in units or in SDs.
    """
    counts = (codes >= 0) & ~np.isnan(values)
    if kept is not None:
        counts &= kept
    group, present = codes[counts], values[counts]
    if name == "rank":
        return _ranks(values, counts, codes)
    of_group = _of_groups(name if name not in ("center", "scale") else "mean", present, group, n_groups)
    result = np.append(of_group, np.nan)[codes]
    if name not in ("center", "scale"):
        return np.asarray(result)
    deviation = values - result
    if name == "center":
        return np.asarray(deviation)
    return np.asarray(deviation / np.append(_of_groups("sd", present, group, n_groups), np.nan)[codes])


def _of_groups(name: str, values: Floats, codes: Codes, n_groups: int) -> Floats:
    """Return one number for each group."""
    sizes = np.bincount(codes, minlength=n_groups).astype(np.float64)
    if name == "count":
        return sizes
    if name == "sum":
        return np.where(sizes > 0, np.bincount(codes, weights=values, minlength=n_groups), np.nan)
    if name == "mean":
        return group_means(values, codes, n_groups)
    if name == "sd":
        means = group_means(values, codes, n_groups)
        squares = np.bincount(codes, weights=(values - means[codes]) ** 2, minlength=n_groups)
        found = np.full(n_groups, np.nan)
        np.divide(squares, sizes - 1, out=found, where=sizes > 1)
        return np.asarray(np.sqrt(found))
    return _by_order(name, values, codes, sizes)


def _by_order(name: str, values: Floats, codes: Codes, sizes: Floats) -> Floats:
    """Return minimum, maximum or median of each group, from the values in order."""
    order = np.lexsort((values, codes))
    ordered, whole = values[order], sizes.astype(np.int64)
    starts = np.cumsum(whole) - whole
    found = np.full(len(sizes), np.nan)
    there = whole > 0
    first, n = starts[there], whole[there]
    if name == "min":
        found[there] = ordered[first]
    elif name == "max":
        found[there] = ordered[first + n - 1]
    else:
        found[there] = (ordered[first + (n - 1) // 2] + ordered[first + n // 2]) / 2
    return found


def _ranks(values: Floats, counts: NDArray[np.bool_], codes: Codes) -> Floats:
    """Return the rank of each value within its group, 1 for the smallest, ties sharing the mean of their ranks."""
    rows = np.flatnonzero(counts)
    order = rows[np.lexsort((values[rows], codes[rows]))]
    group, ordered = codes[order], values[order]
    new_group = np.append(True, group[1:] != group[:-1]) if len(order) else np.empty(0, dtype=bool)
    new_value = new_group | np.append(True, ordered[1:] != ordered[:-1])[: len(order)]
    place = np.arange(len(order))
    group_start = np.maximum.accumulate(np.where(new_group, place, 0))
    run = np.cumsum(new_value) - 1
    starts = np.flatnonzero(new_value)
    lengths = np.diff(np.append(starts, len(order)))
    result = np.full(len(values), np.nan)
    result[order] = starts[run] + (lengths[run] + 1) / 2 - group_start
    return result
