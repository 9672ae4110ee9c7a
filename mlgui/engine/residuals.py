"""Residuals of a fit in their four scales, and Cook's distance of every row."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mlgui.engine.estimates import Estimates
from mlgui.engine.prediction import leverages
from mlgui.engine.problem import Floats
from mlgui.engine.residual_independent import independent, residual_sds


@dataclass(frozen=True, kw_only=True, eq=False)
class Residuals:
    """Residuals of every row, (n,) each, in the words of lme4.

    response: y - fitted. pearson: response times sqrt(weight), over the relative SD where there
    are several. scaled: pearson / sigma. marginal: y less offset and X beta.
    """

    response: Floats
    pearson: Floats
    scaled: Floats
    marginal: Floats


def residuals(estimates: Estimates) -> Residuals:
    """Return the residuals of a fit; scaled ones of correlated rows are whitened too (nlme's "normalized")."""
    problem = estimates.problem
    response = problem.y - estimates.fitted
    pearson = response / residual_sds(estimates)
    plain = independent(estimates)
    white = pearson if plain.problem.y is problem.y else plain.problem.y - plain.fitted
    return Residuals(
        response=response,
        pearson=pearson,
        scaled=white / estimates.sigma,
        marginal=problem.y - estimates.fixed_part,
    )


def studentised(estimates: Estimates, leverage: Floats | None = None) -> Floats:
    """Return scaled residuals divided by sqrt(1 - leverage), (n,); NaN where the row is fitted exactly."""
    left = 1.0 - (leverages(estimates) if leverage is None else leverage)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(residuals(estimates).scaled / np.sqrt(np.where(left > 1e-12, left, np.nan)))


def cooks_distances(estimates: Estimates, leverage: Floats | None = None) -> Floats:
    """Return Cook's distance of every row as lme4 defines it, (n,): (pearson / (1 - h))^2 h / (sigma^2 rank).

    It holds the variances and counts group effects as fitted coefficients; NaN where a row is fitted exactly, and without
    coefficients.
    """
    h = leverages(estimates) if leverage is None else leverage
    if not estimates.rank:
        return np.full(len(h), np.nan)
    return np.asarray(studentised(estimates, h) ** 2 * h / (np.where(h < 1 - 1e-12, 1 - h, np.nan) * estimates.rank))
