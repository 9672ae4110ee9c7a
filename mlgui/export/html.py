"""Tables as HTML: for the clipboard with the styles on every cell (Word and LibreOffice read no others), and as a page."""

from __future__ import annotations

from html import escape

from mlgui.export.cells import safe_text
from mlgui.results.numbers import text_rows
from mlgui.results.tables import Format, ResultColumn, ResultTable

_THICK = "1.5pt solid #000"
_THIN = "0.75pt solid #000"


def page(title: str, body: str, style: str = "") -> str:
    """Return a whole HTML page that loads nothing from anywhere. body: HTML; title: text."""
    policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{style}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def table_page(table: ResultTable) -> bytes:
    """Return one table as an HTML page, UTF-8."""
    return page(table.title, table_fragment(table), "body { margin: 2em; }").encode("utf-8", "xmlcharrefreplace")


def table_fragment(table: ResultTable) -> str:
    """Return one table as an HTML fragment in the style of journals: three rules, numbers right-aligned, inline styles."""
    heading = "".join(_heading_cell(column) for column in table.columns)
    rows = text_rows(table)
    body = "".join(_row(row, table.columns, last=place == len(rows) - 1) for place, row in enumerate(rows))
    note = f'<p style="font-size:9pt;margin:4pt 0 0 0;">{escape(table.note)}</p>' if table.note else ""
    return (
        f'<p style="font-weight:bold;margin:0 0 4pt 0;">{escape(table.title)}</p>'
        f'<table style="border-collapse:collapse;font-size:10pt;"><thead><tr>{heading}</tr></thead>'
        f"<tbody>{body}</tbody></table>{note}"
    )


def _heading_cell(column: ResultColumn) -> str:
    style = f"border-top:{_THICK};border-bottom:{_THIN};padding:2pt 6pt;font-weight:normal;text-align:{_side(column)};"
    return f'<th scope="col" style="{style}">{escape(column.heading)}</th>'


def _row(texts: tuple[str, ...], columns: tuple[ResultColumn, ...], *, last: bool) -> str:
    rule = f"border-bottom:{_THICK};" if last else ""
    cells = (
        f'<td style="padding:2pt 6pt;white-space:nowrap;{rule}{_kind(column)}text-align:{_side(column)};">{escape(text)}</td>'
        for text, column in zip(texts, columns, strict=True)
    )
    return f"<tr>{''.join(cells)}</tr>"


def _kind(column: ResultColumn) -> str:
    """Return the style by which Excel takes pasted cells for text: it would run a label such as "=1+1" as a formula."""
    return "mso-number-format:'\\@';" if column.format is Format.TEXT else ""


def _side(column: ResultColumn) -> str:
    return "left" if column.format is Format.TEXT else "right"


def table_tsv(table: ResultTable) -> str:
    """Return one table as tab-separated text for the clipboard: the numbers as shown, in plain ASCII signs."""
    rows = [tuple(column.heading for column in table.columns), *text_rows(table, plain=True)]
    return "".join("\t".join(_tsv_cell(text) for text in row) + "\n" for row in rows)


def _tsv_cell(text: str) -> str:
    return safe_text(" ".join(text.split()))
