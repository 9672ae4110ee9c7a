"""The group-level model of one varying coefficient: its predictors, its estimated equation, its prediction with some held."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mlgui.design.design import Coefficient, GroupPredictor
from mlgui.results.factors import Part, factor_words, parts_of
from mlgui.results.group_columns import GroupColumn, group_columns, grouping_index
from mlgui.results.numbers import MINUS, decimals_for, number
from mlgui.results.report import Report
from mlgui.spec.coding import factor_label
from mlgui.spec.expression import Expression, columns_of
from mlgui.spec.symbols import index_letter, varying_letter
from mlgui.spec.terms import Term
from mlgui.words import tr

Floats = NDArray[np.float64]
_SUBSCRIPTS = str.maketrans("jklmnop", "ⱼₖₗₘₙₒₚ")


@dataclass(frozen=True, kw_only=True)
class EquationTerm:
    """One product of an estimated equation. text: what the estimate multiplies, "" for the average itself."""

    estimate: float
    se: float
    text: str
    coefficient: str


def coefficient_symbol(report: Report, grouping: str, coefficient: int) -> str:
    """Return the letter of a varying coefficient as in the equations: α, β, γ ... through all groupings."""
    before = sum(len(groups.names) for groups in report.groups[: grouping_index(report, grouping)])
    return varying_letter(before + coefficient, intercept_first=report.groups[0].names[0] == "(Intercept)")


def group_subscript(report: Report, grouping: str) -> str:
    """Return the subscript of a grouping as in the equations: "ⱼ" for the finest, then "ₖ", "ₗ" ..."""
    return index_letter(grouping_index(report, grouping)).translate(_SUBSCRIPTS)


def indexed_symbol(report: Report, grouping: str, coefficient: int) -> str:
    """Return the letter of a varying coefficient with its subscript: "αⱼ", "βₖ"."""
    return coefficient_symbol(report, grouping, coefficient) + group_subscript(report, grouping)


def coefficient_title(report: Report, grouping: str, coefficient: int) -> str:
    """Return "Intercepts αj" or "Slopes βj of ses"."""
    estimates = report.groups[grouping_index(report, grouping)]
    symbol = indexed_symbol(report, grouping, coefficient)
    if estimates.names[coefficient] == "(Intercept)":
        return tr("Intercepts {symbol}").format(symbol=symbol)
    return tr("Slopes {symbol} of {name}").format(symbol=symbol, name=estimates.labels[coefficient])


def equation_terms(report: Report, grouping: str, coefficient: int) -> tuple[EquationTerm, ...]:
    """Return the terms of the estimated group-level equation of one varying coefficient, the average first."""
    index = grouping_index(report, grouping)
    varying = report.design.groupings[index]
    found = []
    for predictor in varying.predictors[coefficient]:
        effect = report.fixed[predictor.column]
        text = _multiplier(report, report.design.coefficients[predictor.column], varying.terms[coefficient])
        found.append(EquationTerm(estimate=effect.estimate, se=effect.se, text=text, coefficient=effect.name))
    return tuple(sorted((term for term in found if np.isfinite(term.estimate)), key=lambda term: term.text != ""))


def equation_text(report: Report, grouping: str, coefficient: int) -> str:
    """Return the estimated equation in one line: "αj = 12.09 + 1.19 sectorj + 3.32 mean_sesj + ηj"."""
    symbol, index = indexed_symbol(report, grouping, coefficient), group_subscript(report, grouping)
    terms = equation_terms(report, grouping, coefficient)
    digits = decimals_for([term.estimate for term in terms], [term.se for term in terms])
    pieces = []
    for position, term in enumerate(terms):
        size = number(abs(term.estimate), digits)
        sign = (MINUS if term.estimate < 0 else "") if position == 0 else (f" {MINUS} " if term.estimate < 0 else " + ")
        pieces.append(sign + size + (f" {term.text}{index}" if term.text else ""))
    return f"{symbol} = " + ("".join(pieces) or "0") + f" + η{index}"


def held_prediction(report: Report, grouping: str, coefficient: int, keep: frozenset[str]) -> Floats:
    """Return the group-level prediction (J,) with every predictor that reads a column outside `keep` held at its mean.

    The mean is over groups. A product of a kept and another predictor keeps the one and averages the other.
    """
    index = grouping_index(report, grouping)
    varying = report.design.groupings[index]
    total = np.zeros(len(varying.levels))
    for predictor in varying.predictors[coefficient]:
        beta = report.fixed[predictor.column].estimate
        if np.isfinite(beta):
            total += beta * _held(report, grouping, predictor, varying.terms[coefficient], keep)
    return total


def model_columns(report: Report, grouping: str, coefficient: int) -> tuple[str, ...]:
    """Return what explains a varying coefficient, in the order of the model: columns, group means in words."""
    return tuple(dict.fromkeys(map(factor_words, explaining_factors(report, grouping, coefficient))))


def explaining_factors(report: Report, grouping: str, coefficient: int) -> tuple[Expression, ...]:
    """Return the factors of the group-level predictors of a varying coefficient, each once."""
    varying = report.design.groupings[grouping_index(report, grouping)]
    found: list[Expression] = []
    for predictor in varying.predictors[coefficient]:
        found += _outer_factors(report.design.coefficients[predictor.column].term, varying.terms[coefficient])
    return tuple(dict.fromkeys(found))


def is_kept(factor: Expression, keep: frozenset[str]) -> bool:
    """Return whether a factor is one of the names to keep, or reads nothing but columns to keep."""
    return factor_label(factor) in keep or set(columns_of(factor)) <= keep


def default_category(report: Report, grouping: str) -> GroupColumn | None:
    """Return the first category of the model at the level of the grouping: what colours groups unless chosen otherwise."""
    return next((column for column in group_columns(report, grouping) if column.is_category and column.in_model), None)


def _outer_factors(term: Term, inner: Term) -> list[Expression]:
    """Return the factors of a term that are not those of the varying coefficient itself."""
    return [factor for factor in term.factors if factor not in inner.factors]


def _outer_parts(report: Report, coefficient: Coefficient, inner: Term) -> list[Part] | None:
    parts = parts_of(report.design, coefficient)
    return None if parts is None else [part for part in parts if part.factor not in inner.factors]


def _multiplier(report: Report, coefficient: Coefficient, inner: Term) -> str:
    """Return what a coefficient multiplies in the group-level equation: "" for the average, "mean_ses", "[sector: Catholic]"."""
    parts = _outer_parts(report, coefficient, inner)
    if parts is None:
        return coefficient.name
    return "·".join(f"[{part.label}]" if part.level else part.text for part in parts)


def _held(report: Report, grouping: str, predictor: GroupPredictor, inner: Term, keep: frozenset[str]) -> Floats:
    coefficient = report.design.coefficients[predictor.column]
    kept = [is_kept(factor, keep) for factor in _outer_factors(coefficient.term, inner)]
    if all(kept):
        return predictor.values
    parts = _outer_parts(report, coefficient, inner)
    values = [] if parts is None else [_part_values(report, grouping, part) for part in parts]
    if not any(kept) or not values or any(value is None for value in values):
        return np.full_like(predictor.values, predictor.values.mean())
    product = np.ones_like(predictor.values)
    for value, keeps in zip(values, kept, strict=True):
        if value is not None:
            product *= value if keeps else value.mean()
    return product


def _part_values(report: Report, grouping: str, part: Part) -> Floats | None:
    """Return the multiplier of one factor in each group: the number, or 1 where the category has the level; None: unknown."""
    columns = {column.name: column for column in group_columns(report, grouping)}
    column = columns.get(part.text)
    if column is None:
        return None
    if part.level:
        return np.asarray(column.values == column.levels.index(part.level), dtype=float)
    return np.nan_to_num(column.values, nan=float(np.nanmean(column.values)))
