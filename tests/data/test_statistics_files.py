"""SPSS, Stata and SAS: value labels, declared missing values, dates, measurement levels."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from mlgui.data.kinds import as_number
from mlgui.data.read import read_file
from mlgui.data.read.reader import ReadOptions
from mlgui.data.table import Kind
from mlgui.errors import UserError

FILES = Path(__file__).parent.parent / "import_files"


@pytest.mark.parametrize("suffix", [".sav", ".zsav"])
def test_value_labels_keep_codes_in_order(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    frame = pd.DataFrame({"r": [3.0, 1.0, 8.0, 2.0], "t": [1.0, 2.0, 3.5, 7.0], "same": [1.0, 2.0, 1.0, 2.0]})
    labels = {
        "r": {2.0: "mid", 1.0: "low", 3.0: "high", 8.0: "refused"}, "t": {7.0: "all"}, "same": {1.0: "other", 2.0: "other"},
    }  # fmt: skip
    ranges = {"r": [{"lo": 8, "hi": 9}]}
    pyreadstat.write_sav(
        frame, path, variable_value_labels=labels, missing_ranges=ranges, column_labels=["Rating", "", ""],
        variable_measure={"t": "scale"}, compress=suffix == ".zsav", file_label="Pupils",
    )  # fmt: skip
    reading = read_file(path)
    rating = reading.table["r"]
    assert (rating.kind, rating.levels, rating.level_codes, rating.label) == (
        Kind.LABELLED, ("low", "mid", "high"), (1.0, 2.0, 3.0), "Rating",
    )  # fmt: skip
    np.testing.assert_array_equal(as_number(rating).values, [3, 1, np.nan, 2])
    (declared,) = [finding for finding in reading.findings if finding.code == "declared-missing"]
    assert "1 value" in declared.text and "8 (refused): 1" in declared.text
    assert reading.table["t"].kind is Kind.NUMBER
    assert "7 (all)" in next(finding.text for finding in reading.findings if finding.code == "labels-left-out")
    assert reading.table["same"].levels == ("other (1)", "other (2)")
    assert reading.table.source.title == "Pupils"


def test_partly_labelled_nominal_variable_keeps_its_labels(tmp_path: Path) -> None:
    path = tmp_path / "a.sav"
    frame = pd.DataFrame({"x": [1.0, 2.0, 3.0, 4.0]})
    pyreadstat.write_sav(frame, path, variable_value_labels={"x": {1.0: "one"}}, variable_measure={"x": "nominal"})
    assert read_file(path).table["x"].levels == ("one", "2", "3", "4")


def test_words_dates_and_times(tmp_path: Path) -> None:
    path = tmp_path / "a.sav"
    frame = pd.DataFrame(
        {
            "d": [dt.date(2020, 1, 2), None, dt.date(1500, 1, 1)],
            "w": pd.to_datetime(["2020-01-02 03:04:05", None, "1990-01-01 00:00:00"]),
            "s": ["m ", "f", "xx"],
            "id": ["001", "002", "003"],
        }
    )
    pyreadstat.write_sav(frame, path, variable_value_labels={"s": {"m": "male", "f": "female"}}, missing_ranges={"s": ["xx"]})
    table = read_file(path).table
    assert [str(day) for day in table["d"].values] == ["2020-01-02", "NaT", "1500-01-01"]
    assert table["w"].kind is Kind.DATETIME and table["w"].n_missing == 1
    assert set(table["s"].levels) == {"male", "female"} and table["s"].n_missing == 1
    assert table["id"].levels == ("001", "002", "003")


def test_stata_letters_are_missing_and_counted(tmp_path: Path) -> None:
    path = tmp_path / "a.dta"
    frame = pd.DataFrame({"x": [1, "a", 3, "z", 3], "y": [1.5, 2, np.nan, 4, 5]})
    labels = {"x": {1: "one", 3: "three", "a": "refused"}}
    pyreadstat.write_dta(frame, path, missing_user_values={"x": ["a", "z"]}, variable_value_labels=labels)
    reading = read_file(path)
    assert reading.table["x"].levels == ("one", "three") and reading.table["x"].n_missing == 2
    assert ".a (refused): 1" in reading.findings[0].text


@pytest.mark.parametrize("version", [8, 10, 12, 13, 14, 15])
def test_every_stata_version_is_recognised(tmp_path: Path, version: int) -> None:
    path = tmp_path / "a.dta"
    pyreadstat.write_dta(pd.DataFrame({"x": [1.0, 2.0], "s": ["a", "b"]}), path, version=version)
    assert read_file(path).table["x"].values.tolist() == [1.0, 2.0]


def test_portable_and_transport_files(tmp_path: Path) -> None:
    frame = pd.DataFrame({"X": [1.0, 2.5, np.nan], "S": ["a", "b", ""]})
    pyreadstat.write_por(frame, tmp_path / "a.por")
    pyreadstat.write_xport(frame, tmp_path / "a.xpt", file_format_version=8)
    for name in ("a.por", "a.xpt"):
        table = read_file(tmp_path / name).table
        np.testing.assert_array_equal(table["X"].values, [1.0, 2.5, np.nan])
        assert table["S"].n_missing == 1


def test_preview_and_missing_codes() -> None:
    reading = read_file(FILES / "labels_missing.sav", ReadOptions(missing=("8", "Ulm")), n_rows=5)
    assert reading.table["score"].n_missing == 3
    assert reading.table["town"].n_missing == 3
    assert read_file(FILES / "labels_missing.sav", n_rows=2).table.n_rows == 2


def test_a_stated_encoding() -> None:
    towns = read_file(FILES / "labels_missing.sav", ReadOptions(encoding="latin-1")).table["town"].levels
    assert "Köln".encode().decode("latin-1") in towns
    with pytest.raises(UserError, match="another encoding"):
        read_file(FILES / "labels_missing.sav", ReadOptions(encoding="nonsense"))


def test_a_renamed_file_is_read_by_content(tmp_path: Path) -> None:
    path = tmp_path / "data.dta"
    path.write_bytes((FILES / "labels_missing.sav").read_bytes())
    reading = read_file(path)
    assert reading.table.n_rows == 5 and reading.findings[0].code == "other-suffix"
