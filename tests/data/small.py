"""A small table with every kind of column, for tests of expressions and edits."""

from __future__ import annotations

import numpy as np

from mlgui.data.table import Column, Kind, Source, Table


def small_table() -> Table:
    """Return six rows: number x (one missing), group g, ordered o, boolean b, date d, id, text with a space in its name."""
    nan = float("nan")
    columns = (
        Column(name="x", kind=Kind.NUMBER, values=np.array([1.0, 2.0, nan, 4.0, 5.0, 9.0])),
        Column(name="g", kind=Kind.CATEGORY, values=np.array([0, 0, 0, 1, 1, -1], dtype=np.int32), levels=("a", "b")),
        Column(name="o", kind=Kind.ORDERED, values=np.array([0, 1, 2, 0, 1, 2], dtype=np.int32), levels=("low", "mid", "high")),
        Column(name="b", kind=Kind.BOOLEAN, values=np.array([0, 1, -1, 1, 0, 1], dtype=np.int32), levels=("false", "true")),
        Column(name="d", kind=Kind.DATE, values=np.array(["2020-01-31", "2021-02-01", "NaT"] * 2, dtype="datetime64[D]")),
        Column(name="id", kind=Kind.ID, values=np.arange(6, dtype=np.int32), levels=("11", "12", "13", "14", "15", "16")),
        Column(name="two words", kind=Kind.NUMBER, values=np.arange(6.0)),
    )
    return Table(columns=columns, row_ids=np.arange(1, 7), source=Source(name="small.csv", format="delimited text"))
