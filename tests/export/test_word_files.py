"""Tables for word processors, LaTeX and Markdown: nothing a user wrote is run or lost, and the form is a journal's."""

from __future__ import annotations

import io
import re
import zipfile

import docx
import pytest

from mlgui.export import latex, markdown, rtf
from mlgui.export.docx import tables_docx
from mlgui.export.layout import APA, PLAIN
from mlgui.results.report import Report
from mlgui.results.table_builders import fixed_table, tables, variance_table
from mlgui.results.tables import Format, ResultColumn, ResultTable

EVIL = ("\\input{/etc/passwd}", "{\\rtf1 x}", "a & b_c % d # $e$ ^ ~", "[x] | y *z* `w` <b>", "größe 😀 \x01\x0b", "line\nbreak")


@pytest.fixture
def evil() -> ResultTable:
    """Return texts that each of the formats could take for its own."""
    name = ResultColumn(key="name", heading=EVIL[0], cells=EVIL)
    value = ResultColumn(key="t", heading="t", cells=[1.5] * len(EVIL), format=Format.NUMBER)
    return ResultTable(key="x y}z", title=EVIL[2], columns=(name, value), note=EVIL[0])


def document_xml(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read("word/document.xml").decode("utf-8")


def test_word_tables_have_three_rules_and_a_repeated_heading(sleepstudy: Report) -> None:
    table = fixed_table(sleepstudy)
    xml = document_xml(tables_docx([table], APA))
    columns = len(table.columns) - 1  # without the names of lme4
    assert xml.count('<w:top w:val="single" w:sz="12"') == columns
    assert xml.count('<w:bottom w:val="single" w:sz="6"') == columns == xml.count('<w:bottom w:val="single" w:sz="12"')
    assert xml.count("<w:tblHeader/>") == 1 and " SEQ Table " in xml


def test_word_tables_hold_texts_italics_and_alignment(sleepstudy: Report) -> None:
    document = docx.Document(io.BytesIO(tables_docx([fixed_table(sleepstudy), variance_table(sleepstudy)], APA)))
    first = document.tables[0]
    heads = {cell.text: cell.paragraphs[0] for cell in first.rows[0].cells}
    assert [text for text, paragraph in heads.items() if paragraph.runs[0].italic] == ["SE", "df", "t", "p"]
    assert heads["p"].alignment == 2 and heads["Coefficient"].alignment == 0  # right, left
    assert "Term" not in heads
    assert [cell.text for cell in first.rows[1].cells][-3] == "<\u00a0.001"
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert "Table 1\nAverage coefficients" in texts and "Table 2\nHow much varies" in texts
    assert any(text.startswith("Note. df and p by") for text in texts)


def test_word_files_name_nobody(sleepstudy: Report) -> None:
    about = docx.Document(io.BytesIO(tables_docx([fixed_table(sleepstudy)]))).core_properties
    assert (about.author, about.last_modified_by, about.comments) == ("", "", "Written by mlgui")


def test_awkward_texts_arrive_whole(evil: ResultTable) -> None:
    found = docx.Document(io.BytesIO(tables_docx([evil]))).tables[0]
    assert [row.cells[0].text for row in found.rows[1:5]] == list(EVIL[:4])
    assert found.rows[5].cells[0].text == "größe 😀 \ufffd\ufffd"


def test_latex_reads_no_text_as_a_command(evil: ResultTable) -> None:
    text = latex.table_latex(evil)
    assert r"\input" not in text and r"\textbackslash{}input\{/etc/passwd\}" in text
    assert r"a \& b\_c \% d \# \$e\$ \textasciicircum{} \textasciitilde{}" in text and r"\label{tab:x-y-z}" in text
    rows = text[text.index(r"\midrule") : text.index(r"\bottomrule")].splitlines()[1:]
    assert len(rows) == len(EVIL) and all(re.sub(r"\\&", "", row).count("&") == 1 for row in rows)
    depth = 0
    for sign in re.sub(r"\\[\\{}]", "", text):
        depth += (sign == "{") - (sign == "}")
        assert depth >= 0
    assert depth == 0


def test_latex_has_three_rules_and_long_tables_run_on(sleepstudy: Report) -> None:
    text = latex.tables_latex([fixed_table(sleepstudy)], APA).decode()
    assert [text.count(rule) for rule in (r"\toprule", r"\midrule", r"\bottomrule")] == [1, 1, 1]
    assert r"\begin{tabular}{@{}llrrrrrrr@{}}" in text and r"\emph{df}" in text and "$<$~.001" in text
    long = ResultTable(key="k", title="T", columns=(ResultColumn(key="n", heading="n", cells=range(100), format=Format.COUNT),))
    text = latex.table_latex(long)
    assert r"\endhead" in text and r"\begin{longtable}" in text and r"\begin{table}" not in text


def test_rtf_escapes_what_is_its_own_and_keeps_every_sign(evil: ResultTable) -> None:
    text = rtf.tables_rtf([evil]).decode("ascii")
    assert "\\{\\\\rtf1 x\\}" in text and "\\\\input\\{/etc/passwd\\}" in text
    assert "gr\\u246?\\u223?e \\u-10179?\\u-8704?" in text  # U+1F600 as two units of UTF-16
    depth = 0
    for sign in re.sub(r"\\[\\{}]", "", text):
        depth += (sign == "{") - (sign == "}")
        assert depth >= 0
    assert depth == 0


def test_rtf_has_rules_italics_sides_and_a_repeated_heading(sleepstudy: Report) -> None:
    table = fixed_table(sleepstudy)
    text = rtf.tables_rtf([table], APA).decode("ascii")
    n, rows = len(table.columns) - 1, table.n_rows  # without the names of lme4
    assert text.count("\\clbrdrt\\brdrs\\brdrw30") == n and text.count("\\clbrdrb\\brdrs\\brdrw15") == n
    assert text.count("\\clbrdrb\\brdrs\\brdrw30") == n and text.count("\\trhdr") == 1
    assert text.count("\\cell\n") == n * (rows + 1) == text.count("\\cellx") and "{\\i df}" in text
    assert text.count("\\intbl\\qr") == 7 * (rows + 1)
    for edges in re.findall(r"\\trowd.*", text):
        places = [int(place) for place in re.findall(r"\\cellx(\d+)", edges)]
        assert places == sorted(set(places)) and places[-1] <= 9360


def test_markdown_takes_no_text_for_markup(evil: ResultTable) -> None:
    lines = markdown.table_markdown(evil).splitlines()
    body = lines[2 : 4 + len(EVIL)]
    assert all(len(re.findall(r"(?<!\\)\|", line)) == 3 for line in body)
    assert r"\[x\] \| y \*z\* \`w\` \<b\>" in lines[7] and body[1].startswith("|:--") and body[1].endswith("-:|")
    assert "*t*" in lines[2]


def test_every_table_of_a_report_can_be_written(pastes: Report) -> None:
    for style in (PLAIN, APA):
        assert markdown.tables_markdown(tables(pastes), style) and latex.tables_latex(tables(pastes), style)
