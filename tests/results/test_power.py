"""Planned studies in words."""

from __future__ import annotations

import numpy as np
import pytest

from mlgui.errors import UserError
from mlgui.progress import Step
from mlgui.results.numbers import text_rows
from mlgui.results.power import plan_study, power_table
from tests.results.models import case_report, fitted

SLEEP = "Reaction ~ Days + (Days | Subject)"


def test_by_theory_and_by_simulation() -> None:
    report, steps = fitted(SLEEP, "sleepstudy.csv"), list[Step]()
    theory = plan_study(report, groups=72, replicates=0)
    simulated = plan_study(report, groups=72, replicates=20, on_step=steps.append)
    assert theory.grouping == "Subject" and not theory.simulated and len(steps) == 21
    np.testing.assert_allclose(theory.power.se, [effect.se / 2 for effect in report.fixed], rtol=1e-6)
    np.testing.assert_allclose(simulated.power.se, theory.power.se, rtol=0.15)  # 20 data sets of 72 groups
    for study in (theory, simulated):
        shown = power_table(report, study)
        assert "72" in shown.note and len(text_rows(shown)) == 2


def test_dropped_coefficients_are_left_out() -> None:
    report = case_report("p17_orthodont_rank_deficient")
    assert power_table(report, plan_study(report, replicates=0)).n_rows == 3


def test_what_cannot_be_planned() -> None:
    with pytest.raises(UserError, match="crossed"):
        plan_study(case_report("p10_penicillin_crossed"))
    for sizes in ({"groups": 1}, {"rows": 0}):
        with pytest.raises(UserError, match="2 groups"):
            plan_study(fitted(SLEEP, "sleepstudy.csv"), **sizes)
