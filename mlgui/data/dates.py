"""Texts that are dates. Day and month are never swapped: what could be either is asked about."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

_TIME = r"(?:[T ](?P<time>\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)Z?)?"
_YEAR_FIRST = re.compile(rf"(?P<y>\d{{4}})(?P<sep>[-/])(?P<m>\d{{1,2}})(?P=sep)(?P<d>\d{{1,2}}){_TIME}", re.ASCII)
_GERMAN = re.compile(rf"(?P<d>\d{{1,2}})\.(?P<m>\d{{1,2}})\.(?P<y>\d{{4}}){_TIME}", re.ASCII)
_YEAR_LAST = re.compile(rf"(?P<d>\d{{1,2}})(?P<sep>[-/])(?P<m>\d{{1,2}})(?P=sep)(?P<y>\d{{4}}){_TIME}", re.ASCII)


class DayOrder(StrEnum):
    """How 04/03/2021 is meant."""

    DAY_FIRST = "day/month/year"
    MONTH_FIRST = "month/day/year"
    TEXT = "leave as text"


@dataclass(frozen=True, kw_only=True, eq=False)
class Dates:
    """Texts read as dates: datetime64[D], or datetime64[us] where any text has a time. ambiguous: values stay unread."""

    values: NDArray[np.datetime64] | None
    has_time: bool = False
    ambiguous: bool = False


def read_dates(texts: Sequence[str], order: DayOrder | None = None) -> Dates | None:
    """Return the texts as dates if all of them are written in one way, None if they are no dates.

    order: what the user said about day and month, if asked. Dates that fit both orders come back ambiguous.
    """
    for pattern in (_YEAR_FIRST, _GERMAN):
        if pattern.fullmatch(texts[0]):
            return _convert(texts, pattern, swap=False)
    if _YEAR_LAST.fullmatch(texts[0]):
        return _read_year_last(texts, order)
    return None


def _read_year_last(texts: Sequence[str], order: DayOrder | None) -> Dates | None:
    matches = [_YEAR_LAST.fullmatch(text) for text in texts]
    first = [int(match["d"]) for match in matches if match]
    second = [int(match["m"]) for match in matches if match]
    if len(first) < len(texts) or order is DayOrder.TEXT:
        return None
    if max(first) > 12 or max(second) > 12:
        return _convert(texts, _YEAR_LAST, swap=max(second) > 12)
    if order is None:
        return Dates(values=None, ambiguous=True)
    return _convert(texts, _YEAR_LAST, swap=order is DayOrder.MONTH_FIRST)


def _convert(texts: Sequence[str], pattern: re.Pattern[str], *, swap: bool) -> Dates | None:
    """Return the dates, None if any text does not fit the pattern or names a day that does not exist."""
    day, month = ("m", "d") if swap else ("d", "m")
    written = []
    has_time = False
    for text in texts:
        match = pattern.fullmatch(text)
        if not match:
            return None
        time = match["time"]
        has_time = has_time or time is not None
        clock = f"T{time.zfill(len(time) + (time.index(':') == 1))}" if time else ""
        written.append(f"{match['y']}-{match[month]:0>2}-{match[day]:0>2}{clock}")
    try:
        values = np.array(written, dtype="datetime64[us]" if has_time else "datetime64[D]")
    except ValueError:
        return None
    return Dates(values=values, has_time=has_time)
