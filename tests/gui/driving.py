"""Ways through the window that the audits share: every view and dialog in turn, and every widget on show."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from mlgui.gui.centre.tabs import TABS
from mlgui.gui.desk import Desk
from mlgui.gui.main_window import MainWindow
from mlgui.session.document import FitState, Selection

TAB_KEYS = tuple(key for key, _, _ in TABS)
TABLE_DIALOGS = ("compute", "filter", "reshape", "add_columns", "history")
DIALOGS = ("export", "rename", "about", "shortcuts", "help", "options", "preferences", *TABLE_DIALOGS, "edit_figure")
"""Commands that open a dialog."""


@contextmanager
def open_window(desk: Desk, qapp: QApplication, qtbot: QtBot) -> Iterator[MainWindow]:
    """Give the window with High School & Beyond fitted, and one school selected."""
    desk.theme.apply(qapp)
    window = MainWindow(desk)
    window.setWindowState(Qt.WindowState.WindowNoState)  # the screen of the tests is small
    window.resize(1440, 900)
    with qtbot.waitExposed(window):
        window.show()
    window.finish_loading()
    window.open_example("hsb")
    qtbot.waitUntil(lambda: desk.document.active_fit.state is FitState.FITTED, timeout=60_000)
    desk.document.select(Selection("school", frozenset({"8367"}), "8367"))
    settle()
    yield window
    desk.document.close()
    window.close()
    window.deleteLater()  # a window kept makes every later style sheet slower
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    qapp.setStyleSheet("")


def settle() -> None:
    """Let layouts and timers that are due have their turn."""
    for _ in range(5):
        QCoreApplication.processEvents()


def each_view(window: MainWindow, look: Callable[[str, QWidget], None]) -> None:
    """Call `look` with the window, every view on show in turn."""
    for key in TAB_KEYS:
        window.show_view(key)
        settle()
        look(key, window)


def each_dialog(window: MainWindow, look: Callable[[str, QWidget], None]) -> None:
    """Call `look` with every dialog in turn."""
    for name in DIALOGS:
        if name == "edit_figure":
            window.show_view("shrinkage")
            settle()
        window.actions_by_id[name].trigger()
        settle()
        dialog = next(found for found in window.findChildren(QDialog) if found.isVisible())
        look(name, dialog)
        dialog.reject()
        settle()


def on_show(root: QWidget) -> list[QWidget]:
    """Return the widgets of a window that can be seen."""
    return [widget for widget in root.findChildren(QWidget) if widget.isVisible() and widget.window() is root.window()]
