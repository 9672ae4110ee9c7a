"""The cross-products of the grouping that is eliminated first with all others.

A_j (q, m) are the rows of group j: q coefficients against the m columns of the core. With Lambda the factors of the core's
groupings, what enters everything else are sums of R_j'R_j over rows R_j = c_j'A_j Lambda for given vectors c_j (q): of the
Schur term with the columns of a root of its D_j, of derivatives with those of K_j^-1 L'.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from mlgui.engine.columns import GroupColumns
from mlgui.engine.gram import Gram
from mlgui.engine.problem import Floats

Index = NDArray[np.int32]

CHUNK = 1_000_000
"""Numbers in a chunk of dense rows."""


class Squares(Protocol):
    """A way of forming sums of R_j'R_j.

    cost: multiplications of one Schur term, about. is_dense: whether all rows are taken as dense ones.
    """

    cost: float
    is_dense: bool

    def add(self, core: NDArray[np.floating], factors: Sequence[Floats], vectors: Sequence[Floats], sign: float) -> None:
        """Add sign sum_j R_j'R_j to the upper triangle of the core, for each of the vectors c (q, J)."""

    def trace(self, square: NDArray[np.floating], factors: Sequence[Floats], vector: Floats, *, overwrite: bool = False) -> float:
        """tr(S sum_j R_j'R_j) for one vector; of the symmetric S only the upper triangle may differ from 0."""


class Entries:
    """The entries of all A_j that are not zero, slab by slab of the core's columns (grouping, coefficient).

    row: group of each. column: its column of the core. values: (q, entries).
    """

    def __init__(self, gram: Gram, first: int, columns: GroupColumns) -> None:
        self.n_groups, self.width = gram.own[first].shape[2], columns.width
        self.columns = columns
        q = gram.own[first].shape[0]
        rows: list[Index] = []
        at: list[Index] = []
        values: list[Floats] = []
        for k in columns.groupings:
            pattern, block = _aligned(gram, first, k, q, columns.sizes[k])
            rows.append(np.repeat(np.arange(self.n_groups, dtype=np.int32), np.diff(pattern.indptr)))
            values.append(block.reshape(q, -1))
            starts = [columns.slab(k, c).start for c in range(columns.sizes[k])]
            at.append(np.concatenate([pattern.indices + start for start in starts]).astype(np.int32))
        self._rows = rows
        self.row = np.concatenate([np.tile(mine, columns.sizes[k]) for k, mine in zip(columns.groupings, rows)])
        self.column = np.concatenate(at)
        self.values = np.concatenate(values, axis=1)
        index = sp.coo_array((np.arange(len(self.row), dtype=np.int32), (self.row, self.column)), (self.n_groups, self.width))
        self._by_row = index.tocsr()

    def _matrix(self, values: NDArray[np.floating]) -> sp.csr_array:
        """The entries with these values, (J, m)."""
        order = self._by_row
        return sp.csr_array((values[order.data], order.indices, order.indptr), shape=order.shape)

    def to_core(self, x: Floats) -> Floats:
        """sum_j A_j'x_j for x (q, r, J): (m, r)."""
        out = np.zeros((self.width, x.shape[1]))
        for one, values in zip(x, self.values):
            out += self._matrix(values).T @ one.T
        return out

    def from_core(self, y: Floats) -> Floats:
        """A_j y for y (m, r): (q, r, J)."""
        return np.stack([np.ascontiguousarray((self._matrix(values) @ y).T) for values in self.values])

    def rows_of(self, factors: Sequence[Floats], vector: Floats) -> Floats:
        """The entries of c_j'A_j Lambda for c (q, J)."""
        out, at = np.empty(len(self.row)), 0
        for k, mine in zip(self.columns.groupings, self._rows):
            size = self.columns.sizes[k]
            here = slice(at, at + size * len(mine))
            at = here.stop
            block = self.values[:, here].reshape(len(vector), size, -1)
            mixed = vector[0][mine] * block[0]
            for b in range(1, len(block)):
                mixed += vector[b][mine] * block[b]
            np.matmul(factors[k].T, mixed, out=out[here].reshape(size, -1))
        return out

    def sparse_rows(self, factors: Sequence[Floats], vector: Floats) -> sp.csr_array:
        """The rows c_j'A_j Lambda for c (q, J): (J, m)."""
        return self._matrix(self.rows_of(factors, vector))

    def dense_rows(
        self, factors: Sequence[Floats], vectors: Sequence[Floats], dtype: np.dtype[np.floating]
    ) -> Iterator[tuple[slice, list[NDArray[np.floating]]]]:
        """Some of the groups at a time, with their rows c_j'A_j Lambda (groups, m) for each of the vectors c."""
        matrices = [self.sparse_rows(factors, vector).astype(dtype) for vector in vectors]
        step = max(1, CHUNK // max(self.width, 1))
        for first in range(0, self.n_groups, step):
            groups = slice(first, first + step)
            yield groups, [one[groups].toarray() for one in matrices]


def _aligned(gram: Gram, first: int, k: int, q: int, size: int) -> tuple[sp.csr_array, Floats]:
    """Where the entries of a grouping stand (J, J_k), and their values (q, size, entries), in the same order for all."""
    values, pattern = [], None
    for a in range(q):
        for b in range(size):
            block = gram.block(first, a, k, b)
            block.sort_indices()
            values.append(block.data)
            pattern = block if pattern is None else pattern
    assert pattern is not None
    return pattern, np.array(values).reshape(q, size, -1)
