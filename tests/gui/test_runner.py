from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import QThread
from pytestqt.qtbot import QtBot

from mlgui.errors import UserError
from mlgui.gui.runner import Runner
from mlgui.progress import OnStep, Step


class Ends:
    """Writes down how a job ended, and in which thread it was told."""

    def __init__(self) -> None:
        self.said: list[tuple[str, object]] = []
        self.threads: set[object] = set()

    def done(self, result: object) -> None:
        self._note("done", result)

    def failed(self, error: UserError) -> None:
        self._note("failed", error.what)

    def cancelled(self) -> None:
        self._note("cancelled", None)

    def _note(self, how: str, what: object) -> None:
        self.said.append((how, what))
        self.threads.add(QThread.currentThread())


def start(runner: Runner, lane: str, work: object, ends: Ends) -> None:
    runner.start(lane, work, ends.done, ends.failed, ends.cancelled)  # type: ignore[arg-type]


def test_result_arrives_in_the_thread_of_the_window(runner: Runner, qtbot: QtBot) -> None:
    ends, where = Ends(), []
    start(runner, "fit", lambda on_step: where.append(threading.current_thread().name) or 42, ends)
    qtbot.waitUntil(lambda: bool(ends.said))
    assert ends.said == [("done", 42)]
    assert where == ["mlgui-fit"]
    assert ends.threads == {QThread.currentThread()}
    assert not runner.busy("fit")


def test_user_error_is_failed(runner: Runner, qtbot: QtBot) -> None:
    ends = Ends()

    def work(on_step: OnStep) -> None:
        raise UserError("No rows.")

    start(runner, "fit", work, ends)
    qtbot.waitUntil(lambda: bool(ends.said))
    assert ends.said == [("failed", "No rows.")]


@pytest.mark.logs
def test_surprise_is_failed_in_words(runner: Runner, qtbot: QtBot) -> None:
    ends = Ends()
    start(runner, "fit", lambda on_step: 1 / 0, ends)
    qtbot.waitUntil(lambda: bool(ends.said))
    assert ends.said == [("failed", "Something went wrong inside mlgui.")]


def test_latest_wins_within_a_lane_and_lanes_are_independent(runner: Runner, qtbot: QtBot) -> None:
    gate, first, second, other = threading.Event(), Ends(), Ends(), Ends()

    def slow(on_step: OnStep) -> str:
        gate.wait(10)
        on_step(Step(text="too late"))
        return "first"

    start(runner, "fit", slow, first)
    start(runner, "file", lambda on_step: "file", other)
    start(runner, "fit", lambda on_step: "second", second)
    assert first.said == [("cancelled", None)]  # control is back at once, though the thread still waits
    qtbot.waitUntil(lambda: bool(other.said))
    gate.set()
    qtbot.waitUntil(lambda: bool(second.said))
    assert (first.said, second.said, other.said) == ([("cancelled", None)], [("done", "second")], [("done", "file")])


def test_waiting_job_is_replaced(runner: Runner, qtbot: QtBot) -> None:
    begun, gate, ends, ran = threading.Event(), threading.Event(), [Ends() for _ in range(4)], []

    def slow(on_step: OnStep) -> None:
        begun.set()
        gate.wait(10)

    start(runner, "fit", slow, ends[0])
    assert begun.wait(10)  # the lane is busy now, so that every later job has to wait
    for index in (1, 2, 3):
        start(runner, "fit", lambda on_step, index=index: ran.append(index), ends[index])
    gate.set()
    qtbot.waitUntil(lambda: bool(ends[3].said))
    assert ran == [3]
    assert [end.said[0][0] for end in ends] == ["cancelled", "cancelled", "cancelled", "done"]


def test_cancelled_result_is_dropped(runner: Runner, qtbot: QtBot) -> None:
    gate, ends, after = threading.Event(), Ends(), Ends()
    start(runner, "fit", lambda on_step: gate.wait(10), ends)
    runner.cancel("fit")
    assert ends.said == [("cancelled", None)]
    gate.set()
    start(runner, "fit", lambda on_step: "next", after)
    qtbot.waitUntil(lambda: bool(after.said))
    assert ends.said == [("cancelled", None)]


def test_progress_is_read_by_a_timer(runner: Runner, qtbot: QtBot) -> None:
    gate, ends, seen = threading.Event(), Ends(), []

    def work(on_step: OnStep) -> None:
        for n in range(1000):
            on_step(Step(text="working", done=n, total=1000))
        gate.wait(10)

    runner.progressed.connect(lambda lane, step: seen.append((lane, step.done)))
    start(runner, "long", work, ends)
    qtbot.waitUntil(lambda: bool(seen))
    gate.set()
    qtbot.waitUntil(lambda: bool(ends.said))
    assert seen[-1] == ("long", 999)
    assert len(seen) < 100


def test_shut_down_reports_a_thread_that_does_not_stop(qtbot: QtBot) -> None:
    runner, begun, gate = Runner(), threading.Event(), threading.Event()
    runner.start("fit", lambda on_step: (begun.set(), gate.wait(10)), lambda result: None)
    assert begun.wait(10)
    assert runner.shut_down(0.05) is False
    gate.set()
    for thread in threading.enumerate():
        if thread.name == "mlgui-fit":
            thread.join(10)
