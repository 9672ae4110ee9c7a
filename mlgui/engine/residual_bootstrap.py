"""Refits of a model with a residual structure to responses simulated from it, its structure estimated anew each time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from mlgui.engine.estimates import Estimates
from mlgui.engine.fit import Options, fit
from mlgui.engine.problem import DegenerateProblem, Floats
from mlgui.engine.residual_parameters import natural
from mlgui.engine.simulated import simulated_responses


def refitted(estimates: Estimates, y: Floats) -> Estimates | None:
    """The fit of a model to another response, searched from its own structure; None where there is none."""
    start = estimates.residual.parameters if len(estimates.residual.parameters) else None
    try:
        return fit(replace(estimates.problem, y=np.ascontiguousarray(y)), Options(second_start=False, structure_start=start))
    except DegenerateProblem:
        return None


def structured_refits(
    estimates: Estimates, replicates: int, seed: int, on_step: Callable[[int, int], None]
) -> tuple[list[Estimates | None], Floats]:
    """Refits, one for each replicate, None where one failed, and their parameters of the structure, (R, m)."""
    rng = np.random.default_rng(seed)
    found: list[Estimates | None] = []
    parameters = np.full((replicates, len(natural(estimates.residual))), np.nan)
    for place in range(replicates):
        on_step(place, replicates)
        one = refitted(estimates, simulated_responses(estimates, 1, rng)[:, 0])
        found.append(one)
        if one is not None:
            parameters[place] = natural(one.residual)
    on_step(replicates, replicates)
    return found, parameters


def structured_ratios(
    null: Estimates, alternative: Estimates, replicates: int, seed: int, on_step: Callable[[int, int], None]
) -> Floats:
    """Likelihood ratios (R,) of two models fitted to responses simulated from the first; NaN where a refit failed."""
    rng = np.random.default_rng(seed)
    values = np.full(replicates, np.nan)
    for place in range(replicates):
        on_step(place, replicates)
        y = simulated_responses(null, 1, rng)[:, 0]
        small, large = refitted(null, y), refitted(alternative, y)
        if small is not None and large is not None:
            values[place] = max(small.criterion - large.criterion, 0.0)
    return values
