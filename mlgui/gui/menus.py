"""The menu bar, from the table in `actions`, and the submenus that depend on the moment."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu

from mlgui.gui.actions import MENUS, menu_title
from mlgui.gui.language import NAMES, SYSTEM
from mlgui.gui.theme import TEXT_SCALES
from mlgui.gui.widgets import verbatim
from mlgui.session.examples import examples
from mlgui.words import tr

if TYPE_CHECKING:
    from mlgui.gui.main_window import MainWindow


_KEYED_TABS = 9


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
        """List the views, (key, title) in their order; Ctrl+1 to Ctrl+9 show the first nine."""
        self.tabs.clear()
        for number, (key, title) in enumerate(tabs, 1):
            action = self.tabs.addAction(title, partial(self._window.show_view, key))
            if number <= _KEYED_TABS:
                action.setShortcut(QKeySequence(f"Ctrl+{number}"))

    def _examples_menu(self) -> QMenu:
        menu = QMenu(tr("Examples"), self._window)
        for shown in examples():
            menu.addAction(verbatim(shown.title), partial(self._window.open_example, shown.name))
        return menu

    def _recent_menu(self) -> QMenu:
        menu = QMenu(tr("Open recent"), self._window)

        def fill() -> None:
            menu.clear()
            for recent in self._desk.preferences.settings.recent:
                menu.addAction(verbatim(recent.name), partial(self._window.open_path, Path(recent.path)))
            menu.setEnabled(not menu.isEmpty())

        self._desk.preferences.changed.connect(fill)
        fill()
        return menu

    def _theme_menu(self) -> QMenu:
        choices = (
            ("system", tr("As the system")),
            ("light", tr("Light")),
            ("dark", tr("Dark")),
            ("contrast", tr("High contrast, light")),
            ("contrast_dark", tr("High contrast, dark")),
        )
        return self._choice_menu(tr("Colours"), choices, self._desk.theme.mode, self._set_theme)

    def _text_menu(self) -> QMenu:
        choices = [(str(round(100 * scale)), f"{round(100 * scale)} %") for scale in TEXT_SCALES]
        now = str(round(100 * self._desk.theme.text_scale))
        menu = self._choice_menu(tr("Text size"), choices, now, lambda percent: self.set_text_size(int(percent) / 100))

        def mark() -> None:
            for action, scale in zip(menu.actions(), TEXT_SCALES, strict=True):
                action.setChecked(abs(scale - self._desk.theme.text_scale) < 1e-6)

        self._desk.theme.changed.connect(mark)
        return menu

    def _language_menu(self) -> QMenu:
        choices = [(SYSTEM, tr("As the system")), *NAMES.items()]
        return self._choice_menu(tr("Language"), choices, self._desk.preferences.settings.language, self._set_language)

    def _set_language(self, language: str) -> None:
        self._desk.preferences.update(language=language)
        self._window.say(tr("The language changes when mlgui is started again."))

    def _choice_menu(self, title: str, choices: Sequence[tuple[str, str]], now: str, choose: Callable[[str], None]) -> QMenu:
        menu, group = QMenu(title, self._window), QActionGroup(self._window)
        for key, text in choices:
            action = menu.addAction(text, partial(choose, key))
            action.setCheckable(True)
            action.setChecked(key == now)
            group.addAction(action)
        return menu

    def _set_theme(self, mode: str) -> None:
        self._desk.theme.set_mode(mode)
        self._desk.preferences.update(theme=mode)

    def set_text_size(self, scale: float) -> None:
        """Show all text `scale` times its usual size from now on."""
        self._desk.theme.set_text_scale(scale)
        self._desk.preferences.update(text_size=round(100 * scale))
