"""What every change of a table ends with: a step in its history, and its filter looked at again."""

from __future__ import annotations

from dataclasses import replace

from mlgui.data.expressions import columns_of, read_expression, truth_of
from mlgui.data.steps import DataStep, RowFilter
from mlgui.data.table import Column, Table
from mlgui.errors import UserError
from mlgui.words import tr


def finished(table: Table, step: DataStep, changed: frozenset[str] | None = None) -> Table:
    """Return a changed table with the step in its history and its filter as it now stands.

    changed: names of the columns that differ; None where all rows may. UserError where the filter can no longer be read.
    """
    table = replace(table, steps=(*table.steps, step))
    if table.filter is None:
        return table
    tree = _tree_of_filter(table)
    if changed is not None and not changed & set(columns_of(tree)):
        return table
    return replace(table, filter=RowFilter(expression=table.filter.expression, kept=truth_of(tree, table)))


def _tree_of_filter(table: Table):  # type: ignore[no-untyped-def]
    assert table.filter is not None
    try:
        return read_expression(table.filter.expression, table)
    except UserError as error:
        raise UserError(
            tr("The filter of the rows needs what this would take away."),
            tr("It reads: {expression}").format(expression=table.filter.expression),
            tr("Change or remove the filter first."),
        ) from error


def with_column_beside(table: Table, column: Column, beside: str = "") -> Table:
    """Return a table with a column in the place of its name, or else right of the column `beside` (at the end without one)."""
    if column.name in table or beside not in table:
        return table.with_column(column)
    place = table.names.index(beside) + 1
    return replace(table, columns=(*table.columns[:place], column, *table.columns[place:]))


def require_name(table: Table, name: str, allowed: str = "") -> str:
    """Return a name for a column without blanks around it. UserError if it is empty, or taken by a column but `allowed`."""
    name = " ".join(name.split())
    if not name:
        raise UserError(tr("The column needs a name."), "", tr("Write one, such as log_income."))
    if name in table and name != allowed:
        raise UserError(tr("There is a column called “{name}” already.").format(name=name), "", tr("Choose another name."))
    return name
