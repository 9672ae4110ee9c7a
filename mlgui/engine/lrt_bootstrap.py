"""The distribution of a likelihood ratio under the smaller of two models, by simulation from it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from mlgui.engine.bootstrap import BLOCK, OnStep, blocks_of, refit
from mlgui.engine.estimates import Estimates
from mlgui.engine.problem import Floats
from mlgui.engine.residual_bootstrap import structured_ratios
from mlgui.engine.responses import products, simulated
from mlgui.engine.scaling import scaled_rows


@dataclass(frozen=True, kw_only=True, eq=False)
class SimulatedRatio:
    """observed: criterion of the null less that of the alternative. simulated: the same of R responses drawn from the null,

    NaN where a refit failed. p: (1 + number at least as large as observed) / (1 + number of refits) (Davison & Hinkley 1997).
    """

    observed: float
    simulated: Floats
    p: float
    seed: int


def simulated_ratio(
    null: Estimates, alternative: Estimates, replicates: int = 1000, seed: int = 1, on_step: OnStep | None = None
) -> SimulatedRatio:
    """The likelihood-ratio test of nested models fitted to the same rows by the same method, by parametric bootstrap.

    With REML both must have the same x; with ML the columns of the null must lie in the span of those of the alternative.
    """
    models = (null, alternative)
    if all(model.problem.residual.is_homogeneous for model in models):
        values = _ratios(models, replicates, seed, on_step)
    else:
        values = structured_ratios(null, alternative, replicates, seed, on_step or (lambda done, total: None))
    observed = max(null.criterion - alternative.criterion, 0.0)
    used = values[np.isfinite(values)]
    # differences below the precision of a criterion are ties, as where both models are at the same boundary
    p = (1 + int((used >= observed - 1e-7).sum())) / (1 + len(used))
    return SimulatedRatio(observed=observed, simulated=values, p=p, seed=seed)


def _ratios(models: tuple[Estimates, Estimates], replicates: int, seed: int, on_step: OnStep | None) -> Floats:
    """Likelihood ratios (R,) of two models with independent residuals, refitted in blocks; NaN where a refit failed."""
    null = models[0]
    rows = [scaled_rows(model.problem) for model in models]
    rng = np.random.default_rng(seed)
    found: list[Floats] = []
    done = 0
    for count in blocks_of(replicates, max(1, BLOCK // null.problem.n)):
        noise = simulated(null.problem, null.state, rows[0], count, rng)
        criteria = []
        for position, (model, mine) in enumerate(zip(models, rows)):
            report = partial(_report, on_step, 2 * done + count * position, replicates)
            fits, _ = refit(model.state, products(mine, noise), report)
            scale = 2 * model.state.objective.degrees * float(np.log(mine.fixed.y_scale))
            criteria.append(np.where(fits.converged, fits.criterion - scale, np.nan))
        found.append(np.maximum(criteria[0] - criteria[1], 0.0))
        done += count
    return np.concatenate(found)


def _report(on_step: OnStep | None, before: int, total: int, number: int) -> None:
    """Report refits of both models as whole replicates."""
    if on_step is not None:
        on_step((before + number) // 2, total)
