"""The dialog that makes a long table of a wide one: which columns hold one thing at several occasions, and what to call it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QGridLayout, QLineEdit, QListWidget, QListWidgetItem, QWidget

from mlgui.data.edits.reshape import Repeated, long_table, repeated_columns, tells_rows_apart
from mlgui.data.table import Kind, Table
from mlgui.errors import UserError
from mlgui.gui.runner import Runner
from mlgui.gui.table.dialog import TableDialog
from mlgui.gui.table.expression_dialog import LANE, job
from mlgui.gui.table.preview import PreviewRows
from mlgui.gui.theme import Theme
from mlgui.gui.widgets import label
from mlgui.results.numbers import count
from mlgui.session.data_changes import DataChange
from mlgui.words import ntr, tr

_PREVIEWED = 8


class ReshapeDialog(TableDialog):
    """Emits `chosen(DataChange)`. The columns are found by their names and can be ticked by hand."""

    chosen = Signal(object)
    previewed = Signal()
    size_px = (780, 640)

    def __init__(self, table: Table, runner: Runner, theme: Theme, parent: QWidget | None = None) -> None:
        words = tr("Columns measured at several occasions become one column, with a row for each occasion. The others repeat.")
        super().__init__(tr("Wide to long"), words, tr("Reshape"), theme, parent)
        self._table, self._runner = table, runner
        self._found = repeated_columns(table)
        self.pattern = self._patterns()
        self.columns = self._list()
        self.value, self.occasion = QLineEdit(), QLineEdit(tr("occasion"))
        self.id = self._ids()
        self.preview = PreviewRows(theme)
        self._lay_out()
        self._tick()
        self.pattern.activated.connect(self._tick)
        self.columns.itemChanged.connect(self._look)
        for field in (self.value, self.occasion):
            field.textChanged.connect(self._look)
        self.id.editTextChanged.connect(self._look)
        self.pattern.setFocus()

    def _patterns(self) -> QComboBox:
        combo = QComboBox()
        combo.setAccessibleName(tr("Columns that belong together"))
        for found in self._found:
            n = len(found.columns)
            words = ntr("{first} to {last} ({n} column)", "{first} to {last} ({n} columns)", n)
            combo.addItem(words.format(first=found.columns[0], last=found.columns[-1], n=n))
        combo.addItem(tr("Other columns"))
        return combo

    def _list(self) -> QListWidget:
        found = QListWidget()
        found.setObjectName("choices")
        found.setAccessibleName(tr("Columns measured at several occasions"))
        found.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        for name in self._table.names:
            item = QListWidgetItem(name)
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsSelectable)
            item.setCheckState(Qt.CheckState.Unchecked)
            found.addItem(item)
        return found

    def _ids(self) -> QComboBox:
        combo = QComboBox()
        combo.setEditable(True)
        combo.setAccessibleName(tr("Column that tells the rows apart"))
        named = (Kind.ID, Kind.TEXT, Kind.CATEGORY)
        ids = [column.name for column in self._table.columns if column.kind in named and tells_rows_apart(column)]
        combo.addItems([*ids, tr("row")] if tr("row") not in self._table else ids)
        return combo

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(6)
        grid.addWidget(label(tr("Columns that belong together"), "caption"), 0, 0)
        grid.addWidget(self.pattern, 1, 0)
        grid.addWidget(self.columns, 2, 0, 6, 1)
        fields = (
            (tr("Name of the new column"), self.value),
            (tr("Name of the occasion"), self.occasion),
            (tr("Column that tells the rows apart"), self.id),
        )
        for place, (words, field) in enumerate(fields):
            field.setAccessibleName(words)
            caption = label(words, "caption")
            caption.setBuddy(field)
            grid.addWidget(caption, 2 * place, 1)
            grid.addWidget(field, 2 * place + 1, 1)
        grid.setRowStretch(7, 1)
        for column in (0, 1):
            grid.setColumnStretch(column, 1)
        self.body.addLayout(grid, 1)
        self.body.addWidget(label(tr("First rows of the long table"), "caption"))
        self.body.addWidget(self.preview, 1)

    # Choosing

    def _tick(self) -> None:
        """Tick the columns of the pattern on show, and propose its name."""
        place = self.pattern.currentIndex()
        found = self._found[place] if place < len(self._found) else Repeated(name=tr("value"), columns=(), occasions=())
        self.columns.blockSignals(True)
        for item in self._items():
            item.setCheckState(Qt.CheckState.Checked if item.text() in found.columns else Qt.CheckState.Unchecked)
        self.columns.blockSignals(False)
        self.value.setText(found.name)
        self._look()

    def _items(self) -> list[QListWidgetItem]:
        return [item for row in range(self.columns.count()) if (item := self.columns.item(row)) is not None]

    def chosen_set(self) -> Repeated:
        """Return the ticked columns; their occasions are the numbers in their names where the program found these."""
        ticked = tuple(item.text() for item in self._items() if item.checkState() is Qt.CheckState.Checked)
        for found in self._found:
            if set(ticked) <= set(found.columns) and ticked:
                chosen = [(name, when) for name, when in zip(found.columns, found.occasions, strict=True) if name in ticked]
                return Repeated(
                    name=self.value.text(), columns=tuple(name for name, _ in chosen), occasions=tuple(when for _, when in chosen)
                )
        return Repeated(name=self.value.text(), columns=ticked, occasions=ticked)

    def _look(self) -> None:
        if len(self.chosen_set().columns) < 2:
            self._runner.cancel(LANE)
            self.preview.setRowCount(0)
            self.take.setEnabled(False)
            self.say(tr("Tick the columns that hold the same thing at several occasions."))
            return
        one, occasion, row = self.chosen_set(), self.occasion.text(), self.id.currentText()
        head = _head(self._table)
        self._runner.start(LANE, job(lambda: long_table(head, [one], occasion, row)), self._show, self._refuse)

    def _show(self, found: Any) -> None:
        long: Table = found
        rows = list(range(min(_PREVIEWED, long.n_rows)))
        self.preview.show_columns(long.columns, rows, [str(row + 1) for row in rows], 2)
        n = self._table.n_rows * len(self.chosen_set().columns)
        self.say(tr("{n} rows").format(n=count(n)), "check", "ok")
        self.take.setEnabled(True)
        self.previewed.emit()

    def _refuse(self, error: UserError) -> None:
        self.preview.setRowCount(0)
        self.refuse(error)
        self.take.setEnabled(False)
        self.previewed.emit()

    def apply(self) -> None:
        one, occasion, row = self.chosen_set(), self.occasion.text(), self.id.currentText()
        change = DataChange(
            label=tr("Reshape {name} to long").format(name=one.name),
            apply=lambda table: long_table(table, [one], occasion, row),
        )
        self.chosen.emit(change)
        self.accept()

    def reject(self) -> None:
        self._runner.cancel(LANE)
        super().reject()


def _head(table: Table) -> Table:
    """Return the first rows of a table, without its filter, for the preview."""
    columns = tuple(replace(column, values=column.values[:_PREVIEWED].copy()) for column in table.columns)
    return replace(table, columns=columns, row_ids=table.row_ids[:_PREVIEWED], filter=None)
