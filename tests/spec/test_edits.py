from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlgui.spec import edits
from mlgui.spec.edits import Centring
from mlgui.spec.expression import Call, Variable
from mlgui.spec.formula import parse
from mlgui.spec.model import Contrast, ModelSpec
from mlgui.spec.render import render
from mlgui.spec.terms import INTERCEPT, Grouping, Term

SCHOOL = Grouping(("school",))
SES = Term((Variable("ses"),))
SECTOR = Term((Variable("sector"),))


def after(text: str, edit: str, *arguments: object, **named: object) -> str:
    return render(getattr(edits, edit)(parse(text), *arguments, **named))


def test_six_clicks_from_nothing() -> None:
    spec = edits.new_model("math", "school")
    assert render(spec) == "math ~ 1 + (1 | school)"
    spec = edits.add_predictor(spec, "ses")
    spec = edits.set_varies(spec, SES, SCHOOL, True)
    spec = edits.explain(spec, INTERCEPT, "sector")
    spec = edits.explain(spec, SES, "sector")
    assert render(spec) == "math ~ ses * sector + (ses | school)"


EDITS = [
    ("y ~ x + (1 | g)", "add_predictor", ("z",), "y ~ x + z + (1 | g)"),
    ("y ~ x + (1 | g)", "add_predictor", ("x",), "y ~ x + (1 | g)"),
    ("y ~ x * z + (x | g)", "add_predictor", ("w",), "y ~ x * z + w + (x | g)"),
    ("y ~ x * z + w + (x + w | g)", "remove_predictor", ("x",), "y ~ z + w + (w | g)"),
    ("y ~ x + (0 + x | g)", "remove_predictor", ("x",), "y ~ 1"),
    ("y ~ center(x, g) + I(x^2) + z + (center(x, g) | g)", "remove_predictor", ("x",), "y ~ z + (1 | g)"),
    ("y ~ z + offset(log(x)) + (1 | g)", "remove_predictor", ("x",), "y ~ z + (1 | g)"),
    ("y ~ x + z + (1 | g) + (1 | x)", "set_outcome", ("x",), "x ~ z + (1 | g)"),
    ("y ~ x * z + (x | g)", "set_average", (Term((Variable("x"),)), False), "y ~ z + (x | g)"),
    ("y ~ x + (x | g)", "set_average", (INTERCEPT, False), "y ~ 0 + x + (x | g)"),
    ("y ~ 0 + x + (x | g)", "set_average", (INTERCEPT, True), "y ~ x + (x | g)"),
    ("y ~ x + (1 | g)", "set_average", (Term((Variable("x"), Variable("z"))), True), "y ~ x * z + (1 | g)"),
    ("y ~ x * z + (1 | g)", "set_average", (Term((Variable("z"), Variable("x"))), False), "y ~ x + z + (1 | g)"),
    ("y ~ x + (1 | g)", "set_varies", (Term((Variable("x"),)), Grouping(("g",)), True), "y ~ x + (x | g)"),
    ("y ~ x + (1 | g)", "set_varies", (Term((Variable("x"),)), Grouping(("h",)), True), "y ~ x + (1 | g) + (x | h)"),
    ("y ~ x + (x | g)", "set_varies", (Term((Variable("x"),)), Grouping(("g",)), False), "y ~ x + (1 | g)"),
    ("y ~ x + (x | g)", "set_varies", (INTERCEPT, Grouping(("g",)), False), "y ~ x + (0 + x | g)"),
    ("y ~ x + (1 | g)", "set_varies", (INTERCEPT, Grouping(("g",)), False), "y ~ x"),
    ("y ~ x + (1 | g) + (0 + x | g)", "set_varies", (Term((Variable("x"),)), Grouping(("g",)), False), "y ~ x + (1 | g)"),
    ("y ~ x + (1 | a:b)", "set_varies", (Term((Variable("x"),)), Grouping(("b", "a")), True), "y ~ x + (x | a:b)"),
    ("y ~ 1 + (1 | g)", "add_grouping", ("h",), "y ~ 1 + (1 | g) + (1 | h)"),
    ("y ~ 1 + (1 | g)", "add_grouping", ("g",), "y ~ 1 + (1 | g)"),
    ("y ~ 1 + (1 | g)", "add_grouping", (("h", "g"),), "y ~ 1 + (1 | g) + (1 | h:g)"),
    ("y ~ 1 + (1 | a/b)", "remove_grouping", (Grouping(("a",)),), "y ~ 1 + (1 | b:a)"),
    ("y ~ x + (x | g)", "set_correlated", (Grouping(("g",)), False), "y ~ x + (x || g)"),
    ("y ~ x + (1 | g) + (0 + x | g)", "set_correlated", (Grouping(("g",)), True), "y ~ x + (x | g)"),
    ("y ~ x + (x | g)", "explain", (INTERCEPT, "u"), "y ~ x + u + (x | g)"),
    ("y ~ x + (x | g)", "explain", (Term((Variable("x"),)), "u"), "y ~ x * u + (x | g)"),
    ("y ~ 1 + (x | g)", "explain", (Term((Variable("x"),)), "u"), "y ~ x * u + (x | g)"),
    ("y ~ x * u + (x | g)", "unexplain", (Term((Variable("x"),)), "u"), "y ~ x + u + (x | g)"),
    ("y ~ x * u + (x | g)", "unexplain", (INTERCEPT, "u"), "y ~ x + (x | g)"),
    (
        "y ~ x * u * v + (x | g)",
        "unexplain",
        (Term((Variable("x"),)), Term((Variable("u"), Variable("v")))),
        "y ~ x * u + x * v + u * v + (x | g)",
    ),
    ("y ~ x + (1 | g)", "add_group_mean", ("x", "g"), "y ~ x + mean(x, g) + (1 | g)"),
    ("y ~ x * z + (x | g)", "set_centring", ("x", Centring.GRAND), "y ~ center(x) * z + (center(x) | g)"),
    ("y ~ center(x) + (1 | g)", "set_centring", ("x", "z"), "y ~ scale(x) + (1 | g)"),
    ("y ~ scale(x) + (1 | g)", "set_centring", ("x", "none"), "y ~ x + (1 | g)"),
    ("y ~ x + center(x) + (1 | g)", "set_centring", ("x", "none"), "y ~ x + (1 | g)"),
    ("y ~ x + (x | g)", "set_centring", ("x", "group", "g", True), "y ~ center(x, g) + mean(x, g) + (center(x, g) | g)"),
    ("y ~ x + I(x^2) + (1 | g)", "set_centring", ("x", "grand"), "y ~ center(x) + I(x^2) + (1 | g)"),
    ("y ~ x + (1 | g)", "set_offset", ("z",), "y ~ x + offset(z) + (1 | g)"),
    ("y ~ x + offset(z) + (1 | g)", "set_offset", (None,), "y ~ x + (1 | g)"),
    ("y ~ 1 + (1 | cask) + (1 | batch)", "use_combined_grouping", ("cask", "batch"), "y ~ 1 + (1 | batch/cask)"),
    ("y ~ 1 + (1 | batch/cask)", "use_separate_grouping", ("cask", "batch"), "y ~ 1 + (1 | cask) + (1 | batch)"),
    ("y ~ 1 + (1 | cask) + (1 | batch/cask)", "use_combined_grouping", ("cask", "batch"), "y ~ 1 + (1 | batch/cask)"),
    ("y ~ 1 + (1 | cask) + (1 | cask:batch)", "use_separate_grouping", ("cask", "batch"), "y ~ 1 + (1 | cask)"),
    ("y ~ x + id + (1 | g)", "move_to_groups", ("id",), "y ~ x + (1 | g) + (1 | id)"),
]


