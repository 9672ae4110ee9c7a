"""Sums of R_j'R_j where few pairs of columns meet in a group: all their products are listed once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from mlgui.engine.coupling import Entries
from mlgui.engine.problem import Floats

MOST_PAIRS = 4_000_000
"""Products of pairs that are kept (12 bytes each)."""


def number_of_pairs(entries: Entries) -> float:
    """How many products of pairs there are, over all pairs of coefficients of the first grouping."""
    counts = np.bincount(entries.row, minlength=entries.n_groups).astype(np.float64)
    q = len(entries.values)
    return float((counts * (counts + 1) / 2).sum()) * q * (q + 1) / 2


class Pairs:
    """Sums of R_j'R_j from the products of all pairs of columns that meet."""

    is_dense = False

    def __init__(self, entries: Entries) -> None:
        self.cost = number_of_pairs(entries)
        self._columns, self._width = entries.columns, entries.width
        self._order, self._pairs = _all_pairs(entries)
        self._mixes = any(q > 1 for q in self._columns.sizes.values())

    def add(self, core: NDArray[np.floating], factors: Sequence[Floats], vectors: Sequence[Floats], sign: float) -> None:
        """Add sign sum_j R_j'R_j to the upper triangle of the core, for each of the vectors c (q, J)."""
        total: Floats | None = None
        for (a, b), matrix in self._pairs.items():
            weight = vectors[0][a] * vectors[0][b]
            for one in vectors[1:]:
                weight += one[a] * one[b]
            found = matrix.T @ (sign * weight[self._order])
            total = found if total is None else np.add(total, found, out=total)
        square = np.asarray(total).reshape(core.shape)
        if self._mixes:
            mirror(square)
        core += self._columns.both_sides(factors, square, transposed=True)

    def trace(self, square: NDArray[np.floating], factors: Sequence[Floats], vector: Floats, *, overwrite: bool = False) -> float:
        """tr(S sum_j R_j'R_j) for one vector; of the symmetric S only the upper triangle may differ from 0."""
        spread = square.astype(np.float64, copy=not overwrite)
        if self._mixes:
            mirror(spread)
        spread = self._columns.both_sides(factors, spread, transposed=False)
        spread.ravel()[:: len(spread) + 1] /= 2.0
        total = 0.0
        for (a, b), matrix in self._pairs.items():
            forms = matrix @ spread.ravel()
            total += 2.0 * float((vector[a] * vector[b])[self._order] @ forms)
        return total


def mirror(square: NDArray[np.floating]) -> None:
    """Copy the upper triangle of a matrix onto its lower one, in place, in blocks that stay in the cache."""
    width = 128
    for first in range(0, len(square), width):
        rows = slice(first, first + width)
        corner = square[rows, rows]
        corner[:] = np.triu(corner) + np.triu(corner, 1).T
        for other in range(first + width, len(square), width):
            columns = slice(other, other + width)
            square[columns, rows] = square[rows, columns].T


def _all_pairs(entries: Entries) -> tuple[NDArray[np.intp], dict[tuple[int, int], sp.csr_array]]:
    """The order of groups, and for a <= b sparse (J, m m) matrices whose transposes map products c_a c_b to the sum.

    Groups that touch equally many columns stand together.
    """
    m, q = entries.width, len(entries.values)
    order = np.lexsort((entries.column, entries.row))
    counts = np.bincount(entries.row, minlength=entries.n_groups)
    starts = np.cumsum(counts) - counts
    groups = [np.flatnonzero(counts == count) for count in np.unique(counts) if count > 0]
    n_pairs = np.concatenate([np.zeros(1, np.int64), *(np.full(len(one), _half(counts[one[0]])) for one in groups)]).cumsum()
    index = np.empty(int(n_pairs[-1]), np.int32)
    values = {(a, b): np.empty(len(index)) for a in range(q) for b in range(a, q)}
    at = 0
    for mine in groups:
        place = order[starts[mine][:, None] + np.arange(counts[mine[0]])]
        left, right = np.triu_indices(place.shape[1])
        here = slice(at, at + len(mine) * len(left))
        at = here.stop
        column = entries.column[place]
        index[here] = (column[:, left] * np.int32(m) + column[:, right]).ravel()
        data = [one[place] for one in entries.values]
        for (a, b), found in values.items():
            product = data[a][:, left] * data[b][:, right]
            if a != b:
                product += data[b][:, left] * data[a][:, right]
            found[here] = product.ravel()
    shape = (len(n_pairs) - 1, m * m)
    kept = np.concatenate([*groups, np.zeros(0, dtype=np.intp)])
    return kept, {key: sp.csr_array((found, index, n_pairs.astype(np.int32)), shape=shape) for key, found in values.items()}


def _half(count: int) -> int:
    """Pairs among so many columns, each with itself included."""
    return int(count * (count + 1) // 2)
