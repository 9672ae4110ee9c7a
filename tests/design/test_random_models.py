"""Models made at random: every view of a model agrees with its arrays, and nothing but words for people is raised."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from mlgui.data.structure import find_structure
from mlgui.design.build import build
from mlgui.design.recipe import Recipe, encode
from mlgui.errors import UserError
from mlgui.findings import Severity
from mlgui.spec.checks import check
from mlgui.spec.expression import Variable
from mlgui.spec.formula import parse
from mlgui.spec.model import ModelSpec
from mlgui.spec.order import with_term
from mlgui.spec.render import render
from mlgui.spec.terms import INTERCEPT, Grouping, RandomTerm, Term
from mlgui.spec.two_level import coefficient_matrix, group_models, two_level
from mlgui.spec.wording import Style, by_level, combined, sentence
from tests.spec.tables import schools

TABLE = schools(8, 12)
STRUCTURE = find_structure(TABLE)

factors = st.one_of(
    st.sampled_from(["ses", "sex", "sector", "region", "mean_ses"]).map(Variable),
    st.sampled_from(["center(ses, school)", "mean(ses, school)", "poly(ses, 2)", "I(ses^2)"]).map(
        lambda text: parse(f"y ~ {text}").fixed[1].factors[0]
    ),
)
products = st.lists(factors, min_size=1, max_size=3, unique=True).map(lambda chosen: Term(tuple(chosen)))


@st.composite
def sides(draw: st.DrawFn, *, least: int, most: int) -> tuple[Term, ...]:
    chosen = draw(st.lists(products, min_size=least, max_size=most))
    terms: tuple[Term, ...] = (INTERCEPT,) if draw(st.booleans()) or not chosen else ()
    for term in chosen:
        terms = with_term(terms, term)
    return terms


@st.composite
def models(draw: st.DrawFn) -> ModelSpec:
    groupings = draw(st.lists(st.sampled_from([("school",), ("sex", "school"), ("region",)]), max_size=3, unique=True))
    random = (RandomTerm(draw(sides(least=0, most=2)), Grouping(columns), draw(st.booleans())) for columns in groupings)
    return ModelSpec(outcome=Variable("math"), fixed=draw(sides(least=0, most=4)), random=tuple(random))


@settings(max_examples=120, deadline=None)
@given(models())
def test_all_views_of_a_model_agree(spec: ModelSpec) -> None:
    assert parse(render(spec)) == spec
    design = build(spec, TABLE, STRUCTURE)
    names = [coefficient.name for coefficient in design.coefficients]
    assert len(set(names)) == len(names)
    view = two_level(spec, TABLE, STRUCTURE)
    homes = [part.column.name for item in view.varying for part in item.explained_by]
    assert sorted([*homes, *(column.name for column in view.data_level)]) == sorted(names)
    if any(finding.code == "slope-constant-in-groups" for finding in check(spec, TABLE, STRUCTURE)):
        return  # such slopes have no home of their own
    for item in view.varying:  # what the view says in symbols holds in numbers
        index = next(k for k, each in enumerate(design.groupings) if each.grouping.name == item.grouping.name)
        position = design.groupings[index].names.index(item.column.name)
        numeric = {predictor.column for predictor in design.groupings[index].predictors[position]}
        for part in item.explained_by:
            column = names.index(part.column.name)
            z = design.problem.groupings[index].z[:, position]
            if z.any() and design.problem.x[:, column].any():
                assert column in numeric


@settings(max_examples=60, deadline=None)
@given(models())
def test_words_can_be_said_of_every_model(spec: ModelSpec) -> None:
    lines = (*by_level(spec, TABLE, STRUCTURE, distributions=True), *combined(spec, TABLE, STRUCTURE))
    names = {coefficient.name for coefficient in build(spec, TABLE).coefficients}
    assert all(line.plain for line in lines)
    said = {run.coefficient for line in lines for run in line.runs if run.style is Style.ESTIMATED and run.coefficient}
    assert said <= names
    assert sentence(spec, TABLE, STRUCTURE)
    assert len(coefficient_matrix(spec, TABLE, STRUCTURE)) >= 1
    group_models(spec, TABLE, STRUCTURE)
    assert all(finding.text for finding in check(spec, TABLE, STRUCTURE))


@settings(max_examples=60, deadline=None)
@given(models())
def test_new_rows_are_encoded_as_the_old_ones(spec: ModelSpec) -> None:
    design = build(spec, TABLE)
    assert isinstance(design.recipe, Recipe)
    encoded = encode(design.recipe, TABLE)
    np.testing.assert_array_equal(encoded.x, design.problem.x)
    for new, old in zip(encoded.groups, design.problem.groupings, strict=True):
        np.testing.assert_array_equal(new.z, old.z)
        np.testing.assert_array_equal(new.codes, old.codes)


alphabet = st.sampled_from([*"xyzg01.5 ()|:*/+-^~`,", "||", "log(", "I(", "poly(", "offset(", " ~ ", "%in%", "mean(", "ses"])


@settings(max_examples=400, deadline=None)
@given(st.lists(alphabet, max_size=30).map("".join))
def test_any_text_is_a_model_or_is_refused_in_words(text: str) -> None:
    for candidate in (text, f"y ~ {text}"):
        try:
            spec = parse(candidate)
        except UserError as error:
            assert error.what
            assert error.position is None or 0 <= error.position <= len(candidate)
        else:
            assert parse(render(spec)) == spec


@settings(max_examples=60, deadline=None)
@given(models(), st.sampled_from(["math", "ses", "sex", "region", "school"]), st.sampled_from(["empty", "constant", "one row"]))
def test_poor_data_are_refused_in_words(spec: ModelSpec, name: str, how: str) -> None:
    column = TABLE[name]
    missing = -1 if column.levels else np.nan
    values = np.array(column.values)
    values[1 if how == "one row" else 0 :] = missing if how != "constant" else values[0]
    poor = TABLE.with_column(type(column)(name=name, kind=column.kind, values=values, levels=column.levels))
    errors = [finding for finding in check(spec, poor, find_structure(poor)) if finding.severity is Severity.ERROR]
    try:
        build(spec, poor)
    except UserError as error:
        assert error.what
        if how == "empty":
            assert errors
