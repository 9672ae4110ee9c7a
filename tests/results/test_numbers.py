"""Text of numbers: what a reader sees, character by character."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlgui.results import numbers
from mlgui.results.tables import Format, ResultColumn, ResultTable


@pytest.mark.parametrize(
    ("value", "decimals", "text", "plain"),
    [
        (-1.313, 2, "\u22121.31", "-1.31"),
        (-0.001, 2, "0.00", "0.00"),
        (46569.11, 1, "46,569.1", "46569.1"),
        (math.nan, 2, "\u2013", ""),
        (math.inf, 2, "\u221e", "Inf"),
        (-math.inf, 2, "\u2212\u221e", "-Inf"),
        (0.0, 0, "0", "0"),
        (-0.4, 0, "0", "0"),
    ],
)
def test_number(value: float, decimals: int, text: str, plain: str) -> None:
    assert numbers.number(value, decimals) == text
    assert numbers.number(value, decimals, plain=True) == plain


@given(st.floats(allow_nan=False, allow_infinity=False, width=32), st.integers(0, 6))
def test_plain_numbers_read_back(value: float, decimals: int) -> None:
    text = numbers.number(value, decimals, plain=True)
    assert text.isascii()
    assert not text.startswith("-0") or float(text) < 0
    # Rounding to `decimals` moves a number by at most half a unit of the last decimal, and by its own rounding error.
    assert abs(float(text) - value) <= 0.5 * 10**-decimals * (1 + 1e-9) + abs(value) * 1e-15


@pytest.mark.parametrize(
    ("p", "text"),
    [(1e-97, "< 0.001"), (0.000999, "< 0.001"), (0.001, "0.001"), (0.0416, "0.042"), (1.0, "1.000"), (math.nan, "\u2013")],
)
def test_p_values_never_read_zero(p: float, text: str) -> None:
    assert numbers.p_value(p) == text


def test_degrees_of_freedom_are_whole_above_a_hundred() -> None:
    assert numbers.degrees_of_freedom(152.41) == "152"
    assert numbers.degrees_of_freedom(1358.06) == "1,358"
    assert numbers.degrees_of_freedom(17.0) == "17.0"


def test_intervals_and_percentages() -> None:
    assert numbers.interval(11.2938, 12.2098) == "11.29 to 12.21"
    assert numbers.interval(-1.736, -0.8904) == "\u22121.74 to \u22120.89"
    assert numbers.interval(math.nan, 1.0) == "\u2013"
    assert numbers.percent(0.1803) == "18\u202f%"
    assert numbers.percent(0.1803, 1, plain=True) == "18.0%"


@pytest.mark.parametrize(("value", "text"), [(0.014, "14 ms"), (0.0001, "1 ms"), (1.24, "1.2 s"), (125.2, "2 min 5 s")])
def test_durations(value: float, text: str) -> None:
    assert numbers.seconds(value) == text


def test_decimals_follow_the_standard_errors() -> None:
    assert numbers.decimals_for([11.75, 2.96], [0.23, 0.14]) == 2
    assert numbers.decimals_for([251.4, 10.5], [6.8, 1.5]) == 2
    assert numbers.decimals_for([0.0012], [0.00034]) == 5
    assert numbers.decimals_for([30000.0], [1200.0]) == 0
    assert numbers.decimals_for([math.nan], [math.nan]) == 2
    assert numbers.decimals_of_spread([1.95, 0.275, 6.07]) == 2
    assert numbers.decimals_of_spread([0.0, 0.0]) == 2


def test_short_numbers_for_sentences() -> None:
    assert numbers.short(11.7518, 1, scale=0.23) == "11.8"
    assert numbers.short(1.9549, 2) == "2.0"
    assert numbers.short(0.27543, 2) == "0.28"
    assert numbers.short(0.0, 2) == "0.0"


def test_tables_are_formatted_by_column() -> None:
    table = ResultTable(
        key="k",
        title="t",
        columns=(
            ResultColumn(key="a", heading="a", cells=["x", None]),
            ResultColumn(key="b", heading="b", cells=[1.256, math.nan], format=Format.NUMBER, decimals=1),
            ResultColumn(key="c", heading="c", cells=[1200, 3], format=Format.COUNT),
            ResultColumn(key="d", heading="d", cells=[0.5, 0.123], format=Format.PERCENT, decimals=0),
            ResultColumn(key="e", heading="e", cells=[0.5, 0.0001], format=Format.P),
            ResultColumn(key="f", heading="f", cells=[5.0, 123.4], format=Format.DF),
        ),
    )
    assert numbers.text_rows(table) == [
        ("x", "1.3", "1,200", "50\u202f%", "0.500", "5.0"),
        ("\u2013", "\u2013", "3", "12\u202f%", "< 0.001", "123"),
    ]
    assert numbers.text_rows(table, plain=True)[1] == ("", "", "3", "12%", "<0.001", "123")
