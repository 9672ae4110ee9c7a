"""Parquet files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from mlgui.data.read.foreign import damaged
from mlgui.data.read.names import distinct_names
from mlgui.data.read.reader import Reader, Reading, ReadOptions
from mlgui.data.read.size import check_size
from mlgui.data.read.trial import try_parquet
from mlgui.data.read.typed import settle_series, typed_context, typed_reading
from mlgui.errors import UserError
from mlgui.progress import OnStep, Step
from mlgui.words import tr

if TYPE_CHECKING:
    import pandas as pd

_NAME = "Parquet"
_MARK = b"PAR1"
_UNNAMED_INDEX = "__index_level_"


def is_parquet(head: bytes) -> bool:
    """Return whether the first bytes are those of a Parquet file."""
    return head.startswith(_MARK)


def read_parquet(path: Path, options: ReadOptions, on_step: OnStep, n_rows: int | None) -> Reading:
    """Return the first `n_rows` rows (None: all) of a Parquet file. UserError if it is damaged."""
    on_step(Step(text=tr("Reading {file}").format(file=path.name)))
    try_parquet(path, n_rows, on_step)
    frame = _load(path, n_rows)
    named = distinct_names(["row" if str(name).startswith(_UNNAMED_INDEX) else str(name) for name in frame.columns])
    context = typed_context(options)
    parts = []
    for i, name in enumerate(named.names):
        on_step(Step(text=tr("Reading column {name}").format(name=name), done=i, total=len(named.names)))
        parts.append(settle_series(name, frame.iloc[:, i], context))
    return typed_reading(path, _NAME, parts, options, findings=named.findings)


def _load(path: Path, n_rows: int | None) -> pd.DataFrame:
    """Return the file as a data frame; fastparquet fails in many ways on what is not quite Parquet."""
    import fastparquet

    with path.open("rb") as file:
        try:
            stored = fastparquet.ParquetFile(file)
            n_all = stored.count()
            if n_all:
                check_size(path, n_all, len(stored.columns))
            frame: pd.DataFrame = stored.to_pandas(index=False) if n_rows is None else stored.head(n_rows, index=False)
            return frame
        except UserError:
            raise
        except Exception as problem:
            raise damaged(path, _NAME) from problem


PARQUET = Reader(name=_NAME, suffixes=(".parquet", ".pq"), read=read_parquet, recognise=is_parquet)
"""The reader of Parquet files."""
