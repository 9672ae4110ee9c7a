"""The window in German: the words are there, and none of them is cut off or covers another."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

WALK = r"""
import json
from mlgui.gui.language import start_language, translate_qt
language = start_language()

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication
from mlgui.gui.app import application
from mlgui.gui.desk import make_desk
from mlgui.gui.main_window import MainWindow
from mlgui.gui.theme import load_fonts
from mlgui.session.document import FitState
from tests.gui.driving import each_dialog, each_view, settle
from tests.gui.test_overlap import lasting

app = application()
load_fonts()
desk = make_desk()
desk.theme.set_mode("light")
desk.theme.apply(app)
translate_qt(app, language)
window = MainWindow(desk)
window.resize(1440, 900)
window.show()
window.finish_loading()
window.open_example("hsb")
late = QTimer(singleShot=True)
late.start(60_000)
while desk.document.active_fit.state is not FitState.FITTED and late.isActive():
    app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
window.resize(1440, 900)
settle()
wrong = {}

def look(key, root):
    found = lasting(root)
    if found:
        wrong[key] = sorted(found)

each_view(window, look)
each_dialog(window, look)
bar = window.workspace.centre.bar
said = {
    "menus": [menu.text() for menu in window.menuBar().actions()],
    "tabs": [bar.tabText(place) for place in range(bar.count())],
}
desk.document.close()
window.close()
desk.runner.shut_down(10)
print(json.dumps({"language": language, "wrong": wrong, "said": said}))
"""


def test_the_window_speaks_german_and_nothing_is_cut(tmp_path: Path) -> None:
    environment = os.environ | {
        "MLGUI_LANGUAGE": "de",
        "MLGUI_SETTINGS": str(tmp_path),
        "PYTHONPATH": str(ROOT),
        "PYTHONIOENCODING": "utf-8",
    }
    run = subprocess.run(
        [sys.executable, "-c", WALK], capture_output=True, text=True, encoding="utf-8", env=environment, cwd=ROOT, timeout=300
    )
    assert run.returncode == 0, run.stderr[-2000:]
    found = json.loads(run.stdout.splitlines()[-1])
    assert found["language"] == "de"
    assert found["said"]["menus"] == ["&Datei", "&Bearbeiten", "Da&ten", "&Modell", "&Ansicht", "&Hilfe"]
    assert {"Überblick", "Koeffizienten", "Schrumpfung", "Vorhersagen"} <= set(found["said"]["tabs"])
    assert found["wrong"] == {}
