"""Every change of a model: pure functions ModelSpec -> ModelSpec, used by window, remedies and scripts.

Each keeps the model coherent: an interaction brings its parts, and a part that goes takes its interactions along.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from enum import StrEnum
from itertools import combinations

from mlgui.spec.exclusion import with_groups_in, with_groups_out
from mlgui.spec.expression import Call, Expression, Variable, columns_of
from mlgui.spec.inference import DfMethod, IntervalMethod
from mlgui.spec.model import Coding, Contrast, ModelSpec
from mlgui.spec.order import Terms, arranged, contains, with_term, without_term
from mlgui.spec.residual import ResidualKind, ResidualTerm, checked
from mlgui.spec.terms import INTERCEPT, Grouping, RandomTerm, Term


class Centring(StrEnum):
    """What is subtracted from a predictor: nothing, its mean, its mean in each group; Z also divides by the SD."""

    NONE = "none"
    GRAND = "grand"
    GROUP = "group"
    Z = "z"


def new_model(outcome: str, grouping: str | None = None) -> ModelSpec:
    """Return the simplest model: a mean, and where a grouping is given, intercepts that vary by it."""
    spec = ModelSpec(outcome=Variable(outcome), fixed=(INTERCEPT,))
    return spec if grouping is None else add_grouping(spec, grouping)


def set_outcome(spec: ModelSpec, outcome: str | Expression) -> ModelSpec:
    """Explain another outcome; it stops being a predictor or a grouping."""
    expression = as_expression(outcome)
    for name in columns_of(expression):
        spec = remove_predictor(spec, name)
        spec = replace(spec, random=tuple(term for term in spec.random if name not in term.grouping.columns))
    return replace(spec, outcome=expression)


def add_predictor(spec: ModelSpec, predictor: str | Expression) -> ModelSpec:
    """Add the average slope of a column or expression."""
    return set_average(spec, Term((as_expression(predictor),)), True)


def remove_predictor(spec: ModelSpec, column: str) -> ModelSpec:
    """Remove every term that reads a column: averages, interactions, varying slopes, offsets."""
    return _without_terms(
        replace(spec, offsets=tuple(offset for offset in spec.offsets if column not in columns_of(offset))),
        lambda term: column in term.columns,
    )


def set_average(spec: ModelSpec, term: Term, on: bool) -> ModelSpec:
    """Add a term with its margins to the averages, or take it out with the interactions that contain it."""
    if not on:
        return _tidy(replace(spec, fixed=without_term(spec.fixed, term)))
    fixed = spec.fixed
    if term.order == 0:
        return replace(spec, fixed=with_term(fixed, INTERCEPT))
    for size in range(1, term.order + 1):
        for factors in combinations(term.factors, size):
            fixed = with_term(fixed, Term(factors))
    return _tidy(replace(spec, fixed=fixed))


def set_varies(spec: ModelSpec, term: Term, grouping: Grouping, on: bool) -> ModelSpec:
    """Let a coefficient vary by a grouping or not. A slope in a new grouping brings the intercept along."""
    if not on:
        random = tuple(
            replace(each, terms=tuple(other for other in each.terms if not other.same_as(term)))
            if _same_groups(each.grouping, grouping)
            else each
            for each in spec.random
        )
        return _tidy(replace(spec, random=tuple(each for each in random if each.terms)))
    own = [each for each in spec.random if _same_groups(each.grouping, grouping)]
    if any(contains(each.terms, term) for each in own):
        return spec
    if not own:
        return replace(spec, random=(*spec.random, RandomTerm(arranged((INTERCEPT, term)), grouping)))
    grown = replace(own[-1], terms=with_term(own[-1].terms, term))
    return replace(spec, random=tuple(grown if each is own[-1] else each for each in spec.random))


def add_grouping(spec: ModelSpec, columns: str | Sequence[str]) -> ModelSpec:
    """Let intercepts vary by a column, or by the combinations of several (inner first)."""
    grouping = Grouping((columns,) if isinstance(columns, str) else tuple(columns))
    if any(_same_groups(each.grouping, grouping) for each in spec.random):
        return spec
    return replace(spec, random=(*spec.random, RandomTerm((INTERCEPT,), grouping)))


def move_to_groups(spec: ModelSpec, column: str) -> ModelSpec:
    """Turn a predictor into a grouping by which the intercepts vary."""
    return add_grouping(remove_predictor(spec, column), column)


def remove_grouping(spec: ModelSpec, grouping: Grouping) -> ModelSpec:
    """Let nothing vary by a grouping."""
    return replace(spec, random=tuple(each for each in spec.random if not _same_groups(each.grouping, grouping)))


def set_correlated(spec: ModelSpec, grouping: Grouping, on: bool) -> ModelSpec:
    """Let all that varies by a grouping be correlated, or independent (lme4's ||)."""
    own = [each for each in spec.random if _same_groups(each.grouping, grouping)]
    if not own:
        return spec
    terms = arranged(term for each in own for term in each.terms)
    merged = RandomTerm(terms, own[0].grouping, correlated=on)
    return replace(spec, random=tuple(merged if each is own[0] else each for each in spec.random if each not in own[1:]))


def explain(spec: ModelSpec, coefficient: Term, predictor: str | Expression | Term) -> ModelSpec:
    """Let a group-level predictor u explain a varying coefficient.

    Of the intercepts: the average term u. Of the slopes of x: the cross-level interaction x:u, and u and x themselves
    where they are missing, as marginality demands.
    """
    return set_average(spec, _times(coefficient, predictor), True)


def unexplain(spec: ModelSpec, coefficient: Term, predictor: str | Expression | Term) -> ModelSpec:
    """Take a group-level predictor out of the model of a varying coefficient; of the intercepts, out of all of them."""
    return set_average(spec, _times(coefficient, predictor), False)


def set_centring(
    spec: ModelSpec, column: str, how: Centring | str, grouping: str | None = None, add_mean: bool = False
) -> ModelSpec:
    """Rewrite a predictor wherever it stands: x, center(x), center(x, g) or scale(x).

    grouping: column of the groups for GROUP. add_mean: also add the group mean as a group-level predictor.
    """
    x = Variable(column)
    by_group = Variable(grouping) if grouping else None
    if Centring(how) is Centring.GROUP and by_group is None:
        raise ValueError("centring within groups needs a grouping")
    forms: dict[Centring, Expression] = {
        Centring.NONE: x,
        Centring.GRAND: Call("center", (x,)),
        Centring.GROUP: Call("center", (x, by_group)) if by_group else x,
        Centring.Z: Call("scale", (x,)),
    }
    spec = _with_factors(spec, lambda factor: forms[Centring(how)] if centring_of(factor, column) is not None else factor)
    if add_mean and by_group:
        spec = add_predictor(spec, Call("mean", (x, by_group)))
    return spec


def centring_of(factor: Expression, column: str) -> Centring | None:
    """Return how a factor centres a column, None if it is something else."""
    if factor == Variable(column):
        return Centring.NONE
    if not isinstance(factor, Call) or factor.arguments[0] != Variable(column):
        return None
    if factor.function == "scale":
        return Centring.Z
    if factor.function == "center":
        return Centring.GRAND if len(factor.arguments) == 1 else Centring.GROUP
    return None


def add_group_mean(spec: ModelSpec, column: str, grouping: str) -> ModelSpec:
    """Add the mean of a column by group as a group-level predictor."""
    return add_predictor(spec, Call("mean", (Variable(column), Variable(grouping))))


def set_contrast(spec: ModelSpec, column: str, contrast: Contrast | str) -> ModelSpec:
    """Code a category by differences from the reference, or from the mean of its levels."""
    return _with_coding(spec, replace(spec.coding(column), contrast=Contrast(contrast)))


def set_reference(spec: ModelSpec, column: str, level: str) -> ModelSpec:
    """Compare the levels of a category with another one; "" is its first level."""
    return _with_coding(spec, replace(spec.coding(column), reference=level))


def set_codings(spec: ModelSpec, contrast: Contrast | str, references: Sequence[tuple[str, str]]) -> ModelSpec:
    """Code several categories alike; references: (column, level), "" for the column's first level."""
    for column, level in references:
        spec = _with_coding(spec, Coding(column=column, contrast=Contrast(contrast), reference=level))
    return spec


def center_all(spec: ModelSpec, columns: Sequence[str]) -> ModelSpec:
    """Move the zero of several predictors to their means."""
    for column in columns:
        spec = set_centring(spec, column, Centring.GRAND)
    return spec


def set_all_correlated(spec: ModelSpec, on: bool) -> ModelSpec:
    """Let all that varies by the same groups be correlated, or independent, in every grouping."""
    for grouping in dict.fromkeys(each.grouping for each in spec.random):
        spec = set_correlated(spec, grouping, on)
    return spec


def set_weights(spec: ModelSpec, column: str | None) -> ModelSpec:
    """Weight the rows by a column, or not."""
    return replace(spec, weights=column or None)


def set_residual(
    spec: ModelSpec, kind: ResidualKind | str, groups: str | Sequence[str] = (), order: str = "", by: str = ""
) -> ModelSpec:
    """Relate the residuals of rows within groups, or let their SD differ by a category; INDEPENDENT alone takes all back."""
    columns = (groups,) if isinstance(groups, str) else tuple(groups)
    term = ResidualTerm(kind=ResidualKind(kind), grouping=Grouping(columns) if columns else None, order=order, by=by)
    return replace(spec, residual=checked(term))


def set_offset(spec: ModelSpec, offset: str | Expression | None) -> ModelSpec:
    """Take a column or expression as a known part of the outcome, or none."""
    return replace(spec, offsets=() if offset is None else (as_expression(offset),))


def leave_out_groups(spec: ModelSpec, grouping: Grouping, levels: Sequence[str]) -> ModelSpec:
    """Fit without some groups of a grouping; their rows stay in the table."""
    return replace(spec, excluded=with_groups_out(spec.excluded, grouping, levels))


def take_in_groups(spec: ModelSpec, grouping: Grouping, levels: Sequence[str]) -> ModelSpec:
    """Undo `leave_out_groups` for some groups."""
    return replace(spec, excluded=with_groups_in(spec.excluded, grouping, levels))


def set_df(spec: ModelSpec, method: DfMethod | str) -> ModelSpec:
    """Test coefficients with other degrees of freedom."""
    return replace(spec, inference=replace(spec.inference, df=DfMethod(method)))


def set_intervals(
    spec: ModelSpec, method: IntervalMethod | str, replicates: int | None = None, seed: int | None = None
) -> ModelSpec:
    """Make intervals in another way; replicates and seed are of the bootstrap, None leaves them."""
    before = spec.inference
    number = before.replicates if replicates is None else replicates
    start = before.seed if seed is None else seed
    return replace(spec, inference=replace(before, intervals=IntervalMethod(method), replicates=number, seed=start))


def set_reml(spec: ModelSpec, on: bool) -> ModelSpec:
    """Fit by restricted maximum likelihood, or by maximum likelihood."""
    return replace(spec, reml=on)


def set_boundary_avoiding(spec: ModelSpec, on: bool) -> ModelSpec:
    """Keep variances off 0 and correlations off +-1 by a penalty, or not."""
    return replace(spec, boundary_avoiding=on)


def use_combined_grouping(spec: ModelSpec, inner: str, outer: str) -> ModelSpec:
    """Read re-used labels as different groups: `inner` becomes `inner:outer` wherever it stands alone."""
    combined = Grouping((inner, outer))
    if any(_same_groups(each.grouping, combined) for each in spec.random):
        return remove_grouping(spec, Grouping((inner,)))
    random = tuple(replace(each, grouping=combined) if each.grouping.columns == (inner,) else each for each in spec.random)
    return replace(spec, random=random)


def use_separate_grouping(spec: ModelSpec, inner: str, outer: str) -> ModelSpec:
    """Undo `use_combined_grouping`: the labels of `inner` mean the same everywhere."""
    combined = Grouping((inner, outer))
    if any(each.grouping.columns == (inner,) for each in spec.random):
        return remove_grouping(spec, combined)
    random = tuple(
        replace(each, grouping=Grouping((inner,))) if _same_groups(each.grouping, combined) else each for each in spec.random
    )
    return replace(spec, random=random)


def as_expression(predictor: str | Expression) -> Expression:
    """Return a column name as an expression; expressions stay as they are."""
    return Variable(predictor) if isinstance(predictor, str) else predictor


def _times(coefficient: Term, predictor: str | Expression | Term) -> Term:
    """Return the product of a varying coefficient's term and a group-level predictor."""
    factors = predictor.factors if isinstance(predictor, Term) else (as_expression(predictor),)
    return Term((*coefficient.factors, *factors))


def _same_groups(one: Grouping, other: Grouping) -> bool:
    return frozenset(one.columns) == frozenset(other.columns)


def _without_terms(spec: ModelSpec, gone: Callable[[Term], bool]) -> ModelSpec:
    fixed = tuple(term for term in spec.fixed if not gone(term))
    random = tuple(replace(each, terms=tuple(t for t in each.terms if not gone(t))) for each in spec.random)
    return _tidy(replace(spec, fixed=fixed, random=tuple(each for each in random if each.terms)))


def _with_factors(spec: ModelSpec, change: Callable[[Expression], Expression]) -> ModelSpec:
    """Return the model with every factor replaced; terms that become equal are merged."""

    def changed(terms: Terms) -> Terms:
        return arranged(Term(tuple(dict.fromkeys(map(change, term.factors)))) for term in terms)

    random = tuple(replace(each, terms=changed(each.terms)) for each in spec.random)
    return replace(spec, fixed=changed(spec.fixed), random=random)


def _with_coding(spec: ModelSpec, coding: Coding) -> ModelSpec:
    others = tuple(each for each in spec.codings if each.column != coding.column)
    return replace(spec, codings=others if coding == Coding(column=coding.column) else (*others, coding))


def _tidy(spec: ModelSpec) -> ModelSpec:
    """Return the model without codings of columns it no longer reads."""
    kept = tuple(coding for coding in spec.codings if coding.column in spec.columns)
    return spec if kept == spec.codings else replace(spec, codings=kept)
