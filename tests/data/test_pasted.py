"""Text from the clipboard, as spreadsheets put it there."""

import pytest

from mlgui.data.read import read_text
from mlgui.data.read.reader import ReadOptions
from mlgui.errors import UserError


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("id\tx\r\na\t1,5\r\nb\t2,25\r\n", [1.5, 2.25]),
        ("id\tx\na\t1.5\nb\t2.25", [1.5, 2.25]),
        ("id\tx\na\t 38,147,147 \nb\t2", [38147147.0, 2.0]),
    ],
)
def test_cells_of_a_spreadsheet_with_either_decimal_mark(text: str, values: list[float]) -> None:
    reading = read_text(text)
    assert reading.table["x"].values.tolist() == values
    assert reading.options.delimiter == "\t" and "delimiter" in reading.guessed
    assert reading.options.encoding is None


def test_one_column_of_decimal_commas() -> None:
    assert read_text("1,5\n2,25\n3\n").table.columns[0].values.tolist() == [1.5, 2.25, 3.0]


def test_a_row_that_ends_in_an_empty_cell() -> None:
    assert read_text("x\ty\n1\t\n2\t3\n").table["y"].n_missing == 1


def test_stated_options_hold() -> None:
    reading = read_text("a;b\n1;2\n", ReadOptions(delimiter=";", header_row=1))
    assert reading.table.names == ("a", "b") and reading.guessed == ("decimal",)


@pytest.mark.parametrize("text", ["", " \n \n"])
def test_nothing_pasted(text: str) -> None:
    with pytest.raises(UserError, match="pasted text is empty"):
        read_text(text)
