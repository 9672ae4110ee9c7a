"""Expressions as numbers, and what is remembered of them for new data. Nothing is evaluated as code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from mlgui.data.recode import group_means
from mlgui.design.frame import Codes, Frame
from mlgui.engine.problem import Floats
from mlgui.errors import UserError
from mlgui.spec.expression import Call, Expression, Number, Operation, Variable
from mlgui.spec.render import render_expression
from mlgui.words import tr


@dataclass(frozen=True, kw_only=True)
class Shift:
    """What `center(x)` subtracts, and what `scale(x)` divides by."""

    mean: float
    sd: float = 1.0


@dataclass(frozen=True, kw_only=True, eq=False)
class GroupMeans:
    """The mean of x in each group, over the rows used. means: (J,), in the order of `levels`."""

    levels: tuple[str, ...]
    means: Floats


@dataclass(frozen=True, kw_only=True, eq=False)
class Polynomial:
    """Three-term recurrence of the polynomials orthogonal over the rows used (Kennedy & Gentle 1980, 13.4; R's poly).

    alpha: (degree,). norm2: (degree + 2,), starting with 1 and the number of rows.
    """

    alpha: Floats
    norm2: Floats


Learned = Shift | GroupMeans | Polynomial
Memory = dict[Call, Learned]

_FUNCTIONS: dict[str, Callable[[Floats], Floats]] = {
    "I": lambda x: x,
    "log": np.log,
    "log2": np.log2,
    "log10": np.log10,
    "log1p": np.log1p,
    "exp": np.exp,
    "sqrt": np.sqrt,
    "abs": np.abs,
}
_OPERATORS: dict[str, Callable[[Floats, Floats], Floats]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
    "^": np.power,
}


def evaluate(expression: Expression, frame: Frame, memory: Memory) -> Floats:
    """Return the values of an expression, (n,), or (n, degree) for poly.

    Centres, scales and polynomials found in `memory` are used as they are; others are learned from the frame and added.
    UserError names the first row without a finite value.
    """
    if isinstance(expression, Variable):
        return frame.numbers(expression.name)
    with np.errstate(all="ignore"):
        values = _values(expression, frame, memory)
    finite = np.isfinite(values)
    if not finite.all():
        first = int(np.argmin(finite if values.ndim == 1 else finite.all(axis=1)))
        raise UserError(
            tr("{expression} has no value in row {row}.").format(
                expression=render_expression(expression), row=frame.row_id(first)
            ),
            _reason(expression),
            tr("Change the expression, or leave such rows out."),
        )
    return values


def _reason(expression: Expression) -> str:
    if isinstance(expression, Call) and expression.function in ("log", "log2", "log10"):
        return tr("A logarithm exists only for numbers above 0.")
    if isinstance(expression, Call) and expression.function == "sqrt":
        return tr("A square root exists only for numbers from 0.")
    return tr("The result is not a finite number.")


def _values(expression: Expression, frame: Frame, memory: Memory) -> Floats:
    if isinstance(expression, Variable):
        return frame.numbers(expression.name)
    if isinstance(expression, Number):
        return np.full(frame.n, expression.value)
    if isinstance(expression, Operation):
        return _operation(expression, frame, memory)
    return _call(expression, frame, memory)


def _operation(operation: Operation, frame: Frame, memory: Memory) -> Floats:
    operands = [_vector(operand, frame, memory) for operand in operation.operands]
    if len(operands) == 1:
        return np.negative(operands[0])
    return _OPERATORS[operation.operator](operands[0], operands[1])


def _vector(expression: Expression, frame: Frame, memory: Memory) -> Floats:
    values = _values(expression, frame, memory)
    if values.ndim > 1:
        raise UserError(
            tr("{expression} is more than one column.").format(expression=render_expression(expression)),
            tr("It cannot be part of arithmetic."),
            tr("Write it as a term of its own."),
        )
    return values


def _call(call: Call, frame: Frame, memory: Memory) -> Floats:
    if call.function == "factor":
        raise UserError(
            tr("{expression} is a category.").format(expression=render_expression(call)),
            tr("A number is needed here."),
            tr("Leave out factor()."),
        )
    x = _vector(call.arguments[0], frame, memory)
    if call.function in _FUNCTIONS:
        return _FUNCTIONS[call.function](x)
    if call not in memory:
        memory[call] = _learn(call, x, frame)
    return _apply(call, x, memory[call], frame)


def _learn(call: Call, x: Floats, frame: Frame) -> Learned:
    if call.function == "poly":
        degree = call.arguments[1]
        assert isinstance(degree, Number)
        return _polynomial(call, x, int(degree.value))
    if len(call.arguments) == 2:
        codes, levels = frame.codes(_group_column(call))
        return GroupMeans(levels=levels, means=group_means(x, codes, len(levels)))
    mean = float(np.mean(x))
    if call.function == "center":
        return Shift(mean=mean)
    sd = float(np.std(x, ddof=1)) if len(x) > 1 else 0.0
    if not sd > 0:
        raise UserError(
            tr("{expression} cannot be computed.").format(expression=render_expression(call)),
            tr("Its values are all the same, so there is no standard deviation to divide by."),
            tr("Leave the column out."),
        )
    return Shift(mean=mean, sd=sd)


def _group_column(call: Call) -> str:
    group = call.arguments[1]
    assert isinstance(group, Variable)
    return group.name


def _apply(call: Call, x: Floats, learned: Learned, frame: Frame) -> Floats:
    if isinstance(learned, Polynomial):
        return _orthogonal(x, learned)
    if isinstance(learned, Shift):
        return (x - learned.mean) / learned.sd
    means = _means_by_row(x, learned, *frame.codes(_group_column(call)))
    return means if call.function == "mean" else x - means


def _means_by_row(x: Floats, learned: GroupMeans, codes: Codes, levels: tuple[str, ...]) -> Floats:
    """Return each row's group mean; a group not met before gets the mean of its rows at hand."""
    means: Floats = learned.means
    if levels == learned.levels:
        return np.asarray(means[codes], dtype=np.float64)
    known = dict(zip(learned.levels, learned.means, strict=True))
    own = group_means(x, codes, len(levels))
    means = np.array([known.get(level, own[index]) for index, level in enumerate(levels)])
    return np.asarray(means[codes], dtype=np.float64)


def _polynomial(call: Call, x: Floats, degree: int) -> Polynomial:
    if len(np.unique(x)) <= degree:
        raise UserError(
            tr("{expression} cannot be computed.").format(expression=render_expression(call)),
            tr("A polynomial of degree {degree} needs more than {degree} different values.").format(degree=degree),
            tr("Use a lower degree."),
        )
    alpha = np.empty(degree)
    norm2 = np.empty(degree + 2)
    norm2[0], norm2[1] = 1.0, len(x)
    before, current = np.zeros_like(x), np.ones_like(x)
    for k in range(degree):
        alpha[k] = (x * current**2).sum() / norm2[k + 1]
        ratio = norm2[k + 1] / norm2[k] if k else 0.0
        before, current = current, (x - alpha[k]) * current - ratio * before
        norm2[k + 2] = (current**2).sum()
    return Polynomial(alpha=alpha, norm2=norm2)


def _orthogonal(x: Floats, polynomial: Polynomial) -> Floats:
    alpha, norm2 = polynomial.alpha, polynomial.norm2
    values = np.empty((len(x), len(alpha)), order="F")
    before, current = np.zeros_like(x), np.ones_like(x)
    for k in range(len(alpha)):
        ratio = norm2[k + 1] / norm2[k] if k else 0.0
        before, current = current, (x - alpha[k]) * current - ratio * before
        values[:, k] = current / np.sqrt(norm2[k + 2])
    return values
