"""What a column of X is made of: which factors, which levels, and whether its coefficient can be read as a slope."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mlgui.data.table import CODED, Table
from mlgui.design.design import Coefficient, Design
from mlgui.design.recipe import Recipe
from mlgui.engine.problem import Floats
from mlgui.spec.coding import Piece, factor_label
from mlgui.spec.expression import Call, Expression, Variable, columns_of
from mlgui.spec.model import Contrast

LINEAR = frozenset({"center", "scale", "mean", "factor"})
"""Functions that leave a column's slope a slope: they shift or rescale it, or average it by group."""

MONOTONE = frozenset({"log", "log2", "log10", "log1p", "sqrt", "exp"})
"""Functions whose value is itself a number one can speak of a unit of."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """One factor of a coefficient. text: the factor for people. level: of a category, "" for a number."""

    factor: Expression
    text: str
    level: str = ""

    @property
    def column(self) -> str:
        """Name of the column where the factor is a plain column, else ""."""
        return self.factor.name if isinstance(self.factor, Variable) else ""

    @property
    def label(self) -> str:
        """The part for people: "ses", or "sector: Catholic"."""
        return f"{self.text}: {self.level}" if self.level else self.text


def parts_of(design: Design, coefficient: Coefficient) -> tuple[Part, ...] | None:
    """Return the factors of a coefficient in order; () for the intercept; None where a column is not a single level.

    (The columns of sum contrasts are differences from the mean of the levels.)
    """
    if coefficient.term.order == 0:
        return ()
    recipe = design.recipe
    if not isinstance(recipe, Recipe):
        return None
    pieces = next((column.pieces for column in recipe.columns if column.name == coefficient.name), ())
    if any(piece.level and not piece.full and _sum_coded(design, piece) for piece in pieces):
        return None
    return tuple(Part(factor=piece.factor, text=_text(piece), level=piece.level) for piece in pieces)


def readable(design: Design, factor: Expression) -> bool:
    """Return whether the coefficient of a factor says something by itself: its column enters along no curve."""
    if not isinstance(factor, Variable) and not (isinstance(factor, Call) and factor.function in LINEAR | MONOTONE):
        return False
    sharing = [other for other in _factors(design) if other != factor and _numbers(design, other) & _numbers(design, factor)]
    return all(map(_straight, sharing)) and (_straight(factor) or not sharing)


def curved_columns(design: Design) -> tuple[str, ...]:
    """Return the numbers that enter the averages along a curve: none of their coefficients can be read by itself."""
    bent = dict.fromkeys(name for factor in _factors(design) if not readable(design, factor) for name in columns_of(factor))
    return tuple(name for name in bent if not is_category(design.table, name))


def has_polynomial(design: Design) -> bool:
    """Return whether an orthogonal polynomial is among the averages: the intercept is then at no value of its column."""
    return any(isinstance(factor, Call) and factor.function == "poly" for factor in _factors(design))


def values_of(design: Design, part: Part) -> Floats | None:
    """Return a number's values in the rows used, as the model has them; None where it is in no column of X by itself."""
    for index, coefficient in enumerate(design.coefficients):
        if coefficient.term.factors == (part.factor,):
            return np.asarray(design.problem.x[:, index])
    return np.asarray(design.table[part.column].values[design.rows], dtype=float) if part.column else None


def factor_words(factor: Expression) -> str:
    """Return a factor as one speaks of it: the column it rescales, a group mean in words, else as written."""
    if isinstance(factor, Call) and factor.function in ("center", "scale", "factor") and len(columns_of(factor)) == 1:
        return columns_of(factor)[0]
    return factor_label(factor)


def reference_level(design: Design, column: str) -> str:
    """Return the reference level of a category: the chosen one, else the first level that occurs in the rows used."""
    chosen = design.spec.coding(column).reference
    return chosen or next(iter(used_levels(design, column)), "")


def used_levels(design: Design, column: str) -> tuple[str, ...]:
    """Return the levels of a category that occur in the rows used, in their order."""
    source = design.table[column]
    present = np.bincount(np.maximum(source.values[design.rows], 0), minlength=len(source.levels))  # type: ignore[call-overload]
    return tuple(level for level, count in zip(source.levels, present, strict=True) if count)


def is_category(table: Table, column: str) -> bool:
    """Return whether a column enters a model as a category."""
    return column in table and table[column].kind in CODED


def category_columns(design: Design) -> frozenset[str]:
    """Return the columns that enter the model as categories: by their kind, or as numbers in `factor(x)`."""
    random = (term for each in design.spec.random for term in each.terms)
    factors = [factor for term in (*design.spec.fixed, *random) for factor in term.factors]
    calls = [factor for factor in factors if isinstance(factor, Call) and factor.function == "factor"]
    named = {name for call in calls for name in columns_of(call)}
    return frozenset(named | {name for name in design.spec.columns if is_category(design.table, name)})


def _sum_coded(design: Design, piece: Piece) -> bool:
    return any(design.spec.coding(name).contrast is Contrast.SUM for name in columns_of(piece.factor))


def _text(piece: Piece) -> str:
    return factor_label(piece.factor) if piece.level else piece.label


def _straight(factor: Expression) -> bool:
    return isinstance(factor, Variable) or (isinstance(factor, Call) and factor.function in LINEAR)


def _factors(design: Design) -> tuple[Expression, ...]:
    return tuple(dict.fromkeys(factor for term in design.spec.fixed for factor in term.factors))


def _numbers(design: Design, factor: Expression) -> set[str]:
    return {name for name in columns_of(factor) if not is_category(design.table, name)}
