from __future__ import annotations

import time
from pathlib import Path

import pytest

from mlgui.errors import UserError
from mlgui.spec.expression import Call, Number, Operation, Variable
from mlgui.spec.formula import parse
from mlgui.spec.model import ModelSpec
from mlgui.spec.render import render_grouping, render_term
from mlgui.spec.terms import INTERCEPT
from tests.spec.hostile_formulas import CODE, SIZE


def fixed(text: str) -> list[str]:
    return [render_term(term) if term.order else "1" for term in parse(f"y ~ {text}").fixed]


def random(text: str) -> list[tuple[list[str], str, bool]]:
    return [
        ([render_term(t) if t.order else "1" for t in term.terms], render_grouping(term.grouping), term.correlated)
        for term in parse(f"y ~ 1 + {text}").random
    ]


EXPANSIONS = [  # as attr(terms(y ~ ...), "term.labels") of R 4.2 gives them, intercept first
    ("1", ["1"]),
    ("0", []),
    ("x", ["1", "x"]),
    ("x + z", ["1", "x", "z"]),
    ("0 + x", ["x"]),
    ("x - 1", ["x"]),
    ("-1 + x", ["x"]),
    ("x + 0", ["x"]),
    ("x - 1 + 1", ["1", "x"]),
    ("a * b", ["1", "a", "b", "a:b"]),
    ("a:b", ["1", "a:b"]),
    ("b:a + a", ["1", "a", "b:a"]),
    ("a:b + b:a", ["1", "a:b"]),
    ("a:a", ["1", "a"]),
    ("a / b", ["1", "a", "a:b"]),
    ("a / b / c", ["1", "a", "a:b", "a:b:c"]),
    ("(a + b) / c", ["1", "a", "b", "a:b:c"]),
    ("a / (b + c)", ["1", "a", "a:b", "a:c"]),
    ("b %in% a", ["1", "b:a"]),
    ("a * b * c", ["1", "a", "b", "c", "a:b", "a:c", "b:c", "a:b:c"]),
    ("(a + b + c)^2", ["1", "a", "b", "c", "a:b", "a:c", "b:c"]),
    ("(a + b + c)**2", ["1", "a", "b", "c", "a:b", "a:c", "b:c"]),
    ("(a + b)^99", ["1", "a", "b", "a:b"]),
    ("a * b - a", ["1", "b", "a:b"]),
    ("a * b - a:b", ["1", "a", "b"]),
    ("(a + b)^2 - b", ["1", "a", "a:b"]),
    ("a * b * c - (a + b):c", ["1", "a", "b", "c", "a:b", "a:b:c"]),
    ("MEANSES * CSES + Sector * CSES", ["1", "MEANSES", "CSES", "Sector", "MEANSES:CSES", "CSES:Sector"]),
    ("a:b + c + b", ["1", "c", "b", "a:b"]),
    ("x + I(x^2)", ["1", "x", "I(x^2)"]),
    ("poly(x, 2):z", ["1", "poly(x, 2):z"]),
    ("log(x + 1) * z", ["1", "log(x + 1)", "z", "log(x + 1):z"]),
    ("`naïve score` + naïve", ["1", "`naïve score`", "naïve"]),
    ("offset(x) + z", ["1", "z"]),
    ("((x))", ["1", "x"]),
    ("(1 + x):z", ["1", "x:z"]),
    ("(0 + x)", ["x"]),
    ("x - (1 + x)", []),
    ("x - 0", ["1", "x"]),
]


@pytest.mark.parametrize(("text", "terms"), EXPANSIONS)
def test_terms_are_expanded_and_ordered_as_in_r(text: str, terms: list[str]) -> None:
    assert fixed(text) == terms


