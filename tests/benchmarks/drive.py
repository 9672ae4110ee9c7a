"""How long the window's thread is ever held up while a script works in it for ten minutes.

    python tests/benchmarks/drive.py [--minutes 10] [--seed 1] [--page]

A script presses boxes, tabs, group marks and arrow keys, turns the dial, undoes and redoes, changes theme and text size, adds and
deletes models, selects groups, copies tables and changes between examples, at random, every 50 to 400 ms. A timer of the window's
own thread asks for its turn every 5 ms: what passes beyond that between two turns is a hold-up, whatever caused it, the
script's own press included. Each hold-up is put down to the action that was last begun.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from opened import opened_window

if TYPE_CHECKING:
    from mlgui.gui.main_window import MainWindow

PAGE = Path(__file__).parent.parent.parent / "resources" / "docs" / "verification.md"
BEGIN, END = "<!-- begin drive -->\n", "<!-- end drive -->"
BEAT = 5
ALLOWED = 0.100
EXAMPLES = ("hsb", "sleepstudy", "radon", "exam", "insteval")


class Drive:
    """A random visit of given length, and the hold-ups met on the way."""

    def __init__(self, window: MainWindow, seconds: float, seed: int) -> None:
        from PySide6.QtCore import Qt, QTimer

        self.window, self.dice = window, random.Random(seed)
        self.end = time.perf_counter() + seconds
        self.doing, self.last = "start", time.perf_counter()
        self.gaps: list[tuple[float, str]] = []
        self.done: dict[str, int] = defaultdict(int)
        self.beat = QTimer(interval=BEAT, timerType=Qt.TimerType.PreciseTimer)
        self.beat.timeout.connect(self._on_beat)
        self.next = QTimer(singleShot=True)
        self.next.timeout.connect(self._act)
        self.actions: list[tuple[str, int, Callable[[], None]]] = [
            ("tick a box of the model", 8, self.tick),
            ("change the view", 8, self.change_view),
            ("undo or redo", 6, self.step_back),
            ("select groups", 6, self.select),
            ("turn the dial", 6, self.turn_dial),
            ("press arrow keys", 4, self.press_arrows),
            ("change the model shown", 3, self.change_model),
            ("add, copy or delete a model", 2, self.change_models),
            ("copy for Word", 1, self.copy),
            ("change theme or text size", 1, self.change_look),
            ("open an example", 1, self.open_example),
        ]

    def run(self) -> None:
        """Start; the event loop is left at the end of the time."""
        self.beat.start()
        self.next.start(0)

    def _on_beat(self) -> None:
        now = time.perf_counter()
        self.gaps.append((max(now - self.last - BEAT / 1000, 0.0), self.doing))
        self.last = now

    def _act(self) -> None:
        from PySide6.QtWidgets import QApplication

        if time.perf_counter() > self.end:
            self.beat.stop()
            QApplication.exit()  # quit would ask about unsaved work
            return
        self.doing, _, act = self.dice.choices(self.actions, [weight for _, weight, _ in self.actions])[0]
        self.done[self.doing] += 1
        act()
        self.next.start(self.dice.choice((50, 100, 200, 400)))

    def tick(self) -> None:
        """Press a box of the coefficient matrix."""
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest
        from PySide6.QtWidgets import QCheckBox

        workspace = self.window.workspace
        boxes = workspace.left.model.matrix.findChildren(QCheckBox) if workspace else []
        if boxes := [box for box in boxes if box.isVisible() and box.isEnabled()]:
            QTest.mouseClick(self.dice.choice(boxes), Qt.MouseButton.LeftButton)

    def change_view(self) -> None:
        """Go to another tab."""
        if self.window.workspace:
            self.window.show_view(self.dice.choice(self.window.workspace.tabs())[0])

    def step_back(self) -> None:
        """Undo, or now and then redo."""
        document = self.window.desk.document
        (document.redo if self.dice.random() < 0.4 else document.undo)()

    def select(self) -> None:
        """Select one group, or several."""
        from mlgui.session.document import Selection

        document = self.window.desk.document
        if (report := document.active_fit.report) and report.groups:
            groups = self.dice.choice(report.groups)
            names = self.dice.sample(list(groups.names), min(self.dice.choice((1, 1, 5, 100)), len(groups.names)))
            document.select(Selection(groups.grouping, frozenset(names), names[0]))

    def turn_dial(self) -> None:
        """Drag the pooling dial through a few places, where it is on show."""
        from PySide6.QtWidgets import QSlider

        if self.window.workspace:
            for slider in self.window.workspace.centre.findChildren(QSlider):
                if slider.isVisible() and slider.isEnabled():
                    slider.setValue(self.dice.randint(slider.minimum(), slider.maximum()))

    def press_arrows(self) -> None:
        """Press arrow keys where the focus is."""
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest

        if focus := self.window.focusWidget():
            for _ in range(3):
                QTest.keyClick(focus, self.dice.choice((Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Right, Qt.Key.Key_Left)))

    def change_model(self) -> None:
        """Show another model."""
        document = self.window.desk.document
        if document.snapshot.models:
            document.show_model(self.dice.choice(document.snapshot.models).key)

    def change_models(self) -> None:
        """Add, copy or delete a model; keep between one and five."""
        document = self.window.desk.document
        models = document.snapshot.models
        if not models:
            return
        if len(models) > 4 or (len(models) > 1 and self.dice.random() < 0.4):
            document.delete_model(self.dice.choice(models).key)
        else:
            document.duplicate_model(self.dice.choice(models).key)

    def copy(self) -> None:
        """Copy the tables, when there is a fit."""
        from mlgui.session.document import FitState

        if self.window.desk.document.active_fit.state is FitState.FITTED:
            self.window.commands.copy_for_word()

    def change_look(self) -> None:
        """Change between light and dark."""
        self.window.desk.theme.set_mode(self.dice.choice(("light", "dark")))

    def open_example(self) -> None:
        """Open one of the examples."""
        self.window.open_example(self.dice.choice(EXAMPLES))


def summary(drive: Drive, seconds: float) -> str:
    """Return the table of hold-ups as Markdown."""
    gaps = sorted(gap for gap, _ in drive.gaps)
    over = sum(gap > ALLOWED for gap in gaps)
    lines = [
        f"{seconds / 60:.0f} minutes, {sum(drive.done.values()):,} actions, {len(gaps):,} turns of the thread. Held up: 99 % "
        f"below {1000 * gaps[int(0.99 * len(gaps))]:.0f} ms, 99.9 % below {1000 * gaps[int(0.999 * len(gaps))]:.0f} ms, most "
        f"{1000 * gaps[-1]:.0f} ms; {over} times more than {1000 * ALLOWED:.0f} ms.",
        "",
        "| action | times | 99 % | most | over 100 ms |",
        "| --- | --- | --- | --- | --- |",
    ]
    by_action: dict[str, list[float]] = defaultdict(list)
    for gap, doing in drive.gaps:
        by_action[doing].append(gap)
    for doing, found in sorted(by_action.items(), key=lambda item: -max(item[1])):
        found.sort()
        high, most = 1000 * found[int(0.99 * len(found))], 1000 * found[-1]
        n_over = sum(gap > ALLOWED for gap in found)
        lines.append(f"| {doing} | {drive.done.get(doing, 1)} | {high:.0f} ms | {most:.0f} ms | {n_over} |")
    return "\n".join(lines) + "\n"


def main() -> int:
    """Drive, and print the table."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    asked.add_argument("--minutes", type=float, default=10.0)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--page", action="store_true", help="write the table into the documentation")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as settings:
        os.environ.setdefault("MLGUI_SETTINGS", settings)
        text = driven(60 * given.minutes, given.seed)
    print(text)
    if given.page:
        page = PAGE.read_text(encoding="utf-8")
        before, _, rest = page.partition(BEGIN)
        PAGE.write_text(before + BEGIN + text + END + rest.partition(END)[2], encoding="utf-8")
    return 0


def driven(seconds: float, seed: int) -> str:
    """Open the window on an example, drive it, and return the table."""
    app, desk, window = opened_window()
    drive = Drive(window, seconds, seed)
    drive.run()
    app.exec()
    desk.runner.shut_down()
    return summary(drive, seconds)


if __name__ == "__main__":
    sys.exit(main())
