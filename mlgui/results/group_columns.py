"""Columns of the table that are constant within the groups of a grouping: what a group-level view can show."""

from __future__ import annotations

from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from mlgui.data.table import CODED, Column, Kind
from mlgui.design.design import Design
from mlgui.results.report import Report
from mlgui.spec.coding import factor_label
from mlgui.spec.expression import Call

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class GroupColumn:
    """A column at group level. values: (J,) numbers, NaN missing; for a category its codes into `levels`, -1 missing.

    levels: of a category that occur, () for a number. in_model: whether the model reads it.
    """

    name: str
    label: str
    values: Floats
    levels: tuple[str, ...]
    in_model: bool

    @property
    def is_category(self) -> bool:
        """Whether the values are codes of levels."""
        return bool(self.levels)

    @property
    def codes(self) -> NDArray[np.int64]:
        """The level of each group, int64 (J,), -1 missing."""
        return np.asarray(self.values, dtype=np.int64)


_kept: WeakKeyDictionary[Design, dict[str, tuple[GroupColumn, ...]]] = WeakKeyDictionary()


def grouping_index(report: Report, grouping: str) -> int:
    """Return the position of a grouping in the report; KeyError where it has no such grouping."""
    for index, groups in enumerate(report.groups):
        if groups.grouping == grouping:
            return index
    raise KeyError(grouping)


def group_columns(report: Report, grouping: str) -> tuple[GroupColumn, ...]:
    """Return the group-level columns of a grouping over the rows used: those of the model first, then in file order.

    The grouping's own columns and columns with one value are left out; dates and texts are not shown. Read once per design.
    """
    kept = _kept.setdefault(report.design, {})
    if grouping not in kept:
        kept[grouping] = _group_columns(report, grouping)
    return kept[grouping]


def _group_columns(report: Report, grouping: str) -> tuple[GroupColumn, ...]:
    design = report.design
    own = set(design.groupings[grouping_index(report, grouping)].grouping.columns)
    found = [
        made
        for column in design.table.columns
        if column.name not in own and (made := _group_column(report, grouping, column)) is not None
    ]
    return tuple(sorted([*found, *_computed(report, grouping)], key=lambda column: not column.in_model))


def group_column(report: Report, grouping: str, name: str) -> GroupColumn:
    """Return one group-level column; KeyError where the column is not at the level of the grouping."""
    made = _group_column(report, grouping, report.design.table[name]) if name in report.design.table else None
    found = made or next((column for column in _computed(report, grouping) if column.name == name), None)
    if found is None:
        raise KeyError(name)
    return found


def _computed(report: Report, grouping: str) -> list[GroupColumn]:
    """Return the group-level predictors of the model that are means of a column by group, named as people read them."""
    design = report.design
    varying = design.groupings[grouping_index(report, grouping)]
    found: dict[str, GroupColumn] = {}
    for predictors in varying.predictors:
        for predictor in predictors:
            factors = design.coefficients[predictor.column].term.factors
            if len(factors) == 1 and isinstance(factors[0], Call) and factors[0].function == "mean":
                name = factor_label(factors[0])
                found[name] = GroupColumn(name=name, label=name, values=predictor.values, levels=(), in_model=True)
    return list(found.values())


def constant_within_groups(
    column: Column, rows: NDArray[np.int64], codes: NDArray[np.int32], n_groups: int
) -> bool:
    """Return whether a column has one value in every group over the rows used, missing values ignored."""
    return _value_of_groups(column, rows, codes, n_groups) is not None


def _group_column(report: Report, grouping: str, column: Column) -> GroupColumn | None:
    if column.kind is not Kind.NUMBER and (column.kind not in CODED or column.kind in (Kind.TEXT, Kind.ID)):
        return None
    group = report.design.problem.groupings[grouping_index(report, grouping)]
    values = _value_of_groups(column, report.design.rows, group.codes, group.n_groups)
    if values is None or len(np.unique(values[~np.isnan(values)])) < 2:
        return None
    levels: tuple[str, ...] = ()
    if column.kind in CODED:
        present = np.unique(values[~np.isnan(values)]).astype(int)
        levels = tuple(column.levels[code] for code in present)
        values = np.where(np.isnan(values), -1.0, np.searchsorted(present, np.nan_to_num(values)))
    return GroupColumn(
        name=column.name,
        label=column.label or column.name,
        values=values,
        levels=levels,
        in_model=column.name in report.design.spec.columns,
    )


def _value_of_groups(column: Column, rows: NDArray[np.int64], codes: NDArray[np.int32], n_groups: int) -> Floats | None:
    """Return the one value of each group, NaN where all are missing; None where some group has two values."""
    values = np.asarray(column.values[rows], dtype=float)
    if column.kind in CODED:
        values = np.where(values < 0, np.nan, values)
    known = np.flatnonzero(~np.isnan(values))
    first = np.full(n_groups, np.nan)
    first[codes[known[::-1]]] = values[known[::-1]]
    return first if np.array_equal(values[known], first[codes[known]]) else None