BARS = [
    ("(1 | g)", [(["1"], "g", True)]),
    ("(x | g)", [(["1", "x"], "g", True)]),
    ("(1 + x | g)", [(["1", "x"], "g", True)]),
    ("(x || g)", [(["1", "x"], "g", False)]),
    ("(0 + x | g)", [(["x"], "g", True)]),
    ("(x - 1 | g)", [(["x"], "g", True)]),
    ("(1 | a/b)", [(["1"], "b:a", True), (["1"], "a", True)]),
    ("(1 | a/b/c)", [(["1"], "c:b:a", True), (["1"], "b:a", True), (["1"], "a", True)]),
    ("(x | a:b)", [(["1", "x"], "a:b", True)]),
    ("(1 | (a:b)/c)", [(["1"], "c:a:b", True), (["1"], "a:b", True)]),
    ("(1 | c:(b:a))", [(["1"], "c:b:a", True)]),
    ("(x * z | g)", [(["1", "x", "z", "x:z"], "g", True)]),
    ("(1 | g) + (0 + x | g)", [(["1"], "g", True), (["x"], "g", True)]),
    ("(1 | g) + (x | h)", [(["1"], "g", True), (["1", "x"], "h", True)]),
    ("(1 | `my group`)", [(["1"], "`my group`", True)]),
    ("(poly(x, 2) | g)", [(["1", "poly(x, 2)"], "g", True)]),
]


@pytest.mark.parametrize(("text", "terms"), BARS)
def test_random_terms(text: str, terms: list[tuple[list[str], str, bool]]) -> None:
    assert random(text) == terms


def test_the_varying_side_has_an_order_of_its_own() -> None:
    spec = parse("y ~ a * b + (b:a | g)")
    assert [render_term(term) for term in spec.random[0].terms] == ["(Intercept)", "b:a"]


def test_outcome_offset_weights_and_method() -> None:
    spec = parse("log(y) ~ 1 + offset(10 * Days) + offset(z) + (1 | g)", reml=False, weights="w")
    ten_days = Operation("*", (Number(10.0), Variable("Days")))
    assert spec.outcome == Call("log", (Variable("y"),))
    assert spec.fixed == (INTERCEPT,)
    assert spec.offsets == (ten_days, Variable("z"))
    assert not spec.reml
    assert spec.columns == ("y", "g", "Days", "z", "w")


def test_arithmetic_binds_as_in_r() -> None:
    def tree(text: str) -> object:
        return parse(f"y ~ I({text})").fixed[1].factors[0].arguments[0]  # type: ignore[union-attr]

    a, b, c = Variable("a"), Variable("b"), Variable("c")
    assert tree("-a^2") == Operation("-", (Operation("^", (a, Number(2.0))),))
    assert tree("a^b^c") == Operation("^", (a, Operation("^", (b, c))))
    assert tree("a - b - c") == Operation("-", (Operation("-", (a, b)), c))
    assert tree("a / b * c") == Operation("*", (Operation("/", (a, b)), c))
    assert tree("a + b * c") == Operation("+", (a, Operation("*", (b, c))))
    assert tree("a^-1") == Operation("^", (a, Operation("-", (Number(1.0),))))


ERRORS = [  # text, position of the character to point at, part of the message
    ("", 0, "stops too early"),
    ("y", 1, "stops too early"),
    ("~ x", 0, "no outcome"),
    ("3 ~ x", 0, "cannot be the outcome"),
    ("y ~", 3, "stops too early"),
    ("y ~ x +", 7, "stops too early"),
    ("y ~ x + (x | g", 14, "is missing"),
    ("y ~ x z", 6, "“z” cannot stand here"),
    ("y ~ x | g", 6, "parentheses"),
    ("y ~ 2 + x", 4, "0 and 1"),
    ("y ~ 2 * x", 4, "0 and 1"),
    ("y ~ x * 2", 8, "0 and 1"),
    ("y ~ x^z", 6, "whole number"),
    ("y ~ x^0", 6, "whole number"),
    ("y ~ x + sin(x)", 8, "no function called “sin”"),
    ("y ~ sclae(x)", 4, "Did you mean “scale”"),
    ("y ~ poly(x)", 4, "poly(x, 2)"),
    ("y ~ poly(x, z)", 4, "degree"),
    ("y ~ poly(x, 2, raw = TRUE)", 15, "Options"),
    ("y ~ mean(x)", 4, "mean(x, g)"),
    ("y ~ log(x, 2)", 4, "wrong number"),
    ("y ~ factor(x + 1)", 4, "name of a column"),
    ("y ~ x + (0 | g)", 8, "Nothing varies"),
    ("y ~ x * (1 | g)", 8, "cannot be part"),
    ("y ~ x - (1 | g)", 8, "only be added"),
    ("y ~ (x + (1 | g))", 9, "only be added"),
    ("y ~ (x | (z | g))", 12, "cannot stand here"),
    ("y ~ ((1 | g) | h)", 5, "only be added"),
    ("y ~ x + (1 | a + b)", 15, "another term"),
    ("y ~ x + (1 | a * b)", 15, "another term"),
    ("y ~ x + (1 | 3)", 13, "name of a column"),
    ("y ~ x + (1 | g/g)", 16, "stands twice"),
    ("y ~ x + (1 | g) + (x | g)", 18, "The intercept varies by g twice"),
    ("y ~ x + (x | a:b) + (0 + x | b:a)", 20, "A slope varies"),
    ("y ~ x:offset(z)", 6, "offset"),
    ("y ~ x - offset(z)", 8, "only be added"),
    ("y ~ I(x > 2)", 8, "no meaning"),
    ("y ~ x ~ z", 6, "cannot stand here"),
    ("y ~ .", 4, "all other columns"),
    ("y ~ I(1e999 * x)", 6, "too large"),
]


