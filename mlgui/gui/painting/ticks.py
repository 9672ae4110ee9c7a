"""Where ticks go and how they read: steps of 1, 2 or 5 times a power of ten."""

from __future__ import annotations

import math
from itertools import pairwise

from mlgui.results.numbers import number

_STEPS = (1.0, 2.0, 5.0, 10.0)
_TOO_LARGE = 1e7
_NARROWEST = 1e-10
_TOO_SMALL_DECIMALS = 5
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def nice_step(span: float, target: int) -> float:
    """Return the step 1, 2 or 5 times a power of ten that cuts `span` into as nearly `target` parts as such steps can.

    1.0 where span is zero or not finite.
    """
    if not math.isfinite(span) or span <= 0:
        return 1.0
    raw = span / max(target, 1)
    power = 10.0 ** math.floor(math.log10(raw))
    return min(_STEPS, key=lambda step: abs(math.log(step * power / raw))) * power


def nice_ticks(low: float, high: float, target: int) -> tuple[float, ...]:
    """Return round values inside [low, high], about `target` of them and two at least; () where it is empty or not finite.

    A range too narrow for binary64 to tell its values apart counts as empty.
    """
    if not (math.isfinite(low) and math.isfinite(high)) or high - low <= _NARROWEST * max(abs(low), abs(high)):
        return ()
    for wanted in range(target, 2 * target + 2):
        step = nice_step(high - low, wanted)
        first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
        if last > first:  # one tick says nothing about the scale
            break
    return tuple(index * step for index in range(first, last + 1))


def tick_labels(values: tuple[float, ...]) -> tuple[str, ...]:
    """Return the texts of ticks: no more decimals than each needs, a true minus sign, thin spaces between thousands."""
    if not values:
        return ()
    step = min((b - a for a, b in pairwise(values)), default=abs(values[0]) or 1.0)
    if max(abs(value) for value in values) >= _TOO_LARGE or _decimals(step) > _TOO_SMALL_DECIMALS:
        return tuple(_scientific(value, step) for value in values)
    return tuple(_shortest(value, _decimals(step)) for value in values)


def _shortest(value: float, decimals: int) -> str:
    text = number(value, decimals)
    return text.rstrip("0").rstrip(".") if "." in text else text


def _decimals(step: float) -> int:
    decimals = 0
    while decimals < 12 and abs(step - round(step, decimals)) > 1e-6 * step:
        decimals += 1
    return decimals


def _scientific(value: float, step: float) -> str:
    if abs(value) < step * 1e-6:
        return "0"
    power = math.floor(math.log10(abs(value)) + 1e-12)
    mantissa = value / 10.0**power
    return number(mantissa, min(_decimals(step / 10.0**power), 6)) + "×10" + str(power).translate(_SUPERSCRIPTS)
