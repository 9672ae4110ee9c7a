"""Paths that few data take."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mlgui.engine import profile
from mlgui.engine.contrasts import joint_test
from mlgui.engine.dial import Shape, dial_of
from mlgui.engine.fit import fit
from mlgui.engine.kenward_roger import KenwardRogerRefused, kenward_roger
from mlgui.engine.problem import DegenerateProblem, Problem
from mlgui.engine.profile import Target, profile_intervals
from tests.engine.problems import groups, sleepstudy


def test_a_varying_column_that_is_not_finite() -> None:
    problem = sleepstudy()
    z = problem.groupings[0].z.copy(order="F")
    z[3, 1] = np.nan
    with pytest.raises(DegenerateProblem) as error:
        fit(replace(problem, groupings=(replace(problem.groupings[0], z=z),)))
    assert (error.value.code, error.value.index) == ("not-finite", 0)


def test_kenward_and_roger_is_for_reml() -> None:
    with pytest.raises(KenwardRogerRefused, match="maximum-likelihood"):
        kenward_roger(fit(sleepstudy(reml=False)))


def test_a_joint_test_with_two_degrees_of_freedom_or_fewer() -> None:
    """With two groups each average has about one degree of freedom, for which F has no mean to match."""
    problem = sleepstudy()
    halves = groups(problem.groupings[0].codes > 8, problem.groupings[0].z)
    found = joint_test(fit(replace(problem, groupings=(halves,))), np.eye(2))
    assert found.denominator == 2.0


def test_a_dial_of_groups_that_cannot_speak_for_themselves() -> None:
    """No group has rows enough for its own line, so that the dial of a variance of 0 runs along typical SDs."""
    rng = np.random.default_rng(1)
    codes = np.repeat(np.arange(20), 2)
    x = np.column_stack([np.ones(40), np.repeat(rng.normal(size=20), 2)])  # x is constant within groups
    y = np.tile([1.0, -1.0], 20) + 0.01 * rng.normal(size=40)
    pattern = np.eye(2, dtype=bool)
    problem = Problem(y=y, x=np.asfortranarray(x), groupings=(replace(groups(codes, x), pattern=pattern),))
    found = fit(problem)
    assert found.theta.tolist() == [0.0, 0.0]
    dial = dial_of(found, 0)
    assert dial.shape is Shape.OWN
    assert np.isfinite(dial.at(1.0).criterion)


def test_a_profile_from_a_point_that_is_not_the_lowest(monkeypatch: pytest.MonkeyPatch) -> None:
    """A profile that meets a lower point than it began from begins again from there."""
    estimates = fit(sleepstudy())
    targets = [Target(kind="sd", index=(0, 0))]
    usual = profile_intervals(estimates, targets)
    fitted, begun = profile._fitted, []

    def raised(*arguments: object) -> object:
        point = fitted(*arguments)
        begun.append(point)
        return replace(point, criterion=point.criterion + 50.0) if len(begun) == 1 else point

    monkeypatch.setattr(profile, "_fitted", raised)
    again = profile_intervals(estimates, targets)
    assert len(begun) == 2
    assert (again[0].low, again[0].high) == pytest.approx((usual[0].low, usual[0].high), rel=1e-6)
