"""The quasi-Newton search on functions whose minimum is known, and on some that have none or break off."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from mlgui.engine.problem import Floats
from mlgui.engine.quasi_newton import lowest


def rosenbrock(at: Floats) -> tuple[float, Floats]:
    a, b = at
    value = (1 - a) ** 2 + 100 * (b - a * a) ** 2
    return float(value), np.array([-2 * (1 - a) - 400 * a * (b - a * a), 200 * (b - a * a)])


@pytest.mark.parametrize("start", [(-1.2, 1.0), (3.0, -2.0), (0.0, 0.0)])
def test_a_curved_valley(start: tuple[float, float]) -> None:
    found = lowest(rosenbrock, np.array(start))
    # the search ends where the predicted fall is below 1e-9 or so
    assert_allclose(found.at, [1.0, 1.0], atol=1e-3)
    assert found.value < 1e-7


def test_a_start_without_a_value_is_given_back() -> None:
    found = lowest(lambda at: (np.inf, np.zeros(1)), np.array([2.0]))
    assert np.isinf(found.value)
    assert found.at[0] == 2.0


def test_a_cliff_is_not_crossed() -> None:
    """The function has no value to the left of 1; its slope points there, and the minimum is at the edge."""

    def cliff(at: Floats) -> tuple[float, Floats]:
        if at[0] < 1.0:
            return np.inf, np.full(1, np.nan)
        return float(at[0] ** 2), 2 * at

    found = lowest(cliff, np.array([3.0]))
    assert 1.0 <= found.at[0] < 1.1


def test_slopes_that_are_not_there_beside_the_start() -> None:
    """Differences of the gradient fail at the start: the search begins with the unit matrix instead."""

    def bowl(at: Floats) -> tuple[float, Floats]:
        if 3.0 < at[0] < 3.01:
            return np.inf, np.full(1, np.nan)
        return float((at[0] - 1) ** 2), 2 * (at - 1)

    assert lowest(bowl, np.array([3.0])).at[0] == pytest.approx(1.0, abs=1e-4)


def test_a_flat_direction_of_the_hessian_is_no_overflow() -> None:
    found = lowest(rosenbrock, np.array([-1.0, 1.0]), np.diag([0.0, 1.0]))
    assert found.value < 1e-6


def test_a_slope_without_end_ends_the_search() -> None:
    found = lowest(lambda at: (1.0, np.full(1, -np.inf)), np.array([2.0]), np.eye(1))
    assert found.at[0] == 2.0


def test_curvature_that_is_not_positive_is_damped() -> None:
    def wave(at: Floats) -> tuple[float, Floats]:
        return float(np.cos(at[0]) + 0.05 * at[0] ** 2), np.array([-np.sin(at[0]) + 0.1 * at[0]])

    found = lowest(wave, np.array([0.1]), np.array([[1.0]]))  # the start lies on top of the wave
    assert abs(wave(found.at)[1][0]) < 1e-3
    assert found.value < wave(np.array([0.1]))[0] - 1


def test_a_hessian_that_misleads_is_made_anew() -> None:
    found = lowest(rosenbrock, np.array([-1.0, 1.0]), np.diag([1e-8, 1e8]))
    assert found.value < 1e-6
