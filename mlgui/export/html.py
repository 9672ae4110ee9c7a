"""Tables as HTML: for the clipboard with the styles on every cell (Word and LibreOffice read no others), and as a page."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

from mlgui.export.cells import safe_text
from mlgui.export.layout import PLAIN, LaidColumn, LaidTable, Piece, TableStyle, lay_out, parts_that_fit
from mlgui.results.numbers import text_rows
from mlgui.results.tables import Format, ResultColumn, ResultTable
from mlgui.words import tr

_THICK = "1.5pt solid #000"
_THIN = "0.75pt solid #000"
_CELL = "padding:2pt 6pt;font-size:10pt;"


def page(title: str, body: str, style: str = "") -> str:
    """Return a whole HTML page that loads nothing from anywhere. body: HTML; title: text."""
    policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{style}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def table_page(table: ResultTable, style: TableStyle = PLAIN) -> bytes:
    """Return one table as an HTML page, UTF-8."""
    return page(table.title, table_fragment(table, style), "body { margin: 2em; }").encode("utf-8", "xmlcharrefreplace")


def table_fragment(table: ResultTable, style: TableStyle = PLAIN, *, room: float = math.inf) -> str:
    """Return one table as an HTML fragment in the style of journals: three rules, numbers right-aligned, inline styles.

    room: characters side by side; wider tables are parted. The padding is said twice, as LibreOffice reads the attribute only.
    """
    return "<br>".join(_fragment(part) for part in parts_that_fit(lay_out(table, style), room, 1.0, 2.0))


def _fragment(laid: LaidTable) -> str:
    heading = "".join(_heading_cell(column) for column in laid.columns)
    rows = laid.rows
    body = "".join(_row(row, laid.columns, last=place == len(rows) - 1) for place, row in enumerate(rows))
    weight = "font-style:italic" if laid.style.apa else "font-weight:bold"
    return (
        f'<p style="{weight};margin:0 0 4pt 0;">{escape(laid.title)}</p>'
        f'<table cellspacing="0" cellpadding="4" style="border-collapse:collapse;font-size:10pt;">'
        f"<thead><tr>{heading}</tr></thead><tbody>{body}</tbody></table>{_note(laid)}"
    )


def _note(laid: LaidTable) -> str:
    if not laid.note:
        return ""
    start = f"<em>{escape(tr('Note.'))}</em> " if laid.style.apa else ""
    return f'<p style="font-size:9pt;margin:4pt 0 0 0;">{start}{_pieces(laid.note)}</p>'


def _heading_cell(column: LaidColumn) -> str:
    style = f"border-top:{_THICK};border-bottom:{_THIN};{_CELL}font-weight:normal;text-align:{_side(column)};"
    return f'<th scope="col" style="{style}">{_pieces(column.heading)}</th>'


def _pieces(pieces: Sequence[Piece]) -> str:
    return "".join(f"<em>{escape(piece.text)}</em>" if piece.italic else escape(piece.text) for piece in pieces)


def _row(texts: tuple[str, ...], columns: tuple[LaidColumn, ...], *, last: bool) -> str:
    rule = f"border-bottom:{_THICK};" if last else ""
    cells = (
        f'<td style="{_CELL}white-space:nowrap;{rule}{_kind(column)}text-align:{_side(column)};">{escape(text)}</td>'
        for text, column in zip(texts, columns, strict=True)
    )
    return f"<tr>{''.join(cells)}</tr>"


def _kind(column: LaidColumn) -> str:
    """Return the style by which Excel takes pasted cells for text: it would run a label such as "=1+1" as a formula."""
    return "mso-number-format:'\\@';" if not column.numeric else ""


def _side(column: LaidColumn) -> str:
    return "right" if column.numeric else "left"


def table_tsv(table: ResultTable, *, comma: bool = False) -> str:
    """Return one table as tab-separated text for the clipboard: the numbers as shown, in plain ASCII signs.

    comma: decimal comma, for spreadsheets of countries that have it.
    """
    rows = [tuple(column.heading for column in table.columns), *text_rows(table, plain=True)]
    if comma:
        rows = [rows[0], *(tuple(_with_comma(*cell) for cell in zip(row, table.columns, strict=True)) for row in rows[1:])]
    return "".join("\t".join(_tsv_cell(text) for text in row) + "\n" for row in rows)


def _with_comma(text: str, column: ResultColumn) -> str:
    return text if column.format is Format.TEXT else text.replace(".", ",")


def _tsv_cell(text: str) -> str:
    return safe_text(" ".join(text.split()))
