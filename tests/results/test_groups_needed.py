"""Studies planned from values the user sets, and the number of groups a power needs."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import ndtr, ndtri

from mlgui.errors import UserError
from mlgui.results.assumptions import assumed_values, assumption_names
from mlgui.results.groups_needed import groups_needed, groups_needed_table
from mlgui.results.power import plan_study, power_table
from mlgui.results.report import Report
from tests.results.models import fitted


def sleep() -> Report:
    return fitted("Reaction ~ Days + (Days | Subject)", "sleepstudy.csv")


def test_names_that_can_be_set() -> None:
    names = assumption_names(sleep())
    assert list(names) == ["(Intercept)", "Days", "sd((Intercept) | Subject)", "sd(Days | Subject)", "sd(Residual)"]
    found = assumed_values(sleep(), {"Days": 5, "sd(1|Subject)": 3, "sd(Residual)": 9})
    assert (found.beta, found.sds, found.sigma) == ({1: 5}, {(0, 0): 3}, 9) and not found.is_plain


@pytest.mark.parametrize(
    ("values", "told"),
    [({"Nights": 1.0}, "sd\\(Days"), ({"sd(Days | Subject)": -1.0}, "cannot be"), ({"sd(Residual)": 0.0}, "cannot be")],
)
def test_what_cannot_be_set(values: dict[str, float], told: str) -> None:
    with pytest.raises(UserError, match=told):
        assumed_values(sleep(), values)


def test_theory_at_values_that_are_set() -> None:
    """The balanced design has the closed SE sqrt((sd_slope^2 + sigma^2 / sum of squares of days) / groups)."""
    values = {"Days": 2.0, "sd(Days | Subject)": 4.0, "sd(Residual)": 30.0}
    study = plan_study(sleep(), groups=50, replicates=0, assume=values)
    se = np.sqrt((16 + 900 / 82.5) / 50)
    assert study.power.se[1] == pytest.approx(se, rel=1e-9) and study.power.truth[1] == 2.0
    assert study.power.power[1] == pytest.approx(ndtr(2 / se - ndtri(0.975)), abs=1e-5)  # the other tail is 1.4e-6
    assert "Days = 2" in power_table(sleep(), study).note


def test_simulation_at_values_that_are_set() -> None:
    study = plan_study(sleep(), groups=30, replicates=25, seed=2, assume={"Days": 0.0, "sd(Days | Subject)": 0.0})
    # of 25 tests at 5 % of a coefficient that is 0, rarely more than 5 reject
    assert study.power.power[1] <= 0.2 and abs(study.power.bias[1]) < 1.0


def test_the_number_of_groups_by_theory() -> None:
    found = groups_needed(sleep(), "Days", 0.8, replicates=0, assume={"Days": 3.0})
    variance = (5.9221**2 + 25.5918**2 / 82.5) / 9.0
    expected = int(np.ceil(variance * (ndtri(0.8) + ndtri(0.975)) ** 2))
    assert found.groups == pytest.approx(expected, abs=1) and len(found.tried) == 1
    assert found.tried[0].power >= 0.8


def test_the_number_of_groups_by_simulation() -> None:
    found = groups_needed(sleep(), "Days", 0.8, replicates=40, seed=1, assume={"Days": 4.0})
    last = next(one for one in found.tried if one.groups == found.groups and one.simulated)
    assert last.power == pytest.approx(0.8, abs=0.1) and "Days" in groups_needed_table(found).note
    assert found.groups >= found.tried[0].groups - 5  # theory knows the variances


def test_what_no_number_of_groups_shows() -> None:
    with pytest.raises(UserError, match="It is 0"):
        groups_needed(sleep(), "Days", replicates=0, assume={"Days": 0.0})
    with pytest.raises(UserError, match="no coefficient"):
        groups_needed(sleep(), "Nights")
    with pytest.raises(UserError, match="up to"):
        groups_needed(sleep(), "Days", replicates=0, assume={"Days": 1e-4})
