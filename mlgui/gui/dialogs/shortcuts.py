"""The sheet of shortcuts: every command with its key, and the keys inside panels and views."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QHeaderView, QTableWidget, QTableWidgetItem, QVBoxLayout, QWidget

from mlgui.gui.help.keys import Sections
from mlgui.gui.room import within_window
from mlgui.gui.theme import Theme
from mlgui.gui.widgets import SearchField, button
from mlgui.words import tr


class ShortcutSheet(QDialog):
    """A table that a search narrows down."""

    def __init__(self, sections: Sections, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sections = sections
        self._theme = theme
        self.setWindowTitle(tr("Keyboard shortcuts"))
        self.setAccessibleName(tr("Keyboard shortcuts"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.search = SearchField(tr("Search the commands"), theme)
        self.search.textChanged.connect(self._fill)
        self.table = self._make_table()
        close = button(tr("Close"), "primary")
        close.clicked.connect(self.accept)
        foot = QHBoxLayout()
        foot.addStretch()
        foot.addWidget(close)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(20, 18, 20, 16)
        whole.setSpacing(12)
        for part in (self.search, self.table):
            whole.addWidget(part)
        whole.addLayout(foot)
        self._fill()
        self.resize(self.sizeHint())

    def sizeHint(self) -> QSize:
        return within_window(self, self._theme.px(620), self._theme.px(640))

    def _make_table(self) -> QTableWidget:
        table = QTableWidget(0, 2)
        table.setAccessibleName(tr("Commands and their keys"))
        table.setHorizontalHeaderLabels([tr("Command"), tr("Keys")])
        table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        table.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(self._theme.px(26))
        table.setShowGrid(False)
        table.setTabKeyNavigation(False)
        table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        return table

    def _fill(self) -> None:
        """List what the search leaves, under the heading of its section."""
        query = self.search.text().strip().casefold()
        self.table.clearSpans()
        self.table.setRowCount(0)
        for title, keys in self._sections:
            shown = [key for key in keys if query in f"{title} {key.does} {key.keys}".casefold()]
            if shown:
                self._add_heading(title)
            for key in shown:
                self._add_row(key.does, key.keys)

    def _add_heading(self, title: str) -> None:
        heading = self._add_row(title, "")
        self.table.setSpan(heading.row(), 0, 1, 2)
        heading.setFont(self._theme.font(13, 600))
        heading.setFlags(Qt.ItemFlag.ItemIsEnabled)

    def _add_row(self, does: str, keys: str) -> QTableWidgetItem:
        row, command = self.table.rowCount(), QTableWidgetItem(does)
        self.table.insertRow(row)
        self.table.setItem(row, 0, command)
        self.table.setItem(row, 1, QTableWidgetItem(keys))
        return command
