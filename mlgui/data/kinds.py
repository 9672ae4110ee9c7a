"""Number, category, ordered, text, date: what a column is taken for at first, and how it becomes another kind."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from mlgui.data.numbers import read_numbers
from mlgui.data.table import CODED, Column, Kind
from mlgui.errors import UserError
from mlgui.words import tr

_FEW_LEVELS = 20
_DIGITS = re.compile(r"(\d+)")
_TRUTH_WORDS = ("false", "true")


def natural_key(text: str) -> tuple[tuple[tuple[int, int, str], ...], str]:
    """Return a key that sorts labels as a reader expects: a2 before a10, case only as a last resort."""
    parts = _DIGITS.split(text.casefold())
    return tuple(_key_of_part(part) for part in parts if part), text


def _key_of_part(part: str) -> tuple[int, int, str]:
    """Return a key that puts numbers first, by value: the longer without zeros in front is the larger, of any length."""
    if part.isascii() and part.isdigit():
        digits = part.lstrip("0")
        return 0, len(digits), digits
    return 1, 0, part


def sort_levels(texts: Iterable[str]) -> tuple[str, ...]:
    """Return labels in natural order; labels that are all numbers by their value."""
    labels = list(texts)
    numbers = read_numbers(labels, ".", mark_known=True)
    if labels and numbers.complete:
        return tuple(text for _, text in sorted(zip(numbers.values, labels, strict=True)))  # type: ignore[type-var]
    return tuple(sorted(labels, key=natural_key))


def kind_of_texts(texts: Sequence[str], n_present: int) -> Kind:
    """Return what words stand for: truth values, categories (words that recur), or running text (nearly all differ)."""
    folded = {text.casefold() for text in texts}
    if folded <= set(_TRUTH_WORDS) and len(folded) == len(texts):
        return Kind.BOOLEAN
    n_levels = len(texts)
    recurring = n_levels <= n_present / 2 or (n_levels < n_present and n_levels <= _FEW_LEVELS)
    return Kind.CATEGORY if recurring else Kind.TEXT


def column_of_texts(name: str, texts: Sequence[str], codes: NDArray[np.int32]) -> Column:
    """Return a column of words. texts: the distinct words. codes: position of each row's word, int32 (n,), -1 missing.

    Categories get their levels in natural order; text keeps the order of first appearance.
    """
    kind = kind_of_texts(texts, int(np.count_nonzero(codes >= 0)))
    levels = tuple(texts) if kind is Kind.TEXT else sort_levels(texts)
    return Column(name=name, kind=kind, values=_recode(codes, texts, levels), levels=levels)


def _recode(codes: NDArray[np.int32], old: Sequence[str], new: Sequence[str]) -> NDArray[np.int32]:
    """Return codes into `new` for codes into `old`; labels absent from `new` become missing."""
    position = {label: i for i, label in enumerate(new)}
    lookup = np.array([*(position.get(label, -1) for label in old), -1], dtype=np.int32)
    return lookup[codes]


def label_of_number(value: float) -> str:
    """Return a number as a label: 1224 rather than 1224.0."""
    return str(int(value)) if float(value).is_integer() and abs(value) < 2**53 else repr(float(value))


def as_number(column: Column) -> Column:
    """Return the column as numbers: labelled columns give their codes, words the number they spell.

    UserError names the first row whose word spells none.
    """
    if column.kind in (Kind.NUMBER, Kind.EMPTY):
        return replace(column, kind=Kind.NUMBER, values=column.values.astype(np.float64))
    if column.kind not in CODED:
        raise _impossible(column, tr("a number"), tr("It holds dates."), tr("Use it as it is: a model counts the days."))
    values = column.level_codes if column.kind is Kind.LABELLED else _numbers_of_levels(column)
    lookup = np.array([*values, np.nan], dtype=np.float64)
    return Column(name=column.name, kind=Kind.NUMBER, values=lookup[column.values.astype(np.int32)], label=column.label)


def _numbers_of_levels(column: Column) -> tuple[float, ...]:
    """Return the number each level spells (truth values: 0 and 1); UserError naming the first row that spells none."""
    if column.kind is Kind.BOOLEAN:
        return tuple(float(_TRUTH_WORDS.index(level.casefold())) for level in column.levels)
    values = read_numbers(column.levels, ".", mark_known=True).values
    bad = [i for i, value in enumerate(values) if value is None]
    rows = np.flatnonzero(np.isin(column.values, bad))
    if len(rows):
        word = column.levels[int(column.values[rows[0]])]
        raise _impossible(
            column,
            tr("a number"),
            tr('Row {row} holds "{word}".').format(row=rows[0] + 1, word=word),
            tr("Add the word to the missing codes, or correct the file."),
        )
    return tuple(np.nan if value is None else value for value in values)


def as_labels(column: Column) -> Column:
    """Return the column as labels of groups: numbers become "1224" and keep their numeric order, categories stay."""
    if column.kind in CODED:
        return column
    present = ~column.missing
    if column.kind in (Kind.DATE, Kind.DATETIME):
        values, codes = np.unique(column.values[present], return_inverse=True)
        levels = tuple(str(value) for value in values)
    else:
        numbers, codes = np.unique(column.values[present].astype(np.float64), return_inverse=True)
        levels = tuple(label_of_number(value) for value in numbers.tolist())
    full = np.full(len(column), -1, dtype=np.int32)
    full[present] = codes
    return Column(name=column.name, kind=Kind.CATEGORY, values=full, levels=levels, label=column.label)


def as_category(column: Column, levels: Sequence[str] | None = None) -> Column:
    """Return the column as a category with these levels in this order (None: natural order).

    UserError if a value is none of the levels, naming its row.
    """
    labels = as_labels(column)
    if levels is None:
        kept = column.kind in (Kind.CATEGORY, Kind.ORDERED, Kind.BOOLEAN, Kind.LABELLED, Kind.NUMBER)
        ordered = labels.levels if kept else sort_levels(labels.levels)
    else:
        ordered = _checked_levels(labels, levels)
    codes = _recode(labels.values.astype(np.int32), labels.levels, ordered)
    return Column(name=column.name, kind=Kind.CATEGORY, values=codes, levels=tuple(ordered), label=column.label)


def _checked_levels(labels: Column, levels: Sequence[str]) -> tuple[str, ...]:
    """Return the levels if they are distinct and cover every value of the column."""
    if len(set(levels)) < len(levels) or not levels:
        raise _impossible(labels, tr("a category"), tr("A level is named twice, or none is."), tr("Name every level once."))
    known = set(levels)
    strange = [i for i, level in enumerate(labels.levels) if level not in known]
    rows = np.flatnonzero(np.isin(labels.values, strange))
    if len(rows):
        raise _impossible(
            labels,
            tr("a category with these levels"),
            tr('Row {row} holds "{word}", which is none of them.').format(
                row=rows[0] + 1, word=labels.levels[int(labels.values[rows[0]])]
            ),
            tr("Add it to the levels."),
        )
    return tuple(levels)


def as_ordered(column: Column, levels: Sequence[str] | None = None) -> Column:
    """Return the column as an ordered category, lowest level first; UserError as `as_category`."""
    return replace(as_category(column, levels), kind=Kind.ORDERED)


def as_id(column: Column) -> Column:
    """Return the column as identifiers: labels that name a unit and are no predictor."""
    return replace(as_labels(column), kind=Kind.ID, level_codes=())


def _impossible(column: Column, aim: str, why: str, do: str) -> UserError:
    return UserError(tr("{name} cannot be read as {aim}.").format(name=column.name, aim=aim), why, do)
