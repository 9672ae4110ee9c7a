"""The dialogs that compute a column and that filter rows."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from mlgui.data.edits.columns import computed
from mlgui.data.edits.finishing import require_name
from mlgui.data.edits.rows import filtered
from mlgui.data.expressions import evaluate, read_expression, truth_of
from mlgui.data.table import Column, Table
from mlgui.errors import UserError
from mlgui.gui.panels.roles import kind_word
from mlgui.gui.runner import Runner
from mlgui.gui.table.expression_dialog import ExpressionDialog, job
from mlgui.gui.theme import Theme
from mlgui.gui.widgets import button, label
from mlgui.results.numbers import count
from mlgui.session.data_changes import DataChange
from mlgui.words import ntr, tr


class ComputeDialog(ExpressionDialog):
    """A name and an expression. Emits `chosen(DataChange)`."""

    chosen = Signal(object)

    def __init__(
        self, table: Table, runner: Runner, theme: Theme, *, name: str = "", expression: str = "", parent: QWidget | None = None
    ) -> None:
        self.name = QLineEdit(name)
        self.name.setAccessibleName(tr("Name of the column"))
        self.name.setPlaceholderText(tr("Name, such as log_income"))
        words = (
            tr("Compute a column"),
            tr("The new column stands beside the columns it reads. Undo takes it away."),
            tr("Add column"),
        )
        super().__init__(words, table, expression, runner, theme, parent)
        self.name.textChanged.connect(self.wait)
        if not name:
            self.name.setFocus()

    def _fill_body(self) -> None:
        self.body.addWidget(label(tr("Name of the column"), "caption"))
        self.body.addWidget(self.name)
        super()._fill_body()

    def work(self, text: str) -> Any:
        table, name = self.table, self.name.text().strip() or tr("new column")
        return job(lambda: evaluate(read_expression(text, table), table, name))

    def show_result(self, read: tuple[str, ...], rows: list[int], found: Any) -> None:
        column: Column = found
        self.preview.show_columns([*(self.table[name] for name in read), column], rows, self.row_labels(rows), 1)
        try:
            require_name(self.table, self.name.text())
        except UserError as error:
            self.take.setEnabled(False)
            self.say(f"{error.what} {error.do}")
            return
        missing = column.n_missing
        gaps = ntr("{n} value is missing.", "{n} values are missing.", missing).format(n=count(missing))
        none = tr("It has a value in every row.")
        self.say(f"{kind_word(column.kind).capitalize()}. {gaps if missing else none}", "check", "ok")

    def apply(self) -> None:
        name, expression = " ".join(self.name.text().split()), self.expression.text()
        label_ = tr("Compute {name}").format(name=name)
        self.chosen.emit(DataChange(label=label_, apply=lambda table: computed(table, name, expression)))
        self.accept()


class FilterDialog(ExpressionDialog):
    """A condition for the rows that count. Emits `chosen(DataChange)`."""

    chosen = Signal(object)

    def __init__(
        self, table: Table, runner: Runner, theme: Theme, *, expression: str = "", parent: QWidget | None = None
    ) -> None:
        before = table.filter.expression if table.filter is not None else ""
        words = (
            tr("Filter rows"),
            tr("Rows that do not satisfy the condition are struck through, not deleted: no model uses them."),
            tr("Filter"),
        )
        super().__init__(words, table, expression or before, runner, theme, parent)
        if before:
            self._offer_removal()

    def _offer_removal(self) -> None:
        remove = button(tr("Let all rows count"), "link")
        remove.clicked.connect(self._remove)
        self.body.addWidget(remove)

    def work(self, text: str) -> Any:
        table = self.table
        return job(lambda: truth_of(read_expression(text, table), table))

    def sample(self) -> list[int]:
        return list(range(min(5, self.table.n_rows)))

    def show_result(self, read: tuple[str, ...], rows: list[int], found: Any) -> None:
        kept = np.asarray(found)
        self.preview.show_columns([self.table[name] for name in read], rows, self.row_labels(rows), 0)
        self.preview.strike([not kept[row] for row in rows])
        n = int(kept.sum())
        words = tr("{kept} of {n} rows count.").format(kept=count(n), n=count(len(kept)))
        self.take.setEnabled(n > 0)
        self.say(words, "check" if n else "warning", "ok" if n else "warnmark")

    def apply(self) -> None:
        expression = self.expression.text()
        label_ = tr("Filter rows: {expression}").format(expression=expression[:60])
        self.chosen.emit(DataChange(label=label_, apply=lambda table: filtered(table, expression)))
        self.accept()

    def _remove(self) -> None:
        self.chosen.emit(remove_filter())
        self.accept()


def remove_filter() -> DataChange:
    """Return the change that lets all rows count again."""
    return DataChange(label=tr("Remove the filter"), apply=lambda table: filtered(table, ""))
