"""Where the window is put together: application, look, hooks, the frame, and then everything else in a thread.

    run(["my.csv"])              # returns the exit code
    run(example="hsb")

MLGUI_TIMING=1 prints to stderr when the frame was first painted and when everything was ready, in seconds from `run`.
MLGUI_QUIT=1 closes the window as soon as it is ready and nothing is being fitted (for smoke tests of installers).
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from PySide6 import QtCore, QtGui, QtWidgets
from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QFileOpenEvent, QGuiApplication
from PySide6.QtWidgets import QApplication

from mlgui import __version__
from mlgui.errors import UserError
from mlgui.gui.desk import make_desk
from mlgui.gui.icons import app_icon
from mlgui.gui.language import translate_qt
from mlgui.gui.log import Surprises, start_log
from mlgui.gui.main_window import MainWindow
from mlgui.gui.messages import show_error
from mlgui.gui.theme import load_fonts
from mlgui.progress import OnStep
from mlgui.words import language_in_use, tr

_SWITCH_INTERVAL = 0.002
"""Seconds between thread switches while modules are imported: the default of 5 ms makes the window stutter."""


class Application(QApplication):
    """The application, which is told by an event which file to open where macOS starts it."""

    file_asked = Signal(str)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QFileOpenEvent):
            self.file_asked.emit(event.file())
            return True
        return super().event(event)


def application() -> QApplication:
    """Return the application, made and dressed the first time."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    app = Application(sys.argv[:1])
    app.setApplicationName("mlgui")
    app.setApplicationDisplayName("mlgui")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("mlgui")
    app.setStyle("Fusion")
    return app


def load_everything(_on_step: OnStep) -> None:
    """Import what the workspace needs. Runs in a thread, beside the painted frame."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(_SWITCH_INTERVAL)
    try:
        import mlgui.data.read
        import mlgui.gui.workspace
        import mlgui.results.summarise
        import mlgui.session.jobs  # noqa: F401
    finally:
        sys.setswitchinterval(before)


def make_every_type() -> None:
    """Let PySide6 make the types it makes when they are first named, before a second thread imports what names them all.

    pyqtgraph copies every name of these modules while it is imported; two threads that make types at once can end the process.
    """
    for module in (QtCore, QtGui, QtWidgets):
        for name in dir(module):
            getattr(module, name)


class Start(QObject):
    """The start of one window, step by step."""

    def __init__(self, window: MainWindow, paths: Sequence[str | Path], example: str | None, began: float) -> None:
        super().__init__(window)
        self._window = window
        self._paths = [Path(path) for path in paths]
        self._example = example
        self._began = began
        self._ready = False
        self._quit_timer = QTimer(self)
        self._quit_timer.setInterval(50)
        self._quit_timer.timeout.connect(self._quit_when_idle)
        window.painted.connect(self._on_painted)

    def open_file(self, name: str) -> None:
        """Open a file that was asked for after the start; before all is loaded, remember it."""
        if self._ready:
            self._window.open_path(Path(name))
        else:
            self._paths = [Path(name)]

    def _on_painted(self) -> None:
        self._tell("first paint")
        make_every_type()
        self._window.desk.runner.start("load", load_everything, self._on_loaded, self._window.fail_loading)

    def _on_loaded(self, _result: object) -> None:
        self._window.finish_loading()
        self._ready = True
        self._tell("ready")
        if self._paths:
            self._window.open_path(self._paths[0])
        elif self._example:
            self._window.open_example(self._example)
        if os.environ.get("MLGUI_QUIT"):
            self._quit_timer.start()

    def _quit_when_idle(self) -> None:
        desk = self._window.desk
        if not desk.runner.busy("file") and not desk.document.waiting:
            self._window.close()

    def _tell(self, what: str) -> None:
        if os.environ.get("MLGUI_TIMING"):
            print(f"mlgui: {what} after {time.perf_counter() - self._began:.3f} s", file=sys.stderr, flush=True)


def run(paths: Sequence[str | Path] = (), example: str | None = None) -> int:
    """Open the window, with a file or an example if one is named; return the exit code when it is closed."""
    began = time.perf_counter()
    app = application()
    start_log()
    surprises = Surprises()
    restore_hooks = surprises.install()
    load_fonts()
    app.setWindowIcon(app_icon())
    translate_qt(app, language_in_use())
    desk = make_desk()
    desk.theme.apply(app)
    window = MainWindow(desk)
    surprises.caught.connect(lambda detail: _apologise(window, detail))
    start = Start(window, paths, example, began)
    if isinstance(app, Application):
        app.file_asked.connect(start.open_file)
    window.show()
    code = app.exec()
    stopped = desk.runner.shut_down()
    window.keeper.close()
    restore_hooks()
    del start
    if not stopped:  # an abandoned computation still runs: nothing of it is wanted, and waiting for it would look like a hang
        sys.stderr.flush()
        os._exit(code)
    return code


def _apologise(window: MainWindow, detail: str) -> None:
    error = UserError(
        tr("Something unexpected happened."),
        tr("Your data and models are unchanged, and mlgui goes on."),
        tr("If it happens again, save your project and send us the details."),
    )
    show_error(window, error, window.desk.theme, detail=detail)
