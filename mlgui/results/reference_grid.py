"""The average part of a model at chosen values of its predictors, others held at their mean or averaged over levels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
from numpy.typing import NDArray

from mlgui.data.table import CODED, Column, Kind, Table
from mlgui.design.contrasts import contrast_column
from mlgui.design.evaluate import evaluate
from mlgui.design.frame import Frame
from mlgui.design.recipe import Recipe, sum_offsets
from mlgui.errors import UserError
from mlgui.results.factors import used_levels
from mlgui.results.report import Report
from mlgui.spec.coding import NamedColumn, Piece
from mlgui.spec.expression import Call, Expression, columns_of
from mlgui.spec.render import render_expression
from mlgui.words import tr

Floats = NDArray[np.float64]
Value = float | str

MAX_CELLS = 100_000
"""Most combinations of values and levels a grid may have."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Axis:
    """One thing a grid can be moved along: a column, or a factor made of group means (`mean(x, g)`, `center(x, g)`).

    values: where it stands unless asked otherwise: its mean, or all levels of a category. sample: (n,) its values in the
    rows used, codes for a category.
    """

    name: str
    factor: Expression
    values: tuple[Value, ...]
    sample: Floats

    @property
    def is_category(self) -> bool:
        """Whether the values are levels."""
        return isinstance(self.values[0], str)


@dataclass(frozen=True, kw_only=True, eq=False)
class Grid:
    """Rows of X at combinations of values. cells: values of `names` in each cell, in the order asked, first slowest.

    x: (cells, p), averaged with equal weights over categories not among `names`. offset: (cells,).
    """

    names: tuple[str, ...]
    cells: tuple[tuple[Value, ...], ...]
    x: Floats
    offset: Floats


@dataclass(frozen=True, kw_only=True, eq=False)
class EncodedCells:
    """Rows of the model at values of every axis. x: (m, p). offset: (m,). z: per grouping, (m, q)."""

    x: Floats
    offset: Floats
    z: tuple[Floats, ...]


def axes_of(report: Report, *, varying: bool = False) -> dict[str, Axis]:
    """Return what the average part of the model is made of, by name, in order of appearance.

    Factors that hold a mean by group are axes of their own, as their columns alone do not say what they are.
    varying: also what only the varying part is made of.
    """
    design = report.design
    terms = [*design.spec.fixed, *(term for random in design.spec.random for term in random.terms if varying)]
    factors = dict.fromkeys([factor for term in terms for factor in term.factors] + list(design.spec.offsets))
    found: dict[str, Axis] = {}
    frame = Frame(design.table, design.rows)
    for factor in factors:
        if _by_group(factor):
            found.setdefault(render_expression(factor), _number_axis(report, frame, factor))
            continue
        for name in columns_of(factor):
            found.setdefault(name, _column_axis(report, frame, factor, name))
    return found


def grid(report: Report, over: Sequence[str], at: Mapping[str, Sequence[Value]] | None = None) -> Grid:
    """Return the average part of the model over the axes `over`; `at`: other values than the usual for any axis.

    UserError for a name that is no predictor, a level that does not occur, or a grid too large.
    """
    axes = axes_of(report)
    given = {name: _checked(axes, name, tuple(values)) for name, values in (at or {}).items()}
    for name in over:
        _known(axes, name)
    values = {name: given.get(name, axis.values) for name, axis in axes.items()}
    nuisance = [name for name in axes if name not in over]
    cells = tuple(product(*(values[name] for name in over)))
    inner = tuple(product(*(values[name] for name in nuisance)))
    if len(cells) * len(inner) > MAX_CELLS:
        raise UserError(
            tr("There are too many combinations of levels: {n}.").format(n=len(cells) * len(inner)),
            tr("Averages are taken over every combination of the categories of the model."),
            tr("Ask for fewer values, or hold a category at one of its levels."),
        )
    rows = [dict(zip((*over, *nuisance), (*cell, *rest), strict=True)) for cell in cells for rest in inner]
    encoded = encoded_cells(report, axes, rows, varying=False)
    x, offset = encoded.x, encoded.offset
    shape = (len(cells), len(inner))
    return Grid(
        names=tuple(over), cells=cells,
        x=x.reshape(*shape, -1).mean(axis=1), offset=offset.reshape(shape).mean(axis=1),
    )  # fmt: skip


def _known(axes: Mapping[str, Axis], name: str) -> Axis:
    if name not in axes:
        raise UserError(
            tr("“{name}” is not a predictor of the model.").format(name=name),
            tr("Its predictors are: {list}.").format(list=", ".join(axes)),
            tr("Choose one of these."),
        )
    return axes[name]


def _checked(axes: Mapping[str, Axis], name: str, values: tuple[Value, ...]) -> tuple[Value, ...]:
    axis = _known(axes, name)
    for value in values:
        if axis.is_category and value not in axis.values:
            raise UserError(
                tr("“{name}” has no level “{level}”.").format(name=name, level=value),
                tr("Its levels are: {list}.").format(list=", ".join(str(level) for level in axis.values[:20])),
                tr("Choose one of these."),
            )
        if not axis.is_category and isinstance(value, str):
            raise UserError(tr("“{name}” holds numbers, and “{value}” is none.").format(name=name, value=value))
    if not values:
        raise UserError(tr("No value of “{name}” is given.").format(name=name))
    return values


