"""The models of a document and their snapshot as values, and pure edits of the list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mlgui.words import tr

if TYPE_CHECKING:  # the window is painted before numpy is imported
    from mlgui.data.structure import Structure
    from mlgui.data.table import Table
    from mlgui.spec.model import ModelSpec

OUTCOME = "outcome"
GROUPING = "grouping"


@dataclass(frozen=True, kw_only=True)
class Model:
    """One model of the document. key: never reused within a document. spec: None until an outcome is chosen.

    guessed: the roles (`OUTCOME`, `GROUPING`) that the program filled in and nobody has touched yet.
    figure_edits: (figure key, property, value) triples.
    """

    key: int
    name: str
    spec: ModelSpec | None = None
    note: str = ""
    figure_edits: tuple[tuple[str, str, str], ...] = ()
    guessed: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, eq=False)
class Snapshot:
    """Everything undo brings back. structure belongs to table. active: key of the shown model, None without one."""

    table: Table | None = None
    structure: Structure | None = None
    models: tuple[Model, ...] = ()
    active: int | None = None

    def model(self, key: int | None) -> Model | None:
        """Return the model with this key, or None."""
        for model in self.models:
            if model.key == key:
                return model
        return None


def guessed_spec(table: Table, structure: Structure) -> ModelSpec | None:
    """Return the model to start from: the likeliest outcome, its intercept varying by the likeliest grouping.

    None where no column could be an outcome; without a varying part where no column looks like a grouping: a guess that is
    a rating or a year would be worse than none.
    """
    from mlgui.data.structure import guess_outcome
    from mlgui.spec.expression import Variable
    from mlgui.spec.model import ModelSpec
    from mlgui.spec.terms import INTERCEPT, Grouping, RandomTerm

    outcome = guess_outcome(table, structure)
    if not outcome:
        return None
    facts = next((g for g in structure.likely if outcome not in g.columns), None)
    random = () if facts is None else (RandomTerm(terms=(INTERCEPT,), grouping=Grouping(facts.columns)),)
    return ModelSpec(outcome=Variable(outcome), fixed=(INTERCEPT,), random=random)


def guessed_model(key: int, table: Table, structure: Structure, name: str = "") -> Model:
    """Return a model of marked guesses."""
    spec = guessed_spec(table, structure)
    roles = () if spec is None else (OUTCOME, GROUPING) if spec.random else (OUTCOME,)
    return Model(key=key, name=name or tr("Model {n}").format(n=1), spec=spec, guessed=roles)


def still_guessed(model: Model, spec: ModelSpec | None) -> tuple[str, ...]:
    """Return the roles of `model` that stay marked as guesses when its specification becomes `spec`."""
    if model.spec is None or spec is None:
        return ()
    same = {
        OUTCOME: model.spec.outcome == spec.outcome,
        GROUPING: [r.grouping for r in model.spec.random] == [r.grouping for r in spec.random],
    }
    return tuple(role for role in model.guessed if same[role])


def expected(snapshot: Snapshot, key: int) -> Model:
    """Return the model with this key; LookupError if there is none."""
    model = snapshot.model(key)
    if model is None:
        raise LookupError(f"no model has the key {key}")
    return model


def free_name(snapshot: Snapshot) -> str:
    """Return the first of "Model 1", "Model 2", ... that no model bears."""
    taken = {model.name for model in snapshot.models}
    n = len(taken) + 1
    while (name := tr("Model {n}").format(n=n)) in taken:
        n += 1
    return name


def added(snapshot: Snapshot, model: Model, after: int | None = None) -> Snapshot:
    """Return a snapshot that shows `model`, placed behind the model with key `after`, or last."""
    places = [place for place, other in enumerate(snapshot.models) if other.key == after]
    place = places[0] + 1 if places else len(snapshot.models)
    models = (*snapshot.models[:place], model, *snapshot.models[place:])
    return replace(snapshot, models=models, active=model.key)


def replaced(snapshot: Snapshot, model: Model) -> Snapshot:
    """Return a snapshot in which `model` stands for the one with its key."""
    return replace(snapshot, models=tuple(model if old.key == model.key else old for old in snapshot.models))


def without(snapshot: Snapshot, key: int) -> Snapshot:
    """Return a snapshot without the model; the next one (or the one before) is shown. The only one is emptied instead."""
    if len(snapshot.models) == 1:
        return replaced(snapshot, Model(key=key, name=tr("Model {n}").format(n=1)))
    place = next(place for place, model in enumerate(snapshot.models) if model.key == key)
    models = (*snapshot.models[:place], *snapshot.models[place + 1 :])
    active = models[min(place, len(models) - 1)].key if snapshot.active == key else snapshot.active
    return replace(snapshot, models=models, active=active)


def moved(snapshot: Snapshot, key: int, place: int) -> Snapshot:
    """Return a snapshot with the model at `place` (0 is first; clipped to the list)."""
    model = expected(snapshot, key)
    others = [other for other in snapshot.models if other.key != key]
    others.insert(max(0, min(place, len(others))), model)
    return replace(snapshot, models=tuple(others))


def with_figure_edits(model: Model, figure: str, changes: Mapping[str, str]) -> Model:
    """Return `model` with properties of one figure changed; an empty text takes an edit away."""
    edits = {(key, name): value for key, name, value in model.figure_edits}
    edits.update({(figure, name): value for name, value in changes.items()})
    kept = tuple((key, name, value) for (key, name), value in edits.items() if value)
    return replace(model, figure_edits=kept)
