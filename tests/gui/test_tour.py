"""The tour: every step done as the user would, back and forth, and nothing that leads nowhere."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mlgui.gui.desk import Desk
from mlgui.gui.main_window import MainWindow
from mlgui.gui.tour.tour import Tour
from mlgui.session.document import FitState, Selection
from mlgui.spec import edits
from tests.gui.driving import open_window


@pytest.fixture
def window(desk: Desk, qapp: QApplication, qtbot: QtBot) -> Iterator[MainWindow]:
    with open_window(desk, qapp, qtbot) as made:
        yield made


@pytest.fixture
def tour(window: MainWindow, qtbot: QtBot) -> Tour:
    made = Tour(window, move_on_ms=0)
    with qtbot.waitSignal(made.stepped, check_params_cb=lambda at: at == 0):
        made.start()
    return made


def test_each_step_moves_on_when_it_is_done(tour: Tour, window: MainWindow, qtbot: QtBot) -> None:
    document = window.desk.document
    qtbot.mouseClick(tour.card.next, Qt.MouseButton.LeftButton)
    model = document.active_model
    assert model is not None and model.spec is not None and tour.card.isVisible() and tour.ring.isVisible()
    slope, grouping = model.spec.random[0].terms[1], model.spec.random[0].grouping
    with qtbot.waitSignal(tour.stepped, check_params_cb=lambda at: at == 2):
        document.edit_spec("", edits.set_varies(model.spec, slope, grouping, False))
    with qtbot.waitSignal(tour.stepped, check_params_cb=lambda at: at == 3):
        document.undo()
    with qtbot.waitSignal(tour.stepped, check_params_cb=lambda at: at == 4):
        window.show_view("shrinkage")
    with qtbot.waitSignal(tour.stepped, check_params_cb=lambda at: at == 5):
        document.select(Selection("school", frozenset({"1308"}), "1308"))
    with qtbot.waitSignal(tour.stepped, check_params_cb=lambda at: at == 6):
        qtbot.mouseClick(tour.card.next, Qt.MouseButton.LeftButton)


def test_next_back_and_the_end(tour: Tour, window: MainWindow, qtbot: QtBot) -> None:
    assert not tour.card.back.isEnabled()
    for _ in range(4):
        tour.card.next.click()
    assert window.workspace is not None and window.workspace.centre.tab == "shrinkage"
    tour.card.back.click()
    tour.card.back.click()
    assert window.workspace.centre.tab == "overview"
    for _ in range(7):
        assert tour.card.isVisible() and window.rect().contains(tour.card.geometry())
        tour.card.next.click()
    assert tour.card.next.text() == "Finish"
    with qtbot.waitSignal(tour.ended):
        tour.card.next.click()
    assert tour.card.isHidden() and tour.ring.isHidden() and not tour.running


def test_by_keyboard(tour: Tour, qtbot: QtBot) -> None:
    qtbot.keyClick(tour.card, Qt.Key.Key_Right)
    assert tour._at == 1
    qtbot.keyClick(tour.card, Qt.Key.Key_Left)
    assert tour._at == 0
    with qtbot.waitSignal(tour.ended):
        qtbot.keyClick(tour.card, Qt.Key.Key_Escape)


def test_another_file_ends_it_and_other_tabs_do_not(tour: Tour, window: MainWindow, qtbot: QtBot) -> None:
    for key in ("data", "compare", "groups"):
        window.show_view(key)
        tour._place()
        assert tour.card.isVisible()
    with qtbot.waitSignal(tour.ended):
        window.open_example("sleepstudy")
    qtbot.waitUntil(lambda: window.desk.document.active_fit.state is FitState.FITTED)


def test_it_can_be_taken_again(tour: Tour, qtbot: QtBot) -> None:
    tour.end()
    with qtbot.waitSignal(tour.stepped, check_params_cb=lambda at: at == 0):
        tour.start()