def _by_group(factor: Expression) -> bool:
    """Whether a factor holds a mean by group."""
    if isinstance(factor, Call):
        own = factor.function in ("mean", "center") and len(factor.arguments) == 2
        return own or any(_by_group(argument) for argument in factor.arguments)
    return any(_by_group(operand) for operand in getattr(factor, "operands", ()))


def _number_axis(report: Report, frame: Frame, factor: Expression) -> Axis:
    sample = evaluate(factor, frame, _recipe(report).knowledge.memory)
    if sample.ndim > 1:
        raise UserError(tr("{expression} has no single value to hold.").format(expression=render_expression(factor)))
    return Axis(name=render_expression(factor), factor=factor, values=(float(sample.mean()),), sample=sample)


def _column_axis(report: Report, frame: Frame, factor: Expression, name: str) -> Axis:
    known = _recipe(report).knowledge.levels
    as_category = next((one for one in known if columns_of(one) == (name,)), None)
    if as_category is not None or report.design.table[name].kind in CODED:
        codes, present = frame.codes(name)
        coded = report.design.table[name].kind in CODED
        levels = used_levels(report.design, name) if coded else present
        return Axis(name=name, factor=as_category or factor, values=levels, sample=codes.astype(np.float64))
    sample = frame.numbers(name)
    return Axis(name=name, factor=factor, values=(float(sample.mean()),), sample=sample)


def _recipe(report: Report) -> Recipe:
    recipe = report.design.recipe
    assert isinstance(recipe, Recipe)
    return recipe


def encoded_cells(
    report: Report, axes: Mapping[str, Axis], rows: Sequence[Mapping[str, Value]], *, varying: bool = True
) -> EncodedCells:
    """Return rows given as values of every axis as the model has them; varying: with what varies, else no z."""
    table = Table(
        columns=tuple(_column(report, axis, [row[axis.name] for row in rows]) for axis in axes.values()),
        row_ids=np.arange(1, len(rows) + 1),
    )
    frame, recipe = Frame(table, None), _recipe(report)
    pieces: dict[Piece, Floats] = {}
    x = _filled(recipe, frame, recipe.columns, pieces)
    z = tuple(_filled(recipe, frame, group.columns, pieces) for group in recipe.groups) if varying else ()
    plain = [offset for offset in recipe.spec.offsets if not _by_group(offset)]
    offset = sum_offsets(plain, frame, recipe.knowledge.memory)
    total = np.zeros(len(rows)) if offset is None else offset
    for held in recipe.spec.offsets:
        total = total + frame.numbers(render_expression(held)) if _by_group(held) else total
    return EncodedCells(x=x, offset=total, z=z)


def _filled(recipe: Recipe, frame: Frame, columns: Sequence[NamedColumn], pieces: dict[Piece, Floats]) -> Floats:
    """Columns of X or Z; pieces that are known are not made again."""
    filled = np.ones((frame.n, len(columns)))
    for index, column in enumerate(columns):
        for piece in column.pieces:
            if piece not in pieces:
                pieces[piece] = _piece(recipe, frame, piece)
            filled[:, index] *= pieces[piece]
    return filled


def _column(report: Report, axis: Axis, values: list[Value]) -> Column:
    name = axis.name
    if axis.is_category:
        codes = np.array([axis.values.index(value) for value in values], dtype=np.int32)
        levels = tuple(str(level) for level in axis.values)
        source = report.design.table[name]
        if source.kind in CODED:
            own = np.array([source.levels.index(level) for level in levels], dtype=np.int32)
            return replace(source, values=own[codes])
        if source.kind is Kind.NUMBER:  # factor(x): x may be a number elsewhere
            return Column(name=name, kind=Kind.NUMBER, values=np.array([float(level) for level in levels])[codes])
        return Column(name=name, kind=Kind.CATEGORY, values=codes, levels=levels)
    return Column(name=name, kind=Kind.NUMBER, values=np.array(values, dtype=np.float64))


def _piece(recipe: Recipe, frame: Frame, piece: Piece) -> Floats:
    """One factor's column: an indicator or contrast of its levels, or its number."""
    levels = recipe.knowledge.levels.get(piece.factor)
    if levels is not None:
        codes, present = frame.codes(columns_of(piece.factor)[0])
        places = np.array([levels.labels.index(label) for label in present], dtype=np.int32)
        return contrast_column(places[codes], levels, piece.index, full=piece.full)
    if _by_group(piece.factor):
        return frame.numbers(render_expression(piece.factor))
    numbers = evaluate(piece.factor, frame, recipe.knowledge.memory)
    return numbers if numbers.ndim == 1 else numbers[:, piece.index]
