"""The verbs of the data: what menus, buttons and keys ask of the table, as dialogs and as steps of undo."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QInputDialog, QWidget

from mlgui.data.edits.columns import computed, with_kind, with_missing, without_column
from mlgui.data.edits.renaming import quoted_name, renamed
from mlgui.data.table import CODED, Column, Kind, Table
from mlgui.gui.panels.roles import kind_word
from mlgui.gui.runner import Runner
from mlgui.gui.table.changer import TableChanger
from mlgui.gui.table.compute import ComputeDialog, FilterDialog, remove_filter
from mlgui.gui.table.history import HistoryDialog
from mlgui.gui.table.levels import MOST_LEVELS, LevelsDialog
from mlgui.gui.table.model_columns import ModelColumnsDialog
from mlgui.gui.table.recode import MOST_VALUES, RecodeDialog
from mlgui.gui.table.reshape import ReshapeDialog
from mlgui.gui.table.starting import free_name, has_few_values, starting_expression
from mlgui.gui.theme import Theme
from mlgui.session.data_changes import DataChange
from mlgui.session.document import Document
from mlgui.words import tr


class ColumnActions(QObject):
    """Changes go through `changer`. statistics_asked(name), sort_asked(name, "up" | "down" | ""): for the view to follow."""

    statistics_asked = Signal(str)
    sort_asked = Signal(str, str)

    def __init__(self, document: Document, runner: Runner, theme: Theme, view: QWidget) -> None:
        super().__init__(view)
        self._document, self._runner, self._theme, self._view = document, runner, theme, view
        self.changer = TableChanger(document, runner, self)

    @property
    def table(self) -> Table | None:
        """The table that is open."""
        return self._document.snapshot.table

    def _column(self, name: str) -> Column | None:
        table = self.table
        return table[name] if table is not None and name in table else None

    # At once

    def show_statistics(self, name: str) -> None:
        """Show the numbers of a column."""
        self.statistics_asked.emit(name)

    def sort(self, name: str, how: str) -> None:
        """Show the rows in the order of a column: "up", "down", or "" for that of the file."""
        self.sort_asked.emit(name, how)

    def convert(self, name: str, kind: Kind) -> None:
        """Read a column as another kind."""
        column = self._column(name)
        if column is not None and column.kind is not kind:
            label = tr("Read {column} as {kind}").format(column=name, kind=kind_word(kind))
            self.changer.change(DataChange(label=label, apply=lambda table: with_kind(table, name, kind)))

    def add_mean(self, name: str, groups: tuple[str, ...]) -> None:
        """Add the mean of a column in each group, named as the group-level model calls it."""
        self._add(tr("mean of {name} by {groups}"), "mean", name, groups)

    def add_centred(self, name: str, groups: tuple[str, ...]) -> None:
        """Add the deviation of a column from the mean of its group."""
        self._add(tr("{name} within {groups}"), "center", name, groups)

    def _add(self, pattern: str, function: str, name: str, groups: tuple[str, ...]) -> None:
        table = self.table
        if table is None:
            return
        new = free_name(table, pattern.format(name=name, groups=":".join(groups)))
        expression = f"{function}({quoted_name(name)}, by = {':'.join(map(quoted_name, groups))})"
        label = tr("Add {name}").format(name=new)
        self.changer.change(DataChange(label=label, apply=lambda table: computed(table, new, expression)))

    def delete(self, name: str) -> None:
        """Delete a column; undo brings it back."""
        label = tr("Delete {name}").format(name=name)
        self.changer.change(DataChange(label=label, apply=lambda table: without_column(table, name)))

    def remove_filter(self) -> None:
        """Let all rows count again."""
        self.changer.change(remove_filter())

    # Dialogs

    def compute(self) -> None:
        """Ask for a name and an expression."""
        self._compute("", "")

    def compute_from(self, name: str, how: str) -> None:
        """Ask for an expression that starts from a column: "plain", "cut", "reverse", "scale" or "log"."""
        column, table = self._column(name), self.table
        if column is not None and table is not None:
            suffix, expression = starting_expression(column, how)
            self._compute(free_name(table, suffix) if suffix else "", expression)

    def _compute(self, name: str, expression: str) -> None:
        if self.table is not None:
            dialog = ComputeDialog(
                self.table, self._runner, self._theme, name=name, expression=expression, parent=self._view.window()
            )
            dialog.chosen.connect(self.changer.change)
            dialog.open()

    def filter(self) -> None:
        """Ask which rows count."""
        self._filter("")

    def filter_by(self, name: str) -> None:
        """Ask which rows count, starting from a column."""
        column = self._column(name)
        if column is not None:
            levels = f' = "{column.levels[0]}"' if column.kind in CODED and column.levels else " > "
            self._filter(f"{quoted_name(name)}{levels}" if column.kind is not Kind.BOOLEAN else quoted_name(name))

    def _filter(self, expression: str) -> None:
        if self.table is not None:
            dialog = FilterDialog(self.table, self._runner, self._theme, expression=expression, parent=self._view.window())
            dialog.chosen.connect(self.changer.change)
            dialog.open()

    def recode(self, name: str) -> None:
        """Ask what values of a column become in a new one."""
        column, table = self._column(name), self.table
        if column is not None and not has_few_values(column, MOST_VALUES):
            self.compute_from(name, "cut" if column.kind is Kind.NUMBER else "plain")
        elif column is not None and table is not None:
            dialog = RecodeDialog(
                column, free_name(table, tr("{name} recoded").format(name=name)), table, self._theme, self._view.window()
            )
            dialog.chosen.connect(self.changer.change)
            dialog.open()

    def can_edit_levels(self, column: Column) -> bool:
        """Whether a column has levels few enough to order by hand."""
        return has_few_values(column, MOST_LEVELS)

    def edit_levels(self, name: str) -> None:
        """Ask for order and labels of the levels."""
        column = self._column(name)
        if column is not None:
            dialog = LevelsDialog(column, self._theme, self._view.window())
            dialog.chosen.connect(self.changer.change)
            dialog.open()

    def reshape(self) -> None:
        """Ask how a wide table becomes a long one."""
        if self.table is not None:
            dialog = ReshapeDialog(self.table, self._runner, self._theme, self._view.window())
            dialog.chosen.connect(self.changer.change)
            dialog.open()

    def show_history(self) -> None:
        """Show what was done to the data."""
        if self.table is not None:
            HistoryDialog(self.table, self._theme, self._view.window()).open()

    def add_model_columns(self, said: Callable[[str], None]) -> None:
        """Ask which columns the model on show gives to the table, or to a file; `said` is told when a file was written."""
        report, model = self._document.active_fit.report, self._document.active_model
        if report is not None and model is not None:
            dialog = ModelColumnsDialog(report, model.name, self._runner, self._theme, self._view.window())
            dialog.chosen.connect(self.changer.change)
            dialog.written.connect(said)
            dialog.open()

    def edit_missing(self, name: str) -> None:
        """Ask which values stand for "missing"."""
        words = tr("Values of {name} that stand for “missing”, separated by semicolons:").format(name=name)
        self._ask(tr("Missing codes"), words, "", partial(self._set_missing, name))

    def _set_missing(self, name: str, codes: str) -> None:
        label = tr("Make {codes} missing in {name}").format(codes=codes, name=name)
        self.changer.change(DataChange(label=label, apply=lambda table: with_missing(table, name, codes.split(";"))))

    def rename(self, name: str) -> None:
        """Ask for another name of a column; models and filter follow."""
        self._ask(tr("Rename column"), tr("Name of the column"), name, partial(self._rename, name))

    def _rename(self, name: str, to: str) -> None:
        to = " ".join(to.split())
        if to != name:
            label = tr("Rename {old} to {new}").format(old=name, new=to)
            self.changer.change(DataChange(label=label, apply=lambda table: renamed(table, name, to), renamed=(name, to)))

    def _ask(self, title: str, words: str, text: str, take: partial[None]) -> None:
        dialog = QInputDialog(self._view.window())
        dialog.setWindowTitle(title)
        dialog.setLabelText(words)
        dialog.setTextValue(text)
        dialog.textValueSelected.connect(lambda answer: take(answer) if answer.strip() else None)
        dialog.open()
