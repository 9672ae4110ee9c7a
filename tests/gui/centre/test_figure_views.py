from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from mlgui.data.structure import Structure
from mlgui.data.table import Table
from mlgui.gui.centre.centre import Centre
from mlgui.gui.centre.coefficients import CoefficientsView
from mlgui.gui.centre.empty import NoticePage
from mlgui.gui.centre.fitted_lines import FittedLinesView
from mlgui.gui.centre.group_level import GroupLevelView
from mlgui.gui.centre.shrinkage import ShrinkageView
from mlgui.results.figure import Figure, Points
from mlgui.results.report import Report
from mlgui.session.document import Document, Fit, FitState, Selection
from mlgui.session.jobs import fit_model
from mlgui.session.models import Model
from mlgui.spec.formula import parse


def drawn(figure: Figure | None) -> Figure:
    assert figure is not None
    return figure


def test_shrinkage_switches_between_coefficients_and_their_plane(centre: Centre) -> None:
    centre.show_tab("shrinkage")
    view = centre.view("shrinkage")
    assert isinstance(view, ShrinkageView)
    assert drawn(view.canvas.figure).key == "shrinkage_school_intercept"
    for key, expected in (("1", "shrinkage_school_ses"), ("plane", "shrinkage_school_intercept_ses")):
        view.switch.set_key(key)
        view.switch.chosen.emit(key)
        assert drawn(view.canvas.figure).key == expected
    assert view.canvas.accessibleName() == drawn(view.canvas.figure).alt


def test_a_click_on_an_arrow_selects_its_group(centre: Centre, document: Document, qtbot: QtBot) -> None:
    centre.show_tab("shrinkage")
    view = centre.view("shrinkage")
    assert isinstance(view, ShrinkageView)
    at = view.canvas.position_of(view.groups.levels.index("8367"))
    assert at is not None
    viewport = view.canvas.stage.viewport()
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=viewport.mapFrom(view.canvas, at))
    assert document.selection == Selection("school", frozenset({"8367"}), "8367")
    assert view.order()[0] == view.groups.levels.index("8367")  # the smallest school stands first


def test_the_selection_stays_when_another_model_is_shown(centre: Centre, document: Document) -> None:
    centre.show_tab("shrinkage")
    document.select(Selection("school", frozenset({"8367"}), "8367"))
    document.show_model(document.snapshot.models[1].key)
    view = centre.view("shrinkage")
    assert isinstance(view, ShrinkageView) and view.canvas.sheet.selected and centre.tab == "shrinkage"


def test_the_group_level_view_starts_with_a_number_of_the_model(centre: Centre, document: Document) -> None:
    document.show_model(document.snapshot.models[1].key)
    centre.show_tab("group_level")
    view = centre.view("group_level")
    assert isinstance(view, GroupLevelView)
    assert (view.across.key, view.lines.key) == ("mean_ses", "sector")
    document.show_model(document.snapshot.models[0].key)
    assert view.across.key == "sector"  # nobody has chosen yet, so the view follows the model
    document.show_model(document.snapshot.models[1].key)
    figure = drawn(view.canvas.figure)
    assert len(figure.panels) == 2 and "3.32" in figure.panels[0].title
    view.across.choose("size")
    assert drawn(view.canvas.figure).key.endswith("size")
    document.show_model(document.snapshot.models[0].key)
    assert view.across.key == "size"
    document.show_model(document.snapshot.models[1].key)
    view.lines.choose("-")
    assert len(drawn(view.canvas.figure).panels[0].layers) < len(figure.panels[0].layers)


def lines_of(centre: Centre, qtbot: QtBot) -> FittedLinesView:
    """Return the view of fitted lines with its first figure."""
    view = centre.view("fitted_lines")
    assert isinstance(view, FittedLinesView)
    with qtbot.waitSignal(view.ready):
        centre.show_tab("fitted_lines")
    return view


def test_fitted_lines_page_through_the_groups(centre: Centre, qtbot: QtBot) -> None:
    view = lines_of(centre, qtbot)
    assert len(drawn(view.canvas.figure).panels) == 12 and not view.pager.isVisible()
    with qtbot.waitSignal(view.ready):
        view.choice.choose("all")
    first = list(view.order())
    assert view.pager.isVisible() and not view.back.isEnabled()
    with qtbot.waitSignal(view.ready):
        qtbot.mouseClick(view.forward, Qt.MouseButton.LeftButton)
    assert not set(first) & set(view.order())
    with qtbot.waitSignal(view.ready):  # the last page asked for is the one that comes
        for _ in range(20):
            qtbot.mouseClick(view.forward, Qt.MouseButton.LeftButton)
    assert len(view.order()) == 160 - 13 * 12 and not view.forward.isEnabled()


