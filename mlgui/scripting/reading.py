"""Files as data frames, read as the window reads them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from mlgui.scripting.frames import names_of

if TYPE_CHECKING:
    import pandas as pd


def read(
    path: str | Path,
    *,
    sheet: str | None = None,
    header_row: int | None = None,
    delimiter: str | None = None,
    decimal: str | None = None,
    encoding: str | None = None,
    missing: str | Sequence[str] = (),
) -> pd.DataFrame:
    """Return a file of any format mlgui opens as a data frame, understood as the window understands it.

    Text with any delimiter, Excel, SPSS, Stata, SAS, R and Parquet. What is not said is found out: header_row counts lines from
    1, 0 means that the columns have no names; missing are further texts that stand for no value. Categories are categoricals
    with their levels in order. UserError says in words why a file cannot be read.
    """
    from mlgui.data.frames import frame_from_table
    from mlgui.data.read import read_table
    from mlgui.data.read.reader import ReadOptions

    options = ReadOptions(
        sheet=sheet, header_row=header_row, delimiter=delimiter, decimal=decimal, encoding=encoding, missing=names_of(missing)
    )
    return frame_from_table(read_table(path, options))
