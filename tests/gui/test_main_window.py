"""The whole window, offscreen: real document, real fits."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QAccessible, QDropEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QMenu,
    QMessageBox,
    QPushButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from mlgui.data.read import trial
from mlgui.gui.centre.overview import OverviewView
from mlgui.gui.desk import Desk
from mlgui.gui.dialogs.export import ExportDialog
from mlgui.gui.dialogs.open_table import OpenTableDialog
from mlgui.gui.main_window import SIZE, TITLE, MainWindow
from mlgui.gui.messages import ErrorDialog
from mlgui.gui.start_page import Clickable
from mlgui.session.document import FitState, Selection

CSV = "school;pupil;score;hours;kind\n" + "".join(
    f"s{j};{i};{(10 + j + 0.5 * i + (i * 7 + j * 3) % 5) / 1:.1f};{i};{'a' if j % 2 else 'b'}\n".replace(".", ",")
    for j in range(12)
    for i in range(8)
)


@pytest.fixture
def window(desk: Desk, qapp: QApplication, qtbot: QtBot) -> Iterator[MainWindow]:
    desk.theme.apply(qapp)
    made = MainWindow(desk)
    qtbot.addWidget(made, before_close_func=lambda w: w.desk.document.close())
    made.setWindowState(Qt.WindowState.WindowNoState)  # the screen of the tests is small
    made.resize(*SIZE)
    with qtbot.waitExposed(made):
        made.show()
    made.finish_loading()
    yield made
    qapp.setStyleSheet("")


def opened(window: MainWindow, qtbot: QtBot, example: str = "sleepstudy") -> MainWindow:
    window.open_example(example)
    qtbot.waitUntil(lambda: window.desk.document.active_fit.state is FitState.FITTED, timeout=20_000)
    return window


def dialog_of(kind: type[Any], window: MainWindow, qtbot: QtBot) -> Any:
    qtbot.waitUntil(lambda: any(d.isVisible() for d in window.findChildren(kind)), timeout=10_000)
    return next(d for d in window.findChildren(kind) if d.isVisible())


def test_window_covers_a_screen_that_has_no_room_for_it(desk: Desk, qtbot: QtBot) -> None:
    made = MainWindow(desk)
    qtbot.addWidget(made)
    room = made.screen().availableSize()
    assert made.isMaximized() == (room.width() <= SIZE[0] or room.height() <= SIZE[1] + TITLE)


def test_the_overview_leads_to_the_tests_of_what_varies(window: MainWindow, qtbot: QtBot) -> None:
    opened(window, qtbot)
    workspace = window.workspace
    assert workspace is not None
    if workspace.explain.isVisible():
        workspace.toggle_explain()
    view = workspace.centre.view("overview")
    assert isinstance(view, OverviewView)
    with qtbot.waitSignal(workspace.explain.varies.ready):
        view.ask_varies.click()
    assert workspace.explain.isVisible()
    assert any(part.text() == "slopes of Days by subject" for part in workspace.explain.varies.findChildren(QLabel))
    with qtbot.waitSignal(workspace.explain.varies.ready):  # asked again: shown again
        view.ask_varies.click()


def test_names_with_an_ampersand_keep_it_in_menus(window: MainWindow) -> None:
    titles = [action.text() for action in window.menus.examples.actions()]
    assert "High School && Beyond" in titles


def test_recent_files_are_pinned_in_the_menu(window: MainWindow, tmp_path: Path) -> None:
    preferences = window.desk.preferences
    for name in ("old.csv", "new.csv"):
        preferences.remember(tmp_path / name, "")
    recent = next(menu for menu in window.findChildren(QMenu) if menu.title() == "Open recent")
    (pins,) = [action.menu() for action in recent.actions() if action.menu() is not None]
    next(action for action in pins.actions() if action.text() == "old.csv").trigger()
    assert [action.text() for action in recent.actions()][:2] == ["old.csv", "new.csv"]


def test_start_page_has_nothing_dead(window: MainWindow) -> None:
    assert window.windowTitle() == "mlgui"
    cards = [card for card in window.start_page.findChildren(Clickable) if "example" in card.accessibleName()]
    assert len(cards) == 8
    for name in ("save", "undo", "redo", "export", "copy_word", "close", "rename"):
        assert not window.actions_by_id[name].isEnabled(), name


def test_one_press_on_a_card_opens_a_finished_model(window: MainWindow, qtbot: QtBot) -> None:
    card = next(c for c in window.start_page.findChildren(Clickable) if "Sleep" in c.accessibleName())
    qtbot.mouseClick(card, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.desk.document.active_fit.state is FitState.FITTED, timeout=20_000)
    assert window.windowTitle().startswith("Sleep deprivation")
    assert not window.isWindowModified()
    assert "Fitted by REML" in window.toolbar.pill._calm.text()
    assert window.actions_by_id["export"].isEnabled()


def test_a_file_is_two_presses_from_a_fitted_model(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "pupils.csv"
    path.write_text(CSV, encoding="utf-8")
    window.open_path(path)
    dialog = dialog_of(OpenTableDialog, window, qtbot)
    assert "Looks like observations in schools" in dialog._card._title.text()
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.desk.document.active_fit.state is FitState.FITTED, timeout=20_000)
    table = window.desk.document.snapshot.table
    assert table is not None and table.n_rows == 96
    assert window.desk.preferences.settings.recent[0].name == "pupils.csv"


def test_a_dropped_file_is_opened(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "pupils.csv"
    path.write_text(CSV, encoding="utf-8")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    buttons, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    window.dropEvent(QDropEvent(QPointF(9, 9), Qt.DropAction.CopyAction, data, buttons, none))
    dialog_of(OpenTableDialog, window, qtbot).reject()


def test_a_bad_file_gives_words(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "empty.csv"
    path.write_bytes(b"")
    window.open_path(path)
    dialog = dialog_of(ErrorDialog, window, qtbot)
    assert "empty.csv is empty" in dialog.accessibleName()
    dialog.accept()


@pytest.mark.skipif(sys.platform == "win32", reason="there a child that is ended looks like one that refused")
def test_a_read_whose_child_is_killed_is_offered_again(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "study.sav"
    path.write_bytes((Path(__file__).parent.parent / "import_files" / "labels_missing.sav").read_bytes())
    with monkeypatch.context() as patched:
        killed = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
        patched.setattr(trial, "child_command", lambda: [sys.executable, "-c", killed])
        window.open_path(path)
        error = dialog_of(ErrorDialog, window, qtbot)
    again = next(each for each in error.findChildren(QPushButton) if each.text() == "Try again")
    again.click()
    assert "study.sav" in dialog_of(OpenTableDialog, window, qtbot).windowTitle()


def test_saving_and_opening_again(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    opened(window, qtbot)
    window.commands.duplicate_model()
    assert window.isWindowModified()
    path = tmp_path / "study.mlgui"
    window.desk.document.path = str(path)
    window.commands.save()
    qtbot.waitUntil(lambda: not window.isWindowModified(), timeout=10_000)
    assert window.windowTitle() == "study[*] — mlgui"
    window.commands.close_file()
    assert window.windowTitle() == "mlgui"
    window.open_path(path)
    qtbot.waitUntil(lambda: len(window.desk.document.snapshot.models) == 2, timeout=10_000)
    qtbot.waitUntil(lambda: not window.desk.document.waiting, timeout=20_000)


def test_closing_asks_only_about_changes(window: MainWindow, qtbot: QtBot) -> None:
    opened(window, qtbot)
    window.commands.duplicate_model()
    qtbot.waitUntil(lambda: not window.desk.document.waiting, timeout=20_000)
    window.close()
    assert window.isVisible()
    question = dialog_of(QMessageBox, window, qtbot)
    qtbot.mouseClick(question.button(QMessageBox.StandardButton.Cancel), Qt.MouseButton.LeftButton)
    assert window.isVisible()
    window.close()
    question = dialog_of(QMessageBox, window, qtbot)
    qtbot.mouseClick(question.button(QMessageBox.StandardButton.Discard), Qt.MouseButton.LeftButton)
    assert not window.isVisible()


def test_undo_names_its_step(window: MainWindow, qtbot: QtBot) -> None:
    opened(window, qtbot)
    window.commands.duplicate_model()
    assert window.actions_by_id["undo"].text() == "Undo Duplicate Model 1"
    window.actions_by_id["undo"].trigger()
    assert len(window.desk.document.snapshot.models) == 1
    assert window.actions_by_id["redo"].isEnabled()


def test_chips_follow_the_models(window: MainWindow, qtbot: QtBot) -> None:
    opened(window, qtbot)
    window.commands.duplicate_model()
    chips = window.toolbar.chips._group.buttons()
    assert [chip.accessibleName() for chip in chips] == ["Model 1", "Model 2"]
    assert chips[1].isChecked()
    qtbot.mouseClick(chips[0], Qt.MouseButton.LeftButton)
    assert window.desk.document.snapshot.active == 1


def test_docks_fold_where_the_window_is_narrow(window: MainWindow, qtbot: QtBot) -> None:
    opened(window, qtbot)
    workspace = window.workspace
    assert workspace is not None
    window.resize(1300, 800)
    qtbot.waitUntil(lambda: workspace.explain.isVisible() and workspace.left.isVisible())
    window.resize(1100, 800)
    qtbot.waitUntil(lambda: not workspace.explain.isVisible() and workspace.left.isVisible())
    window.resize(900, 800)
    qtbot.waitUntil(lambda: not workspace.left.isVisible())
    window.actions_by_id["left"].trigger()
    assert workspace.left.isVisible()


def test_selected_card_adds_up(window: MainWindow, qtbot: QtBot) -> None:
    opened(window, qtbot)
    workspace = window.workspace
    assert workspace is not None
    window.desk.document.select(Selection("Subject", frozenset({"308"}), "308"))
    assert workspace.explain._selected.isVisible()
    window.actions_by_id["clear"].trigger()
    assert not workspace.explain._selected.isVisible()


def test_copy_for_word_is_html_and_text(window: MainWindow, qtbot: QtBot, qapp: QApplication) -> None:
    opened(window, qtbot)
    window.actions_by_id["copy_word"].trigger()
    data = qapp.clipboard().mimeData()
    assert "<table" in data.html() and "Days" in data.html()
    assert "Days" in data.text() and "\t" in data.text()


def test_export_writes_figure_and_table_in_four_presses(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    opened(window, qtbot)
    window.desk.preferences.update(last_folder=str(tmp_path))
    window.actions_by_id["export"].trigger()
    dialog = dialog_of(ExportDialog, window, qtbot)

    def press_export() -> None:
        with qtbot.waitSignal(dialog.written, timeout=20_000):
            qtbot.mouseClick(dialog._write, Qt.MouseButton.LeftButton)

    press_export()
    qtbot.mouseClick(dialog._tabs.part("table"), Qt.MouseButton.LeftButton)
    press_export()
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".docx", ".pdf", ".png", ".xlsx"]
    qtbot.mouseClick(dialog._tabs.part("report"), Qt.MouseButton.LeftButton)
    press_export()
    assert (tmp_path / "report-model-1.html").stat().st_size > 10_000
    assert dialog._write.text() == "Replace 2 files"
    dialog.reject()


def names_missing(root: QWidget) -> list[str]:
    kinds = (QAbstractButton, QLineEdit, QComboBox, QAbstractSpinBox)
    found = []
    for widget in root.findChildren(QWidget):
        inside_a_box = isinstance(widget.parentWidget(), (QComboBox, QAbstractSpinBox))
        if not isinstance(widget, kinds) or inside_a_box or widget.objectName().startswith("qt_"):
            continue
        interface = QAccessible.queryAccessibleInterface(widget)
        if interface is not None and not interface.text(QAccessible.Text.Name):
            found.append(f"{type(widget).__name__} in {type(widget.parentWidget()).__name__}")
    return found


def test_everything_has_an_accessible_name(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    opened(window, qtbot)
    assert names_missing(window.toolbar) == []
    assert window.workspace is not None
    assert names_missing(window.workspace.explain) == []
    window.actions_by_id["export"].trigger()
    dialog = dialog_of(ExportDialog, window, qtbot)
    assert names_missing(dialog) == []
    dialog.reject()
    window.actions_by_id["about"].trigger()


def test_what_is_asked_before_everything_is_loaded_is_done_afterwards(make_desk: Callable[..., Desk], qtbot: QtBot) -> None:
    window = MainWindow(make_desk())
    qtbot.addWidget(window)
    window.open_example("sleepstudy")
    assert window.workspace is None
    window.finish_loading()
    qtbot.waitUntil(lambda: window.desk.document.active_fit.state is FitState.FITTED, timeout=20_000)
