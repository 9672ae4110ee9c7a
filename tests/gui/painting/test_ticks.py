from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlgui.gui.painting.ticks import nice_step, nice_ticks, tick_labels


@pytest.mark.parametrize(
    ("low", "high", "target", "labels"),
    [
        (2.8, 20.4, 5, ("5", "10", "15", "20")),
        (-1.3, 0.9, 5, ("−1", "−0.5", "0", "0.5")),
        (0.0, 1.0, 2, ("0", "0.5", "1")),
        (-4.2, 4.2, 2, ("−4", "−2", "0", "2", "4")),
        (-2.5, 4.5, 7, ("−2", "−1", "0", "1", "2", "3", "4")),
    ],
)
def test_ticks_are_round_and_read_well(low: float, high: float, target: int, labels: tuple[str, ...]) -> None:
    assert tick_labels(nice_ticks(low, high, target)) == labels


def test_large_and_small_numbers_are_written_with_powers() -> None:
    assert tick_labels((0.0, 2e7, 4e7)) == ("0", "2×10⁷", "4×10⁷")
    assert tick_labels((1e-7, 2e-7)) == ("1×10⁻⁷", "2×10⁻⁷")


@pytest.mark.parametrize(("low", "high"), [(1.0, 1.0), (2.0, 1.0), (math.nan, 1.0), (0.0, math.inf)])
def test_there_are_no_ticks_on_an_axis_without_extent(low: float, high: float) -> None:
    assert nice_ticks(low, high, 5) == ()


@given(st.floats(-1e9, 1e9), st.floats(1e-6, 1e9), st.integers(2, 8))
def test_ticks_lie_inside_and_are_about_as_many_as_wanted(low: float, span: float, target: int) -> None:
    high = low + span
    ticks = nice_ticks(low, high, target)
    assert all(low - 1e-6 * span <= tick <= high + 1e-6 * span for tick in ticks)
    assert len(ticks) != 1 and len(ticks) <= 2 * target + 2
    assert nice_step(high - low, target) > 0
