"""Slow work beside the window: lanes, in each of which the latest job wins.

    runner = Runner()
    runner.start("fit", work, done, failed=..., cancelled=...)    # work(on_step) -> result, runs in the lane's thread
    runner.cancel("fit")                                          # control is back at once; the result will be dropped
    runner.progressed.connect(self._on_progressed)                # (lane, Step), read every 100 ms, never pushed

Lanes ("fit", "dial", "file", "long", or any other name) do not disturb one another. Every job ends in exactly one of
done(result), failed(UserError), cancelled(), all called in the thread of the window. A job overtaken by a newer one of its
lane ends in cancelled(). `work` must not touch widgets; it stops at its next `on_step` once it was cancelled.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from mlgui.errors import Cancelled, UserError
from mlgui.progress import Latest, OnStep
from mlgui.words import tr

Work = Callable[[OnStep], Any]
_POLL_MS = 100
_LOG = logging.getLogger(__name__)


def _nothing(*_: object) -> None:
    """Stand in for a callback nobody asked for."""


class Surprise(UserError):
    """A mistake of the program's own, told in words: another choice of columns would not mend it."""


@dataclass(eq=False)
class Job:
    """One piece of work and the three ways it can end. Lives from start to its one end."""

    lane: str
    work: Work
    done: Callable[[Any], None]
    failed: Callable[[UserError], None] = _nothing
    cancelled: Callable[[], None] = _nothing
    latest: Latest = field(default_factory=Latest)


class _Lane:
    """One thread that runs the newest job it was given; a job that waits is replaced, not queued behind."""

    def __init__(self, name: str, deliver: Callable[[Job, object], None]) -> None:
        self._deliver = deliver
        self._changed = threading.Condition()
        self._waiting: Job | None = None
        self._closed = False
        self.thread = threading.Thread(target=self._run, name=f"mlgui-{name}", daemon=True)
        self.thread.start()

    def put(self, job: Job | None) -> None:
        with self._changed:
            self._waiting = job
            self._changed.notify()

    def close(self) -> None:
        with self._changed:
            self._waiting, self._closed = None, True
            self._changed.notify()

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting is not None or self._closed)
                job, self._waiting = self._waiting, None
                if job is None:
                    return
            self._deliver(job, _outcome(job))


def _outcome(job: Job) -> object:
    """Return what the work returned, or the exception that says how it ended instead."""
    try:
        return job.work(job.latest)
    except (Cancelled, UserError) as ending:
        return ending
    except Exception as error:
        _LOG.exception("A job of lane %s failed", job.lane)
        return Surprise(
            tr("Something went wrong inside mlgui."),
            tr("{kind}: {message}.").format(kind=type(error).__name__, message=error),
            tr("The details are in the log (Help, Show log); your data and models are unchanged."),
        )


class Runner(QObject):
    """All lanes of one window. Lives in the thread of the window, as everything it emits."""

    progressed = Signal(str, object)
    started = Signal(str)
    ended = Signal(str)
    _delivered = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lanes: dict[str, _Lane] = {}
        self._current: dict[str, Job] = {}
        self._delivered.connect(self._on_delivered, Qt.ConnectionType.QueuedConnection)
        self._timer = QTimer(self)
        self._timer.setInterval(_POLL_MS)
        self._timer.timeout.connect(self._on_polled)

    def start(
        self,
        lane: str,
        work: Work,
        done: Callable[[Any], None],
        failed: Callable[[UserError], None] = _nothing,
        cancelled: Callable[[], None] = _nothing,
    ) -> None:
        """Run `work` in a lane; a job already there is cancelled first."""
        self.cancel(lane)
        job = Job(lane, work, done, failed, cancelled)
        if lane not in self._lanes:
            self._lanes[lane] = _Lane(lane, self._deliver)
        self._current[lane] = job
        self._lanes[lane].put(job)
        self._timer.start()
        self.started.emit(lane)

    def busy(self, lane: str) -> bool:
        """Whether a job of this lane has not ended yet."""
        return lane in self._current

    def cancel(self, lane: str) -> None:
        """End the job of a lane now; its thread stops at its next step and what it returns is dropped."""
        job = self._current.pop(lane, None)
        if job is not None:
            job.latest.stop()
            self._end(job, Cancelled())

    def cancel_all(self) -> None:
        """End the jobs of all lanes now."""
        for lane in tuple(self._current):
            self.cancel(lane)

    def shut_down(self, seconds: float = 2.0) -> bool:
        """Cancel everything and wait for the threads; return whether all of them have stopped."""
        self.cancel_all()
        for opened in self._lanes.values():
            opened.close()
        for opened in self._lanes.values():
            opened.thread.join(seconds)
        alive = any(opened.thread.is_alive() for opened in self._lanes.values())
        self._lanes.clear()
        return not alive

    def _deliver(self, job: Job, outcome: object) -> None:
        """Hand an outcome from the lane's thread to the window's."""
        try:
            self._delivered.emit(job, outcome)
        except RuntimeError:  # the window is gone; nobody is left to tell
            _LOG.debug("Outcome of lane %s came after the window had closed", job.lane)

    def _on_delivered(self, job: Job, outcome: object) -> None:
        if self._current.get(job.lane) is job:
            del self._current[job.lane]
            self._end(job, outcome)

    def _end(self, job: Job, outcome: object) -> None:
        if not self._current:
            self._timer.stop()
        self.ended.emit(job.lane)
        if isinstance(outcome, Cancelled):
            job.cancelled()
        elif isinstance(outcome, UserError):
            job.failed(outcome)
        else:
            job.done(outcome)

    def _on_polled(self) -> None:
        for lane, job in tuple(self._current.items()):
            if job.latest.step is not None:
                self.progressed.emit(lane, job.latest.step)
