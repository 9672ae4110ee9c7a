"""What computing a column and filtering rows have in common: an expression with a live preview of five rows.

The preview is made from the whole table in a lane of its own, for the sake of means by group; the newest text wins.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from mlgui.data.edits.renaming import quoted_name
from mlgui.data.expressions import columns_of, read_expression
from mlgui.data.expressions.grammar import FUNCTIONS
from mlgui.data.table import Table
from mlgui.errors import UserError
from mlgui.gui.runner import Runner
from mlgui.gui.table.dialog import TableDialog
from mlgui.gui.table.expression_edit import ExpressionEdit
from mlgui.gui.table.preview import ROWS, PreviewRows
from mlgui.gui.theme import Theme
from mlgui.gui.widgets import label
from mlgui.progress import OnStep
from mlgui.words import tr

LANE = "table preview"
_PAUSE_MS = 120
_MOST_READ = 4


class ExpressionDialog(TableDialog):
    """Subclasses say what the preview is made of. previewed(): the preview of the present text stands."""

    size_px = (680, 520)
    previewed = Signal()

    def __init__(
        self, words: tuple[str, str, str], table: Table, expression: str, runner: Runner, theme: Theme, parent: QWidget | None
    ) -> None:
        """words: title, explanation, text of the button."""
        super().__init__(*words, theme, parent)
        self.table, self._runner = table, runner
        self.ready = False
        self.expression = ExpressionEdit(table.names, tr("Expression"), theme)
        self.preview = PreviewRows(theme)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self.look)
        self._fill_body()
        self.expression.setPlainText(expression)
        self.expression.textChanged.connect(self.wait)
        self.expression.setFocus()
        self.expression.moveCursor(self.expression.textCursor().MoveOperation.End)
        self.look()

    def _fill_body(self) -> None:
        self.body.addWidget(label(tr("Expression"), "caption"))
        self.body.addWidget(self.expression)
        self.body.addLayout(self._helpers())
        self.body.addWidget(label(tr("First rows"), "caption"))
        self.body.addWidget(self.preview, 1)

    def _helpers(self) -> QHBoxLayout:
        """Return lists that write a column or a function into the expression."""
        row = QHBoxLayout()
        row.setSpacing(8)
        columns = [(name, quoted_name(name)) for name in self.table.names]
        functions = [(function.example.split(" or ")[0], f"{name}(") for name, function in FUNCTIONS.items()]
        row.addWidget(self._list(tr("Insert a column"), columns))
        row.addWidget(self._list(tr("Insert a function"), functions))
        row.addStretch()
        return row

    def _list(self, name: str, entries: list[tuple[str, str]]) -> QComboBox:
        combo = QComboBox()
        combo.setAccessibleName(name)
        combo.addItem(name, "")
        for words, text in entries:
            combo.addItem(words, text)
        combo.setMaximumWidth(self.theme.px(240))

        def insert(place: int) -> None:
            if place:
                self.expression.insert(str(combo.itemData(place)))
                combo.setCurrentIndex(0)

        combo.activated.connect(insert)
        return combo

    # Looking

    def wait(self) -> None:
        """Look again when the typing pauses."""
        self.ready = False
        self._pause.start()

    def look(self) -> None:
        """Bring the preview in line with what is written."""
        self._pause.stop()
        self.expression.mark(None)
        try:
            read = columns_of(read_expression(self.expression.text(), self.table))
        except UserError as error:
            self._show_error(error)
            return
        work = self.work(self.expression.text())
        self._runner.start(LANE, work, lambda found: self._take(read, found), self._show_error)

    def work(self, text: str) -> Any:
        """Return the job that makes what the preview shows."""
        raise LookupError(text)

    def show_result(self, read: tuple[str, ...], rows: list[int], found: Any) -> None:
        """Show the outcome of the job in some rows."""

    def sample(self) -> list[int]:
        """Return the rows of the preview: the first ones that count."""
        rows = np.arange(self.table.n_rows) if self.table.filter is None else np.flatnonzero(self.table.filter.kept)
        return [int(row) for row in rows[:ROWS]]

    def row_labels(self, rows: list[int]) -> list[str]:
        """Return the numbers of rows in the file."""
        return [str(self.table.row_ids[row]) for row in rows]

    def _take(self, read: tuple[str, ...], found: Any) -> None:
        self.ready = True
        self.take.setEnabled(True)
        self.show_result(read[:_MOST_READ], self.sample(), found)
        self.previewed.emit()

    def _show_error(self, error: UserError) -> None:
        self.expression.mark(error.position)
        self.preview.setRowCount(0)
        if not self.expression.text():
            self.say(tr("Write an expression, such as log(x) or mean(x, by = school)."))
        else:
            self.refuse(error)
        self.take.setEnabled(False)
        self.previewed.emit()

    def reject(self) -> None:
        self._runner.cancel(LANE)
        super().reject()


def job(make: Any) -> Any:
    """Return a function as a job of the runner, which reports no steps."""

    def work(_on_step: OnStep) -> Any:
        return make()

    return work
