"""Which fixed coefficients make up the group-level model of each varying coefficient."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mlgui.design.design import GroupPredictor
from mlgui.design.groups import GroupBlock
from mlgui.engine.problem import Floats
from mlgui.spec.coding import NamedColumn
from mlgui.spec.expression import Expression

_EPS = float(np.finfo(np.float64).eps)


def first_rows(codes: NDArray[np.int32], n_groups: int) -> NDArray[np.int64]:
    """Return one row of each group, (J,): its first."""
    first = np.empty(n_groups, dtype=np.int64)
    first[codes[::-1]] = np.arange(len(codes) - 1, -1, -1)
    return first


def is_constant(values: Floats, codes: NDArray[np.int32], rows: NDArray[np.int64]) -> bool:
    """Whether values (n,) are the same in all rows of every group; rows: one row of each group."""
    return bool(np.array_equal(values, values[rows][codes]))


def group_predictors(block: GroupBlock, columns: Sequence[NamedColumn], x: Floats) -> tuple[tuple[GroupPredictor, ...], ...]:
    """Return for each varying coefficient the columns c of x with x[:, c] = values[group] * z[:, coefficient].

    A column that belongs to several coefficients together (the average of a category that varies by all its levels)
    appears in each of them.
    """
    found: list[list[GroupPredictor]] = [[] for _ in block.columns]
    telling = [_telling_rows(block, coefficient) for coefficient in range(len(block.columns))]
    for index, column in enumerate(columns):
        for chosen in _candidates(block.columns, column):
            values = _multipliers(block, chosen, telling, x[:, index])
            if values is not None:
                for coefficient, value in zip(chosen, values.T, strict=True):
                    if value.any():
                        found[coefficient].append(GroupPredictor(column=index, values=np.ascontiguousarray(value)))
                break
    return tuple(map(tuple, found))


def _telling_rows(block: GroupBlock, coefficient: int) -> NDArray[np.int64]:
    """Return for each group a row in which |z| is at least its root mean square there, (J,); -1 where z is all 0.

    Dividing by such a z loses no digits.
    """
    z, codes, n_groups = block.z[:, coefficient], block.codes, len(block.levels)
    mean_square = np.bincount(codes, weights=z * z, minlength=n_groups) / np.bincount(codes, minlength=n_groups)
    large = np.flatnonzero((np.abs(z) >= 0.999 * np.sqrt(mean_square)[codes]) & (z != 0))
    rows = np.full(n_groups, -1, dtype=np.int64)
    rows[codes[large[::-1]]] = large[::-1]
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
    block: GroupBlock, chosen: tuple[int, ...], telling: Sequence[NDArray[np.int64]], values: Floats
) -> Floats | None:
    """Return m (J, len(chosen)) with values = sum of m[group, k] z[:, chosen[k]] in every row, None if there is none."""
    if len(chosen) > 1 and (np.count_nonzero(block.z[:, chosen], axis=1) > 1).any():
        return None
    multipliers = np.zeros((len(block.levels), len(chosen)))
    for position, coefficient in enumerate(chosen):
        known = np.flatnonzero(telling[coefficient] >= 0)
        rows = telling[coefficient][known]
        multipliers[known, position] = values[rows] / block.z[rows, coefficient]
    for part in (slice(0, 1000), slice(None)):  # most columns fail in the first rows
        predicted = (multipliers[block.codes[part]] * block.z[part][:, chosen]).sum(axis=1)
        # a product and a quotient of binary64 numbers: a few rounding errors of the value itself, no more
        if not (np.abs(predicted - values[part]) <= 16 * _EPS * np.abs(values[part])).all():
            return None
    return multipliers
