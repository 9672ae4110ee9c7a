"""A model in plain sentences."""

from __future__ import annotations

from collections.abc import Iterator

from mlgui.data.structure import Structure
from mlgui.data.table import Table
from mlgui.spec.coding import factor_label
from mlgui.spec.model import ModelSpec
from mlgui.spec.nouns import capital, group_plural, joined
from mlgui.spec.residual import ResidualKind, ResidualTerm
from mlgui.spec.terms import INTERCEPT, Grouping, RandomTerm, Term
from mlgui.spec.two_level import GroupModel, group_models, groupings_of, term_label
from mlgui.words import tr


def sentence(spec: ModelSpec, table: Table | None = None, structure: Structure | None = None) -> str:
    """Return what the model says, in a few sentences."""
    parts = [_averages(spec)]
    parts.extend(_varying(spec, grouping) for grouping in groupings_of(spec))
    parts.extend(_explained(model) for model in group_models(spec, table, structure) if model.explained_by)
    parts.extend(_further(spec))
    return " ".join(parts)


def coefficients_in_words(terms: tuple[Term, ...]) -> str:
    """Return "intercepts and slopes of ses"."""
    words = [tr("intercepts")] if INTERCEPT in terms else []
    slopes = [term_label(term) for term in terms if term.order]
    if slopes:
        words.append(tr("slopes of {terms}").format(terms=joined(slopes)))
    return joined(words)


def _averages(spec: ModelSpec) -> str:
    outcome = factor_label(spec.outcome)
    slopes = [term_label(term) for term in spec.fixed if term.order]
    if not slopes:
        return tr("{outcome} varies around its mean.").format(outcome=outcome)
    text = tr("{outcome} depends on {predictors}.").format(outcome=outcome, predictors=joined(slopes))
    return text if INTERCEPT in spec.fixed else text + " " + tr("There is no average intercept.")


def _varying(spec: ModelSpec, grouping: Grouping) -> str:
    own = [term for term in spec.random if frozenset(term.grouping.columns) == frozenset(grouping.columns)]
    terms = tuple(dict.fromkeys(term for each in own for term in each.terms))
    text = tr("{coefficients} vary between {groups}").format(
        coefficients=capital(coefficients_in_words(terms)), groups=group_plural(grouping)
    )
    if len(terms) == 1:
        return tr("{sentence}.").format(sentence=text)
    return text + (tr(" and may be correlated.") if _all_correlated(own) else tr(", independently of one another."))


def _all_correlated(own: list[RandomTerm]) -> bool:
    return len(own) == 1 and own[0].correlated


def _explained(model: GroupModel) -> str:
    return tr("Between {groups}, {coefficients} are explained by {predictors}.").format(
        coefficients=coefficients_in_words((model.coefficient,)),
        groups=group_plural(model.grouping),
        predictors=joined([term_label(term) for term in model.explained_by]),
    )


def _further(spec: ModelSpec) -> Iterator[str]:
    if spec.offsets:
        offsets = joined([factor_label(offset) for offset in spec.offsets])
        yield tr("A part of the outcome is known: {offset}.").format(offset=offsets)
    if spec.weights:
        yield tr("Rows are weighted by {column}.").format(column=spec.weights)
    if spec.residual.by:
        yield tr("The residual SD differs by {column}.").format(column=spec.residual.by)
    if spec.residual.grouping is not None:
        yield _correlated(spec.residual, spec.residual.grouping.name)
    if spec.boundary_avoiding:
        yield tr("A penalty keeps variances off 0 and correlations off ±1.")
    if spec.reml:
        yield tr("Fitted by restricted maximum likelihood (REML).")
    else:
        yield tr("Fitted by maximum likelihood (ML).")


def _correlated(term: ResidualTerm, groups: str) -> str:
    if term.kind is ResidualKind.AR1:
        words = tr("Residuals within {groups} are correlated, less the further apart they are in {order} (AR(1)).")
    elif term.kind is ResidualKind.OCCASIONS:
        words = tr("Residuals within {groups} have an SD for each {order} and a correlation for each pair.")
    else:
        words = tr("Residuals within {groups} are all equally correlated (compound symmetry).")
    return words.format(groups=groups, order=term.order)
