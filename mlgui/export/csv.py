"""Tables as comma-separated values for other programs: stable column names, numbers in full precision."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from mlgui.export.cells import exact, safe_text
from mlgui.results.tables import ResultTable

BYTE_ORDER_MARK = "\ufeff"


def table_csv(table: ResultTable, *, byte_order_mark: bool = False) -> bytes:
    """Return one table as UTF-8 CSV. byte_order_mark: begin with the mark by which Excel knows UTF-8."""
    keys = [column.key for column in table.columns]
    rows = zip(*(column.cells for column in table.columns), strict=True)
    return csv_bytes(keys, rows, byte_order_mark=byte_order_mark)


def csv_bytes(header: Sequence[str], rows: Iterable[Iterable[object]], *, byte_order_mark: bool = False) -> bytes:
    """Return a header and rows of cells as UTF-8 CSV with CRLF line ends (RFC 4180)."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([safe_text(name) for name in header])
    writer.writerows([exact(value) for value in row] for row in rows)
    return ((BYTE_ORDER_MARK if byte_order_mark else "") + text.getvalue()).encode("utf-8", "backslashreplace")
