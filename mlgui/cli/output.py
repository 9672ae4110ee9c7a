"""A fitted model as a folder of files: tables, figures, data of the figures, a report, JSON and scripts."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from mlgui.cli.opening import write_file
from mlgui.export.chapter import Chapter, Picture
from mlgui.export.figure_data import figure_csv
from mlgui.export.files import file_names
from mlgui.export.formats import EXPORTERS
from mlgui.export.json_report import json_text, report_json
from mlgui.export.layout import PLAIN, TableStyle
from mlgui.export.report_docx import report_docx
from mlgui.export.report_html import report_page
from mlgui.export.script import command_line
from mlgui.export.syntax import SCRIPTS
from mlgui.results.methods import bibtex
from mlgui.results.report import Report
from mlgui.words import ntr, tr

if TYPE_CHECKING:
    from mlgui.data.structure import Structure
    from mlgui.results.figure import Figure
    from mlgui.results.tables import ResultTable

PICTURES = (".png", ".svg")

_Files = Iterator[tuple[str, bytes]]


def write_everything(
    report: Report, structure: Structure, folder: Path, name: str = "", style: TableStyle = PLAIN
) -> str:
    """Write every table, figure and text of a report into `folder` and return what was written, in a sentence.

    Where Qt or its libraries are missing, everything but the pictures is written, and that is said.
    """
    from mlgui.results.figures import figures
    from mlgui.results.table_builders import tables

    found, drawn = tables(report), figures(report)
    names = file_names([*(table.key for table in found), *(figure.key for figure in drawn)])
    named_tables = dict(zip(names, found, strict=False))
    named_figures = dict(zip(names[len(found) :], drawn, strict=True))
    count = 0
    for files in (_table_files(named_tables, style), _data_files(named_figures), _script_files(report)):
        for file, content in files:
            write_file(folder / file, content)
            count += 1
    pictures = _paint(named_figures, folder)
    chapter = _chapter(report, structure, found, pictures, name)
    write_file(folder / "report.html", report_page([chapter]))
    write_file(folder / "report.docx", report_docx([chapter], style))
    count += 2 + len(PICTURES) * len(pictures)
    return ntr("{n} file written to {folder}", "{n} files written to {folder}", count).format(n=count, folder=folder)


def _table_files(tables: Mapping[str, ResultTable], style: TableStyle) -> _Files:
    for exporter in EXPORTERS:
        if exporter.several:
            yield f"tables{exporter.suffix}", exporter.write(tuple(tables.values()), style)
        else:
            yield from ((f"{name}{exporter.suffix}", exporter.write((table,), style)) for name, table in tables.items())


def _data_files(figures: Mapping[str, Figure]) -> _Files:
    yield from ((f"{name}.csv", figure_csv(figure)) for name, figure in figures.items())


def _script_files(report: Report) -> _Files:
    spec, table = report.design.spec, report.design.table
    yield "results.json", json_text(report_json(report, fitted=True)).encode("utf-8", "backslashreplace")
    for suffix, write in SCRIPTS.items():
        yield f"model{suffix}", write(spec, table).encode("utf-8", "backslashreplace")
    yield "references.bib", bibtex(report).encode("utf-8")
    yield "command.txt", (command_line(spec, table) + "\n").encode("utf-8", "backslashreplace")


def _chapter(
    report: Report, structure: Structure, tables: Sequence[ResultTable], pictures: Sequence[Picture], name: str
) -> Chapter:
    from mlgui.spec.wording import by_level

    equations = by_level(report.design.spec, report.design.table, structure)
    name = name or tr("Multilevel model")
    return Chapter(report=report, name=name, tables=tables, equations=equations, pictures=pictures)


def _paint(figures: Mapping[str, Figure], folder: Path) -> list[Picture]:
    """Write every figure in the formats of PICTURES and return them as SVG for the report; none where Qt is missing."""
    try:
        from mlgui.gui.painter import save_figure
    except ImportError as error:
        left_out = tr("Pictures left out, as Qt cannot be loaded ({reason}): {names}")
        print(left_out.format(reason=error, names=", ".join(figures)), file=sys.stderr)
        return []
    pictures = []
    for name, figure in figures.items():
        for suffix in PICTURES:
            save_figure(figure, folder / f"{name}{suffix}")
        svg, png = ((folder / f"{name}{suffix}").read_bytes() for suffix in (".svg", ".png"))
        pictures.append(Picture(title=_caption(figure), svg=svg, png=png, alt=figure.alt))
    return pictures


def _caption(figure: Figure) -> str:
    return f"{figure.title}. {figure.subtitle}" if figure.subtitle else figure.title
