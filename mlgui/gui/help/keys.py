"""All keys of the program in sections, for the sheet of shortcuts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from PySide6.QtGui import QAction, QKeySequence

from mlgui.gui.actions import MENUS, menu_title, tab_key
from mlgui.words import tr


@dataclass(frozen=True)
class Key:
    """What a key does. keys: as the system writes them."""

    does: str
    keys: str


Sections = tuple[tuple[str, tuple[Key, ...]], ...]


def _written(*names: str) -> str:
    return " / ".join(QKeySequence(name).toString(QKeySequence.SequenceFormat.NativeText) for name in names)


def menu_sections(actions: Mapping[str, QAction], tabs: Iterable[tuple[str, str]]) -> Sections:
    """Return every command of the menus, "" for keys where it has none, and the keys of the tabs (key, title)."""
    found = []
    for name, entries in MENUS:
        rows = tuple(_row(actions[entry]) for entry in entries if entry in actions)
        if rows:
            found.append((menu_title(name).replace("&", ""), rows))
    turned = tuple(Key(title, _written(tab_key(number, key))) for number, (key, title) in enumerate(tabs, 1))
    return (*found, (tr("Tabs"), turned)) if turned else tuple(found)


def _row(action: QAction) -> Key:
    words = action.text().replace("&&", "\0").replace("&", "").replace("\0", "&")
    return Key(words, action.shortcut().toString(QKeySequence.SequenceFormat.NativeText))


def view_sections() -> Sections:
    """Return the keys inside the panels and views."""
    return (
        (tr("Anywhere"), (
            Key(tr("Next or previous field, table or figure"), _written("Tab", "Shift+Tab")),
            Key(tr("Tick a box, press a button"), _written("Space")),
            Key(tr("Open a menu of the menu bar"), tr("Alt and the underlined letter")),
        )),
        (tr("Tabs of results"), (
            Key(tr("Next or previous tab, once the row of tabs has the focus"), _written("Right", "Left")),
        )),
        (tr("Columns of the data"), (
            Key(tr("Next or previous column"), _written("Down", "Up")),
            Key(tr("What can be done with the column"), _written("Space", "Return")),
        )),
        (tr("Outcome, groups and predictors"), (Key(tr("Open the list to choose from"), _written("Space", "Return", "Down")),)),
        (tr("Figures"), (
            Key(tr("Select the next or previous group"), _written("Right", "Left")),
            Key(tr("Select the next or previous group"), _written("Down", "Up")),
            Key(tr("Select nothing"), _written("Esc")),
        )),
        (tr("Tables"), (
            Key(tr("Move from cell to cell"), _written("Up", "Down", "Left", "Right")),
            Key(tr("Select several rows"), _written("Shift+Down", "Shift+Up")),
            Key(tr("Copy what is selected"), _written("Ctrl+C")),
        )),
        (tr("Data"), (
            Key(tr("Change the value of a cell"), _written("Return")),
            Key(tr("Paste cells from a spreadsheet"), _written("Ctrl+V")),
            Key(tr("Make a value missing"), _written("Delete")),
            Key(tr("Next or previous cell found"), _written("Return", "Shift+Return")),
        )),
        (tr("Pooling dial"), (
            Key(tr("Less or more weight on the group's own data"), _written("Left", "Right")),
            Key(tr("In large steps"), _written("PgDown", "PgUp")),
            Key(tr("No variation between groups, no pooling"), _written("Home", "End")),
        )),
    )  # fmt: skip
