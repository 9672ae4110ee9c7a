"""Models as one HTML file that needs nothing else: words, equations, tables, pictures, and what made them."""

from __future__ import annotations

import base64
import math
from collections.abc import Sequence
from html import escape

from mlgui import __version__
from mlgui.export.chapter import Chapter, Picture, for_paper
from mlgui.export.fingerprint import fingerprint
from mlgui.export.html import page, table_fragment
from mlgui.export.script import command_line, r_script
from mlgui.findings import Finding, Severity
from mlgui.results import numbers
from mlgui.results.data_history import preparation
from mlgui.results.methods import methods, references
from mlgui.results.nouns import counted, counted_rows
from mlgui.results.report import Report
from mlgui.results.reporting import reporting_table
from mlgui.spec.render import render
from mlgui.spec.wording import EquationLine, Run, Style
from mlgui.words import ntr, tr

_STYLE = """
body { font: 15px/1.5 Inter, "Segoe UI", system-ui, sans-serif; color: #1B1C21; }
body { max-width: 60em; margin: 2em auto; padding: 0 1.5em; }
h1 { font-size: 26px; } h2 { font-size: 18px; margin-top: 2em; } table { margin: 0.4em 0; }
pre, code { font: 12.5px/1.5 "JetBrains Mono", Consolas, monospace; background: #F3F3F0; }
pre { padding: 0.8em; white-space: pre-wrap; } img { max-width: 100%; } figure { margin: 1.5em 0; }
figcaption, .facts { color: #52555E; } .scroll { overflow-x: auto; }
.equation { font: italic 17px/1.8 "STIX Two Text", "Times New Roman", serif; } .equation .upright { font-style: normal; }
.level { font: 12px Inter, system-ui, sans-serif; color: #52555E; display: inline-block; min-width: 8em; }
.finding { border-left: 3px solid #D2D1CB; padding: 0.1em 0 0.1em 1em; }
.warning { border-color: #E69F00; } .error { border-color: #B3261E; }
@media print { body { margin: 0; max-width: none; } h2, figure { break-inside: avoid; } }
"""


def report_page(chapters: Sequence[Chapter], *, room: float = math.inf) -> bytes:
    """Return the report of one or several models as a self-contained HTML page, UTF-8.

    room: characters side by side in tables, where the page is paper; very long tables are left out there.
    """
    several = len(chapters) > 1
    shown = [for_paper(chapter) for chapter in chapters] if room < math.inf else chapters
    parts = [_contents(shown)] if several else []
    parts += [_chapter(chapter, place, room) for place, chapter in enumerate(shown, 1)]
    cited = {reference.key: reference.text for chapter in chapters for reference in references(chapter.report)}
    parts += [_section(tr("References"), _paragraphs(sorted(cited.values(), key=str.lower))), _origin(chapters)]
    title = "; ".join(chapter.name for chapter in chapters)
    return page(title, "\n".join(part for part in parts if part), _STYLE).encode("utf-8", "xmlcharrefreplace")


def _chapter(chapter: Chapter, place: int, room: float) -> str:
    """Return everything about one model. place: its number, from 1."""
    report = chapter.report
    tables = (f'<div class="scroll">{table_fragment(table, room=room)}</div>' for table in chapter.tables)
    sections = [
        f'<h1 id="model-{place}">{escape(chapter.name)}: {escape(report.design.outcome_label)}</h1>',
        _facts(report),
        _section(tr("Note"), _paragraphs(chapter.note.split("\n\n")) if chapter.note.strip() else ""),
        _section(tr("What this means"), _paragraphs(report.sentences)),
        _section(tr("Methods"), _paragraphs(methods(report))),
        _section(tr("Data preparation"), _paragraphs(preparation(report.design.table))),
        _section(tr("Findings"), "".join(_finding(finding) for finding in report.findings)),
        _section(tr("The model"), _equations(chapter.equations) + f"<pre>{escape(render(report.design.spec))}</pre>"),
        _section(tr("Tables"), "".join(tables) + _paragraphs(chapter.left_out)),
        _section(tr("Figures"), "".join(_figure(picture) for picture in chapter.pictures)),
        _section(tr("Checklist"), table_fragment(reporting_table(report, fingerprint(report.design.table)))),
        _section(tr("To get the same numbers"), _reproduction(report)),
    ]
    return "\n".join(part for part in sections if part)


