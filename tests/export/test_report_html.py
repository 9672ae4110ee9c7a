from __future__ import annotations

import re
from dataclasses import replace

from mlgui.export.chapter import Chapter, Picture
from mlgui.export.fingerprint import fingerprint
from mlgui.export.report_html import report_page
from mlgui.findings import Finding, Severity
from mlgui.results.report import Report
from mlgui.results.table_builders import tables
from mlgui.session.examples import open_example
from mlgui.spec.wording import EquationLine, Run, Style

EVIL = "<script>alert('x')</script>"


def whole_page(report: Report, **changes: object) -> str:
    options: dict[str, object] = {"name": "Model 1", "tables": tables(report), **changes}
    return report_page([Chapter(report=report, **options)]).decode("utf-8")  # type: ignore[arg-type]


def test_the_report_holds_words_tables_findings_and_origin(sleepstudy: Report) -> None:
    page = whole_page(sleepstudy)
    for text in (*sleepstudy.sentences, "Average coefficients", "Reaction ~ Days + (Days | Subject)"):
        assert text.replace("'", "&#x27;") in page
    assert fingerprint(sleepstudy.design.table) in page and "library(lme4)" in page and "mlgui fit" in page


def test_without_a_date_the_same_report_gives_the_same_bytes(sleepstudy: Report) -> None:
    assert whole_page(sleepstudy) == whole_page(sleepstudy)


def test_nothing_a_user_wrote_becomes_markup(sleepstudy: Report) -> None:
    finding = Finding(code="x", severity=Severity.WARNING, title=EVIL, text=EVIL)
    line = EquationLine(level=EVIL, runs=(Run(text=EVIL, style=Style.UPRIGHT), Run(text=EVIL, script="sub")))
    report = replace(sleepstudy, findings=(finding,), sentences=(EVIL,))
    picture = Picture(title=EVIL, svg=b"<svg><script>alert(1)</script></svg>", alt='"><script>')
    page = whole_page(report, name=EVIL, note=EVIL, equations=[line], pictures=[picture])
    assert "<script" not in page


def test_several_models_stand_in_one_page_with_a_list_of_links(sleepstudy: Report) -> None:
    chapters = [Chapter(report=sleepstudy, name=name, tables=tables(sleepstudy)) for name in ("First", "Second")]
    page = report_page(chapters).decode("utf-8")
    assert page.count("<h1") == 2 and 'href="#model-2">Second</a>' in page and 'id="model-2">Second: ' in page
    assert page.count("SHA-256 of the contents") == 1 and page.count("<h2>References</h2>") == 1


def test_pictures_are_inside_the_file(sleepstudy: Report) -> None:
    page = whole_page(sleepstudy, pictures=[Picture(title="Shrinkage", svg=b"<svg/>", alt="What it shows")])
    assert 'src="data:image/svg+xml;base64,PHN2Zy8+" alt="What it shows"' in page
    assert not re.search(r"""(?:=|\()["']?https?:""", page)  # addresses of papers are texts; nothing is loaded or linked


def test_the_fingerprint_follows_the_contents() -> None:
    first, second = open_example("sleepstudy")[0], open_example("sleepstudy")[0]
    assert fingerprint(first) == fingerprint(second)
    assert fingerprint(first) != fingerprint(first.without_columns(["Days"]))
