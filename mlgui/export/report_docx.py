"""One or several models as one Word document: methods, tables, figures, checklist, scripts and references."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from mlgui import __version__
from mlgui.export.chapter import Chapter, Picture, for_paper
from mlgui.export.docx import add_table, document_bytes, new_document, writable
from mlgui.export.fingerprint import fingerprint
from mlgui.export.layout import PLAIN, TableStyle, lay_out
from mlgui.export.script import command_line, r_script
from mlgui.results.data_history import preparation
from mlgui.results.methods import methods, references
from mlgui.results.report import Report
from mlgui.results.reporting import reporting_table
from mlgui.spec.render import render
from mlgui.spec.wording import EquationLine, Style
from mlgui.words import tr

if TYPE_CHECKING:
    from docx.document import Document

_PICTURE_MM = 160


def report_docx(chapters: Sequence[Chapter], style: TableStyle = PLAIN) -> bytes:
    """Return the report of one or several models as a Word document.

    Tables are numbered through; very long ones are left out, and named.
    """
    document = new_document(title="; ".join(chapter.name for chapter in chapters))
    number = 0
    for place, chapter in enumerate(chapters):
        if place:
            document.add_paragraph().paragraph_format.page_break_before = True
        number = _chapter(document, for_paper(chapter), style, number)
    _references(document, [chapter.report for chapter in chapters])
    made = tr("Made with mlgui {version}.").format(version=__version__)
    document.add_paragraph(made)
    return document_bytes(document)


def _chapter(document: Document, chapter: Chapter, style: TableStyle, number: int) -> int:
    """Add one model and return the number of its last table."""
    report = chapter.report
    document.add_heading(writable(f"{chapter.name}: {report.design.outcome_label}"), 1)
    _paragraphs(document, "", [part for part in chapter.note.split("\n\n") if part.strip()])
    _paragraphs(document, tr("What this means"), report.sentences)
    _paragraphs(document, tr("Methods"), methods(report))
    _paragraphs(document, tr("Data preparation"), preparation(report.design.table))
    _paragraphs(document, tr("Findings"), [f"{finding.title}: {finding.text}" for finding in report.findings])
    document.add_heading(tr("The model"), 2)
    for line in chapter.equations:
        _equation(document, line)
    _code(document, render(report.design.spec))
    document.add_heading(tr("Tables"), 2)
    for table in (*chapter.tables, reporting_table(report, fingerprint(report.design.table))):
        number = add_table(document, lay_out(table, style), number + 1)
    _paragraphs(document, "", chapter.left_out)
    _figures(document, [picture for picture in chapter.pictures if picture.png])
    document.add_heading(tr("To get the same numbers"), 2)
    _code(document, command_line(report.design.spec, report.design.table))
    _code(document, r_script(report.design.spec, report.design.table))
    return number


def _paragraphs(document: Document, title: str, texts: Sequence[str]) -> None:
    if texts and title:
        document.add_heading(title, 2)
    for text in texts:
        document.add_paragraph(writable(text))


def _equation(document: Document, line: EquationLine) -> None:
    paragraph = document.add_paragraph()
    for run in line.runs:
        added = paragraph.add_run(writable(run.text))
        added.italic = run.style is not Style.UPRIGHT
        added.font.subscript, added.font.superscript = run.script == "sub", run.script == "sup"


def _code(document: Document, text: str) -> None:
    from docx.shared import Pt

    run = document.add_paragraph().add_run(writable(text.rstrip("\n")))
    run.font.name, run.font.size = "Courier New", Pt(8.5)


def _figures(document: Document, pictures: Sequence[Picture]) -> None:
    from docx.shared import Mm

    if pictures:
        document.add_heading(tr("Figures"), 2)
    for number, picture in enumerate(pictures, 1):
        shape: Any = document.add_picture(io.BytesIO(picture.png), width=Mm(_PICTURE_MM))
        about = shape._inline.docPr
        about.set("descr", writable(picture.alt or picture.title))
        about.set("title", writable(picture.title))
        document.paragraphs[-1].paragraph_format.keep_with_next = True
        document.add_paragraph(writable(tr("Figure {n}. {title}").format(n=number, title=picture.title)))


def _references(document: Document, reports: Sequence[Report]) -> None:
    found = {reference.key: reference.text for report in reports for reference in references(report)}
    _paragraphs(document, tr("References"), sorted(found.values(), key=str.lower))
