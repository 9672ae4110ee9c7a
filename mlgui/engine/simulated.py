"""Responses a fit would have again: new group effects and residuals around its average part."""

from __future__ import annotations

import numpy as np

from mlgui.engine.estimates import Estimates
from mlgui.engine.problem import Floats
from mlgui.engine.residual_noise import coloured


def simulated_responses(estimates: Estimates, count: int, rng: np.random.Generator) -> Floats:
    """Responses (n, count) at the estimates, whatever the residual structure."""
    problem = estimates.problem
    y = estimates.fixed_part[:, None] + estimates.sigma * coloured(estimates, rng.standard_normal((problem.n, count)))
    for groups, one in zip(problem.groupings, estimates.groups, strict=True):
        effects = estimates.sigma * rng.standard_normal((count, groups.n_groups, len(one.factor))) @ one.factor.T
        for a in range(groups.z.shape[1]):
            y += groups.z[:, a, None] * effects[:, groups.codes, a].T
    return np.asarray(y)
