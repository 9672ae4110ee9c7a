"""What an expression is worth in every row of a table. Walks the tree; nothing is ever run as code."""

from __future__ import annotations

import operator
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from mlgui.data.expressions.functions import CALLS
from mlgui.data.expressions.groups import group_codes, statistic
from mlgui.data.expressions.tree import Call, Literal, Name, Operation, Tree
from mlgui.data.expressions.values import (
    Floats,
    Type,
    Value,
    number,
    numbers_of,
    of_column,
    text,
    texts_of,
    to_column,
    together,
    truth,
    truths_of,
)
from mlgui.data.table import Column, Table
from mlgui.errors import UserError
from mlgui.words import tr

_ARITHMETIC: dict[str, Callable[[Floats, Floats], Floats]] = {
    "+": np.add, "-": np.subtract, "*": np.multiply, "/": np.divide, "^": np.power,
}  # fmt: skip
_ORDER = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
_STATISTICS = frozenset({"mean", "sd", "median", "sum", "count", "min", "max", "rank", "center", "scale"})
_ROWWISE: dict[str, Callable[[NDArray[np.float64]], Floats]] = {
    "mean": lambda parts: np.mean(parts, axis=0),
    "sum": lambda parts: np.sum(parts, axis=0),
    "min": lambda parts: np.min(parts, axis=0),
    "max": lambda parts: np.max(parts, axis=0),
}


def evaluate(tree: Tree, table: Table, name: str, label: str = "") -> Column:
    """Return the column of this name that an expression makes. UserError, with the position, where a part has no meaning.

    Statistics count the rows that the table's filter keeps. What has no finite value is missing.
    """
    kept = None if table.filter is None else table.filter.kept
    with np.errstate(all="ignore"):
        value = _Walk(table, kept).value(tree)
    return to_column(value, name, table.n_rows, label)


def truth_of(tree: Tree, table: Table) -> NDArray[np.bool_]:
    """Return where a condition is true, (n,) over all rows; false where it is missing. UserError if it is no condition."""
    with np.errstate(all="ignore"):
        values = truths_of(_Walk(table, None).value(tree))
    return np.array(np.broadcast_to(values == 1.0, (table.n_rows,)))


class _Walk:
    """One walk through a tree over one table. Columns are converted once."""

    def __init__(self, table: Table, kept: NDArray[np.bool_] | None) -> None:
        self._table = table
        self._kept = kept

    def value(self, tree: Tree) -> Value:
        """Return what a part of the tree is worth."""
        if isinstance(tree, Literal):
            return literal(tree)
        if isinstance(tree, Name):
            return of_column(self._table[tree.name], tree.position)
        if isinstance(tree, Call):
            return self._call(tree)
        return self._operation(tree)

    def _operation(self, tree: Operation) -> Value:
        operands = [self.value(operand) for operand in tree.operands]
        sign, position = tree.operator, tree.position
        if sign in ("and", "or", "not"):
            return truth(_logic(sign, [truths_of(operand) for operand in operands]), position)
        if sign in ("=", "!=", "in"):
            return _equality(sign, operands, position)
        if sign in _ORDER:
            return _order(sign, operands[0], operands[1], position)
        if len(operands) == 1:
            return number(-numbers_of(operands[0]), position)
        return number(_ARITHMETIC[sign](numbers_of(operands[0]), numbers_of(operands[1])), position)

    def _call(self, tree: Call) -> Value:
        arguments = [self.value(argument) for argument in tree.arguments]
        if tree.function not in _STATISTICS:
            return CALLS[tree.function](tree, arguments)
        if len(arguments) > 1:
            parts = np.stack(np.broadcast_arrays(*(numbers_of(argument) for argument in arguments)))
            return number(_ROWWISE[tree.function](parts), tree.position)
        return self._statistic(tree, arguments)

    def _statistic(self, tree: Call, arguments: list[Value]) -> Value:
        n = self._table.n_rows
        if tree.function == "count" and arguments:
            values = np.where(arguments[0].missing, np.nan, 1.0)
        else:
            values = numbers_of(arguments[0]) if arguments else np.ones(n)
        codes, n_groups = group_codes(self._table, tree.by)
        full = np.array(np.broadcast_to(values, (n,)))
        return number(statistic(tree.function, full, codes, n_groups, self._kept), tree.position)


def literal(tree: Literal) -> Value:
    """Return the value of a literal, one for all rows."""
    if tree.value is None:
        return number(np.full(1, np.nan), tree.position)
    if isinstance(tree.value, str):
        return text(np.zeros(1, dtype=np.int32), (tree.value,), tree.position)
    if isinstance(tree.value, bool):
        return truth(np.full(1, float(tree.value)), tree.position)
    return number(np.full(1, tree.value), tree.position)


def _logic(sign: str, parts: list[Floats]) -> Floats:
    """Return three-valued logic: false and missing is false, true or missing is true, all else with missing is missing."""
    if sign == "not":
        return 1.0 - parts[0]
    decisive = 0.0 if sign == "and" else 1.0
    left, right = parts
    decided = (left == decisive) | (right == decisive)
    return np.where(decided, decisive, np.where(np.isnan(left) | np.isnan(right), np.nan, 1.0 - decisive))


def _equality(sign: str, operands: list[Value], position: int) -> Value:
    """Return where the first operand equals any of the others; a missing one is neither equal nor unequal."""
    if any(operand.type is Type.TEXT for operand in operands):  # labels may be numbers: school = 1224
        operands = [texts_of(operand) if operand.array.size == 1 else operand for operand in operands]
    _, arrays, _ = together(operands)
    first = arrays[0]
    same = np.zeros(np.broadcast_shapes(*(array.shape for array in arrays)), dtype=bool)
    for array in arrays[1:]:
        same = same | (first == array)
    unknown = operands[0].missing | (operands[1].missing if len(operands) == 2 else False)
    return truth(np.where(unknown, np.nan, (~same if sign == "!=" else same).astype(np.float64)), position)


def _order(sign: str, left: Value, right: Value, position: int) -> Value:
    """Return a comparison of numbers, or of the levels of an ordered category with one of them."""
    if left.type is Type.TEXT and right.type is Type.TEXT:
        a, b = _ranks_of_levels(left, right)
    else:
        a, b = numbers_of(left), numbers_of(right)
    return truth(np.where(np.isnan(a) | np.isnan(b), np.nan, _ORDER[sign](a, b).astype(np.float64)), position)


def _ranks_of_levels(left: Value, right: Value) -> tuple[Floats, Floats]:
    """Return places of levels in the order of the side that has one. UserError where neither has, or a level is not of it."""
    scale = left if left.ordered else right
    other = right if scale is left else left
    if not scale.ordered or not set(other.levels) <= set(scale.levels):
        raise UserError(
            tr("These texts have no order."),
            tr("Only the levels of an ordered category can be compared with < and >."),
            tr("Make the column an ordered category, or compare with =."),
            position=right.position,
        )
    place = {level: float(code) for code, level in enumerate(scale.levels)}

    def places(value: Value) -> Floats:
        return np.array([*(place[level] for level in value.levels), np.nan])[value.codes]

    return places(left), places(right)
