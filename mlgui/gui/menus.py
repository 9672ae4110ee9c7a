"""The menu bar, from the table in `actions`, and the submenus that depend on the moment."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu

from mlgui.gui.actions import MENUS, menu_title, tab_key
from mlgui.gui.appearance import (
    Choices,
    choose_colours,
    choose_text_size,
    colour_choices,
    language_choices,
    text_choices,
)
from mlgui.gui.widgets import verbatim
from mlgui.session.examples import examples
from mlgui.words import tr

if TYPE_CHECKING:
    from mlgui.gui.main_window import MainWindow


class Menus:
    """Menus of one window. examples: also hangs below the Examples button. tabs: filled when the views are there."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._desk = window.desk
        self.examples = self._examples_menu()
        self.tabs = QMenu(tr("Go to"), window)
        self.tabs.setEnabled(False)
        submenus = {
            "examples": self.examples,
            "recent": self._recent_menu(),
            "tabs": self.tabs,
            "theme": self._theme_menu(),
            "text": self._text_menu(),
            "language": self._language_menu(),
        }
        for name, entries in MENUS:
            self._fill(window.menuBar().addMenu(menu_title(name)), entries, submenus)
        window.actions_by_id["auto_fit"].setChecked(self._desk.preferences.settings.auto_fit)

    def _fill(self, menu: QMenu, entries: Iterable[str], submenus: dict[str, QMenu]) -> None:
        for entry in entries:
            if entry == "-":
                menu.addSeparator()
            elif entry.startswith(">"):
                menu.addMenu(submenus[entry[1:]])
            else:
                menu.addAction(self._window.actions_by_id[entry])

    def set_tabs(self, tabs: Iterable[tuple[str, str]]) -> None:
        """List the views, (key, title) in their order, each with the key that shows it."""
        self.tabs.clear()
        for number, (key, title) in enumerate(tabs, 1):
            action = self.tabs.addAction(title, partial(self._window.show_view, key))
            action.setShortcut(QKeySequence(tab_key(number, key)))

    def _examples_menu(self) -> QMenu:
        menu = QMenu(tr("Examples"), self._window)
        for shown in examples():
            menu.addAction(verbatim(shown.title), partial(self._window.open_example, shown.name))
        return menu

    def _recent_menu(self) -> QMenu:
        menu = QMenu(tr("Open recent"), self._window)

        def fill() -> None:
            for old in menu.findChildren(QMenu):
                old.deleteLater()  # not at once: one of its entries may be what was pressed
            menu.clear()
            for recent in self._desk.preferences.settings.recent:
                menu.addAction(verbatim(recent.name), partial(self._window.open_path, Path(recent.path)))
            menu.setEnabled(not menu.isEmpty())
            menu.addSeparator()
            self._fill_pins(menu.addMenu(tr("Pin to the head of the list")))

        self._desk.preferences.changed.connect(fill)
        fill()
        return menu

    def _fill_pins(self, menu: QMenu) -> None:
        """List the recent files, each with a tick that keeps it at the head."""
        for recent in self._desk.preferences.settings.recent:
            pin = menu.addAction(verbatim(recent.name))
            pin.setCheckable(True)
            pin.setChecked(recent.pinned)
            pin.toggled.connect(lambda pinned, path=recent.path: self._desk.preferences.pin(path, pinned))

    def _theme_menu(self) -> QMenu:
        def now() -> str:
            return self._desk.theme.mode

        return self._choice_menu(tr("Colours"), colour_choices(), now, partial(choose_colours, self._desk))

    def _text_menu(self) -> QMenu:
        def now() -> str:
            return str(round(100 * self._desk.theme.text_scale))

        return self._choice_menu(tr("Text size"), text_choices(), now, lambda percent: choose_text_size(self._desk, int(percent)))

    def _language_menu(self) -> QMenu:
        def now() -> str:
            return self._desk.preferences.settings.language

        return self._choice_menu(tr("Language"), language_choices(), now, self._set_language)

    def _set_language(self, language: str) -> None:
        self._desk.preferences.update(language=language)
        self._window.say(tr("The language changes when mlgui is started again."))

    def _choice_menu(self, title: str, choices: Choices, now: Callable[[], str], choose: Callable[[str], None]) -> QMenu:
        """Return a menu of which one entry is ticked, wherever it was chosen."""
        menu, group = QMenu(title, self._window), QActionGroup(self._window)
        for key, text in choices:
            action = menu.addAction(text, partial(choose, key))
            action.setCheckable(True)
            group.addAction(action)

        def mark() -> None:
            for action, (key, _) in zip(menu.actions(), choices, strict=True):
                action.setChecked(key == now())

        self._desk.preferences.changed.connect(mark)
        self._desk.theme.changed.connect(mark)
        mark()
        return menu

    def set_text_size(self, scale: float) -> None:
        """Show all text `scale` times its usual size from now on."""
        choose_text_size(self._desk, round(100 * scale))
