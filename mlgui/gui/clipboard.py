"""Results on the clipboard: HTML and RTF for word processors, tab-separated text for spreadsheets and editors."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QByteArray, QMimeData
from PySide6.QtGui import QGuiApplication, QImage

from mlgui.export.html import table_fragment, table_tsv
from mlgui.export.layout import TableStyle
from mlgui.export.rtf import tables_rtf
from mlgui.gui.preferences import decimal_comma
from mlgui.results.tables import ResultTable
from mlgui.session.settings import Settings, load_settings

RTF_TYPES = ("text/rtf", "application/rtf", "text/richtext")
"""Names under which word processors look for RTF."""


def table_style(settings: Settings) -> TableStyle:
    """Return the style of tables the user has chosen; the decimal mark is the system's where none was chosen."""
    return TableStyle(apa=settings.apa, comma=decimal_comma(settings), p_decimals=settings.p_decimals)


def copy_tables(tables: Sequence[ResultTable], style: TableStyle | None = None) -> None:
    """Put tables on the clipboard, one below the other, in HTML, RTF and text at once. style: the preferred one if None."""
    style = style or table_style(load_settings())
    data = QMimeData()
    data.setHtml("<br>".join(table_fragment(table, style) for table in tables))
    rtf = QByteArray(tables_rtf(tables, style))
    for name in RTF_TYPES:
        data.setData(name, rtf)
    data.setText("\n".join(table_tsv(table, comma=style.comma) for table in tables))
    QGuiApplication.clipboard().setMimeData(data)


def copy_image(image: QImage) -> None:
    """Put a picture on the clipboard."""
    QGuiApplication.clipboard().setImage(image)
