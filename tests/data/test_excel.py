"""Workbooks: sheets, title rows, typed cells, what spreadsheets do to data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import xlsxwriter

from mlgui.data.read import read_file
from mlgui.data.read.reader import Reading, ReadOptions
from mlgui.data.table import Kind
from mlgui.errors import UserError
from mlgui.progress import Cancelled, Latest

FILES = Path(__file__).parent.parent / "import_files"


@pytest.fixture
def workbook(tmp_path: Path) -> Callable[..., Path]:
    def write(*sheets: list[list[object]], merged: tuple[str, ...] = ()) -> Path:
        path = tmp_path / "book.xlsx"
        with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"}) as book:
            for rows in sheets:
                sheet = book.add_worksheet()
                for i, row in enumerate(rows):
                    for j, cell in enumerate(row):
                        if isinstance(cell, str) and cell.startswith("="):
                            sheet.write_formula(i, j, cell, None, "#DIV/0!" if "/0" in cell else 7)
                        elif isinstance(cell, str):
                            sheet.write_string(i, j, cell) if cell else None
                        elif cell is not None:
                            sheet.write(i, j, cell)
                for place in merged:
                    sheet.merge_range(place, "")
                    first = place.split(":")[0]
                    row, column = int(first[1:]) - 1, ord(first[0]) - 65
                    sheet.write(row, column, rows[row][column])
        return path

    return write


def codes(reading: Reading) -> set[str]:
    return {finding.code for finding in reading.findings}


def test_title_rows_and_group_headers_are_left_out(workbook: Callable[..., Path]) -> None:
    rows = [
        ["Results of the trial", None, None, None],
        [],
        [None, None, "Before", None],
        ["id", "arm", "m", "sd"],
        *[[i, "ab"[i % 2], 1.5 + i, 0.5] for i in range(6)],
    ]
    reading = read_file(workbook(rows, merged=("A1:D1", "C3:D3")))
    assert reading.table.names == ("id", "arm", "m", "sd")
    assert reading.options.header_row == 4 and "header_row" in reading.guessed
    assert reading.preamble == ("Results of the trial", "Before")
    assert reading.table.n_rows == 6


def test_a_sheet_can_be_chosen_and_is_asked_about(workbook: Callable[..., Path]) -> None:
    small, large = [["a", "b"], [1, 2], [3, 4]], [["x", "y"], *[[i, i * 2] for i in range(9)]]
    path = workbook(small, large)
    reading = read_file(path)
    assert reading.sheets == ("Sheet1", "Sheet2")
    assert reading.options.sheet == "Sheet2"
    (question,) = reading.questions
    assert (question.about, question.choices, question.taken) == ("sheet", ("Sheet1", "Sheet2"), "Sheet2")
    answered = read_file(path, ReadOptions(answers=(("sheet", "Sheet1"),)))
    assert answered.table.names == ("a", "b") and not answered.questions
    assert read_file(path, ReadOptions(sheet="Sheet1")).table.names == ("a", "b")
    with pytest.raises(UserError, match="no sheet called x.*Sheet1, Sheet2"):
        read_file(path, ReadOptions(sheet="x"))


def test_text_ids_keep_their_zeros_and_numbers_typed_as_text_are_numbers(workbook: Callable[..., Path]) -> None:
    rows = [["id", "y", "z"], ["001", "1,5", 2.5], ["002", "2,25", "3,5"], ["010", "NA", None]]
    reading = read_file(workbook(rows))
    assert reading.table["id"].levels == ("001", "002", "010")
    np.testing.assert_array_equal(reading.table["y"].values, [1.5, 2.25, np.nan])
    np.testing.assert_array_equal(reading.table["z"].values, [2.5, 3.5, np.nan])
    assert "numbers-stored-as-text" in codes(reading)


def test_error_cells_are_missing_and_named(workbook: Callable[..., Path]) -> None:
    rows = [["a", "b"], [1, "=1/0"], [2, "=3+4"], [3, 5]]
    reading = read_file(workbook(rows))
    np.testing.assert_array_equal(reading.table["b"].values, [np.nan, 7, 5])
    (warning,) = [finding for finding in reading.findings if finding.code == "spreadsheet-errors"]
    assert "B2" in warning.text


def test_dates_times_and_truth_values(workbook: Callable[..., Path]) -> None:
    rows = [
        ["day", "when", "ok", "odd"],
        [dt.date(2020, 1, 2), dt.datetime(2020, 1, 2, 3, 4), True, dt.date(2020, 5, 1)],
        [None, dt.datetime(2020, 1, 3, 0, 0), False, 2.5],
        [dt.date(1999, 12, 31), None, None, 3.5],
    ]
    path = workbook(rows)
    reading = read_file(path)
    kinds = [column.kind for column in reading.table.columns]
    assert kinds[0] is Kind.DATE and kinds[2] is Kind.BOOLEAN
    assert str(reading.table["day"].values[2]) == "1999-12-31"
    assert reading.table["ok"].levels == ("false", "true") and reading.table["ok"].n_missing == 1
    assert "dates-among-others" in codes(reading)


def test_vertically_merged_cells_are_filled(workbook: Callable[..., Path]) -> None:
    rows = [["school", "y"], ["North", 1], [None, 2], ["South", 3], [None, 4]]
    reading = read_file(workbook(rows, merged=("A2:A3", "A4:A5")))
    school = reading.table["school"]
    assert [school.levels[code] for code in school.values] == ["North", "North", "South", "South"]
    assert "merged-cells" in codes(reading)


def test_empty_rows_columns_and_notes_below_are_left_out(workbook: Callable[..., Path]) -> None:
    rows = [
        [None, "a", "b", None, "c"], [None, 1, 2, None, 3], [], [None, 4, 5, None, 6], [None, 7, 8, None, 9], [],
        [None, "Source: register"],
    ]  # fmt: skip
    reading = read_file(workbook(rows))
    assert reading.table.names == ("a", "b", "c")
    assert reading.table.n_rows == 3
    assert {"blank-lines", "lines-below", "empty-columns"} <= codes(reading)
    assert all(column.kind is Kind.NUMBER for column in reading.table.columns)


def test_missing_codes_preview_and_no_header(workbook: Callable[..., Path]) -> None:
    path = workbook([["a", "b"], *[[i, -99 if i == 3 else i] for i in range(50)]])
    reading = read_file(path, ReadOptions(missing=("-99",)), n_rows=10)
    assert reading.table.n_rows == 10 and reading.table["b"].n_missing == 1
    bare = read_file(path, ReadOptions(header_row=0))
    assert bare.table.names == ("V1", "V2") and bare.table.n_rows == 51
    years = workbook([["country", 2019, 2020], ["a", 1.5, 2.5], ["b", 3.5, 4.5]])
    assert read_file(years).table.names == ("country", "2019", "2020")


def test_duplicate_and_empty_names(workbook: Callable[..., Path]) -> None:
    reading = read_file(workbook([["y", "y", None], [1, 2, 3], [4, 5, 6]]))
    assert reading.table.names == ("y", "y.2", "column 3")
    assert {"duplicate-names", "unnamed-columns"} <= codes(reading)


def test_an_empty_workbook_and_one_without_rows(workbook: Callable[..., Path]) -> None:
    with pytest.raises(UserError, match="is empty"):
        read_file(workbook([]))
    with pytest.raises(UserError, match="no data rows"):
        read_file(workbook([["a", "b"]]))


def test_an_old_workbook_is_read() -> None:
    reading = read_file(FILES / "merged.xls")
    assert reading.table.names == ("School", "Pupil", "Score", "Tested") and reading.options.header_row == 2
    assert reading.table["School"].levels == ("North", "South") and not reading.table["School"].n_missing
    assert reading.table["Pupil"].levels == ("001", "002", "003", "004")
    np.testing.assert_array_equal(reading.table["Score"].values, [12.5, np.nan, 14.25, 11])
    assert reading.table["Tested"].kind is Kind.DATE and reading.sheets == ("Data", "Empty")


def test_a_reading_can_be_cancelled() -> None:
    latest = Latest()
    latest.stop()
    with pytest.raises(Cancelled):
        read_file(FILES / "plain.xlsx", on_step=latest)
