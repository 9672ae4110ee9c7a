"""The cross-products of the grouping that is eliminated first with all others, and the two sums over its groups they enter.

A_j (q, m) are the rows of group j: q coefficients against the m columns of the core. Needed are the Schur term
sum_j A_j'D_jA_j for given symmetric D_j, and the quadratic forms A_j S A_j' for a given symmetric S. Three ways, by what is
cheapest: a list of all pairs of columns that meet in a group; dense rows; sparse rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from mlgui.engine.problem import Floats

MOST_PAIRS = 25_000_000
"""Products of pairs that are kept (12 bytes each)."""
DENSE_SPEED = 30.0
"""How many multiplications of dense matrices take as long as one of sparse ones."""
CHUNK = 16_000_000
"""Numbers in a chunk of dense rows."""


class Coupling:
    """The rows A_j, as one sparse matrix (J, m) per coefficient; all have the same places of non-zeros."""

    def __init__(self, rows: Sequence[sp.csr_array]) -> None:
        self.rows = list(rows)
        for one in self.rows:
            one.sort_indices()
        self._down = [one.T.tocsr() for one in self.rows]
        self.n_groups, self.width = self.rows[0].shape
        q = len(self.rows)
        counts = np.diff(self.rows[0].indptr).astype(np.int64)
        kept = float((counts * (counts + 1) // 2).sum()) * q * (q + 1) / 2
        sparse, dense = float((counts * counts).sum()) * q * DENSE_SPEED, float(self.n_groups) * q * self.width**2
        self.cost = kept if kept <= MOST_PAIRS else min(sparse, dense)
        self._pairs = self._all_pairs(counts) if kept <= MOST_PAIRS else None
        self._dense = dense < sparse

    def to_core(self, x: Floats) -> Floats:
        """sum_j A_j'x_j for x (q, r, J): (m, r)."""
        out = self._down[0] @ x[0].T
        for a in range(1, len(x)):
            out += self._down[a] @ x[a].T
        return np.asarray(out)

    def from_core(self, y: Floats) -> Floats:
        """A_j y for y (m, r): (q, r, J)."""
        return np.stack([np.ascontiguousarray((one @ y).T) for one in self.rows])

    def schur(self, d: Floats) -> Floats:
        """sum_j A_j'D_jA_j (m, m) for d (q, q, J); only the upper triangle is meant."""
        if self._pairs is not None:
            total = sum(matrix @ np.ascontiguousarray(d[a, b]) for (a, b), matrix in self._pairs.items())
            return np.asarray(total).reshape(self.width, self.width)
        halves = _roots(d)
        if not self._dense:
            turned = [sum(sp.diags_array(halves[b, a]) @ self.rows[b] for b in range(a, len(d))) for a in range(len(d))]
            return np.asarray(sum((one.T @ one).toarray() for one in turned))
        out = np.zeros((self.width, self.width))
        for groups, rows in self._chunks():
            for a in range(len(d)):
                turned_rows = halves[a, a, groups, None] * rows[a]
                for b in range(a + 1, len(d)):
                    turned_rows += halves[b, a, groups, None] * rows[b]
                out += turned_rows.T @ turned_rows
        return out

    def forms(self, s: Floats) -> Floats:
        """A_j S A_j' for symmetric s (m, m): (q, q, J)."""
        q = len(self.rows)
        out = np.empty((q, q, self.n_groups))
        if self._pairs is not None:
            twice = 2.0 * s
            np.fill_diagonal(twice, np.diagonal(s))
            flat = twice.ravel()
            for (a, b), matrix in self._pairs.items():
                out[a, b] = (matrix.T @ flat) * (1.0 if a == b else 0.5)
                out[b, a] = out[a, b]
            return out
        for groups, rows in self._chunks():
            for a in range(q):
                product = rows[a] @ s if self._dense else self.rows[a][groups] @ s
                for b in range(a + 1):
                    out[a, b, groups] = (product * rows[b]).sum(axis=1)
                    out[b, a, groups] = out[a, b, groups]
        return out

    def _chunks(self) -> Iterator[tuple[slice, list[Floats]]]:
        """Dense rows of some groups at a time, one array (groups, m) per coefficient."""
        width = max(1, CHUNK // (self.width * len(self.rows)))
        for first in range(0, self.n_groups, width):
            groups = slice(first, min(first + width, self.n_groups))
            yield groups, [one[groups].toarray() for one in self.rows]

    def _all_pairs(self, counts: NDArray[np.int64]) -> dict[tuple[int, int], sp.csr_array]:
        """For a <= b: sparse (m m, J) matrices that map D_ab to the upper triangle of the Schur term."""
        m, q = self.width, len(self.rows)
        first = self.rows[0]
        rows: list[NDArray[np.int64]] = []
        groups: list[NDArray[np.intp]] = []
        values: dict[tuple[int, int], list[Floats]] = {(a, b): [] for a in range(q) for b in range(a, q)}
        for count in np.unique(counts[counts > 0]):
            mine = np.flatnonzero(counts == count)
            at = first.indptr[mine][:, None] + np.arange(count)
            left, right = np.triu_indices(int(count))
            column = first.indices[at].astype(np.int64)
            rows.append((column[:, left] * m + column[:, right]).ravel())
            groups.append(np.repeat(mine, len(left)))
            data = [one.data[at] for one in self.rows]
            for (a, b), found in values.items():
                product = data[a][:, left] * data[b][:, right]
                if a != b:
                    product += data[b][:, left] * data[a][:, right]
                found.append(product.ravel())
        index = (np.concatenate(rows), np.concatenate(groups))
        return {
            pair: sp.csr_array((np.concatenate(found), index), shape=(m * m, self.n_groups)) for pair, found in values.items()
        }


def _roots(d: Floats) -> Floats:
    """Lower triangular F_j with F_j F_j' = D_j: (q, q, J)."""
    q = len(d)
    root = np.zeros_like(d)
    for b in range(q):
        rest = d[b, b] - (root[b, :b] ** 2).sum(axis=0)
        root[b, b] = np.sqrt(np.maximum(rest, 0.0))
        safe = np.where(root[b, b] > 0, root[b, b], 1.0)
        for a in range(b + 1, q):
            root[a, b] = np.where(root[b, b] > 0, (d[a, b] - (root[a, :b] * root[b, :b]).sum(axis=0)) / safe, 0.0)
    return root
