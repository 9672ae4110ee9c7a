"""Tables as Markdown (pipe tables, as GitHub, Pandoc and Quarto read them)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mlgui.export.layout import PLAIN, LaidColumn, Piece, TableStyle, lay_out
from mlgui.results.tables import ResultTable

_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|$~^!&])")


def escaped(text: str) -> str:
    """Return a text of which Markdown takes nothing for markup, on one line."""
    return _MARKUP.sub(r"\\\1", " ".join(text.split(" "))).translate({ord(sign): " " for sign in "\r\n\t\v\f"})


def tables_markdown(tables: Sequence[ResultTable], style: TableStyle = PLAIN) -> bytes:
    """Return tables as one Markdown text, UTF-8."""
    return "\n".join(table_markdown(table, style) for table in tables).encode("utf-8", "replace")


def table_markdown(table: ResultTable, style: TableStyle = PLAIN) -> str:
    """Return one table: its title in bold, a pipe table padded so that it also reads as text, its note."""
    laid = lay_out(table, style)
    columns = [[_pieces(column.heading), *map(escaped, column.cells)] for column in laid.columns]
    widths = [max(3, *map(len, column)) for column in columns]
    lines = [_line(row, widths, laid.columns) for row in zip(*columns, strict=True)]
    rule = "|".join(
        ("-" * (width + 1) + ":") if column.numeric else ":" + "-" * (width + 1)
        for width, column in zip(widths, laid.columns, strict=True)
    )
    note = ["", _pieces(laid.note)] if laid.note else []
    return "\n".join([f"**{escaped(laid.title)}**", "", lines[0], f"|{rule}|", *lines[1:], *note]) + "\n"


def _line(cells: Sequence[str], widths: Sequence[int], columns: Sequence[LaidColumn]) -> str:
    padded = (
        text.rjust(width) if column.numeric else text.ljust(width)
        for text, width, column in zip(cells, widths, columns, strict=True)
    )
    return "| " + " | ".join(padded) + " |"


def _pieces(pieces: Sequence[Piece]) -> str:
    return "".join(f"*{escaped(piece.text)}*" if piece.italic else escaped(piece.text) for piece in pieces)
