"""The order of terms, and of the factors inside an interaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mlgui.spec.expression import Expression
from mlgui.spec.terms import Term

Terms = tuple[Term, ...]


def variable_order(terms: Sequence[Term]) -> list[Expression]:
    """Return all factors, nearly as they appear, so that no interaction has its factors in another order.

    ValueError if interactions contradict each other (a:b and b:a); `with_term` never makes such terms.
    """
    before: dict[Expression, set[Expression]] = {factor: set() for term in terms for factor in term.factors}
    for term in terms:
        for index, factor in enumerate(term.factors):
            before[factor].update(term.factors[:index])
    order: dict[Expression, None] = {}
    while len(order) < len(before):
        known = len(order)
        for factor, earlier in before.items():
            if factor not in order and earlier <= order.keys():
                order[factor] = None
        if len(order) == known:
            raise ValueError(f"interactions in contradictory orders: {terms}")
    return list(order)


def contains(terms: Iterable[Term], term: Term) -> bool:
    """Whether a term is there, in whatever order of its factors."""
    return any(term.same_as(other) for other in terms)


def with_term(terms: Terms, term: Term) -> Terms:
    """Return the terms with one more, after those of its order, its factors in the order of the others."""
    if contains(terms, term):
        return terms
    order = variable_order(terms)
    place = {factor: order.index(factor) if factor in order else len(order) + k for k, factor in enumerate(term.factors)}
    added = Term(tuple(sorted(dict.fromkeys(term.factors), key=lambda factor: place[factor])))
    end = next((index for index, other in enumerate(terms) if other.order > added.order), len(terms))
    return (*terms[:end], added, *terms[end:])


def without_term(terms: Terms, term: Term) -> Terms:
    """Return the terms without one, and without the interactions that contain it (the intercept: only itself)."""
    factors = frozenset(term.factors)
    if not factors:
        return tuple(other for other in terms if other.order)
    return tuple(other for other in terms if not factors <= frozenset(other.factors))


def arranged(terms: Iterable[Term]) -> Terms:
    """Return terms without repetitions, by order and then as they come, factors in the order of first appearance."""
    found: Terms = ()
    for term in sorted(terms, key=lambda term: term.order):
        found = with_term(found, term)
    return found
