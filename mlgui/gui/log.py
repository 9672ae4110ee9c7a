"""Where surprises are written down, and the hooks that catch them: Python, threads, Qt, fatal signals.

Never a traceback in front of the user: the log gets it whole, the window shows a calm dialog whose detail can be copied.
"""

from __future__ import annotations

import faulthandler
import logging
import logging.handlers
import platform
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QMessageLogContext, QObject, QtMsgType, QUrl, Signal, qInstallMessageHandler, qVersion
from PySide6.QtGui import QDesktopServices

from mlgui import __version__
from mlgui.session.settings import settings_folder

_LOG = logging.getLogger("mlgui")
_SIZE = 512 * 1024
_HARMLESS = ("This plugin does not support", "Wayland does not support QWindow::requestActivate")


def log_file() -> Path:
    """Return the file of the log."""
    return settings_folder() / "mlgui.log"


def show_log() -> None:
    """Open the log in the program the system has for texts."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(log_file())))


def start_log() -> None:
    """Write warnings of the program to the log file from now on, and a trace if the process is killed by a fault."""
    file = log_file()
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handler = logging.handlers.RotatingFileHandler(file, maxBytes=_SIZE, backupCount=1, encoding="utf-8")
    except OSError:  # a read-only home: the program works without a log
        return
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    _LOG.addHandler(handler)
    _LOG.setLevel(logging.INFO)
    if handler.stream is not None:
        faulthandler.enable(handler.stream)


def environment() -> str:
    """Return versions and system in one line, for reports."""
    programs = (f"mlgui {__version__}", f"Python {platform.python_version()}", f"Qt {qVersion()}")
    return ", ".join((*programs, platform.system(), platform.machine()))


class Surprises(QObject):
    """Catches what nobody else caught, in whatever thread, and hands it to the window as text."""

    caught = Signal(str)

    def install(self) -> Callable[[], None]:
        """Set the hooks; return what sets the old ones again."""
        before = (sys.excepthook, threading.excepthook)
        sys.excepthook = self._on_exception
        threading.excepthook = self._on_thread_exception
        qInstallMessageHandler(_on_qt_message)

        def restore() -> None:
            sys.excepthook, threading.excepthook = before
            qInstallMessageHandler(None)

        return restore

    def _on_exception(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        text = "".join(traceback.format_exception(kind, error, trace))
        _LOG.error("Not caught anywhere:\n%s", text)
        self.caught.emit(f"{environment()}\n\n{text}")

    def _on_thread_exception(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            self._on_exception(args.exc_type, args.exc_value, args.exc_traceback)


def _on_qt_message(kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
    if any(words in text for words in _HARMLESS):
        return
    level = logging.WARNING if kind in (QtMsgType.QtWarningMsg, QtMsgType.QtCriticalMsg, QtMsgType.QtFatalMsg) else logging.DEBUG
    _LOG.log(level, "Qt: %s", text)
