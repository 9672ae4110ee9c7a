"""What was done to the data after they were read, in sentences: for the Data tab, the report and the scripts."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby

from mlgui.data.steps import Action, DataStep
from mlgui.data.table import Table
from mlgui.results.numbers import count
from mlgui.words import ntr, tr

_MOST_LEVELS = 6
_MOST_EDITS = 8
"""More cells than these, changed one after the other, are told together."""


def step_sentence(step: DataStep) -> str:
    """Return what one step did, as a sentence."""
    return _SENTENCES[step.action](step)


def preparation(table: Table) -> tuple[str, ...]:
    """Return the steps from the file to the table as it is, one sentence each, and which rows count; empty if there are none."""
    sentences: list[str] = []
    for action, steps in groupby(table.steps, key=lambda step: step.action):
        run = list(steps)
        many = action is Action.EDIT and len(run) > _MOST_EDITS
        sentences += [_edits(run)] if many else [step_sentence(step) for step in run]
    return tuple(filter(None, [*sentences, filter_sentence(table)]))


def _edits(steps: list[DataStep]) -> str:
    """Return many changed cells in one sentence: how many, of which columns."""
    names = ", ".join(dict.fromkeys(step.column for step in steps))
    return tr("{n} cells were changed by hand, in {names}.").format(n=count(len(steps)), names=names)


def filter_sentence(table: Table) -> str:
    """Return which rows count and how many they are, "" where all do."""
    if table.filter is None:
        return ""
    text = tr("{kept} of {n} rows count: those with {expression}.")
    return text.format(kept=count(int(table.filter.kept.sum())), n=count(table.n_rows), expression=table.filter.expression)


def _compute(step: DataStep) -> str:
    return tr("{name} was computed as {expression}.").format(name=step.column, expression=step["expression"])


def _filter(step: DataStep) -> str:
    if not step["expression"]:
        return tr("All rows were let count again.")
    return tr("Rows were kept where {expression}.").format(expression=step["expression"])


def _edit(step: DataStep) -> str:
    nothing = tr("missing")
    text = tr("{name} in row {row} was changed from {old} to {new}.")
    return text.format(name=step.column, row=step["row"], old=step["old"] or nothing, new=step["new"] or nothing)


def _paste(step: DataStep) -> str:
    n, rows = int(step["cells"]), int(step["new rows"])
    text = ntr("{n} cell was pasted into {names}.", "{n} cells were pasted into {names}.", n).format(n=n, names=step.column)
    added = ntr("{n} row was added.", "{n} rows were added.", rows).format(n=rows)
    return f"{text} {added}" if rows else text


def _kind(step: DataStep) -> str:
    return tr("{name} was read as {kind}.").format(name=step.column, kind=tr(step["kind"]))


def _levels(step: DataStep) -> str:
    pairs = [pair for pair in step.details if pair[0]]
    shown = ", ".join(old if old == new else f"{old} → {new}" for old, new in pairs[:_MOST_LEVELS])
    more = "…" if len(pairs) > _MOST_LEVELS else ""
    return tr("The levels of {name} were put in this order: {levels}.").format(name=step.column, levels=f"{shown}{more}")


def _missing(step: DataStep) -> str:
    return tr("{codes} in {name} was made missing.").format(codes=step["codes"], name=step.column)


def _rename(step: DataStep) -> str:
    return tr("{old} was renamed {new}.").format(old=step.column, new=step["to"])


def _delete(step: DataStep) -> str:
    return tr("{name} was deleted.").format(name=step.column)


def _reshape(step: DataStep) -> str:
    columns = "; ".join(names for name, names in step.details if name not in ("occasion", "id", "occasions"))
    text = tr("{columns} became the column {name}, one row for each {occasion}.")
    return text.format(columns=columns, name=step.column, occasion=step["occasion"])


def _model(step: DataStep) -> str:
    return tr("{names} were added from {model}: {what}.").format(names=step.column, model=step["model"], what=step["what"])


_SENTENCES: dict[Action, Callable[[DataStep], str]] = {
    Action.COMPUTE: _compute, Action.FILTER: _filter, Action.EDIT: _edit, Action.PASTE: _paste, Action.KIND: _kind,
    Action.LEVELS: _levels, Action.MISSING: _missing, Action.RENAME: _rename, Action.DELETE: _delete,
    Action.RESHAPE: _reshape, Action.MODEL: _model,
}  # fmt: skip
