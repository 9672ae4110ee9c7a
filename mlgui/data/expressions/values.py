"""What an expression is worth in every row: numbers, truth values or texts, and how columns become them and back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from mlgui.data.kinds import label_of_number, sort_levels
from mlgui.data.table import CODED, Column, Kind
from mlgui.errors import UserError
from mlgui.words import tr

Floats = NDArray[np.float64]
Codes = NDArray[np.int32]
Array = Floats | Codes


class Type(StrEnum):
    """What values are."""

    NUMBER = "number"
    TRUTH = "truth value"
    TEXT = "text"


@dataclass(frozen=True, kw_only=True, eq=False)
class Value:
    """Values of n rows, or of one for all rows. position: in the expression, for messages.

    NUMBER: float64, NaN missing. TRUTH: float64 of 0, 1, NaN. TEXT: int32 codes into `levels`, -1 missing.
    ordered: whether the order of levels means something. unit: "D" or "s" for numbers that count days or seconds since 1970.
    """

    type: Type
    array: Array
    position: int
    levels: tuple[str, ...] = ()
    ordered: bool = False
    unit: str = ""

    @property
    def floats(self) -> Floats:
        """The values as numbers; of truth values 0 and 1."""
        return np.asarray(self.array, dtype=np.float64)

    @property
    def codes(self) -> Codes:
        """The codes of a text."""
        return np.asarray(self.array, dtype=np.int32)

    @property
    def missing(self) -> NDArray[np.bool_]:
        """Where there is no value."""
        return np.asarray(self.codes < 0) if self.type is Type.TEXT else np.isnan(self.floats)


def number(array: Floats, position: int) -> Value:
    """Return numbers; what is infinite is missing."""
    values = np.asarray(array, dtype=np.float64)
    infinite = np.isinf(values)
    return Value(type=Type.NUMBER, array=np.where(infinite, np.nan, values) if infinite.any() else values, position=position)


def truth(array: Floats, position: int) -> Value:
    """Return truth values: 0, 1 and NaN."""
    return Value(type=Type.TRUTH, array=np.asarray(array, dtype=np.float64), position=position)


def text(codes: NDArray[np.integer], levels: Sequence[str], position: int, *, ordered: bool = False) -> Value:
    """Return texts; levels may repeat, and then count as one."""
    place: dict[str, int] = {}
    lookup = np.array([*(place.setdefault(level, len(place)) for level in levels), -1], dtype=np.int32)
    return Value(type=Type.TEXT, array=lookup[codes], levels=tuple(place), position=position, ordered=ordered)


def of_column(column: Column, position: int) -> Value:
    """Return the values of a column; dates count days, points in time seconds, since 1970."""
    if column.kind is Kind.BOOLEAN:
        lookup = np.array([*(float(level.casefold() == "true") for level in column.levels), np.nan])
        return truth(lookup[column.values.astype(np.int32)], position)
    if column.kind in CODED:
        ordered = column.kind in (Kind.ORDERED, Kind.LABELLED)
        codes = np.asarray(column.values, dtype=np.int32)
        return Value(type=Type.TEXT, array=codes, levels=column.levels, position=position, ordered=ordered)
    if column.kind is Kind.DATE:
        days = np.where(column.missing, np.nan, column.values.astype(np.int64))
        return Value(type=Type.NUMBER, array=days, position=position, unit="D")
    if column.kind is Kind.DATETIME:
        seconds = np.where(column.missing, np.nan, column.values.astype(np.int64) / 1e6)
        return Value(type=Type.NUMBER, array=seconds, position=position, unit="s")
    return Value(type=Type.NUMBER, array=np.asarray(column.values, dtype=np.float64), position=position)


def to_column(value: Value, name: str, n_rows: int, label: str = "") -> Column:
    """Return values as a column: numbers, yes/no, or a category with the levels that occur."""
    array = np.array(np.broadcast_to(value.array, (n_rows,)))
    if value.type is Type.NUMBER:
        return Column(name=name, kind=Kind.NUMBER, values=array.astype(np.float64), label=label)
    if value.type is Type.TRUTH:
        codes = np.where(np.isnan(array), -1, array).astype(np.int32)
        return Column(name=name, kind=Kind.BOOLEAN, values=codes, levels=("false", "true"), label=label)
    return _category(array.astype(np.int32), value, name, label)


def _category(codes: Codes, value: Value, name: str, label: str) -> Column:
    present = np.bincount(codes[codes >= 0], minlength=len(value.levels)) > 0
    kept = [level for level, there in zip(value.levels, present.tolist(), strict=True) if there]
    levels = tuple(kept) if value.ordered else sort_levels(kept)
    place = {level: code for code, level in enumerate(levels)}
    lookup = np.array([*(place.get(level, -1) for level in value.levels), -1], dtype=np.int32)
    kind = Kind.ORDERED if value.ordered else Kind.CATEGORY
    return Column(name=name, kind=kind, values=lookup[codes], levels=levels, label=label)


def numbers_of(value: Value) -> Floats:
    """Return the numbers of a value (truth values count 0 and 1). UserError for texts."""
    if value.type is not Type.TEXT:
        return value.floats
    raise UserError(
        tr("A number is needed here, and this is a text."),
        tr("It holds “{example}”, for one.").format(example=value.levels[0][:40]) if value.levels else "",
        tr("Write number(...) around it if its texts are numbers."),
        position=value.position,
    )


def truths_of(value: Value) -> Floats:
    """Return truth values as 0, 1, NaN. UserError for texts, and for numbers other than 0 and 1."""
    if value.type is Type.TRUTH:
        return value.floats
    if value.type is Type.NUMBER and bool((np.isin(value.floats, (0.0, 1.0)) | value.missing).all()):
        return value.floats
    raise UserError(
        tr("A condition is needed here, which is true or false."),
        "",
        tr('Write a comparison, such as x > 3 or g = "a".'),
        position=value.position,
    )


def texts_of(value: Value) -> Value:
    """Return a value as texts: numbers as they are written, truth values as “true” and “false”."""
    if value.type is Type.TEXT:
        return value
    if value.type is Type.TRUTH:
        codes = np.where(np.isnan(value.floats), -1, value.floats).astype(np.int32)
        return Value(type=Type.TEXT, array=codes, levels=("false", "true"), position=value.position)
    missing = value.missing
    distinct, inverse = np.unique(value.floats[~missing], return_inverse=True)
    codes = np.full(value.array.shape, -1, dtype=np.int32)
    codes[~missing] = inverse
    return Value(type=Type.TEXT, array=codes, levels=tuple(map(label_of_number, distinct.tolist())), position=value.position)


def together(values: Sequence[Value]) -> tuple[Type, list[Array], tuple[str, ...]]:
    """Return a common type, the arrays in it and the levels they share: texts if any is one, else numbers or truth values.

    A literal `missing` fits any type. UserError where texts meet numbers.
    """
    given = [value for value in values if not (value.array.size == 1 and bool(value.missing.all()))]
    types = {value.type for value in given} or {Type.NUMBER}
    if Type.TEXT in types and len(types) > 1:
        odd = next(value for value in given if value.type is not given[0].type)
        raise UserError(
            tr("Texts and numbers are mixed here."),
            "",
            tr("Write text(...) around the number, or number(...) around the text."),
            position=odd.position,
        )
    if Type.TEXT not in types:
        return (Type.TRUTH if types == {Type.TRUTH} else Type.NUMBER), [value.floats for value in values], ()
    place: dict[str, int] = {}
    arrays: list[Array] = []
    for value in values:
        levels = value.levels if value.type is Type.TEXT else ()
        lookup = np.array([*(place.setdefault(level, len(place)) for level in levels), -1], dtype=np.int32)
        arrays.append(lookup[value.codes] if value.type is Type.TEXT else np.full(value.array.shape, -1, dtype=np.int32))
    return Type.TEXT, arrays, tuple(place)
