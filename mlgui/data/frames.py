"""pandas data frames to tables and back: one conversion for scripts and for the file formats that come as data frames."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mlgui.data.kinds import sort_levels
from mlgui.data.table import CODED, Column, Kind, Source, Table
from mlgui.errors import UserError
from mlgui.words import tr

if TYPE_CHECKING:
    import pandas as pd

_DAY_MICROSECONDS = 86_400_000_000
_EXACT = 2.0**53  # whole numbers beyond are not all doubles


def table_from_frame(data: pd.DataFrame, wanted: Collection[str] | None = None) -> Table:
    """Return a data frame, or the columns of the names `wanted`, as a table; row ids count from 1.

    UserError for two columns of one name, or infinite values.
    """
    places = [(place, name) for place, name in enumerate(frame_names(data)) if wanted is None or name in wanted]
    columns = tuple(column_from_series(name, data.iloc[:, place]) for place, name in places)
    for column in columns:
        _refuse_infinite(column)
    source = Source(name="data", format="pandas")
    return Table(columns=columns, row_ids=np.arange(1, len(data) + 1, dtype=np.int64), source=source)


def frame_from_table(table: Table) -> pd.DataFrame:
    """Return a table as a data frame, rows counted from 0; `table_from_frame` gives back the same kinds, levels and values.

    Categories are categoricals in the order of their levels, whole numbers are integers (Int64 where some are missing).
    """
    import pandas as pd

    return pd.DataFrame({column.name: _series(column) for column in table.columns})


def _series(column: Column) -> pd.Series[Any]:
    """Return a column in the type that pandas has for its kind."""
    import pandas as pd

    if column.kind in CODED:
        coded = pd.Categorical.from_codes(column.values, list(column.levels), ordered=column.kind is Kind.ORDERED)  # type: ignore[call-overload]
        return pd.Series(coded)
    series = pd.Series(column.values)
    whole = column.kind is Kind.NUMBER and bool(np.all(column.values[~column.missing] % 1 == 0))
    if whole and np.all(np.abs(column.values[~column.missing]) < _EXACT):
        return series.astype("Int64" if column.missing.any() else "int64")
    return series


def frame_names(data: pd.DataFrame) -> list[str]:
    """Return the names of the columns as texts. UserError if two are the same."""
    names = [str(name) for name in data.columns]
    if len(set(names)) < len(names):
        twice = sorted({name for name in names if names.count(name) > 1})
        raise UserError(tr("Several columns are called {name}.").format(name=twice[0]), "", tr("Give every column its own name."))
    return names


def column_from_series(name: str, series: pd.Series[Any]) -> Column:
    """Return a series as a column: its type decides the kind, words become a category in natural order."""
    import pandas as pd
    from pandas.api import types

    if isinstance(series.dtype, pd.CategoricalDtype):
        return _categorical(name, series)
    if types.is_bool_dtype(series.dtype):
        return coded_column(name, Kind.BOOLEAN, *words_of_series(series.map({True: "true", False: "false"}, na_action="ignore")))
    if types.is_numeric_dtype(series.dtype) and not types.is_complex_dtype(series.dtype):
        values = _as_numbers(series)
        return Column(name=name, kind=Kind.NUMBER, values=values)
    if types.is_datetime64_any_dtype(series.dtype):
        plain = series.dt.tz_localize(None) if series.dt.tz is not None else series
        return Column(name=name, kind=Kind.DATETIME, values=plain.to_numpy(dtype="datetime64[us]", copy=True))
    if types.infer_dtype(series, skipna=True) == "date":
        days = [None if missing else day for day, missing in zip(series.tolist(), series.isna(), strict=True)]
        return Column(name=name, kind=Kind.DATE, values=np.array(days, dtype="datetime64[D]"))
    return coded_column(name, Kind.CATEGORY, *words_of_series(series))


def _as_numbers(series: pd.Series[Any]) -> NDArray[np.float64]:
    """Return a series of numbers as a new array, NaN where one is missing."""
    if isinstance(series.dtype, np.dtype):
        return np.array(series.to_numpy(), dtype=np.float64)
    return series.to_numpy(dtype=np.float64, na_value=np.nan, copy=True)


def words_of_series(series: pd.Series[Any]) -> tuple[tuple[str, ...], NDArray[np.int32]]:
    """Return the distinct values as texts in order of appearance, and the position of each row's text, -1 missing."""
    from pandas.api import types

    if types.infer_dtype(series, skipna=True) == "string":
        codes, texts = series.factorize()
        return tuple(map(str, texts.tolist())), codes.astype(np.int32)
    words: dict[str, int] = {}
    cells = zip(series.tolist(), series.isna().tolist(), strict=True)
    positions = [-1 if missing else words.setdefault(str(value), len(words)) for value, missing in cells]
    return tuple(words), np.array(positions, dtype=np.int32)


def coded_column(name: str, kind: Kind, texts: tuple[str, ...], codes: NDArray[np.int32]) -> Column:
    """Return a column whose row i holds texts[codes[i]] (-1: missing), its levels in natural order."""
    levels = sort_levels(texts)
    place = {level: code for code, level in enumerate(levels)}
    lookup = np.array([*(place[text] for text in texts), -1], dtype=np.int32)
    return Column(name=name, kind=kind, values=lookup[codes], levels=levels)


def without_time(column: Column) -> Column:
    """Return a column of points in time as dates where all of them are midnights, else as it is."""
    if column.kind is not Kind.DATETIME:
        return column
    present = column.values[~column.missing]
    if not len(present) or (present.astype(np.int64) % _DAY_MICROSECONDS).any():
        return column
    return Column(name=column.name, kind=Kind.DATE, values=column.values.astype("datetime64[D]"), label=column.label)


def _categorical(name: str, series: pd.Series[Any]) -> Column:
    """Return a categorical; its categories keep their order."""
    kind = Kind.ORDERED if series.cat.ordered else Kind.CATEGORY
    levels = tuple(str(level) for level in series.cat.categories)
    return Column(name=name, kind=kind, values=series.cat.codes.to_numpy(dtype=np.int32, copy=True), levels=levels)


def _refuse_infinite(column: Column) -> None:
    if column.kind is not Kind.NUMBER:
        return
    values = np.asarray(column.values, dtype=np.float64)
    with np.errstate(over="ignore", invalid="ignore"):
        suspect = not np.isfinite(values.sum())  # a missing value, or an infinite one
    if suspect and np.isinf(values).any():
        raise UserError(
            tr("{name} holds infinite values.").format(name=column.name),
            tr("No model can use them."),
            tr("Make them missing (NaN), or leave the rows out."),
        )
