"""The levels of a column in rows: each as it is, as it shall be, and how many rows of data have it."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHeaderView, QTableWidget, QTableWidgetItem

from mlgui.gui.theme import Theme
from mlgui.results.numbers import count
from mlgui.words import tr

_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


def level_rows(name: str, headings: tuple[str, str], sizes: Iterable[tuple[str, int]], theme: Theme) -> QTableWidget:
    """Return a table of (level, rows of data), in which the middle column, the new text of each level, can be edited.

    name: for those who hear the window. headings: of the levels and of their new texts.
    """
    shown = list(sizes)
    table = QTableWidget(len(shown), 3)
    table.setObjectName("values")
    table.setAccessibleName(name)
    table.setHorizontalHeaderLabels(list(headings))
    table.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
    table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    rows = QTableWidgetItem(tr("Rows"))
    rows.setTextAlignment(_RIGHT)
    table.setHorizontalHeaderItem(2, rows)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(theme.px(28))
    table.setShowGrid(False)
    table.setTabKeyNavigation(False)
    for row, (level, n) in enumerate(shown):
        for place, text in enumerate((level, level, count(n))):
            item = QTableWidgetItem(text)
            if place != 1:
                item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
                item.setForeground(theme.colour("ink2"))
            if place == 2:
                item.setTextAlignment(_RIGHT)
            table.setItem(row, place, item)
    return table
