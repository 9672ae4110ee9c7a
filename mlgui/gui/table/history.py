"""The list of what was done to the data since they were read."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QListWidget, QWidget

from mlgui.data.table import Table
from mlgui.gui.table.dialog import TableDialog
from mlgui.gui.theme import Theme
from mlgui.gui.widgets import button
from mlgui.results.data_history import preparation
from mlgui.words import tr


class HistoryDialog(TableDialog):
    """Every step in a sentence, as the report tells them under "Data preparation"."""

    size_px = (640, 460)

    def __init__(self, table: Table, theme: Theme, parent: QWidget | None = None) -> None:
        words = tr("What was done to the data since they were read. Reports and scripts tell the same.")
        super().__init__(tr("History of the data"), words, tr("Close"), theme, parent)
        self.steps = QListWidget()
        self.steps.setObjectName("choices")
        self.steps.setAccessibleName(tr("Steps"))
        self.steps.setWordWrap(True)
        self.steps.setTextElideMode(Qt.TextElideMode.ElideNone)
        read = tr("{name} was read.").format(name=table.source.title or table.source.name or tr("The table"))
        for number, sentence in enumerate((read, *preparation(table))):
            self.steps.addItem(f"{number}.  {sentence}" if number else sentence)
        self.steps.setCurrentRow(self.steps.count() - 1)
        copy = button(tr("Copy"), "small")
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText("\n".join((read, *preparation(table))) + "\n"))
        self.leave.hide()
        self.body.addWidget(self.steps, 1)
        self.body.addWidget(copy, 0, Qt.AlignmentFlag.AlignLeft)
