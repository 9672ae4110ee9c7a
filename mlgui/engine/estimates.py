"""What a fit returns."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlgui.engine.late import Late
from mlgui.engine.problem import Floats, Problem


@dataclass(frozen=True, kw_only=True, eq=False)
class GroupEffects:
    """The estimates of one grouping, in the order of `Problem.groupings`; J groups, q varying coefficients.

    factor: T (q, q), lower triangular, the relative covariance factor on the scale of the given z: G = T T'.
    covariance: sigma^2 T T' (q, q). mode: conditional modes b-hat (J, q).
    conditional_covariance: (J, q, q), Var(b_j | y) at given beta (lme4's condVar), sigma^2 included.
    sensitivity: (J, q, p), d b-hat_j / d beta-hat; columns of dropped coefficients are 0.
    With M = `Estimates.vcov` and S = sensitivity_j:
    Var(b-hat_j - b_j) = conditional_covariance_j + S M S'  (Henderson 1975), and
    Cov(beta-hat - beta, b-hat_j - b_j) = M S', so that a total c'beta + b_j has variance
    c'Mc + c'MS' + SMc + that.
    """

    factor: Floats
    covariance: Floats
    mode: Floats
    conditional_covariance: Late[Floats] = Late()  # noqa: RUF009
    sensitivity: Late[Floats] = Late()  # noqa: RUF009


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """One accepted step of the optimiser. decrement: predicted fall of the criterion, g'H^-1 g."""

    criterion: float
    theta: tuple[float, ...]
    decrement: float


@dataclass(frozen=True, kw_only=True)
class Record:
    """The optimiser's path: start, steps, evaluations of the criterion and of its derivatives, and why it stopped."""

    steps: tuple[Evaluation, ...]
    n_values: int
    n_derivatives: int
    stopped: str


@dataclass(frozen=True, kw_only=True)
class Certificate:
    """Evidence that the criterion is at its minimum.

    gradient: largest scaled gradient entry over the interior directions. curvature: smallest eigenvalue of the scaled
    Hessian over them (infinity where there are none). boundary_gap: smallest eigenvalue of the scaled S matrix at a
    boundary (None in the interior); it must not be below -tolerance. second_start: criterion of a second start minus
    this one (None where it was not run).
    passed: whether all of these are within their tolerances.
    """

    gradient: float
    curvature: float
    boundary_gap: float | None
    second_start: float | None
    passed: bool


@dataclass(frozen=True, kw_only=True)
class Boundary:
    """A boundary fit of one grouping. zero: indices of coefficients whose SD is exactly 0.

    lockstep: pairs of coefficients with correlation +-1. rank_lost: q minus the rank of G.
    """

    grouping: int
    zero: tuple[int, ...]
    lockstep: tuple[tuple[int, int], ...]
    rank_lost: int


@dataclass(frozen=True, kw_only=True, eq=False)
class ResidualEstimates:
    """The estimated residual structure (see `Residual`).

    sd_ratios: (S,) SD of each stratum or occasion relative to the first, whose SD is `Estimates.sigma` (for weight 1); empty
    where there is one SD. correlation: rho of ar1 (at distance `unit`) and cs, None otherwise. unit: the distance in the
    order to which rho belongs: the common step of the distances, or their median where they have none and rho cannot be
    negative. correlations: (T, T) between occasions for un, empty otherwise. n_parameters: estimated ones.
    parameters: (n_parameters,), without bounds, those of the search. covariance: (n_parameters, n_parameters) of them.
    """

    kind: str = "homogeneous"
    sd_ratios: Floats = field(default_factory=lambda: np.zeros(0))
    correlation: float | None = None
    unit: float | None = None
    correlations: Floats = field(default_factory=lambda: np.zeros((0, 0)))
    n_parameters: int = 0
    parameters: Floats = field(default_factory=lambda: np.zeros(0))
    covariance: Floats = field(default_factory=lambda: np.zeros((0, 0)))


@dataclass(frozen=True, kw_only=True, eq=False)
class Estimates:
    """A fit. p counts all columns of x; `dropped` ones have NaN in beta, vcov rows and columns.

    criterion: REML criterion as lme4's (no constant for X'X), or ML deviance: -2 log likelihood, log weights included; no
    penalty is in it where `Problem.boundary_avoiding`.
    sigma: residual SD (for weight 1). theta: free entries of all factors, grouping by grouping, column by column.
    n: rows with weight > 0. rank: rank of x. n_parameters: rank + number of theta + 1 + those of the residual structure.
    beta (p,), vcov (p, p). fitted (n,): offset + X beta + Z b. fixed_part (n,): offset + X beta.
    state: private to the engine, what its follow-up functions need (`inference`, `pooling`).
    """

    problem: Problem
    criterion: float
    sigma: float
    theta: Floats
    beta: Floats
    vcov: Floats
    dropped: tuple[int, ...]
    rank: int
    n: int
    groups: tuple[GroupEffects, ...]
    boundaries: tuple[Boundary, ...]
    fitted: Late[Floats] = Late()  # noqa: RUF009
    fixed_part: Late[Floats] = Late()  # noqa: RUF009
    record: Record
    certificate: Certificate
    state: Any = None
    residual: ResidualEstimates = field(default_factory=ResidualEstimates)

    @property
    def n_parameters(self) -> int:
        """Estimated coefficients, entries of theta, sigma, and parameters of the residual structure."""
        return self.rank + len(self.theta) + 1 + self.residual.n_parameters

    @property
    def log_likelihood(self) -> float:
        """-criterion / 2 (restricted for REML)."""
        return -self.criterion / 2

    @property
    def aic(self) -> float:
        """Criterion + 2 n_parameters."""
        return self.criterion + 2 * self.n_parameters

    @property
    def bic(self) -> float:
        """Criterion + log(n) n_parameters; n is the number of rows, also for REML, as in lme4."""
        return float(self.criterion + np.log(self.n) * self.n_parameters)

    @property
    def singular(self) -> bool:
        """Whether some variance is 0 or some correlation +-1."""
        return bool(self.boundaries)


@dataclass(frozen=True, kw_only=True, eq=False)
class SmallSample:
    """What Satterthwaite's degrees of freedom are made of (Giesbrecht & Burns 1985; Fai & Cornelius 1996).

    covariance: (m, m), asymptotic covariance of the m variance parameters phi (boundary directions left out).
    gradient: (m, p, p), d vcov / d phi; dropped coefficients are 0. given_zero: whether directions were left out.
    """

    covariance: Floats
    gradient: Floats
    given_zero: bool


@dataclass(frozen=True, kw_only=True, eq=False)
class OwnEstimates:
    """What each group of one grouping says by itself (see `pooling.own_estimates`).

    own: (J, q) deviation estimated from the group's rows alone, NaN where its coefficients cannot be estimated.
    own_se: (J, q). estimable: (J,) bool. pulls: (J, q, q), pulls[j, a, b] = contribution of own coefficient b to the
    deviation a: rows add up to the mode. resolved: (J, q) share of group variance resolved, 1 - Var(b_j|y)/G_jj, NaN
    where the variance is 0.
    """

    own: Floats
    own_se: Floats
    estimable: NDArray[np.bool_]
    pulls: Floats
    resolved: Floats
