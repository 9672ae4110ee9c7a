"""A sparse symmetric positive definite matrix: its factor, and its inverse where the factor has entries.

The inverse follows from the factor by Takahashi, Fagan & Chen (1973, Proc. 8th PICA Conf., 63-69): with A = L D L' and I the
rows below the diagonal in column j of L, Z_Ij = -Z_II L_Ij and Z_jj = 1 / D_j - L_Ij'Z_Ij, from the last column to the first.
The rows I, but for the first, are rows of the column of that first one, its parent (Liu 1990, SIAM J. Matrix Anal. Appl. 11,
134-172), so that Z_II is a part of the parent's dense block. That holds of the rows that the pattern of A brings about, not of
those where L happens to differ from 0: they are found from the pattern.
"""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
import scipy.sparse.linalg as spl
from numpy.typing import NDArray

from mlgui.engine.problem import Floats

Index = NDArray[np.integer]


class SparseFactor:
    """The factor of a sparse symmetric positive definite matrix; raises LinAlgError where it is not one.

    Entries that are stored count as entries even if they are 0.
    """

    def __init__(self, matrix: sp.csc_array) -> None:
        try:
            self._lu = spl.splu(
                matrix, permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0, options={"SymmetricMode": True, "Equil": False}
            )
        except RuntimeError as error:  # a pivot of exactly 0
            raise np.linalg.LinAlgError(str(error)) from error
        self._pivots = np.asarray(self._lu.U.diagonal())
        if not (self._pivots > 0).all() or not np.array_equal(self._lu.perm_r, self._lu.perm_c):
            raise np.linalg.LinAlgError("the core is not positive definite")
        self._pattern = matrix
        self.log_det = float(np.log(self._pivots).sum())

    def solve(self, right: Floats) -> Floats:
        """The solutions for these right-hand sides (m, r)."""
        return np.asarray(self._lu.solve(np.ascontiguousarray(right)))

    def inverse(self) -> sp.csr_array:
        """The inverse at the entries of A and of L + L', sparse (m, m); zeros elsewhere say nothing."""
        lower = self._lower()
        m = lower.shape[0]
        found = np.empty(len(lower.data))
        ends, rows, data = lower.indptr, lower.indices, lower.data
        parents = np.array([rows[ends[j] + 1] if ends[j + 1] - ends[j] > 1 else -1 for j in range(m)])
        waiting = np.bincount(parents[parents >= 0], minlength=m)
        blocks: dict[int, Floats] = {}
        for j in range(m - 1, -1, -1):
            here = slice(ends[j] + 1, ends[j + 1])
            below, factor, parent = rows[here], data[here], int(parents[j])
            block = np.empty((len(below) + 1, len(below) + 1))
            if parent >= 0:
                place = np.searchsorted(rows[ends[parent] : ends[parent + 1]], below)
                block[1:, 1:] = blocks[parent][place[:, None], place]
                waiting[parent] -= 1
                if not waiting[parent]:
                    del blocks[parent]
            block[1:, 0] = block[0, 1:] = -(block[1:, 1:] @ factor)
            block[0, 0] = 1.0 / self._pivots[j] - factor @ block[1:, 0]
            found[ends[j] : ends[j + 1]] = block[0]
            if waiting[j]:
                blocks[j] = block
        return self._in_order(sp.csc_array((found, rows, ends), shape=(m, m)))

    def _lower(self) -> sp.csc_array:
        """L with all entries that the pattern of A brings about, also those that are 0; rows in order."""
        order = self._lu.perm_c
        pattern = self._pattern.tocoo()
        row, column = order[pattern.row], order[pattern.col]
        below = row > column
        places = row[below], column[below]
        ends, rows = _filled(sp.csc_array((np.ones(len(places[0])), places), shape=pattern.shape))
        m = len(order)
        keys = np.repeat(np.arange(m), np.diff(ends)) * m + rows
        known = self._lu.L.tocoo()
        data = np.zeros(len(rows))
        data[np.searchsorted(keys, known.col.astype(np.int64) * m + known.row)] = known.data
        return sp.csc_array((data, rows, ends), shape=(m, m))

    def _in_order(self, lower: sp.csc_array) -> sp.csr_array:
        """Both triangles, with rows and columns as they were given."""
        half = lower.tocoo()
        given = np.argsort(self._lu.perm_c)
        row, column = given[half.row], given[half.col]
        off = half.row != half.col
        places = np.concatenate([row, column[off]]), np.concatenate([column, row[off]])
        return sp.csr_array((np.concatenate([half.data, half.data[off]]), places), shape=lower.shape)


def _filled(below: sp.csc_array) -> tuple[Index, Index]:
    """Ends of columns and rows of the factor of a matrix with these entries below its diagonal, the diagonal first.

    A column has its own rows and those of the columns whose parent it is.
    """
    m = below.shape[0]
    met: list[list[Index]] = [[below.indices[below.indptr[j] : below.indptr[j + 1]]] for j in range(m)]
    columns: list[Index] = []
    for j in range(m):
        rows = np.unique(np.concatenate(met[j]))
        met[j] = []
        columns.append(np.concatenate(([j], rows)))
        if len(rows):
            met[rows[0]].append(rows[1:])
    return np.concatenate(([0], np.cumsum([len(rows) for rows in columns]))), np.concatenate(columns)
