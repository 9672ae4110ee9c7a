"""Cross-products under a residual structure: a combination of those of fixed parts, at no cost per row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mlgui.engine.gram import Crossing, Gram, cross_products, sparse_sum
from mlgui.engine.problem import DegenerateProblem, Floats, Problem, Residual
from mlgui.engine.residual_occasions import Occasions
from mlgui.engine.residual_shape import Index, Shape
from mlgui.engine.residual_strata import Strata, Stratified
from mlgui.engine.residual_within import Autoregressive, CompoundSymmetry
from mlgui.engine.scaling import Rows
from mlgui.engine.structure import Structure

LARGEST = 4e7
"""Numbers in the cross-products of all parts above which rows are whitened anew instead."""


def shape_of(problem: Problem) -> tuple[Shape, Index]:
    """The residual structure over the rows of positive weight, and which rows these are; refuses what cannot be fitted."""
    residual = problem.residual
    used = np.flatnonzero(problem.weights > 0) if problem.weights is not None else np.arange(problem.n)
    strata = None if residual.strata is None else Strata(residual.strata[used])
    if residual.kind == "strata":
        assert strata is not None
        return strata, used
    assert residual.groups is not None
    _refuse_across(problem, residual.groups)
    _refuse_confounded(problem, residual)
    correlation = _correlation(residual, residual.groups[used], used)
    return (correlation if strata is None else Stratified(strata, correlation)), used


def _correlation(residual: Residual, groups: NDArray[np.int32], used: Index) -> Shape:
    """The correlation within groups over the rows in use."""
    if residual.kind == "ar1":
        assert residual.order is not None
        if not np.isfinite(residual.order[used]).all():
            raise DegenerateProblem("not-finite")
        return Autoregressive(groups, residual.order[used])
    if residual.kind == "un":
        assert residual.occasions is not None
        return Occasions(groups, residual.occasions[used])
    return CompoundSymmetry(groups)


def _refuse_across(problem: Problem, groups: NDArray[np.int32]) -> None:
    """Raise DegenerateProblem where rows correlated with each other lie in several groups of a grouping."""
    for k, grouping in enumerate(problem.groupings):
        if not _inside(groups, grouping.codes):
            raise DegenerateProblem("residual-across-groups", k)


def _inside(fine: NDArray[np.int32], coarse: NDArray[np.int32]) -> bool:
    """Whether every fine group lies in one coarse group."""
    of = np.zeros(int(fine.max()) + 1, dtype=coarse.dtype)
    of[fine] = coarse
    return bool((of[fine] == coarse).all())


def _refuse_confounded(problem: Problem, residual: Residual) -> None:
    """Raise DegenerateProblem where an intercept that varies by the same groups says the same as their correlation."""
    assert residual.groups is not None
    if residual.kind not in ("cs", "un"):
        return
    for k, grouping in enumerate(problem.groupings):
        constant = bool((grouping.z == grouping.z[0]).all(axis=0).any())
        if constant and _inside(grouping.codes, residual.groups):
            raise DegenerateProblem("residual-confounded", k)


@dataclass(frozen=True, kw_only=True, eq=False)
class Combined:
    """Cross-products of the rows as a function of the parameters of the residual structure.

    grams: those of the parts, None where they are formed anew from whitened rows.
    """

    rows: Rows
    structure: Structure
    shape: Shape
    used: Index
    grams: tuple[Gram, ...] | None

    @staticmethod
    def of(rows: Rows, structure: Structure, shape: Shape, used: Index, between: Callable[[], None]) -> Combined:
        """The cross-products of all parts, unless they are too many."""
        r = len(rows.w)
        size = sum(len(z) * (len(z) + r) * n for z, n in zip(rows.z, rows.n_groups)) + r * r
        parts = shape.parts()
        grams = None
        if parts is not None and len(parts) * size <= LARGEST:
            grams = tuple(_products(rows, structure, part.rows, used, part.at, between) for part in parts)
        return Combined(rows=rows, structure=structure, shape=shape, used=used, grams=grams)

    def gram(self, at: Floats) -> Gram:
        """The cross-products under R(at)."""
        if self.grams is None:
            every = np.arange(len(self.used))
            return _products(self.rows, self.structure, lambda rows: self.shape.whiten(at, rows), self.used, every, lambda: None)
        return combination(self.grams, self.shape.coefficients(at))


def _products(
    rows: Rows,
    structure: Structure,
    change: Callable[[Floats], Floats],
    used: Index,
    at: Index,
    between: Callable[[], None],
) -> Gram:
    """The cross-products of combinations of rows; columns that X and Z share stay shared."""
    columns = [*rows.w]
    place = {_address(column): i for i, column in enumerate(columns)}
    where: list[list[int]] = []
    for z in rows.z:
        where.append([])
        for column in z:
            if _address(column) not in place:
                place[_address(column)] = len(columns)
                columns.append(column)
            where[-1].append(place[_address(column)])
    changed = change(np.array([column[used] for column in columns]))
    z_changed = [tuple(changed[i] for i in one) for one in where]
    codes = [codes[used[at]] for codes in rows.codes]
    return cross_products(changed[: len(rows.w)], z_changed, codes, structure, rows.n_groups, between)


def _address(column: Floats) -> int:
    return int(column.__array_interface__["data"][0])


def combination(grams: Sequence[Gram], c: Floats) -> Gram:
    """Sum of c_m times the m-th Gram."""
    first = grams[0]
    return replace(
        first,
        total=_sum([one.total for one in grams], c),
        own=tuple(_sum([one.own[k] for one in grams], c) for k in range(len(first.own))),
        with_w=tuple(_sum([one.with_w[k] for one in grams], c) for k in range(len(first.own))),
        crossing={key: _crossing_sum([one.crossing[key] for one in grams], c) for key in first.crossing},
        nested={key: _sum([one.nested[key] for one in grams], c) for key in first.nested},
    )


def _sum(arrays: Sequence[Floats], c: Floats) -> Floats:
    """Sum of c_m times the m-th array."""
    out = c[0] * arrays[0]
    for weight, array in zip(c[1:], arrays[1:]):
        out += weight * array
    return np.asarray(out)


def _crossing_sum(crossings: Sequence[Crossing], c: Floats) -> Crossing:
    """The same for sparse cross-products."""
    q, other = len(crossings[0]), len(crossings[0][0])
    return tuple(tuple(sparse_sum([one[a][b] for one in crossings], c) for b in range(other)) for a in range(q))
