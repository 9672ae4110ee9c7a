"""Planned studies: what is drawn, and that simulation and theory agree."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mlgui.engine.fit import fit
from mlgui.engine.influence import is_block_diagonal
from mlgui.engine.power import Plan, expected_precision, planned, simulate_power
from mlgui.engine.robust import RobustRefused
from tests.engine.problems import sleepstudy, structured


def test_the_same_plan_has_the_standard_errors_of_the_fit() -> None:
    for problem in (sleepstudy(), structured("chain", 1)):
        estimates = fit(problem)
        found = expected_precision(estimates, Plan())
        np.testing.assert_allclose(found.se, np.sqrt(np.diag(estimates.vcov)), rtol=1e-8)
        assert found.n == problem.n


def test_four_times_the_groups_halve_the_standard_errors() -> None:
    estimates = fit(sleepstudy())
    found = expected_precision(estimates, Plan(groups=4 * 18))
    np.testing.assert_allclose(found.se, np.sqrt(np.diag(estimates.vcov)) / 2, rtol=1e-8)
    assert found.n == 4 * 180


def test_more_rows_help_less_than_more_groups() -> None:
    estimates = fit(sleepstudy())
    rows, groups = expected_precision(estimates, Plan(rows=40)), expected_precision(estimates, Plan(groups=72))
    assert rows.n == groups.n == 720
    assert (rows.se > groups.se).all() and (rows.se < np.sqrt(np.diag(estimates.vcov))).all()


def test_what_is_drawn_keeps_the_structure() -> None:
    estimates = fit(structured("chain of three", 1))
    problem = planned(estimates, Plan(groups=5, rows=30), np.random.default_rng(0))
    assert problem.n == 150
    coarsest = min(range(3), key=lambda k: problem.groupings[k].n_groups)
    assert problem.groupings[coarsest].n_groups == 5 and is_block_diagonal(problem, coarsest)
    for groups in problem.groupings:
        assert set(groups.codes.tolist()) == set(range(groups.n_groups))


def test_simulation_agrees_with_theory() -> None:
    base = sleepstudy()
    # a slope small enough that power is neither 0 nor 1
    estimates = fit(replace(base, y=base.y - 7.5 * base.x[:, 1]))
    found, theory = simulate_power(estimates, Plan(groups=40), 150, seed=2), expected_precision(estimates, Plan(groups=40))
    assert found.fitted == 150 and found.n == 400
    # SE of a mean of 150; the variance of an estimated SE with 40 groups is about 1 / 80
    np.testing.assert_allclose(found.se, theory.se, rtol=0.05)
    assert np.abs(found.bias / theory.se).max() < 4 / np.sqrt(150)
    assert np.abs(found.power - theory.power).max() < 0.03 + 4 * np.sqrt(0.25 / 150)
    assert (found.coverage > 0.95 - 4 * np.sqrt(0.05 * 0.95 / 150)).all()
    assert found.power[0] == 1.0 and found.power_se[0] == 0.0


def test_seeds_repeat_and_a_caller_is_told() -> None:
    estimates, calls = fit(sleepstudy()), []
    one = simulate_power(estimates, Plan(groups=6), 3, seed=4, on_step=lambda done, total: calls.append((done, total)))
    two = simulate_power(estimates, Plan(groups=6), 3, seed=4)
    assert np.array_equal(one.se, two.se) and calls == [(0, 3), (1, 3), (2, 3), (3, 3)]


def test_dropped_coefficients_are_unknown() -> None:
    base = structured("one", 1)
    problem = replace(base, x=np.asfortranarray(np.column_stack([base.x, base.x[:, 1]])))
    estimates = fit(problem)
    for found in (simulate_power(estimates, Plan(), 2), expected_precision(estimates, Plan(), 2)):
        assert np.isnan(found.power[3]) and np.isnan(found.se[3]) and np.isfinite(found.power[:3]).all()


def test_plans_too_small_to_fit_are_counted() -> None:
    estimates = fit(sleepstudy())
    found = simulate_power(estimates, Plan(groups=2, rows=2), 3)
    assert found.fitted == 0 and np.isnan(found.power).all()


def test_offsets_and_weights_are_kept() -> None:
    base = structured("one", 1)
    estimates = fit(replace(base, offset=1000.0 * np.ones(base.n)))
    problem = planned(estimates, Plan(), np.random.default_rng(0))
    assert problem.weights is not None and abs(np.mean(problem.y - estimates.fitted)) < 50


def test_crossed_groupings_are_refused() -> None:
    with pytest.raises(RobustRefused, match="crossed"):
        expected_precision(fit(structured("crossed")), Plan())
