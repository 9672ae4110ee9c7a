"""What the export dialog writes: each function returns the files it wrote, and raises UserError where it could not."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from mlgui.errors import UserError
from mlgui.export.chapter import Chapter, Picture
from mlgui.export.csv import BYTE_ORDER_MARK
from mlgui.export.figure_data import figure_csv
from mlgui.export.files import file_name
from mlgui.export.formats import EXPORTERS
from mlgui.export.json_report import json_text, report_json
from mlgui.export.layout import PLAIN, TableStyle
from mlgui.export.prepared import is_prepared, prepared_csv, prepared_name
from mlgui.export.report_docx import report_docx
from mlgui.export.report_html import report_page
from mlgui.export.syntax import SCRIPTS, script_for
from mlgui.gui.painter import FORMATS, save_figure
from mlgui.gui.report_pdf import ROOM, report_pdf
from mlgui.results.figure import Figure
from mlgui.results.figure_edits import edited, edits_of
from mlgui.results.figures import figures
from mlgui.results.methods import bibtex
from mlgui.results.report import Report
from mlgui.results.table_builders import tables
from mlgui.results.tables import ResultTable
from mlgui.session.archive import write_atomically
from mlgui.session.models import Model
from mlgui.spec.wording import by_level
from mlgui.words import tr

Written = list[Path]


@dataclass(frozen=True, kw_only=True)
class FigureOptions:
    """Size on paper in mm, dpi of bitmaps, size of the smallest text in points, grey instead of colours."""

    size_mm: tuple[float, float]
    dpi: int = 300
    text_pt: float = 8.0
    grey: bool = False


def figure_targets(folder: Path, name: str, suffixes: Iterable[str]) -> Written:
    """Return the files a figure would be written to."""
    return [folder / f"{file_name(name)}{suffix}" for suffix in suffixes]


def write_figure(figure: Figure, targets: Sequence[Path], options: FigureOptions) -> Written:
    """Write one figure in the format of each target's suffix; .csv holds its numbers."""
    for target in targets:
        if target.suffix in FORMATS:
            size, text = options.size_mm, options.text_pt
            save_figure(figure, target, dpi=options.dpi, size_mm=size, text_pt=text, grey=options.grey)
        else:
            write_atomically(target, figure_csv(figure))
    return list(targets)


def table_targets(folder: Path, name: str, chosen: Sequence[ResultTable], suffixes: Sequence[str]) -> Written:
    """Return the files tables would be written to: one for all where the format holds several, else one file a table."""
    found = []
    for exporter in EXPORTERS:
        if exporter.suffix in suffixes:
            names = [name] if exporter.several else [f"{name}-{table.key}" for table in chosen]
            found += [folder / f"{file_name(each)}{exporter.suffix}" for each in names]
    return found


def write_tables(chosen: Sequence[ResultTable], folder: Path, name: str, suffixes: Sequence[str], *, mark: bool,
                 style: TableStyle = PLAIN) -> Written:  # fmt: skip
    """Write tables. mark: begin CSV files so that spreadsheets see UTF-8. style: of tables for people."""
    targets = table_targets(folder, name, chosen, suffixes)
    remaining = iter(targets)
    for exporter in EXPORTERS:
        if exporter.suffix in suffixes:
            for part in [chosen] if exporter.several else [[table] for table in chosen]:
                content = exporter.write(part, style)
                byte_order_mark = BYTE_ORDER_MARK.encode() if mark and exporter.suffix == ".csv" else b""
                write_atomically(next(remaining), byte_order_mark + content)
    return targets


def report_targets(folder: Path, name: str, suffixes: Iterable[str]) -> Written:
    """Return the files a report would be written to."""
    return [folder / f"{file_name(name)}{suffix}" for suffix in suffixes]


def report_preview(report: Report, model: Model) -> bytes:
    """Return the report of one model as a page without its figures and its longest tables."""
    return report_page([_chapter(report, model, "")], room=ROOM)


def write_report(
    report: Report,
    model: Model,
    targets: Sequence[Path],
    *,
    style: TableStyle = PLAIN,
    others: Sequence[tuple[Report, Model]] = (),
) -> Written:
    """Write a report in the form of each target's suffix: a document, numbers, references, or a script that makes the same fit.

    others: further models of a document (.html, .docx, .pdf); numbers and scripts are of the first.
    """
    for target in targets:
        write_atomically(target, _report_content(report, model, target, style, others))
    return [*targets, *_prepared_data(report, targets)]


def _prepared_data(report: Report, targets: Sequence[Path]) -> Written:
    """Write the data beside scripts, where they were changed since they were read; return the file."""
    table = report.design.table
    if not is_prepared(table) or not any(target.suffix in SCRIPTS for target in targets):
        return []
    path = targets[0].parent / prepared_name(table)
    write_atomically(path, prepared_csv(table))
    return [path]


def _report_content(
    report: Report, model: Model, target: Path, style: TableStyle, others: Sequence[tuple[Report, Model]]
) -> bytes:
    spec, table, suffix = report.design.spec, report.design.table, target.suffix
    models = ((report, model), *others)
    if suffix == ".html":
        return report_page([_chapter(*each, ".svg") for each in models])
    if suffix == ".docx":
        return report_docx([_chapter(*each, ".png") for each in models], style)
    if suffix == ".pdf":
        page = report_page([_chapter(*each, ".png") for each in models], room=ROOM)
        return report_pdf(page.decode("utf-8"), "; ".join(each.name for _, each in models))
    if suffix == ".json":
        return json_text(report_json(report, fitted=True)).encode("utf-8")
    text = bibtex(report) if suffix == ".bib" else script_for(target.name)(spec, table)
    return text.encode("utf-8", "backslashreplace")


def _chapter(report: Report, model: Model, suffix: str) -> Chapter:
    """Return all there is to say of one model; pictures painted as .svg or .png, none for an empty suffix."""
    equations = by_level(report.design.spec, report.design.table)
    pictures = _pictures(report, model, suffix) if suffix else []
    return Chapter(report=report, name=model.name, tables=tables(report), equations=equations, pictures=pictures, note=model.note)


def _pictures(report: Report, model: Model, suffix: str) -> list[Picture]:
    """Return every figure of a report, painted as .svg or .png."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"figure{suffix}"
        for figure in figures_of(report, model):
            save_figure(figure, path)
            content = {suffix[1:]: path.read_bytes()}
            found.append(Picture(title=figure.title, svg=content.get("svg", b""), png=content.get("png", b""), alt=figure.alt))
    return found


def figures_of(report: Report, model: Model) -> tuple[Figure, ...]:
    """Return every figure of a report as the user edited it in this model."""
    return tuple(edited(figure, edits_of(model.figure_edits, figure.key)) for figure in figures(report))


def usable_folder(folder: Path) -> Path:
    """Return the folder, made if it is missing; UserError where that is impossible."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        what = tr("The folder {name} cannot be used.").format(name=folder.name)
        raise UserError(what, str(error.strerror or error), tr("Choose another folder.")) from error
    return folder
