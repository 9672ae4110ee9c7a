"""The chips of the models by mouse: shown, moved by dragging, renamed, annotated, duplicated, deleted; all of it undone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QInputDialog, QMenu
from pytestqt.qtbot import QtBot

from mlgui.gui.chips import Chip, ModelChips
from mlgui.gui.desk import Desk
from mlgui.gui.main_window import MainWindow
from tests.gui.driving import open_window, settle


@pytest.fixture
def window(desk: Desk, qapp: QApplication, qtbot: QtBot) -> Iterator[MainWindow]:
    with open_window(desk, qapp, qtbot) as made:
        yield made


def chips(window: MainWindow) -> list[Chip]:
    found = window.toolbar.chips.findChildren(Chip)
    return sorted((chip for chip in found if chip.isVisible()), key=lambda chip: chip.x())


def names(window: MainWindow) -> list[str]:
    return [model.name for model in window.desk.document.snapshot.models]


def entry(window: MainWindow, words: str) -> None:
    menu = next(menu for menu in window.toolbar.chips.findChildren(QMenu) if menu.isVisible())
    next(action for action in menu.actions() if action.text() == words).trigger()
    menu.close()


def menu_of(chip: Chip, qtbot: QtBot) -> None:
    chip.customContextMenuRequested.emit(QPoint(4, 4))


def test_dragging_moves_a_model(window: MainWindow, qtbot: QtBot) -> None:
    before = names(window)
    first, last = chips(window)[0], chips(window)[-1]
    target = first.mapFromGlobal(last.mapToGlobal(last.rect().center())) + QPoint(12, 0)
    qtbot.mousePress(first, Qt.MouseButton.LeftButton, pos=QPoint(8, 8))
    qtbot.mouseMove(first, QPoint(60, 8))
    qtbot.mouseMove(first, target)
    qtbot.mouseRelease(first, Qt.MouseButton.LeftButton, pos=target)
    assert names(window) == [*before[1:], before[0]]
    window.desk.document.undo()
    assert names(window) == before


def test_a_click_shows_and_moves_nothing(window: MainWindow, qtbot: QtBot) -> None:
    before = names(window)
    qtbot.mouseClick(chips(window)[1], Qt.MouseButton.LeftButton)
    assert names(window) == before
    model = window.desk.document.active_model
    assert model is not None and model.name == before[1]


def test_the_menu_of_a_chip(window: MainWindow, qtbot: QtBot) -> None:
    document, before = window.desk.document, names(window)
    menu_of(chips(window)[0], qtbot)
    entry(window, "Duplicate")
    settle()
    assert len(names(window)) == len(before) + 1
    menu_of(chips(window)[1], qtbot)
    entry(window, "Move left")
    settle()
    assert names(window)[1] == before[0]
    menu_of(chips(window)[0], qtbot)
    entry(window, "Delete")
    settle()
    assert names(window) == before
    document.undo()
    assert len(names(window)) == len(before) + 1


def test_a_note_by_menu(window: MainWindow, qtbot: QtBot) -> None:
    menu_of(chips(window)[0], qtbot)
    entry(window, "Note…")
    dialog = next(found for found in window.findChildren(QInputDialog) if found.isVisible())
    dialog.setTextValue("Agreed with the advisor")
    dialog.accept()
    settle()
    assert window.desk.document.snapshot.models[0].note == "Agreed with the advisor"
    assert "Agreed with the advisor" in chips(window)[0].toolTip()


def test_moving_by_keys(window: MainWindow) -> None:
    before = names(window)
    window.actions_by_id["move_right"].trigger()
    assert names(window)[1] == before[0]
    window.actions_by_id["move_left"].trigger()
    assert names(window) == before
    assert isinstance(window.toolbar.chips, ModelChips)
