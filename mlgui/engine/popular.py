"""Sums of R_j'R_j where too many pairs of columns meet: the columns that most groups touch are dense, the rest sparse."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from mlgui.engine import unlocked
from mlgui.engine.coupling import CHUNK, Entries, Index
from mlgui.engine.problem import Floats

DENSE_RATE, MIXED_RATE, SPARSE_RATE = 4.6e10, 1.5e9, 8e7
"""Multiplications a second of dense by dense, sparse by dense and sparse by sparse columns, about."""


class _Block(NamedTuple):
    """Some entries as a sparse matrix whose data are values[source]."""

    source: Index
    indices: Index
    indptr: Index
    shape: tuple[int, int]

    def filled(self, values: NDArray[np.floating]) -> sp.csr_array:
        """The matrix with these values of all entries."""
        return sp.csr_array((values[self.source], self.indices, self.indptr), shape=self.shape)


class Popular:
    """Sums of R_j'R_j, with the columns split by how many groups touch them."""

    def __init__(self, entries: Entries) -> None:
        self._entries = entries
        touched = np.bincount(entries.column, minlength=entries.width)
        self.cost, threshold = _best_split(entries, touched)
        self._heavy = np.flatnonzero(touched >= threshold)
        self._tail = np.flatnonzero(touched < threshold)
        self.is_dense = len(self._tail) == 0
        step = max(1, CHUNK // max(len(self._heavy), 1))
        cuts = [*range(0, entries.n_groups, step), entries.n_groups]
        self._dense = [_block(entries, self._heavy, a, b) for a, b in pairwise(cuts)]
        self._mixed = [_block(entries, self._tail, a, b, turned=True) for a, b in pairwise(cuts)]
        self._tails = _block(entries, self._tail, 0, entries.n_groups)

    def add(self, core: NDArray[np.floating], factors: Sequence[Floats], vectors: Sequence[Floats], sign: float) -> None:
        """Add sign sum_j R_j'R_j to the upper triangle of the core, for each of the vectors c (q, J)."""
        if self.is_dense:
            self._add_dense(core, factors, vectors, sign)
            return
        dense = np.zeros((len(self._heavy),) * 2, core.dtype)
        mixed = np.zeros((len(self._tail), len(self._heavy)), core.dtype)
        self._add_dense(dense, factors, vectors, sign, mixed)
        _add_at(core, self._heavy, self._heavy, dense)
        _add_at(core, self._tail, self._heavy, mixed)
        _add_at(core, self._heavy, self._tail, mixed.T)
        for vector in vectors:
            self._add_tails(core, self._entries.rows_of(factors, vector).astype(core.dtype, copy=False), sign)

    def trace(self, square: NDArray[np.floating], factors: Sequence[Floats], vector: Floats, *, overwrite: bool = False) -> float:
        """tr(S sum_j R_j'R_j) for one vector; of the symmetric S only the upper triangle may differ from 0."""
        squares = np.zeros_like(square)
        self.add(squares, factors, [vector], 1.0)
        diagonal = np.diagonal(square).astype(np.float64) @ np.diagonal(squares)
        return 2.0 * float(np.vecdot(square, squares).sum(dtype=np.float64)) - float(diagonal)

    def _add_tails(self, core: NDArray[np.floating], values: NDArray[np.floating], sign: float) -> None:
        """Add the products of the sparse columns with each other, some columns at a time."""
        tails = self._tails.filled(values)
        turned = tails.T.tocsr()
        turned.data *= sign
        step = max(1, CHUNK // max(len(self._tail), 1))
        for first in range(0, len(self._tail), step):
            some = slice(first, first + step)
            core[np.ix_(self._tail[some], self._tail)] += (turned[some] @ tails).toarray()

    def _add_dense(
        self,
        dense: NDArray[np.floating],
        factors: Sequence[Floats],
        vectors: Sequence[Floats],
        sign: float,
        mixed: NDArray[np.floating] | None = None,
    ) -> None:
        """Add the products of heavy columns to `dense`, and those of the others with them to `mixed`."""
        if not len(self._heavy):
            return
        for vector in vectors:
            values = self._entries.rows_of(factors, vector).astype(dense.dtype, copy=False)
            for block, beside in zip(self._dense, self._mixed):
                rows = block.filled(values).toarray()
                unlocked.add_square(dense.T, sign, rows)
                if mixed is not None:
                    mixed += beside.filled(values * dense.dtype.type(sign)) @ rows


def _add_at(core: NDArray[np.floating], rows: NDArray[np.intp], columns: NDArray[np.intp], block: NDArray[np.floating]) -> None:
    """Add a block at these rows and columns, some rows at a time."""
    step = max(1, CHUNK // max(len(columns), 1))
    for first in range(0, len(rows), step):
        some = slice(first, first + step)
        core[np.ix_(rows[some], columns)] += block[some]


def _block(entries: Entries, columns: NDArray[np.intp], first: int, last: int, *, turned: bool = False) -> _Block:
    """The entries of groups first .. last - 1 in these columns: (groups, columns), or (columns, groups) if turned."""
    place = np.full(entries.width, -1, dtype=np.int32)
    place[columns] = np.arange(len(columns), dtype=np.int32)
    mine = np.flatnonzero((entries.row >= first) & (entries.row < last) & (place[entries.column] >= 0)).astype(np.int32)
    row, column = entries.row[mine] - np.int32(first), place[entries.column[mine]]
    shape = (len(columns), last - first) if turned else (last - first, len(columns))
    found = sp.coo_array((mine, (column, row) if turned else (row, column)), shape=shape).tocsr()
    return _Block(found.data, found.indices, found.indptr, shape)


def _best_split(entries: Entries, touched: NDArray[np.intp]) -> tuple[float, int]:
    """The cost of the best split in multiplications of dense columns, and how many groups its heavy columns touch at least."""
    best = (float(entries.n_groups) * entries.width**2, 0)
    each = touched[entries.column]
    for threshold in np.unique(np.quantile(touched, np.linspace(0.0, 1.0, 13))).astype(np.int64)[1:]:
        h = int((touched >= threshold).sum())
        tails = np.bincount(entries.row[each < threshold], minlength=entries.n_groups).astype(np.float64)
        seconds = entries.n_groups * h * h / DENSE_RATE + tails.sum() * h / MIXED_RATE + (tails @ tails) / SPARSE_RATE / 2
        best = min(best, (seconds * DENSE_RATE, int(threshold)))
    return best[0] * len(entries.values), best[1]
