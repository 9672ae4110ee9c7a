"""A fitted model as a folder of files: tables, figures, data of the figures, a report, JSON and scripts."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from mlgui.cli.opening import write_file
from mlgui.export.figure_data import figure_csv
from mlgui.export.files import file_name
from mlgui.export.formats import EXPORTERS
from mlgui.export.json_report import json_text, report_json
from mlgui.export.report_html import Picture, report_page
from mlgui.export.script import command_line, r_script
from mlgui.results.report import Report
from mlgui.words import ntr, tr

if TYPE_CHECKING:
    from mlgui.data.structure import Structure
    from mlgui.results.figure import Figure
    from mlgui.results.tables import ResultTable

PICTURES = (".png", ".svg")


def write_everything(report: Report, structure: Structure, folder: Path, name: str = "") -> None:
    """Write every table, figure and text of a report into `folder` and say what was written.

    Where Qt or its libraries are missing, everything but the pictures is written, and that is said.
    """
    from mlgui.results.table_builders import tables

    found = tables(report)
    count = _write_tables(found, folder)
    figures = _figures(report)
    for figure in figures:
        write_file(folder / f"{file_name(figure.key)}.csv", figure_csv(figure))
    pictures, count_pictures = _paint(figures, folder)
    _write_texts(report, folder, _page(report, structure, found, pictures, name))
    count += len(figures) + count_pictures + 4
    print(ntr("{n} file written to {folder}", "{n} files written to {folder}", count).format(n=count, folder=folder))


def _write_tables(tables: Sequence[ResultTable], folder: Path) -> int:
    """Write tables in every format and return how many files that made."""
    count = 0
    for exporter in EXPORTERS:
        files = {"tables": tables} if exporter.several else {file_name(table.key): (table,) for table in tables}
        for name, content in files.items():
            write_file(folder / f"{name}{exporter.suffix}", exporter.write(content))
        count += len(files)
    return count


def _page(report: Report, structure: Structure, tables: Sequence[ResultTable], pictures: Sequence[Picture], name: str) -> bytes:
    from mlgui.spec.wording import by_level

    equations = by_level(report.design.spec, report.design.table, structure)
    name = name or tr("Multilevel model")
    return report_page(report, name=name, tables=tables, equations=equations, pictures=pictures)


def _write_texts(report: Report, folder: Path, page: bytes) -> None:
    spec, table = report.design.spec, report.design.table
    write_file(folder / "report.html", page)
    write_file(folder / "results.json", json_text(report_json(report, fitted=True)).encode())
    write_file(folder / "model.R", r_script(spec, table).encode())
    write_file(folder / "command.txt", (command_line(spec, table) + "\n").encode())


def _figures(report: Report) -> tuple[Figure, ...]:
    from mlgui.results.figures import figures

    return figures(report)


def _paint(figures: Sequence[Figure], folder: Path) -> tuple[list[Picture], int]:
    """Return the figures as SVG for the report, and how many picture files were written."""
    if not figures:
        return [], 0
    try:
        from mlgui.gui.painter import save_figure
    except ImportError as error:
        _say_left_out(figures, error)
        return [], 0
    pictures = []
    for figure in figures:
        name = file_name(figure.key)
        for suffix in PICTURES:
            save_figure(figure, folder / f"{name}{suffix}")
        svg = (folder / f"{name}.svg").read_bytes()
        pictures.append(Picture(title=figure.title, svg=svg, alt=figure.alt))
    return pictures, len(PICTURES) * len(figures)


def _say_left_out(figures: Sequence[Figure], error: ImportError) -> None:
    names = ", ".join(figure.key for figure in figures)
    print(tr("Pictures left out, as Qt cannot be loaded ({reason}): {names}").format(reason=error, names=names), file=sys.stderr)
