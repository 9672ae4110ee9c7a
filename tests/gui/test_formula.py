"""Typing a formula: names are offered and inserted, mistakes are marked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from mlgui.errors import UserError
from mlgui.gui.desk import Desk
from mlgui.gui.panels.equation import EquationPanel
from mlgui.gui.panels.formula import FormulaEditor, word_before
from mlgui.spec import edits
from mlgui.spec.render import render


@pytest.fixture
def editor(qtbot: QtBot) -> FormulaEditor:
    made = FormulaEditor()
    qtbot.addWidget(made)
    made.line.set_names(("math", "ses", "mean_ses", "school type"))
    with qtbot.waitExposed(made):
        made.show()
    made.line.setFocus()
    return made


@pytest.mark.parametrize(
    ("text", "word"),
    [("y ~ se", "se"), ("y ~ ", ""), ("y ~ x + (1 | sch", "sch"), ("y ~ `school t", "`school t"), ("", ""), ("math", "math")],
)
def test_the_word_before_the_cursor(text: str, word: str) -> None:
    assert word_before(text, len(text)) == word


def test_a_name_is_offered_and_taken_by_tab(editor: FormulaEditor, qtbot: QtBot) -> None:
    qtbot.keyClicks(editor.line, "math ~ mea")
    popup = editor.line.name_completer.popup()
    assert popup.isVisible()
    offered = [str(popup.model().index(row, 0).data()) for row in range(popup.model().rowCount())]
    assert offered == ["mean_ses", "mean("]
    qtbot.keyClick(editor.line, Qt.Key.Key_Tab)
    assert editor.line.text() == "math ~ mean_ses" and not popup.isVisible()


def test_names_with_spaces_are_written_with_backticks(editor: FormulaEditor, qtbot: QtBot) -> None:
    qtbot.keyClicks(editor.line, "math ~ typ")
    qtbot.keyClick(editor.line, Qt.Key.Key_Return)
    assert editor.line.text() == "math ~ `school type`"


def test_all_names_by_ctrl_space_and_enter_applies(editor: FormulaEditor, qtbot: QtBot) -> None:
    qtbot.keyClick(editor.line, Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier)
    popup = editor.line.name_completer.popup()
    assert popup.isVisible() and popup.model().rowCount() > 4
    popup.hide()
    editor.line.setText("math ~ 1")
    with qtbot.waitSignal(editor.entered, check_params_cb=lambda text: text == "math ~ 1"):
        qtbot.keyClick(editor.line, Qt.Key.Key_Return)


def test_a_mistake_is_marked(editor: FormulaEditor) -> None:
    editor.line.setText("math ~ ses + (1 | schol)")
    editor.show_error(UserError("There is no column called “schol”.", position=18))
    assert editor.line.selectedText() == "schol"
    editor.show_error(None)
    assert editor._hint.isVisible()


def test_what_a_formula_does_not_say_stays(make_desk: Callable[..., Desk], hsb: Any, qtbot: QtBot) -> None:
    desk = make_desk()
    desk.bridge.changed.disconnect(desk.fitter._on_changed)
    desk.document.open(*hsb)
    model = desk.document.active_model
    assert model is not None and model.spec is not None
    spec = edits.set_df(edits.set_boundary_avoiding(edits.set_weights(model.spec, "size"), True), "z")
    desk.document.edit_spec("", edits.leave_out_groups(spec, spec.random[0].grouping, ["8367"]))
    panel = EquationPanel(desk)
    qtbot.addWidget(panel)
    panel.editor.entered.emit("math ~ ses + (1 | school)")
    after = desk.document.active_model
    assert after is not None and after.spec is not None and render(after.spec) == "math ~ ses + (1 | school)"
    assert (after.spec.weights, after.spec.boundary_avoiding, after.spec.inference.df) == ("size", True, "z")
    assert after.spec.excluded[0].levels == ("8367",)
