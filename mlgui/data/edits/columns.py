"""New columns from old ones, and other kinds, levels, names and missing codes for those that are there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from mlgui.data.edits.finishing import finished, require_name, with_column_beside
from mlgui.data.expressions import columns_of, evaluate, read_expression
from mlgui.data.kinds import as_category, as_id, as_number, as_ordered, label_of_number
from mlgui.data.numbers import read_numbers
from mlgui.data.steps import Action, DataStep
from mlgui.data.table import CODED, Column, Kind, Table
from mlgui.errors import UserError
from mlgui.words import tr

CONVERSIONS = {Kind.NUMBER: as_number, Kind.CATEGORY: as_category, Kind.ORDERED: as_ordered, Kind.ID: as_id}
"""Kinds a column can be changed into."""


def computed(table: Table, name: str, expression: str, *, replacing: str = "") -> Table:
    """Return the table with a column made by an expression, beside the first column it reads.

    replacing: the column whose place it takes, if it bears its name. UserError with a position for a wrong expression.
    """
    name = require_name(table, name, replacing)
    tree = read_expression(expression, table)
    column = evaluate(tree, table, name)
    read = columns_of(tree)
    step = DataStep(action=Action.COMPUTE, column=name, details=(("expression", expression),))
    return finished(with_column_beside(table, column, read[0] if read else ""), step, frozenset({name}))


def with_model_columns(table: Table, columns: Sequence[Column], model: str, what: str) -> Table:
    """Return the table with columns that a model gave, replacing those of their names. what: which, in words."""
    for column in columns:
        table = table.with_column(column)
    names = ", ".join(column.name for column in columns)
    step = DataStep(action=Action.MODEL, column=names, details=(("model", model), ("what", what)))
    return finished(table, step, frozenset(column.name for column in columns))


def with_kind(table: Table, name: str, kind: Kind) -> Table:
    """Return the table with a column read as another kind. UserError names the first value that does not fit."""
    column = CONVERSIONS[kind](table[name])
    step = DataStep(action=Action.KIND, column=name, details=(("kind", str(kind)),))
    return finished(table.with_column(column), step, frozenset({name}))


def with_levels(table: Table, name: str, renamed: Sequence[tuple[str, str]], *, ordered: bool) -> Table:
    """Return the table with other labels and another order of the levels of a column.

    renamed: (old label, new label) in the new order; equal new labels merge levels. A number column gets labels for its
    values: the old labels are its numbers as written. UserError where a level is left out or a label empty.
    """
    labels = as_category(table[name])
    old = [pair[0] for pair in renamed]
    if sorted(old) != sorted(labels.levels):
        raise UserError(tr("Every level of {name} has to be named once.").format(name=name))
    if any(not new.strip() for _, new in renamed):
        raise UserError(tr("A level has no label."), "", tr("Write one, or give it the label of the level it belongs to."))
    place: dict[str, int] = {}
    code_of = {before: place.setdefault(new.strip(), len(place)) for before, new in renamed}
    lookup = np.array([*(code_of[level] for level in labels.levels), -1], dtype=np.int32)
    kind = Kind.ORDERED if ordered else _unordered(table[name].kind)
    column = Column(name=name, kind=kind, values=lookup[labels.values.astype(np.int32)], levels=tuple(place), label=labels.label)
    details = (*renamed, ("", "ordered" if ordered else ""))
    return finished(table.with_column(column), DataStep(action=Action.LEVELS, column=name, details=details), frozenset({name}))


def _unordered(kind: Kind) -> Kind:
    return kind if kind in (Kind.ID, Kind.TEXT) else Kind.CATEGORY


def with_missing(table: Table, name: str, codes: Sequence[str]) -> Table:
    """Return the table with values of a column made missing: numbers, or labels. UserError if none of them occurs."""
    column = table[name]
    wanted = [code.strip() for code in codes if code.strip()]
    gone = _coded_as(column, wanted)
    if not bool(gone.any()):
        raise UserError(
            tr("None of these values occurs in {name}.").format(name=name),
            tr("Looked for: {codes}.").format(codes=", ".join(wanted)) if wanted else "",
            tr("Write the values that stand for “missing”, separated by semicolons."),
        )
    step = DataStep(action=Action.MISSING, column=name, details=(("codes", "; ".join(wanted)),))
    return finished(table.with_column(_without_values(column, gone)), step, frozenset({name}))


def _coded_as(column: Column, codes: Sequence[str]) -> np.ndarray:  # type: ignore[type-arg]
    if column.kind in CODED:
        code_labels = {level: label_of_number(code) for level, code in zip(column.levels, column.level_codes)}
        hit = [level in codes or code_labels.get(level) in codes for level in column.levels]
        return np.asarray(np.array([*hit, False])[column.values.astype(np.int32)])
    if column.kind in (Kind.DATE, Kind.DATETIME):
        return np.isin(np.datetime_as_string(column.values), list(codes))  # type: ignore[arg-type]
    numbers = [value for code in codes for value in _either_mark(code)]
    return np.isin(column.values, numbers)


def _either_mark(text: str) -> list[float]:
    values = (read_numbers([text], mark, mark_known=True).values[0] for mark in ".,")
    return [value for value in values if value is not None][:1]


def _without_values(column: Column, gone: np.ndarray) -> Column:  # type: ignore[type-arg]
    values = column.values.copy()
    if column.kind not in CODED:
        values[gone] = "NaT" if column.kind in (Kind.DATE, Kind.DATETIME) else np.nan  # type: ignore[call-overload]
        return replace(column, values=values)
    values[gone] = -1
    codes = values.astype(np.int32)
    used = np.bincount(codes[codes >= 0], minlength=len(column.levels)) > 0
    lookup = np.append(np.where(used, np.cumsum(used) - 1, -1), -1).astype(np.int32)
    kept = [place for place, there in enumerate(used.tolist()) if there]
    level_codes = tuple(column.level_codes[place] for place in kept) if column.level_codes else ()
    return replace(column, values=lookup[codes], levels=tuple(column.levels[place] for place in kept), level_codes=level_codes)


def without_column(table: Table, name: str) -> Table:
    """Return the table without a column. UserError where the filter reads it, or nothing would be left."""
    if len(table.columns) == 1:
        raise UserError(tr("The only column of a table cannot be deleted."))
    step = DataStep(action=Action.DELETE, column=name)
    return finished(table.without_columns((name,)), step, frozenset({name}))
