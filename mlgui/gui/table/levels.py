"""The dialog for the levels of a column: their order, their labels, and which of them are one."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from mlgui.data.edits.columns import with_levels
from mlgui.data.kinds import as_category, sort_levels
from mlgui.data.table import Column, Kind
from mlgui.gui.table.dialog import TableDialog
from mlgui.gui.table.level_rows import level_rows
from mlgui.gui.theme import Theme
from mlgui.gui.widgets import button
from mlgui.session.data_changes import DataChange
from mlgui.words import ntr, tr

MOST_LEVELS = 500
"""Columns of more levels are names, and nobody orders names by hand."""


class LevelsDialog(TableDialog):
    """Two texts a level, the old one and the new one, in an order that can be changed. Emits `chosen(DataChange)`."""

    chosen = Signal(object)
    size_px = (560, 560)

    def __init__(self, column: Column, theme: Theme, parent: QWidget | None = None) -> None:
        title = tr("Levels of {name}").format(name=column.name)
        words = tr("The first level is the reference of treatment contrasts. Two levels with the same label become one.")
        super().__init__(title, words, tr("Change"), theme, parent)
        self._column = column
        labels = as_category(column)
        sizes = np.bincount(labels.values[labels.values >= 0].astype(np.int64), minlength=len(labels.levels))  # type: ignore[operator]
        shown = zip(labels.levels, sizes.tolist(), strict=True)
        self.table = level_rows(tr("Levels"), (tr("Level"), tr("Label")), shown, theme)
        self.ordered = QCheckBox(tr("The order means something (low to high)"))
        self.ordered.setChecked(column.kind is Kind.ORDERED)
        row = QHBoxLayout()
        row.addWidget(self.table, 1)
        row.addLayout(self._buttons())
        self.body.addLayout(row, 1)
        self.body.addWidget(self.ordered)
        self.table.itemChanged.connect(self._look)
        self.table.setCurrentCell(0, 1)
        self.table.setFocus()
        self._look()

    def _buttons(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(6)
        moves = ((tr("Up"), lambda: self._move(-1)), (tr("Down"), lambda: self._move(1)), (tr("Reverse"), self._reverse))
        for text, act in (*moves, (tr("Sort"), self._sort)):
            made = button(text, "small")
            made.clicked.connect(act)
            column.addWidget(made)
        column.addStretch()
        return column

    # The list

    def pairs(self) -> list[tuple[str, str]]:
        """Return (level, label) in the order on show."""
        return [(self._text(row, 0), self._text(row, 1)) for row in range(self.table.rowCount())]

    def _text(self, row: int, place: int) -> str:
        return str(self.table.model().index(row, place).data() or "")

    def _move(self, by: int) -> None:
        row = self.table.currentRow()
        to = row + by
        if row < 0 or not 0 <= to < self.table.rowCount():
            return
        order = list(range(self.table.rowCount()))
        order.insert(to, order.pop(row))
        self._arrange(order)
        self.table.setCurrentCell(to, 1)

    def _reverse(self) -> None:
        self._arrange(list(reversed(range(self.table.rowCount()))))

    def _sort(self) -> None:
        labels = [label for _, label in self.pairs()]
        place = {label: rank for rank, label in enumerate(sort_levels(dict.fromkeys(labels)))}
        self._arrange(sorted(range(len(labels)), key=lambda row: place[labels[row]]))

    def _arrange(self, order: list[int]) -> None:
        self.table.blockSignals(True)
        rows = [[self.table.takeItem(row, place) for place in range(3)] for row in range(self.table.rowCount())]
        for to, row in enumerate(order):
            for place in range(3):
                self.table.setItem(to, place, rows[row][place])
        self.table.blockSignals(False)
        self._look()

    def _look(self) -> None:
        labels = [label.strip() for _, label in self.pairs()]
        n, merged = len(set(labels)), len(labels) - len(set(labels))
        self.take.setEnabled(all(labels))
        if not all(labels):
            self.say(tr("Every level needs a label."), "warning", "warnmark")
            return
        words = ntr("{n} level", "{n} levels", n).format(n=n)
        self.say(f"{words}, {ntr('{n} merged', '{n} merged', merged).format(n=merged)}" if merged else words)

    def apply(self) -> None:
        pairs, ordered, name = self.pairs(), self.ordered.isChecked(), self._column.name
        label = tr("Change the levels of {name}").format(name=name)
        self.chosen.emit(DataChange(label=label, apply=lambda table: with_levels(table, name, pairs, ordered=ordered)))
        self.accept()
