from __future__ import annotations

import re

from mlgui.export.files import file_name, file_names
from mlgui.export.formats import EXPORTERS
from mlgui.export.layout import APA, PLAIN
from mlgui.results.figures import figures
from mlgui.results.report import Report
from mlgui.results.table_builders import tables


def test_every_table_can_be_written_in_every_format(sleepstudy: Report, pastes: Report) -> None:
    for report in (sleepstudy, pastes):
        found = tables(report)
        for exporter in EXPORTERS:
            parts = [found] if exporter.several else [(table,) for table in found]
            assert all(exporter.write(part, style) for part in parts for style in (PLAIN, APA))


def test_names_of_files_suit_every_system(sleepstudy: Report, pastes: Report) -> None:
    for report in (sleepstudy, pastes):
        names = file_names([*(table.key for table in tables(report)), *(figure.key for figure in figures(report))])
        assert all(re.fullmatch(r"[\w.-]+", name) for name in names)
    assert [file_name(key) for key in ("a/b:c*", "CON", "com1.x", "", "...", "x" * 500, "größe")] == [
        "a_b_c", "_CON", "_com1.x", "file", "file", "x" * 120, "größe",
    ]  # fmt: skip


def test_no_file_overwrites_another() -> None:
    assert file_names(["a:b", "A_b", "a_b_2", "a.b"]) == ["a_b", "A_b_2", "a_b_2_2", "a.b"]
