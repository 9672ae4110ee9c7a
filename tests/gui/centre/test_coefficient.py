"""One coefficient marked in the equation, the Overview and the Coefficients."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from mlgui.gui.centre.centre import Centre
from mlgui.gui.centre.coefficients import CoefficientsView
from mlgui.gui.centre.overview import OverviewView
from mlgui.gui.desk import Desk
from mlgui.gui.items.cell_table import CellTable
from mlgui.gui.items.cells import MARKED_ROLE
from mlgui.gui.workspace import Workspace
from mlgui.results.report import Report
from mlgui.session.document import FitState
from tests.gui.centre.conftest import Opened

CATHOLIC = "sectorCatholic"


def marked(table: CellTable) -> list[str]:
    cells = table.cells
    return [cells.key(k) for k in range(cells.rowCount()) if cells.index(k, 0).data(MARKED_ROLE)]


def overview(centre: Centre) -> OverviewView:
    centre.show_tab("overview")
    view = centre.view("overview")
    assert isinstance(view, OverviewView)
    return view


def coefficients(centre: Centre) -> CoefficientsView:
    centre.show_tab("coefficients")
    view = centre.view("coefficients")
    assert isinstance(view, CoefficientsView)
    return view


def row_of(table: CellTable, key: str) -> int:
    return next(k for k in range(table.cells.rowCount()) if table.cells.key(k) == key)


def click(table: CellTable, key: str, qtbot: QtBot) -> None:
    at = table.visualRect(table.cells.index(row_of(table, key), 0)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=at)


def test_a_row_of_the_overview_is_marked_in_the_coefficients(centre: Centre, qtbot: QtBot) -> None:
    name = overview(centre).fixed.cells.key(row_of(overview(centre).fixed, "ses"))
    click(overview(centre).fixed, name, qtbot)
    view = coefficients(centre)
    assert marked(view.table) == ["ses"]
    assert view.canvas.sheet.selected == {view._names().index("ses")}


def test_a_mark_of_the_plot_is_marked_in_the_overview(centre: Centre, qtbot: QtBot) -> None:
    view = coefficients(centre)
    at = view.canvas.position_of(view._names().index("ses"))
    assert at is not None
    viewport = view.canvas.stage.viewport()
    with qtbot.waitSignal(centre.coefficient_chosen):
        qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=viewport.mapFrom(view.canvas, at))
    assert marked(overview(centre).fixed) == ["ses"]
    view = coefficients(centre)
    qtbot.keyClick(view.canvas, Qt.Key.Key_Escape)
    assert marked(view.table) == [] and marked(overview(centre).fixed) == []


def test_hovering_marks_and_leaving_restores(centre: Centre, qtbot: QtBot) -> None:
    view = overview(centre)
    keys = [view.fixed.cells.key(k) for k in range(view.fixed.cells.rowCount()) if view.fixed.cells.key(k)]
    click(view.fixed, keys[0], qtbot)
    centre.mark_coefficient(keys[1])
    assert marked(view.fixed) == [keys[1]]
    centre.mark_coefficient("")
    assert marked(view.fixed) == [keys[0]]


def test_the_mark_survives_another_model(centre: Centre, qtbot: QtBot) -> None:
    centre.choose_coefficient("ses")
    document = centre._document
    document.show_model(document.snapshot.models[1].key)
    assert marked(overview(centre).fixed) == ["ses"]


@pytest.mark.parametrize("tab", ["groups", "shrinkage"])
def test_views_without_coefficients_do_not_mind(centre: Centre, tab: str) -> None:
    centre.show_tab(tab)
    centre.mark_coefficient("ses")
    centre.choose_coefficient("ses")


def test_the_equation_and_the_views_are_joined(
    make_desk: Callable[..., Desk], hsb: Opened, hsb_reports: tuple[Report, ...], qtbot: QtBot
) -> None:
    desk = make_desk(lambda *_, **__: hsb_reports[0])
    workspace = Workspace(desk)
    qtbot.addWidget(workspace)
    desk.document.open(*hsb)
    qtbot.waitUntil(lambda: desk.document.active_fit.state is FitState.FITTED)
    with qtbot.waitExposed(workspace):
        workspace.show()
    workspace.left.coefficient_hovered.emit("ses")
    assert marked(overview(workspace.centre).fixed) == ["ses"]
    workspace.left.coefficient_hovered.emit("")
    assert marked(overview(workspace.centre).fixed) == []
    workspace.centre.choose_coefficient("ses")
    assert workspace.left.equation.view._marked == "ses"
