"""What the model checks measure: bends, uneven spread, shape of a distribution, bounds of the outcome. Numbers only.

A measure is worth a look where it is large enough to matter and beyond chance; the limits are here, and written out on the page.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc, digamma, polygamma

from mlgui.results.smooth import equal_bins

Floats = NDArray[np.float64]

CHANCE = 0.001
"""Probability below which a pattern of residuals counts as beyond chance."""
BEND = 0.2
"""Bend of the curve through the residuals, in residual SDs, that is worth a look."""
SPREAD_RATIO = 1.5
"""Largest over smallest residual SD along the fitted values that is worth a look."""
AT_BOUND = 0.005
"""Share of rows at the highest (or lowest) value of a continuous outcome that is worth a look."""
FEW_VALUES = 20
"""An outcome with up to this many values is not continuous, and its bounds are not remarkable."""
SKEWED, TAILS = 0.5, 1.0
"""Skewness and excess kurtosis of residuals that are worth a look."""
GROUP_SKEWED, GROUP_TAILS, GROUP_FAR = 0.8, 2.0, 4.0
"""The same for group effects, which are fewer; and a standardised effect so far out that it is worth a look."""
FEWEST_GROUPS = 8
"""Below this many groups the shape of their effects cannot be judged."""
SPREAD_CHANCE, SPREAD_EXTRA = 0.01, 0.05
"""The test of equal spread in all groups, and the SD of log SDs beyond sampling, that are worth a look together."""
FEWEST_DF = 3
"""Groups with fewer degrees of freedom within have no residual SD worth showing."""


@dataclass(frozen=True, kw_only=True)
class Along:
    """Residuals along the fitted values. bend: largest departure from a straight line, in residual SDs, with its p.

    ratio: largest over smallest SD, with its p. rise: correlation of residuals and fitted values, which pooling makes.
    """

    bend: float
    bend_p: float
    ratio: float
    ratio_p: float
    rise: float

    @property
    def bends(self) -> bool:
        """Whether the curve bends enough to look."""
        return self.bend > BEND and self.bend_p < CHANCE

    @property
    def uneven(self) -> bool:
        """Whether the spread changes enough to look."""
        return self.ratio > SPREAD_RATIO and self.ratio_p < CHANCE


def along_fitted(fitted: Floats, residual: Floats) -> Along:
    """Return what happens to standardised residuals along the fitted values.

    Bends are judged around the straight line through the cloud: shrunken group effects leave some of themselves in the
    residuals, so that these rise with the fitted values in the best of models.
    """
    n = len(fitted)
    varies = float(np.ptp(fitted)) > 1e-9 * max(1.0, float(np.abs(fitted).max()))
    if n < 40 or not varies:
        return Along(bend=0.0, bend_p=1.0, ratio=1.0, ratio_p=1.0, rise=0.0)
    centred = fitted - fitted.mean()
    slope = float(centred @ residual) / float(centred @ centred)
    rest = residual - residual.mean() - slope * centred
    scale = float(rest.std())
    parts = equal_bins(fitted, min(15, n // 15))
    means = np.array([rest[part].mean() for part in parts]) / scale
    sizes = np.array([len(part) for part in parts])
    ratio, ratio_p = _uneven(fitted, rest)
    return Along(
        bend=float(np.abs(means).max()),
        bend_p=float(chdtrc(max(len(parts) - 2, 1), float((sizes * means**2).sum()))),
        ratio=ratio,
        ratio_p=ratio_p,
        rise=float(np.corrcoef(fitted, residual)[0, 1]),
    )


def _uneven(fitted: Floats, rest: Floats) -> tuple[float, float]:
    parts = equal_bins(fitted, min(10, len(fitted) // 20))
    sds = np.array([rest[part].std(ddof=1) for part in parts])
    if len(parts) < 2 or not (sds > 0).all():
        return 1.0, 1.0
    df = np.array([len(part) - 1.0 for part in parts])
    return float(sds.max() / sds.min()), equal_spread(sds, df, shape_of(rest).tails)[0]


@dataclass(frozen=True, kw_only=True)
class Shape:
    """skew, tails: skewness and excess kurtosis. skew_z, tails_z: over their standard errors under normality. n: values."""

    skew: float
    tails: float
    skew_z: float
    tails_z: float
    n: int


def shape_of(values: Floats) -> Shape:
    """Return the shape of a distribution; standard errors sqrt(6 / n) and sqrt(24 / n)."""
    n = len(values)
    centred = values - (values.mean() if n else 0.0)
    sd = float(np.sqrt((centred**2).sum() / max(n, 1)))
    if n < 4 or sd == 0.0:
        return Shape(skew=0.0, tails=0.0, skew_z=0.0, tails_z=0.0, n=n)
    skew, tails = float((centred**3).mean()) / sd**3, float((centred**4).mean()) / sd**4 - 3.0
    return Shape(skew=skew, tails=tails, skew_z=skew / np.sqrt(6 / n), tails_z=tails / np.sqrt(24 / n), n=n)


def equal_spread(sds: Floats, df: Floats, tails: float = 0.0) -> tuple[float, float]:
    """Return the p of equal SDs with these degrees of freedom, and the SD of log SDs beyond sampling.

    The sum of squares of log variances around their mean, each over its variance, chi-square with one df less than groups
    (Raudenbush & Bryk 2002, eq. 9.35), with the exact moments of log chi-square. Heavy tails (excess kurtosis) widen them.
    """
    log_variance = 2 * np.log(sds) - (digamma(df / 2) - np.log(df / 2))
    sampling = polygamma(1, df / 2) * (1 + max(tails, 0.0) / 2)
    weight = 1 / sampling
    middle = float(weight @ log_variance) / float(weight.sum())
    p = float(chdtrc(len(sds) - 1, float(weight @ (log_variance - middle) ** 2)))
    extra = max(float(np.var(log_variance, ddof=1)) - float(sampling.mean()), 0.0)
    return p, float(np.sqrt(extra)) / 2


def band_of(df: Floats, sigma: float) -> tuple[Floats, Floats]:
    """Return the ends of the band in which about 95 % of SDs with these degrees of freedom lie if all are equal.

    sigma exp(+-sqrt(2 / df)): two standard errors of the logarithm of a standard deviation.
    """
    half = np.sqrt(2 / np.maximum(df, 1.0))
    return sigma * np.exp(-half), sigma * np.exp(half)


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """Whether rows gather at the ends of the outcome. highest, lowest: the values; at_highest, at_lowest: shares of rows."""

    highest: float
    lowest: float
    at_highest: float
    at_lowest: float
    n_values: int

    @property
    def ceiling(self) -> bool:
        """Whether enough rows sit at the highest value of a continuous outcome to look."""
        return self.n_values > FEW_VALUES and self.at_highest > AT_BOUND

    @property
    def floor(self) -> bool:
        """Whether enough rows sit at the lowest value."""
        return self.n_values > FEW_VALUES and self.at_lowest > AT_BOUND


def bounds_of(y: Floats) -> Bounds:
    """Return the ends of the outcome; a single row at an end is none too many."""
    high, low = float(y.max()), float(y.min())
    ends = [int(np.count_nonzero(y == end)) for end in (high, low)]
    shares = [count / len(y) if count > 2 else 0.0 for count in ends]
    return Bounds(highest=high, lowest=low, at_highest=shares[0], at_lowest=shares[1], n_values=len(np.unique(y)))
