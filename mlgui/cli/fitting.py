"""`mlgui fit`: a file and a formula in; a summary, JSON, tables and figures out."""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from mlgui.cli.opening import open_data, write_json
from mlgui.errors import UserError
from mlgui.words import tr

if TYPE_CHECKING:
    from mlgui.data.structure import Structure
    from mlgui.data.table import Table
    from mlgui.results.report import Report
    from mlgui.results.tables import ResultTable
    from mlgui.spec.model import ModelSpec

_AROUND = 60
"""Characters of a wrong formula that are shown before and after the place."""


def run_fit(chosen: argparse.Namespace) -> int:
    """Fit the model that was asked for, or a guessed one, and write what was asked for."""
    from mlgui.export.json_further import further_json
    from mlgui.export.json_report import report_json
    from mlgui.export.text import summary, text_table
    from mlgui.session.jobs import fit_model

    reading, structure = open_data(chosen)
    spec = spec_of(chosen, reading.table, structure)
    report = fit_model(reading.table, structure, spec)
    further = _further(chosen, report)
    if chosen.json:
        write_json({**report_json(report, fitted=chosen.fitted), **further_json(further)}, chosen.json)
    if chosen.json != "-":
        print(summary(report))
        for table in further:
            print(text_table(table), table.note, "", sep="\n")
    if chosen.columns:
        _write_columns(report, Path(chosen.columns))
    if chosen.out:
        from mlgui.cli.output import write_everything
        from mlgui.export.layout import TableStyle

        style = TableStyle(apa=chosen.apa, comma=chosen.decimal_comma)
        written = write_everything(report, structure, Path(chosen.out), style=style)
        print(written, file=sys.stderr if chosen.json == "-" else sys.stdout)
    return 0


def _write_columns(report: Report, path: Path) -> None:
    """Write predictions, residuals and group estimates of every row as CSV, the number of the row in the file in front."""
    from mlgui.export.csv import csv_bytes
    from mlgui.results.model_columns import ModelColumns, model_columns, with_row_ids
    from mlgui.session.archive import write_atomically

    header, rows = with_row_ids(report.design.table, model_columns(report, ModelColumns))
    write_atomically(path, csv_bytes(header, rows))


def _further(chosen: argparse.Namespace, report: Report) -> tuple[ResultTable, ...]:
    """Return the tables asked for beyond the report."""
    from mlgui.session.further import Further, further_tables

    wanted = Further(
        kenward_roger=chosen.df == "kr",
        intervals=chosen.ci or "",
        tests=chosen.tests,
        replicates=chosen.replicates,
        seed=chosen.seed,
    )
    return further_tables(report, wanted)


def spec_of(chosen: argparse.Namespace, table: Table, structure: Structure) -> ModelSpec:
    """Return the model that was typed, or the guessed one, with the codings asked for."""
    from dataclasses import replace

    from mlgui.cli.opening import column_of
    from mlgui.spec.model import Coding, Contrast
    from mlgui.spec.residual import parse_residual

    spec = _parsed(chosen.formula, table) if chosen.formula is not None else guess(table, structure)
    sums = tuple(Coding(column=column_of(table, name).name, contrast=Contrast.SUM) for name in chosen.sum)
    residual = parse_residual(chosen.residual)
    for name in residual.columns:
        column_of(table, name)
    spec = replace(spec, reml=not chosen.ml, weights=chosen.weights, codings=sums, residual=residual)
    spec = replace(spec, boundary_avoiding=chosen.boundary_avoiding)
    return _without_groups(spec, table, chosen.without)


def _without_groups(spec: ModelSpec, table: Table, texts: Sequence[str]) -> ModelSpec:
    """Return the model without the groups of texts such as "school=1308,8367"; levels are separated as in a CSV file."""
    from mlgui.cli.opening import column_of
    from mlgui.spec.edits import leave_out_groups
    from mlgui.spec.terms import Grouping

    for text in texts:
        name, _, levels = text.partition("=")
        columns = (name,) if name in table else tuple(name.split(":"))
        for column in columns:
            column_of(table, column)
        spec = leave_out_groups(spec, Grouping(columns), next(csv.reader([levels], skipinitialspace=True), []))
    return spec


def _parsed(formula: str, table: Table) -> ModelSpec:
    """Return the model that was typed; where it is wrong, a line with a caret under the character comes with the error."""
    from mlgui.spec.formula import parse

    try:
        return parse(formula, columns=table.names)
    except UserError as error:
        if error.position is not None:
            print(_pointed_at(formula, error.position), file=sys.stderr)
        raise


def _pointed_at(formula: str, position: int) -> str:
    """Return the part of a formula around a character, and a caret below that character."""
    start, end = max(position - _AROUND, 0), position + _AROUND
    shown = "".join(character if character.isprintable() else " " for character in formula[start:end])
    return f"  {shown}\n  {' ' * (position - start)}^"


def guess(table: Table, structure: Structure) -> ModelSpec:
    """Return the guessed model and say on standard error that it is a guess; UserError where nothing can be guessed."""
    from mlgui.session.models import guessed_spec
    from mlgui.spec.render import render

    spec = guessed_spec(table, structure)
    if spec is None or not spec.random:
        raise UserError(
            tr("No model could be guessed."),
            tr("No column looks like an outcome, or none like groups."),
            tr("Say which with --formula, such as --formula \"y ~ x + (1 | group)\"."),
        )  # fmt: skip
    print(tr("Guessed, as no formula was given: {formula}").format(formula=render(spec)), file=sys.stderr)
    return spec
