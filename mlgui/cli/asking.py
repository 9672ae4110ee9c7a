"""Commands that fit a model and write tables of what it is asked: one way in, one way out for all of them."""

from __future__ import annotations

import argparse
import textwrap
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from mlgui.cli.fitting import spec_of
from mlgui.cli.opening import open_data, write_file, write_json
from mlgui.cli.predicting import table_json
from mlgui.errors import UserError
from mlgui.words import tr

if TYPE_CHECKING:
    from mlgui.results.report import Report
    from mlgui.results.tables import ResultTable

Make = Callable[["Report", argparse.Namespace], Sequence["ResultTable"]]


def run_tables(chosen: argparse.Namespace, make: Make) -> int:
    """Fit the model that was asked for, make tables of it, and write them as JSON, CSV or text; no comparators are fitted."""
    from mlgui.export.csv import table_csv
    from mlgui.export.text import WIDTH, text_table
    from mlgui.session.jobs import fit_model, one_blas_thread
    from mlgui.spec.render import render

    reading, structure = open_data(chosen)
    spec = spec_of(chosen, reading.table, structure)
    report = fit_model(reading.table, structure, spec)
    widths = sorted(groups.n_groups * groups.z.shape[1] for groups in report.design.problem.groupings)
    with one_blas_thread(sum(widths[:-1])):
        tables = make(report, chosen)
    if chosen.csv:
        _write_csv(Path(chosen.csv), [table_csv(table) for table in tables])
    if chosen.json:
        write_json({"formula": render(spec), "tables": [table_json(table) for table in tables]}, chosen.json)
    if chosen.json != "-" and not chosen.csv:
        print("\n\n".join("\n".join([text_table(table), *textwrap.wrap(table.note, WIDTH)]) for table in tables))
    return 0


def _write_csv(path: Path, contents: Sequence[bytes]) -> None:
    """Write the first table to the file, others beside it with a number at the end of the name."""
    for place, content in enumerate(contents, start=1):
        write_file(path if place == 1 else path.with_stem(f"{path.stem}_{place}"), content)


def grouping_of(report: Report, name: str | None) -> str:
    """Return the grouping that was named, or the first; UserError that lists the groupings where there is none."""
    names = [groups.grouping for groups in report.groups]
    if not names:
        raise UserError(tr("The model has no groups."), "", tr("Add a term such as (1 | group) to the formula."))
    if name is not None and name not in names:
        raise UserError(
            tr("Nothing varies by “{name}” in this model.").format(name=name),
            "",
            tr("Its groupings are: {list}.").format(list=", ".join(names)),
        )
    return names[0] if name is None else name


def varying_of(report: Report, grouping: str, name: str | None) -> str:
    """Return the varying coefficient that was named, or the first of a grouping; UserError where it does not vary."""
    names = next(groups.names for groups in report.groups if groups.grouping == grouping)
    if name is not None and name not in names:
        raise UserError(
            tr("“{name}” does not vary by “{grouping}”.").format(name=name, grouping=grouping),
            "",
            tr("What does: {list}.").format(list=", ".join(names)),
        )
    return names[0] if name is None else name


def values_at(report: Report, given: Sequence[str]) -> dict[str, tuple[float | str, ...]]:
    """Return the values that `NAME=V,W` sets for predictors; UserError for a name or number that is none."""
    from mlgui.results.reference_grid import axes_of

    axes, found = axes_of(report), dict[str, tuple[float | str, ...]]()
    for text in given:
        name, mark, values = text.rpartition("=")
        if not mark:
            raise UserError(tr("“{text}” sets nothing.").format(text=text), "", tr("Write --at NAME=VALUE or --at NAME=V,W."))
        category = name in axes and axes[name].is_category
        parts = [part.strip() for part in values.split(",")]
        found[name] = tuple(parts) if category else tuple(_number(part, name) for part in parts)
    return found


def _number(text: str, name: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise UserError(tr("“{text}” is no number for {name}.").format(text=text, name=name)) from None


def weights_of(given: Sequence[str]) -> dict[str, float]:
    """Return the weights that `TERM=NUMBER` gives to coefficients."""
    found = {}
    for text in given:
        name, mark, value = text.rpartition("=")
        if not mark:
            raise UserError(tr("“{text}” is no weight.").format(text=text), "", tr("Write TERM=NUMBER, such as ses=1."))
        found[name] = _number(value, name)
    return found
