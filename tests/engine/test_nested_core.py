"""A grouping below several crossed ones: eliminated first, it gives what one core of all of them gives."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from numpy.testing import assert_allclose

from mlgui.engine import fit as fitting
from mlgui.engine import nested_core
from mlgui.engine.bootstrap import bootstrap
from mlgui.engine.curvature import theta_hessian
from mlgui.engine.fit import fit
from mlgui.engine.inference import satterthwaite
from mlgui.engine.nested_core import NestedCore
from mlgui.engine.problem import Problem
from tests.engine.problems import groups


def pupils(*, three: bool = False, slope: bool = False) -> Problem:
    """Pupils seen a few times, in schools crossed with neighbourhoods (and with clubs); slopes vary by school or by pupil."""
    rng = np.random.default_rng(3)
    pupil = np.concatenate([np.arange(60), rng.integers(0, 60, 180)])
    n = len(pupil)
    x = np.column_stack([np.ones(n), rng.normal(size=n)])
    place, school, club = (np.concatenate([np.arange(m), rng.integers(0, m, 60 - m)])[pupil] for m in (13, 9, 7))
    found = [groups(place, x[:, :1]), groups(pupil, x if slope else x[:, :1]), groups(school, x[:, :1] if slope else x)]
    if three:
        found.append(groups(club, x[:, :1]))
    y = x @ np.array([1.0, 0.5]) + rng.normal(size=n)
    for one in found:
        y += (one.z * rng.normal(size=(one.n_groups, one.z.shape[1]))[one.codes]).sum(axis=1)
    return Problem(y=y, x=np.asfortranarray(x), groupings=tuple(found), weights=rng.uniform(0.5, 2.0, n))


@pytest.fixture(autouse=True)
def without_border(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no small grouping ride along with a chain."""
    monkeypatch.setattr("mlgui.engine.structure.BORDER", 0)


CASES = [{"three": three, "slope": slope, "reml": reml} for three, slope, reml in product((False, True), repeat=3)]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_it_gives_the_fit_of_one_core(case: dict[str, bool], monkeypatch: pytest.MonkeyPatch) -> None:
    problem = replace(pupils(three=case["three"], slope=case["slope"]), reml=case["reml"])
    found = fit(problem)
    assert isinstance(found.state.objective.backend, NestedCore)
    with monkeypatch.context() as patch:
        patch.setattr(fitting, "finest", lambda gram: None)
        expected = fit(problem)
    # the search may stop at another point within its tolerance
    assert found.criterion == pytest.approx(expected.criterion, abs=1e-8)
    assert_allclose(found.fitted, expected.fitted, atol=1e-5)
    for mine, yours in zip(found.groups, expected.groups):
        assert_allclose(mine.mode, yours.mode, atol=1e-5)
        assert_allclose(mine.sensitivity, yours.sensitivity, atol=1e-5)
        assert_allclose(mine.conditional_covariance, yours.conditional_covariance, atol=1e-5)
    assert_allclose(satterthwaite(found)[0], satterthwaite(expected)[0], rtol=1e-5)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_its_derivatives_are_those_of_one_core(case: dict[str, bool], monkeypatch: pytest.MonkeyPatch) -> None:
    problem = replace(pupils(three=case["three"], slope=case["slope"]), reml=case["reml"])
    solution = fit(problem).state
    with monkeypatch.context() as patch:
        patch.setattr(fitting, "finest", lambda gram: None)
        other = fit(problem).state
    factors = [factor + 0.1 * np.eye(len(factor)) for factor in solution.regular]
    hessians = []
    for one in (solution, other):
        objective, entries = one.objective, one.layout.entries
        point = objective.at(factors)
        slope = objective.slope(point)
        local = objective.exact_hessian(point, slope, entries)
        information = objective.average_information(point, slope, entries)
        hessians.append((slope, theta_hessian(one.layout, factors, slope.gradient, local), information))
    (mine, exact, average), (yours, expected, information) = hessians
    for found, wanted in zip(mine.gradient, yours.gradient):
        assert_allclose(found, wanted, atol=1e-10)
    assert_allclose(exact, expected, atol=1e-9 * np.abs(expected).max())
    assert_allclose(average, information, atol=1e-9 * np.abs(information).max())


def test_degrees_of_freedom_by_differences_where_one_core_would_be_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    estimates = fit(pupils())
    exact, _ = satterthwaite(estimates)
    monkeypatch.setattr(nested_core, "LARGEST", 5)
    differenced, _ = satterthwaite(estimates)
    assert_allclose(differenced, exact, rtol=1e-6)  # steps of 1e-4


def test_one_grouping_above_makes_a_chain() -> None:
    problem = pupils()
    chain = replace(problem, groupings=problem.groupings[1:])
    assert not isinstance(fit(chain).state.objective.backend, NestedCore)


def test_it_is_built_again_for_simulated_outcomes() -> None:
    found = bootstrap(fit(pupils()), 3, seed=2)
    assert np.isfinite(found.beta).all()
