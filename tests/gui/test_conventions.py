"""Why do my numbers differ: the window, its buttons; what is left to explain, and whether it varies."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from mlgui.gui.desk import Desk
from mlgui.gui.dialogs.conventions import ConventionsDialog
from mlgui.gui.panels.does_it_vary import DoesItVary
from mlgui.gui.panels.left_to_explain import LeftToExplain
from mlgui.session.document import FitState

Example = Any


def fitted(desk: Desk) -> bool:
    return desk.document.active_fit.state is FitState.FITTED


def test_a_button_changes_the_model_and_its_subject_agrees(desk: Desk, hsb: Example, qtbot: QtBot) -> None:
    with qtbot.waitSignal(desk.bridge.changed, check_params_cb=lambda *_: fitted(desk)):
        desk.document.open(*hsb)
    dialog = ConventionsDialog(desk)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.program.part("stata").click()
    press = next(b for b in dialog.findChildren(QPushButton) if b.text() == "Fit by ML")
    with qtbot.waitSignal(desk.bridge.changed, check_params_cb=lambda *_: fitted(desk)):
        press.click()
    assert desk.document.active_fit.report is not None and desk.document.active_fit.report.method == "ML"
    assert next(one for one in dialog._shown if one.topic == "Estimator").same
    next(b for b in dialog.findChildren(QPushButton) if b.text() == "Copy as text").click()
    copied = QApplication.clipboard().text()
    assert copied.startswith("Stata: mixed") and "Estimator" in copied
    with qtbot.waitSignal(desk.bridge.changed, check_params_cb=lambda *_: fitted(desk)):
        desk.document.undo()
    assert desk.document.active_fit.report.method == "REML"
    with qtbot.waitSignal(desk.bridge.changed, check_params_cb=lambda *_: fitted(desk)):
        dialog.follow.click()
    assert {one.topic for one in dialog._shown if not one.same} == {"How much varies", "ICC"}
    assert desk.document.undo_label == "Follow the defaults of Stata"


def test_left_to_explain(desk: Desk, hsb: Example, qtbot: QtBot) -> None:
    block = LeftToExplain(desk.bridge, desk.runner)
    qtbot.addWidget(block)
    with qtbot.waitSignal(block.ready):
        desk.document.open(*hsb)
    texts = [part.text() for part in block.findChildren(QLabel)]
    assert "LEFT TO EXPLAIN" in texts
    assert any("→" in text for text in texts) and any("%" in text for text in texts)


def test_does_it_vary(desk: Desk, hsb: Example, qtbot: QtBot) -> None:
    block = DoesItVary(desk.bridge, desk.runner)
    qtbot.addWidget(block)
    with qtbot.waitSignal(desk.bridge.changed, check_params_cb=lambda *_: fitted(desk)):
        desk.document.open(*hsb)
    with qtbot.waitSignal(block.ready):
        block.ask.click()
    texts = [part.text() for part in block.findChildren(QLabel)]
    assert "slopes of ses by school" in texts and not block.ask.isVisible()
    assert "0.052" in texts  # ½ χ²₁ + ½ χ²₂ at 5.1
