"""Without these groups: the card in Explain, the token in the left dock, the rows in the grid."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from mlgui.gui.centre.data import DataView
from mlgui.gui.desk import Desk
from mlgui.gui.panels.explain import Explain
from mlgui.gui.panels.model import ModelPanel
from mlgui.gui.widgets import Token
from mlgui.session.document import FitState, Selection

Example = Any


def opened(desk: Desk, sleep: Example, qtbot: QtBot) -> Explain:
    explain = Explain(desk.bridge, desk.theme, desk.runner)
    qtbot.addWidget(explain)
    explain.resize(280, 900)
    explain.show()
    with qtbot.waitSignal(desk.bridge.changed, check_params_cb=lambda *_: desk.document.active_fit.state is FitState.FITTED):
        desk.document.open(*sleep)
    return explain


def press(widget: Any, words: str, qtbot: QtBot) -> None:
    found = [b for b in widget.findChildren(QPushButton) if b.text() == words][-1]
    qtbot.mouseClick(found, Qt.MouseButton.LeftButton)


def test_asked_shown_kept_and_undone(desk: Desk, sleep: Example, qtbot: QtBot) -> None:
    explain = opened(desk, sleep, qtbot)
    desk.document.select(Selection("Subject", frozenset({"308"}), "308"))
    with qtbot.waitSignal(explain.without.ready):
        press(explain, "Without this subject?", qtbot)
    texts = [part.text() for part in explain.without.findChildren(QLabel)]
    assert "Without subject 308" in texts and "Days" in texts and "Standard deviations" in texts
    models = len(desk.document.snapshot.models)
    press(explain.without, "Keep as a model", qtbot)
    assert len(desk.document.snapshot.models) == models + 1
    assert explain.without.isHidden()
    desk.document.undo()
    assert len(desk.document.snapshot.models) == models


def test_the_token_takes_them_in_again_and_rows_are_struck(desk: Desk, sleep: Example, qtbot: QtBot) -> None:
    explain = opened(desk, sleep, qtbot)
    panel = ModelPanel(desk)
    qtbot.addWidget(panel)
    desk.document.select(Selection("Subject", frozenset({"308"}), "308"))
    with qtbot.waitSignal(explain.without.ready):
        explain.show_without()
    before = desk.document.active_model
    with qtbot.waitSignal(desk.bridge.changed, check_params_cb=lambda *_: desk.document.active_fit.state is FitState.FITTED):
        press(explain.without, "Keep as a model", qtbot)
    view = DataView(desk.document, desk.theme, desk.runner)
    qtbot.addWidget(view)
    view.draw(desk.document.active_fit.report)
    row = int(np.flatnonzero(np.array(desk.document.snapshot.table["Subject"].values) == 0)[0])  # type: ignore[index]
    font = view.model.index(row, 0).data(Qt.ItemDataRole.FontRole)
    assert font is not None and font.strikeOut()
    assert view.model.index(row, 0).data(Qt.ItemDataRole.ToolTipRole) == "Its group is left out of the model"
    token = next(t for t in panel.findChildren(Token) if t.text == "without subject 308")
    token.removed.emit()
    model = desk.document.active_model
    assert model is not None and before is not None and model.spec == before.spec
