from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace

import pytest

from mlgui.errors import UserError
from mlgui.export import xlsx
from mlgui.export.xlsx import sheet_names, workbook
from mlgui.results.report import Report
from mlgui.results.table_builders import tables
from mlgui.results.tables import ResultColumn, ResultTable


def parts(content: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name).decode("utf-8") for name in archive.namelist()}


def test_no_text_becomes_a_formula_or_a_link(hostile: ResultTable) -> None:
    sheet = parts(workbook([hostile]))["xl/worksheets/sheet1.xml"]
    assert "<f>" not in sheet and "hyperlink" not in sheet


def test_numbers_are_numbers_with_all_their_digits(hostile: ResultTable) -> None:
    sheet = parts(workbook([hostile]))["xl/worksheets/sheet1.xml"]
    values = [float(value) for value in re.findall(r'<c r="B\d+" s="\d+"><v>([^<]+)</v>', sheet)]
    assert values[:3] == pytest.approx([0.1, -1 / 3, 1e-300], rel=1e-15)
    assert 'r="B4"' not in sheet  # NaN: an empty cell


def test_p_values_are_stored_whole_and_shown_short(hostile: ResultTable) -> None:
    assert "&lt; 0.001" in parts(workbook([hostile]))["xl/styles.xml"]


def test_every_table_has_a_sheet_and_the_last_one_lists_them(sleepstudy: Report) -> None:
    found = tables(sleepstudy)
    book = parts(workbook(found))["xl/workbook.xml"]
    names = re.findall(r'<sheet name="([^"]+)"', book)
    assert names == [*sheet_names([table.key for table in found]), "Contents"]


def test_sheet_names_are_valid_and_unique() -> None:
    names = sheet_names(["a" * 40, "A" * 40, "a/b:c", "", "History", "contents", "'x'"])
    assert all(0 < len(name) <= 31 and not re.search(r"[\[\]:*?/\\]", name) for name in names)
    assert len({name.lower() for name in names} | {"contents", "history"}) == len(names) + 2


def test_too_many_rows_are_told_in_words(hostile: ResultTable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "MAX_ROWS", 5)
    with pytest.raises(UserError, match="does not fit into an Excel sheet"):
        workbook([hostile])


def test_a_very_long_text_is_cut(hostile: ResultTable) -> None:
    long = replace(hostile, columns=(ResultColumn(key="t", heading="t", cells=["x" * 50_000]),))
    assert "x" * 32_767 in parts(workbook([long]))["xl/sharedStrings.xml"]
