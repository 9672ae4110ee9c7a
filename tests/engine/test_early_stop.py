"""Searches of very dear problems stop early: how far from the minimum that is, in standard errors.

With d the criterion, H its Hessian in theta and g its gradient, a search stops at g'H^-1g < 5e-8. The minimum is then
H^-1g away, and as 2 H^-1 is the covariance of theta-hat, every function of theta is off by at most sqrt(g'H^-1g / 2) = 1.6e-4
of its standard error. The variance of a coefficient is such a function, with SE(f) / f = sqrt(2 / df): its SE is off by at
most 1.6e-4 sqrt(1 / (2 df)) of itself.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mlgui.engine import core, newton, structure
from mlgui.engine.curvature import theta_hessian
from mlgui.engine.fit import Options, fit
from mlgui.engine.inference import satterthwaite
from tests.engine.problems import structured

EARLY = 5e-8
FARTHEST = (EARLY / 2) ** 0.5


@pytest.mark.parametrize("reml", [True, False])
@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("kind", ["crossed", "crossed slopes"])
def test_what_is_left_is_a_small_share_of_an_error(kind: str, seed: int, reml: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    problem = replace(structured(kind, seed, n=400), reml=reml)
    monkeypatch.setattr(structure, "BORDER", 0)
    full = fit(problem, Options(tolerance=1e-20, second_start=False))
    assert not full.singular
    solution = full.state
    slope = solution.objective.slope(solution.point)
    local = solution.objective.exact_hessian(solution.point, slope, solution.layout.entries)
    hessian = theta_hessian(solution.layout, solution.point.factors, slope.gradient, local)
    df = satterthwaite(full)[0]

    # as for the dearest: single precision at first, its products of the inverse to the end
    monkeypatch.setattr(newton, "VAST", 0.0)
    monkeypatch.setattr(core, "HUGE", 0.0)
    early = fit(problem, Options(tolerance=EARLY, second_start=False))
    step = solution.layout.pack(early.state.point.factors) - solution.layout.pack(solution.point.factors)
    apart = float(np.sqrt(step @ hessian @ step / 2))
    # the distance itself is right to its own relative error, and to that of binary32
    assert apart <= 1.02 * FARTHEST + 1e-6
    assert early.criterion - full.criterion <= EARLY / 2 * 1.02
    se, early_se = np.sqrt(np.diagonal(full.vcov)), np.sqrt(np.diagonal(early.vcov))
    assert (np.abs(early_se / se - 1) <= 1.02 * apart / np.sqrt(2 * df) + 1e-6).all()
    assert np.abs((early.beta - full.beta) / se).max() < 1e-5
    assert np.abs(satterthwaite(early)[0] / df - 1).max() < 3e-4
