"""What a fit says of every row, as columns of its table: predictions, residuals, and the estimates of the row's groups."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from mlgui.data.table import Column, Kind, Table
from mlgui.engine.residuals import residuals
from mlgui.results.report import GroupEstimates, Report
from mlgui.words import tr

Floats = NDArray[np.float64]
INTERCEPT = "(Intercept)"


class ModelColumns(StrEnum):
    """Which columns. PREDICTED: with and without the deviations of groups. RESIDUAL: raw and scaled.

    GROUPS: totals, their standard errors, deviations.
    """

    PREDICTED = "predicted"
    RESIDUAL = "residual"
    GROUPS = "groups"


def model_columns(report: Report, wanted: Iterable[ModelColumns], prefix: str = "") -> tuple[Column, ...]:
    """Return columns of length n over all rows of the table; rows the fit did not use are missing.

    prefix: put before every name, such as the name of the model. Estimates of a group stand in each of its used rows.
    """
    chosen = frozenset(wanted)
    made: list[tuple[str, str, Floats]] = []
    if ModelColumns.PREDICTED in chosen:
        made += _predicted(report)
    if ModelColumns.RESIDUAL in chosen:
        made += _residuals(report)
    if ModelColumns.GROUPS in chosen:
        made += [column for index, groups in enumerate(report.groups) for column in _groups(report, index, groups)]
    lead = f"{prefix}: " if prefix else ""
    return tuple(_column(report, f"{lead}{name}", label, values) for name, label, values in made)


def with_row_ids(table: Table, columns: tuple[Column, ...]) -> tuple[list[str], list[list[object]]]:
    """Return header and rows of a file of these columns, the number of each row in front; missing values are empty."""
    ids: list[object] = table.row_ids.tolist()
    cells = [[None if np.isnan(value) else value for value in column.values.tolist()] for column in columns]
    return [tr("row"), *(column.name for column in columns)], [list(row) for row in zip(ids, *cells, strict=True)]


def words_of(wanted: Iterable[ModelColumns]) -> str:
    """Return what is added, in words for the history of the data."""
    words = {
        ModelColumns.PREDICTED: tr("predicted values"),
        ModelColumns.RESIDUAL: tr("residuals"),
        ModelColumns.GROUPS: tr("group estimates"),
    }
    return ", ".join(words[one] for one in ModelColumns if one in frozenset(wanted))


def _column(report: Report, name: str, label: str, values: Floats) -> Column:
    full = np.full(report.design.table.n_rows, np.nan)
    full[report.design.rows] = values
    return Column(name=name, kind=Kind.NUMBER, values=full, label=label)


def _predicted(report: Report) -> list[tuple[str, str, Floats]]:
    outcome, estimates = report.design.outcome_label, report.estimates
    found = [(tr("predicted {outcome}").format(outcome=outcome), tr("with the estimates of the row's groups"), estimates.fitted)]
    if report.groups:
        name = tr("average {outcome}").format(outcome=outcome)
        found.append((name, tr("from the average coefficients alone"), estimates.fixed_part))
    return found


def _residuals(report: Report) -> list[tuple[str, str, Floats]]:
    outcome, found = report.design.outcome_label, residuals(report.estimates)
    return [
        (tr("residual {outcome}").format(outcome=outcome), tr("observed less predicted"), found.response),
        (tr("scaled residual {outcome}").format(outcome=outcome), tr("residual in residual SDs"), found.scaled),
    ]


def _groups(report: Report, index: int, groups: GroupEstimates) -> Iterator[tuple[str, str, Floats]]:
    """Yield the total, its standard error and the deviation of every coefficient that varies by a grouping."""
    codes = report.design.problem.groupings[index].codes
    for place, (name, words) in enumerate(zip(groups.names, groups.labels, strict=True)):
        what = tr("intercept") if name == INTERCEPT else tr("slope of {name}").format(name=words)
        parts = {"name": what, "grouping": groups.grouping}
        yield tr("{name} by {grouping}").format(**parts), tr("estimate of the row's group"), groups.total[codes, place]
        yield tr("SE of {name} by {grouping}").format(**parts), tr("standard error"), groups.total_se[codes, place]
        deviation = tr("deviation from its group-level prediction")
        yield tr("deviation of {name} by {grouping}").format(**parts), deviation, groups.deviation[codes, place]
