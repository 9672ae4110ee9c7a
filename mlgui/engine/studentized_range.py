"""The studentized range: the largest difference between k independent normal means over their standard error.

P(Q < q) = integral over s of f(s) W(q s), with W(w) = k integral of phi(z) [Phi(z) - Phi(z - w)]^(k-1) and s = chi / sqrt(df)
(Tukey 1953; Copenhaver & Holland 1988, J. Stat. Comput. Simul. 30), both by Gauss-Legendre quadrature.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import brentq
from scipy.special import chdtri, gammaln, ndtr, stdtr

from mlgui.engine.problem import Floats

NODES, WEIGHTS = np.polynomial.legendre.leggauss(160)
HALF_WIDTH = 8.5
"""Standard deviations of a normal beyond which nothing is left at double precision."""
FAR = 1e-9
"""Upper tail below which the difference to 1 has lost its digits, and the sum over pairs is as good as exact."""


def range_p_value(q: float, k: int, df: float) -> float:
    """Return P(Q > q) for k means and df (may be infinite); NaN for NaN."""
    if np.isnan(q) or np.isnan(df):
        return float("nan")
    each = 2 * float(stdtr(df, -abs(q) / np.sqrt(2)))
    if k == 2:
        return each
    upper = 1.0 - _cdf(abs(q), k, df)
    return upper if upper > FAR else min(each * k * (k - 1) / 2, FAR)


def range_quantile(confidence: float, k: int, df: float) -> float:
    """Return q with P(Q < q) = confidence; NaN for df NaN or so small that there is none below 1e6."""
    if np.isnan(df) or range_p_value(1e6, k, df) > 1 - confidence:
        return float("nan")
    upper = 10.0
    while range_p_value(upper, k, df) > 1 - confidence:
        upper *= 2
    return float(brentq(lambda q: range_p_value(q, k, df) - (1 - confidence), 0.0, upper, xtol=1e-10, rtol=1e-12))


def _cdf(q: float, k: int, df: float) -> float:
    if np.isinf(df):
        return float(_normal_range(np.array([q]), k)[0])
    low, high = np.sqrt(chdtri(df, [1 - 1e-15, 1e-15]) / df)
    s = low + (high - low) * (NODES + 1) / 2
    log_density = np.log(2) + df / 2 * np.log(df / 2) - gammaln(df / 2) + (df - 1) * np.log(s) - df * s * s / 2
    return float((high - low) / 2 * np.sum(WEIGHTS * np.exp(log_density) * _normal_range(q * s, k)))


def _normal_range(w: Floats, k: int) -> Floats:
    """W(w): P(range of k standard normals < w), for every w."""
    z = HALF_WIDTH * NODES
    density = HALF_WIDTH * WEIGHTS * np.exp(-z * z / 2) / np.sqrt(2 * np.pi)
    return np.asarray(k * ((ndtr(z) - ndtr(z - w[:, None])) ** (k - 1)) @ density)
