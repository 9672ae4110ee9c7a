from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlgui.spec.expression import Call, Expression, Number, Operation, Variable
from mlgui.spec.formula import parse
from mlgui.spec.model import ModelSpec
from mlgui.spec.order import with_term
from mlgui.spec.render import render, render_expression, render_name
from mlgui.spec.terms import INTERCEPT, Grouping, RandomTerm, Term

WRITTEN = [
    ("math~ses*sector+(1+ses|school)", "math ~ ses * sector + (ses | school)"),
    ("y ~ 1", "y ~ 1"),
    ("y ~ 0", "y ~ 0"),
    ("y ~ x - 1", "y ~ 0 + x"),
    ("y ~ a + b + a:b", "y ~ a * b"),
    ("y ~ a + c + b + a:b", "y ~ a + c + b + a:b"),
    ("y ~ ses*sector + ses*mean_ses", "y ~ ses * sector + ses * mean_ses"),
    ("y ~ (a+b+c)^2", "y ~ a * b + a * c + b * c"),
    ("y ~ a*b*c", "y ~ a * b * c"),
    ("y ~ a:b", "y ~ a:b"),
    ("y ~ a + a:b", "y ~ a + a:b"),
    ("y ~ 0 + Sex + Sex:age_c + (1|Subject)", "y ~ 0 + Sex + Sex:age_c + (1 | Subject)"),
    ("y ~ x + offset(10*Days) + (0+x||g)", "y ~ x + offset(10 * Days) + (0 + x || g)"),
    ("y ~ 1 + (1|a/b)", "y ~ 1 + (1 | a/b)"),
    ("y ~ 1 + (x|a/b/c)", "y ~ 1 + (x | a/b/c)"),
    ("y ~ 1 + (1|b:a) + (1|a)", "y ~ 1 + (1 | a/b)"),
    ("y ~ 1 + (1|a) + (1|b:a)", "y ~ 1 + (1 | a) + (1 | b:a)"),
    ("y ~ 1 + (1|a:b)", "y ~ 1 + (1 | a:b)"),
    ("y ~ b:a + a", "y ~ b:a + a"),
    ("`my y` ~ `x-1` + `if` + x1", "`my y` ~ `x-1` + `if` + x1"),
    ("log( y ) ~ I( x^2 )+I(-x/(a+b))+poly(x,3)", "log(y) ~ I(x^2) + I(-x/(a + b)) + poly(x, 3)"),
    ("y ~ center(x,g)+mean(x,g)", "y ~ center(x, g) + mean(x, g)"),
    ("y ~ I(x*1e-5) + I(x - 0.1)", "y ~ I(x * 1e-05) + I(x - 0.1)"),
]


@pytest.mark.parametrize(("text", "written"), WRITTEN)
def test_text_to_spec_to_text(text: str, written: str) -> None:
    spec = parse(text)
    assert render(spec) == written
    assert parse(written) == spec


NAMES = (".", "x", "x y", "1x", ".5", "", "a`b", "a\\b", "größe", "TRUE", "a\nb", "~", "log", "..x", "_x")


@pytest.mark.parametrize("name", NAMES)
def test_names_come_back(name: str) -> None:
    if name:
        assert parse(f"y ~ {render_name(name)}").fixed[1].factors == (Variable(name),)


def test_contradictory_orders_are_no_formula() -> None:
    a, b = Variable("a"), Variable("b")
    with pytest.raises(ValueError, match="contradictory"):
        render(ModelSpec(outcome=Variable("y"), fixed=(Term((a, b)), Term((b, a, Variable("c"))))))


names = st.sampled_from(["x", "z", "u", "my score", "größe", "log", "w.2"])
numbers = st.one_of(st.integers(0, 9).map(float), st.floats(0.001, 1e6)).map(Number)


def grown(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    one = st.builds(lambda f, x: Call(f, (x,)), st.sampled_from(["I", "log", "exp", "sqrt", "scale", "center", "abs"]), inner)
    two = st.builds(lambda o, a, b: Operation(o, (a, b)), st.sampled_from(list("+-*/^")), inner, inner)
    sign = st.builds(lambda a: Operation("-", (a,)), inner)
    return st.one_of(one, two, sign)


expressions = st.recursive(st.one_of(names.map(Variable), numbers), grown, max_leaves=8)
factors = st.one_of(
    names.map(Variable),
    expressions.map(lambda x: Call("I", (x,))),
    st.builds(lambda x, d: Call("poly", (Variable(x), Number(float(d)))), names, st.integers(1, 4)),
    st.builds(lambda f, x, g: Call(f, (Variable(x), Variable(g))), st.sampled_from(["center", "mean"]), names, names),
)


@given(expressions)
def test_expressions_come_back(expression: Expression) -> None:
    wrapped = Call("I", (expression,))
    assert parse(f"y ~ {render_expression(wrapped)}").fixed[1].factors == (wrapped,)


@st.composite
def term_lists(draw: st.DrawFn, *, empty: bool) -> tuple[Term, ...]:
    pool = draw(st.lists(factors, min_size=1, max_size=5, unique=True))
    picks = draw(st.lists(st.lists(st.sampled_from(pool), min_size=1, max_size=3, unique=True), max_size=6))
    terms: tuple[Term, ...] = (INTERCEPT,) if draw(st.booleans()) or not (empty or picks) else ()
    for pick in picks:
        terms = with_term(terms, Term(tuple(pick)))
    return terms


@st.composite
def specs(draw: st.DrawFn) -> ModelSpec:
    columns = draw(st.lists(st.sampled_from(["g", "h", "school id", "k"]), max_size=3, unique=True))
    random = tuple(
        RandomTerm(draw(term_lists(empty=False)), Grouping(tuple(columns[: place + 1])), draw(st.booleans()))
        for place in range(len(columns))
    )
    return ModelSpec(
        outcome=draw(factors),
        fixed=draw(term_lists(empty=True)),
        random=tuple(term for term in random if term.terms),
        offsets=tuple(draw(st.lists(expressions, max_size=2))),
    )


@settings(max_examples=150, deadline=None)
@given(specs())
def test_every_spec_comes_back(spec: ModelSpec) -> None:
    assert parse(render(spec)) == spec
