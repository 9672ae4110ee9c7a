"""History and filter of a table as JSON, and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from mlgui.data.expressions import read_expression, truth_of
from mlgui.data.steps import Action, DataStep, RowFilter
from mlgui.data.table import Table


def data_entry(table: Table) -> dict[str, Any]:
    """Return what was done to a table, and its filter, ready for JSON; empty where nothing was."""
    entry: dict[str, Any] = {}
    if table.steps:
        entry["steps"] = [_step_entry(step) for step in table.steps]
    if table.filter is not None:
        entry["filter"] = table.filter.expression
    return entry


def with_data_entry(table: Table, entry: Mapping[str, Any]) -> Table:
    """Return a table with history and filter from what `data_entry` made; rows are looked for again.

    KeyError, TypeError, ValueError or UserError where it was not made by that, or does not fit the table.
    """
    steps = tuple(_step(step) for step in entry.get("steps", ()))
    table = replace(table, steps=steps)
    if "filter" not in entry:
        return table
    expression = _text(entry["filter"])
    kept = truth_of(read_expression(expression, table), table)
    return replace(table, filter=RowFilter(expression=expression, kept=kept))


def _step_entry(step: DataStep) -> dict[str, Any]:
    return {"action": str(step.action), "column": step.column, "details": [list(pair) for pair in step.details]}


def _step(entry: Mapping[str, Any]) -> DataStep:
    details = tuple((_text(name), _text(text)) for name, text in entry["details"])
    return DataStep(action=Action(entry["action"]), column=_text(entry["column"]), details=details)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("a text was expected")
    return value
