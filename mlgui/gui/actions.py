"""Every command of the window, in one table: where it stands in the menus, its shortcut, when it is enabled, what it runs.

    actions = build_actions(commands, window)               # id -> QAction
    update_actions(actions, document)                       # after every change

An entry of a menu is an id, or "-" for a separator. Submenus that depend on the moment (recent files, examples) are filled by
the window.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from mlgui.gui.widgets import verbatim
from mlgui.session.document import Document, FitState
from mlgui.words import tr

if TYPE_CHECKING:
    from mlgui.gui.commands import Commands

Enabled = Callable[[Document], bool]
Keys = QKeySequence.StandardKey


@dataclass(frozen=True, kw_only=True)
class Command:
    """One command. run: name of the method of `Commands`. dynamic: the text follows the document."""

    id: str
    text: str
    run: str
    shortcut: Keys | str = ""
    enabled: Enabled = lambda document: True
    dynamic: Callable[[Document], str] | None = None
    checkable: bool = False
    also: tuple[str, ...] = ()
    """Further keys, for keyboards on which the first is hard to reach."""


def _has_table(document: Document) -> bool:
    return document.snapshot.table is not None


def _has_model(document: Document) -> bool:
    model = document.active_model
    return _has_table(document) and model is not None and model.spec is not None


def _is_fitted(document: Document) -> bool:
    return document.active_fit.state is FitState.FITTED


def _may_fit(document: Document) -> bool:
    return _has_model(document) and document.active_fit.state in (FitState.STALE, FitState.FAILED)


def _can_undo(document: Document) -> bool:
    return bool(document.undo_label)


def _can_redo(document: Document) -> bool:
    return bool(document.redo_label)


def _has_selection(document: Document) -> bool:
    return bool(document.selection.levels)


def _has_several(document: Document) -> bool:
    return len(document.snapshot.models) > 1


def _may_leave_out(document: Document) -> bool:
    return _has_selection(document) and _is_fitted(document)


def _undo_text(document: Document) -> str:
    return tr("Undo {step}").format(step=document.undo_label) if document.undo_label else tr("Undo")


def _redo_text(document: Document) -> str:
    return tr("Redo {step}").format(step=document.redo_label) if document.redo_label else tr("Redo")


def commands_table() -> tuple[Command, ...]:
    """Return every command, with its words in the user's language."""
    return (
        Command(id="open", text=tr("Open…"), run="open_file", shortcut=Keys.Open),
        Command(id="save", text=tr("Save"), run="save", shortcut=Keys.Save, enabled=_has_table),
        Command(id="save_as", text=tr("Save as…"), run="save_as", shortcut="Ctrl+Shift+S", enabled=_has_table),
        Command(id="export", text=tr("Export…"), run="export", shortcut="Ctrl+E", enabled=_is_fitted),
        Command(id="copy_word", text=tr("Copy for Word"), run="copy_for_word", shortcut="Ctrl+Shift+C", enabled=_is_fitted),
        Command(id="close", text=tr("Close file"), run="close_file", shortcut="Ctrl+W", enabled=_has_table),
        Command(id="quit", text=tr("Quit"), run="quit", shortcut="Ctrl+Q"),
        Command(id="undo", text=tr("Undo"), run="undo", shortcut=Keys.Undo, dynamic=_undo_text, enabled=_can_undo),
        Command(id="redo", text=tr("Redo"), run="redo", shortcut=Keys.Redo, dynamic=_redo_text, enabled=_can_redo),
        Command(id="clear", text=tr("Clear selection"), run="clear_selection", shortcut="Esc", enabled=_has_selection),
        Command(id="without", text=tr("Fit without the selected groups"), run="without_groups", shortcut="Ctrl+Shift+X",
                enabled=_may_leave_out),
        Command(id="edit_figure", text=tr("Edit figure…"), run="edit_figure", shortcut="Ctrl+Shift+F", enabled=_is_fitted),
        Command(id="paste_data", text=tr("Paste as new data"), run="paste_data", shortcut="Ctrl+Shift+V"),
        Command(id="compute", text=tr("Compute a column…"), run="compute_column", shortcut="Ctrl+K", enabled=_has_table),
        Command(id="filter", text=tr("Filter rows…"), run="filter_rows", shortcut="Ctrl+Shift+L", enabled=_has_table),
        Command(id="reshape", text=tr("Wide to long…"), run="reshape_data", enabled=_has_table),
        Command(id="add_columns", text=tr("Columns from the model…"), run="add_columns", enabled=_is_fitted),
        Command(id="history", text=tr("History of the data"), run="show_history", enabled=_has_table),
        Command(id="preferences", text=tr("Preferences…"), run="show_preferences", shortcut="Ctrl+,"),
        Command(id="find_column", text=tr("Find a column"), run="find_column", shortcut=Keys.Find, enabled=_has_table),
        Command(id="show_data", text=tr("Show the data"), run="show_data", enabled=_has_table),
        Command(id="new_model", text=tr("New model"), run="new_model", shortcut=Keys.New, enabled=_has_table),
        Command(id="duplicate", text=tr("Duplicate model"), run="duplicate_model", shortcut="Ctrl+D", enabled=_has_table),
        Command(id="rename", text=tr("Rename model…"), run="rename_model", shortcut="F2", enabled=_has_table),
        Command(id="note", text=tr("Note on the model…"), run="edit_note", enabled=_has_table),
        Command(id="move_left", text=tr("Move left"), run="move_left", shortcut="Ctrl+Shift+Left", enabled=_has_several),
        Command(id="move_right", text=tr("Move right"), run="move_right", shortcut="Ctrl+Shift+Right", enabled=_has_several),
        Command(id="delete", text=tr("Delete model"), run="delete_model", enabled=_has_table),
        Command(id="options", text=tr("Model options…"), run="model_options", shortcut="Ctrl+Shift+M", enabled=_has_model),
        Command(id="fit", text=tr("Fit now"), run="fit_now", shortcut="F5", enabled=_may_fit),
        Command(id="auto_fit", text=tr("Fit after every change"), run="toggle_auto_fit", checkable=True),
        Command(id="explain", text=tr("Explain panel"), run="toggle_explain", shortcut="Ctrl+Shift+E", enabled=_has_table),
        Command(id="left", text=tr("Data and model panel"), run="toggle_left", shortcut="Ctrl+Shift+D", enabled=_has_table),
        Command(id="zoom_in", text=tr("Larger text"), run="zoom_in", shortcut=Keys.ZoomIn, also=("Ctrl+=",)),
        Command(id="zoom_out", text=tr("Smaller text"), run="zoom_out", shortcut=Keys.ZoomOut),
        Command(id="zoom_reset", text=tr("Usual text size"), run="zoom_reset", shortcut="Ctrl+0"),
        Command(id="help", text=tr("Help on this"), run="show_help", shortcut=Keys.HelpContents),
        Command(id="tour", text=tr("Tour of a few minutes"), run="start_tour"),
        Command(id="contents", text=tr("Contents of the help"), run="show_contents"),
        Command(id="glossary", text=tr("Glossary"), run="show_glossary"),
        Command(id="differ", text=tr("Why do my numbers differ?"), run="show_conventions", enabled=_is_fitted),
        Command(id="shortcuts", text=tr("Keyboard shortcuts"), run="show_shortcuts", shortcut="Ctrl+?"),
        Command(id="about", text=tr("About mlgui"), run="about"),
        Command(id="log", text=tr("Show log"), run="show_log"),
    )


