"""Optima at the boundary: found, set to exactly 0, named, and left again where they are no optimum."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from mlgui.engine.boundary import boundary_of, boundary_test, point_off_boundary, settle, with_zeros
from mlgui.engine.fit import Options, fit
from mlgui.engine.newton import FLOOR, Minimum, Search
from mlgui.engine.objective import NotPositive, Point
from mlgui.engine.problem import Floats, Problem
from mlgui.engine.solution import Solution
from mlgui.engine.theta import blocks, canonical, free_entries
from tests.engine.problems import groups, sleepstudy, structured


def search_of(problem: Problem) -> tuple[Search, Solution]:
    state = fit(problem, Options(second_start=False)).state
    assert isinstance(state, Solution)
    typical = [one.typical for one in state.groups]
    return Search(state.objective, state.layout, typical, lambda point: None, None), state


# The criterion by a dense V at the optimum of several optimisers from several starts.
@pytest.mark.parametrize(("shift", "expected"), [(-4.5, 1753.5488), (0, 1743.6693), (5, 1751.3217), (2000, 1786.2372)])
def test_uncorrelated_coefficients_keep_the_zero_of_x(shift: float, expected: float) -> None:
    estimates = fit(sleepstudy(shift=shift, correlated=False))
    assert estimates.criterion == pytest.approx(expected, abs=5e-5)
    assert estimates.certificate.passed
    assert estimates.singular == (shift == 2000)
    if shift == 2000:
        assert estimates.boundaries[0].zero == (0,)
        assert estimates.theta[0] == 0.0


def test_a_variance_of_zero_is_exactly_zero() -> None:
    # one-way layout with less variation between groups than within: the REML estimate is 0
    y = np.tile([1.0, 2.0, 3.0, 4.0], 6) + np.repeat([0, 0.1, 0, 0.1, 0, 0.1], 4)
    one = np.ones((24, 1))
    estimates = fit(Problem(y=y, x=one, groupings=(groups(np.repeat(np.arange(6), 4), one),)))
    assert estimates.theta[0] == 0.0
    assert estimates.sigma**2 == pytest.approx(y.var(ddof=1), rel=1e-12)
    (boundary,) = estimates.boundaries
    assert (boundary.zero, boundary.lockstep, boundary.rank_lost) == ((0,), (), 1)
    assert not estimates.groups[0].mode.any()
    assert estimates.certificate.passed
    assert estimates.certificate.boundary_gap is not None
    assert estimates.certificate.boundary_gap > 0


def test_two_groups_with_a_slope_are_in_lockstep() -> None:
    problem = sleepstudy()
    halves = groups(problem.groupings[0].codes > 8, problem.groupings[0].z)
    estimates = fit(replace(problem, groupings=(halves,)))
    (boundary,) = estimates.boundaries
    assert boundary.lockstep == ((0, 1),)
    assert boundary.rank_lost == 1
    covariance = estimates.groups[0].covariance
    assert abs(covariance[0, 1]) == pytest.approx(np.sqrt(covariance[0, 0] * covariance[1, 1]), rel=1e-9)
    assert estimates.certificate.passed


@pytest.mark.parametrize("kind", ["one", "one uncorrelated", "two blocks", "chain", "crossed slopes", "mixed"])
def test_a_false_zero_is_left(kind: str) -> None:
    search, solution = search_of(structured(kind, 4))
    for k in range(len(solution.regular)):
        start = [factor.copy() for factor in solution.regular]
        start[k] = np.diag(FLOOR * search.typical[k])
        stuck = with_zeros(search, search.value(start))
        if not stuck.factors[k].any():
            gap, away = boundary_test(search.objective, stuck, search.typical, search.layout.patterns)
            assert gap < -1e-3
            assert away[k].any()
        settled = settle(search, start, 100)
        assert settled is not None
        assert settled.point.criterion == pytest.approx(solution.point.criterion, abs=1e-6)


def test_a_boundary_optimum_has_a_positive_test() -> None:
    search, solution = search_of(sleepstudy(shift=2000, correlated=False))
    gap, _ = boundary_test(search.objective, solution.point, search.typical, search.layout.patterns)
    assert gap > -1e-6


def nearly_collinear() -> Problem:
    """At G = 0 neither coefficient lowers the criterion alone, but their difference does."""
    rng = np.random.default_rng(8)
    codes = np.repeat(np.arange(20), 30)
    common, apart = rng.normal(size=600), 0.1 * rng.normal(size=(600, 2))
    z = common[:, None] + apart
    noise = rng.normal(size=600)
    for group in range(20):  # what the columns would pick up by chance is taken out
        rows = codes == group
        noise[rows] -= z[rows] @ np.linalg.lstsq(z[rows], noise[rows], rcond=None)[0]
    y = (apart[:, 0] - apart[:, 1]) * rng.choice([-4.0, 4.0], 20)[codes] + noise
    return Problem(y=y, x=np.ones((600, 1)), groupings=(groups(codes, z),))


def test_two_coefficients_that_only_rise_together() -> None:
    search, solution = search_of(nearly_collinear())
    nothing = search.value([np.zeros((2, 2))])
    alone, _ = boundary_test(search.objective, nothing, search.typical, [np.eye(2, dtype=bool)])
    together, away = boundary_test(search.objective, nothing, search.typical, search.layout.patterns)
    assert alone > 0
    assert together < -1e-3
    assert away[0][0] * away[0][1] < 0
    left = settle(search, nothing.factors, 100)
    assert left is not None
    assert left.point.criterion == pytest.approx(solution.point.criterion, abs=1e-7)
    assert left.point.criterion < nothing.criterion - 1


def test_names_of_a_boundary() -> None:
    full = np.tri(3, dtype=bool)
    assert boundary_of(0, np.array([[1.0, 0, 0], [0.5, 1, 0], [0, 0, 2]]), full) is None
    found = boundary_of(2, np.array([[1.0, 0, 0], [-2.0, 0, 0], [0, 0, 0]]), full)
    assert found is not None
    assert (found.grouping, found.zero, found.lockstep, found.rank_lost) == (2, (2,), ((0, 1),), 2)
    hidden = boundary_of(0, np.array([[1.0, 0, 0], [0, 1, 0], [1, 1, 0]]), full)
    assert hidden is not None
    assert (hidden.zero, hidden.lockstep, hidden.rank_lost) == ((), (), 1)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10_000), q=st.integers(1, 4), rank=st.integers(1, 4))
def test_canonical_factors(seed: int, q: int, rank: int) -> None:
    rng = np.random.default_rng(seed)
    root = np.zeros((q, q))
    root[:, : min(rank, q)] = rng.normal(size=(q, min(rank, q)))
    factor = canonical(root, np.tri(q, dtype=bool))
    assert_allclose(factor @ factor.T, root @ root.T, atol=1e-12)
    assert (np.triu(factor, 1) == 0).all()
    assert (np.diagonal(factor) >= 0).all()
    assert np.count_nonzero(np.diagonal(factor)) == min(rank, q)


def test_blocks_of_a_pattern() -> None:
    pattern = np.array([[1, 0, 0, 0], [0, 1, 0, 0], [1, 0, 1, 0], [0, 1, 0, 1]], dtype=bool)
    assert blocks(pattern) == [[0, 2], [1, 3]]
    assert free_entries(pattern) == ((0, 0), (2, 0), (1, 1), (3, 1), (2, 2), (3, 3))
    root = np.zeros((4, 4))
    root[np.ix_([0, 2], [0, 2])] = [[1.0, 2.0], [0.5, -1.0]]
    root[np.ix_([1, 3], [1, 3])] = [[0.0, 2.0], [3.0, -1.0]]
    factor = canonical(root, pattern)
    assert_allclose(factor @ factor.T, root @ root.T, atol=1e-14)
    assert not factor[~pattern].any()


class Stuck(Search):
    """A search whose first run ends where it begins."""

    stuck = True

    def run(self, start: Sequence[Floats], max_steps: int, known: Point | None = None) -> Minimum | None:
        if not self.stuck:
            return super().run(start, max_steps, known)
        self.stuck = False
        first = super().run(start, 1)
        assert first is not None
        return replace(first, point=self.value(self.floored(start)))


def test_a_search_that_ends_at_a_false_zero_begins_again() -> None:
    plain, solution = search_of(nearly_collinear())
    search = Stuck(plain.objective, plain.layout, plain.typical, plain.report, None)
    settled = settle(search, [np.zeros((2, 2))], 100)
    assert settled is not None
    assert settled.point.criterion == pytest.approx(solution.point.criterion, abs=1e-7)
    assert settled.gap is None or settled.gap > -1e-4


def test_no_point_to_leave_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no point along the direction has a criterion the boundary is kept."""
    search, solution = search_of(sleepstudy(shift=2000, correlated=False))

    def refuse(factors: Sequence[Floats]) -> Point:
        raise NotPositive("y'Py")

    monkeypatch.setattr(search, "value", refuse)
    assert point_off_boundary(search, solution.point, [np.ones(2)]) is None
