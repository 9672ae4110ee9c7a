"""Nearly perfect fits are said to be that, and not to be failures of the search."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import mlgui
from mlgui.scripting import FittedModel


def lines(noise: float) -> FittedModel:
    """Return the fit of 18 groups of 10 rows on lines of their own, with residuals of the given SD."""
    rng = np.random.default_rng(4)
    codes, x = np.repeat(np.arange(18), 10), np.tile(np.arange(10.0), 18)
    effects = rng.normal(size=(18, 2))
    y = 5 + 2 * x + effects[codes, 0] + effects[codes, 1] * x + noise * rng.normal(size=180)
    return mlgui.fit("y ~ x + (x | group)", pd.DataFrame({"y": y, "x": x, "group": [f"g{code:02}" for code in codes]}))


@pytest.mark.parametrize("noise", [1e-3, 1e-4, 3e-5, 1e-5])
def test_hardly_any_residual_is_said(noise: float) -> None:
    model = lines(noise)
    findings = {finding.code: finding for finding in model.report.findings}
    assert findings["hardly-any-residual"].about == ("group",)
    assert "certificate-not-passed" not in findings
    assert ("four digits" in findings["hardly-any-residual"].text) != model.report.certificate.passed
    # 144 degrees of freedom of the residual are the same draws for every noise
    assert model.report.sigma / noise == pytest.approx(lines(1e-3).report.sigma / 1e-3, rel=2e-4)


def test_an_ordinary_residual_is_not_mentioned() -> None:
    assert "hardly-any-residual" not in [finding.code for finding in lines(1.0).report.findings]
