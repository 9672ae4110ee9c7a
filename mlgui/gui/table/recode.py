"""The dialog that recodes: each value of a column beside what it becomes in a new one."""

from __future__ import annotations

from itertools import islice

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QLineEdit, QTableWidget, QWidget

from mlgui.data.edits.columns import computed
from mlgui.data.edits.finishing import require_name
from mlgui.data.edits.renaming import quoted_name, quoted_text
from mlgui.data.kinds import as_category
from mlgui.data.numbers import looks_numeric
from mlgui.data.table import CODED, Column, Table
from mlgui.errors import UserError
from mlgui.gui.table.dialog import TableDialog
from mlgui.gui.table.level_rows import level_rows
from mlgui.gui.theme import Theme
from mlgui.gui.widgets import label
from mlgui.session.data_changes import DataChange
from mlgui.words import ntr, tr

MOST_VALUES = 200
"""So many different values are listed; a column of more is better cut or computed."""


class RecodeDialog(TableDialog):
    """Values and what they become; "" makes missing. Emits `chosen(DataChange)`."""

    chosen = Signal(object)
    size_px = (560, 600)

    def __init__(self, column: Column, name: str, table: Table, theme: Theme, parent: QWidget | None = None) -> None:
        words = tr(
            "Write beside each value what it becomes in the new column. Nothing means missing; the same text merges values."
        )
        super().__init__(tr("Recode {name}").format(name=column.name), words, tr("Add column"), theme, parent)
        self._column, self._source = column, table
        self.name = QLineEdit(name)
        self.name.setAccessibleName(tr("Name of the new column"))
        self.values = self._make_table()
        self.as_numbers = QCheckBox(tr("The new values are numbers"))
        self._text = label("", "caption", wrap=True, selectable=True)
        self.body.addWidget(label(tr("Name of the new column"), "caption"))
        self.body.addWidget(self.name)
        self.body.addWidget(self.values, 1)
        self.body.addWidget(self.as_numbers)
        self.body.addWidget(self._text)
        self.name.textChanged.connect(self._look)
        self.values.itemChanged.connect(self._on_typed)
        self.as_numbers.toggled.connect(self._look)
        self._look()
        self.values.setFocus()

    def _make_table(self) -> QTableWidget:
        labels = as_category(self._column)
        codes = labels.values.astype(np.int64)
        sizes = np.bincount(codes[codes >= 0], minlength=len(labels.levels)).tolist()
        shown = islice(zip(labels.levels, sizes, strict=True), MOST_VALUES)
        table = level_rows(tr("Values and what they become"), (tr("Value"), tr("Becomes")), shown, self.theme)
        table.setCurrentCell(0, 1)
        return table

    def _on_typed(self) -> None:
        """Numbers in every line are meant as numbers, until the box is ticked otherwise."""
        texts = [new for _, new in self.pairs() if new]
        self.as_numbers.setChecked(bool(texts) and all(looks_numeric(text) for text in texts))
        self._look()

    def pairs(self) -> list[tuple[str, str]]:
        """Return (value, what it becomes) for every line."""
        model = self.values.model()
        rows = range(self.values.rowCount())
        return [(str(model.index(row, 0).data()), str(model.index(row, 1).data() or "").strip()) for row in rows]

    def expression(self) -> str:
        """Return the recoding as an expression."""
        old = quoted_text if self._column.kind in CODED else str
        new = (lambda text: text.replace(",", ".")) if self.as_numbers.isChecked() else quoted_text
        parts = [f"{old(before)} = {new(after) if after else 'missing'}" for before, after in self.pairs()]
        return f"recode({quoted_name(self._column.name)}, {', '.join(parts)})"

    def _look(self) -> None:
        self._text.setText(self.expression() if self.values.rowCount() <= 12 else "")
        kept = {new for _, new in self.pairs() if new}
        try:
            require_name(self._source, self.name.text())
        except UserError as error:
            self.refuse(error)
            self.take.setEnabled(False)
            return
        self.take.setEnabled(bool(kept))
        self.say(ntr("{n} different value", "{n} different values", len(kept)).format(n=len(kept)))

    def apply(self) -> None:
        name, expression = self.name.text(), self.expression()
        text = tr("Recode {name}").format(name=self._column.name)
        self.chosen.emit(DataChange(label=text, apply=lambda table: computed(table, name, expression)))
        self.accept()
