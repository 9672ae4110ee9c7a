from __future__ import annotations

import pytest

from mlgui.spec.expression import Variable
from mlgui.spec.order import arranged, contains, variable_order, with_term, without_term
from mlgui.spec.terms import INTERCEPT, Term

A, B, C = Variable("a"), Variable("b"), Variable("c")


def test_a_term_goes_after_those_of_its_order() -> None:
    terms = (INTERCEPT, Term((A,)), Term((A, B)))
    assert with_term(terms, Term((C,))) == (INTERCEPT, Term((A,)), Term((C,)), Term((A, B)))
    assert with_term(terms, Term((B, A))) == terms


def test_new_interactions_follow_the_order_of_the_variables() -> None:
    assert with_term((Term((A,)), Term((B,))), Term((B, C, A)))[-1] == Term((A, B, C))


def test_a_part_takes_its_interactions_along() -> None:
    terms = (INTERCEPT, Term((A,)), Term((B,)), Term((A, B)))
    assert without_term(terms, Term((A,))) == (INTERCEPT, Term((B,)))
    assert without_term(terms, INTERCEPT) == terms[1:]


def test_arranging() -> None:
    mixed = (Term((A, B)), INTERCEPT, Term((B,)), Term((B, A)), Term((A,)))
    assert arranged(mixed) == (INTERCEPT, Term((B,)), Term((A,)), Term((B, A)))
    assert contains(mixed, Term((B, A)))


def test_variable_order_respects_every_interaction() -> None:
    assert variable_order((Term((B,)), Term((A, B)), Term((C, A)))) == [C, A, B]
    with pytest.raises(ValueError, match="contradictory"):
        variable_order((Term((A, B)), Term((B, A))))
