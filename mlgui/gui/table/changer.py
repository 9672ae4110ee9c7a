"""Changes of the table on their way: one after the other, beside the window, each a step of undo.

    changer = TableChanger(document, runner)
    changer.change(DataChange(label=..., apply=...))       # returns at once; `failed(UserError)` where it is refused

A change asked for while another is on its way waits for it. Undoing meanwhile is no harm: a change is applied to the table as it
is when its turn comes, and again if that table has been replaced before it was done.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from mlgui.errors import UserError
from mlgui.gui.runner import Runner
from mlgui.progress import OnStep
from mlgui.session.data_changes import DataChange, changed
from mlgui.session.document import Document
from mlgui.session.models import Snapshot

LANE = "table"
OnFailure = Callable[[UserError], None]


class TableChanger(QObject):
    """The queue of one document. done(DataChange), failed(UserError)."""

    done = Signal(object)
    failed = Signal(object)

    def __init__(self, document: Document, runner: Runner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document, self._runner = document, runner
        self._waiting: deque[tuple[DataChange, OnFailure, int]] = deque()
        self._running = False

    @property
    def busy(self) -> bool:
        """Whether a change is on its way."""
        return self._running

    def change(self, change: DataChange, failed: OnFailure | None = None) -> None:
        """Apply a change when those before it are done. failed: called instead of the signal where it is refused."""
        self._waiting.append((change, failed or self.failed.emit, self._document.opening))
        self._start_next()

    def _start_next(self) -> None:
        while self._waiting and self._waiting[0][2] != self._document.opening:
            self._waiting.popleft()  # meant for a table that is no longer open
        if self._running or not self._waiting or self._document.snapshot.table is None:
            return
        change, failed, _ = self._waiting[0]
        before = self._document.snapshot
        self._running = True

        def work(on_step: OnStep) -> Snapshot:
            return changed(before, change, on_step)

        def refused(error: UserError) -> None:
            self._forget()
            failed(error)
            self._start_next()

        self._runner.start(LANE, work, lambda after: self._take(before, after, change), refused, self._on_cancelled)

    def _take(self, before: Snapshot, after: Snapshot, change: DataChange) -> None:
        """Put a finished change in place, or do it again where models or table were replaced meanwhile."""
        self._running = False
        if self._document.snapshot is not before:
            self._start_next()
            return
        self._waiting.popleft()
        self._document.edit(change.label, after)
        self.done.emit(change)
        self._start_next()

    def _forget(self) -> None:
        self._running = False
        if self._waiting:
            self._waiting.popleft()

    def _on_cancelled(self) -> None:
        self._forget()
