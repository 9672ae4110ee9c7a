from __future__ import annotations

import csv
import io
import math

import pytest

from mlgui.export.cells import exact, safe_text
from mlgui.export.csv import table_csv
from mlgui.results.report import Report
from mlgui.results.table_builders import fixed_table
from mlgui.results.tables import ResultTable


@pytest.mark.parametrize("text", ["=1", "+1+1", "-a", "@x", "\tx", "\rx", "\nx", "＝1", "-2+3", "=", "-"])
def test_texts_that_spreadsheets_would_run_are_neutralised(text: str) -> None:
    assert safe_text(text) == "'" + text


@pytest.mark.parametrize("text", ["", "abc", "1=2", "a-b", "-5", "+5.5", "-1e-5", "(Intercept)", "0 + x", "π", "' x"])
def test_harmless_texts_stay_as_they_are(text: str) -> None:
    assert safe_text(text) == text


def test_numbers_keep_all_their_digits() -> None:
    for value in (0.1, 1 / 3, 1e-300, -2.5, 1e22):
        assert float(exact(value)) == value
    assert [exact(value) for value in (None, math.nan, math.inf, -math.inf, 3, True)] == ["", "", "Inf", "-Inf", "3", "True"]


def test_a_hostile_table_becomes_harmless_and_reads_back(hostile: ResultTable) -> None:
    rows = list(csv.reader(io.StringIO(table_csv(hostile).decode("utf-8"), newline="")))
    assert rows[0] == ["'=name", "value", "p", "n", "share"]
    names = [row[0] for row in rows[1:]]
    assert names[:6] == ["'" + text for text in hostile.columns[0].cells[:6]]  # type: ignore[operator]
    assert names[6:] == list(hostile.columns[0].cells[6:])
    assert rows[1][1:] == ["0.1", "0.0001", "0", "0.181"] and rows[3][1:3] == ["", ""] and rows[2][1] == repr(-1 / 3)


def test_the_byte_order_mark_is_a_choice(hostile: ResultTable) -> None:
    assert table_csv(hostile, byte_order_mark=True)[:3] == b"\xef\xbb\xbf"
    assert table_csv(hostile, byte_order_mark=True)[3:] == table_csv(hostile)


def test_the_coefficients_have_the_columns_people_expect(sleepstudy: Report) -> None:
    rows = list(csv.DictReader(io.StringIO(table_csv(fixed_table(sleepstudy)).decode())))
    assert [row["term"] for row in rows] == ["(Intercept)", "Days"]
    assert {"estimate", "se", "df", "t", "p", "ci_low", "ci_high"} <= set(rows[0])
    assert float(rows[1]["estimate"]) == sleepstudy.fixed[1].estimate
