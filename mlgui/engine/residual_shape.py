"""What a residual structure is to the search: a few parameters without bounds, and what they make of the rows.

Every structure has a precision R^-1 = sum_m c_m(parameters) P_m with P_m = B_m'B_m (times a sign in c_m) fixed, so that the
cross-products of [Z X y] under any parameters are a combination of those of the rows B_m [Z X y], formed once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from mlgui.engine.estimates import ResidualEstimates
from mlgui.engine.problem import Floats

Index = NDArray[np.intp]


@dataclass(frozen=True, kw_only=True, eq=False)
class Part:
    """B_m of one part of the precision. rows: maps columns (r, n), one per row, to B_m of them (r, k).

    at: (k,) a row of the data whose groups are those of each of the k combinations.
    """

    rows: Callable[[Floats], Floats]
    at: Index


class Shape(Protocol):
    """A residual structure over the n rows in use.

    size: number of parameters. starts: where to begin, the first at independence with equal variances.
    """

    size: int
    starts: tuple[Floats, ...]

    def parts(self) -> tuple[Part, ...] | None:
        """The parts of the precision, None where only `whiten` will do."""

    def coefficients(self, at: Floats) -> Floats:
        """c_m of every part."""

    def whiten(self, at: Floats, rows: Floats) -> Floats:
        """R^-1/2 of the columns (r, n), with every row a combination of rows of its own residual group."""

    def colour(self, at: Floats, rows: Floats) -> Floats:
        """The inverse of `whiten`: independent noise (r, n) becomes noise with covariance R."""

    def log_det(self, at: Floats) -> float:
        """Log |R|, relative variances included."""

    def is_limit(self, at: Floats) -> bool:
        """Whether rows are perfectly correlated here, or an SD is 0, within rounding."""

    def at_boundary(self, at: Floats) -> Floats:
        """The nearest parameters at a boundary that is a model of its own, or the same if none is near."""

    def held(self, at: Floats) -> NDArray[np.bool_]:
        """Which parameters are at such a boundary."""

    def estimates(self, at: Floats) -> ResidualEstimates:
        """The parameters in the words of the user."""


class Unbounded:
    """Parameters without such boundaries."""

    def at_boundary(self, at: Floats) -> Floats:
        """The same."""
        return at

    def held(self, at: Floats) -> NDArray[np.bool_]:
        """None."""
        return np.zeros(len(at), dtype=np.bool_)


def sums_and_differences(first: Index, second: Index) -> tuple[Callable[[Floats], Floats], Callable[[Floats], Floats]]:
    """Maps of columns to sums and to differences of pairs of rows."""

    def sums(rows: Floats) -> Floats:
        return np.asarray(rows[:, first] + rows[:, second])

    def differences(rows: Floats) -> Floats:
        return np.asarray(rows[:, second] - rows[:, first])

    return sums, differences


def taken(which: Index) -> Callable[[Floats], Floats]:
    """Map of columns to some of their rows."""

    def rows(rows: Floats) -> Floats:
        return np.asarray(rows[:, which])

    return rows
