"""Which fixed coefficients make up the group-level model of each varying coefficient."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from mlgui.design.design import GroupPredictor
from mlgui.design.groups import GroupBlock
from mlgui.engine.problem import Floats
from mlgui.spec.coding import NamedColumn
from mlgui.spec.expression import Expression

_EPS = float(np.finfo(np.float64).eps)


def first_rows(codes: NDArray[np.integer], n_groups: int) -> NDArray[np.int64]:
    """Return one row of each group, (J,): its first."""
    first = np.empty(n_groups, dtype=np.int64)
    first[codes[::-1]] = np.arange(len(codes) - 1, -1, -1)
    return first


def is_constant(values: Floats, codes: NDArray[np.integer], rows: NDArray[np.int64]) -> bool:
    """Whether values (n,) are the same in all rows of every group; rows: one row of each group."""
    of_group = values[rows]
    return all(np.array_equal(values[part], of_group[codes[part]]) for part in _parts(len(values)))


def _parts(n: int) -> Iterator[slice]:
    """Return slices of n rows: a few first, as most columns fail there, then as many as stay in the cache."""
    yield slice(0, 1000)
    for first in range(1000, n, 30_000):
        yield slice(first, first + 30_000)


def group_predictors(block: GroupBlock, columns: Sequence[NamedColumn], x: Floats) -> tuple[tuple[GroupPredictor, ...], ...]:
    """Return for each varying coefficient the columns c of x with x[:, c] = values[group] * z[:, coefficient].

    A column that belongs to several coefficients together (the average of a category that varies by all its levels)
    appears in each of them.
    """
    found: list[list[GroupPredictor]] = [[] for _ in block.columns]
    codes = block.codes.astype(np.intp)
    firsts = first_rows(codes, block.n_groups)
    telling = [_telling_rows(block, coefficient, firsts) for coefficient in range(len(block.columns))]
    for index, column in enumerate(columns):
        for chosen in _candidates(block.columns, column):
            values = _multipliers(block, codes, chosen, telling, x[:, index])
            if values is not None:
                for coefficient, value in zip(chosen, values.T, strict=True):
                    if value.any():
                        found[coefficient].append(GroupPredictor(column=index, values=np.ascontiguousarray(value)))
                break
    return tuple(map(tuple, found))


def _telling_rows(block: GroupBlock, coefficient: int, firsts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return for each group a row in which z is not 0, (J,): its first, if it can be; -1 where z is all 0.

    A quotient is as precise for small z as for large ones.
    """
    z = block.z[:, coefficient]
    empty = z[firsts] == 0
    if not empty.any():
        return firsts
    rows = np.where(empty, -1, firsts)
    later = np.flatnonzero((z != 0) & empty[block.codes])[::-1]
    rows[block.codes[later]] = later
    return rows


def _candidates(varying: Sequence[NamedColumn], column: NamedColumn) -> list[tuple[int, ...]]:
    """Return sets of varying coefficients a column could belong to, the most specific first.

    A set is one coefficient, or all coefficients of one term (levels of a category, whose columns do not overlap).
    """
    factors = frozenset(column.term.factors)
    by_term: dict[frozenset[Expression], list[int]] = {}
    for index, other in enumerate(varying):
        by_term.setdefault(frozenset(other.term.factors), []).append(index)
    found: list[tuple[int, tuple[int, ...]]] = []
    for term, indices in by_term.items():
        overlap = len(term & factors)
        if term <= factors:
            found.extend((2 * overlap + 1, (index,)) for index in indices)
        if len(indices) > 1:
            found.append((2 * overlap, tuple(indices)))
    return [indices for _, indices in sorted(found, key=lambda pair: -pair[0])]


def _multipliers(
    block: GroupBlock, codes: NDArray[np.intp], chosen: tuple[int, ...], telling: Sequence[NDArray[np.int64]], values: Floats
) -> Floats | None:
    """Return m (J, len(chosen)) with values = sum of m[group, k] z[:, chosen[k]] in every row, None if there is none."""
    if len(chosen) > 1 and (np.count_nonzero(block.z[:, chosen], axis=1) > 1).any():
        return None
    multipliers = np.zeros((block.n_groups, len(chosen)))
    for position, coefficient in enumerate(chosen):
        known = np.flatnonzero(telling[coefficient] >= 0)
        rows = telling[coefficient][known]
        multipliers[known, position] = values[rows] / block.z[rows, coefficient]
    if len(chosen) == 1 and np.array_equal(values, block.z[:, chosen[0]]):
        return multipliers
    for part in _parts(len(values)):
        predicted = _predicted(block, codes[part], chosen, multipliers, part)
        # a product and a quotient of binary64 numbers: a few rounding errors of the value itself, no more
        predicted -= values[part]
        if not (np.abs(predicted, out=predicted) <= 16 * _EPS * np.abs(values[part])).all():
            return None
    return multipliers


def _predicted(block: GroupBlock, codes: NDArray[np.intp], chosen: tuple[int, ...], multipliers: Floats, part: slice) -> Floats:
    """Return the sum of m[group, k] z[:, chosen[k]] for some rows and their groups, (rows,)."""
    total: Floats = np.zeros(len(codes))
    for position, coefficient in enumerate(chosen):
        total += multipliers[:, position].take(codes) * block.z[part, coefficient]
    return total
