"""What is refused in words for models with a residual structure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from mlgui.engine.problem import Residual
from mlgui.errors import UserError
from mlgui.results.intervals import bootstrap_limits, profile_limits
from mlgui.results.predict import predict
from mlgui.results.report import Report
from mlgui.results.robust import robust_effects
from tests.results.models import fitted


@pytest.mark.parametrize(
    "ask",
    [
        robust_effects,
        lambda report: predict(report, report.design.table),
        profile_limits,
        lambda report: bootstrap_limits(report, 10),
    ],
)
def test_refused(ask: Callable[[Report], object]) -> None:
    report = fitted("Reaction ~ Days + (Days | Subject)", "sleepstudy.csv")
    problem = replace(report.estimates.problem, residual=Residual(kind="strata"))
    with pytest.raises(UserError, match="residual structure"):
        ask(replace(report, estimates=replace(report.estimates, problem=problem)))
