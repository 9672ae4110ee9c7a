"""A change of the table and what it means for the models: one step of undo, prepared beside the window.

change = DataChange(label=tr("Compute log_x"), apply=lambda table: computed(table, "log_x", "log(x)"))
snapshot = changed(document.snapshot, change, on_step)     # slow with a million rows: not in the thread of the window
document.edit(change.label, snapshot)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mlgui.progress import OnStep, Step, ignore_steps
from mlgui.session.models import Model, Snapshot, guessed_model

if TYPE_CHECKING:
    from mlgui.data.structure import Structure
    from mlgui.data.table import Table

ApplyToTable = Callable[["Table"], "Table"]


@dataclass(frozen=True, kw_only=True)
class DataChange:
    """label: names the step in the Undo menu. apply: from table to table. renamed: (old, new) name of a column, or None."""

    label: str
    apply: ApplyToTable
    renamed: tuple[str, str] | None = None


def changed(snapshot: Snapshot, change: DataChange, on_step: OnStep = ignore_steps) -> Snapshot:
    """Return a snapshot with the changed table, its groups, and models that can still be asked of it.

    UserError in words where the table does not allow the change.
    """
    from mlgui.data.structure import find_structure

    assert snapshot.table is not None
    on_step(Step(text=change.label))
    table = change.apply(snapshot.table)
    if table.columns == snapshot.table.columns and snapshot.structure is not None:
        structure = snapshot.structure
    else:
        structure = sharing(find_structure(table, on_step), table, snapshot)
    models = snapshot.models if change.renamed is None else renamed_models(snapshot.models, *change.renamed)
    return replace(snapshot, table=table, structure=structure, models=fitting_models(models, snapshot.table, table, structure))


def sharing(structure: Structure, table: Table, before: Snapshot) -> Structure:
    """Return the groups found in a table; those of columns that did not change share their arrays with the state before."""
    if before.table is None or before.structure is None:
        return structure
    known = {column.name for column in table.columns if column.name in before.table and before.table[column.name] is column}
    old = {facts.name: facts for facts in before.structure.groupings if set(facts.columns) <= known}
    groupings = tuple(
        replace(facts, codes=old[facts.name].codes, sizes=old[facts.name].sizes, levels=old[facts.name].levels)
        if facts.name in old and facts.n_groups == old[facts.name].n_groups
        else facts
        for facts in structure.groupings
    )
    return replace(structure, groupings=groupings)


def renamed_models(models: tuple[Model, ...], old: str, new: str) -> tuple[Model, ...]:
    """Return the models with a column under another name."""
    from mlgui.spec.renaming import with_column_renamed

    return tuple(
        model if model.spec is None or old not in model.spec.columns
        else replace(model, spec=with_column_renamed(model.spec, old, new))
        for model in models
    )  # fmt: skip


def fitting_models(models: tuple[Model, ...], before: Table, table: Table, structure: Structure) -> tuple[Model, ...]:
    """Return the models; one whose outcome or groups a reshaping took away starts anew from guesses."""
    if table.n_rows == before.n_rows:
        return models

    def fits(model: Model) -> bool:
        return model.spec is None or all(name in table for name in model.spec.columns)

    def anew(model: Model) -> Model:
        guess = guessed_model(model.key, table, structure, model.name)
        return replace(model, spec=guess.spec, guessed=guess.guessed)

    return tuple(model if fits(model) else anew(model) for model in models)
