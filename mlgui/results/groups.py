"""Everything about the groups: deviations, predictions, totals with the standard error of the sum, own estimates, pulls."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mlgui.design.design import Design, VaryingCoefficients
from mlgui.engine.estimates import Estimates, GroupEffects, OwnEstimates
from mlgui.engine.pooling import own_estimates
from mlgui.results.report import GroupEstimates

Floats = NDArray[np.float64]


def group_estimates(design: Design, estimates: Estimates) -> tuple[GroupEstimates, ...]:
    """Return the group table of every grouping, in the order of `Design.groupings`."""
    return tuple(_of_grouping(design, estimates, index) for index in range(len(design.groupings)))


def prediction_weights(varying: VaryingCoefficients, p: int) -> Floats:
    """Return C (J, q, p): the group-level prediction of coefficient a in group j is C[j, a] @ beta."""
    weights = np.zeros((len(varying.levels), len(varying.names), p))
    for a, predictors in enumerate(varying.predictors):
        for predictor in predictors:
            weights[:, a, predictor.column] += predictor.values
    return weights


def total_variance(effects: GroupEffects, vcov: Floats, weights: Floats) -> Floats:
    """Return Var(c'beta-hat + b-hat_j - b_j), shape (J, q), from the joint covariance (Henderson 1975).

    With S_j the sensitivity of b-hat_j to beta-hat, c'Mc + c'MS' + SMc + SMS' + cond = (c + S) M (c + S)' + cond.
    """
    combined = weights + effects.sensitivity
    explained = np.einsum("jap,jap->ja", combined @ vcov, combined)
    conditional = np.diagonal(effects.conditional_covariance, axis1=1, axis2=2)
    return np.asarray(np.maximum(explained + conditional, 0.0))


def _of_grouping(design: Design, estimates: Estimates, index: int) -> GroupEstimates:
    own = own_estimates(estimates, index)
    return grouping_estimates(design.groupings[index], estimates.groups[index], own, estimates.beta, estimates.vcov)


def grouping_estimates(
    varying: VaryingCoefficients, effects: GroupEffects, own: OwnEstimates, beta: Floats, vcov: Floats
) -> GroupEstimates:
    """Return the group table of one grouping from its effects and the coefficients beta (p,) with their covariance (p, p)."""
    beta, vcov = np.nan_to_num(beta), np.nan_to_num(vcov)
    weights = prediction_weights(varying, len(beta))
    prediction = weights @ beta
    conditional = np.diagonal(effects.conditional_covariance, axis1=1, axis2=2)
    return GroupEstimates(
        grouping=varying.grouping.name,
        levels=varying.levels,
        sizes=varying.sizes,
        names=varying.names,
        labels=varying.labels,
        deviation=effects.mode,
        cond_sd=np.sqrt(np.maximum(conditional, 0.0)),
        pred_error_sd=np.sqrt(total_variance(effects, vcov, np.zeros_like(weights))),
        prediction=prediction,
        total=prediction + effects.mode,
        total_se=np.sqrt(total_variance(effects, vcov, weights)),
        own=prediction + own.own,
        own_se=own.own_se,
        pulls=own.pulls,
        resolved=own.resolved,
    )
