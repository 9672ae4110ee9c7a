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

from mlgui.engine.problem import Floats

SMALL = 20_000
"""Rows below which one segmented sum over all products is quicker than a sparse product per pair of columns."""

Crossing = tuple[tuple[sp.csr_array, ...], ...]
Products = dict[tuple[int, int], int]


@dataclass(frozen=True, kw_only=True, eq=False)
class Gram:
    """Weighted cross-products of w = [X y] and of the columns Z_k of every grouping; r = columns of w.

    total: w'w (r, r). own[k]: Z_j'Z_j per group (q, q, J). with_w[k]: Z_j'w (q, r, J). crossing[k, l] for k < l:
    q_k by q_l sparse matrices (J_k, J_l), the cross-products of coefficient a of k and b of l.
    """

    total: Floats
    own: tuple[Floats, ...]
    with_w: tuple[Floats, ...]
    crossing: dict[tuple[int, int], Crossing]

    def __add__(self, other: Gram) -> Gram:
        """The cross-products of both sets of rows together (same scaling, same numbering of groups)."""
        crossing = {
            key: tuple(
                tuple(mine + yours for mine, yours in zip(row, others)) for row, others in zip(blocks, other.crossing[key])
            )
            for key, blocks in self.crossing.items()
        }
        return Gram(
            total=self.total + other.total,
            own=tuple(mine + yours for mine, yours in zip(self.own, other.own)),
            with_w=tuple(mine + yours for mine, yours in zip(self.with_w, other.with_w)),
            crossing=crossing,
        )


def cross_products(
    w: Floats,
    z: Sequence[Sequence[Floats]],
    codes: Sequence[NDArray[np.int32]],
    n_groups: Sequence[int],
    between_stages: Callable[[], None] = lambda: None,
) -> Gram:
    """The Gram of these rows: w (r, n); z[k] the columns of grouping k; codes[k] (n,) in 0 .. n_groups[k]-1.

    `between_stages` is called between passes over the rows and may raise.
    """
    own, with_w = [], []
    for k, columns in enumerate(z):
        between_stages()
        mine, theirs = _grouping(w, columns, codes[k], n_groups[k], between_stages)
        own.append(mine)
        with_w.append(theirs)
    crossing = {}
    for k in range(len(z)):
        for other in range(k + 1, len(z)):
            between_stages()
            crossing[k, other] = _crossing(z[k], z[other], codes[k], codes[other], (n_groups[k], n_groups[other]))
    return Gram(total=w @ w.T, own=tuple(own), with_w=tuple(with_w), crossing=crossing)


def _grouping(
    w: Floats, columns: Sequence[Floats], codes: NDArray[np.int32], n_groups: int, between: Callable[[], None]
) -> tuple[Floats, Floats]:
    """Z_j'Z_j (q, q, J) and Z_j'w (q, r, J) of one grouping; products of the same two columns are formed once."""
    q, r = len(columns), len(w)
    rows = [*columns, *w]
    address = [row.__array_interface__["data"][0] for row in rows]
    place: Products = {}
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
        starts = np.searchsorted(codes, np.arange(n_groups + 1)).astype(np.int32)
        order = np.arange(n, dtype=np.int32)
    else:
        grouped = sp.csr_array((np.ones(n, np.int8), (codes, np.arange(n, dtype=np.int32))), shape=(n_groups, n))
        starts, order = grouped.indptr, grouped.indices
    sums = np.empty((len(pairs), n_groups))
    left, made = -1, None
    for k, (a, b) in enumerate(pairs):
        between()
        if a != left:
            data = rows[a] if in_order else rows[a][order]
            made = sp.csr_array((data, order, starts), shape=(n_groups, n), copy=False)
            left = a
        sums[k] = made @ rows[b]
    return sums


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
