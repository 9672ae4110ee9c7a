"""The left dock as a user drives it: clicks in, specification out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from mlgui.data.table import Kind
from mlgui.gui.desk import Desk, make_desk
from mlgui.gui.panels.chooser import Chooser
from mlgui.gui.panels.left import LeftDock
from mlgui.gui.panels.roles import grouping_choices
from mlgui.gui.panels.term_menu import TermMenu
from mlgui.session.changes import Change
from mlgui.session.document import Model
from mlgui.session.examples import open_example
from mlgui.spec.formula import parse
from mlgui.spec.render import render


@pytest.fixture
def desk(qapp: QApplication) -> Iterator[Desk]:
    desk = make_desk()
    desk.fitter.auto = False
    yield desk
    desk.runner.shut_down()


def dock_of(desk: Desk, qtbot: QtBot, example: str = "hsb", formula: str = "") -> LeftDock:
    table, structure, models = open_example(example)
    if formula:
        models = (Model(key=1, name="Model 1", spec=parse(formula, columns=table.names)),)
    desk.document.open(table, structure, models)
    dock = LeftDock(desk)
    qtbot.addWidget(dock)
    dock.resize(340, 860)
    with qtbot.waitExposed(dock):
        dock.show()
    return dock


def formula(desk: Desk) -> str:
    model = desk.document.active_model
    return render(model.spec) if model and model.spec else ""


def choose(qtbot: QtBot, chooser: Chooser, text: str) -> None:
    field = chooser.findChild(type(chooser._search))
    assert field is not None
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, Qt.Key.Key_Return)


def test_ticking_lets_a_slope_vary_and_undo_takes_it_back(desk: Desk, qtbot: QtBot) -> None:
    dock = dock_of(desk, qtbot, formula="math ~ ses + (1 | school)")
    box = dock.model.matrix.box("ses", "school")
    assert box is not None and not box.isChecked()
    box.click()
    assert formula(desk) == "math ~ ses + (ses | school)"
    assert desk.document.undo_label == "Let ses vary by school"
    desk.document.undo()
    assert formula(desk) == "math ~ ses + (1 | school)"


def test_cells_that_cannot_vary_say_why(desk: Desk, qtbot: QtBot) -> None:
    dock = dock_of(desk, qtbot, formula="math ~ ses * sector + (ses | school)")
    assert dock.model.matrix.box("sector", "school") is None
    words = [label.text() for label in dock.model.matrix.findChildren(object) if label.property("role") == "reason"]
    assert words == ["constant in a school", "covered by ses"]


def test_a_group_level_predictor_of_a_slope_makes_the_cross_level_interaction(desk: Desk, qtbot: QtBot) -> None:
    dock = dock_of(desk, qtbot, formula="math ~ ses + (ses | school)")
    well = dock.model.group_level.wells["school", "ses"]
    choose(qtbot, well.open_list(), "sector")
    assert formula(desk) == "math ~ ses * sector + (ses | school)"


def test_only_group_level_columns_are_offered_to_explain_a_slope(desk: Desk, qtbot: QtBot) -> None:
    dock = dock_of(desk, qtbot, formula="math ~ ses + (ses | school)")
    chooser = dock.model.group_level.wells["school", "ses"].open_list()
    assert set(chooser.keys()) == {"sector", "size", "pracad", "disclim", "himinty", "mean_ses"}
    chooser.close()


def test_reused_labels_are_offered_as_different_in_each_group_first(desk: Desk, qtbot: QtBot) -> None:
    dock_of(desk, qtbot, "pastes", formula="strength ~ 1 + (1 | batch)")
    first, second = (choice for choice in grouping_choices(desk.document.snapshot) if choice.text.startswith("cask"))
    assert (first.text, first.detail) == ("cask within batch", "different in each")
    assert (second.text, second.detail) == ("cask", "3, the same in each")


def test_the_predictor_list_narrows_while_typing(desk: Desk, qtbot: QtBot) -> None:
    dock = dock_of(desk, qtbot, formula="math ~ 1 + (1 | school)")
    choose(qtbot, dock.model.predictors.open_list(dock.model.add_predictor), "mean")
    assert formula(desk) == "math ~ mean_ses + (1 | school)"


def test_a_typed_formula_becomes_the_model_and_a_mistake_is_pointed_at(desk: Desk, qtbot: QtBot) -> None:
    dock = dock_of(desk, qtbot)
    editor = dock.equation.editor
    editor.entered.emit("math ~ ses + (1 | schol)")
    assert "school" in editor._words.text()
    assert editor.line.property("state") == "error"
    editor.entered.emit("math ~ ses + (1 | school)")
    assert formula(desk) == "math ~ ses + (1 | school)"


def test_typing_survives_a_fit_and_undo_goes_to_the_models(desk: Desk, qtbot: QtBot) -> None:
    dock = dock_of(desk, qtbot, formula="math ~ ses + (1 | school)")
    dock.equation.forms.part("formula").click()
    line = dock.equation.editor.line
    undo = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    line.event(undo)
    assert not undo.isAccepted()
    qtbot.keyClicks(line, "x")
    dock.equation._on_changed(Change.FIT, None)
    assert line.text() == "xmath ~ ses + (1 | school)"
    line.event(undo)
    assert undo.isAccepted()


def test_equations_are_written_by_level(desk: Desk, qtbot: QtBot) -> None:
    dock = dock_of(desk, qtbot, formula="math ~ ses * sector + (ses | school)")
    lines = dock.equation.view.plain_text().splitlines()
    assert lines[0].startswith("math_i = α_j[i] + β_j[i] ses_i")
    assert len(lines) >= 3


def test_removing_outcome_leaves_an_empty_model(desk: Desk, qtbot: QtBot) -> None:
    dock = dock_of(desk, qtbot)
    close = [b for b in dock.model.outcome.findChildren(QToolButton) if b.property("kind") == "close"]
    QTest.mouseClick(close[0], Qt.MouseButton.LeftButton)
    model = desk.document.active_model
    assert model is not None and model.spec is None
    choose(qtbot, dock.model.outcome.open_list(), "ses")
    assert formula(desk).startswith("ses ~ 1")


def test_estimation_and_correlation_switches(desk: Desk, qtbot: QtBot) -> None:
    dock = dock_of(desk, qtbot, formula="math ~ ses + (ses | school)")
    dock.model.estimation.part("ml").click()
    dock.model.correlate.click()
    model = desk.document.active_model
    assert model is not None and model.spec is not None and not model.spec.reml
    assert formula(desk) == "math ~ ses + (ses || school)"


def test_the_term_menu_centres_within_groups(desk: Desk, qtbot: QtBot) -> None:
    dock = dock_of(desk, qtbot, formula="math ~ ses + (ses | school)")
    model, table = desk.document.active_model, desk.document.snapshot.table
    assert model is not None and model.spec is not None and table is not None
    menu = TermMenu(model.spec.fixed[1], model.spec, table, dock)
    menu.edited.connect(dock.model._edit)
    zero = next(action.menu() for action in menu.actions() if action.menu() is not None)
    next(action for action in zero.actions() if action.text().endswith("add that mean as a predictor")).trigger()
    assert formula(desk) == "math ~ center(ses, school) + mean(ses, school) + (center(ses, school) | school)"


def test_changing_a_kind_is_one_step_of_undo(desk: Desk, qtbot: QtBot) -> None:
    dock = dock_of(desk, qtbot)
    with qtbot.waitSignal(desk.bridge.changed):
        dock.data.convert("himinty", Kind.CATEGORY)
    table = desk.document.snapshot.table
    assert table is not None and table["himinty"].kind is Kind.CATEGORY
    desk.document.undo()
    table = desk.document.snapshot.table
    assert table is not None and table["himinty"].kind is Kind.NUMBER


def test_the_column_list_shows_the_roles(desk: Desk, qtbot: QtBot) -> None:
    dock = dock_of(desk, qtbot, formula="math ~ ses * sector + (ses | school)")
    rows = [dock.data.view.rows.data(dock.data.view.rows.index(i), dock.data.view.rows.ROW) for i in range(4)]
    assert [(row.role, row.name) for row in rows] == [("j", "school"), ("y", "math"), ("x", "ses"), ("u", "sector")]
    assert [row.group_level for row in rows] == [True, False, False, True]


def test_nested_groups_and_long_names_fit_into_the_dock(desk: Desk, qtbot: QtBot, qapp: QApplication) -> None:
    desk.theme.apply(qapp)
    table, structure, _ = open_example("hsb")
    table = table.with_column(replace(table["mean_ses"], name="Climate among the teachers"))
    table = table.with_column(replace(table["sex"], name="Class"))
    text = "math ~ ses * `Climate among the teachers` + (ses | school) + (1 | Class:school)"
    desk.document.open(table, structure, (Model(key=1, name="Model 1", spec=parse(text, columns=table.names)),))
    dock = LeftDock(desk)
    qtbot.addWidget(dock)
    dock.resize(340, 860)
    with qtbot.waitExposed(dock):
        dock.show()
    assert dock.model.minimumSizeHint().width() <= dock.viewport().width()
    names = [button for button in dock.model.matrix.findChildren(QPushButton) if button.property("kind") == "row-name"]
    assert min(name.width() for name in names) >= 90
    assert all(name.fontMetrics().horizontalAdvance(name.text()) <= name.width() for name in names)
