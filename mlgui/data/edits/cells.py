"""Texts typed or pasted into cells, as values the column can hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mlgui.data.dates import read_dates
from mlgui.data.kinds import label_of_number
from mlgui.data.missing import USUAL_MISSING
from mlgui.data.numbers import Thousands, read_numbers
from mlgui.data.table import Column, Kind
from mlgui.errors import UserError
from mlgui.words import tr

_YES = {"true": "true", "yes": "true", "1": "true", "false": "false", "no": "false", "0": "false"}
_OPEN = frozenset({Kind.CATEGORY, Kind.ID, Kind.TEXT})
"""Kinds whose columns take labels they did not have before."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Written:
    """Values for cells of a column, (k,), in its storage; levels: the column's, with new ones behind them."""

    values: NDArray[np.generic]
    levels: tuple[str, ...] = ()


def read_cells(column: Column, texts: Sequence[str]) -> Written:
    """Return texts as values of a column; empty ones, and the usual words for it, are missing.

    UserError names the first one that the column cannot hold.
    """
    words = [text.strip() for text in texts]
    given = [word for word in words if not _is_missing(word, column)]
    if column.kind in (Kind.NUMBER, Kind.EMPTY):
        return _filled(words, given, _numbers(column, given), column, np.nan)
    if column.kind in (Kind.DATE, Kind.DATETIME):
        return _filled(words, given, _dates(column, given), column, np.datetime64("NaT"))
    return _coded(column, words)


def _is_missing(word: str, column: Column) -> bool:
    return not word or (word in USUAL_MISSING and word not in column.levels)


def _filled(words: Sequence[str], given: Sequence[str], values: Sequence[object], column: Column, nothing: object) -> Written:
    """Return the values of given words, and `nothing` for the others."""
    found = dict(zip(given, values, strict=True))
    dtype = np.float64 if column.kind is Kind.EMPTY else column.values.dtype
    return Written(values=np.array([found.get(word, nothing) for word in words], dtype=dtype), levels=column.levels)


def _numbers(column: Column, words: Sequence[str]) -> list[float]:
    """Return words as numbers: with the decimal mark that fits all of them, the point where both do."""
    tries = [read_numbers(words, mark, mark_known=False) for mark in ".,"]
    fits = [found for found in tries if found.complete]
    plain = [found for found in fits if found.thousands is Thousands.NONE]
    best = (plain or fits or tries)[0]
    for word, value in zip(words, best.values, strict=True):
        if value is None or not np.isfinite(value):
            raise UserError(
                tr("“{word}” is not a number.").format(word=word[:60]),
                tr("{name} holds numbers.").format(name=column.name),
                tr("Write a number such as 3.5 or 3,5, or nothing for a missing value."),
            )
    return [float(value) for value in best.values if value is not None]


def _dates(column: Column, words: Sequence[str]) -> list[object]:
    if not words:
        return []
    read = read_dates(words)
    if read is None or read.values is None:
        raise UserError(
            tr("“{word}” is not a date that can be read for sure.").format(word=words[0][:60]),
            tr("{name} holds dates.").format(name=column.name),
            tr("Write year, month and day: 2024-03-31."),
        )
    return list(read.values.astype(column.values.dtype))


def _coded(column: Column, words: Sequence[str]) -> Written:
    """Return codes; labels that are new join the levels of categories, IDs and texts."""
    place = {level: code for code, level in enumerate(column.levels)}
    aliases = _aliases(column)
    codes = []
    for word in words:
        label = word if word in place else aliases.get(word.casefold(), word)
        if _is_missing(word, column):
            codes.append(-1)
        elif label in place:
            codes.append(place[label])
        elif column.kind in _OPEN:
            codes.append(place.setdefault(label, len(place)))
        else:
            raise _no_level(column, word)
    return Written(values=np.array(codes, dtype=np.int32), levels=tuple(place))


def _aliases(column: Column) -> dict[str, str]:
    """Return other ways to write a level: yes and 1 for true, the stored code of a labelled one."""
    if column.kind is Kind.BOOLEAN:
        own = {level.casefold(): level for level in column.levels}
        return {word: own[truth] for word, truth in _YES.items() if truth in own}
    return {label_of_number(code): level for level, code in zip(column.levels, column.level_codes)}


def _no_level(column: Column, word: str) -> UserError:
    shown = ", ".join(column.levels[:8]) + ("…" if len(column.levels) > 8 else "")
    return UserError(
        tr("“{word}” is not a level of {name}.").format(word=word[:60], name=column.name),
        tr("Its levels are {levels}.").format(levels=shown),
        tr("Write one of them, or change the levels of the column first."),
    )
