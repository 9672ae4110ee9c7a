"""The likelihood-ratio test of two nested fits, and what its statistic is compared with."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from scipy.special import chdtrc

from mlgui.engine.bootstrap import OnStep
from mlgui.engine.estimates import Estimates
from mlgui.engine.lrt_bootstrap import SimulatedRatio, simulated_ratio


class NullDistribution(StrEnum):
    """What a likelihood ratio is compared with.

    MIXTURE: half chi-square(q), half chi-square(q + 1) (Stram & Lee 1994). BOUND: chi-square with all parameters, which is
    an upper bound for p at a boundary. CHI_SQUARE: the same, where the parameters are interior.
    """

    MIXTURE = "mixture"
    BOUND = "bound"
    CHI_SQUARE = "chi-square"


@dataclass(frozen=True, kw_only=True, eq=False)
class LikelihoodRatio:
    """A test of two nested models. df: parameters more in the larger. p: by `null`; p_chi_square: from chi-square(df).

    statistic is at least 0.
    """

    name: str
    statistic: float
    df: int
    p: float
    p_chi_square: float
    null: NullDistribution
    smaller: Estimates
    larger: Estimates

    def simulate(self, replicates: int = 1000, seed: int = 1, on_step: OnStep | None = None) -> SimulatedRatio:
        """Return the test by parametric bootstrap from the smaller model."""
        return simulated_ratio(self.smaller, self.larger, replicates, seed, on_step)


def likelihood_ratio(smaller: Estimates, larger: Estimates, *, name: str = "", beside: int | None = None) -> LikelihoodRatio:
    """Return the likelihood-ratio test of two nested fits by the same method.

    beside: where the larger model has one varying coefficient more and nothing else, the number of those it is correlated
    with; else None. With G of these positive definite in the smaller model and all its other variances interior, the null
    distribution is the mixture.
    """
    statistic = max(smaller.criterion - larger.criterion, 0.0)
    df = larger.n_parameters - smaller.n_parameters
    plain = p = _upper_tail(statistic, df)
    null = NullDistribution.CHI_SQUARE
    if len(larger.theta) != len(smaller.theta):
        null = NullDistribution.BOUND
        if beside is not None and not smaller.singular:
            null = NullDistribution.MIXTURE
            p = (_upper_tail(statistic, beside) + _upper_tail(statistic, beside + 1)) / 2
    return LikelihoodRatio(
        name=name, statistic=statistic, df=df, p=p, p_chi_square=plain, null=null, smaller=smaller, larger=larger
    )


def _upper_tail(statistic: float, df: int) -> float:
    """Return P(chi-square(df) >= statistic); chi-square(0) is 0."""
    return float(chdtrc(df, statistic)) if df > 0 else float(statistic <= 0.0)
