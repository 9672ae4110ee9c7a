"""Which fixed coefficients make up the group-level model of each varying coefficient."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mlgui.design.columns import NamedColumn
from mlgui.design.design import GroupPredictor
from mlgui.design.groups import GroupBlock
from mlgui.engine.problem import Floats


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
    for index, column in enumerate(columns):
        for chosen in _candidates(block.columns, column):
            values = _multipliers(block, chosen, x[:, index])
            if values is not None:
                for coefficient, value in zip(chosen, values.T, strict=True):
                    if value.any():
                        found[coefficient].append(GroupPredictor(column=index, values=np.ascontiguousarray(value)))
                break
    return tuple(map(tuple, found))


def _candidates(varying: Sequence[NamedColumn], column: NamedColumn) -> list[tuple[int, ...]]:
    """Return sets of varying coefficients a column could belong to, the most specific first.

    A set is one coefficient, or all coefficients of one term (levels of a category, whose columns do not overlap).
    """
    factors = frozenset(column.term.factors)
    by_term: dict[frozenset[object], list[int]] = {}
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


def _multipliers(block: GroupBlock, chosen: tuple[int, ...], values: Floats) -> Floats | None:
    """Return m (J, len(chosen)) with values = sum of m[group, k] z[:, chosen[k]] in every row, None if there is none."""
    multipliers = np.zeros((len(block.levels), len(chosen)))
    predicted = np.zeros_like(values)
    taken = np.zeros(len(values), dtype=np.bool_)
    for position, coefficient in enumerate(chosen):
        z = block.z[:, coefficient]
        rows = np.flatnonzero(z)
        if taken[rows].any():
            return None
        taken[rows] = True
        if len(rows):
            order = rows if len(chosen) > 1 else _by_size(rows, z)
            multipliers[block.codes[order], position] = values[order] / z[order]
        predicted += multipliers[block.codes, position] * z
    scale = np.abs(values).max(initial=0.0)
    return multipliers if np.allclose(predicted, values, rtol=1e-9, atol=1e-12 * scale) else None


def _by_size(rows: NDArray[np.int64], z: Floats) -> NDArray[np.int64]:
    """Return rows so that the largest |z| of each group comes last, where the division is most exact."""
    return rows[np.argsort(np.abs(z[rows]), kind="stable")]
