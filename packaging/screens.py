#!/usr/bin/env python3
"""Take the pictures of the documentation from the running program.

    python packaging/screens.py [FOLDER]        default: resources/docs/screens

Every view of two examples, light and dark, at 100 % and 200 %; each scale is a process of its own, as Qt reads it once.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = {"hsb": ("hsb", ("8367",)), "insteval": ("insteval", ())}
SIZE = (1440, 900)
LANES = ("file", "dial", "checks", "compare", "scenarios", "predictions", "margins", "influence", "lines", "ranks")


def pictures(folder: Path, scale: int) -> None:
    """Open each example in the window and save a picture of every tab."""
    from PySide6.QtCore import QEventLoop, QTimer
    from PySide6.QtWidgets import QApplication

    from mlgui.gui.app import application, load_everything
    from mlgui.gui.centre.centre import TABS
    from mlgui.gui.desk import make_desk
    from mlgui.gui.main_window import MainWindow
    from mlgui.gui.theme import load_fonts
    from mlgui.progress import ignore_steps
    from mlgui.session.document import Selection

    app = application()
    load_fonts()
    load_everything(ignore_steps)
    desk = make_desk()
    desk.theme.apply(app)
    window = MainWindow(desk)
    window.showNormal()  # the screen of a machine without one is small; the picture need not fit on it
    window.resize(*SIZE)
    window.finish_loading()

    def wait(milliseconds: int) -> None:
        loop = QEventLoop()
        QTimer.singleShot(milliseconds, loop.quit)
        loop.exec()

    def idle() -> None:
        wait(150)
        while desk.document.waiting or any(desk.runner.busy(lane) for lane in LANES):
            wait(50)
        wait(400)

    def shots(name: str) -> Iterator[str]:
        for theme in ("light", "dark"):
            desk.theme.set_mode(theme)
            for key, _, _ in TABS:
                window.show_view(key)
                idle()
                yield f"{name}-{key}-{theme}{'@2x' if scale == 2 else ''}.png"

    window.grab().save(str(folder / f"start-light{'@2x' if scale == 2 else ''}.png"))
    for name, (example, groups) in EXAMPLES.items():
        window.open_example(example)
        idle()
        report = desk.document.active_fit.report
        if groups and report is not None:
            desk.document.select(Selection(report.groups[0].grouping, frozenset(groups), groups[0]))
        for file in shots(name):
            window.grab().save(str(folder / file))
    desk.runner.shut_down()
    QApplication.closeAllWindows()


def main(arguments: list[str]) -> int:
    """Take all pictures, one process per scale."""
    if arguments[:1] == ["--scale"]:
        pictures(Path(arguments[2]), int(arguments[1]))
        return 0
    folder = Path(arguments[0]) if arguments else ROOT / "resources" / "docs" / "screens"
    folder.mkdir(parents=True, exist_ok=True)
    for scale in (1, 2):
        environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": str(scale), "OPENBLAS_NUM_THREADS": "1"}
        subprocess.check_call([sys.executable, __file__, "--scale", str(scale), str(folder)], env=environment, cwd=ROOT)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
