from __future__ import annotations

import base64
import io

import docx
import pytest

from mlgui.export.chapter import Chapter, Picture
from mlgui.export.layout import APA
from mlgui.export.report_docx import report_docx
from mlgui.results.methods import methods
from mlgui.results.report import Report
from mlgui.results.table_builders import fixed_table, variance_table
from mlgui.results.tables import ResultTable

DOT = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
"""A picture of one dot."""


def tables_of(report: Report) -> tuple[ResultTable, ...]:
    return fixed_table(report), variance_table(report)


@pytest.fixture(scope="module")
def document(sleepstudy: Report, pastes: Report) -> docx.document.Document:
    picture = Picture(title="Shrinkage", png=base64.b64decode(DOT), alt="What it shows")
    chapters = [
        Chapter(report=report, name=name, tables=tables_of(report), pictures=pictures, note="A \x01 note")
        for report, name, pictures in ((sleepstudy, "First", [picture]), (pastes, "Second", []))
    ]
    return docx.Document(io.BytesIO(report_docx(chapters, APA)))


def test_several_models_make_one_document(document: docx.document.Document, sleepstudy: Report) -> None:
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert "First: Reaction" in texts and "Second: strength" in texts
    assert all(text in texts for text in (*sleepstudy.sentences, *methods(sleepstudy)))
    assert texts.count("References") == 1 and any(text.startswith("Bates, D.") for text in texts)
    assert any("library(lme4)" in text for text in texts)


def test_tables_are_numbered_through(document: docx.document.Document) -> None:
    captions = [paragraph.text.split("\n")[0] for paragraph in document.paragraphs if "\n" in paragraph.text]
    numbers = [text for text in captions if text.startswith("Table ")]
    assert numbers == [f"Table {n}" for n in range(1, len(document.tables) + 1)] and len(numbers) == 6


def test_pictures_carry_their_alternative_text(document: docx.document.Document) -> None:
    (shape,) = document.inline_shapes
    assert shape._inline.docPr.get("descr") == "What it shows"