@pytest.mark.parametrize(("text", "edit", "arguments", "result"), EDITS)
def test_edits(text: str, edit: str, arguments: tuple[object, ...], result: str) -> None:
    assert after(text, edit, *arguments) == result


def test_centring_within_groups_needs_groups() -> None:
    with pytest.raises(ValueError, match="needs a grouping"):
        edits.set_centring(parse("y ~ x"), "x", "group")


def test_how_a_column_is_centred() -> None:
    x, g = Variable("x"), Variable("g")
    forms = [x, Call("center", (x,)), Call("center", (x, g)), Call("scale", (x,)), Call("log", (x,)), Variable("z")]
    assert [edits.centring_of(form, "x") for form in forms] == [
        Centring.NONE, Centring.GRAND, Centring.GROUP, Centring.Z, None, None,
    ]  # fmt: skip


def test_codings_are_kept_only_where_they_say_something() -> None:
    spec = edits.set_contrast(parse("y ~ sector + (1 | g)"), "sector", "sum")
    assert spec.coding("sector").contrast is Contrast.SUM
    spec = edits.set_reference(spec, "sector", "Public")
    assert spec.coding("sector").reference == "Public"
    assert len(spec.codings) == 1
    spec = edits.set_reference(edits.set_contrast(spec, "sector", Contrast.TREATMENT), "sector", "")
    assert spec.codings == ()


def test_a_coding_goes_with_its_column() -> None:
    spec = edits.set_contrast(parse("y ~ sector + x + (1 | g)"), "sector", "sum")
    assert edits.remove_predictor(spec, "sector").codings == ()


def test_weights_and_method() -> None:
    spec = edits.set_weights(edits.set_reml(parse("y ~ x"), False), "w")
    assert (spec.weights, spec.reml) == ("w", False)
    assert edits.set_weights(spec, None).weights is None


def test_an_interaction_keeps_the_order_of_the_others() -> None:
    spec = parse("y ~ b:a + c")
    spec = edits.set_average(spec, Term((Variable("a"), Variable("b"), Variable("c"))), True)
    assert parse(render(spec)).fixed == spec.fixed


terms = st.lists(st.sampled_from([Variable(n) for n in "abcx"]), min_size=1, max_size=3, unique=True).map(
    lambda factors: Term(tuple(factors))
)
steps = st.one_of(
    st.tuples(st.just("set_average"), terms, st.booleans()),
    st.tuples(st.just("set_varies"), terms, st.sampled_from([Grouping(("g",)), Grouping(("h", "g"))]), st.booleans()),
    st.tuples(st.just("explain"), terms, st.sampled_from("uv")),
    st.tuples(st.just("unexplain"), terms, st.sampled_from("uv")),
    st.tuples(st.just("remove_predictor"), st.sampled_from("abcxu")),
    st.tuples(st.just("set_centring"), st.sampled_from("abcx"), st.sampled_from(["none", "grand", "z"])),
    st.tuples(st.just("set_correlated"), st.just(Grouping(("g",))), st.booleans()),
)


@settings(max_examples=100, deadline=None)
@given(st.lists(steps, max_size=12))
def test_edited_models_stay_models(path: list[tuple[object, ...]]) -> None:
    spec: ModelSpec = parse("y ~ a * b + x + (x | g)")
    for edit, *arguments in path:
        spec = getattr(edits, str(edit))(spec, *arguments)
        assert parse(render(spec)) == spec
