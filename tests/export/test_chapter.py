from __future__ import annotations

from mlgui.export.chapter import Chapter, for_paper
from mlgui.export.report_html import report_page
from mlgui.results.report import Report
from mlgui.results.table_builders import tables
from mlgui.results.tables import ResultColumn, ResultTable


def test_long_tables_are_named_on_paper_instead_of_printed(sleepstudy: Report) -> None:
    long = ResultTable(key="long", title="All of them", columns=(ResultColumn(key="n", heading="n", cells=list(range(61))),))
    chapter = Chapter(report=sleepstudy, name="Model 1", tables=(*tables(sleepstudy), long))
    paper = for_paper(chapter)
    assert [table.key for table in paper.tables] == [table.key for table in tables(sleepstudy)]
    assert paper.left_out[0].startswith("All of them: 61 rows")
    assert paper.left_out[0] in report_page([chapter], room=100).decode("utf-8")
    assert "too many for paper" not in report_page([chapter]).decode("utf-8")
