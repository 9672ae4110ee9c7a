"""What is refused for residual structures, rather than computed as if there were none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from mlgui.engine.draws import draw
from mlgui.engine.estimates import Estimates
from mlgui.engine.fit import fit
from mlgui.engine.homogeneous import NotHomogeneous
from mlgui.engine.power import Plan, planned
from mlgui.engine.prediction import prediction_variance
from mlgui.engine.problem import Residual
from mlgui.engine.robust import cluster_robust
from tests.engine.dense import estimates_at
from tests.engine.problems import sleepstudy


def structured_fit() -> Estimates:
    """A fit that says it has a residual structure."""
    problem = sleepstudy()
    plain = estimates_at(problem, [one.factor for one in fit(problem).groups])
    return replace(plain, problem=replace(problem, residual=Residual(kind="ar1")))


@pytest.mark.parametrize(
    "ask",
    [
        draw,
        cluster_robust,
        lambda estimates: prediction_variance(estimates, estimates.problem.x[:1], []),
        lambda estimates: planned(estimates, Plan(groups=4), np.random.default_rng(0)),
    ],
)
def test_refused(ask: Callable[[Estimates], object]) -> None:
    with pytest.raises(NotHomogeneous, match="ar1"):
        ask(structured_fit())
