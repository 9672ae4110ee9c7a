"""The file formats of tables. A new one is a module beside this one and an entry in `EXPORTERS`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mlgui.export.csv import table_csv
from mlgui.export.docx import tables_docx
from mlgui.export.html import table_page
from mlgui.export.latex import tables_latex
from mlgui.export.layout import TableStyle
from mlgui.export.markdown import tables_markdown
from mlgui.export.rtf import tables_rtf
from mlgui.export.xlsx import workbook
from mlgui.results.tables import ResultTable


@dataclass(frozen=True, kw_only=True)
class Exporter:
    """One format. several: whether one file holds all tables; otherwise `write` is called with one table at a time.

    The style says how numbers are written for people; formats for programs (.csv, .xlsx) pay no heed to it.
    """

    suffix: str
    several: bool
    write: Callable[[Sequence[ResultTable], TableStyle], bytes]


EXPORTERS: tuple[Exporter, ...] = (
    Exporter(suffix=".csv", several=False, write=lambda tables, style: table_csv(tables[0])),
    Exporter(suffix=".html", several=False, write=lambda tables, style: table_page(tables[0], style)),
    Exporter(suffix=".xlsx", several=True, write=lambda tables, style: workbook(tables)),
    Exporter(suffix=".docx", several=True, write=tables_docx),
    Exporter(suffix=".rtf", several=True, write=tables_rtf),
    Exporter(suffix=".tex", several=True, write=tables_latex),
    Exporter(suffix=".md", several=True, write=tables_markdown),
)
"""Every format a table can be written in."""
