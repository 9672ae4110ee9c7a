"""A question and a table become arrays."""

from __future__ import annotations

import numpy as np

from mlgui.data.structure import Structure
from mlgui.data.table import Table
from mlgui.design.columns import Encoder, Knowledge
from mlgui.design.design import Coefficient, Design, VaryingCoefficients
from mlgui.design.evaluate import Memory, evaluate
from mlgui.design.frame import Frame
from mlgui.design.groups import GroupBlock, group_blocks
from mlgui.design.predictors import first_rows, group_predictors, is_constant
from mlgui.design.recipe import GroupRecipe, Recipe, sum_offsets
from mlgui.design.residual import residual_of
from mlgui.design.rows import used_rows
from mlgui.engine.problem import Floats, Groups, Problem
from mlgui.errors import UserError
from mlgui.spec.coding import NamedColumn
from mlgui.spec.exclusion import excluded_rows
from mlgui.spec.expression import Expression, Variable
from mlgui.spec.model import ModelSpec
from mlgui.spec.render import render_expression
from mlgui.words import tr


def build(spec: ModelSpec, table: Table, structure: Structure | None = None) -> Design:
    """Return the arrays of a model over the rows without missing values in its columns.

    UserError for an outcome without numbers, an expression without a value in some row, or no row at all.
    """
    for name in spec.columns:
        Frame(table, None).column(name)
    struck_out = np.zeros(table.n_rows, dtype=np.bool_) if table.filter is None else ~table.filter.kept
    excluded = struck_out | excluded_rows(spec.excluded, table) if spec.excluded or table.filter is not None else None
    used = used_rows(table, spec.columns, spec.weights, excluded)
    frame = Frame(table, None if used.all_used else used.rows, structure)
    knowledge = Knowledge()
    encoder = Encoder(spec, frame, knowledge)
    columns = encoder.plan(spec.fixed)
    x = encoder.fill(columns)
    blocks = group_blocks(spec.random, frame, encoder)
    residual, residual_levels = residual_of(spec.residual, frame)
    groupings = tuple(_varying(block, columns, x) for block in blocks)
    return Design(
        spec=spec,
        table=table,
        problem=Problem(
            y=outcome_values(spec.outcome, frame, knowledge.memory),
            x=x,
            groupings=tuple(_groups(block) for block in blocks),
            weights=_weights(spec.weights, frame),
            offset=sum_offsets(spec.offsets, frame, knowledge.memory),
            reml=spec.reml,
            boundary_avoiding=spec.boundary_avoiding,
            residual=residual,
        ),
        coefficients=lambda: _coefficients(columns, x, blocks, groupings),
        groupings=groupings,
        rows=used.rows,
        dropped_rows=used.dropped,
        dropped_because=used.because,
        excluded_rows=used.excluded[~struck_out[used.excluded]],
        outcome_label=_outcome_label(spec.outcome),
        recipe=_recipe(spec, columns, blocks, knowledge),
        residual_levels=residual_levels,
    )


def outcome_values(outcome: Expression, frame: Frame, memory: Memory) -> Floats:
    """Return the outcome, (n,). UserError unless it is one column of numbers (yes/no counts as 1/0)."""
    values = evaluate(outcome, frame, memory)
    if values.ndim > 1:
        raise UserError(tr("The outcome must be one column of numbers."), "", tr("Leave out poly()."))
    return np.ascontiguousarray(values)


def _weights(name: str | None, frame: Frame) -> Floats | None:
    if name is None:
        return None
    weights = np.ascontiguousarray(frame.numbers(name))
    if (weights < 0).any():
        raise UserError(
            tr("The weight in row {row} is negative.").format(row=frame.row_id(int(np.argmax(weights < 0)))),
            tr("A weight says how precise a row is: its residual variance is sigma² / weight."),
            tr("Choose another column of weights."),
        )
    return weights


def _groups(block: GroupBlock) -> Groups:
    return Groups(codes=np.ascontiguousarray(block.codes), n_groups=block.n_groups, z=block.z, pattern=block.pattern)


def _coefficients(
    columns: tuple[NamedColumn, ...],
    x: Floats,
    blocks: tuple[GroupBlock, ...],
    groupings: tuple[VaryingCoefficients, ...],
) -> tuple[Coefficient, ...]:
    explains: list[list[tuple[int, int]]] = [[] for _ in columns]
    for grouping, varying in enumerate(groupings):
        for coefficient, model in enumerate(varying.predictors):
            for predictor in model:
                explains[predictor.column].append((grouping, coefficient))
    levels = _levels(columns, x, blocks)
    return tuple(
        Coefficient(name=column.name, label=column.label, term=column.term, level=level, explains=tuple(pairs))
        for column, level, pairs in zip(columns, levels, explains, strict=True)
    )


def _levels(columns: tuple[NamedColumn, ...], x: Floats, blocks: tuple[GroupBlock, ...]) -> list[str]:
    """Return for each column the coarsest grouping it is constant in; "" for data level, and for the intercept."""
    coarsest = sorted(blocks, key=lambda block: block.n_groups)
    firsts = [first_rows(block.codes, block.n_groups) for block in coarsest]
    levels = []
    for index, column in enumerate(columns):
        named = (
            block.grouping.name
            for block, rows in zip(coarsest, firsts, strict=True)
            if column.pieces and is_constant(x[:, index], block.codes, rows)
        )
        levels.append(next(named, ""))
    return levels


def _varying(block: GroupBlock, columns: tuple[NamedColumn, ...], x: Floats) -> VaryingCoefficients:
    return VaryingCoefficients(
        grouping=block.grouping,
        names=tuple(column.name for column in block.columns),
        labels=tuple(column.label for column in block.columns),
        terms=tuple(column.term for column in block.columns),
        blocks=block.blocks,
        levels=lambda: block.groups.levels,
        sizes=lambda: np.bincount(block.codes, minlength=block.n_groups).astype(np.int64),
        predictors=lambda: group_predictors(block, columns, x),
    )


def _outcome_label(outcome: Expression) -> str:
    return outcome.name if isinstance(outcome, Variable) else render_expression(outcome)


def _recipe(spec: ModelSpec, columns: tuple[NamedColumn, ...], blocks: tuple[GroupBlock, ...], knowledge: Knowledge) -> Recipe:
    groups = tuple(_group_recipe(block) for block in blocks)
    return Recipe(spec=spec, columns=columns, groups=groups, knowledge=knowledge)


def _group_recipe(block: GroupBlock) -> GroupRecipe:
    return GroupRecipe(grouping=block.grouping, columns=block.columns, levels=lambda: block.groups.levels)
