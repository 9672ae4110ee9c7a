"""Unequal residual variance: an SD for each stratum, R = D^2 diagonal (nlme's varIdent)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mlgui.engine.estimates import ResidualEstimates
from mlgui.engine.problem import DegenerateProblem, Floats
from mlgui.engine.residual_shape import Part, Shape, Unbounded, taken

FURTHEST = 12.0
"""Log of a ratio of SDs that stands for a stratum without variance."""


class Strata(Unbounded):
    """Parameters: log SD of every stratum but the first, relative to the first. One Gram per stratum."""

    def __init__(self, codes: NDArray[np.int32]) -> None:
        counts = np.bincount(codes)
        if len(counts) < 2:
            raise DegenerateProblem("residual-one-level")
        if counts.min() < 2:
            raise DegenerateProblem("residual-few-rows", int(np.argmin(counts)))
        self._codes, self._counts = codes, counts
        self.size = len(counts) - 1
        self.starts: tuple[Floats, ...] = (np.zeros(self.size),)

    def log_sd(self, at: Floats) -> Floats:
        """Log relative SD of every stratum, 0 for the first."""
        return np.append(0.0, at)

    def parts(self) -> tuple[Part, ...]:
        """The rows of each stratum."""
        which = [np.flatnonzero(self._codes == stratum) for stratum in range(len(self._counts))]
        return tuple(Part(rows=taken(one), at=one) for one in which)

    def coefficients(self, at: Floats) -> Floats:
        """1 / delta_s^2."""
        return np.asarray(np.exp(-2 * self.log_sd(at)))

    def whiten(self, at: Floats, rows: Floats) -> Floats:
        """Rows divided by the SD of their stratum."""
        return np.asarray(rows * np.exp(-self.log_sd(at))[self._codes])

    def colour(self, at: Floats, rows: Floats) -> Floats:
        """Rows times the SD of their stratum."""
        return np.asarray(rows * np.exp(self.log_sd(at))[self._codes])

    def log_det(self, at: Floats) -> float:
        """Sum of log delta^2 over the rows."""
        return float(2 * self._counts @ self.log_sd(at))

    def is_limit(self, at: Floats) -> bool:
        """Whether some SD is 0 relative to another."""
        return bool(np.ptp(self.log_sd(at)) > FURTHEST)

    def estimates(self, at: Floats) -> ResidualEstimates:
        """The ratios of SDs."""
        return ResidualEstimates(kind="strata", sd_ratios=np.exp(self.log_sd(at)), n_parameters=self.size, parameters=at)


class Stratified:
    """A correlation within groups together with an SD for each stratum; its rows are whitened anew for all parameters.

    Parameters: those of the strata, then those of the correlation.
    """

    def __init__(self, strata: Strata, correlation: Shape) -> None:
        self._strata, self._correlation = strata, correlation
        self.size = strata.size + correlation.size
        self.starts = tuple(np.append(np.zeros(strata.size), start) for start in correlation.starts)

    def parts(self) -> None:
        """None: products of both would be as many as pairs of strata for each part of the correlation."""

    def coefficients(self, at: Floats) -> Floats:
        """None."""
        return np.zeros(0)

    def whiten(self, at: Floats, rows: Floats) -> Floats:
        """One after the other."""
        m = self._strata.size
        return self._correlation.whiten(at[m:], self._strata.whiten(at[:m], rows))

    def colour(self, at: Floats, rows: Floats) -> Floats:
        """The other way round."""
        m = self._strata.size
        return self._strata.colour(at[:m], self._correlation.colour(at[m:], rows))

    def log_det(self, at: Floats) -> float:
        """The sum of both."""
        m = self._strata.size
        return self._strata.log_det(at[:m]) + self._correlation.log_det(at[m:])

    def is_limit(self, at: Floats) -> bool:
        """Whether either is."""
        m = self._strata.size
        return self._strata.is_limit(at[:m]) or self._correlation.is_limit(at[m:])

    def at_boundary(self, at: Floats) -> Floats:
        """That of the correlation."""
        m = self._strata.size
        return np.concatenate([at[:m], self._correlation.at_boundary(at[m:])])

    def held(self, at: Floats) -> NDArray[np.bool_]:
        """The correlation, where it is."""
        m = self._strata.size
        return np.concatenate([self._strata.held(at[:m]), self._correlation.held(at[m:])])

    def estimates(self, at: Floats) -> ResidualEstimates:
        """The ratios of SDs and the correlation."""
        m = self._strata.size
        found = self._correlation.estimates(at[m:])
        return ResidualEstimates(
            kind=found.kind,
            sd_ratios=np.exp(self._strata.log_sd(at[:m])),
            correlation=found.correlation,
            unit=found.unit,
            n_parameters=self.size,
            parameters=at,
        )
