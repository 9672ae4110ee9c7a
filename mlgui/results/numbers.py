"""How numbers become text: digits, minus signs, p-values, intervals. One place for screen, report and clipboard.

`plain=True` gives the variant for plain files: ASCII only, no thousands separators, an empty text for what is missing.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from mlgui.results.tables import Format, ResultColumn, ResultTable
from mlgui.words import tr

MINUS = "\u2212"
THIN_SPACE = "\u202f"
MISSING = "\u2013"
MAX_DECIMALS = 6


@dataclass(frozen=True, kw_only=True)
class Writing:
    """How numbers for people are written. decimals: at least so many of estimates. p_decimals: of p. comma: the decimal mark."""

    decimals: int = 2
    p_decimals: int = 3
    comma: bool = False


_writing = Writing()


def use_writing(writing: Writing) -> None:
    """Write numbers for people so from now on; plain files never follow it."""
    global _writing
    _writing = writing


def writing() -> Writing:
    """Return how numbers for people are written now."""
    return _writing


def number(value: float, decimals: int = 2, *, plain: bool = False) -> str:
    """Return `value` with fixed decimals, commas between thousands and a true minus; never a negative zero."""
    if math.isnan(value):
        return "" if plain else MISSING
    if math.isinf(value):
        sign = "-" if value < 0 else ""
        return f"{sign}Inf" if plain else f"{MINUS if value < 0 else ''}\u221e"
    text = f"{value:.{decimals}f}" if plain else f"{value:,.{decimals}f}"
    if text.startswith("-") and not any(digit in "123456789" for digit in text):
        text = text[1:]
    if plain:
        return text
    if _writing.comma:
        text = text.translate(_WITH_COMMA)
    return text.replace("-", MINUS)


_WITH_COMMA = str.maketrans({",": THIN_SPACE, ".": ","})


def count(value: int, *, plain: bool = False) -> str:
    """Return a whole number."""
    return number(value, 0, plain=plain)


def p_value(p: float, *, plain: bool = False) -> str:
    """Return a p-value with three decimals; below 0.001 it reads "< 0.001". Other decimals where the user wants them."""
    decimals = Writing().p_decimals if plain else _writing.p_decimals
    floor: float = 10**-decimals
    if p < floor:
        return f"{'<' if plain else '< '}{number(floor, decimals, plain=plain)}"
    return number(p, decimals, plain=plain)


def degrees_of_freedom(df: float, *, plain: bool = False) -> str:
    """Return degrees of freedom: one decimal below 100, whole above."""
    return number(df, 1 if abs(df) < 99.95 else 0, plain=plain)


def percent(share: float, decimals: int = 0, *, plain: bool = False) -> str:
    """Return a share as a percentage: 0.18 is "18 %"."""
    if math.isnan(share):
        return number(share, plain=plain)
    return number(100 * share, decimals, plain=plain) + ("%" if plain else f"{THIN_SPACE}%")


def interval(low: float, high: float, decimals: int = 2, *, plain: bool = False) -> str:
    """Return "11.29 to 12.21", or the mark of a missing number where there is none."""
    if math.isnan(low) or math.isnan(high):
        return number(math.nan, plain=plain)
    return tr("{low} to {high}").format(low=number(low, decimals, plain=plain), high=number(high, decimals, plain=plain))


def seconds(value: float) -> str:
    """Return a duration in the unit that reads best: "14 ms", "1.2 s", "2 min 5 s"."""
    if value < 0.9995:
        return tr("{n} ms").format(n=number(max(1, round(1000 * value)), 0))
    if value < 59.95:
        return tr("{n} s").format(n=number(value, 1))
    whole = round(value)
    return tr("{m} min {s} s").format(m=whole // 60, s=whole % 60)


def decimals_for(values: Iterable[float], errors: Iterable[float] = ()) -> int:
    """Return the decimals of a column of estimates: the smallest standard error keeps two significant digits.

    Without errors the smallest value other than zero does. At least two decimals are kept, unless the numbers are so
    large (errors of 10 and more) that these would say nothing; at most six.
    """
    least = _writing.decimals
    sizes = [abs(error) for error in errors if math.isfinite(error) and error != 0]
    if not sizes:
        sizes = [abs(value) for value in values if math.isfinite(value) and value != 0]
        return max(least, _decimals_of(min(sizes), 2)) if sizes else least
    smallest = min(sizes)
    usual = 2 if smallest < 10 else 1 if smallest < 100 else 0
    return max(_decimals_of(smallest, 2), usual if least == Writing().decimals else least)


def decimals_of_spread(sds: Iterable[float]) -> int:
    """Return the decimals of a column of standard deviations: the smallest keeps two significant digits, down to 1/1000."""
    sizes = [sd for sd in sds if math.isfinite(sd) and sd > 0]
    if not sizes:
        return _writing.decimals
    floor, usual = max(sizes) / 1000, 2 if max(sizes) < 100 else 1
    least = usual if _writing.decimals == Writing().decimals else _writing.decimals
    return max(_decimals_of(max(min(sizes), floor), 2), least)


def short(value: float, digits: int = 2, *, scale: float | None = None) -> str:
    """Return `value` for running text, with `digits` significant digits of `scale` (itself where none is given)."""
    size = abs(value if scale is None else scale)
    if not math.isfinite(size) or size == 0:
        return number(value, 1)
    return number(value, _decimals_of(size, digits))


def reading(value: float, scale: float = 0.0) -> str:
    """Return `value` for a sentence: one decimal from 1 to 100, none above, two significant digits below 1.

    scale: the size that settles the decimals where it is larger than the value, such as its standard error.
    """
    return reading_like(value, max(abs(value), abs(scale)))


def reading_like(value: float, size: float) -> str:
    """Return `value` with the decimals `reading` gives to a number of this size."""
    if not math.isfinite(size) or size == 0:
        return number(value, 1)
    return number(value, 0 if size >= 99.95 else 1 if size >= 0.995 else _decimals_of(size, 2))


def given(value: float) -> str:
    """Return a value of the data as it would be written: four significant digits, no trailing zeros."""
    if abs(value) >= 10_000:
        return number(value, 0)
    text = f"{value:.4g}".replace("-", MINUS)
    return text.replace(".", ",") if _writing.comma else text


def fact(value: float, *, plain: bool = False) -> str:
    """Return a number of a list of facts: a count as it is, else one decimal from 100 on and three below."""
    if isinstance(value, int):
        return count(value, plain=plain)
    return number(value, 1 if abs(value) >= 99.95 else 3, plain=plain)


def cell(value: object, column: ResultColumn, *, plain: bool = False) -> str:
    """Return one cell of a result table as text, in the format of its column."""
    if value is None:
        return "" if plain else MISSING
    if not isinstance(value, int | float):
        return str(value)
    if column.format is Format.NUMBER:
        return number(float(value), column.decimals, plain=plain)
    if column.format is Format.PERCENT:
        return percent(float(value), column.decimals, plain=plain)
    if column.format is Format.COUNT:
        return number(float(value), 0, plain=plain)
    if column.format is Format.DF:
        return degrees_of_freedom(float(value), plain=plain)
    if column.format is Format.MIXED:
        return fact(value, plain=plain)
    return p_value(float(value), plain=plain) if column.format is Format.P else str(value)


def text_rows(table: ResultTable, *, plain: bool = False) -> list[tuple[str, ...]]:
    """Return the rows of a table as formatted texts."""
    columns = [[cell(value, column, plain=plain) for value in column.cells] for column in table.columns]
    return list(zip(*columns, strict=True))


def _decimals_of(size: float, digits: int) -> int:
    """Return the decimals with which `size` shows `digits` significant digits, between 0 and MAX_DECIMALS."""
    return min(max(digits - 1 - math.floor(math.log10(size)), 0), MAX_DECIMALS)
