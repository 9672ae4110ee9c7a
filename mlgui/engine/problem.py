"""The arrays a fit needs, and nothing else.

y = offset + X beta + sum_k Z_k b_k + e,   b_k ~ N(0, sigma^2 I (x) G_k),   e ~ N(0, sigma^2 W^-1)
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class Groups:
    """One grouping and the coefficients that vary by it.

    codes: group of each row, int32 (n,), 0 .. n_groups-1, every group present. z: (n, q) float64, Fortran order, the
    columns whose coefficients vary. pattern: (q, q) bool, lower triangular with a full diagonal: which entries of the
    relative covariance factor Lambda are free (several terms on one grouping give blocks on the diagonal).
    """

    codes: NDArray[np.int32]
    n_groups: int
    z: Floats
    pattern: NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True, eq=False)
class Residual:
    """The structure of Var(e) = sigma^2 W^-1/2 D R D W^-1/2: D the SDs relative to the first stratum, R correlations.

    kind: "homogeneous"; "strata", an SD for each stratum; "ar1", correlation rho^distance within group over `order`;
    "cs", one correlation rho within group; "un", an SD for each occasion and a correlation for each pair of them.
    strata: (n,) int32, 0 .. n_strata-1 (strata; may be added to ar1 and cs). groups: (n,) int32, rows of different groups
    are independent (ar1, cs, un). order: (n,) float64, different within group (ar1). occasions: (n,) int32,
    0 .. n_occasions-1, different within group (un).
    """

    kind: str = "homogeneous"
    strata: NDArray[np.int32] | None = None
    groups: NDArray[np.int32] | None = None
    order: Floats | None = None
    occasions: NDArray[np.int32] | None = None

    @property
    def is_homogeneous(self) -> bool:
        """Whether the prior weights say all there is to say."""
        return self.kind == "homogeneous"


@dataclass(frozen=True, kw_only=True, eq=False)
class Problem:
    """Everything a fit depends on.

    y: (n,). x: (n, p) float64, Fortran order, intercept column included where there is one; it may be rank deficient.
    groupings: any number, in the order results are wanted. weights: (n,) > 0 or None. offset: (n,) or None.
    reml: restricted maximum likelihood, or maximum likelihood. boundary_avoiding: keep variances off 0 by a penalty.
    """

    y: Floats
    x: Floats
    groupings: tuple[Groups, ...]
    weights: Floats | None = None
    offset: Floats | None = None
    reml: bool = True
    boundary_avoiding: bool = False
    residual: Residual = field(default_factory=Residual)

    @property
    def n(self) -> int:
        """Number of rows."""
        return len(self.y)


class DegenerateProblem(ValueError):
    """A problem no fit can answer; `code` says why, `index` which grouping or column where that matters.

    no-rows: no row with positive weight. constant-response: y (minus the offset) does not vary and x contains a constant.
    perfect-fit: the residual variance is 0. one-group: a grouping has a single group. one-row-per-group: every group of
    a grouping has one row, so that its variance cannot be told from the residual variance. too-many-coefficients: not
    fewer varying coefficients (groups times coefficients) than rows, or more fixed coefficients than rows.
    not-finite: a value is NaN or infinite. core-too-large: the crossed groupings need more memory than is sensible.

    Of the residual structure: residual-across-groups: rows correlated with each other lie in several groups of the grouping
    `index`. residual-ties: two rows of a group have the same place in the order, or the same occasion. residual-no-pairs: no
    group has two rows. residual-one-level: a single stratum or occasion. residual-few-rows: the stratum or occasion `index`
    has fewer than two rows. residual-many-occasions: too many to be estimated freely. residual-occasions-apart: occasion
    `index` never meets one of the others. residual-confounded: the grouping `index` already implies this correlation.
    residual-limit: the likelihood rises until rows are perfectly correlated or an SD is 0.
    """

    def __init__(self, code: str, index: int | None = None) -> None:
        super().__init__(code if index is None else f"{code} ({index})")
        self.code = code
        self.index = index