def _contents(chapters: Sequence[Chapter]) -> str:
    """Return a list of the models with links to them."""
    lines = (
        f'<li><a href="#model-{place}">{escape(chapter.name)}</a>: <code>{escape(render(chapter.report.design.spec))}</code></li>'
        for place, chapter in enumerate(chapters, 1)
    )
    return f"<nav><ol>{''.join(lines)}</ol></nav>"


def _section(title: str, body: str) -> str:
    return f"<section><h2>{escape(title)}</h2>\n{body}</section>" if body else ""


def _paragraphs(texts: Sequence[str]) -> str:
    return "".join(f"<p>{escape(text)}</p>" for text in texts)


def _facts(report: Report) -> str:
    sizes = {component.grouping: component.n_groups for component in report.variance}
    rows, groups = counted_rows(report.n, report.design), [counted(n, name) for name, n in sizes.items()]
    criterion = tr("criterion {value}").format(value=numbers.number(report.criterion, 2))
    aic = f"AIC {numbers.number(report.aic, 1)}"
    parts = [rows, *groups, report.method, criterion, aic]
    return f'<p class="facts">{escape(" · ".join(parts))}</p>'


def _finding(finding: Finding) -> str:
    kind = {Severity.WARNING: " warning", Severity.ERROR: " error"}.get(finding.severity, "")
    return f'<div class="finding{kind}"><p><b>{escape(finding.title)}</b><br>{escape(finding.text)}</p></div>'


def _equations(lines: Sequence[EquationLine]) -> str:
    return "".join(
        f'<div class="equation"><span class="level">{escape(line.level)}</span> {"".join(_run(run) for run in line.runs)}</div>'
        for line in lines
    )


def _run(run: Run) -> str:
    text = escape(run.text)
    if run.style is Style.UPRIGHT:
        text = f'<span class="upright">{text}</span>'
    return f"<{run.script}>{text}</{run.script}>" if run.script in ("sub", "sup") else text


def _figure(picture: Picture) -> str:
    """Return a figure as an image: inside an image an SVG runs no scripts and its ids meet no others."""
    kind = "svg+xml" if picture.svg else "png"
    data = base64.b64encode(picture.svg or picture.png).decode("ascii")
    image = f'<img src="data:image/{kind};base64,{data}" alt="{escape(picture.alt or picture.title)}">'
    return f"<figure>{image}<figcaption>{escape(picture.title)}</figcaption></figure>"


def _reproduction(report: Report) -> str:
    spec, table = report.design.spec, report.design.table
    return f"<pre>{escape(command_line(spec, table))}</pre><pre>{escape(r_script(spec, table))}</pre>"


def _origin(chapters: Sequence[Chapter]) -> str:
    """Return what the report was made with, and from which data."""
    tables = {fingerprint(chapter.report.design.table): chapter.report.design.table for chapter in chapters}
    parts = [tr("Made with mlgui {version}.").format(version=__version__)]
    for total, table in tables.items():
        rows = ntr("{n} row", "{n} rows", table.n_rows).format(n=numbers.count(table.n_rows))
        columns = ntr("{n} column", "{n} columns", len(table.columns)).format(n=len(table.columns))
        text = tr("Data: {name} ({rows}, {columns}), SHA-256 of the contents {sum}.")
        parts.append(text.format(name=table.source.name or tr("unnamed"), rows=rows, columns=columns, sum=total))
    return f'<footer class="facts"><p>{escape(" ".join(parts))}</p></footer>'
