"""Nothing lost: the journal of this window, and the bar that offers what a window left behind that ended unexpectedly.

    keeper = Keeper(desk, window)      # follows the document by itself; `keeper.close()` when the program ends in peace
    bar = RecoveryBar(keeper, window)  # hidden until `bar.look()` finds something

Writing happens in the "journal" lane of the runner: at the latest PAUSE seconds after a change, so that with the time the
writing takes less than half a minute can be lost.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMessageBox, QVBoxLayout, QWidget

from mlgui.errors import UserError
from mlgui.gui.desk import Desk
from mlgui.gui.widgets import button, label
from mlgui.progress import OnStep
from mlgui.session.changes import Change
from mlgui.session.document import Snapshot
from mlgui.session.journal import Abandoned, Journal, abandoned
from mlgui.words import ntr, tr

LANE = "journal"
PAUSE = 15.0
PAUSE_VARIABLE = "MLGUI_AUTOSAVE"
"""Seconds between two writings of the journal, for studies of what a crash takes along."""
_STATE = Change.TABLE | Change.MODELS | Change.ACTIVE | Change.HISTORY | Change.FILE


def pause() -> float:
    """Return how many seconds a change waits for company before it is written."""
    try:
        return max(float(os.environ.get(PAUSE_VARIABLE, PAUSE)), 0.01)
    except ValueError:
        return PAUSE


class Keeper(QObject):
    """Keeps the journal up with the document. Says once in words if the disk refuses, and goes on trying."""

    failed = Signal(str)

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document, self._runner = desk.document, desk.runner
        self._journal = Journal()
        self._started = False
        self._complained = False
        self._written: Snapshot | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(round(1000 * pause()))
        self._timer.timeout.connect(self.write)
        desk.bridge.changed.connect(self._on_changed)

    def write(self, then: Callable[[], None] | None = None) -> None:
        """Write the journal now, beside the window; then do `then`, if the disk took it."""
        document, snapshot = self._document, self._document.snapshot
        if not document.modified:
            return
        if self._runner.busy(LANE) and then is None:  # a large new table is still being written
            self._timer.start()
            return
        path, self._started = document.path, True

        def work(on_step: OnStep) -> None:
            self._journal.write(snapshot, path, on_step)

        def done(_result: object) -> None:
            self._written, self._complained = snapshot, False
            if then is not None:
                then()
            self._follow()

        self._runner.start(LANE, work, done, self._on_failed)

    def close(self) -> None:
        """Delete the journal: the program ends in peace."""
        self._timer.stop()
        self._journal.close()

    def _on_changed(self, change: Change, _origin: object) -> None:
        if change & _STATE:
            self._follow()

    def _follow(self) -> None:
        if self._document.modified:
            if self._document.snapshot is not self._written and not self._timer.isActive():
                self._timer.start()
        elif self._started:
            self._timer.stop()
            self._started, self._written = False, None
            self._runner.start(LANE, lambda _on_step: self._journal.clear(), lambda _result: None)

    def _on_failed(self, error: UserError) -> None:
        if not self._complained:
            self.failed.emit(tr("Unsaved work cannot be kept in case of a crash. {why}").format(why=error.why))
        self._complained = True
        self._timer.start()


class RecoveryBar(QWidget):
    """Offers abandoned work above whatever the window shows, one journal at a time: open it, discard it, or later."""

    open_asked = Signal(object, object)

    def __init__(self, keeper: Keeper, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keeper = keeper
        self._offered: list[Abandoned] = []
        self._words = label("", "body", wrap=True)
        self.open_button = button(tr("Open it"), "primary")
        self.discard_button = button(tr("Discard…"))
        self.later_button = button(tr("Not now"), "flat")
        self.open_button.clicked.connect(self._open)
        self.discard_button.clicked.connect(self._ask)
        self.later_button.clicked.connect(self._leave)
        frame = QFrame()
        frame.setProperty("box", "warning")
        row = QHBoxLayout(frame)
        row.setContentsMargins(14, 8, 10, 8)
        row.setSpacing(8)
        row.addWidget(self._words, 1)
        for part in (self.open_button, self.discard_button, self.later_button):
            row.addWidget(part, 0, Qt.AlignmentFlag.AlignVCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.addWidget(frame)
        self.hide()

    def look(self) -> None:
        """Offer what is found now."""
        self._offered += abandoned()
        self._show_first()

    def release(self) -> None:
        """Leave what was not decided on for the next start."""
        for entry in self._offered:
            entry.release()
        self._offered.clear()
        self._show_first()

    def _show_first(self) -> None:
        self.setVisible(bool(self._offered))
        if self._offered:
            self._words.setText(offer(self._offered[0]))
            self.setAccessibleName(self._words.text())

    def _open(self) -> None:
        entry = self._offered[0]

        def keep_as_own() -> None:
            """Let go of the old journal only when this window's own holds the work."""
            self._keeper.write(lambda: self._forget(entry))

        self.open_asked.emit(entry, keep_as_own)

    def _ask(self) -> None:
        entry = self._offered[0]
        question = QMessageBox(self)
        question.setWindowTitle("mlgui")
        question.setText(tr("Discard the unsaved work on {name}?").format(name=entry.name))
        question.setInformativeText(tr("It cannot be brought back. Saved projects and data files are untouched."))
        question.setStandardButtons(QMessageBox.StandardButton.Discard | QMessageBox.StandardButton.Cancel)
        question.setDefaultButton(QMessageBox.StandardButton.Cancel)
        discard = question.button(QMessageBox.StandardButton.Discard)
        question.buttonClicked.connect(lambda pressed: self._forget(entry) if pressed is discard else None)
        question.open()

    def _forget(self, entry: Abandoned) -> None:
        entry.discard()
        self._offered.remove(entry)
        self._show_first()

    def _leave(self) -> None:
        self._offered.pop(0).release()
        self._show_first()


def offer(entry: Abandoned) -> str:
    """Return the sentence that offers a journal."""
    models = ntr("{n} model", "{n} models", entry.n_models).format(n=entry.n_models)
    when = entry.when.astimezone()
    today = when.date() == datetime.now().astimezone().date()
    text = tr("mlgui ended unexpectedly. Your unsaved work on {name} was kept: {models}, as of {when}.")
    return text.format(name=entry.name, models=models, when=f"{when:%H:%M}" if today else f"{when.day} {when:%b %Y, %H:%M}")