@pytest.mark.parametrize(("text", "position", "message"), ERRORS)
def test_errors_point_at_the_character(text: str, position: int, message: str) -> None:
    with pytest.raises(UserError) as caught:
        parse(text)
    assert message in str(caught.value)
    assert caught.value.position == position


def test_unknown_columns_come_with_a_suggestion() -> None:
    with pytest.raises(UserError, match="Did you mean “ses”") as caught:
        parse("math ~ SES + (1 | school)", columns=["math", "ses", "school"])
    assert caught.value.position == 7
    with pytest.raises(UserError, match="Did you mean “school”") as caught:
        parse("math ~ ses + (1 | scool)", columns=["math", "ses", "school"])
    assert caught.value.position == 18
    with pytest.raises(UserError) as caught:
        parse("math ~ center(ses, scool)", columns=["math", "ses", "school"])
    assert caught.value.position == 19


def test_a_quoted_name_is_never_a_function() -> None:
    assert parse("y ~ `log`").fixed[1].factors == (Variable("log"),)
    assert parse("y ~ log").fixed[1].factors == (Variable("log"),)
    assert parse("y ~ offset").fixed[1].factors == (Variable("offset"),)


@pytest.mark.parametrize("name", SIZE)
def test_endless_formulas_are_refused_quickly(name: str) -> None:
    seconds = []
    for _ in range(3):  # the memory of a long run of tests may be tidied up in one of them
        started = time.process_time()
        with pytest.raises(UserError):
            parse(SIZE[name])
        seconds.append(time.process_time() - started)
    assert min(seconds) < 0.5  # a tenth of a second on a quiet machine; the rest is for a busy one


@pytest.mark.parametrize("text", CODE)
def test_code_in_a_formula_is_refused_quickly_and_never_run(text: str, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    started = time.process_time()
    with pytest.raises(UserError) as refused:
        parse("y ~ " + text.format(mark), columns=["y", "x"])
    assert time.process_time() - started < 0.1
    assert refused.value.what
    assert not mark.exists()


def test_a_hundred_hostile_formulas_are_known() -> None:
    assert len(CODE) + len(SIZE) >= 100


@pytest.mark.parametrize("text", ["y ~ " + "x" * 19_000, "y ~ " + "a" * 15_000])
def test_a_long_name_is_read_or_found_missing(text: str) -> None:
    started = time.process_time()
    assert len(parse(text).fixed) == 2
    with pytest.raises(UserError):
        parse(text, columns=["y", "x"])
    assert time.process_time() - started < 0.5


def test_a_large_honest_formula_is_read() -> None:
    spec: ModelSpec = parse("y ~ " + " + ".join(f"x{k}" for k in range(900)) + " + (1 | g)")
    assert len(spec.fixed) == 901


@pytest.mark.parametrize("text", ["y ~ x + (1 | batch", "y ~ (x + z", "y ~ log(x", "y ~ (1 | (a:b", "y ~ offset(x"])
def test_a_missing_parenthesis_is_named(text: str) -> None:
    with pytest.raises(UserError, match="A “\\)” is missing") as caught:
        parse(text)
    assert caught.value.position == len(text)
