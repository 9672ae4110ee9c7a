"""The dialog that takes predictions, residuals and group estimates into the table, or writes them to a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFileDialog, QLineEdit, QWidget

from mlgui.data.table import Table
from mlgui.gui.runner import Runner
from mlgui.gui.table.dialog import TableDialog
from mlgui.gui.theme import Theme
from mlgui.gui.widgets import button, label
from mlgui.progress import OnStep
from mlgui.results.model_columns import ModelColumns, model_columns, with_row_ids, words_of
from mlgui.results.report import Report
from mlgui.session.data_changes import DataChange
from mlgui.words import ntr, tr

_LANE = "columns file"


class ModelColumnsDialog(TableDialog):
    """Emits `chosen(DataChange)` to add columns, `written(str)` when a file is there."""

    chosen = Signal(object)
    written = Signal(str)
    size_px = (560, 430)

    def __init__(self, report: Report, model: str, runner: Runner, theme: Theme, parent: QWidget | None = None) -> None:
        words = tr("A value for every row {model} uses. Estimates of a group stand in each of its rows.").format(model=model)
        super().__init__(tr("Columns from the model"), words, tr("Add to the data"), theme, parent)
        self._report, self._model, self._runner = report, model, runner
        choices = (
            (ModelColumns.PREDICTED, tr("Predicted values, with and without the groups")),
            (ModelColumns.RESIDUAL, tr("Residuals, raw and in residual SDs")),
            (ModelColumns.GROUPS, tr("Group estimates: totals, standard errors, deviations")),
        )
        self.boxes = {what: QCheckBox(text) for what, text in choices}
        for what, box in self.boxes.items():
            box.setChecked(what is not ModelColumns.GROUPS or bool(report.groups))
            box.setEnabled(what is not ModelColumns.GROUPS or bool(report.groups))
            box.toggled.connect(self._look)
            self.body.addWidget(box)
        self.prefix = QLineEdit()
        self.prefix.setAccessibleName(tr("Put before every name"))
        self.prefix.setPlaceholderText(model)
        self.prefix.textChanged.connect(self._look)
        self._names = label("", "caption", wrap=True, selectable=True)
        save = button(tr("Save as a file…"))
        save.clicked.connect(self._ask_file)
        self.body.addSpacing(6)
        self.body.addWidget(label(tr("Put before every name"), "caption"))
        self.body.addWidget(self.prefix)
        self.body.addWidget(self._names, 1)
        self.body.addWidget(save)
        self._look()
        self.boxes[ModelColumns.PREDICTED].setFocus()

    def wanted(self) -> tuple[ModelColumns, ...]:
        """Return what is ticked."""
        return tuple(what for what, box in self.boxes.items() if box.isChecked())

    def _look(self) -> None:
        names = [column.name for column in model_columns(self._report, self.wanted(), self.prefix.text().strip())]
        self._names.setText(", ".join(names))
        self.take.setEnabled(bool(names))
        table = self._report.design.table
        replaced = sum(name in table for name in names)
        said = ntr("{n} column", "{n} columns", len(names)).format(n=len(names))
        again = ntr("{n} replaces one of its name.", "{n} replace those of their names.", replaced).format(n=replaced)
        self.say(f"{said}. {again}" if replaced else said)

    def apply(self) -> None:
        from mlgui.data.edits.columns import with_model_columns

        report, model, wanted = self._report, self._model, self.wanted()
        columns = model_columns(report, wanted, self.prefix.text().strip())

        def add(table: Table) -> Table:
            return with_model_columns(table, columns, model, words_of(wanted))

        self.chosen.emit(DataChange(label=tr("Add columns from {model}").format(model=model), apply=add))
        self.accept()

    def _ask_file(self) -> None:
        dialog = QFileDialog(self, tr("Save columns"), f"{tr('columns')}.csv")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("csv")
        dialog.setNameFilter(f"{tr('CSV files')} (*.csv)")
        dialog.fileSelected.connect(lambda path: self.write(Path(path)))
        dialog.open()

    def write(self, path: Path) -> None:
        """Write the chosen columns as CSV, beside the window."""
        report, wanted, prefix = self._report, self.wanted(), self.prefix.text().strip()

        def work(_on_step: OnStep) -> Any:
            from mlgui.export.csv import csv_bytes
            from mlgui.session.archive import write_atomically

            header, rows = with_row_ids(report.design.table, model_columns(report, wanted, prefix))
            write_atomically(path, csv_bytes(header, rows, byte_order_mark=True))

        def done(_result: Any) -> None:
            self.written.emit(tr("Saved {name}").format(name=path.name))
            self.accept()

        self._runner.start(_LANE, work, done, self.refuse)
