"""The cross-products of the grouping that is eliminated first with all others, and the two sums over its groups they enter.

A_j (q, m) are the rows of group j: q coefficients against the m columns of the core. Needed are the Schur term
sum_j A_j'D_jA_j for given symmetric D_j, and the quadratic forms A_j S A_j' for a given symmetric S. Where they are few, all
pairs of columns that meet in a group are listed once. Otherwise groups that touch few columns are taken as sparse rows, the
others as dense ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from mlgui.engine.problem import Floats

Index = NDArray[np.intp]

MOST_PAIRS = 25_000_000
"""Products of pairs that are kept (12 bytes each)."""
CROWDED = 0.08
"""Share of the columns above which the row of a group is quicker to handle as a dense one."""
CHUNK = 4_000_000
"""Numbers in a chunk of dense rows or of gathered blocks."""


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
        classes = _equal(counts, np.arange(self.n_groups))
        self._order = np.concatenate([*classes, np.zeros(0, dtype=np.intp)])
        self._pairs = self._all_pairs(classes) if kept <= MOST_PAIRS else None
        crowded = counts > CROWDED * self.width
        self.cost = kept if self._pairs is not None else float(np.where(crowded, self.width / 5, counts) @ counts) * q
        if self._pairs is None:
            self._crowded = np.flatnonzero(crowded)
            self._sparse = np.flatnonzero(~crowded)
            self._sparse_rows = [one[self._sparse] for one in self.rows]
            self._by_count = [(mine, self._places(mine)) for mine in _equal(counts, self._sparse)]

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
            total = sum(matrix.T @ d[a, b, self._order] for (a, b), matrix in self._pairs.items())
            return np.asarray(total).reshape(self.width, self.width)
        halves = _roots(d)
        sparse = halves[:, :, self._sparse]
        out = np.zeros((self.width, self.width))
        for a in range(len(d)):
            turned = sum(sp.diags_array(sparse[b, a]) @ self._sparse_rows[b] for b in range(a, len(d)))
            out += (turned.T @ turned).toarray()
        for groups, rows in self._dense_chunks():
            for a in range(len(d)):
                dense = halves[a, a, groups, None] * rows[a]
                for b in range(a + 1, len(d)):
                    dense += halves[b, a, groups, None] * rows[b]
                out += dense.T @ dense
        return out

    @property
    def gathers(self) -> bool:
        """Whether `forms` reads entries of S."""
        return self._pairs is not None or bool(len(self._sparse))

    def forms(self, s: Floats, rooted: Callable[[Floats], Floats]) -> Floats:
        """A_j S A_j' for symmetric s (m, m): (q, q, J). s is not read unless `gathers`.

        rooted: returns x R (any number, m) for rows x of that length, where S = R R'; it may overwrite them.
        """
        q = len(self.rows)
        out = np.zeros((q, q, self.n_groups))
        if self._pairs is not None:
            twice = 2.0 * s
            np.fill_diagonal(twice, np.diagonal(s))
            flat = twice.ravel()
            for (a, b), matrix in self._pairs.items():
                out[a, b, self._order] = (matrix @ flat) * (1.0 if a == b else 0.5)
                out[b, a] = out[a, b]
            return out
        for groups, places in self._by_count:
            self._gathered_forms(s, groups, places, out)
        for groups, rows in self._dense_chunks():
            turned = [rooted(one) for one in rows]
            for a in range(q):
                for b in range(a + 1):
                    out[a, b, groups] = np.vecdot(turned[a], turned[b])
                    out[b, a, groups] = out[a, b, groups]
        return out

    def _gathered_forms(self, s: Floats, groups: Index, places: Index, out: Floats) -> None:
        """Write the forms of groups that touch equally many columns, from the blocks of s at these columns."""
        flat, indices = s.ravel(), self.rows[0].indices
        step = max(1, CHUNK // places.shape[1] ** 2)
        for first in range(0, len(groups), step):
            at = places[first : first + step]
            column = indices[at].astype(np.intp)
            block = flat.take(column[:, :, None] * self.width + column[:, None, :])
            values = np.stack([one.data[at] for one in self.rows], axis=2)
            out[:, :, groups[first : first + step]] = (values.transpose(0, 2, 1) @ (block @ values)).transpose(1, 2, 0)

    def _dense_chunks(self) -> Iterator[tuple[Index, list[Floats]]]:
        """Dense rows of some of the crowded groups at a time, one array (groups, m) per coefficient."""
        step = max(1, CHUNK // self.width)
        for first in range(0, len(self._crowded), step):
            groups = self._crowded[first : first + step]
            yield groups, [one[groups].toarray() for one in self.rows]

    def _places(self, groups: Index) -> Index:
        """Where the entries of groups that touch equally many columns stand in the data of the rows: (groups, columns)."""
        start: Index = self.rows[0].indptr.astype(np.intp)
        return start[groups, None] + np.arange(start[groups[0] + 1] - start[groups[0]])

    def _all_pairs(self, classes: Sequence[Index]) -> dict[tuple[int, int], sp.csr_array]:
        """For a <= b: sparse (J, m m) matrices whose transposes map D_ab to the upper triangle of the Schur term.

        classes: groups that touch equally many columns; the rows are in this order.
        """
        m, q = self.width, len(self.rows)
        first = self.rows[0]
        columns: list[NDArray[np.int32]] = []
        sizes: list[Index] = [np.zeros(1, dtype=np.intp)]
        values: dict[tuple[int, int], list[Floats]] = {(a, b): [] for a in range(q) for b in range(a, q)}
        for mine in classes:
            at = self._places(mine)
            left, right = np.triu_indices(at.shape[1])
            column = first.indices[at].astype(np.int32)
            columns.append((column[:, left] * np.int32(m) + column[:, right]).ravel())
            sizes.append(np.full(len(mine), len(left)))
            data = [one.data[at] for one in self.rows]
            for (a, b), found in values.items():
                product = data[a][:, left] * data[b][:, right]
                if a != b:
                    product += data[b][:, left] * data[a][:, right]
                found.append(product.ravel())
        if not columns:
            return {pair: sp.csr_array((0, m * m)) for pair in values}
        index, starts = np.concatenate(columns), np.cumsum(np.concatenate(sizes)).astype(np.int32)
        shape = (len(self._order), m * m)
        return {pair: sp.csr_array((np.concatenate(found), index, starts), shape=shape) for pair, found in values.items()}


def _equal(counts: NDArray[np.int64], groups: Index) -> list[Index]:
    """The groups with each of the counts above 0 that occur among them."""
    ordered = groups[np.argsort(counts[groups], kind="stable")]
    ordered = ordered[counts[ordered] > 0]
    return np.split(ordered, np.flatnonzero(np.diff(counts[ordered])) + 1) if len(ordered) else []


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
