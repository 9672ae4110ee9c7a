"""Cross-products of the rows, formed once: everything after them costs nothing per row.

They are sums over rows, so that a Gram can be made block by block of rows and added up, provided that every block uses the
same scaling and the same numbering of groups.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from mlgui.engine.blocks import row_products
from mlgui.engine.problem import Floats
from mlgui.engine.structure import Structure

SMALL = 20_000
"""Rows below which one segmented sum over all products is quicker than a sparse product per pair of columns."""

Crossing = tuple[tuple[sp.csr_array, ...], ...]
Parents = dict[tuple[int, int], NDArray[np.intp]]


@dataclass(frozen=True, kw_only=True, eq=False)
class Gram:
    """Weighted cross-products of w = [X y] and of the columns Z_k of every grouping; r = columns of w.

    total: w'w (r, r). own[k]: Z_j'Z_j per group (q, q, J). with_w[k]: Z_j'w (q, r, J).
    A nested chain of groupings has nested[k, l] for k nested in l: (q_k, q_l, J_k), and parents[k, l] for its
    consecutive pairs. Other groupings have crossing[k, l] for k < l: q_k by q_l sparse matrices (J_k, J_l), the
    cross-products of coefficient a of k and b of l.
    """

    total: Floats
    own: tuple[Floats, ...]
    with_w: tuple[Floats, ...]
    crossing: dict[tuple[int, int], Crossing]
    nested: dict[tuple[int, int], Floats]
    parents: Parents

    def __add__(self, other: Gram) -> Gram:
        """The cross-products of both sets of rows together (same scaling, same numbering of groups)."""
        crossing = {
            key: tuple(
                tuple(sparse_sum((mine, yours), (1.0, 1.0)) for mine, yours in zip(row, others))
                for row, others in zip(blocks, other.crossing[key])
            )
            for key, blocks in self.crossing.items()
        }
        return Gram(
            total=self.total + other.total,
            own=tuple(mine + yours for mine, yours in zip(self.own, other.own)),
            with_w=tuple(mine + yours for mine, yours in zip(self.with_w, other.with_w)),
            crossing=crossing,
            nested={key: mine + other.nested[key] for key, mine in self.nested.items()},
            parents=self.parents,
        )

    def squares(self, k: int, a: int, other: int, b: int) -> float:
        """Sum of squares of Z_ka'Z_lb over all pairs of groups."""
        if k == other:
            return float((self.own[k][a, b] ** 2).sum())
        if (k, other) in self.nested:
            return float((self.nested[k, other][a, b] ** 2).sum())
        if (other, k) in self.nested:
            return float((self.nested[other, k][b, a] ** 2).sum())
        return float((self.block(k, a, other, b).data ** 2).sum())

    def block(self, k: int, a: int, other: int, b: int) -> sp.csr_array:
        """Z_ka'Z_lb of two crossed groupings, sparse (J_k, J_l)."""
        return self.crossing[k, other][a][b] if k < other else self.crossing[other, k][b][a].T.tocsr()


def sparse_sum(matrices: Sequence[sp.csr_array], c: Sequence[float] | Floats) -> sp.csr_array:
    """Sum of c_m times the m-th matrix, with an entry wherever one of them has one, even if it is 0.

    SciPy's own sum leaves zeros out; the cross-products of all coefficients of two groupings must stay in the same places.
    """
    parts = [one.tocoo() for one in matrices]
    data = np.concatenate([weight * part.data for weight, part in zip(c, parts)])
    places = np.concatenate([part.row for part in parts]), np.concatenate([part.col for part in parts])
    return sp.csr_array((data, places), shape=parts[0].shape)


def cross_products(
    w: Floats,
    z: Sequence[Sequence[Floats]],
    codes: Sequence[NDArray[np.int32]],
    structure: Structure,
    n_groups: Sequence[int],
    between_stages: Callable[[], None] = lambda: None,
) -> Gram:
    """The Gram of these rows: w (r, n); z[k] the columns of grouping k; codes[k] (n,) in 0 .. n_groups[k]-1.

    structure: that of all rows, of which these may be a part. `between_stages` is called between passes over the rows and
    may raise.
    """
    own, with_w, nested, crossing = {}, {}, {}, {}
    for k in range(len(z)):
        between_stages()
        coarser = structure.chain[structure.chain.index(k) + 1 :] if k in structure.chain else ()
        right = [column for other in coarser for column in z[other]]
        own[k], rest = _grouping(z[k], [*right, *w], codes[k], n_groups[k], between_stages)
        at = 0
        for other in coarser:
            nested[k, other] = rest[:, at : at + len(z[other])]
            at += len(z[other])
        with_w[k] = rest[:, at:]
        for other in range(k + 1, len(z)):
            if k in structure.others or other in structure.others:
                between_stages()
                crossing[k, other] = _crossing(z[k], z[other], codes[k], codes[other], (n_groups[k], n_groups[other]))
    return Gram(
        total=row_products(w),
        own=tuple(own[k] for k in range(len(z))),
        with_w=tuple(with_w[k] for k in range(len(z))),
        crossing=crossing,
        nested=nested,
        parents=structure.parents,
    )


