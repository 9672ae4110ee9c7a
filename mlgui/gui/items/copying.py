"""The selected rows of a table view on the clipboard."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QTableView


def copy_cells(view: QTableView) -> None:
    """Put the selected rows of a table (all rows where none is) on the clipboard as tab-separated text with headings."""
    model = view.model()
    rows = sorted({index.row() for index in view.selectionModel().selectedIndexes()}) or list(range(model.rowCount()))
    columns = [column for column in range(model.columnCount()) if not view.isColumnHidden(column)]
    lines = [[str(model.headerData(column, Qt.Orientation.Horizontal) or "") for column in columns]]
    lines += [[str(model.index(row, column).data() or "") for column in columns] for row in rows]
    QGuiApplication.clipboard().setText("\n".join("\t".join(line) for line in lines) + "\n")
