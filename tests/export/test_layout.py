from __future__ import annotations

import math

import pytest

from mlgui.export.layout import (
    APA,
    PLAIN,
    Piece,
    TableStyle,
    column_widths,
    heading_pieces,
    lay_out,
    note_pieces,
    p_text,
    parts_that_fit,
    text_of,
)
from mlgui.results.report import Report
from mlgui.results.table_builders import fixed_table, variance_table
from mlgui.results.tables import Format, ResultColumn, ResultTable


@pytest.mark.parametrize(
    ("p", "style", "text"),
    [
        (0.0004, PLAIN, "<\u00a00.001"), (0.0004, APA, "<\u00a0.001"), (0.0421, APA, ".042"),
        (0.0421, TableStyle(comma=True), "0,042"),
        (0.0421, TableStyle(apa=True, comma=True), ",042"), (0.9999, APA, "1.000"), (1.0, APA, "1.000"),
        (0.004, TableStyle(p_decimals=2), "<\u00a00.01"), (0.0004, TableStyle(p_decimals=4), "0.0004"), (math.nan, APA, "–"),
    ],
)  # fmt: skip
def test_p_values_have_their_own_format(p: float, style: TableStyle, text: str) -> None:
    assert p_text(p, style) == text


def test_symbols_of_statistics_are_in_italics_and_labels_are_not() -> None:
    assert heading_pieces("SE") == (Piece("SE", italic=True),)
    assert heading_pieces("t: SE alone") == (Piece("t: "), Piece("SE", italic=True), Piece(" alone"))
    assert heading_pieces("ses: t") == (Piece("ses: "), Piece("t", italic=True))
    assert heading_pieces("the p of it") == (Piece("the p of it"),)
    assert [piece.text for piece in note_pieces("df and p, it can't be t: 1 (n)") if piece.italic] == ["df", "p"]


def test_a_decimal_comma_goes_through_every_number(sleepstudy: Report) -> None:
    column = ResultColumn(key="v", heading="v", cells=[-1234.5, math.nan, None], format=Format.NUMBER, decimals=1)
    table = ResultTable(key="k", title="T", columns=(column,))
    assert lay_out(table).columns[0].cells == ("−1,234.5", "–", "–")
    assert lay_out(table, TableStyle(comma=True)).columns[0].cells == ("−1\u202f234,5", "–", "–")
    cells = [cell for column in lay_out(fixed_table(sleepstudy), TableStyle(comma=True)).columns[3:] for cell in column.cells]
    assert not [cell for cell in cells if "." in cell]


def test_apa_drops_the_zero_of_what_cannot_exceed_one_only(sleepstudy: Report) -> None:
    columns = {heading.heading[0].text: heading.cells for heading in lay_out(variance_table(sleepstudy), APA).columns}
    assert columns["Correlation"] == ("–", ".07", "–")
    small = ResultColumn(key="estimate", heading="Estimate", cells=[0.25, -0.5], format=Format.NUMBER)
    share = ResultColumn(key="resolved", heading="Resolved", cells=[0.25, 1.0], format=Format.PERCENT, decimals=0)
    found = lay_out(ResultTable(key="k", title="T", columns=(small, share)), APA).columns
    assert found[0].cells == ("0.25", "−0.50") and found[1].cells == ("25%", "100%")


def test_degrees_of_freedom_line_up() -> None:
    column = ResultColumn(key="df", heading="df", cells=[17.0, 158.2], format=Format.DF)
    table = ResultTable(key="k", title="T", columns=(column,))
    assert lay_out(table).columns[0].cells == ("17.0", "158.2")
    large = ResultColumn(key="df", heading="df", cells=[170.4, 158.2], format=Format.DF)
    assert lay_out(ResultTable(key="k", title="T", columns=(large,))).columns[0].cells == ("170", "158")


def wide(n: int) -> ResultTable:
    name = ResultColumn(key="level", heading="School", cells=["a long name", "b"])
    numbers = [ResultColumn(key=f"v{k}", heading=f"V{k}", cells=[1.25, 2.5], format=Format.NUMBER) for k in range(n)]
    return ResultTable(key="wide", title="Wide", columns=(name, *numbers), note="df")


def test_texts_give_way_before_numbers_do() -> None:
    laid = lay_out(wide(3))
    assert column_widths(laid, 100, 1, 1) == [12, 5, 5, 5]
    assert column_widths(laid, 23, 1, 1) == [8, 5, 5, 5]
    assert sum(column_widths(laid, 10, 1, 1)) == pytest.approx(10)


def test_tables_of_many_columns_are_parted_behind_their_first_columns() -> None:
    parts = parts_that_fit(lay_out(wide(7)), 22, 1, 1)
    assert [[text_of(column.heading) for column in part.columns] for part in parts] == [
        ["School", "V0", "V1", "V2"], ["School", "V3", "V4", "V5"], ["School", "V6"],
    ]  # fmt: skip
    assert [part.title for part in parts] == [f"Wide, part {n} of 3" for n in (1, 2, 3)]
    assert [bool(part.note) for part in parts] == [False, False, True]
    whole = lay_out(wide(2))
    assert parts_that_fit(whole, 100, 1, 1) == [whole] == parts_that_fit(whole, 5, 1, 1)
