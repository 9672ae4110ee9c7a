"""Cross-products of the columns of all groupings as one dense matrix, for what needs every pair of groups.

Column of coefficient a, group j of a grouping: its start + a J + j. Columns are those the factors act on: Z A, with A the
`to_rows` of `GroupScale`, so that the covariance of their effects is sigma^2 T T'.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mlgui.engine.blocks import both_sides, from_left
from mlgui.engine.gram import Gram
from mlgui.engine.problem import Floats
from mlgui.engine.scaling import GroupScale


@dataclass(frozen=True, kw_only=True, eq=False)
class AllGroups:
    """z: Z'Z (m, m). with_w: Z'[X y] (m, r + 1). starts: first column of each grouping, and m at the end."""

    z: Floats
    with_w: Floats
    starts: tuple[int, ...]
    sizes: tuple[int, ...]
    n_groups: tuple[int, ...]

    def columns(self, k: int, a: int) -> slice:
        """Where the columns of coefficient a of grouping k stand."""
        start = self.starts[k] + a * self.n_groups[k]
        return slice(start, start + self.n_groups[k])


def n_columns(gram: Gram) -> int:
    """Number of columns of all groupings: coefficients times groups, summed."""
    return sum(own.shape[0] * own.shape[2] for own in gram.own)


def own_products(gram: Gram, scales: Sequence[GroupScale], k: int) -> tuple[Floats, Floats]:
    """Z_j'Z_j (q, q, J) and Z_j'w (q, r + 1, J) of one grouping, of the columns its factor acts on."""
    turn = scales[k].to_rows.T
    return both_sides(turn, gram.own[k]), from_left(turn, gram.with_w[k])


def all_groups(gram: Gram, scales: Sequence[GroupScale]) -> AllGroups:
    """The dense cross-products of all groupings of a Gram."""
    sizes = tuple(own.shape[0] for own in gram.own)
    n_groups = tuple(own.shape[2] for own in gram.own)
    starts = tuple(int(one) for one in np.concatenate(([0], np.cumsum([q * j for q, j in zip(sizes, n_groups)]))))
    z = np.zeros((starts[-1], starts[-1]))
    with_w = []
    for k in range(len(sizes)):
        own, right = own_products(gram, scales, k)
        with_w.append(right.transpose(0, 2, 1).reshape(-1, right.shape[1]))
        here = slice(starts[k], starts[k + 1])
        z[here, here] = _diagonals(own)
        for other in range(k):
            there = slice(starts[other], starts[other + 1])
            z[there, here] = _between(gram, scales, other, k)
            z[here, there] = z[there, here].T
    return AllGroups(z=z, with_w=np.concatenate(with_w), starts=starts, sizes=sizes, n_groups=n_groups)


def _diagonals(own: Floats) -> Floats:
    """(q, q, J) blocks as a (q J, q J) matrix of diagonal matrices."""
    q, _, groups = own.shape
    out = np.zeros((q, groups, q, groups))
    at = np.arange(groups)
    out[:, at, :, at] = own.transpose(2, 0, 1)
    return out.reshape(q * groups, q * groups)


def _between(gram: Gram, scales: Sequence[GroupScale], k: int, other: int) -> Floats:
    """Z_k'Z_other, (q_k J_k, q_other J_other)."""
    left, right = scales[k].to_rows, scales[other].to_rows
    raw = np.empty((len(left), gram.own[k].shape[2], len(right), gram.own[other].shape[2]))
    for a in range(len(left)):
        for b in range(len(right)):
            raw[a, :, b, :] = _pair(gram, k, a, other, b)
    turned = np.einsum("ac,aibj,bd->cidj", left, raw, right, optimize=True)
    return np.asarray(turned.reshape(raw.shape[0] * raw.shape[1], -1))


def _pair(gram: Gram, k: int, a: int, other: int, b: int) -> Floats:
    """Z_ka'Z_other,b (J_k, J_other), dense."""
    shape = (gram.own[k].shape[2], gram.own[other].shape[2])
    if (k, other) in gram.nested:
        return _spread(gram.nested[k, other][a, b], _ancestors(gram, k, other), shape)
    if (other, k) in gram.nested:
        return _spread(gram.nested[other, k][b, a], _ancestors(gram, other, k), shape[::-1]).T
    return np.asarray(gram.block(k, a, other, b).toarray())


def _spread(values: Floats, parents: NDArray[np.intp], shape: tuple[int, int]) -> Floats:
    """A matrix with one entry per row, at the column of its parent."""
    out = np.zeros(shape)
    out[np.arange(shape[0]), parents] = values
    return out


def _ancestors(gram: Gram, fine: int, coarse: int) -> NDArray[np.intp]:
    """The group of `coarse` of every group of `fine`, along the chain of parents."""
    at = np.arange(gram.own[fine].shape[2])
    level = fine
    while level != coarse:
        (following,) = [right for left, right in gram.parents if left == level]
        at = gram.parents[level, following][at]
        level = following
    return at
