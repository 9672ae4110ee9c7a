from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from mlgui.data.structure import Structure
from mlgui.data.table import Table
from mlgui.gui.centre.centre import Centre
from mlgui.gui.centre.compare import CompareView
from mlgui.session.document import Document, Fit, FitState
from mlgui.session.jobs import fit_model
from mlgui.session.models import Model
from mlgui.spec.formula import parse


def shown(centre: Centre, qtbot: QtBot) -> CompareView:
    """Return the Compare view of a centre with its models compared."""
    centre.show_tab("compare")
    view = centre.view("compare")
    assert isinstance(view, CompareView)
    qtbot.waitUntil(lambda: view.note.text() != "Comparing…")
    return view


@pytest.fixture
def view(centre: Centre, qtbot: QtBot) -> CompareView:
    return shown(centre, qtbot)


def row(view: CompareView, label: str) -> list[str]:
    cells = view.table.cells
    place = next(k for k in range(cells.rowCount()) if cells.cell(k, 0).text == label)
    return [cells.cell(place, k).text for k in range(1, cells.columnCount())]


def test_models_stand_side_by_side(view: CompareView) -> None:
    assert view.title.text() == "2 models side by side"
    assert row(view, "sector: Catholic") == ["2.13", "1.19"] and row(view, "mean_ses") == ["–", "3.32"]
    assert row(view, "AIC") == ["46,579.2", "46,517.7"] and row(view, "χ²") == ["–", "65.5"]
    assert row(view, "df") == ["–", "2"] and row(view, "p") == ["–", "< 0.001"]
    assert "maximum likelihood" in view.note.text()
    assert [table.key for table in view.tables()] == ["comparison", "side_by_side"]


def test_differences_from_a_chosen_reference(view: CompareView, qtbot: QtBot) -> None:
    qtbot.mouseClick(view.content.part("differences"), Qt.MouseButton.LeftButton)
    assert row(view, "sector: Catholic") == ["2.13", "−0.93"] and row(view, "AIC") == ["46,579.2", "−61.5"]
    view.reference.choose(view.reference.itemData(1))
    assert row(view, "sector: Catholic") == ["+0.93", "1.19"] and row(view, "χ²") == ["65.5", "–"]
    assert "Model 2" in view.subtitle.text()


def test_what_only_one_has_is_marked(view: CompareView) -> None:
    cells = view.table.cells
    place = next(k for k in range(cells.rowCount()) if cells.cell(k, 0).text == "mean_ses")
    assert cells.cell(place, 2).colour == "accent" and "Not in the reference" in cells.cell(place, 2).tip
    view.reference.choose(view.reference.itemData(1))
    assert cells.cell(place, 1).colour == "accent" and "but in the reference" in cells.cell(place, 1).tip


def test_the_ladder_in_one_click(view: CompareView, document: Document, qtbot: QtBot) -> None:
    assert view.ladder.isVisible()
    qtbot.mouseClick(view.ladder, Qt.MouseButton.LeftButton)
    assert len(document.snapshot.models) == 5 and not view.ladder.isVisible()


def test_models_can_be_left_out(
    make_centre: Callable[[Document], Centre], document: Document, hsb: tuple[Table, Structure, tuple[Model, ...]], qtbot: QtBot
) -> None:
    key = document.add_model()
    document.set_fit(key, Fit(state=FitState.FITTED, report=fit_model(*hsb[:2], parse("math ~ ses + (1 | school)"))))
    view = shown(make_centre(document), qtbot)
    assert view.ticks.count() == 3 and view.table.cells.columnCount() == 4
    box = view.ticks.itemAt(0).widget()
    box.setChecked(False)
    assert view.table.cells.columnCount() == 3
    qtbot.waitUntil(lambda: view.compared is not None and len(view.compared.models) == 2)


def test_the_theme_may_change_after_a_model_shown_here_is_deleted_elsewhere(
    make_centre: Callable[[Document], Centre], document: Document, hsb: tuple[Table, Structure, tuple[Model, ...]], qtbot: QtBot
) -> None:
    key = document.add_model()
    document.set_fit(key, Fit(state=FitState.FITTED, report=fit_model(*hsb[:2], parse("math ~ ses + (1 | school)"))))
    centre = make_centre(document)
    view = shown(centre, qtbot)
    centre.show_tab("overview")
    document.delete_model(key)
    view.theme.set_mode("dark")
    centre.show_tab("compare")
    assert view.ticks.count() == 0


def test_what_cannot_be_compared_is_said(
    make_centre: Callable[[Document], Centre], document: Document, hsb: tuple[Table, Structure, tuple[Model, ...]], qtbot: QtBot
) -> None:
    key = document.snapshot.models[1].key
    document.set_fit(key, Fit(state=FitState.FITTED, report=fit_model(*hsb[:2], parse("ses ~ 1 + (1 | school)"))))
    view = shown(make_centre(document), qtbot)
    assert "different outcomes" in view.note.text() and view.tables() == ()
    assert row(view, "sector: Catholic") == ["2.130", "–"]


def test_one_model_invites_another(make_centre: Callable[[Document], Centre], document: Document, qtbot: QtBot) -> None:
    document.delete_model(document.snapshot.models[1].key)
    view = shown(make_centre(document), qtbot)
    assert view.title.text() == "1 model" and not view.reference.isVisible() and view.ladder.isVisible()
    assert row(view, "Intercept") == ["11.75"]
