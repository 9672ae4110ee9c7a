"""Correlation of residuals within groups by one parameter: AR(1) over an order, and compound symmetry.

AR(1), R_ij = rho^|t_i - t_j|: neighbours i, j at distance d with r = rho^d contribute (x_j - r x_i)^2 / (1 - r^2) to x'R^-1x.
With u = x_i + x_j and v = x_j - x_i that is [(1 - r) / (1 + r) u^2 + (1 + r) / (1 - r) v^2] / 4 + (x_j^2 - x_i^2) / 2; the last
terms telescope, so that R^-1 is a sum of positive multiples of fixed parts: edges, and u, v for each distance.
Compound symmetry in a group of m rows has the eigenvalues 1 - rho (deviations from the mean) and 1 + (m - 1) rho (the mean).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from mlgui.engine.estimates import ResidualEstimates
from mlgui.engine.problem import DegenerateProblem, Floats
from mlgui.engine.residual_shape import Index, Part, Unbounded, sums_and_differences, taken

MANY = 60
"""Distances or sizes of groups above which rows are whitened anew instead of combining cross-products."""
LONGEST = 1000
"""Longest distance in common steps that counts as a multiple of it."""
FURTHEST = 15.0
"""Log of (1 + rho) / (1 - rho), about, that stands for a perfect correlation."""
HARDLY = 0.03
"""Largest correlation in the data at which 0 is tried."""
LIMIT = 17.0
"""Largest parameter: correlations beyond it cannot be told from +-1."""


class Autoregressive:
    """AR(1) within groups; the parameter is atanh(rho), or logit(rho) where distances have no common step."""

    def __init__(self, groups: NDArray[np.int32], order: Floats) -> None:
        rank = np.lexsort((order, groups))
        same = groups[rank[1:]] == groups[rank[:-1]]
        self._first, self._second = rank[:-1][same], rank[1:][same]
        gaps = order[self._second] - order[self._first]
        if not len(gaps):
            raise DegenerateProblem("residual-no-pairs")
        if not gaps.min() > 0:
            raise DegenerateProblem("residual-ties")
        step = common_step(gaps)
        self.unit = step if step is not None else float(np.median(gaps))
        self._signed = step is not None
        distances = np.round(gaps / self.unit) if self._signed else gaps / self.unit
        self._distances, self._which = np.unique(distances, return_inverse=True)
        self._counts = np.bincount(self._which)
        ends = np.append(True, ~same), np.append(~same, True)
        self._edges = np.concatenate([rank[ends[0]], rank[ends[1]]])
        places = np.arange(len(rank))
        self._depths = (places - np.maximum.accumulate(np.where(ends[0], places, 0)))[1:][same]
        self.size = 1
        rhos = (0.0, 0.6, -0.4, 0.9) if self._signed else (0.05, 0.6, 0.9)
        self.starts: tuple[Floats, ...] = tuple(np.array([self._parameter(rho)]) for rho in rhos)

    def _parameter(self, rho: float) -> float:
        return math.atanh(rho) if self._signed else math.log(rho / (1 - rho))

    def rho(self, at: Floats) -> float:
        """The correlation at the unit of distance."""
        z = float(np.clip(at[0], -LIMIT, LIMIT))
        if self._signed:
            return math.tanh(z)
        return 0.0 if z <= -LIMIT else 1 / (1 + math.exp(-z))

    def _powers(self, at: Floats) -> tuple[Floats, Floats]:
        """Rho^d and 1 - rho^(2d) for each distance; the latter without cancellation."""
        z = float(np.clip(at[0], -LIMIT, LIMIT))
        rho = self.rho(at)
        if bool(self.held(at)[0]):
            return np.zeros(len(self._distances)), np.ones(len(self._distances))
        if self._signed:
            log = math.log(max(abs(math.tanh(z)), 1e-300)) if abs(z) < 1 else math.log1p(-2 / (math.exp(2 * abs(z)) + 1))
            sign = np.where((rho < 0) & (self._distances % 2 == 1), -1.0, 1.0)
        else:
            log, sign = -math.log1p(math.exp(-z)), np.ones(len(self._distances))
        return sign * np.exp(log * self._distances), -np.expm1(2 * log * self._distances)

    def parts(self) -> tuple[Part, ...] | None:
        """Edges, then sums and differences of neighbours for each distance."""
        if len(self._distances) > MANY:
            return None
        found = [Part(rows=taken(self._edges), at=self._edges)]
        for place in range(len(self._distances)):
            here = self._which == place
            sums, differences = sums_and_differences(self._first[here], self._second[here])
            found += [Part(rows=sums, at=self._first[here]), Part(rows=differences, at=self._first[here])]
        return tuple(found)

    def coefficients(self, at: Floats) -> Floats:
        """1/2, then (1 - r)^2 / (4 (1 - r^2)) and (1 + r)^2 / (4 (1 - r^2)) for each distance."""
        r, rest = self._powers(at)
        low = np.where(r > 0.5, rest / (1 + np.abs(r)), 1 - r)  # 1 - r
        high = np.where(r < -0.5, rest / (1 + np.abs(r)), 1 + r)  # 1 + r
        return np.append(0.5, np.column_stack([low / high, high / low]).ravel() / 4)

    def whiten(self, at: Floats, rows: Floats) -> Floats:
        """(x_j - r x_i) / sqrt(1 - r^2); the first row of a group as it is."""
        r, rest = (one[self._which] for one in self._powers(at))
        out = rows.copy()
        out[:, self._second] = (rows[:, self._second] - r * rows[:, self._first]) / np.sqrt(rest)
        return out

    def colour(self, at: Floats, rows: Floats) -> Floats:
        """Each row r x_i + sqrt(1 - r^2) e_j, neighbour after neighbour in all groups at once."""
        r, rest = (one[self._which] for one in self._powers(at))
        out = rows.copy()
        for step in range(1, int(self._depths.max()) + 1):
            now = np.flatnonzero(self._depths == step)
            first, second = self._first[now], self._second[now]
            out[:, second] = r[now] * out[:, first] + np.sqrt(rest[now]) * rows[:, second]
        return out

    def log_det(self, at: Floats) -> float:
        """Sum of log(1 - r^2) over neighbours."""
        return float(self._counts @ np.log(self._powers(at)[1]))

    def is_limit(self, at: Floats) -> bool:
        """Whether rho is 1 or -1."""
        return bool(abs(at[0]) > FURTHEST / 2 if self._signed else at[0] > FURTHEST)

    def at_boundary(self, at: Floats) -> Floats:
        """Rho = 0 where it cannot be negative and even neighbours are hardly correlated."""
        near = not self._signed and float(self._powers(at)[0].max()) < HARDLY
        return np.array([-LIMIT]) if near else at

    def held(self, at: Floats) -> NDArray[np.bool_]:
        """Whether rho is 0 there."""
        return np.array([not self._signed and at[0] <= -LIMIT])

    def estimates(self, at: Floats) -> ResidualEstimates:
        """Rho and its unit."""
        return ResidualEstimates(kind="ar1", correlation=self.rho(at), unit=self.unit, n_parameters=1, parameters=at)


def common_step(gaps: Floats) -> float | None:
    """The largest number of which all gaps are whole multiples, up to LONGEST times; None where there is none."""
    distinct = np.unique(gaps)
    noise = 1e-9 * float(distinct[-1])
    step = float(distinct[0])
    for gap in distinct[1:]:
        a, b = float(gap), step
        while b > noise:
            a, b = b, math.fmod(a, b)
            b = 0.0 if a - b <= noise else b
        step = a
        if distinct[-1] > LONGEST * step:
            return None
    return step


class CompoundSymmetry(Unbounded):
    """One correlation within groups; the parameter is log of (rho + 1/(m - 1)) / (1 - rho), m the largest group."""

    def __init__(self, groups: NDArray[np.int32]) -> None:
        self._groups = groups
        self._sizes = np.bincount(groups)
        self._largest = int(self._sizes.max())
        if self._largest < 2:
            raise DegenerateProblem("residual-no-pairs")
        self._distinct = np.unique(self._sizes[self._sizes > 0])
        self.size = 1
        low = 1 / (self._largest - 1)
        rhos = (0.0, 0.5, -0.5 * low)
        self.starts: tuple[Floats, ...] = tuple(np.array([math.log((rho + low) / (1 - rho))]) for rho in rhos)

    def rho(self, at: Floats) -> float:
        """The correlation of two rows of a group."""
        return 1 - self._rest(at)

    def _rest(self, at: Floats) -> float:
        """1 - rho."""
        z = float(np.clip(at[0], -2 * LIMIT, 2 * LIMIT))
        return (1 + 1 / (self._largest - 1)) / (1 + math.exp(z))

    def _of_mean(self, at: Floats, sizes: NDArray[np.intp]) -> Floats:
        """1 + (m - 1) rho = m - (m - 1)(1 - rho), for the largest group without cancellation."""
        z = float(np.clip(at[0], -2 * LIMIT, 2 * LIMIT))
        largest = self._largest / (1 + math.exp(-z))
        return np.where(sizes == self._largest, largest, sizes - (sizes - 1) * self._rest(at))

    def _means(self, rows: Floats) -> Floats:
        """The mean of its group for every row."""
        sums = np.array([np.bincount(self._groups, weights=row, minlength=len(self._sizes)) for row in rows])
        means = sums / np.maximum(self._sizes, 1)
        return np.asarray(means[:, self._groups])

    def parts(self) -> tuple[Part, ...] | None:
        """Deviations from the means of groups, then the means for each size of group."""
        if len(self._distinct) > MANY:
            return None
        every = np.arange(len(self._groups))
        found = [Part(rows=lambda rows: rows - self._means(rows), at=every)]
        first = np.full(len(self._sizes), -1)
        first[self._groups[::-1]] = every[::-1]
        for size in self._distinct:
            found.append(self._means_of(first[self._sizes == size], int(size)))
        return tuple(found)

    def _means_of(self, at: Index, size: int) -> Part:
        """Means times sqrt(m) of the groups of m rows."""
        return Part(rows=lambda rows: self._means(rows)[:, at] * math.sqrt(size), at=at)

    def coefficients(self, at: Floats) -> Floats:
        """The inverse eigenvalues."""
        return np.append(1 / self._rest(at), 1 / self._of_mean(at, self._distinct))

    def whiten(self, at: Floats, rows: Floats) -> Floats:
        """The symmetric inverse root."""
        means = self._means(rows)
        by_row = np.sqrt(self._of_mean(at, self._sizes))[self._groups]
        return np.asarray((rows - means) / math.sqrt(self._rest(at)) + means / by_row)

    def colour(self, at: Floats, rows: Floats) -> Floats:
        """The symmetric root."""
        means = self._means(rows)
        by_row = np.sqrt(self._of_mean(at, self._sizes))[self._groups]
        return np.asarray((rows - means) * math.sqrt(self._rest(at)) + means * by_row)

    def log_det(self, at: Floats) -> float:
        """(m - 1) log(1 - rho) + log(1 + (m - 1) rho) over groups."""
        present = self._sizes[self._sizes > 0]
        return float((present - 1).sum() * math.log(self._rest(at)) + np.log(self._of_mean(at, present)).sum())

    def is_limit(self, at: Floats) -> bool:
        """Whether rho is 1 or -1/(m - 1)."""
        return bool(abs(at[0]) > FURTHEST)

    def estimates(self, at: Floats) -> ResidualEstimates:
        """Rho."""
        return ResidualEstimates(kind="cs", correlation=self.rho(at), n_parameters=1, parameters=at)
