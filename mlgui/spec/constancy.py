"""At which level an expression varies: whether it is the same in all rows of a group."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mlgui.data.structure import GroupingFacts, Structure
from mlgui.data.table import CODED, Column, Table
from mlgui.spec.expression import Call, Expression, columns_of
from mlgui.spec.terms import Grouping

_GLANCE = 5000


def constant_within(expression: Expression, grouping: Grouping, structure: Structure | None, table: Table | None = None) -> bool:
    """Whether an expression is constant in every group (missing values ignored).

    `mean(x, g)` is constant wherever g is. Groupings the structure does not know are looked up in the table.
    """
    if isinstance(expression, Call) and expression.function == "mean":
        return constant_within(expression.arguments[1], grouping, structure, table)
    return all(_column_constant(name, grouping, structure, table) for name in columns_of(expression))


def n_groups(grouping: Grouping, structure: Structure | None) -> int | None:
    """Return the number of groups, None if the structure does not know the grouping."""
    facts = _facts(grouping, structure)
    return facts.n_groups if facts else None


def coarseness(grouping: Grouping, structure: Structure | None) -> tuple[int, int]:
    """Return a key that sorts the coarsest grouping first: fewer columns combined, then fewer groups."""
    known = n_groups(grouping, structure)
    return len(grouping.columns), known if known is not None else 2**62


def group_codes(grouping: Grouping, table: Table, rows: slice = slice(None)) -> NDArray[np.int64]:
    """Return a number for the group of each row, -1 where a grouping column is missing. Numbers may have gaps."""
    n = len(range(table.n_rows)[rows])
    codes = np.zeros(n, dtype=np.int64)
    missing = np.zeros(n, dtype=np.bool_)
    possible = 1
    for name in grouping.columns:
        own, width = _distinct(table[name], rows)
        codes = codes * width + own
        possible *= width
        missing |= table[name].missing[rows]
        if possible > 4 * n + 1000:
            distinct, codes = np.unique(codes, return_inverse=True)
            possible = len(distinct)
    codes[missing] = -1
    return codes


def _distinct(column: Column, rows: slice) -> tuple[NDArray[np.int64], int]:
    """Return a number >= 0 for each value, and a number above all of them; missing values get any number."""
    values = column.values[rows]
    if column.kind in CODED:
        return np.maximum(values.astype(np.int64), 0), max(len(column.levels), 1)
    distinct, codes = np.unique(values, return_inverse=True)
    return codes, len(distinct)


def column_is_constant(table: Table, name: str, grouping: Grouping, rows: slice = slice(None)) -> bool:
    """Whether a column has one value in each group; rows in no group and missing values are ignored."""
    codes = group_codes(grouping, table, rows)
    used = (codes >= 0) & ~table[name].missing[rows]
    values, groups = table[name].values[rows][used], codes[used]
    if not len(values):
        return True
    first = np.empty(int(groups.max()) + 1, dtype=values.dtype)
    first[groups[::-1]] = values[::-1]
    return bool((values == first[groups]).all())


def _column_constant(name: str, grouping: Grouping, structure: Structure | None, table: Table | None) -> bool:
    if name in grouping.columns:
        return True
    own = frozenset(grouping.columns)
    for facts in structure.groupings if structure else ():
        if frozenset(facts.columns) <= own and name in facts.constant_columns:
            return True
    if _facts(grouping, structure) or table is None or name not in table:
        return False
    if any(column not in table for column in grouping.columns):
        return False
    glance = slice(0, _GLANCE)  # most columns that vary within groups show it in the first rows
    return column_is_constant(table, name, grouping, glance) and column_is_constant(table, name, grouping)


def _facts(grouping: Grouping, structure: Structure | None) -> GroupingFacts | None:
    own = frozenset(grouping.columns)
    known = structure.groupings if structure else ()
    return next((facts for facts in known if frozenset(facts.columns) == own), None)
