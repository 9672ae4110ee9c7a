"""Tables as RTF, which every word processor takes from the clipboard with rules, italics and alignment.

Control words as in the Rich Text Format Specification 1.9.1 (Microsoft 2008); lengths are twips, 1/20 point.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from mlgui.export.layout import PLAIN, LaidColumn, LaidTable, Piece, TableStyle, column_widths, lay_out, parts_that_fit
from mlgui.results.tables import ResultTable
from mlgui.words import tr

_THICK, _THIN = 30, 15
_CHARACTER = 98
"""Width of a character of 9 pt Times New Roman, generously."""

_GAP = 70
_PAGE = 9_360
"""Width between the margins of a letter page; texts of wider tables break, and tables of many columns are parted."""

_HEAD = r"{\rtf1\ansi\ansicpg1252\deff0\uc1{\fonttbl{\f0\froman\fcharset0 Times New Roman;}}\f0\fs20" + "\n"


def tables_rtf(tables: Sequence[ResultTable], style: TableStyle = PLAIN) -> bytes:
    """Return tables as one RTF document, ASCII."""
    parts = (part for table in tables for part in parts_that_fit(lay_out(table, style), _PAGE, _CHARACTER, 2 * _GAP))
    body = "\\pard\\par\n".join(map(_table, parts))
    return (_HEAD + body + "}\n").encode("ascii")


def escaped(text: str) -> str:
    r"""Return a text as RTF prints it: braces and backslashes escaped, others than ASCII as \u of their UTF-16 units."""
    return "".join(_sign(sign) for sign in text)


def _sign(sign: str) -> str:
    if sign in "\\{}":
        return "\\" + sign
    if sign == "\n":
        return "\\line "
    if sign < " " or sign == "\x7f":
        return " "
    if sign < "\x7f":
        return sign
    units = sign.encode("utf-16-le", "replace")
    codes = (int.from_bytes(units[place : place + 2], "little", signed=True) for place in range(0, len(units), 2))
    return "".join(f"\\u{code}?" for code in codes)


def _table(laid: LaidTable) -> str:
    edges = _edges(laid)
    heading = [_pieces(column.heading) for column in laid.columns]
    rows = [_row(heading, laid.columns, edges, header=True, top=_THICK, bottom=_THIN)]
    last = len(laid.rows) - 1
    for place, texts in enumerate(laid.rows):
        cells = [escaped(text) for text in texts]
        rows.append(_row(cells, laid.columns, edges, bottom=_THICK if place == last else 0))
    return _title(laid) + "".join(rows) + _note(laid)


def _title(laid: LaidTable) -> str:
    weight = "\\i" if laid.style.apa else "\\b"
    return f"\\pard\\keepn\\sa80{{{weight} {escaped(laid.title)}}}\\par\n"


def _note(laid: LaidTable) -> str:
    if not laid.note:
        return "\\pard\\par\n"
    start = f"{{\\i {escaped(tr('Note.'))}}} " if laid.style.apa else ""
    return f"\\pard\\sb80{{\\fs18 {start}{_pieces(laid.note)}}}\\par\n"


def _edges(laid: LaidTable) -> list[int]:
    """Return the right edge of each column."""
    widths = column_widths(laid, _PAGE, _CHARACTER, 2 * _GAP)
    return [round(edge) for edge in accumulate(widths)]


def _row(cells: Sequence[str], columns: Sequence[LaidColumn], edges: Sequence[int], *, header: bool = False,
         top: int = 0, bottom: int = 0) -> str:  # fmt: skip
    borders = _border("t", top) + _border("b", bottom)
    places = "".join(f"{borders}\\clvertalb\\cellx{edge}" for edge in edges)
    texts = "".join(
        f"\\pard\\intbl{_side(column)}\\fs18 {cell}\\cell\n" for cell, column in zip(cells, columns, strict=True)
    )
    repeated = "\\trhdr" if header else ""
    return f"\\trowd\\trgaph{_GAP}\\trleft0\\trkeep{repeated}{places}\n{texts}\\row\n"


def _side(column: LaidColumn) -> str:
    return "\\qr" if column.numeric else "\\ql"


def _border(side: str, width: int) -> str:
    return f"\\clbrdr{side}\\brdrs\\brdrw{width}" if width else ""


def _pieces(pieces: Sequence[Piece]) -> str:
    return "".join(f"{{\\i {escaped(piece.text)}}}" if piece.italic else escaped(piece.text) for piece in pieces)
