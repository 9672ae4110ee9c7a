"""The standard ladder of multilevel models: null, random intercepts, random slopes, cross-level interactions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mlgui.session import models as model_list
from mlgui.session.document import Document
from mlgui.session.models import Model
from mlgui.words import tr

if TYPE_CHECKING:
    from mlgui.data.structure import Structure
    from mlgui.spec.model import ModelSpec
    from mlgui.spec.terms import Grouping, RandomTerm, Term


def ladder(spec: ModelSpec, structure: Structure) -> tuple[tuple[str, ModelSpec], ...]:
    """Return (name, specification) of each step towards a model; () for a model without groups.

    The model's own predictors are used. Slopes are those it lets vary; where none vary, those of its individual-level
    predictors do, by its first grouping. Cross-level interactions are its own; where it has none, every varying slope is
    explained by every group-level predictor. Steps that would repeat the one before are left out.
    """
    from mlgui.spec.terms import INTERCEPT

    if not spec.random:
        return ()
    intercepts = tuple(replace(random, terms=(INTERCEPT,)) for random in _one_per_grouping(spec))
    mains = tuple(term for term in spec.fixed if not _crosses_levels(term, spec, structure))
    slopes = spec.random if _varying(spec) else _with_slopes(spec, mains, structure)
    null = replace(spec, fixed=(INTERCEPT,), random=intercepts)
    with_slopes = replace(spec, fixed=mains, random=slopes)
    steps = [
        (tr("Null"), null),
        (tr("Intercepts"), replace(spec, fixed=mains, random=intercepts)),
        (tr("Slopes"), with_slopes),
        (tr("Cross-level"), _crossed(spec, with_slopes, structure)),
    ]
    return tuple(step for place, step in enumerate(steps) if place == 0 or step[1] != steps[place - 1][1])


def add_ladder(document: Document, origin: object = None) -> int:
    """Add the steps towards the model on show that the document does not have, as one step of undo; return how many."""
    snapshot, model = document.snapshot, document.active_model
    if model is None or model.spec is None or snapshot.structure is None:
        return 0
    present = [other.spec for other in snapshot.models]
    wanted = [step for step in ladder(model.spec, snapshot.structure) if step[1] not in present]
    for name, spec in wanted:
        taken = {other.name for other in snapshot.models}
        made = Model(key=document.new_key(), name=name if name not in taken else model_list.free_name(snapshot), spec=spec)
        snapshot = model_list.added(snapshot, made)
    if wanted:
        document.edit(tr("Add the standard ladder"), replace(snapshot, active=model.key), origin)
    return len(wanted)


def _one_per_grouping(spec: ModelSpec) -> list[RandomTerm]:
    return list({random.grouping: random for random in reversed(spec.random)}.values())[::-1]


def _varying(spec: ModelSpec) -> list[tuple[Term, Grouping]]:
    """Return the slopes that vary, each with its grouping."""
    return [(term, random.grouping) for random in spec.random for term in random.terms if term.order]


def _is_group_level(term: Term, grouping: Grouping, structure: Structure) -> bool:
    from mlgui.spec.constancy import constant_within

    return all(constant_within(factor, grouping, structure) for factor in term.factors)


def _crosses_levels(term: Term, spec: ModelSpec, structure: Structure) -> bool:
    """Return whether a term is a product of factors at different levels of some grouping of the model."""
    from mlgui.spec.constancy import constant_within

    return term.order > 1 and any(
        len({constant_within(factor, random.grouping, structure) for factor in term.factors}) == 2 for random in spec.random
    )


def _with_slopes(spec: ModelSpec, mains: tuple[Term, ...], structure: Structure) -> tuple[RandomTerm, ...]:
    """Return the random part with slopes of the individual-level predictors in the first grouping."""
    first, *others = _one_per_grouping(spec)
    inner = tuple(term for term in mains if term.order == 1 and not _is_group_level(term, first.grouping, structure))
    return (replace(first, terms=(*first.terms, *inner)), *others)


def _crossed(spec: ModelSpec, with_slopes: ModelSpec, structure: Structure) -> ModelSpec:
    """Return the model with slopes, and its own cross-level interactions or else all of them."""
    from mlgui.spec.edits import explain

    if any(_crosses_levels(term, spec, structure) for term in spec.fixed):
        return replace(spec, random=with_slopes.random)
    found = with_slopes
    for slope, grouping in _varying(with_slopes):
        for term in with_slopes.fixed:
            if term.order == 1 and _is_group_level(term, grouping, structure):
                found = explain(found, slope, term)
    return found
