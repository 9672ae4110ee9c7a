"""Unstructured residuals: an SD for each of a few occasions and a correlation for each pair (nlme's corSymm with varIdent)."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from mlgui.engine.estimates import ResidualEstimates
from mlgui.engine.problem import DegenerateProblem, Floats
from mlgui.engine.residual_shape import Index, Part, Unbounded, sums_and_differences, taken

MOST = 12
"""Most occasions: 77 parameters."""
SINGULAR = 1e-7
"""Smallest eigenvalue of the correlations that can be told from 0."""
PATTERNS = 300
"""Parts above which rows are whitened anew instead of combining cross-products."""


class Occasions(Unbounded):
    """R = D C C' D, D = diag(1, e^s_2, ...), C lower triangular with unit diagonal; parameters: s, then C row by row.

    A group that lacks some occasions has the rows and columns of R of those it has; groups with the same set of occasions make
    up one pattern. Within a pattern x'R^-1x is sum_a (sum_b P_ab) x_a^2 - sum_(a<b) P_ab (x_a - x_b)^2, P the inverse.
    """

    def __init__(self, groups: NDArray[np.int32], occasions: NDArray[np.int32]) -> None:
        self._levels = int(occasions.max()) + 1
        counts = np.bincount(occasions)
        if self._levels < 2:
            raise DegenerateProblem("residual-one-level")
        if self._levels > MOST:
            raise DegenerateProblem("residual-many-occasions")
        if counts.min() < 2:
            raise DegenerateProblem("residual-few-rows", int(np.argmin(counts)))
        self._patterns = _patterns(groups, occasions)
        _refuse_apart(self._patterns, self._levels)
        self._lower = np.tril_indices(self._levels, -1)
        self.size = self._levels - 1 + len(self._lower[0])
        self.starts: tuple[Floats, ...] = (np.zeros(self.size), np.append(np.zeros(self._levels - 1), self._exchangeable()))

    def _exchangeable(self) -> Floats:
        """C for a correlation of 1/2 between all occasions."""
        chol = np.linalg.cholesky(0.5 * (np.eye(self._levels) + 1))
        return np.asarray((chol / np.diagonal(chol)[:, None])[self._lower])

    def matrix(self, at: Floats) -> Floats:
        """R over all occasions, 1 at the first."""
        c = np.eye(self._levels)
        c[self._lower] = at[self._levels - 1 :]
        c *= np.exp(np.append(0.0, at[: self._levels - 1]))[:, None]
        return np.asarray(c @ c.T)

    def parts(self) -> tuple[Part, ...] | None:
        """Occasions, then differences of pairs of occasions, for each pattern."""
        if sum(len(have) * (len(have) + 1) // 2 for have, _ in self._patterns) > PATTERNS:
            return None
        found = []
        for have, rows in self._patterns:
            found += [Part(rows=taken(rows[:, a]), at=rows[:, a]) for a in range(len(have))]
            for a, b in combinations(range(len(have)), 2):
                _, differences = sums_and_differences(rows[:, a], rows[:, b])
                found.append(Part(rows=differences, at=rows[:, a]))
        return tuple(found)

    def coefficients(self, at: Floats) -> Floats:
        """Sums of rows of the inverse, then minus its entries, for each pattern."""
        matrix = self.matrix(at)
        found = []
        for have, _ in self._patterns:
            precision = np.linalg.inv(matrix[np.ix_(have, have)])
            found += [precision.sum(axis=1), -precision[np.triu_indices(len(have), 1)]]
        return np.concatenate(found)

    def whiten(self, at: Floats, rows: Floats) -> Floats:
        """L^-1 of the rows of each group in the order of occasions, R = L L'."""
        matrix, out = self.matrix(at), rows.copy()
        for have, which in self._patterns:
            root = np.linalg.inv(np.linalg.cholesky(matrix[np.ix_(have, have)]))
            out[:, which] = rows[:, which] @ root.T
        return out

    def colour(self, at: Floats, rows: Floats) -> Floats:
        """L of the rows of each group."""
        matrix, out = self.matrix(at), rows.copy()
        for have, which in self._patterns:
            out[:, which] = rows[:, which] @ np.linalg.cholesky(matrix[np.ix_(have, have)]).T
        return out

    def log_det(self, at: Floats) -> float:
        """Sum of log |R| over groups."""
        matrix = self.matrix(at)
        every = [len(which) * np.linalg.slogdet(matrix[np.ix_(have, have)])[1] for have, which in self._patterns]
        return float(sum(every))

    def is_limit(self, at: Floats) -> bool:
        """Whether occasions determine each other."""
        matrix = self.matrix(at)
        sd = np.sqrt(np.diagonal(matrix))
        return bool(np.linalg.eigvalsh(matrix / np.outer(sd, sd))[0] < SINGULAR)

    def estimates(self, at: Floats) -> ResidualEstimates:
        """Ratios of SDs and correlations."""
        matrix = self.matrix(at)
        sd = np.sqrt(np.diagonal(matrix))
        return ResidualEstimates(
            kind="un", sd_ratios=sd, correlations=matrix / np.outer(sd, sd), n_parameters=self.size, parameters=at
        )


def _patterns(groups: NDArray[np.int32], occasions: NDArray[np.int32]) -> list[tuple[Index, Index]]:
    """Each set of occasions that some groups have, (k,), with the rows of those groups in that order, (groups, k)."""
    rank = np.lexsort((occasions, groups))
    sorted_groups, sorted_occasions = groups[rank], occasions[rank]
    if bool(((sorted_groups[1:] == sorted_groups[:-1]) & (sorted_occasions[1:] == sorted_occasions[:-1])).any()):
        raise DegenerateProblem("residual-ties")
    starts = np.flatnonzero(np.append(True, sorted_groups[1:] != sorted_groups[:-1]))
    sets = np.add.reduceat(1 << sorted_occasions.astype(np.int64), starts)
    found = []
    for one in np.unique(sets):
        have = np.flatnonzero((int(one) >> np.arange(MOST + 1)) & 1)
        found.append((have, rank[starts[sets == one][:, None] + np.arange(len(have))]))
    return found


def _refuse_apart(patterns: list[tuple[Index, Index]], levels: int) -> None:
    """Raise DegenerateProblem where two occasions are never seen together."""
    met = np.zeros((levels, levels), dtype=np.bool_)
    for have, _ in patterns:
        met[np.ix_(have, have)] = True
    if not met.all():
        raise DegenerateProblem("residual-occasions-apart", int(np.argmin(met.all(axis=1))))
