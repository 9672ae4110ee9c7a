"""Parquet and R files: types kept, nothing run."""

from __future__ import annotations

from pathlib import Path

import fastparquet
import numpy as np
import pandas as pd
import pytest

from mlgui.data.read import read_file
from mlgui.data.read.reader import ReadOptions
from mlgui.data.table import Kind
from mlgui.errors import UserError

FILES = Path(__file__).parent.parent / "import_files"


def test_parquet_types(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    frame = pd.DataFrame(
        {
            "i": pd.array([1, None, 3], dtype="Int64"),
            "b": pd.array([True, None, False], dtype="boolean"),
            "c": pd.Categorical(["lo", None, "hi"], categories=["lo", "mid", "hi"], ordered=True),
            "t": pd.to_datetime(["2020-01-01 10:00", None, "2020-01-02 00:00"]),
            "d": pd.to_datetime(["2020-01-01", None, "2020-01-02"]),
            "x": [1.5, np.inf, np.nan],
            "s": ["NA", "", "b"],
            "long": [2**53 + 1, 2, 3],
        }
    )
    fastparquet.write(str(path), frame)
    reading = read_file(path)
    table = reading.table
    np.testing.assert_array_equal(table["i"].values, [1, np.nan, 3])
    assert table["b"].kind is Kind.BOOLEAN and table["b"].values.tolist() == [1, -1, 0]
    assert table["c"].kind is Kind.ORDERED and table["c"].levels == ("lo", "mid", "hi") and table["c"].n_missing == 1
    assert table["t"].kind is Kind.DATETIME and table["d"].kind is Kind.DATE
    assert table["x"].n_missing == 2 and "infinite-values" in {finding.code for finding in reading.findings}
    assert table["s"].n_missing == 1 and "NA" in table["s"].levels
    assert str(2**53 + 1) in table["long"].levels
    assert read_file(path, n_rows=2).table.n_rows == 2


@pytest.mark.parametrize("name", ["kinds.rds", "kinds_xz.rds", "kinds_bzip2.rds", "kinds_ascii.rds"])
def test_r_vectors_keep_their_class(name: str) -> None:
    reading = read_file(FILES / name)
    table = reading.table
    kinds = {column.name: column.kind for column in table.columns}
    assert kinds == {
        "id": Kind.NUMBER, "f": Kind.CATEGORY, "o": Kind.ORDERED, "d": Kind.DATE, "p": Kind.DATETIME, "l": Kind.BOOLEAN,
        "s": Kind.TEXT, "i": Kind.NUMBER, "x": Kind.NUMBER, "dif": Kind.NUMBER,
    }  # fmt: skip
    assert table["f"].levels == ("b", "a") and table["f"].values.tolist() == [0, 1, -1, 0, 1]
    assert table["o"].levels == ("lo", "mid", "hi")
    assert str(table["d"].values[0]) == "2020-01-01" and str(table["p"].values[0]).startswith("2020-01-01T12:00:00")
    assert table["l"].values.tolist() == [1, -1, 0, 1, 1]
    assert set(table["s"].levels) == {"x", "é", "y", "NA"} and table["s"].n_missing == 1
    np.testing.assert_array_equal(table["i"].values, [1, np.nan, 3, 4, 5])
    assert table["x"].label == "A label"
    (left_out,) = [finding for finding in reading.findings if finding.code == "columns-left-out"]
    assert left_out.about == ("lst", "m", "lt")


def test_several_data_frames_are_asked_about() -> None:
    path = FILES / "several.RData"
    reading = read_file(path)
    assert reading.sheets == ("a", "b") and reading.options.sheet == "a"
    assert [question.choices for question in reading.questions] == [("a", "b")]
    assert read_file(path, ReadOptions(sheet="b")).table.names == ("y", "z")
    assert read_file(path, ReadOptions(answers=(("sheet", "b"),)), n_rows=1).table.n_rows == 1
    with pytest.raises(UserError, match="no data frame called f.*a, b"):
        read_file(path, ReadOptions(sheet="f"))


def test_a_function_is_no_data() -> None:
    with pytest.raises(UserError, match="no data frame"):
        read_file(FILES / "function.rds")
