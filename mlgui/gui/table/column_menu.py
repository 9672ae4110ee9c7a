"""What can be done with a column, as a menu: for the header of the grid, and for the list of columns.

    column_menu(name, snapshot, actions, parent).popup(at)

`actions` is the Data view's `ColumnActions`.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMenu, QWidget

from mlgui.data.edits.columns import CONVERSIONS
from mlgui.data.structure import GroupingFacts, Structure
from mlgui.data.table import CODED, Column, Kind, Table
from mlgui.gui.panels.roles import kind_word
from mlgui.gui.widgets import verbatim
from mlgui.words import tr

if TYPE_CHECKING:
    from mlgui.gui.table.actions import ColumnActions

_MOST_GROUPINGS = 6


def column_menu(name: str, table: Table, structure: Structure | None, actions: ColumnActions, parent: QWidget) -> QMenu:
    """Return the menu of a column, as a menu of its own or as part of another."""
    menu = QMenu(verbatim(name), parent)
    column = table[name]
    menu.addAction(tr("Statistics"), partial(actions.show_statistics, name))
    for text, how in ((tr("Sort ascending"), "up"), (tr("Sort descending"), "down"), (tr("Order of the file"), "")):
        menu.addAction(text, partial(actions.sort, name, how))
    menu.addSeparator()
    if column.kind not in CODED:
        _add_groupings(menu, name, structure, actions)
    _add_new(menu, column, actions)
    menu.addAction(tr("Filter by this column…"), partial(actions.filter_by, name))
    menu.addSeparator()
    kinds = menu.addMenu(tr("Read as"))
    for kind in CONVERSIONS:
        action = kinds.addAction(kind_word(kind), partial(actions.convert, name, kind))
        action.setCheckable(True)
        action.setChecked(column.kind is kind)
    menu.addAction(tr("Levels and labels…"), partial(actions.edit_levels, name)).setEnabled(actions.can_edit_levels(column))
    menu.addAction(tr("Missing codes…"), partial(actions.edit_missing, name))
    menu.addSeparator()
    menu.addAction(tr("Rename…"), partial(actions.rename, name))
    menu.addAction(tr("Delete"), partial(actions.delete, name)).setEnabled(len(table.columns) > 1)
    return menu


def _groupings(name: str, structure: Structure | None) -> list[GroupingFacts]:
    likely = structure.likely if structure is not None else ()
    return [facts for facts in likely if name not in facts.columns][:_MOST_GROUPINGS]


def _add_groupings(menu: QMenu, name: str, structure: Structure | None, actions: ColumnActions) -> None:
    """Add group means and deviations from them, per grouping, done at a click."""
    found = _groupings(name, structure)
    for facts in found:
        by = facts.name
        menu.addAction(
            verbatim(tr("Add the mean by {grouping}").format(grouping=by)), partial(actions.add_mean, name, facts.columns)
        )
        words = tr("Center within {grouping}").format(grouping=by)
        menu.addAction(verbatim(words), partial(actions.add_centred, name, facts.columns))
    if found:
        menu.addSeparator()


def _add_new(menu: QMenu, column: Column, actions: ColumnActions) -> None:
    new = menu.addMenu(tr("New column from it"))
    new.addAction(tr("Compute…"), partial(actions.compute_from, column.name, "plain"))
    new.addAction(tr("Recode values…"), partial(actions.recode, column.name))
    if column.kind is Kind.NUMBER:
        new.addAction(tr("Cut into categories…"), partial(actions.compute_from, column.name, "cut"))
        new.addAction(tr("Reverse-code…"), partial(actions.compute_from, column.name, "reverse"))
        new.addAction(tr("Standardize…"), partial(actions.compute_from, column.name, "scale"))
        new.addAction(tr("Logarithm…"), partial(actions.compute_from, column.name, "log"))
