"""The functions that look at one row at a time."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from mlgui.data.expressions.tree import Call, Literal
from mlgui.data.expressions.values import (
    Codes,
    Floats,
    Type,
    Value,
    number,
    numbers_of,
    text,
    texts_of,
    together,
    truth,
    truths_of,
)
from mlgui.data.kinds import label_of_number
from mlgui.data.numbers import read_numbers
from mlgui.errors import UserError
from mlgui.words import tr

Mask = NDArray[np.bool_]
Function = Callable[[Call, list[Value]], Value]
MOST_CHARACTERS = 10_000
"""Longest text a function makes."""


def _of_numbers(compute: Callable[[Floats], Floats]) -> Function:
    """Return a function of one number."""
    return lambda call, arguments: number(compute(numbers_of(arguments[0])), call.position)


def _of_texts(change: Callable[[str], str]) -> Function:
    """Return a function of one text."""

    def apply(call: Call, arguments: list[Value]) -> Value:
        value = texts_of(arguments[0])
        return text(value.codes, [change(level) for level in value.levels], call.position)

    return apply


def _about_texts(holds: Callable[[str, str], bool]) -> Function:
    """Return a condition on a text and a fixed text."""

    def apply(call: Call, arguments: list[Value]) -> Value:
        value, part = texts_of(arguments[0]), _fixed_text(arguments[1])
        answers = np.array([*(float(holds(level, part)) for level in value.levels), np.nan])
        return truth(answers[value.codes], call.position)

    return apply


def _fixed_text(value: Value) -> str:
    """Return the one text of an argument. UserError where it differs by row."""
    if value.type is Type.TEXT and value.array.size == 1 and value.levels:
        return value.levels[0]
    raise UserError(tr("A text in quotation marks belongs here."), position=value.position)


def fixed_number(value: Value) -> float:
    """Return the one number of an argument. UserError where it differs by row or is missing."""
    if value.type is Type.NUMBER and value.array.size == 1 and not bool(value.missing.any()):
        return float(value.floats[0])
    raise UserError(tr("A number belongs here, the same for all rows."), position=value.position)


def _round(call: Call, arguments: list[Value]) -> Value:
    digits = fixed_number(arguments[1]) if len(arguments) > 1 else 0.0
    if not (digits.is_integer() and -15 <= digits <= 15):
        raise UserError(tr("The number of decimals must be whole, from -15 to 15."), position=arguments[1].position)
    return number(np.round(numbers_of(arguments[0]), int(digits)), call.position)


def _mod(call: Call, arguments: list[Value]) -> Value:
    return number(np.mod(numbers_of(arguments[0]), numbers_of(arguments[1])), call.position)


def _if(call: Call, arguments: list[Value]) -> Value:
    condition = truths_of(arguments[0])
    return _chosen(call, [(condition == 1.0), (condition == 0.0)], arguments[1:])


def _coalesce(call: Call, arguments: list[Value]) -> Value:
    return _chosen(call, [~argument.missing for argument in arguments], arguments)


def _chosen(call: Call, where: list[Mask], values: list[Value]) -> Value:
    """Return in each row the first value whose condition holds, missing where none does."""
    kind, arrays, levels = together(values)
    shape = np.broadcast_shapes(*(array.shape for array in arrays), *(condition.shape for condition in where))
    nothing = -1 if kind is Type.TEXT else np.nan
    result = np.full(shape, nothing, dtype=arrays[0].dtype)
    for condition, array in reversed(list(zip(where, arrays, strict=True))):
        result = np.where(condition, array, result)
    ordered = any(value.ordered and value.levels == levels for value in values)
    return Value(type=kind, array=result, levels=levels, position=call.position, ordered=ordered)


def _is_missing(call: Call, arguments: list[Value]) -> Value:
    return truth(arguments[0].missing.astype(np.float64), call.position)


def _recode(call: Call, arguments: list[Value]) -> Value:
    """Return the argument with listed values replaced; the others as `else` says, or as they were."""
    value = arguments[0]
    old = value if value.type is not Type.TRUTH else texts_of(value)
    new = [_literal(pair[1]) for pair in call.pairs]
    where = [_equals(old, pair[0]) for pair in call.pairs]
    listed = np.logical_or.reduce(np.broadcast_arrays(*where)) if where else np.zeros(1, dtype=bool)
    rest = _literal(call.otherwise) if call.otherwise is not None else _unlisted(value, new, listed)
    gone = value.missing if call.otherwise is not None else np.zeros(1, dtype=bool)
    return _chosen(call, [*where, ~gone], [*new, rest])


def _unlisted(value: Value, new: list[Value], listed: Mask) -> Value:
    """Return what values that are not listed become: themselves. UserError where that would mix texts and numbers."""
    makes_text = any(literal.type is Type.TEXT for literal in new)
    makes_numbers = not makes_text and any(not literal.missing.all() for literal in new)
    if makes_text and value.type is not Type.TEXT:
        return texts_of(value)
    if value.type is not Type.TEXT or not makes_numbers:
        return value
    left = value.codes[~listed & ~value.missing]
    if left.size:
        level = value.levels[int(left[0])]
        raise UserError(
            tr("“{level}” is given no number.").format(level=level[:40]),
            tr("The other values become numbers."),
            tr("List it too, or write else = missing."),
            position=value.position,
        )
    return number(np.full(1, np.nan), value.position)


def _equals(value: Value, wanted: Literal) -> Mask:
    if wanted.value is None:
        return value.missing
    if value.type is Type.TEXT:
        word = str(wanted.value).lower() if isinstance(wanted.value, bool) else wanted.value
        word = word if isinstance(word, str) else label_of_number(word)
        matches = np.array([*(level == word for level in value.levels), False])
        return np.asarray(matches[value.codes])
    if isinstance(wanted.value, str):
        raise UserError(
            tr("This column holds numbers, and “{text}” is a text.").format(text=wanted.value[:40]),
            "",
            tr("Write the number without quotation marks."),
            position=wanted.position,
        )
    return np.asarray(value.floats == float(wanted.value))


def _literal(tree: Literal) -> Value:
    if tree.value is None:
        return number(np.full(1, np.nan), tree.position)
    if isinstance(tree.value, str):
        return text(np.zeros(1, dtype=np.int32), (tree.value,), tree.position)
    return number(np.full(1, float(tree.value)), tree.position)


def _cut(call: Call, arguments: list[Value]) -> Value:
    """Return ordered categories between limits: a value at a limit belongs above it. Texts after the limits are labels."""
    limits = [fixed_number(argument) for argument in arguments[1:] if argument.type is not Type.TEXT]
    labels = [_fixed_text(argument) for argument in arguments[1:] if argument.type is Type.TEXT]
    if not limits or any(a >= b for a, b in pairwise(limits)):
        raise UserError(tr("The limits of cut must ascend."), "", tr("Write cut(x, 10, 20)."), position=call.position)
    if labels and (len(labels) != len(limits) + 1 or len(set(labels)) < len(labels)):
        why = tr("{n} limits make {m} categories.").format(n=len(limits), m=len(limits) + 1)
        raise UserError(tr("The labels of cut do not fit its limits."), why, tr("Name each once."), position=call.position)
    values = numbers_of(arguments[0])
    codes = np.where(np.isnan(values), -1, np.searchsorted(limits, values, side="right")).astype(np.int32)
    return text(codes, labels or cut_labels(limits), call.position, ordered=True)


def cut_labels(limits: list[float]) -> list[str]:
    """Return the names of the categories between limits: below 10, 10 to 20, 20 and more."""
    words = [label_of_number(limit) for limit in limits]
    between = [tr("{low} to below {high}").format(low=low, high=high) for low, high in pairwise(words)]
    return [tr("below {limit}").format(limit=words[0]), *between, tr("{limit} or more").format(limit=words[-1])]


def _substring(call: Call, arguments: list[Value]) -> Value:
    first, last = (int(fixed_number(argument)) for argument in arguments[1:])
    value = texts_of(arguments[0])
    return text(value.codes, [level[max(first - 1, 0) : max(last, 0)] for level in value.levels], call.position)


def _replace(call: Call, arguments: list[Value]) -> Value:
    value, old, new = texts_of(arguments[0]), _fixed_text(arguments[1]), _fixed_text(arguments[2])
    changed = [level.replace(old, new)[:MOST_CHARACTERS] if old else level for level in value.levels]
    return text(value.codes, changed, call.position)


def _join(call: Call, arguments: list[Value]) -> Value:
    """Return texts put together, missing where one of them is."""
    joined = texts_of(arguments[0])
    for argument in arguments[1:]:
        joined = _joined(joined, texts_of(argument), call.position)
    return joined


def _joined(left: Value, right: Value, position: int) -> Value:
    width = max(len(right.levels), 1)
    pairs = left.codes.astype(np.int64) * width + right.codes
    missing = (left.codes < 0) | (right.codes < 0)
    present, inverse = np.unique(pairs[~missing], return_inverse=True)
    levels = [(left.levels[i // width] + right.levels[i % width])[:MOST_CHARACTERS] for i in present.tolist()]
    codes: Codes = np.full(pairs.shape, -1, dtype=np.int32)
    codes[~missing] = inverse
    return text(codes, levels, position)


def _number(call: Call, arguments: list[Value]) -> Value:
    value = arguments[0]
    if value.type is not Type.TEXT:
        return number(value.floats, call.position)
    read = [read_numbers([level], ".", mark_known=True).values[0] for level in value.levels]
    lookup = np.array([*(np.nan if found is None else found for found in read), np.nan], dtype=np.float64)
    return number(lookup[value.codes], call.position)


def _text(call: Call, arguments: list[Value]) -> Value:
    return texts_of(arguments[0])


def _date_part(unit: str) -> Function:
    """Return a function of a date: its year, month or day."""

    def apply(call: Call, arguments: list[Value]) -> Value:
        value = arguments[0]
        if not value.unit:
            raise UserError(tr("A column of dates belongs here."), position=value.position)
        missing = value.missing
        whole = np.where(missing, 0, value.floats).astype(np.int64).astype(f"datetime64[{value.unit}]")
        coarse = {"Y": "Y", "M": "M", "D": "D"}[unit]
        start = {"Y": "datetime64[Y]", "M": "datetime64[Y]", "D": "datetime64[M]"}[unit]
        parts = whole.astype(f"datetime64[{coarse}]")
        found = (parts - parts.astype(start)).astype(np.int64) + 1 if unit != "Y" else parts.astype(np.int64) + 1970
        return number(np.where(missing, np.nan, found.astype(np.float64)), call.position)

    return apply


CALLS: dict[str, Function] = {
    "log": _of_numbers(np.log), "log2": _of_numbers(np.log2), "log10": _of_numbers(np.log10), "log1p": _of_numbers(np.log1p),
    "exp": _of_numbers(np.exp), "sqrt": _of_numbers(np.sqrt), "abs": _of_numbers(np.abs),
    "floor": _of_numbers(np.floor), "ceiling": _of_numbers(np.ceil), "round": _round, "mod": _mod,
    "if": _if, "coalesce": _coalesce, "is_missing": _is_missing, "recode": _recode, "cut": _cut,
    "upper": _of_texts(str.upper), "lower": _of_texts(str.lower), "trim": _of_texts(str.strip),
    "substring": _substring, "replace": _replace, "join": _join,
    "contains": _about_texts(lambda level, part: part in level), "starts_with": _about_texts(str.startswith),
    "number": _number, "text": _text, "year": _date_part("Y"), "month": _date_part("M"), "day": _date_part("D"),
}  # fmt: skip
"""Every function of one row, by its name in `FUNCTIONS`."""
