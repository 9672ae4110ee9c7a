"""Wide to long: columns measured at several occasions become one column, with a row for each occasion."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mlgui.data.edits.finishing import require_name
from mlgui.data.kinds import as_category, as_number, natural_key
from mlgui.data.steps import Action, DataStep
from mlgui.data.table import CODED, Column, Kind, Table
from mlgui.errors import UserError
from mlgui.words import tr

_NUMBERED = re.compile(r"(?P<before>.*?)(?P<number>\d+(?:\.\d+)?)(?P<after>\D*)")
_MOST_CELLS = 200_000_000


@dataclass(frozen=True, kw_only=True)
class Repeated:
    """Columns that hold one thing at several occasions. name: of the long column. columns: in the order of `occasions`."""

    name: str
    columns: tuple[str, ...]
    occasions: tuple[str, ...]


def repeated_columns(table: Table) -> tuple[Repeated, ...]:
    """Return sets of columns whose names differ in one number: score1, score2, score3; the largest sets first."""
    found: dict[tuple[str, str, bool], dict[str, str]] = {}
    for column in table.columns:
        match = _NUMBERED.fullmatch(column.name)
        if match and column.kind is not Kind.EMPTY:
            key = (match["before"], match["after"], column.kind in CODED)
            found.setdefault(key, {})[match["number"]] = column.name
    sets = []
    for (before, after, _), columns in found.items():
        if len(columns) > 1:
            occasions = tuple(sorted(columns, key=natural_key))
            sets.append(Repeated(name=_stem(before, after), columns=tuple(columns[o] for o in occasions), occasions=occasions))
    return tuple(sorted(sets, key=lambda one: -len(one.columns)))


def _stem(before: str, after: str) -> str:
    """Return what names have in common, without the marks that led up to the number."""
    parts = [re.sub(r"[\W_]*(?:[\W_](?:t|w|time|wave|day|week|year|occ|occasion))?[\W_]*$", "", before, flags=re.IGNORECASE)]
    parts.append(re.sub(r"^[\W_]+", "", after))
    return "_".join(part for part in parts if part) or tr("value")


def tells_rows_apart(column: Column) -> bool:
    """Return whether every row has a value of its own."""
    return not column.n_missing and len(np.unique(column.values)) == len(column)


def long_table(table: Table, sets: Sequence[Repeated], occasion: str, id_name: str) -> Table:
    """Return the table with a row for each row and occasion; all other columns repeat their values.

    sets: with the same number of occasions each. occasion: name of the column that says which. id_name: name of a column
    that tells the rows of the wide table apart: one that is there, or a new one that numbers them. UserError where sets do not
    fit together, a name is taken, or the result would be too large.
    """
    occasions = _common_occasions(sets)
    if id_name in table and not tells_rows_apart(table[id_name]):
        raise UserError(
            tr("{name} does not tell the rows apart.").format(name=id_name),
            tr("Some rows share a value, or have none."),
            tr("Choose another column, or write the name of a new one that numbers the rows."),
        )
    gone = {name for one in sets for name in one.columns}
    others = table.without_columns(gone)
    _require_room(table, len(occasions), len(others.columns) + len(sets))
    names = _require_names(others, [occasion, *(one.name for one in sets)], id_name)
    n, k = table.n_rows, len(occasions)
    ids = () if id_name in others else (_row_numbers(id_name, n),)
    repeated = [_repeat(column, k) for column in (*ids, *others.columns)]
    measured = [_woven([table[name] for name in one.columns], name) for one, name in zip(sets, names[1:], strict=True)]
    step = DataStep(action=Action.RESHAPE, column=", ".join(names[1:]), details=_details(sets, names, id_name))
    columns = (*repeated, _occasion_column(names[0], occasions, n), *measured)
    long = Table(columns=columns, row_ids=np.arange(1, n * k + 1), source=table.source, steps=(*table.steps, step))
    kept = None if table.filter is None else replace(table.filter, kept=np.repeat(table.filter.kept, k))
    if kept is None or gone & _names_in(kept.expression):
        return long
    return replace(long, filter=kept)


def _names_in(expression: str) -> set[str]:
    from mlgui.data.expressions import columns_of, read_expression

    return set(columns_of(read_expression(expression)))


def _details(sets: Sequence[Repeated], names: Sequence[str], id_name: str) -> tuple[tuple[str, str], ...]:
    columns = tuple((name, ", ".join(one.columns)) for one, name in zip(sets, names[1:], strict=True))
    return (("occasion", names[0]), ("id", id_name), ("occasions", ", ".join(sets[0].occasions)), *columns)


def _common_occasions(sets: Sequence[Repeated]) -> tuple[str, ...]:
    if not sets or len(sets[0].columns) < 2:
        raise UserError(tr("Choose at least two columns that hold the same thing at several occasions."))
    for one in sets[1:]:
        if len(one.columns) != len(sets[0].columns):
            raise UserError(
                tr("{a} has {n} columns and {b} has {m}.").format(
                    a=sets[0].name, n=len(sets[0].columns), b=one.name, m=len(one.columns)
                ),
                tr("Things reshaped together need the same occasions."),
                tr("Choose the same number of columns for each."),
            )
    return sets[0].occasions


def _require_room(table: Table, k: int, n_columns: int) -> None:
    if table.n_rows * k * n_columns > _MOST_CELLS:
        raise UserError(
            tr("The long table would be too large."),
            tr("It would have {n} rows.").format(n=f"{table.n_rows * k:,}"),
            tr("Delete columns you do not need first."),
        )


def _require_names(others: Table, names: Sequence[str], id_name: str) -> list[str]:
    taken = [require_name(others, name) for name in names]
    if not id_name.strip():
        raise UserError(tr("The column that tells the rows apart needs a name."), "", tr("Write one, such as person."))
    if len({*taken, id_name}) <= len(taken):
        raise UserError(tr("Two columns would have one name."), "", tr("Give each its own."))
    return taken


def _row_numbers(name: str, n: int) -> Column:
    levels = tuple(map(str, range(1, n + 1)))
    return Column(name=name, kind=Kind.ID, values=np.arange(n, dtype=np.int32), levels=levels)


def _repeat(column: Column, k: int) -> Column:
    return replace(column, values=np.repeat(column.values, k))


def _occasion_column(name: str, occasions: tuple[str, ...], n: int) -> Column:
    """Return the occasions: as numbers where all of them are."""
    codes: NDArray[np.int32] = np.tile(np.arange(len(occasions), dtype=np.int32), n)
    category = Column(name=name, kind=Kind.ORDERED, values=codes, levels=occasions)
    return as_number(category) if all(re.fullmatch(r"\d+(?:\.\d+)?", text) for text in occasions) else category


def _woven(columns: Sequence[Column], name: str) -> Column:
    """Return columns of one kind as one, row by row; of different kinds, as numbers where all hold some, else as labels."""
    if len({column.kind for column in columns}) > 1:
        change = as_number if not any(column.kind in CODED for column in columns) else as_category
        columns = [change(column) for column in columns]
    first = columns[0]
    if first.kind not in CODED:
        return Column(name=name, kind=first.kind, values=np.column_stack([column.values for column in columns]).reshape(-1))
    place: dict[str, int] = {}
    parts = []
    for column in columns:
        lookup = np.array([*(place.setdefault(level, len(place)) for level in column.levels), -1], dtype=np.int32)
        parts.append(lookup[column.values.astype(np.int32)])
    kind = first.kind if first.kind is not Kind.LABELLED else Kind.CATEGORY
    return Column(name=name, kind=kind, values=np.column_stack(parts).reshape(-1).astype(np.int32), levels=tuple(place))