def _grouping(
    columns: Sequence[Floats], right: Sequence[Floats], codes: NDArray[np.int32], n_groups: int, between: Callable[[], None]
) -> tuple[Floats, Floats]:
    """Z_j'Z_j (q, q, J) and Z_j'right (q, r, J) of one grouping; products of the same two columns are formed once."""
    q, r = len(columns), len(right)
    rows = [*columns, *right]
    address = [row.__array_interface__["data"][0] for row in rows]
    place: dict[tuple[int, int], int] = {}
    wanted: list[tuple[int, int]] = []
    index = np.empty((q, q + r), dtype=np.intp)
    for a in range(q):
        for b in range(q + r):
            key = (address[a], address[b]) if address[a] <= address[b] else (address[b], address[a])
            if key not in place:
                place[key] = len(wanted)
                wanted.append((a, b))
            index[a, b] = place[key]
    sums = segment_sums(rows, wanted, codes, n_groups, between)
    return sums[index[:, :q]], sums[index[:, q:]]


def segment_sums(
    rows: Sequence[Floats], pairs: Sequence[tuple[int, int]], codes: NDArray[np.int32], n_groups: int, between: Callable[[], None]
) -> Floats:
    """Sums over the rows of each group of rows[a] * rows[b], one row of the result per pair: (pairs, J)."""
    n = len(codes)
    in_order = bool((codes[1:] >= codes[:-1]).all())
    if n < SMALL:
        return _small_sums(rows, pairs, codes if in_order else None, codes, n_groups)
    if in_order:
        starts = _starts(codes, n_groups)
        order = np.arange(n, dtype=np.int32)
    else:
        grouped = sp.csr_array((np.ones(n, np.int8), (codes, np.arange(n, dtype=np.int32))), shape=(n_groups, n))
        starts, order = grouped.indptr, grouped.indices
    sums = np.empty((len(pairs), n_groups))
    per_group = sp.csr_array((np.empty(n), order, starts), shape=(n_groups, n), copy=False)
    for left in sorted({a for a, _ in pairs}):
        per_group.data = rows[left] if in_order else rows[left][order]  # the constructor would copy a row of a matrix
        for k, (a, b) in enumerate(pairs):
            if a == left:
                between()
                sums[k] = per_group @ rows[b]
    return sums


def _starts(codes: NDArray[np.int32], n_groups: int) -> NDArray[np.int32]:
    """The first row of every group of codes in order, and their number; groups may be absent."""
    starts = np.flatnonzero(codes[1:] != codes[:-1]) + 1
    if len(starts) == n_groups - 1:
        return np.concatenate(([0], starts, [len(codes)])).astype(np.int32)
    return np.searchsorted(codes, np.arange(n_groups + 1)).astype(np.int32)


def _small_sums(
    rows: Sequence[Floats],
    pairs: Sequence[tuple[int, int]],
    in_order: NDArray[np.int32] | None,
    codes: NDArray[np.int32],
    n_groups: int,
) -> Floats:
    """The same by one segmented sum over all products at once."""
    products = np.empty((len(pairs), len(codes)))
    for k, (a, b) in enumerate(pairs):
        np.multiply(rows[a], rows[b], out=products[k])
    if in_order is None:
        order = np.argsort(codes, kind="stable")
        products, codes = products[:, order], codes[order]
    present, starts = np.unique(codes, return_index=True)
    sums = np.add.reduceat(products, starts, axis=1)
    if len(present) == n_groups:
        return np.asarray(sums)
    spread = np.zeros((len(pairs), n_groups))
    spread[:, present] = sums
    return spread


def _crossing(
    left: Sequence[Floats], right: Sequence[Floats], rows: NDArray[np.int32], columns: NDArray[np.int32], shape: tuple[int, int]
) -> Crossing:
    """Cross-products of the columns of two groupings per pair of groups, sparse."""
    return tuple(tuple(sp.csr_array((a * b, (rows, columns)), shape=shape) for b in right) for a in left)
