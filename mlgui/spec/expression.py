"""What may stand inside a formula term: names, numbers and a fixed list of functions. Never evaluated as code."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Variable:
    """A column of the table."""

    name: str


@dataclass(frozen=True)
class Number:
    """A number written in the formula."""

    value: float


@dataclass(frozen=True)
class Call:
    """A function of `FUNCTIONS` applied to arguments: `log(x)`, `poly(x, 2)`, `center(x, school)`, `mean(x, school)`.

    `center(x, g)` subtracts the mean of x within each group of g; `mean(x, g)` is that mean (over the rows used).
    """

    function: str
    arguments: tuple[Expression, ...]


@dataclass(frozen=True)
class Operation:
    """Arithmetic inside `I(...)`: operator is one of + - * / ^, with one (sign) or two operands."""

    operator: str
    operands: tuple[Expression, ...]


Expression = Variable | Number | Call | Operation

FUNCTIONS = ("I", "log", "log2", "log10", "log1p", "exp", "sqrt", "abs", "scale", "center", "mean", "poly", "factor")
"""The functions the language knows. `offset` is not one of them: it is a term of its own."""


def columns_of(expression: Expression) -> tuple[str, ...]:
    """Return the columns an expression reads, in order of appearance, each once."""
    found: list[str] = []
    _collect(expression, found)
    return tuple(dict.fromkeys(found))


def _collect(expression: Expression, found: list[str]) -> None:
    if isinstance(expression, Variable):
        found.append(expression.name)
    elif isinstance(expression, Call):
        for argument in expression.arguments:
            _collect(argument, found)
    elif isinstance(expression, Operation):
        for operand in expression.operands:
            _collect(operand, found)
