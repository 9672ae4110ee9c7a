"""A look at every byte of a large text: is it regular, and which columns have cells with leading zeros?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_BLOCK = 1 << 24
_QUOTE, _NEWLINE, _SPACE, _ZERO, _NINE = b'"'[0], b"\n"[0], b" "[0], b"0"[0], b"9"[0]
_SIGNS = np.frombuffer(b"+-", dtype=np.uint8)
_LONGEST_START = 8


@dataclass(frozen=True, kw_only=True)
class Scan:
    """A regular text: every row has the same number of cells. leading_zeros: columns with a cell such as 007."""

    n_rows: int
    leading_zeros: frozenset[int]


def scan(data: bytes, delimiter: bytes, width: int) -> Scan | None:
    """Return what the bytes hold, None unless every row has `width` cells and every quote encloses a whole cell.

    data: UTF-8, each line ended by a newline.
    """
    bytes_ = np.frombuffer(data, dtype=np.uint8)
    quoted = b'"' in data
    open_quote, n_seps = False, 0
    zeros: set[int] = set(_zero_columns(bytes_, np.array([-1]), 0, width))
    for start in range(0, len(bytes_), _BLOCK):
        block = bytes_[start : start + _BLOCK]
        is_sep = (block == delimiter[0]) | (block == _NEWLINE)
        if quoted:
            inside = np.logical_xor.accumulate(block == _QUOTE) ^ open_quote
            if not _quotes_enclose(bytes_, start, block, inside, delimiter[0]):
                return None
            is_sep &= ~inside
            open_quote = bool(inside[-1])
        seps = np.flatnonzero(is_sep)
        if not _rows_end_in_place(block[seps] == _NEWLINE, n_seps, width):
            return None
        zeros.update(_zero_columns(bytes_, seps + start, n_seps + 1, width))
        n_seps += len(seps)
    if open_quote or n_seps % width:
        return None
    return Scan(n_rows=n_seps // width, leading_zeros=frozenset(zeros))


def _rows_end_in_place(is_end: NDArray[np.bool_], n_before: int, width: int) -> bool:
    """Return whether exactly every `width`-th separator is the end of a line. n_before: separators in earlier blocks."""
    ends = is_end[(width - 1 - n_before) % width :: width]
    return bool(ends.all()) and len(ends) == int(np.count_nonzero(is_end))


def _quotes_enclose(
    data: NDArray[np.uint8], start: int, block: NDArray[np.uint8], inside: NDArray[np.bool_], delimiter: int
) -> bool:
    """Return whether every opening quote follows a separator (or a quote), and every closing one precedes one."""
    at = np.flatnonzero(block == _QUOTE)
    opens = inside[at]
    neighbours = np.array([delimiter, _NEWLINE, _QUOTE], dtype=np.uint8)
    before = data[np.maximum(at[opens] + start - 1, 0)]
    after = data[np.minimum(at[~opens] + start + 1, len(data) - 1)]
    return bool(np.isin(before, neighbours).all() and np.isin(after, neighbours).all())


def _zero_columns(data: NDArray[np.uint8], seps: NDArray[np.int64], number: int, width: int) -> list[int]:
    """Return the columns in which a cell after one of these separators starts with a zero and another digit.

    number: how many separators stand before the cell after the first of them.
    """
    columns = (np.arange(len(seps)) + number) % width
    keep = seps + 2 < len(data)
    columns, at = columns[keep], seps[keep] + 1
    for _ in range(_LONGEST_START):  # over blanks, a quote, a sign
        skip = np.isin(data[at], (_SPACE, _QUOTE, *_SIGNS.tolist()))
        if not skip.any():
            break
        at = np.minimum(at + skip, len(data) - 2)
    following = data[at + 1]
    hits = (data[at] == _ZERO) & (following >= _ZERO) & (following <= _NINE)
    return [int(column) for column in np.unique(columns[hits])]
