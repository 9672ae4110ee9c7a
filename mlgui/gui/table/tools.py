"""The row above the grid: buttons that change the table, and a field that finds cells; and the strip that tells of a filter."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QWidget

from mlgui.data.finding import find_cells
from mlgui.data.table import Table
from mlgui.gui.icons import icon
from mlgui.gui.runner import Runner
from mlgui.gui.table.actions import ColumnActions
from mlgui.gui.theme import Theme
from mlgui.gui.widgets import SearchField, button, label
from mlgui.progress import OnStep
from mlgui.results.numbers import count
from mlgui.words import tr

LANE = "find"
_PAUSE_MS = 150


class FindField(SearchField):
    """Return goes to the next cell found, Shift+Return to the one before."""

    stepped = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.stepped.emit(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        else:
            super().keyPressEvent(event)


class Tools(QWidget):
    """found(row of the table, column): a cell to go to, in the order of the rows on show."""

    found = Signal(int, int)

    def __init__(self, actions: ColumnActions, runner: Runner, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._runner, self._theme = runner, theme
        self._table: Table | None = None
        self._rows: NDArray[np.int64] = np.empty(0, dtype=np.int64)
        self._cells: NDArray[np.int64] = np.empty(0, dtype=np.int64)
        self._at = -1
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._seek)
        self.search = FindField(tr("Find in the data"), theme)
        self.search.setMaximumWidth(theme.px(220))
        self.search.textChanged.connect(lambda: self._pause.start())
        self.search.stepped.connect(self.step)
        self.tally = label("", "caption")
        self._lay_out(actions)

    def _lay_out(self, actions: ColumnActions) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        verbs = (
            (tr("Compute…"), tr("Compute a column"), actions.compute),
            (tr("Filter…"), tr("Filter rows"), actions.filter),
            (tr("Wide to long…"), tr("Reshape the table from wide to long"), actions.reshape),
            (tr("History"), tr("History of the data"), actions.show_history),
        )
        for text, name, act in verbs:
            made = button(text, "small", name=name)
            made.clicked.connect(act)
            row.addWidget(made)
        row.addStretch()
        row.addWidget(self.tally)
        row.addWidget(self.search)
        for picture, name, by in (("chevron-left", tr("Previous cell found"), -1), ("chevron-right", tr("Next cell found"), 1)):
            step = QToolButton()
            step.setIcon(icon(picture, self._theme, "ink2", 14))
            step.setAccessibleName(name)
            step.setToolTip(name)
            step.clicked.connect(lambda _checked=False, by=by: self.step(by))
            row.addWidget(step)

    def follow(self, table: Table | None, rows: NDArray[np.int64]) -> None:
        """Search this table, its rows shown in this order, from now on."""
        self._rows = rows
        if table is not self._table:
            self._table = table
            if self.search.text():
                self._pause.start()

    def _seek(self) -> None:
        table, text = self._table, self.search.text()
        if table is None or not text.strip():
            self._take(np.empty(0, dtype=np.int64))
            return

        def work(_on_step: OnStep) -> NDArray[np.int64]:
            return find_cells(table, text)

        self._runner.start(LANE, work, self._take)

    def _take(self, cells: NDArray[np.int64]) -> None:
        width = len(self._table.columns) if self._table is not None else 1
        places = self._places()[cells // width] if len(cells) else cells
        shown = cells[places >= 0]
        self._cells = shown[np.argsort(places[places >= 0], kind="stable")]
        self._at = -1
        self.step(1)

    def _places(self) -> NDArray[np.int64]:
        """Return where each row of the table stands in the grid, -1 where it is not on show."""
        places = np.full(self._table.n_rows if self._table is not None else 0, -1, dtype=np.int64)
        places[self._rows] = np.arange(len(self._rows))
        return places

    def step(self, by: int) -> None:
        """Go to the next cell found, or the one before."""
        n = len(self._cells)
        if n and self._table is not None:
            self._at = (self._at + by) % n if self._at >= 0 or by > 0 else n - 1
            row, column = divmod(int(self._cells[self._at]), len(self._table.columns))
            self.found.emit(row, column)
        words = tr("{at} of {n}").format(at=count(self._at + 1), n=count(n)) if n else tr("nothing found")
        self.tally.setText(words if self.search.text().strip() else "")


class FilterStrip(QFrame):
    """Says which rows count while a filter is in force, and lets go of it."""

    def __init__(self, actions: ColumnActions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("box", "strip")
        self.words = label("", "secondary", wrap=True)
        change, remove = button(tr("Change…"), "small"), button(tr("Let all rows count"), "small")
        change.clicked.connect(actions.filter)
        remove.clicked.connect(actions.remove_filter)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 8, 6)
        row.setSpacing(8)
        row.addWidget(self.words, 1)
        row.addWidget(change)
        row.addWidget(remove)
        self.hide()

    def follow(self, table: Table | None) -> None:
        """Show the filter of a table."""
        found = table.filter if table is not None else None
        self.setVisible(found is not None)
        if found is not None and table is not None:
            text = tr("{kept} of {n} rows count: {expression}")
            kept = count(int(found.kept.sum()))
            self.words.setText(text.format(kept=kept, n=count(table.n_rows), expression=found.expression))
