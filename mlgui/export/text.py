"""A report as plain text for terminals: the fit in a line, coefficients, what varies, findings."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from mlgui.results import numbers
from mlgui.results.exclusions import excluded_sentence
from mlgui.results.nouns import counted
from mlgui.results.report import Report
from mlgui.results.residual_structure import residual_table
from mlgui.results.table_builders import fixed_table, variance_table
from mlgui.results.tables import Format, ResultTable
from mlgui.spec.render import render
from mlgui.words import ntr, tr

WIDTH = 100
_LEFT_OUT = frozenset({"label", "boundary"})
"""Columns of tables that the terminal does without; a label where the term stands beside it."""


def summary(report: Report, title: str = "") -> str:
    """Return a report as text of about a screen."""
    parts = [
        title,
        render(report.design.spec),
        _facts(report),
        "",
        text_table(fixed_table(report)),
        "",
        text_table(variance_table(report)),
        "",
        *_residual(report),
        *(_wrapped(f"* {finding.title}: {finding.text}") for finding in report.findings),
        *(_wrapped(sentence) for sentence in report.sentences),
    ]
    return "\n".join(part for place, part in enumerate(parts) if part or place).rstrip() + "\n"


def _residual(report: Report) -> list[str]:
    table = residual_table(report)
    return [] if table is None else [text_table(table), ""]


def _facts(report: Report) -> str:
    groups = {component.grouping: component.n_groups for component in report.variance}
    rows = ntr("{n} row", "{n} rows", report.n).format(n=report.n)
    left_out = len(report.design.dropped_rows)
    facts = [
        rows + (tr(" ({n} left out)").format(n=left_out) if left_out else ""),
        *(counted(n, name) for name, n in groups.items()),
        f"{report.method} {tr('criterion')} {report.criterion:.4f}",
        tr("with a boundary-avoiding penalty") if report.estimates.problem.boundary_avoiding else "",
        f"AIC {report.aic:.2f}",
        f"BIC {report.bic:.2f}",
        numbers.seconds(report.seconds),
    ]
    return "\n".join(filter(None, [", ".join(filter(None, facts)), excluded_sentence(report.design)]))


def text_table(table: ResultTable) -> str:
    """Return a table as aligned plain text with its title above."""
    keys = {column.key for column in table.columns}
    left_out = _LEFT_OUT if "term" in keys else _LEFT_OUT - {"label"}
    columns = [column for column in table.columns if column.key not in left_out]
    cells = [[column.heading, *(numbers.cell(value, column, plain=True) for value in column.cells)] for column in columns]
    widths = [max(len(text) for text in column) for column in cells]
    left = [column.format is Format.TEXT for column in columns]
    lines = [_line(row, widths, left) for row in zip(*cells, strict=True)]
    return "\n".join([table.title, *lines])


def _line(texts: Sequence[str], widths: Sequence[int], left: Sequence[bool]) -> str:
    padded = (text.ljust(width) if flush else text.rjust(width) for text, width, flush in zip(texts, widths, left, strict=True))
    return "  " + "  ".join(padded).rstrip()


def _wrapped(text: str) -> str:
    return textwrap.fill(text, WIDTH, subsequent_indent="  ")