def test_fitted_lines_of_the_selected_groups(centre: Centre, document: Document, qtbot: QtBot) -> None:
    document.select(Selection("school", frozenset({"8367", "1224"}), "1224"))
    view = lines_of(centre, qtbot)
    with qtbot.waitSignal(view.ready):
        view.choice.choose("selected")
    assert {panel.title for panel in drawn(view.canvas.figure).panels} == {"8367", "1224"}
    with qtbot.waitSignal(view.ready):
        document.select(Selection("school", frozenset({"6990"}), "6990"))
    assert [panel.title for panel in drawn(view.canvas.figure).panels] == ["6990"]


def test_a_model_without_a_number_within_groups_has_no_lines(
    make_centre: Callable[[Document], Centre], document: Document, pastes_report: Report
) -> None:
    document.set_fit(1, Fit(state=FitState.FITTED, report=pastes_report))
    centre = make_centre(document)
    centre.show_tab("fitted_lines")
    page = centre.stack.currentWidget()
    assert isinstance(page, NoticePage) and "no predictor" in page.accessibleName()
    centre.show_tab("group_level")
    assert not centre.grab().isNull()


def test_only_groupings_with_lines_are_offered(
    make_centre: Callable[[Document], Centre], document: Document, hsb: tuple[Table, Structure, tuple[Model, ...]]
) -> None:
    table, structure, _ = hsb
    report = fit_model(table, structure, parse("math ~ mean_ses + (1 | sector) + (1 | school)"))
    document.set_fit(1, Fit(state=FitState.FITTED, report=report))
    centre = make_centre(document)
    centre.show_tab("fitted_lines")
    view = centre.view("fitted_lines")
    assert isinstance(view, FittedLinesView)
    assert view.grouping == "sector" and not view.groupings.isVisible() and view.along.key == "mean_ses"
    centre.show_tab("groups")
    assert [groups.grouping for groups in report.groups] == ["school", "sector"]


def coefficients_of(centre: Centre) -> CoefficientsView:
    centre.show_tab("coefficients")
    view = centre.view("coefficients")
    assert isinstance(view, CoefficientsView)
    return view


def test_models_are_ticked_on_and_off(centre: Centre) -> None:
    view = coefficients_of(centre)
    assert [view.ticks.itemAt(k).widget().text() for k in range(view.ticks.count())] == ["Model 1", "Model 2"]
    assert view.table.cells.columnCount() == 7
    view.ticks.itemAt(0).widget().setChecked(False)
    assert view.table.cells.columnCount() == 4
    colours = {layer.colour for layer in drawn(view.canvas.figure).panels[0].layers if isinstance(layer, Points)}
    assert len(colours) == 1


def test_the_table_below_holds_both_models(centre: Centre) -> None:
    view = coefficients_of(centre)
    rows = {view.table.cells.cell(k, 0).text: k for k in range(view.table.cells.rowCount())}
    row = [view.table.cells.cell(rows["sector: Catholic"], k).text for k in range(7)]
    assert row[1:3] == ["2.13", "1.45 to 2.81"] and row[4] == "1.19"
    missing = rows["mean_ses"]
    assert view.table.cells.cell(missing, 1).text == "–" and view.table.cells.cell(missing, 4).text == "3.32"
    assert "AIC is left out" in view.note.text()


def test_scale_confidence_and_intercept(centre: Centre, qtbot: QtBot) -> None:
    view = coefficients_of(centre)
    view.confidence.choose("0.99")
    assert "99" in view.table.cells.headerData(2, Qt.Orientation.Horizontal)
    before = view.table.cells.cell(1, 1).text
    qtbot.mouseClick(view.scale.part("sd"), Qt.MouseButton.LeftButton)
    assert view.table.cells.cell(1, 1).text != before
    rows = len(drawn(view.canvas.figure).panels[0].y.ticks or ())
    view.intercept.setChecked(True)
    assert len(drawn(view.canvas.figure).panels[0].y.ticks or ()) == rows + 1


def test_one_model_has_no_ticks_and_its_aic(make_centre: Callable[[Document], Centre], document: Document) -> None:
    document.delete_model(document.snapshot.models[1].key)
    view = coefficients_of(make_centre(document))
    assert view.ticks.count() == 0
    last = view.table.cells.rowCount() - 1
    assert view.table.cells.cell(last, 0).text == "AIC (REML)" and view.table.cells.cell(last, 1).text == "46,585.1"
