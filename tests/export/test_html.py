from __future__ import annotations

from html.parser import HTMLParser

from mlgui.export.html import table_fragment, table_page, table_tsv
from mlgui.results.report import Report
from mlgui.results.table_builders import fixed_table
from mlgui.results.tables import ResultTable

VOID = {"meta", "br", "img"}


class Outline(HTMLParser):
    """Tags and texts of a page; closes must match opens."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []
        self.texts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_nothing_in_a_table_is_taken_for_markup(hostile: ResultTable) -> None:
    outline = Outline(table_page(hostile).decode("utf-8"))
    assert not outline.open and "script" not in outline.seen and "i" not in outline.seen and "b" not in outline.seen
    assert "<script>alert(1)</script>" in outline.texts and "<i>Name</i>" in outline.texts


def test_the_page_loads_nothing(hostile: ResultTable) -> None:
    text = table_page(hostile).decode("utf-8")
    assert "default-src 'none'" in text and "http://" not in text and "https://" not in text


def test_the_fragment_has_three_rules_and_right_aligned_numbers(sleepstudy: Report) -> None:
    text = table_fragment(fixed_table(sleepstudy))
    columns = len(fixed_table(sleepstudy).columns) - 1  # the name lme4 gives stands in files for programs only
    assert text.count("border-top:1.5pt") == columns
    assert text.count("border-bottom:0.75pt") == columns
    assert text.count("border-bottom:1.5pt") == columns  # under the last row only
    assert "text-align:right" in text and "class=" not in text
    assert "&lt;\u00a00.001" in text


def test_the_clipboard_text_has_a_line_for_every_row(hostile: ResultTable) -> None:
    lines = table_tsv(hostile).splitlines()
    assert len(lines) == hostile.n_rows + 1
    assert all(line.count("\t") == len(hostile.columns) - 1 for line in lines)
    assert lines[1].startswith("'=1+1\t")


def test_pasted_texts_are_no_formulas_to_excel(hostile: ResultTable) -> None:
    rows = table_fragment(hostile).split("<tr>")[2:]
    assert all(row.count("mso-number-format:'\\@'") == 1 for row in rows)  # of the one column of texts