MENUS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("File", ("open", ">recent", ">examples", "-", "save", "save_as", "-", "copy_word", "export", "-", "close", "quit")),
    ("Edit", ("undo", "redo", "-", "paste_data", "-", "edit_figure", "clear", "without", "-", "preferences")),
    ("Data", ("show_data", "find_column", "-", "compute", "filter", "reshape", "add_columns", "-", "history")),
    ("Model", ("new_model", "duplicate", "rename", "note", "move_left", "move_right", "delete", "-",
               "options", "-", "fit", "auto_fit")),
    ("View", (">tabs", "-", "left", "explain", "-", ">theme", ">text", "zoom_in", "zoom_out", "zoom_reset", "-", ">language")),
    ("Help", ("help", "tour", "contents", "glossary", "differ", "shortcuts", "-", "about", "log")),
)
"""Menus in order: ids of commands, "-" for a line, ">name" for a submenu the window fills."""


_NUMBERED_TABS = 9
_TAB_KEYS = {"compare": "Ctrl+B", "data": "Ctrl+T"}


def tab_key(number: int, key: str) -> str:
    """Return the key that shows a tab: Ctrl+1 to Ctrl+9 by its number, a letter for those behind (beside, table), "" else."""
    return f"Ctrl+{number}" if number <= _NUMBERED_TABS else _TAB_KEYS.get(key, "")


def menu_title(name: str) -> str:
    """Return the title of a menu in the user's language, with its mnemonic."""
    titles = {
        "File": tr("&File"),
        "Edit": tr("&Edit"),
        "Data": tr("&Data"),
        "Model": tr("&Model"),
        "View": tr("&View"),
        "Help": tr("&Help"),
    }
    return titles[name]


def build_actions(commands: Commands, window: QWidget) -> dict[str, QAction]:
    """Return an action for every command, by id."""
    actions = {}
    for command in commands_table():
        action = QAction(command.text, window)
        action.setShortcuts([QKeySequence(command.shortcut), *(QKeySequence(key) for key in command.also)])
        action.setCheckable(command.checkable)
        action.setData(command)
        action.triggered.connect(getattr(commands, command.run))
        actions[command.id] = action
    return actions


def update_actions(actions: Mapping[str, QAction], document: Document) -> None:
    """Enable and name every action as the document stands."""
    for action in actions.values():
        command: Command = action.data()
        action.setEnabled(command.enabled(document))
        if command.dynamic is not None:
            action.setText(verbatim(command.dynamic(document)))
