"""How far an axis of estimates reaches where a few groups alone, of one or two rows, would stretch it for everyone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mlgui.results.nouns import counted
from mlgui.results.report import GroupEstimates
from mlgui.words import ntr

Floats = NDArray[np.float64]
Limits = tuple[float, float]

FAR_OUT = 3.0
"""Own estimates further than this many interquartile ranges from the quartiles may fall outside (Tukey 1977: far out)."""

STRETCH = 1.5
"""The axis is cut only where all own estimates would make it longer than this many times."""

_MARGIN = 0.04


def robust_limits(groups: GroupEstimates, coefficient: int, others: Floats | tuple[float, ...] = ()) -> Limits | None:
    """Return limits that hold totals +- 2 SE, `others`, and own estimates that are not far out; None where all fit well."""
    total, se = groups.total[:, coefficient], groups.total_se[:, coefficient]
    own = groups.own[:, coefficient]
    own = own[np.isfinite(own)]
    inner = np.concatenate([total - 2 * se, total + 2 * se, np.asarray(others, dtype=float)])
    inner = inner[np.isfinite(inner)]
    if not own.size or not inner.size:
        return None
    first, third = np.quantile(own, [0.25, 0.75])
    reach = FAR_OUT * (third - first)
    usual = own[(own >= first - reach) & (own <= third + reach)]
    low, high = min(float(inner.min()), float(usual.min())), max(float(inner.max()), float(usual.max()))
    whole = max(high, float(own.max())) - min(low, float(own.min()))
    if whole <= STRETCH * (high - low):
        return None
    margin = _MARGIN * (high - low)
    return low - margin, high + margin


def is_outside(own: Floats, limits: Limits | None) -> NDArray[np.bool_]:
    """Return which own estimates are known and lie beyond the limits."""
    if limits is None:
        return np.zeros(len(own), dtype=bool)
    with np.errstate(invalid="ignore"):
        return (own < limits[0]) | (own > limits[1])


def outside_words(groups: GroupEstimates, n: int) -> str:
    """Return the sentence, with a space before it, that says how many groups alone lie beyond the axis; "" for none."""
    if not n:
        return ""
    return " " + ntr("{groups} alone lies beyond the axis.", "{groups} alone lie beyond the axis.", n).format(
        groups=counted(n, groups.grouping)
    )
