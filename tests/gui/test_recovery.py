"""Work that survives: the journal of a window, the bar that offers it, and saving beside everything else."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event

import pytest
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from mlgui.data.structure import Structure
from mlgui.data.table import Table
from mlgui.gui import recovery
from mlgui.gui.desk import Desk
from mlgui.gui.files import SAVE_LANE
from mlgui.gui.main_window import MainWindow
from mlgui.gui.messages import ErrorDialog
from mlgui.progress import OnStep, ignore_steps
from mlgui.session import project
from mlgui.session.journal import Abandoned, Journal, abandoned, journal_folder, recover
from mlgui.session.models import Model, Snapshot
from mlgui.session.project import open_project, save_project

Sleep = tuple[Table, Structure, tuple[Model, ...]]


@pytest.fixture
def window(desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    monkeypatch.setenv(recovery.PAUSE_VARIABLE, "0.02")
    desk.fitter.auto = False
    made = MainWindow(desk)
    qtbot.addWidget(made, before_close_func=lambda w: w.desk.document.close())
    made.finish_loading()
    yield made
    desk.runner.shut_down(10)
    made.keeper.close()


def journals() -> list[Path]:
    return list(journal_folder().glob("*/journal.json"))


def left_behind(sleep: Sleep, path: str | None = None) -> None:
    table, structure, models = sleep
    made = Journal()
    made.write(Snapshot(table=table, structure=structure, models=models, active=models[0].key), path)
    assert made._lock is not None
    os.close(made._lock)


def test_looking_at_data_writes_no_journal(window: MainWindow, sleep: Sleep) -> None:
    window.desk.document.open(*sleep)
    assert not window.keeper._timer.isActive() and not journals()


def test_unsaved_work_is_in_the_journal_and_gone_when_undone_or_closed(window: MainWindow, qtbot: QtBot, sleep: Sleep) -> None:
    document = window.desk.document
    document.open(*sleep)
    document.add_model()
    document.annotate(sleep[2][0].key, "a note")
    qtbot.waitUntil(lambda: len(journals()) == 1 and b"a note" in journals()[0].read_bytes(), timeout=10_000)
    assert abandoned() == ()
    document.undo()
    document.undo()
    qtbot.waitUntil(lambda: not journals(), timeout=10_000)
    document.redo()
    qtbot.waitUntil(lambda: len(journals()) == 1, timeout=10_000)
    document.close()
    qtbot.waitUntil(lambda: not journals(), timeout=10_000)


def test_a_saved_project_needs_no_journal(window: MainWindow, qtbot: QtBot, sleep: Sleep, tmp_path: Path) -> None:
    document = window.desk.document
    document.open(*sleep, path=str(tmp_path / "a.mlgui"))
    document.add_model()
    qtbot.waitUntil(lambda: len(journals()) == 1, timeout=10_000)
    assert list(tmp_path.glob("*.mlgui")) == []  # the user's own file is never touched
    window.commands.save()
    qtbot.waitUntil(lambda: not document.modified and not journals(), timeout=10_000)
    assert len(open_project(tmp_path / "a.mlgui").models) == len(sleep[2]) + 1


@pytest.mark.logs
def test_a_disk_that_refuses_is_said_once(window: MainWindow, qtbot: QtBot, sleep: Sleep, own_settings: Path) -> None:
    (own_settings / "recovery").write_bytes(b"")
    said: list[str] = []
    window.keeper.failed.connect(said.append)
    window.desk.document.open(*sleep)
    window.desk.document.add_model()
    qtbot.waitUntil(lambda: bool(said), timeout=10_000)
    window.keeper.write()
    qtbot.waitUntil(lambda: not window.desk.runner.busy(recovery.LANE), timeout=10_000)
    assert len(said) == 1 and "The system says" in said[0]


def test_nothing_to_recover_shows_nothing(window: MainWindow) -> None:
    window.recovery.look()
    assert window.recovery.isHidden()


def test_abandoned_work_is_offered_opened_and_kept(window: MainWindow, qtbot: QtBot, sleep: Sleep) -> None:
    left_behind(sleep)
    window.recovery.look()
    assert not window.recovery.isHidden() and "Sleep" in window.recovery.accessibleName()
    window.recovery.open_button.click()
    qtbot.waitUntil(lambda: window.recovery.isHidden(), timeout=10_000)
    document = window.desk.document
    assert document.modified and document.snapshot.models == sleep[2] and document.path is None
    assert len(journals()) == 1 and abandoned() == ()  # now in the journal of this window


def test_a_damaged_journal_is_refused_in_words_and_stays(window: MainWindow, qtbot: QtBot, sleep: Sleep) -> None:
    left_behind(sleep)
    next(journal_folder().glob("*/1.mlgui")).write_bytes(b"PK")
    window.recovery.look()
    window.recovery.open_button.click()
    qtbot.waitUntil(lambda: bool(window.findChildren(ErrorDialog)), timeout=10_000)
    assert not window.recovery.isHidden()
    for dialog in window.findChildren(ErrorDialog):
        dialog.accept()
    window.recovery.release()


def test_discarding_asks_first(window: MainWindow, qtbot: QtBot, sleep: Sleep) -> None:
    left_behind(sleep)
    window.recovery.look()
    for button in (QMessageBox.StandardButton.Cancel, QMessageBox.StandardButton.Discard):
        assert len(journals()) == 1
        window.recovery.discard_button.click()
        question = next(box for box in window.recovery.findChildren(QMessageBox) if box.isVisible())
        question.button(button).click()
    assert not journals() and window.recovery.isHidden()


def test_not_now_leaves_it_for_the_next_start(window: MainWindow, sleep: Sleep) -> None:
    left_behind(sleep)
    left_behind(sleep, "/data/other.mlgui")
    window.recovery.look()
    window.recovery.later_button.click()
    window.recovery.later_button.click()
    assert window.recovery.isHidden()
    found = abandoned()
    assert len(found) == 2
    for entry in found:
        assert recover(entry).models == sleep[2]
        entry.release()


# Saving


def held_save(monkeypatch: pytest.MonkeyPatch) -> tuple[Event, list[Snapshot]]:
    """Return what lets saves go on, and the snapshots they were asked to write."""
    go, asked = Event(), []

    def slow(path: Path, snapshot: Snapshot, on_step: OnStep = ignore_steps, *, keep_previous: bool = True) -> None:
        if keep_previous:  # not the journal
            asked.append(snapshot)
            assert go.wait(20)
        save_project(path, snapshot, on_step, keep_previous=keep_previous)

    monkeypatch.setattr(project, "save_project", slow)
    return go, asked


def test_the_window_answers_while_it_saves_and_the_last_of_two_saves_stands(
    window: MainWindow, qtbot: QtBot, sleep: Sleep, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document, path = window.desk.document, tmp_path / "a.mlgui"
    document.open(*sleep, path=str(path))
    window.keeper._timer.setInterval(60_000)
    go, asked = held_save(monkeypatch)
    document.annotate(sleep[2][0].key, "first")
    window.commands.save()
    qtbot.waitUntil(lambda: len(asked) == 1, timeout=10_000)
    document.annotate(sleep[2][0].key, "second")
    window.commands.save()
    assert window.desk.runner.busy(SAVE_LANE) and document.modified
    go.set()
    qtbot.waitUntil(lambda: not document.modified, timeout=10_000)
    assert open_project(path).models[0].note == "second"
    assert open_project(tmp_path / "a.mlgui~").models[0].note == "first"


def test_work_done_during_a_save_is_not_taken_for_saved(
    window: MainWindow, qtbot: QtBot, sleep: Sleep, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = window.desk.document
    document.open(*sleep, path=str(tmp_path / "a.mlgui"))
    go, asked = held_save(monkeypatch)
    document.add_model()
    window.files.save(then=document.close)
    qtbot.waitUntil(lambda: len(asked) == 1, timeout=10_000)
    document.add_model()
    go.set()
    qtbot.waitUntil(lambda: bool(window.findChildren(QMessageBox)), timeout=10_000)
    assert document.modified and len(document.snapshot.models) == len(sleep[2]) + 2
    window.findChildren(QMessageBox)[0].button(QMessageBox.StandardButton.Cancel).click()


def test_another_document_opened_during_a_save_does_not_take_its_path(
    window: MainWindow, qtbot: QtBot, sleep: Sleep, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document, path = window.desk.document, tmp_path / "a.mlgui"
    document.open(*sleep, path=str(path))
    go, asked = held_save(monkeypatch)
    document.add_model()
    window.commands.save()
    qtbot.waitUntil(lambda: len(asked) == 1, timeout=10_000)
    document.open(*sleep)
    go.set()
    qtbot.waitUntil(lambda: not window.files.saving, timeout=10_000)
    assert document.path is None and len(open_project(path).models) == len(sleep[2]) + 1


def test_the_window_closes_after_the_save_on_its_way(
    window: MainWindow, qtbot: QtBot, sleep: Sleep, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.show()
    window.desk.document.open(*sleep, path=str(tmp_path / "a.mlgui"))
    go, asked = held_save(monkeypatch)
    window.desk.document.add_model()
    window.commands.save()
    qtbot.waitUntil(lambda: len(asked) == 1, timeout=10_000)
    window.close()
    assert window.isVisible()
    go.set()
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=10_000)
    assert len(open_project(tmp_path / "a.mlgui").models) == len(sleep[2]) + 1


def test_a_save_does_not_wait_for_a_fit(make_desk: Callable[..., Desk], qtbot: QtBot, sleep: Sleep, tmp_path: Path) -> None:
    go = Event()

    def endless(*_: object) -> None:
        go.wait(20)

    desk = make_desk(endless)
    window = MainWindow(desk)
    qtbot.addWidget(window, before_close_func=lambda w: w.desk.document.close())
    window.finish_loading()
    desk.document.open(*sleep, path=str(tmp_path / "a.mlgui"))
    desk.document.add_model()
    assert desk.fitter.fitting is not None
    window.commands.save()
    qtbot.waitUntil(lambda: not desk.document.modified, timeout=10_000)
    assert desk.fitter.fitting is not None and open_project(tmp_path / "a.mlgui").models
    desk.fitter.cancel()
    go.set()


def test_the_version_before_opens_but_is_never_saved_over(window: MainWindow, qtbot: QtBot, sleep: Sleep, tmp_path: Path) -> None:
    table, structure, models = sleep
    save_project(tmp_path / "a.mlgui~", Snapshot(table=table, structure=structure, models=models, active=models[0].key))
    window.open_path(tmp_path / "a.mlgui~")
    qtbot.waitUntil(lambda: window.desk.document.snapshot.table is not None, timeout=10_000)
    assert window.desk.document.path is None


def test_an_offer_names_what_and_when(sleep: Sleep) -> None:
    left_behind(sleep, "/data/study.mlgui")
    (entry,) = abandoned()
    assert isinstance(entry, Abandoned) and "unsaved work on study was kept" in recovery.offer(entry)
    entry.release()
