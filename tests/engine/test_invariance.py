"""What must not matter: zero and unit of x and y, order of rows, names of groups."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from mlgui.engine.fit import fit
from mlgui.engine.problem import Problem
from tests.engine.problems import STRUCTURES, groups, sleepstudy, structured

OPTIMUM = 1743.62827196


@pytest.mark.parametrize("shift", [2000.0, -4.5, 1e6])
def test_the_zero_of_x(shift: float) -> None:
    estimates, plain = fit(sleepstudy(shift=shift)), fit(sleepstudy())
    assert estimates.criterion == pytest.approx(OPTIMUM, abs=2e-8)
    # x + 1e6 holds x to 1e-10
    assert_allclose(estimates.fitted, plain.fitted, rtol=1e-8)
    assert_allclose(estimates.groups[0].mode[:, 1], plain.groups[0].mode[:, 1], rtol=1e-6)
    assert estimates.beta[1] == pytest.approx(plain.beta[1], rel=1e-9)
    assert estimates.certificate.passed


@pytest.mark.parametrize("scale", [1e8, 1e-8, 10.0])
def test_the_unit_of_x(scale: float) -> None:
    estimates = fit(sleepstudy(scale=scale))
    assert estimates.criterion == pytest.approx(OPTIMUM + 2 * np.log(scale), abs=2e-8)
    assert estimates.beta[1] * scale == pytest.approx(10.46728596, rel=1e-8)


@pytest.mark.parametrize(("shift", "scale"), [(1e9, 1.0), (0.0, 1e-12), (0.0, 1e12), (-3e5, 1e3)])
def test_the_zero_and_unit_of_y(shift: float, scale: float) -> None:
    problem = sleepstudy()
    estimates = fit(replace(problem, y=(problem.y + shift) * scale))
    # y + 1e9 holds y to 1e-7
    assert estimates.criterion == pytest.approx(OPTIMUM + 2 * 178 * np.log(scale), abs=1e-6)
    assert estimates.sigma == pytest.approx(25.5918158 * scale, rel=1e-8)


def test_a_block_that_spans_a_constant_is_centred() -> None:
    problem = sleepstudy()
    days = problem.x[:, 1]
    criteria = []
    for shift in (0.0, 1e6):
        z = np.column_stack([days > 4, days <= 4, days + shift]).astype(float)
        criteria.append(fit(replace(problem, groupings=(groups(problem.groupings[0].codes, z),))).criterion)
    assert criteria[0] == pytest.approx(criteria[1], abs=1e-7)


def relabelled(problem: Problem, rng: np.random.Generator) -> tuple[Problem, np.ndarray, list[np.ndarray]]:
    """The problem with rows in another order and groups under other numbers."""
    order = rng.permutation(problem.n)
    moved, names = [], []
    for one in problem.groupings:
        name = rng.permutation(one.n_groups)
        moved.append(replace(one, codes=name[one.codes][order].astype(np.int32), z=np.asfortranarray(one.z[order])))
        names.append(name)
    weights = None if problem.weights is None else problem.weights[order]
    changed = replace(
        problem, y=problem.y[order], x=np.asfortranarray(problem.x[order]), groupings=tuple(moved), weights=weights
    )
    return changed, order, names


@settings(max_examples=12, deadline=None, derandomize=True)
@given(kind=st.sampled_from(STRUCTURES), seed=st.integers(0, 1000))
def test_order_of_rows_and_names_of_groups(kind: str, seed: int) -> None:
    problem = structured(kind, seed)
    changed, order, names = relabelled(problem, np.random.default_rng(seed))
    one, other = fit(problem), fit(changed)
    assert other.criterion == pytest.approx(one.criterion, abs=1e-7)
    assert_allclose(other.fitted, one.fitted[order], atol=1e-4)
    for mine, yours, name in zip(one.groups, other.groups, names):
        assert_allclose(yours.mode[name], mine.mode, atol=1e-3)


@settings(max_examples=12, deadline=None, derandomize=True)
@given(
    kind=st.sampled_from(["one", "chain", "mixed", "chain of three"]),
    shift=st.floats(-1e4, 1e4),
    scale=st.sampled_from([1e-6, 0.1, 3.0, 1e6]),
    seed=st.integers(0, 50),
)
def test_zero_and_unit_of_x_where_the_model_is_closed(kind: str, shift: float, scale: float, seed: int) -> None:
    problem = structured(kind, seed)
    x = problem.x.copy()
    x[:, 1] = (x[:, 1] + shift) * scale
    moved = []
    for one in problem.groupings:
        z = one.z.copy(order="F")
        if z.shape[1] > 1:
            z[:, 1] = x[:, 1]
        moved.append(replace(one, z=z))
    one, other = fit(problem), fit(replace(problem, x=x, groupings=tuple(moved)))
    assert other.criterion - 2 * np.log(scale) == pytest.approx(one.criterion, abs=1e-6)
    assert_allclose(other.fitted, one.fitted, atol=1e-3)
