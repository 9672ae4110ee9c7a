"""The program as a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

SCRIPT = """
import sys
from mlgui.gui import app, main_window
seen = []
tell = main_window.MainWindow.paintEvent
def paint(self, event):
    if not seen:
        seen.append({"pandas", "scipy", "pyqtgraph"} & set(sys.modules))
    tell(self, event)
main_window.MainWindow.paintEvent = paint
code = app.run(example="sleepstudy")
print("early:", sorted(seen[0]))
sys.exit(code)
"""


def start(script: str, tmp_path: Path) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {
        "QT_QPA_PLATFORM": "offscreen",
        "MLGUI_SETTINGS": str(tmp_path),
        "MLGUI_TIMING": "1",
        "MLGUI_QUIT": "1",
    }
    return subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=120, env=environment, check=False
    )


def test_starts_in_stages_opens_an_example_and_ends(tmp_path: Path) -> None:
    ran = start(SCRIPT, tmp_path)
    assert ran.returncode == 0, ran.stderr
    assert "early: []" in ran.stdout
    assert "first paint after" in ran.stderr and "ready after" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_what_cannot_be_loaded_is_said_and_logged(tmp_path: Path) -> None:
    script = """
import sys
sys.modules["mlgui.results.summarise"] = None
from mlgui.gui import app, main_window
main_window.MainWindow.fail_loading = lambda self, error: (print(error.why), self.close())
sys.exit(app.run())
"""
    ran = start(script, tmp_path)
    assert ran.returncode == 0, ran.stderr
    assert "mlgui.results.summarise" in ran.stdout
    assert "Traceback" in (tmp_path / "mlgui.log").read_text(encoding="utf-8")
    assert "Traceback" not in ran.stderr


def test_an_exception_nobody_caught_becomes_a_calm_dialog(tmp_path: Path) -> None:
    script = """
import sys
from PySide6.QtCore import QTimer
from mlgui.gui import app, messages
def broken():
    raise RuntimeError("boom")
def shown(window, detail):
    print("boom" in detail, "mlgui" in detail)
    window.close()
app._apologise = shown
QTimer.singleShot(0, app.application(), broken)
sys.exit(app.run())
"""
    ran = start(script, tmp_path)
    assert ran.returncode == 0, ran.stderr
    assert "True True" in ran.stdout


def test_a_file_named_in_an_event_is_opened(tmp_path: Path) -> None:
    """macOS names the file that was double-clicked in an event, often before everything is loaded."""
    script = """
import sys
from PySide6.QtCore import QCoreApplication, QTimer
from PySide6.QtGui import QFileOpenEvent
from mlgui.gui import app, main_window
main_window.MainWindow.open_path = lambda self, path: print("opened", path.name)
made = app.application()
QTimer.singleShot(0, lambda: QCoreApplication.sendEvent(made, QFileOpenEvent("/folder/my.mlgui")))
sys.exit(app.run())
"""
    ran = start(script, tmp_path)
    assert ran.returncode == 0, ran.stderr
    assert "opened my.mlgui" in ran.stdout
