"""The columns of several groupings side by side in one dense matrix: that of coefficient a, group j is offset + a J + j."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from mlgui.engine.gram import Gram
from mlgui.engine.problem import Floats
from mlgui.engine.theta import Entry


class GroupColumns:
    """Where the columns of some of the groupings of a problem stand. at: slice of every grouping. width: of all."""

    def __init__(self, gram: Gram, groupings: Sequence[int]) -> None:
        self.groupings = tuple(groupings)
        self.sizes = {k: gram.own[k].shape[0] for k in groupings}
        self.n_groups = {k: gram.own[k].shape[2] for k in groupings}
        offsets = np.concatenate(([0], np.cumsum([self.sizes[k] * self.n_groups[k] for k in groupings])))
        self.at = {k: slice(int(a), int(b)) for k, (a, b) in zip(groupings, pairwise(offsets))}
        self.width = int(offsets[-1])

    def products(self, gram: Gram) -> sp.csr_array:
        """Z'Z of these columns, sparse (width, width)."""
        pairs = [(k, a) for k in self.groupings for a in range(self.sizes[k])]
        blocks = [
            [sp.diags_array(gram.own[k][a, b]) if k == other else gram.block(k, a, other, b) for other, b in pairs]
            for k, a in pairs
        ]
        return sp.csr_array(sp.block_array(blocks, format="csr")) if pairs else sp.csr_array((0, 0))

    def with_w(self, gram: Gram) -> Floats:
        """Z'w of these columns (width, r)."""
        return self.joined([gram.with_w[k] for k in self.groupings])

    def joined(self, parts: Sequence[Floats]) -> Floats:
        """(q, r, J) per grouping, in the order of `groupings`, as rows: (width, r)."""
        return np.concatenate([part.transpose(0, 2, 1).reshape(-1, part.shape[1]) for part in parts])

    def split(self, rows: Floats) -> dict[int, Floats]:
        """Rows (width, r) as (q, r, J) per grouping."""
        return {
            k: np.ascontiguousarray(rows[at].reshape(self.sizes[k], self.n_groups[k], -1).transpose(0, 2, 1))
            for k, at in self.at.items()
        }

    def diagonal_blocks(self, root: NDArray[np.floating]) -> dict[int, Floats]:
        """The blocks of every group, (q, q, J) per grouping, of root'root for a root (width, width) in Fortran order."""
        out = {}
        for k, at in self.at.items():
            q, groups = self.sizes[k], self.n_groups[k]
            parts = root.T[at].reshape(q, groups, -1)
            out[k] = np.empty((q, q, groups))
            for a in range(q):
                for b in range(a + 1):
                    out[k][a, b] = out[k][b, a] = np.vecdot(parts[a], parts[b])
        return out

    def summed_blocks(self, root: NDArray[np.floating]) -> dict[int, Floats]:
        """Those of `diagonal_blocks` summed over groups, (q, q) per grouping."""
        out = {}
        for k, at in self.at.items():
            q = self.sizes[k]
            parts = root.T[at].reshape(q, self.n_groups[k], -1)
            out[k] = np.array([[np.vecdot(parts[a], parts[b]).sum(dtype=np.float64) for b in range(q)] for a in range(q)])
        return out

    def blocks_of(self, square: NDArray[np.floating]) -> dict[int, Floats]:
        """The blocks of every group, (q, q, J) per grouping, of a symmetric matrix (width, width)."""
        slabs = {k: [self.slab(k, a) for a in range(q)] for k, q in self.sizes.items()}
        return {k: np.array([[np.diagonal(square[a, b]) for b in mine] for a in mine]) for k, mine in slabs.items()}

    def sparse_blocks(self, square: sp.csr_array) -> dict[int, Floats]:
        """The same of a sparse symmetric matrix."""
        slabs = {k: [self.slab(k, a) for a in range(q)] for k, q in self.sizes.items()}
        return {k: np.array([[square[a, b].diagonal() for b in mine] for a in mine]) for k, mine in slabs.items()}

    def summed_diagonals(self, square: NDArray[np.floating]) -> dict[int, Floats]:
        """The same of a symmetric matrix (width, width), of which the upper triangle is read."""
        out = {}
        for k, q in self.sizes.items():
            slabs = [self.slab(k, a) for a in range(q)]
            out[k] = np.zeros((q, q))
            for a in range(q):
                for b in range(a, q):
                    found = np.diagonal(square[slabs[a], slabs[b]]).sum(dtype=np.float64)
                    out[k][a, b] = out[k][b, a] = found
        return out

    def block_products(
        self, square: NDArray[np.floating], k: int, mine: Sequence[Entry], other: int, yours: Sequence[Entry]
    ) -> Floats:
        """tr(E_a S E_b S) for a symmetric S and the symmetric basis matrices E_a, E_b of entries of two groupings."""
        found = np.zeros((len(mine), len(yours)))
        for i, (a, b) in enumerate(mine):
            for j, (c, d) in enumerate(yours):
                for p, q in {(a, b), (b, a)}:
                    for r, s in {(c, d), (d, c)}:
                        left, right = square[self.slab(k, q), self.slab(other, r)], square[self.slab(k, p), self.slab(other, s)]
                        found[i, j] += float(np.vecdot(left, right).sum(dtype=np.float64))
        return found

    def product_diagonals(self, square: NDArray[np.floating], product: NDArray[np.floating], k: int) -> Floats:
        """The blocks of every group of `product` times `square`, which is symmetric, summed over groups: (q, q)."""
        q = self.sizes[k]
        slabs = [self.slab(k, a) for a in range(q)]
        return np.array([[np.vecdot(product[a], square[b]).sum(dtype=np.float64) for b in slabs] for a in slabs])

    def slab(self, k: int, a: int) -> slice:
        """Where the columns of a coefficient of a grouping stand."""
        start = self.at[k].start + a * self.n_groups[k]
        return slice(start, start + self.n_groups[k])

    def sparse_both_sides(self, factors: Sequence[Floats], square: sp.csr_array) -> sp.coo_array:
        """Lambda' S Lambda for a sparse S."""
        if all(q == 1 for q in self.sizes.values()):
            scale = np.concatenate([np.full(self.n_groups[k], factors[k][0, 0]) for k in self.groupings])
            found = square.tocoo(copy=True)
            found.data *= scale[found.row] * scale[found.col]
            return found
        spread = [sp.kron(sp.csr_array(factors[k]), sp.eye_array(self.n_groups[k])) for k in self.groupings]
        factor = sp.block_diag(spread, format="csr")
        return sp.coo_array(factor.T @ square @ factor)

    def by_factor(self, factors: Sequence[Floats], rows: Floats, *, transposed: bool) -> Floats:
        """Lambda' (transposed) or Lambda times rows (width, r); factors are those of all groupings."""
        out = np.empty(rows.shape)
        for k, at in self.at.items():
            factor = factors[k].T if transposed else factors[k]
            np.matmul(factor, rows[at].reshape(self.sizes[k], -1), out=out[at].reshape(self.sizes[k], -1))
        return out

    def rows_by_factor(self, factors: Sequence[Floats], rows: Floats) -> Floats:
        """Rows (any number, width) times Lambda; they may be overwritten."""
        for k, at in self.at.items():
            if self.sizes[k] == 1:
                rows[:, at] *= factors[k][0, 0]
            else:
                parts = rows[:, at].reshape(len(rows), self.sizes[k], -1)
                rows[:, at] = np.matmul(factors[k].T, parts).reshape(len(rows), -1)
        return rows

    def both_sides(self, factors: Sequence[Floats], square: Floats, *, transposed: bool) -> Floats:
        """Lambda' S Lambda (transposed) or Lambda S Lambda' for a symmetric S, which may be overwritten.

        Where all groupings have one coefficient, the upper triangle of S is enough for that of the result.
        """
        if all(q == 1 for q in self.sizes.values()):
            scale = np.concatenate([np.full(self.n_groups[k], factors[k][0, 0]) for k in self.groupings])
            square *= scale[:, None]
            square *= scale
            return square
        turned = [one if transposed else one.T for one in factors]
        for k, at in self.at.items():
            square[at] = np.matmul(turned[k].T, square[at].reshape(self.sizes[k], -1)).reshape(-1, self.width)
        return self.rows_by_factor(turned, square)
