"""The whole window on an example, as people see it after the start."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from mlgui.gui.desk import Desk
    from mlgui.gui.main_window import MainWindow


def opened_window() -> tuple[QApplication, Desk, MainWindow]:
    """Return the application, its desk and its window (1440 x 900 px), fully loaded, with hsb open."""
    from mlgui.gui.app import application, load_everything
    from mlgui.gui.desk import make_desk
    from mlgui.gui.main_window import MainWindow
    from mlgui.gui.theme import load_fonts
    from mlgui.progress import ignore_steps

    app = application()
    load_fonts()
    load_everything(ignore_steps)
    desk = make_desk()
    desk.theme.apply(app)
    window = MainWindow(desk)
    window.showNormal()
    window.resize(1440, 900)
    window.finish_loading()
    window.open_example("hsb")
    return app, desk, window
