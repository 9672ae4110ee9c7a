"""Tables and reports as Word documents: three rules, italics, a heading row repeated on every page, numbered captions."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from mlgui.export.layout import PLAIN, LaidColumn, LaidTable, Piece, TableStyle, column_widths, lay_out, parts_that_fit
from mlgui.results.tables import ResultTable
from mlgui.words import tr

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import Table as WordTable
    from docx.text.paragraph import Paragraph

_THICK, _THIN = "12", "6"
"""Widths of rules in eighths of a point."""

_ON_ONE_PAGE = 25
"""Tables of no more rows are not parted by the end of a page."""

_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_NO_DATE = datetime(1980, 1, 1, tzinfo=UTC)
_CHARACTER, _GAP = 62_000, 110_000
"""Width of a character of 9 pt text, generously, and padding of a column, in EMU."""

_UPRIGHT = 160 * 36_000
"""Room of an upright page of A4 with margins of 25 mm, in EMU."""

_TEXT_STYLE = "mlgui table"
_TEXT_STYLE_ID = _TEXT_STYLE.replace(" ", "")  # as python-docx makes it; looking a style up by name costs a millisecond a cell


def tables_docx(tables: Sequence[ResultTable], style: TableStyle = PLAIN) -> bytes:
    """Return tables as one Word document, numbered in their order. Pages turn on their side where a table needs it."""
    laid = [lay_out(table, style) for table in tables]
    document = new_document(wide=any(_least_width(table) > _UPRIGHT for table in laid))
    number = 0
    for table in laid:
        number = add_table(document, table, number + 1)
    return document_bytes(document)


def new_document(*, wide: bool = False, title: str = "") -> Document:
    """Return an empty document in a serif face with margins of 2.5 cm that names no author. wide: pages on their side."""
    import docx
    from docx.enum.section import WD_ORIENT
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import Mm, Pt

    document = docx.Document()
    section = document.sections[0]
    size = (Mm(297), Mm(210)) if wide else (Mm(210), Mm(297))
    section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = size
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(25)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Times New Roman", Pt(11)  # type: ignore[attr-defined]
    text: Any = document.styles.add_style(_TEXT_STYLE, WD_STYLE_TYPE.PARAGRAPH)
    text.base_style, text.font.size, text.paragraph_format.space_after = normal, Pt(9), Pt(0)
    about = document.core_properties
    about.author, about.comments, about.title = "", "Written by mlgui", writable(title)
    about.created = about.modified = _NO_DATE
    return document


def document_bytes(document: Document) -> bytes:
    """Return the file of a document."""
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def writable(text: str) -> str:
    """Return a text without the characters that XML 1.0 cannot hold."""
    return _UNWRITABLE.sub("\ufffd", text)


def add_table(document: Document, laid: LaidTable, number: int) -> int:
    """Add a table with its caption above and its note below, in parts where the page is too narrow.

    number: of the first part. Returns that of the last.
    """
    parts = parts_that_fit(laid, _room(document), _CHARACTER, _GAP)
    for place, part in enumerate(parts):
        _add_part(document, part, number + place)
    return number + len(parts) - 1


def _add_part(document: Document, laid: LaidTable, number: int) -> None:
    from docx.shared import Emu, Pt

    _caption(document, laid, number)
    table = document.add_table(rows=len(laid.rows) + 1, cols=len(laid.columns))
    table.autofit = False
    margins = _element("w:tblCellMar")
    for side in ("left", "right"):
        margins.append(_element(f"w:{side}", {"w:w": "80", "w:type": "dxa"}))
    table._tbl.tblPr.append(margins)
    columns = _cells_by_column(table, len(laid.columns))
    _fill(table, columns, laid)
    for index, width in enumerate(column_widths(laid, _room(document), _CHARACTER, _GAP)):
        table.columns[index].width = Emu(int(width))
        for cell in columns[index]:
            cell.width = Emu(int(width))
    _rules(table)
    note = document.add_paragraph()
    note.paragraph_format.space_before, note.paragraph_format.space_after = Pt(4), Pt(14)
    if laid.note:
        if laid.style.apa:
            note.add_run(tr("Note.") + " ").italic = True
        add_pieces(note, laid.note)
    for run in note.runs:
        run.font.size = Pt(9)


def add_pieces(paragraph: Paragraph, pieces: Sequence[Piece]) -> None:
    """Add texts to a paragraph, upright and in italics."""
    for piece in pieces:
        paragraph.add_run(writable(piece.text)).italic = piece.italic or None


def _caption(document: Document, laid: LaidTable, number: int) -> None:
    """Add "Table 1" with a number that Word counts itself, so that tables of several files can be joined."""
    from docx.shared import Pt

    caption = document.add_paragraph()
    caption.paragraph_format.keep_with_next = True
    caption.paragraph_format.space_after = Pt(4)
    caption.add_run(tr("Table") + " ").bold = True
    _counted(caption, number)
    if laid.style.apa:
        caption.add_run().add_break()
    else:
        caption.add_run(". ").bold = True
    title = caption.add_run(writable(laid.title))
    title.italic, title.bold = (True, None) if laid.style.apa else (None, None)


def _counted(paragraph: Paragraph, number: int) -> None:
    """Add a SEQ field with its value."""
    for kind, text in (("begin", ""), ("", " SEQ Table \\* ARABIC "), ("separate", ""), ("value", str(number)), ("end", "")):
        run = paragraph.add_run(text if kind == "value" else "")
        run.bold = True
        if kind == "":
            part = _element("w:instrText", {"xml:space": "preserve"})
            part.text = text
            run._r.append(part)
        elif kind != "value":
            run._r.append(_element("w:fldChar", {"w:fldCharType": kind}))


def _cells_by_column(table: WordTable, n_columns: int) -> list[list[Any]]:
    """Return the cells of every column; asked of python-docx column by column, each answer would walk the whole table."""
    cells = table._cells
    return [cells[index::n_columns] for index in range(n_columns)]


def _fill(table: WordTable, columns: list[list[Any]], laid: LaidTable) -> None:
    """Write the cells; rows stay whole and the first one is repeated on every page."""
    rows = list(table.rows)
    for row in rows:
        row._tr.get_or_add_trPr().append(_element("w:cantSplit"))
    rows[0]._tr.get_or_add_trPr().append(_element("w:tblHeader"))
    for cells, column in zip(columns, laid.columns, strict=True):
        _write(cells[0], column.heading, column)
        for cell, text in zip(cells[1:], column.cells, strict=True):
            _write(cell, (Piece(text),), column)
    for cells in columns if len(rows) <= _ON_ONE_PAGE else ():
        for cell in cells[:-1]:
            cell.paragraphs[0].paragraph_format.keep_with_next = True


def _write(cell: Any, pieces: Sequence[Piece], column: LaidColumn) -> None:
    from docx.enum.table import WD_ALIGN_VERTICAL
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    paragraph = cell.paragraphs[0]
    paragraph._p.style = _TEXT_STYLE_ID
    add_pieces(paragraph, pieces)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if column.numeric else WD_ALIGN_PARAGRAPH.LEFT
    cell.vertical_alignment = WD_ALIGN_VERTICAL.BOTTOM


def _rules(table: WordTable) -> None:
    """Draw the three rules of a table in a journal: above and below the headings, below the last row."""
    rows = list(table.rows)
    for row, sides in ((rows[0], {"top": _THICK, "bottom": _THIN}), (rows[-1], {"bottom": _THICK})):
        for cell in row.cells:
            borders = _element("w:tcBorders")
            for side, width in sides.items():
                borders.append(_element(f"w:{side}", {"w:val": "single", "w:sz": width, "w:space": "0", "w:color": "000000"}))
            cell._tc.get_or_add_tcPr().insert_element_before(borders, "w:shd", "w:noWrap", "w:tcMar", "w:textDirection",
                                                             "w:tcFitText", "w:vAlign", "w:hideMark")  # fmt: skip


def _room(document: Document) -> int:
    """Return the width between the margins in EMU."""
    section = document.sections[-1]
    return (section.page_width or 0) - (section.left_margin or 0) - (section.right_margin or 0)


def _least_width(laid: LaidTable) -> int:
    return sum(column.narrowest * _CHARACTER + _GAP for column in laid.columns)


def _element(name: str, attributes: dict[str, str] | None = None) -> Any:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    element = OxmlElement(name)
    for key, value in (attributes or {}).items():
        element.set(qn(key), value)
    return element
