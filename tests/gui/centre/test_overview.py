from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from mlgui.gui.centre.centre import Centre
from mlgui.gui.centre.key_figures import KeyFigureCard, key_figures
from mlgui.gui.centre.overview import OverviewView, fit_facts, overview_subtitle, overview_title
from mlgui.gui.centre.overview_rows import fixed_rows, interval_scale, variance_rows
from mlgui.gui.items.cells import Cell
from mlgui.results.report import Report
from mlgui.session.document import Document, Fit, FitState


def texts(rows: list[list[Cell]]) -> list[list[str]]:
    return [[cell.text for cell in row] for row in rows]


def overview(centre: Centre) -> OverviewView:
    view = centre.view("overview")
    assert isinstance(view, OverviewView)
    return view


def test_average_coefficients_stand_below_what_they_explain(hsb_reports: tuple[Report, ...]) -> None:
    rows = fixed_rows(hsb_reports[0])
    assert [row[0].text for row in rows] == [
        "Intercepts αⱼ", "Intercept", "sector: Catholic", "Slopes βⱼ of ses", "ses", "ses × sector: Catholic", "",
    ]  # fmt: skip
    assert [row[0].detail for row in rows[1:6]] == ["sector: Public", "", "math per unit of ses", "sector: Public", ""]
    assert texts(rows)[1][1:7] == ["11.75", "0.23", "152", "50.7", "< 0.001", "11.29 to 12.21"]
    assert texts(rows)[5][1:7] == ["−1.31", "0.22", "1,398", "−6.1", "< 0.001", "−1.74 to −0.89"]
    assert [row[0].badge for row in rows[1:6]] == [None, ("school", True), None, ("student", False), ("school", True)]


def test_intervals_share_a_scale_that_holds_zero_but_not_the_intercept(hsb_reports: tuple[Report, ...]) -> None:
    rows = fixed_rows(hsb_reports[0])
    shown = [row[7].interval for row in rows if len(row) > 7 and row[7].interval is not None]
    assert len(shown) == 3 and len({interval.scale for interval in shown}) == 1
    low, high = shown[0].scale
    assert low < -1.74 and 3.24 < high < 4
    axis = rows[-1][7].axis
    assert axis is not None and [text for _, text in axis[1]] == ["−2", "0", "2"]
    assert interval_scale([]) is None


def test_a_coefficient_that_cannot_be_estimated_says_so(hsb_reports: tuple[Report, ...]) -> None:
    report = hsb_reports[0]
    gone = replace(report.fixed[1], estimable=False)
    rows = fixed_rows(replace(report, fixed=(report.fixed[0], gone, *report.fixed[2:])))
    row = next(row for row in rows if row[0].text == gone.label)
    assert row[1].text == "not estimable" and row[1].tip


def test_what_varies_puts_the_sd_first_and_warns_at_the_boundary(hsb_reports: tuple[Report, ...]) -> None:
    rows = variance_rows(hsb_reports[0])
    assert [row[2].text for row in rows] == ["1.95", "0.28", "6.07"]
    assert [row[4].text for row in rows] == ["3.82", "0.08", "36.79"]
    assert (rows[1][5].text, rows[1][5].icon, rows[1][5].link) == ("1.00", "warning", "boundary-fit")
    bars = [row[3].bar for row in rows]
    assert bars[2] == 1.0 and bars[0] is not None and 0.31 < bars[0] < 0.33


def test_key_figures(hsb_reports: tuple[Report, ...]) -> None:
    found = [(f.title, f.value, f.note) for f in key_figures(hsb_reports[0])]
    space = "\u202f"
    assert found == [
        ("Between schools (ICC)", f"18{space}%", "of the variance of math"),
        ("Explained by predictors", f"12{space}%", "marginal R²"),
        ("With school effects", f"20{space}%", "conditional R²"),
        ("Students per school", "14 – 67", "median 47"),
    ]


def test_words_around_the_tables(hsb_reports: tuple[Report, ...], no_groups_report: Report) -> None:
    report = hsb_reports[0]
    assert overview_title(report) == "math, ses and sector"
    assert overview_subtitle(report) == "7,185 students in 160 schools · intercepts and ses slopes vary by school"
    assert fit_facts(report).startswith("REML criterion 46,569.1 · AIC 46,585.1 · 8 parameters · df by Satterthwaite")
    assert [f.title for f in key_figures(no_groups_report)] == ["Explained by predictors"]


def test_two_groupings_are_told_apart(pastes_report: Report) -> None:
    rows = variance_rows(pastes_report)
    assert [row[0].text for row in rows] == ["cask in batch", "batch", "test"]
    assert "and 10 batches" in overview_subtitle(pastes_report)


def test_copy_puts_both_tables_on_the_clipboard(centre: Centre, qtbot: QtBot) -> None:
    copy = next(b for b in overview(centre).findChildren(QPushButton) if b.text() == "Copy table")
    qtbot.mouseClick(copy, Qt.MouseButton.LeftButton)
    data = QGuiApplication.clipboard().mimeData()
    assert data.hasHtml() and "<table" in data.html()
    assert "\t11.75\t" in data.text() and "1.95" in data.text()


def test_a_click_on_the_warning_asks_for_its_finding(centre: Centre, qtbot: QtBot) -> None:
    table = overview(centre).variance
    at = table.visualRect(table.cells.index(1, 5)).center()
    with qtbot.waitSignal(centre.finding_asked) as asked:
        qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert asked.args == ["boundary-fit"]


def test_rows_can_be_copied_with_the_keyboard(centre: Centre, qtbot: QtBot) -> None:
    table = overview(centre).fixed
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=table.visualRect(table.cells.index(1, 0)).center())
    qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    lines = QGuiApplication.clipboard().text().splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("Average coefficients\tEstimate")
    assert lines[1].startswith("Intercept sector: Public\t11.75")


def test_tables_are_as_high_as_their_rows_and_fit_the_width(centre: Centre) -> None:
    view = overview(centre)
    for table in (view.fixed, view.variance):
        assert table.verticalScrollBar().maximum() == 0
        assert table.horizontalScrollBar().maximum() == 0
        assert table.horizontalHeader().length() <= table.viewport().width()
    assert view.fixed.columnSpan(0, 0) == 8


def test_every_shape_of_model_can_be_shown(
    make_centre: Callable[[Document], Centre], document: Document, pastes_report: Report, sleep_report: Report
) -> None:
    centre = make_centre(document)
    for report in (pastes_report, sleep_report):
        document.set_fit(1, Fit(state=FitState.FITTED, report=report))
        assert not centre.grab().isNull()
        assert overview(centre).fixed.indexAt(QPoint(5, 5)).isValid()


def test_key_figures_stand_in_two_rows_before_any_is_cut(qtbot: QtBot, hsb_reports: tuple[Report, ...]) -> None:
    card = KeyFigureCard()
    qtbot.addWidget(card)
    card.show_figures(key_figures(hsb_reports[0]))
    heights = []
    for width in (900, 430):
        card.resize(width, 100)
        card.show()
        card.resize(width, card.sizeHint().height())
        assert not any("…" in label.text() for label in card.findChildren(QLabel))
        heights.append(card.sizeHint().height())
    assert heights[1] > 1.5 * heights[0]
