"""Results on the clipboard: HTML for word processors, tab-separated text for spreadsheets and editors."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication, QImage

from mlgui.export.html import table_fragment, table_tsv
from mlgui.results.tables import ResultTable


def copy_tables(tables: Sequence[ResultTable]) -> None:
    """Put tables on the clipboard, one below the other."""
    data = QMimeData()
    data.setHtml("<br>".join(table_fragment(table) for table in tables))
    data.setText("\n".join(table_tsv(table) for table in tables))
    QGuiApplication.clipboard().setMimeData(data)


def copy_image(image: QImage) -> None:
    """Put a picture on the clipboard."""
    QGuiApplication.clipboard().setImage(image)
