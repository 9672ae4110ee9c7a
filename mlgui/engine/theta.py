"""Free entries of the relative covariance factors T: their order, packing, and the canonical form of a factor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mlgui.engine.problem import Floats

Entry = tuple[int, int]


def free_entries(pattern: NDArray[np.bool_]) -> tuple[Entry, ...]:
    """(row, column) of the free entries of a lower triangular factor, column by column (lme4's order of theta)."""
    q = len(pattern)
    return tuple((a, b) for b in range(q) for a in range(b, q) if pattern[a, b])


def blocks(pattern: NDArray[np.bool_]) -> list[list[int]]:
    """Coefficients that are correlated with each other, as lists of indices: the diagonal blocks of the factor."""
    q = len(pattern)
    label = list(range(q))
    for a in range(q):
        for b in range(a):
            if pattern[a, b] and label[a] != label[b]:
                old, new = max(label[a], label[b]), min(label[a], label[b])
                label = [new if one == old else one for one in label]
    return [[a for a in range(q) if label[a] == one] for one in sorted(set(label))]


@dataclass(frozen=True, eq=False)
class Layout:
    """Where the free entries of all factors stand in one vector theta. patterns: one (q, q) bool array per grouping."""

    patterns: tuple[NDArray[np.bool_], ...]
    entries: tuple[tuple[Entry, ...], ...]
    starts: tuple[int, ...]

    @staticmethod
    def of(patterns: Sequence[NDArray[np.bool_]]) -> Layout:
        """The layout of these patterns."""
        entries = tuple(free_entries(pattern) for pattern in patterns)
        starts = [0]
        for one in entries:
            starts.append(starts[-1] + len(one))
        return Layout(tuple(patterns), entries, tuple(starts))

    @property
    def size(self) -> int:
        """Number of free entries."""
        return self.starts[-1]

    @cached_property
    def weights(self) -> Floats:
        """By how much the symmetric Delta changes with each entry of delta, (m,): 2 on diagonals, 1 elsewhere."""
        return np.array([2.0 if a == b else 1.0 for entries in self.entries for a, b in entries])

    @cached_property
    def pairs(self) -> tuple[tuple[NDArray[np.intp], ...], ...]:
        """Per grouping, all pairs of entries (a, b), (c, b) of one column: their places in theta, twice, and a and c."""
        found = []
        for start, entries in zip(self.starts, self.entries):
            pairs = [
                (start + i, start + j, a, c) for i, (a, b) in enumerate(entries) for j, (c, d) in enumerate(entries) if b == d
            ]
            found.append(tuple(np.array(pairs, dtype=np.intp).reshape(-1, 4).T))
        return tuple(found)

    def pack(self, factors: Sequence[Floats]) -> Floats:
        """Free entries of (q, q) matrices, one per grouping, as one vector."""
        rows = [factor.tolist() for factor in factors]
        values = [factor[a][b] for factor, entries in zip(rows, self.entries) for a, b in entries]
        return np.array(values, dtype=np.float64)

    def unpack(self, theta: Floats) -> list[Floats]:
        """Lower triangular matrices with these free entries, zeros elsewhere."""
        factors = []
        for pattern, entries, start in zip(self.patterns, self.entries, self.starts):
            factor = np.zeros(pattern.shape)
            for k, (a, b) in enumerate(entries):
                factor[a, b] = theta[start + k]
            factors.append(factor)
        return factors


def canonical(root: Floats, pattern: NDArray[np.bool_], tolerance: float = 1e-10) -> Floats:
    """The lower triangular T with diagonal >= 0 and T T' = root root', block by block of the pattern.

    root: (q, m), any square root of the covariance with the block structure of the pattern. Columns of T that do not
    add rank are exactly 0: a row whose part outside the rows above is below tolerance times its length adds none.
    """
    factor = np.zeros(pattern.shape)
    for block in blocks(pattern):
        rest = root[block].copy()
        pivots = 0
        for i, row in enumerate(block):
            length = float(np.sqrt(rest[i] @ rest[i]))
            tail = rest[i, pivots:]
            norm = float(np.sqrt(tail @ tail))
            if norm <= tolerance * length or norm == 0.0:
                rest[i:, pivots:][0] = 0.0
                continue
            _reflect(rest[i:, pivots:], norm)
            factor[block[i:], row] = rest[i:, pivots]
            pivots += 1
    return factor + 0.0  # no negative zeros


def _reflect(rows: Floats, norm: float) -> None:
    """Turn the columns of `rows`, in place, so that its first row becomes (norm, 0, ..., 0): a Householder reflection."""
    mirror = rows[0].copy()
    sign = 1.0 if mirror[0] >= 0 else -1.0
    mirror[0] += sign * norm
    rows -= np.outer(rows @ mirror, mirror) * (2.0 / float(mirror @ mirror))
    rows[0, 1:] = 0.0
    rows[:, 0] *= -sign
    rows[0, 0] = norm
