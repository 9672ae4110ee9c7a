from __future__ import annotations

import pytest

from mlgui.errors import UserError
from mlgui.spec.coding import Levels, count_columns, ordered_levels, plan
from mlgui.spec.expression import Expression, Variable
from mlgui.spec.formula import parse
from mlgui.spec.model import Coding, Contrast

LEVELS: dict[Expression, Levels] = {
    Variable("a"): Levels(labels=("1", "2", "3")),
    Variable("b"): Levels(labels=("x", "y")),
    Variable("s"): Levels(labels=("u", "v", "w"), contrast=Contrast.SUM),
    Variable("flag"): Levels(labels=("false", "true")),
}

NAMES = [  # as colnames(model.matrix(~ ...)) of R 4.2
    ("a", "(Intercept) a2 a3"),
    ("0 + a", "a1 a2 a3"),
    ("0 + a + b", "a1 a2 a3 by"),
    ("0 + n + a", "n a1 a2 a3"),
    ("a:b", "(Intercept) a1:bx a2:bx a3:bx a1:by a2:by a3:by"),
    ("a + a:b", "(Intercept) a2 a3 a1:by a2:by a3:by"),
    ("b + a:b", "(Intercept) by bx:a2 by:a2 bx:a3 by:a3"),
    ("a * b", "(Intercept) a2 a3 by a2:by a3:by"),
    ("0 + a:b", "a1:bx a2:bx a3:bx a1:by a2:by a3:by"),
    ("0 + a * b", "a1 a2 a3 by a2:by a3:by"),
    ("n:a", "(Intercept) n:a1 n:a2 n:a3"),
    ("n + n:a", "(Intercept) n n:a2 n:a3"),
    ("a + n:a", "(Intercept) a2 a3 a1:n a2:n a3:n"),
    ("n * a", "(Intercept) n a2 a3 n:a2 n:a3"),
    ("0 + b + b:n", "bx by bx:n by:n"),
    ("0 + n + n:b", "n n:bx n:by"),  # without an intercept the first category met is coded in full
    ("s", "(Intercept) s1 s2"),
    ("0 + s", "su sv sw"),
    ("s * b", "(Intercept) s1 s2 by s1:by s2:by"),
    ("flag", "(Intercept) flagTRUE"),
    ("0 + flag", "flagFALSE flagTRUE"),
    ("poly(n, 2)", "(Intercept) poly(n, 2)1 poly(n, 2)2"),
    ("poly(n, 2):b", "(Intercept) poly(n, 2)1:bx poly(n, 2)2:bx poly(n, 2)1:by poly(n, 2)2:by"),
]


@pytest.mark.parametrize(("text", "names"), NAMES)
def test_names_are_those_of_r(text: str, names: str) -> None:
    terms = parse(f"y ~ {text}").fixed
    categories = {factor: LEVELS[factor] for term in terms for factor in term.factors if factor in LEVELS}
    columns = plan(terms, categories)
    expected = names.replace("poly(n, 2)", "poly").split()
    assert [column.name.replace("poly(n, 2)", "poly") for column in columns] == expected
    assert count_columns(terms, categories) >= len(columns)


def test_labels_for_people() -> None:
    terms = parse("y ~ x * a + `my x` + mean(x, g) + factor(k)").fixed
    labels = [column.label for column in plan(terms, {Variable("a"): LEVELS[Variable("a")]})]
    assert labels == ["Intercept", "x", "a: 2", "a: 3", "my x", "mean of x by g", "k", "x × a: 2", "x × a: 3"]


def test_the_reference_goes_first() -> None:
    assert ordered_levels(("a", "b", "c"), Coding(column="x", reference="b")).labels == ("b", "a", "c")
    assert ordered_levels(("a", "b", "c"), Coding(column="x")).labels == ("a", "b", "c")
    with pytest.raises(UserError, match="cannot be the reference"):
        ordered_levels(("a", "b"), Coding(column="x", reference="z"))
