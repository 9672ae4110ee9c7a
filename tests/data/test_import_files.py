"""Every file in tests/import_files is read as its expected.json says; the rules written there are checked one by one."""

import json
import math
from pathlib import Path

import numpy as np
import pytest

from mlgui.data.kinds import as_number
from mlgui.data.read import read_file
from mlgui.data.read.reader import Reading, ReadOptions
from mlgui.data.table import CODED, Column, Kind
from mlgui.errors import UserError
from mlgui.findings import Severity

FILES = Path(__file__).parent.parent / "import_files"
CASES = sorted(FILES.glob("*.expected.json"))
KINDS = {
    Kind.NUMBER: "number",
    Kind.CATEGORY: "text",
    Kind.TEXT: "text",
    Kind.BOOLEAN: "boolean",
    Kind.DATE: "date",
    Kind.DATETIME: "datetime",
    Kind.EMPTY: "empty",
    Kind.LABELLED: "labelled",
}
READS = {"ok", "ok_with_warning", "ok_or_warning", "ok_or_clear_error", "warning_or_clear_error"}


def read_case(case: dict) -> Reading:
    asked = case["options"]
    options = ReadOptions(
        sheet=asked.get("sheet"), header_row=asked.get("header_row"), missing=tuple(asked.get("missing_codes", ()))
    )
    return read_file(FILES / case["file"], options)


def cell_values(column: Column) -> list:
    if column.kind is Kind.BOOLEAN:
        return [None if code < 0 else column.levels[code].casefold() == "true" for code in column.values.tolist()]
    if column.kind in CODED:
        return [None if code < 0 else column.levels[code] for code in column.values.tolist()]
    if column.kind in (Kind.DATE, Kind.DATETIME):
        return [None if np.isnat(value) else str(value) for value in column.values]
    return [None if math.isnan(value) else value for value in column.values.tolist()]


def same(found: list, wanted: list) -> bool:
    if len(found) != len(wanted):
        return False
    # 1e-12 relative is the tolerance of the files' own README
    return all(
        math.isclose(a, b, rel_tol=1e-12) if isinstance(b, int | float) and isinstance(a, float) else a == b
        for a, b in zip(found, wanted, strict=True)
    )


def check_column(column: Column, wanted: dict) -> None:
    assert KINDS[column.kind] in wanted["kind"].split("_or_")
    if "*" not in wanted["name"]:
        assert column.name == wanted["name"]
    else:
        assert column.name.startswith(wanted["name"].removesuffix("*"))
        assert column.name
    if "values" in wanted:
        values = cell_values(column)
        assert same(values, wanted["values"]) or same(values, wanted.get("alternative_values", []))
        assert column.n_missing == wanted["n_missing"]
    if "levels" in wanted:
        assert list(column.levels) == wanted["levels"]
    if "codes" in wanted:
        assert same(cell_values(as_number(column)), wanted["codes"])
    if "label" in wanted:
        assert column.label == wanted["label"]


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.name.removesuffix(".expected.json"))
def test_file_is_read_as_expected(path: Path) -> None:
    case = json.loads(path.read_text(encoding="utf-8"))
    expect = case["expect"]
    if expect["outcome"] in ("error", "error_or_empty_table"):
        with pytest.raises(UserError) as error:
            read_case(case)
        assert expect["error_about"].removeprefix("the file ") in str(error.value)
        return
    if case["file"] == "unknown.xyz":
        with pytest.raises(UserError, match=r"\.csv.*\.tsv.*\.txt"):
            read_case(case)
        return
    assert expect["outcome"] in READS
    reading = read_case(case)
    warnings = [finding for finding in reading.findings if finding.severity is not Severity.NOTE]
    if "warning" in expect["outcome"] and expect["outcome"] != "ok_or_warning":
        assert warnings
    assert list(reading.sheets) == expect.get("sheets", list(reading.sheets))
    if "n_rows" in expect:
        assert reading.table.n_rows == expect["n_rows"]
        assert len(reading.table.columns) == expect["n_columns"]
    assert len(set(reading.table.names)) == len(reading.table.names)
    if "columns" in expect:
        for column, wanted in zip(reading.table.columns, expect["columns"], strict=True):
            check_column(column, wanted)
    for wanted in expect.get("columns_checked", []):
        check_column(reading.table[wanted["name"]], wanted)
    assert reading.options.delimiter == expect.get("delimiter", reading.options.delimiter)
    assert reading.options.decimal == expect.get("decimal", reading.options.decimal)
    if "latin-1" in expect.get("encoding", ""):
        assert reading.options.encoding in ("latin-1", "cp1252")
    elif "encoding" in expect:
        assert reading.options.encoding == expect["encoding"]


def texts_of(name: str, code: str) -> str:
    return " ".join(finding.text for finding in read_file(FILES / name).findings if finding.code == code)


def test_ragged_rows_are_named_with_what_was_lost() -> None:
    assert "Row 2 " in texts_of("ragged.csv", "short-rows")
    long = texts_of("ragged.csv", "long-rows")
    assert "Row 3 " in long
    assert '"9"' in long


def test_mixed_column_names_row_and_word() -> None:
    text = texts_of("mixed_column.csv", "mixed-column")
    assert "row 20" in text
    assert '"refused"' in text


def test_unclosed_quote_names_its_row_and_keeps_the_others() -> None:
    assert "row 1 " in texts_of("unclosed_quote.csv", "unclosed-quote")
    assert read_file(FILES / "unclosed_quote.csv").table.n_rows == 3


def test_infinite_values_are_missing_and_said_so() -> None:
    assert "rows 1, 2" in texts_of("booleans_inf.csv", "infinite-values")
    assert read_file(FILES / "booleans_inf.csv").table["v"].n_missing == 3


def test_preamble_is_shown() -> None:
    reading = read_file(FILES / "comment_preamble.csv")
    assert reading.preamble == ("# exported 2024-05-01", "# unit: ms")
    assert reading.options.header_row == 3


def test_suspicious_codes_are_hinted_at() -> None:
    found = [finding for finding in read_file(FILES / "missing_codes.csv").findings if finding.code == "suspicious-value"]
    assert [finding.about for finding in found] == [("y",), ("x",)]


def test_csv_named_as_workbook_is_read_with_a_note() -> None:
    assert "csv_renamed.xlsx" in texts_of("csv_renamed.xlsx", "other-suffix")
