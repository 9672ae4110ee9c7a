"""Models whose zero of x is part of the model: shifting a predictor would change the fit."""

from __future__ import annotations

from collections.abc import Iterator

from mlgui.design.design import Design
from mlgui.findings import Finding, Severity
from mlgui.results.factors import is_category
from mlgui.results.nouns import group_plural
from mlgui.spec.expression import Variable
from mlgui.spec.terms import INTERCEPT, RandomTerm, Term
from mlgui.words import tr


def zero_findings(design: Design) -> Iterator[Finding]:
    """Yield a note per random term, and one for the averages, that a shift of a number does not leave unchanged."""
    for term in design.spec.random:
        names = [name for block in _correlated_blocks(term) for name in _shifted_out(design, block)]
        if names:
            yield _random_note(term, names)
    names = _shifted_out(design, design.spec.fixed)
    if names and not _categories_span_one(design):
        yield Finding(
            code="zero-matters",
            severity=Severity.NOTE,
            title=tr("The zero of {name} is part of the model").format(name=names[0]),
            text=tr(
                "The average terms hold {name} without everything a shift of it would need (the intercept, or the lower-order "
                "terms of its interaction). Measuring {name} from another zero would be another model. Check that 0 is meant."
            ).format(name=names[0]),
            about=(names[0],),
        )


def _random_note(term: RandomTerm, names: list[str]) -> Finding:
    groups = group_plural(term.grouping.name)
    return Finding(
        code="zero-matters",
        severity=Severity.NOTE,
        title=tr("The zero of {name} is part of the model").format(name=names[0]),
        text=tr(
            "What varies by {groups} is not correlated with, or lacks, the intercept, so the model says something about {groups} "
            "exactly where {name} is 0. Measuring {name} from another zero would be another model with other results. "
            "Correlate the coefficients, or make sure that this 0 is meant."
        ).format(groups=groups, name=names[0]),
        about=(term.grouping.name, names[0]),
    )


def _correlated_blocks(term: RandomTerm) -> list[tuple[Term, ...]]:
    """Return the sets of terms whose coefficients may be correlated: all of them, or each alone."""
    return [term.terms] if term.correlated else [(each,) for each in term.terms]


def _shifted_out(design: Design, terms: tuple[Term, ...]) -> list[str]:
    """Return the plain numbers x for which x -> x + a leaves the span of the terms: a term lacks what is left without x."""
    return list(
        dict.fromkeys(
            factor.name
            for term in terms
            for factor in term.factors
            if isinstance(factor, Variable)
            and not is_category(design.table, factor.name)
            and not _has(terms, Term(tuple(other for other in term.factors if other != factor)))
        )
    )


def _has(terms: tuple[Term, ...], wanted: Term) -> bool:
    return any(term.same_as(wanted) for term in terms) if wanted.factors else INTERCEPT in terms


def _categories_span_one(design: Design) -> bool:
    """Return whether a category without an intercept stands for it: its indicators add up to 1."""
    return INTERCEPT not in design.spec.fixed and any(
        is_category(design.table, name) for term in design.spec.fixed for name in term.columns
    )
