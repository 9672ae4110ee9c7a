#!/usr/bin/env python3
"""Take the pictures of the documentation from the running program.

    python packaging/screens.py [FOLDER]        default: resources/docs/screens
    python packaging/screens.py --only FOLDER EXAMPLE-TAB...

Every view of two examples, light and dark, at 100 % and 200 %; each scale is a process of its own, as Qt reads it once. Or those
of some views alone, light and dark, at 100 %; `start` is the start page.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

ROOT = Path(__file__).resolve().parent.parent
SELECTED = {"hsb": ("8367",)}
"""Groups that are selected in the pictures of an example."""
EXAMPLES = ("hsb", "insteval")
SIZE = (1440, 900)
LANES = ("file", "dial", "checks", "compare", "scenarios", "predictions", "margins", "influence", "lines", "ranks")


def reduced(image: QImage) -> QImage:
    """Return a picture in 256 of its colours, the others as the nearest of them: a third of the bytes."""
    import numpy as np
    from PySide6.QtGui import QImage

    whole = image.convertToFormat(QImage.Format.Format_RGB32)
    width, height = whole.width(), whole.height()
    pixels = np.frombuffer(whole.constBits(), np.uint32).reshape(height, whole.bytesPerLine() // 4)[:, :width]
    colours, where, counts = np.unique(pixels, return_inverse=True, return_counts=True)
    parts = colours.view(np.uint8).reshape(-1, 4)[:, :3].astype(np.int64)
    kept, nearest = [int(counts.argmax())], np.zeros(len(colours), np.uint8)
    far = ((parts - parts[kept[0]]) ** 2).sum(axis=1)
    while len(kept) < 256 and far.any():  # next the colour that is missed most: far from all kept, and on many pixels
        kept.append(int((far * np.sqrt(counts)).argmax()))
        distance = ((parts - parts[kept[-1]]) ** 2).sum(axis=1)
        nearest[distance < far] = len(kept) - 1
        far = np.minimum(far, distance)
    line = (width + 3) // 4 * 4  # Qt wants lines of whole words
    indices = np.zeros((height, line), np.uint8)
    indices[:, :width] = nearest[where.reshape(height, width)]
    found = QImage(indices.tobytes(), width, height, line, QImage.Format.Format_Indexed8)
    found.setColorTable([colour | 0xFF000000 for colour in colours[kept].tolist()])
    return found.copy()  # owns its bytes


def pictures(folder: Path, scale: int, only: Sequence[str] = ()) -> None:
    """Open each example in the window and save a picture of every tab, or of those named; SystemExit for an unknown name."""
    from PySide6.QtCore import QEventLoop, QTimer
    from PySide6.QtWidgets import QApplication

    from mlgui.gui.app import application, load_everything
    from mlgui.gui.centre.tabs import TABS
    from mlgui.gui.desk import make_desk
    from mlgui.gui.main_window import MainWindow
    from mlgui.gui.theme import load_fonts
    from mlgui.progress import ignore_steps
    from mlgui.session.document import Selection

    views = [key for key, _, _ in TABS]
    examples = list(dict.fromkeys(name.partition("-")[0] for name in only if name != "start")) if only else EXAMPLES
    if unknown := set(only) - {"start"} - {f"{example}-{key}" for example in examples for key in views}:
        raise SystemExit(f"There are no such views: {', '.join(sorted(unknown))}")
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

    def save(name: str, theme: str) -> None:
        reduced(window.grab().toImage()).save(str(folder / f"{name}-{theme}{'@2x' if scale == 2 else ''}.png"), quality=0)

    def shots(example: str) -> Iterator[tuple[str, str]]:
        for theme in ("light", "dark"):
            desk.theme.set_mode(theme)
            for key in views:
                if not only or f"{example}-{key}" in only:
                    window.show_view(key)
                    idle()
                    yield f"{example}-{key}", theme

    if not only or "start" in only:
        for theme in ("dark", "light"):
            desk.theme.set_mode(theme)
            wait(400)
            save("start", theme)
    for example in examples:
        window.open_example(example)
        idle()
        report = desk.document.active_fit.report
        groups = SELECTED.get(example, ())
        if groups and report is not None:
            desk.document.select(Selection(report.groups[0].grouping, frozenset(groups), groups[0]))
        for name, theme in shots(example):
            save(name, theme)
    desk.runner.shut_down()
    QApplication.closeAllWindows()


def main(arguments: list[str]) -> int:
    """Take all pictures, one process per scale."""
    if arguments[:1] == ["--only"]:
        pictures(Path(arguments[1]), 1, arguments[2:])
        return 0
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
