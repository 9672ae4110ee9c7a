"""A model without the groups that are selected: asked for, looked at, kept."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mlgui.session import models as model_list
from mlgui.session.document import Document
from mlgui.words import ntr, tr

if TYPE_CHECKING:
    from mlgui.spec.exclusion import Exclusion
    from mlgui.spec.model import ModelSpec

MOST_NAMED = 3


def spec_without_selection(document: Document) -> ModelSpec | None:
    """Return the model on show without the selected groups; None where there is no such model or selection."""
    from mlgui.spec.edits import leave_out_groups

    model, chosen = document.active_model, document.selection
    if model is None or model.spec is None or not chosen.levels:
        return None
    grouping = next((random.grouping for random in model.spec.random if random.grouping.name == chosen.grouping), None)
    return None if grouping is None else leave_out_groups(model.spec, grouping, sorted(chosen.levels))


def without_words(exclusions: tuple[Exclusion, ...]) -> str:
    """Return "without schools 1308 and 8367", or "without 7 schools" where they are many; "" for none."""
    from mlgui.spec.nouns import group_noun, group_plural, joined

    parts = []
    for exclusion in exclusions:
        n = len(exclusion.levels)
        noun = group_noun(exclusion.grouping) if n == 1 else group_plural(exclusion.grouping)
        parts.append(f"{noun} {joined(list(exclusion.levels))}" if n <= MOST_NAMED else f"{n} {noun}")
    return tr("without {groups}").format(groups=joined(parts)) if parts else ""


def keep_without(document: Document, spec: ModelSpec, origin: object = None) -> int:
    """Add a model that leaves groups out beside the one on show, show it, and return its key: one step of undo."""
    model = document.active_model
    if model is None:
        raise LookupError("no model is on show")
    base = model.name.partition(tr(", without "))[0]
    made = model_list.Model(key=document.new_key(), name=f"{base}, {without_words(spec.excluded)}", spec=spec, note=model.note)
    made = replace(made, figure_edits=model.figure_edits)
    n = sum(len(exclusion.levels) for exclusion in spec.excluded)
    label = ntr("Keep the model without {n} group", "Keep the model without {n} groups", n).format(n=n)
    document.edit(label, model_list.added(document.snapshot, made, after=model.key), origin)
    return made.key
