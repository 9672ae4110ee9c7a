"""How quick the window is: from a tick to new numbers on screen, and from the start of the process to the first paint.

    python tests/benchmarks/window.py            on the display at hand; QT_QPA_PLATFORM=offscreen works too

A tick is a mouse press on the box that lets the slope of ses vary between schools (High School & Beyond, 7,185 rows); the clock
stops when the view on show has been painted with the new numbers. Undo alternates with the tick and is not counted; what the
fitter remembers is forgotten before every tick, so that each one is a fit.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time

from opened import opened_window

TICKS = 40
STARTS = 5


def ticks(tab: str) -> list[float]:
    """Return the seconds from each press to the painted numbers, with one tab on show."""
    from PySide6.QtCore import QEvent, QObject, Qt
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QWidget

    from mlgui.session.document import FitState

    class Painted(QObject):
        """Notes when a widget below `watched` was last painted."""

        at = 0.0

        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint:
                self.at = time.perf_counter()
            return False

    app, desk, window = opened_window()

    def settle(seconds: float) -> None:
        end = time.perf_counter() + seconds
        while time.perf_counter() < end or desk.document.waiting or desk.runner.busy("file"):
            app.processEvents()

    settle(1.0)
    window.show_view(tab)
    settle(0.5)
    painted = Painted()
    workspace = window.workspace
    assert workspace is not None
    for widget in workspace.centre.findChildren(QWidget):
        widget.installEventFilter(painted)
    seconds = []
    for _ in range(TICKS):
        desk.fitter._recent.clear()
        box = workspace.left.model.matrix.box("ses", "school")
        assert box is not None
        began = time.perf_counter()
        QTest.mouseClick(box, Qt.MouseButton.LeftButton)
        while desk.document.active_fit.state is not FitState.FITTED or painted.at < began:
            app.processEvents()
        settle(0.02)  # whatever else this view still paints for the new numbers
        seconds.append(painted.at - began)
        desk.document.undo()
        settle(0.1)
        painted.at = 0.0
    window.close()
    desk.runner.shut_down()
    return seconds


def starts() -> list[float]:
    """Return the seconds from the start of the process to the first paint of the window, warm."""
    environment = os.environ | {"MLGUI_TIMING": "1", "MLGUI_QUIT": "1"}
    seconds = []
    for _ in range(STARTS + 1):
        began = time.perf_counter()
        command = [sys.executable, "-m", "mlgui", "--example", "hsb"]
        with subprocess.Popen(command, stderr=subprocess.PIPE, env=environment, text=True) as process:
            assert process.stderr is not None
            for text in process.stderr:
                if "first paint" in text:
                    seconds.append(time.perf_counter() - began)
    return seconds[1:]


def main(arguments: list[str]) -> int:
    """Print a line per view and one for the start."""
    if arguments:
        found = sorted(1000 * value for value in ticks(arguments[0]))
        high = found[int(0.95 * len(found))]
        words = f"median {statistics.median(found):.0f} ms, 95 % {high:.0f} ms, most {found[-1]:.0f} ms"
        print(f"tick, {arguments[0]}: {words}", flush=True)
        return 0
    for tab in ("overview", "coefficients", "groups", "shrinkage", "group_level", "fitted_lines"):
        subprocess.check_call([sys.executable, __file__, tab], env=os.environ | {"OPENBLAS_NUM_THREADS": "1"})
    found = sorted(starts())
    print(f"start to first paint: median {statistics.median(found):.2f} s, most {found[-1]:.2f} s")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
