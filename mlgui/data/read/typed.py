"""Formats whose columns say what they hold (SPSS, Stata, SAS, Parquet, R): their parts put together to a reading."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from mlgui.data.frames import column_from_series, without_time, words_of_series
from mlgui.data.read import notes
from mlgui.data.read.delimited import options_as_text
from mlgui.data.read.reader import Question, Reading, ReadOptions
from mlgui.data.read.settle import Context, Settled, settle_numbers, settle_words
from mlgui.data.table import Column, Kind, Source, Table
from mlgui.errors import UserError
from mlgui.findings import Finding
from mlgui.words import tr

if TYPE_CHECKING:
    import pandas as pd

_EXACT = 2**53


def typed_context(options: ReadOptions) -> Context:
    """Return what counts as missing beside the format's own mark: empty texts and what the user named, not "NA"."""
    return Context(missing=frozenset({"", *(text.strip() for text in options.missing)}))


def settle_series(name: str, series: pd.Series[Any], context: Context) -> Settled:
    """Return a series as a column: infinities and missing codes made missing, midnights dates, long whole numbers words."""
    import pandas as pd
    from pandas.api import types

    if types.is_integer_dtype(series.dtype) and _loses_digits(series):
        texts, codes = words_of_series(series)
        note = notes.identifiers_kept(name, max(texts, key=len), zero=False)
        return Settled(column=settle_words(name, texts, codes, context).column, findings=(note,))
    column = column_from_series(name, series)
    if column.kind is Kind.NUMBER:
        return settle_numbers(name, column.values.astype(np.float64), context)
    if isinstance(series.dtype, pd.CategoricalDtype):
        return Settled(column=without_levels(column, context.missing))
    if column.kind is Kind.CATEGORY:
        return settle_words(name, *words_of_series(series), context)
    if bool(column.missing.all()):
        column = Column(name=name, kind=Kind.EMPTY, values=np.full(len(column), np.nan))
    return Settled(column=without_time(column))


def _loses_digits(series: pd.Series[Any]) -> bool:
    present = series.dropna()
    return len(present) > 0 and max(abs(int(present.min())), abs(int(present.max()))) > _EXACT


def without_levels(column: Column, gone: frozenset[str]) -> Column:
    """Return a category in which the levels that mean "no value" are missing."""
    kept = [i for i, level in enumerate(column.levels) if level.strip() not in gone]
    if len(kept) == len(column.levels):
        return column
    lookup = np.full(len(column.levels) + 1, -1, dtype=np.int32)
    lookup[kept] = np.arange(len(kept))
    codes = column.values.astype(np.int32)
    return replace(column, values=lookup[codes], levels=tuple(column.levels[i] for i in kept))


def typed_reading(
    path: Path,
    source_format: str,
    parts: Sequence[Settled],
    options: ReadOptions,
    *,
    findings: Sequence[Finding] = (),
    questions: Sequence[Question] = (),
    sheets: Sequence[str] = (),
    title: str = "",
) -> Reading:
    """Return the settled columns as a reading. UserError if there are no columns or no rows."""
    if not parts or not len(parts[0].column):
        raise UserError(
            tr("{file} has no data rows.").format(file=path.name), "", tr("Choose another file, or export the data again.")
        )
    columns = tuple(part.column for part in parts)
    source = Source(name=path.name, format=source_format, options=options_as_text(options), title=title)
    return Reading(
        table=Table(columns=columns, row_ids=np.arange(1, len(columns[0]) + 1, dtype=np.int64), source=source),
        options=options,
        findings=(*findings, *(finding for part in parts for finding in part.findings)),
        questions=(*questions, *(question for part in parts for question in part.questions)),
        sheets=tuple(sheets),
    )
