"""What is wrong or worth knowing about a model before it is fitted."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from mlgui.data.structure import Structure
from mlgui.data.table import Kind, Table
from mlgui.findings import Finding, Remedy, Severity
from mlgui.spec.arithmetic import did_you_mean
from mlgui.spec.exclusion import excluded_rows
from mlgui.spec.group_checks import group_findings
from mlgui.spec.model import ModelSpec
from mlgui.spec.outcome_checks import outcome_findings
from mlgui.spec.predictor_checks import predictor_findings
from mlgui.spec.roles import reason_not_weight
from mlgui.spec.situation import Situation, situation_of
from mlgui.words import ntr, tr

_ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}


def check(spec: ModelSpec, table: Table, structure: Structure | None = None) -> tuple[Finding, ...]:
    """Return what was found, errors first. With an ERROR no fit is possible; the first one says what to do."""
    unknown = tuple(name for name in spec.columns if name not in table)
    if unknown:
        return tuple(_unknown_column(name, table) for name in unknown)
    situation = situation_of(spec, table, structure)
    if not situation.n_used:
        return (_no_rows(situation),)
    found = [
        *outcome_findings(situation),
        *_weights(situation),
        *_infinite(situation),
        *group_findings(situation),
        *predictor_findings(situation),
    ]
    return tuple(sorted(found, key=lambda finding: _ORDER[finding.severity]))


def _unknown_column(name: str, table: Table) -> Finding:
    return Finding(
        code="unknown-column",
        severity=Severity.ERROR,
        title=tr("There is no column called “{name}”").format(name=name),
        text=" ".join(filter(None, [tr("The model reads it, but the data do not have it."), did_you_mean(name, table.names)])),
        about=(name,),
    )


def _no_rows(situation: Situation) -> Finding:
    counts = {name: situation.table[name].n_missing for name in situation.spec.columns}
    worst = max(counts, key=lambda name: counts[name])
    return Finding(
        code="no-rows",
        severity=Severity.ERROR,
        title=tr("No row can be used"),
        text=_why_no_rows(situation, worst, counts[worst]),
        about=(worst,),
    )


def _why_no_rows(situation: Situation, worst: str, missing: int) -> str:
    if not situation.table.n_rows:
        return tr("The table has no rows. Open a file with data.")
    if situation.spec.excluded and excluded_rows(situation.spec.excluded, situation.table).all():
        return tr("All groups are left out. Take some of them in again.")
    weights = situation.spec.weights
    if weights and not reason_not_weight(situation.table[weights]) and (np.asarray(situation.table[weights].values) == 0).all():
        return tr("The weight “{name}” is 0 in every row. Choose another column of weights, or none.").format(name=weights)
    return tr(
        "Every row lacks a value in some column of the model; “{column}” in {missing} of {n} rows. "
        "Leave it out, or check how missing values are written in the file."
    ).format(column=worst, missing=missing, n=situation.table.n_rows)


def _weights(situation: Situation) -> Iterator[Finding]:
    name = situation.spec.weights
    if not name:
        return
    off = Remedy(label=tr("Do not weight"), edit="set_weights", arguments=(("column", None),))
    column = situation.table[name]
    reason = reason_not_weight(column)
    if not reason and (np.asarray(situation.values(column)) < 0).any():
        reason = tr("“{name}” has negative values.").format(name=name)
    if reason:
        yield Finding(
            code="weights",
            severity=Severity.ERROR,
            title=tr("“{name}” cannot weight the rows").format(name=name),
            text=reason + " " + tr("A weight says how precise a row is: its residual variance is sigma² / weight."),
            about=(name,),
            remedies=(off,),
        )
        return
    zeros = int(np.count_nonzero(np.asarray(column.values) == 0))
    if zeros:
        yield Finding(
            code="zero-weights",
            severity=Severity.NOTE,
            title=ntr("{n} row has weight 0", "{n} rows have weight 0", zeros).format(n=zeros),
            text=tr("Such rows say nothing, so they are left out and not counted."),
            about=(name,),
        )


def _infinite(situation: Situation) -> Iterator[Finding]:
    for name in situation.spec.columns:
        column = situation.table[name]
        if column.kind is not Kind.NUMBER:
            continue
        infinite = np.isinf(np.asarray(column.values, dtype=np.float64)) & situation.used
        if infinite.any():
            yield Finding(
                code="infinite-values",
                severity=Severity.ERROR,
                title=tr("“{name}” has an infinite value").format(name=name),
                text=tr(
                    "The first one is in row {row}. Nothing can be computed from it. Correct it, or declare it missing."
                ).format(row=int(situation.table.row_ids[int(np.argmax(infinite))])),
                about=(name,),
            )
