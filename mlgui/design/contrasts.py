"""How a category becomes columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mlgui.design.frame import Codes
from mlgui.engine.problem import Floats
from mlgui.errors import UserError
from mlgui.spec.expression import Expression
from mlgui.spec.model import Coding, Contrast
from mlgui.spec.terms import Term
from mlgui.words import tr


@dataclass(frozen=True, kw_only=True)
class Levels:
    """The levels of one category in the model, the reference first, and its contrast."""

    labels: tuple[str, ...]
    contrast: Contrast = Contrast.TREATMENT


def ordered_levels(levels: Sequence[str], coding: Coding) -> Levels:
    """Return the levels as a contrast uses them. UserError if the reference does not occur in the rows used."""
    reference = coding.reference
    if coding.contrast is Contrast.SUM or not reference:
        return Levels(labels=tuple(levels), contrast=coding.contrast)
    if reference not in levels:
        raise UserError(
            tr("“{level}” cannot be the reference of “{column}”.").format(level=reference, column=coding.column),
            tr("No row that is used has this level."),
            tr("Choose another reference."),
        )
    return Levels(labels=(reference, *(level for level in levels if level != reference)), contrast=coding.contrast)


def contrast_names(levels: Levels, *, full: bool) -> tuple[str, ...]:
    """Return what R appends to the column name: the level, or the number of the column for sum contrasts."""
    if full:
        return tuple(map(level_name, levels.labels))
    if levels.contrast is Contrast.SUM:
        return tuple(str(number) for number in range(1, len(levels.labels)))
    return tuple(map(level_name, levels.labels[1:]))


def contrast_labels(levels: Levels, *, full: bool) -> tuple[str, ...]:
    """Return the level each column stands for."""
    if full:
        return levels.labels
    return levels.labels[:-1] if levels.contrast is Contrast.SUM else levels.labels[1:]


def contrast_column(codes: Codes, levels: Levels, index: int, *, full: bool) -> Floats:
    """Return one column of a category, (n,): an indicator, or for sum contrasts 1, 0 and -1 for the last level."""
    if full:
        return _indicator(codes, index)
    if levels.contrast is Contrast.SUM:
        return _indicator(codes, index) - _indicator(codes, len(levels.labels) - 1)
    return _indicator(codes, index + 1)


def _indicator(codes: Codes, index: int) -> Floats:
    return np.asarray(codes == index, dtype=np.float64)


def level_name(label: str) -> str:
    """Return a level as R names it: logical values in capitals."""
    return label.upper() if label.lower() in ("true", "false") else label


def full_codings(terms: Sequence[Term], categories: frozenset[Expression]) -> tuple[frozenset[Expression], ...]:
    """Return for each term the categories in it that are coded by all their levels instead of by contrasts.

    The rule is R's (Chambers & Hastie 1992, p. 38, as in stats::model.matrix): a category takes contrasts where its
    margin, the term without it, is contained in an earlier term or is empty; without an intercept the first
    category met takes all its levels.
    """
    found: list[frozenset[Expression]] = []
    first_missing = not any(term.order == 0 for term in terms)
    for position, term in enumerate(terms):
        full = {factor for factor in term.factors if factor in categories and not _margin_present(terms, position, factor)}
        if first_missing:
            first = next((factor for factor in term.factors if factor in categories), None)
            if first is not None:
                full.add(first)
                first_missing = False
        found.append(frozenset(full))
    return tuple(found)


def _margin_present(terms: Sequence[Term], position: int, factor: Expression) -> bool:
    margin = frozenset(terms[position].factors) - {factor}
    return not margin or any(margin <= frozenset(term.factors) for term in terms[:position])
