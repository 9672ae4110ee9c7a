"""Lines along one predictor: partial, no and complete pooling of a group, everything else held."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mlgui.data.table import Column, Kind, Table
from mlgui.design.recipe import EncodedRows, Recipe, encode
from mlgui.results.factors import category_columns
from mlgui.results.group_columns import constant_within_groups, grouping_index
from mlgui.results.pooled import IGNORING, no_pooling
from mlgui.results.report import Report
from mlgui.spec.expression import Variable, columns_of
from mlgui.spec.terms import Term

Floats = NDArray[np.float64]

CURVE_POINTS = 33


def line_columns(report: Report, grouping: str) -> tuple[str, ...]:
    """Return the numbers of the model that differ within groups, those with varying slopes first."""
    design, index = report.design, grouping_index(report, grouping)
    group = design.problem.groupings[index]
    terms = (*design.groupings[index].terms, *design.spec.fixed)
    names = dict.fromkeys(name for term in terms for name in term.columns)
    categories = category_columns(design)
    return tuple(
        name
        for name in names
        if design.table[name].kind is Kind.NUMBER
        and name not in categories
        and not constant_within_groups(design.table[name], design.rows, group.codes, group.n_groups)
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class Along:
    """What lines of one grouping along `column` need. others: data-level predictors that are held. grid: values of x."""

    report: Report
    index: int
    column: str
    others: tuple[str, ...]
    grid: Floats
    values: Floats

    @classmethod
    def of(cls, report: Report, grouping: str, column: str) -> Along:
        """Return the lines of `grouping` along `column`."""
        design, index = report.design, grouping_index(report, grouping)
        values = np.asarray(design.table[column].values[design.rows], dtype=float)
        others = tuple(name for name in line_columns(report, grouping) if name != column)
        factors = tuple(
            name for name in design.spec.columns if name in category_columns(design) - _group_names(report)
            and not _constant(report, index, name)
        )  # fmt: skip
        grid = _grid(values, 2 if _linear(report, column) else CURVE_POINTS)
        return cls(report=report, index=index, column=column, others=others + factors, grid=grid, values=values)

    def data(self, j: int) -> tuple[Floats, Floats]:
        """Return x and y of the rows of group j."""
        rows = self._rows(j)
        return self.values[rows], self.report.design.problem.y[rows]

    def partial(self, j: int) -> tuple[Floats, Floats]:
        """Return the line of the multilevel fit for group j over the whole range of x."""
        rows = self._encoded(self._rows(j), self.grid)
        y = _offset(rows) + rows.x @ np.nan_to_num(self.report.estimates.beta)
        for k, (group, effects) in enumerate(zip(rows.groups, self.report.estimates.groups, strict=True)):
            if k == self.index or self._settled(k, j):
                y = y + np.einsum("ia,ia->i", group.z, effects.mode[group.codes])
        return self.grid, y

    def unpooled(self, j: int) -> tuple[Floats, Floats]:
        """Return the line of no pooling for group j over its own range of x; empty where it cannot be estimated."""
        fits = no_pooling(self.report, self.report.groups[self.index].grouping)
        if not np.isfinite(fits.estimates[j]).all() or not np.isfinite(fits.common).all():
            return np.empty(0), np.empty(0)
        grid = _grid(self.values[self._rows(j)], len(self.grid))
        rows = self._encoded(self._rows(j), grid)
        y = _offset(rows) + rows.groups[self.index].z @ fits.estimates[j]
        return grid, y + rows.x[:, self._columns(fits.common_names)] @ np.array(fits.common)

    def complete(self) -> tuple[Floats, Floats]:
        """Return the line of the regression that ignores the groups; empty where the model has no such comparator."""
        for pooled in self.report.pooled:
            if pooled.key == IGNORING:
                rows = self._encoded(np.arange(len(self.values)), self.grid)
                columns = self._columns(pooled.names)
                return self.grid, _offset(rows) + rows.x[:, columns] @ np.nan_to_num(np.array(pooled.estimates))
        return np.empty(0), np.empty(0)

    def _rows(self, j: int) -> NDArray[np.int64]:
        return np.flatnonzero(self.report.design.problem.groupings[self.index].codes == j)

    def _settled(self, k: int, j: int) -> bool:
        """Return whether group j lies in one group of grouping k, so that its effect belongs to the line."""
        codes = self.report.design.problem.groupings[k].codes[self._rows(j)]
        return bool((codes == codes[0]).all())

    def _columns(self, names: Sequence[str]) -> list[int]:
        places = {coefficient.name: index for index, coefficient in enumerate(self.report.design.coefficients)}
        return [places[name] for name in names]

    def _encoded(self, rows: NDArray[np.int64], grid: Floats) -> EncodedRows:
        """Return rows of the design in which x runs over the grid and everything else is held at what `rows` show."""
        design = self.report.design
        recipe = design.recipe
        assert isinstance(recipe, Recipe)
        categories = category_columns(design)
        columns = tuple(
            _held(design.table[name], design.rows[rows], len(grid), category=name in categories) if name != self.column
            else Column(name=name, kind=Kind.NUMBER, values=grid.copy())
            for name in design.spec.columns
        )  # fmt: skip
        return encode(recipe, Table(columns=columns, row_ids=np.arange(1, len(grid) + 1)))


def _group_names(report: Report) -> frozenset[str]:
    return frozenset(name for varying in report.design.groupings for name in varying.grouping.columns)


def _constant(report: Report, index: int, name: str) -> bool:
    design = report.design
    group = design.problem.groupings[index]
    return constant_within_groups(design.table[name], design.rows, group.codes, group.n_groups)


def _linear(report: Report, column: str) -> bool:
    """Return whether x enters as itself only, so that two points make the line."""
    design = report.design
    terms: list[Term] = [*design.spec.fixed, *(term for varying in design.groupings for term in varying.terms)]
    factors = [factor for term in terms for factor in term.factors]
    return not any(column in columns_of(factor) and not isinstance(factor, Variable) for factor in factors) and all(
        sum(factor == Variable(column) for factor in term.factors) <= 1 for term in terms
    )


def _grid(values: Floats, points: int) -> Floats:
    return np.linspace(float(values.min()), float(values.max()), points)


def _held(column: Column, rows: NDArray[np.int64], n: int, *, category: bool) -> Column:
    """Return a column repeated n times: its one value, else the mean of numbers or the most frequent level."""
    values = column.values[rows]
    if bool(np.all(values == values[0])):
        value = values[:1]
    elif category:
        levels, counts = np.unique(values, return_counts=True)
        value = levels[[counts.argmax()]]
    else:
        value = np.array([np.asarray(values, dtype=float).mean()]) if column.kind is Kind.NUMBER else values[:1]
    return replace(column, values=np.repeat(value, n))


def _offset(rows: EncodedRows) -> Floats:
    return np.zeros(len(rows.rows)) if rows.offset is None else np.asarray(rows.offset)
