"""The same model when a column of the data has another name."""

from __future__ import annotations

from dataclasses import replace

from mlgui.spec.exclusion import Exclusion
from mlgui.spec.expression import Call, Expression, Number, Operation, Variable
from mlgui.spec.model import ModelSpec
from mlgui.spec.terms import Grouping, RandomTerm, Term


def with_column_renamed(spec: ModelSpec, old: str, new: str) -> ModelSpec:
    """Return a model that reads column `new` wherever it read `old`."""

    def name(text: str) -> str:
        return new if text == old else text

    def term(found: Term) -> Term:
        return Term(tuple(_expression(factor, old, new) for factor in found.factors))

    def grouping(found: Grouping) -> Grouping:
        return Grouping(tuple(name(column) for column in found.columns))

    def random(found: RandomTerm) -> RandomTerm:
        return replace(found, terms=tuple(term(each) for each in found.terms), grouping=grouping(found.grouping))

    residual = spec.residual
    groups = grouping(residual.grouping) if residual.grouping else None
    return replace(
        spec,
        outcome=_expression(spec.outcome, old, new),
        fixed=tuple(term(each) for each in spec.fixed),
        random=tuple(random(each) for each in spec.random),
        offsets=tuple(_expression(each, old, new) for each in spec.offsets),
        weights=name(spec.weights) if spec.weights else spec.weights,
        codings=tuple(replace(coding, column=name(coding.column)) for coding in spec.codings),
        residual=replace(residual, grouping=groups, order=name(residual.order), by=name(residual.by)),
        excluded=tuple(Exclusion(grouping(each.grouping), each.levels) for each in spec.excluded),
    )


def _expression(found: Expression, old: str, new: str) -> Expression:
    if isinstance(found, Variable):
        return Variable(new) if found.name == old else found
    if isinstance(found, Call):
        return Call(found.function, tuple(_expression(argument, old, new) for argument in found.arguments))
    if isinstance(found, Operation):
        return Operation(found.operator, tuple(_expression(operand, old, new) for operand in found.operands))
    assert isinstance(found, Number)
    return found
