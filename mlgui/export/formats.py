"""The file formats of tables. A new one is a module beside this one and an entry in `EXPORTERS`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mlgui.export.csv import table_csv
from mlgui.export.html import table_page
from mlgui.export.xlsx import workbook
from mlgui.results.tables import ResultTable


@dataclass(frozen=True, kw_only=True)
class Exporter:
    """One format. several: whether one file holds all tables; otherwise `write` is called with one table at a time."""

    suffix: str
    several: bool
    write: Callable[[Sequence[ResultTable]], bytes]


def _csv(tables: Sequence[ResultTable]) -> bytes:
    return table_csv(tables[0])


def _html(tables: Sequence[ResultTable]) -> bytes:
    return table_page(tables[0])


EXPORTERS: tuple[Exporter, ...] = (
    Exporter(suffix=".csv", several=False, write=_csv),
    Exporter(suffix=".html", several=False, write=_html),
    Exporter(suffix=".xlsx", several=True, write=workbook),
)
"""Every format a table can be written in."""
