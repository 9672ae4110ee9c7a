"""Which combinations of coefficients a test of a whole term is about: type II and type III (marginal) contrasts."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

import numpy as np

from mlgui.design.design import Design
from mlgui.design.recipe import Recipe
from mlgui.engine.problem import Floats
from mlgui.spec.coding import Levels, NamedColumn, Piece
from mlgui.spec.expression import Expression
from mlgui.spec.model import Contrast
from mlgui.spec.terms import Term

Key = frozenset[tuple[Expression, int, bool]]

NEGLIGIBLE = 1e-10
"""Weights of a contrast below this share of its largest are rounding."""


def tested_terms(design: Design) -> tuple[Term, ...]:
    """Return the terms that can be tested: all average terms but the intercept."""
    return tuple(dict.fromkeys(one.term for one in design.coefficients if one.term.order))


def type_three(design: Design, dropped: tuple[int, ...] = ()) -> dict[Term, Floats | None]:
    """Return rows (l, p) for every term: its effect averaged over the levels of the categories it interacts with, equally.

    They span the term's coefficients under sum contrasts, each with one of the term's own coefficients; an effect that
    interacts with a number is taken where that number is 0. `dropped` coefficients count as absent: a term without any other
    has no rows, and None stands for a term whose average involves one (combinations of categories that do not occur).
    """
    if len(tested_terms(design)) == 1:  # then both types are one
        return type_two(design, dropped)
    turned = _under_sum_contrasts(design)
    found: dict[Term, Floats | None] = {}
    for term in tested_terms(design):
        mine = [i for i, one in enumerate(design.coefficients) if one.term == term]
        kept = [i for i in mine if i not in dropped]
        rows = turned[kept]
        estimable = not rows[:, list(dropped)].any()
        found[term] = _without_rounding(np.asarray(np.linalg.solve(rows[:, kept], rows))) if estimable else None
    return found


def type_two(design: Design, dropped: tuple[int, ...] = ()) -> dict[Term, Floats | None]:
    """Return rows (l, p) for every term: its effect given all other terms, those that contain it left out.

    As SAS and lmerTest: with X_1 the columns of terms that do not contain it, the rows are X_T'M_1 X for the residual maker M_1.
    """
    terms = tested_terms(design)
    categories = frozenset(_levels(design))
    kept = [i for i in range(len(design.coefficients)) if i not in dropped]
    x = design.problem.x[:, kept]
    x = x / np.maximum(np.abs(x).max(axis=0, initial=0.0), np.finfo(float).tiny)
    scale = np.maximum(np.abs(design.problem.x[:, kept]).max(axis=0, initial=0.0), np.finfo(float).tiny)
    found: dict[Term, Floats | None] = {}
    for term in terms:
        containing = [other for other in terms if _contains(other, term, categories)]
        mine = [place for place, i in enumerate(kept) if design.coefficients[i].term == term]
        moved = [place for place, i in enumerate(kept) if design.coefficients[i].term in (term, *containing)]
        q, _ = np.linalg.qr(np.delete(x, moved, axis=1))
        rest = x[:, moved] - q @ (q.T @ x[:, moved])
        own = rest[:, [moved.index(place) for place in mine]]
        rows = np.zeros((len(mine), len(design.coefficients)))
        if mine:
            chol = np.linalg.cholesky(own.T @ own)
            weights = np.linalg.solve(chol, own.T @ rest) / np.diagonal(chol)[:, None]
            rows[:, np.array(kept)[moved]] = weights * scale[moved] / scale[mine][:, None]
        found[term] = _without_rounding(rows)
    return found


def _without_rounding(rows: Floats) -> Floats:
    largest = np.abs(rows).max(axis=1, keepdims=True, initial=0.0)
    return np.where(np.abs(rows) < NEGLIGIBLE * largest, 0.0, rows)


def _contains(larger: Term, smaller: Term, categories: frozenset[Expression]) -> bool:
    """Return whether a term is the other with further categories: both have the same factors that are numbers."""
    wide, narrow = frozenset(larger.factors), frozenset(smaller.factors)
    return narrow < wide and wide - categories == narrow - categories


def _levels(design: Design) -> Mapping[Expression, Levels]:
    recipe = design.recipe
    assert isinstance(recipe, Recipe)
    return recipe.knowledge.levels


def _under_sum_contrasts(design: Design) -> Floats:
    """Return M (p, p) with the coefficients under sum contrasts = M times those of the design."""
    recipe = design.recipe
    assert isinstance(recipe, Recipe)
    place = {_key(column.pieces): i for i, column in enumerate(recipe.columns)}
    matrix = np.zeros((len(place), len(place)))
    for i, column in enumerate(recipe.columns):
        for key, weight in _expanded(column, recipe.knowledge.levels):
            if key not in place:  # a margin that is no term of its own
                return np.eye(len(place))
            matrix[place[key], i] += weight
    matrix[np.abs(matrix) < NEGLIGIBLE] = 0.0
    return matrix


def _key(pieces: tuple[Piece, ...]) -> Key:
    return frozenset((piece.factor, piece.index, piece.full) for piece in pieces)


def _expanded(column: NamedColumn, levels: Mapping[Expression, Levels]) -> list[tuple[Key, float]]:
    """Return a column as a sum of columns of the model under sum contrasts."""
    parts = [_expanded_piece(piece, levels.get(piece.factor)) for piece in column.pieces]
    found = []
    for choice in product(*parts):
        keys = frozenset(key for key, _ in choice if key is not None)
        found.append((keys, float(np.prod([weight for _, weight in choice]))))
    return found


def _expanded_piece(piece: Piece, levels: Levels | None) -> list[tuple[tuple[Expression, int, bool] | None, float]]:
    """Return a piece as weights of a constant (None) and of sum-contrast columns.

    The indicator of level k of K is 1/K + sum_j (delta_jk - 1/K) S_j, S_j the indicator of level j less that of the last.
    """
    if levels is None or piece.full or levels.contrast is Contrast.SUM:
        return [((piece.factor, piece.index, piece.full), 1.0)]
    count = len(levels.labels)
    found: list[tuple[tuple[Expression, int, bool] | None, float]] = [(None, 1 / count)]
    for j in range(count - 1):
        # the reference is level 0, and the first column stands for level 1
        found.append(((piece.factor, j, False), float(j == piece.index + 1) - 1 / count))
    return found
