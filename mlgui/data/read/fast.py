"""Large regular texts to columns by pandas' C parser, after a look at every byte that the text really is regular."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mlgui.data.missing import EXCEL_ERRORS
from mlgui.data.numbers import is_number
from mlgui.data.read.cells import RawColumn
from mlgui.data.read.rows import split_rows
from mlgui.data.read.scan import scan
from mlgui.data.read.settle import Context

if TYPE_CHECKING:
    import pandas as pd

FAST_FROM = 4_000_000
"""Characters from which the C parser is worth importing pandas for."""

_SAMPLE_CHARACTERS = 100_000
_EXACT = 2.0**53


def fast_columns(text: str, delimiter: str, width: int, context: Context) -> list[RawColumn] | None:
    """Return the cells of every column, the same that `careful_columns` finds; None if the text is not regular enough.

    text: rows without blank lines at the end, each ended by a newline.
    """
    data = text.encode()
    separator = delimiter.encode()
    found = scan(data, separator, width) if len(separator) == 1 else None
    if found is None:
        return None
    words = _word_columns(text[:_SAMPLE_CHARACTERS], delimiter, width, context)
    frame = _parse(data, delimiter, width, context, dict.fromkeys(range(width)) | dict.fromkeys(words, "category"))
    if frame is None or len(frame) != found.n_rows:
        return None
    again = [j for j in range(width) if j in found.leading_zeros or not _is_as_written(frame[j])]
    if again:
        reread = _parse(data, delimiter, width, context, dict.fromkeys(again, "str"))
        if reread is None or len(reread) != found.n_rows:
            return None
        for j in again:
            frame[j] = reread[j]
    return [_raw(frame[j]) for j in range(width)]


def _word_columns(head: str, delimiter: str, width: int, context: Context) -> frozenset[int]:
    """Return the columns in which one of the first cells is a word; they are read as text straight away."""
    rows = split_rows(head.split("\n")[:-1], delimiter).cells
    return frozenset(
        j
        for j in range(width)
        if any(
            len(row) > j and (cell := row[j].strip()) not in context.missing and not is_number(cell, context.decimal)
            for row in rows
        )
    )


def _parse(data: bytes, delimiter: str, width: int, context: Context, types: Mapping[int, str | None]) -> pd.DataFrame | None:
    """Return the columns named in `types` as pandas reads them (None: as it thinks best), None if rows differ in length.

    Numbers are read exactly: since pandas 3.1 always, before that only with round_trip, which 3.1 deprecates.
    """
    import pandas as pd

    major, minor = (int(part) for part in pd.__version__.split(".")[:2])
    try:
        return pd.read_csv(
            io.BytesIO(data),
            sep=delimiter,
            header=None,
            names=list(range(width)),
            usecols=list(types),
            index_col=False,
            dtype={j: dtype for j, dtype in types.items() if dtype},
            na_values=sorted(context.missing - EXCEL_ERRORS),
            keep_default_na=False,
            skipinitialspace=delimiter != " ",
            skip_blank_lines=False,
            decimal=context.decimal,
            float_precision=None if (major, minor) >= (3, 1) else "round_trip",
            low_memory=False,
            encoding="utf-8",
            engine="c",
        )
    except pd.errors.ParserError:
        return None


def _is_as_written(column: pd.Series[float]) -> bool:
    """Return whether a column holds the cells as written: words, or numbers that binary64 holds exactly.

    A category column whose words all look like numbers or truth values was converted by pandas: 1.50 became 1.5.
    """
    if column.dtype == "category":
        return all(isinstance(text, str) for text in column.cat.categories.tolist())
    if column.dtype not in (np.dtype(np.int64), np.dtype(np.float64)):
        return False
    values = column.to_numpy()
    if values.dtype == np.int64:
        return not len(values) or (int(values.min()) >= -_EXACT and int(values.max()) <= _EXACT)
    with np.errstate(invalid="ignore"):
        return not bool(np.any(np.abs(values[np.isfinite(values)]) >= _EXACT))


def _raw(column: pd.Series[float]) -> RawColumn:
    """Return a parsed column; texts in order of first appearance."""
    if column.dtype in (np.dtype(np.int64), np.dtype(np.float64)):
        return RawColumn(numbers=column.to_numpy().astype(np.float64))
    if column.dtype == "category":
        return _in_order_of_appearance(column.cat.categories.tolist(), column.cat.codes.to_numpy().astype(np.int32))
    codes, texts = column.factorize()
    return RawColumn(texts=tuple(map(str, texts.tolist())), codes=codes.astype(np.int32))


def _in_order_of_appearance(texts: list[str], codes: NDArray[np.int32]) -> RawColumn:
    rows = np.flatnonzero(codes >= 0)[::-1]
    first = np.full(len(texts), len(codes), dtype=np.int64)
    first[codes[rows]] = rows
    order = np.argsort(first, kind="stable")
    place = np.empty(len(texts) + 1, dtype=np.int32)
    place[order] = np.arange(len(texts))
    place[-1] = -1
    return RawColumn(texts=tuple(texts[i] for i in order.tolist()), codes=place[codes])
