"""The table of average coefficients, with Satterthwaite's degrees of freedom."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from mlgui.design.design import Coefficient, Design
from mlgui.engine.estimates import Estimates
from mlgui.engine.inference import p_value, satterthwaite, t_interval
from mlgui.results.report import FixedEffect, Report


def fixed_effects(design: Design, estimates: Estimates, confidence: float = 0.95) -> tuple[FixedEffect, ...]:
    """Return one row per column of X: estimate, SE, Satterthwaite df, t, p and the t-based interval."""
    df, given_zero = satterthwaite(estimates)
    beta, se = estimates.beta, np.sqrt(np.diag(estimates.vcov))
    with np.errstate(invalid="ignore", divide="ignore"):
        t = beta / se
    p = p_value(t, df)
    low, high = t_interval(beta, se, df, confidence)
    dropped = set(estimates.dropped)
    return tuple(
        FixedEffect(
            name=coefficient.name,
            label=coefficient.label,
            level=coefficient.level,
            section=_section(coefficient),
            estimate=float(beta[i]),
            se=float(se[i]),
            df=float(df[i]),
            t=float(t[i]),
            p=float(p[i]),
            low=float(low[i]),
            high=float(high[i]),
            estimable=i not in dropped,
            given_zero=given_zero,
        )
        for i, coefficient in enumerate(design.coefficients)
    )


def with_confidence(effect: FixedEffect, confidence: float) -> FixedEffect:
    """Return the same row with an interval of another confidence level."""
    low, high = t_interval(effect.estimate, effect.se, effect.df, confidence)
    return replace(effect, low=float(low), high=float(high))


def home_of(report: Report, effect: FixedEffect) -> str:
    """Return the grouping at whose level a predictor works, "" for the data level.

    An interaction that explains a slope adds something at the level of the groups of that slope, though it varies within
    them; the average of a slope belongs to the level of its own predictor.
    """
    if effect.section is not None and not effect.level:
        groups = report.groups[effect.section[0]]
        if effect.name not in groups.names:
            return groups.grouping
    return effect.level


def _section(coefficient: Coefficient) -> tuple[int, int] | None:
    return coefficient.explains[0] if coefficient.explains else None
