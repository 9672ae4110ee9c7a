"""What is open: a table, models with their latest fits, a selection, and the way back. No Qt, no threads.

Everything undoable is in one immutable `Snapshot`; undo is the previous one. Edits of the list of models are pure functions
in `mlgui.session.models`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from mlgui.errors import UserError
from mlgui.findings import Finding
from mlgui.session import models as model_list
from mlgui.session.changes import Change
from mlgui.session.models import Model, Snapshot
from mlgui.session.packing import Entry, packed, unpacked
from mlgui.words import tr

if TYPE_CHECKING:  # the window is painted before numpy is imported
    from mlgui.data.structure import Structure
    from mlgui.data.table import Table
    from mlgui.results.report import Report
    from mlgui.spec.model import ModelSpec

__all__ = ["Document", "Fit", "FitState", "Model", "Selection", "Snapshot"]

NOTHING = Change(0)
HISTORY_LIMIT = 1000
"""Steps undo remembers. Snapshots share tables and models, so that a step costs about a kilobyte; one that changes few cells of
a large table, the cells."""


class FitState(StrEnum):
    """How a model's shown numbers relate to its specification."""

    INCOMPLETE = "incomplete"
    WAITING = "waiting"
    FITTED = "fitted"
    STALE = "stale"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True, eq=False)
class Fit:
    """The latest fit of one model. report: the newest result, of an earlier specification unless state is FITTED."""

    state: FitState
    report: Report | None = None
    error: UserError | None = None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Selection:
    """Selected groups of one grouping, by label, shared by all views. last: the one most recently chosen."""

    grouping: str = ""
    levels: frozenset[str] = field(default_factory=frozenset)
    last: str = ""


Listener = Callable[[Change, object], None]


class Document:
    """The one thing that changes over time. Every change is announced once, as (what, who)."""

    def __init__(self) -> None:
        self._snapshot = Snapshot()
        self._undo: deque[tuple[str, Entry]] = deque(maxlen=HISTORY_LIMIT)
        self._redo: list[tuple[str, Entry]] = []
        self._fits: dict[int, Fit] = {}
        self._listeners: list[Listener] = []
        self._next_key = 1
        self.selection = Selection()
        self.path: str | None = None
        self.saved: Snapshot | None = None
        self.opening = 0
        """Counts what was opened and closed here, so that slow work can tell whether its document is still the one open."""

    @property
    def snapshot(self) -> Snapshot:
        """The present state."""
        return self._snapshot

    @property
    def active_model(self) -> Model | None:
        """The model on show."""
        return self._snapshot.model(self._snapshot.active)

    def fit(self, key: int | None) -> Fit:
        """Return the latest fit of a model; INCOMPLETE where there is none."""
        return self._fits.get(key if key is not None else -1, Fit(state=FitState.INCOMPLETE))

    @property
    def active_fit(self) -> Fit:
        """The fit of the model on show."""
        return self.fit(self._snapshot.active)

    @property
    def waiting(self) -> tuple[int, ...]:
        """Keys of the models whose numbers do not belong to their specification yet, the model on show first."""
        keys = [m.key for m in self._snapshot.models if self.fit(m.key).state is FitState.WAITING]
        return tuple(sorted(keys, key=lambda key: key != self._snapshot.active))

    @property
    def modified(self) -> bool:
        """Whether there is something to save. A newly opened table counts only once it was worked on."""
        return self._snapshot is not self.saved and self._snapshot.table is not None

    # Listeners

    def subscribe(self, listener: Listener) -> None:
        """Call `listener(change, origin)` after every change."""
        self._listeners.append(listener)

    def announce(self, change: Change, origin: object = None) -> None:
        """Tell every listener."""
        for listener in tuple(self._listeners):
            listener(change, origin)

    # Edits

    def open(
        self,
        table: Table,
        structure: Structure,
        models: tuple[Model, ...] = (),
        *,
        active: int | None = None,
        path: str | None = None,
        origin: object = None,
    ) -> None:
        """Start anew with a table; without models, with one of pre-filled guesses (`models.guessed_model`).

        The way back starts here too. path: the project file, where it came from one.
        """
        models = models or (model_list.guessed_model(1, table, structure),)
        active = active if active is not None else models[0].key
        self._next_key = max(m.key for m in models) + 1
        self._undo.clear()
        self._redo.clear()
        self._fits.clear()
        self.selection = Selection()
        self.path = path
        self.opening += 1
        snapshot = Snapshot(table=table, structure=structure, models=models, active=active)
        self.saved = snapshot
        self._move_to(snapshot, origin, Change.FILE | Change.SELECTION | Change.FIT | Change.MODELS | Change.ACTIVE)

    def close(self, origin: object = None) -> None:
        """Return to the state without a table."""
        self._undo.clear()
        self._redo.clear()
        self._fits.clear()
        self.selection, self.path = Selection(), None
        self.opening += 1
        self.saved = snapshot = Snapshot()
        self._move_to(snapshot, origin, Change.FILE | Change.SELECTION | Change.FIT)

    def edit(self, label: str, snapshot: Snapshot, origin: object = None) -> None:
        """Replace the state; `label` names the step in the Undo menu ("Let ses vary by school")."""
        self._undo.append((label, packed(self._snapshot, snapshot)))
        self._redo.clear()
        self._move_to(snapshot, origin)

    def edit_spec(self, label: str, spec: ModelSpec | None, origin: object = None) -> None:
        """Give the model on show another specification. What differs from a guess is no longer marked as one."""
        model = self.active_model
        if model is None:
            raise LookupError("no model is on show")
        changed = replace(model, spec=spec, guessed=model_list.still_guessed(model, spec))
        self.edit(label, model_list.replaced(self._snapshot, changed), origin)

    def edit_table(self, label: str, table: Table, structure: Structure, origin: object = None) -> None:
        """Put another reading of the data in place: kinds, order of levels, recoded columns. Every model is refitted."""
        self.edit(label, replace(self._snapshot, table=table, structure=structure), origin)

    def new_key(self) -> int:
        """Return a model key not used before in this document."""
        key, self._next_key = self._next_key, self._next_key + 1
        return key

    def add_model(self, origin: object = None) -> int:
        """Add a model that starts from the same guesses as the first, show it, and return its key."""
        table, structure = self._snapshot.table, self._snapshot.structure
        if table is None or structure is None:
            raise LookupError("no table is open")
        model = model_list.guessed_model(self.new_key(), table, structure, model_list.free_name(self._snapshot))
        self.edit(tr("Add {name}").format(name=model.name), model_list.added(self._snapshot, model), origin)
        return model.key

    def duplicate_model(self, key: int, origin: object = None) -> int:
        """Add a copy of a model beside it, show it, and return its key. The copy starts with the same numbers."""
        model = model_list.expected(self._snapshot, key)
        copy = replace(model, key=self.new_key(), name=model_list.free_name(self._snapshot))
        if key in self._fits:
            self._fits[copy.key] = self._fits[key]
        label = tr("Duplicate {name}").format(name=model.name)
        self.edit(label, model_list.added(self._snapshot, copy, after=key), origin)
        return copy.key

    def rename_model(self, key: int, name: str, origin: object = None) -> None:
        """Give a model another name; an empty one, or the same, changes nothing."""
        model, name = model_list.expected(self._snapshot, key), name.strip()
        if name and name != model.name:
            label = tr("Rename {old} to {new}").format(old=model.name, new=name)
            self.edit(label, model_list.replaced(self._snapshot, replace(model, name=name)), origin)

    def delete_model(self, key: int, origin: object = None) -> None:
        """Remove a model and show its neighbour. The last model stays: it is emptied instead."""
        model = model_list.expected(self._snapshot, key)
        label = tr("Delete {name}").format(name=model.name)
        self.edit(label, model_list.without(self._snapshot, key), origin)

    def move_model(self, key: int, place: int, origin: object = None) -> None:
        """Put a model at another place among the chips."""
        model = model_list.expected(self._snapshot, key)
        moved = model_list.moved(self._snapshot, key, place)
        if moved.models != self._snapshot.models:
            self.edit(tr("Move {name}").format(name=model.name), moved, origin)

    def show_model(self, key: int, origin: object = None) -> None:
        """Show another model. Not a step of undo: looking changes nothing."""
        model_list.expected(self._snapshot, key)
        if key != self._snapshot.active:
            clean = self._snapshot is self.saved
            self._snapshot = replace(self._snapshot, active=key)
            if clean:
                self.saved = self._snapshot
            self.announce(Change.ACTIVE, origin)

    def annotate(self, key: int, note: str, origin: object = None) -> None:
        """Write a note on a model."""
        model = model_list.expected(self._snapshot, key)
        if note != model.note:
            label = tr("Edit the note of {name}").format(name=model.name)
            self.edit(label, model_list.replaced(self._snapshot, replace(model, note=note)), origin)

    def edit_figure(self, key: int, figure: str, changes: dict[str, str], origin: object = None) -> None:
        """Change properties of one figure of a model; an empty text returns a property to its default."""
        model = model_list.expected(self._snapshot, key)
        changed = model_list.with_figure_edits(model, figure, changes)
        if changed != model:
            label = tr("Edit a figure of {name}").format(name=model.name)
            self.edit(label, model_list.replaced(self._snapshot, changed), origin)

    # The way back

    def undo(self) -> None:
        """Go back one step; nothing happens without one."""
        if self._undo:
            label, entry = self._undo.pop()
            before = unpacked(entry, self._snapshot)
            self._redo.append((label, packed(self._snapshot, before)))
            self._move_to(before, None)

    def redo(self) -> None:
        """Go forward again; nothing happens without an undone step."""
        if self._redo:
            label, entry = self._redo.pop()
            after = unpacked(entry, self._snapshot)
            self._undo.append((label, packed(self._snapshot, after)))
            self._move_to(after, None)

    @property
    def undo_label(self) -> str:
        """What undo would take back, "" if nothing."""
        return self._undo[-1][0] if self._undo else ""

    @property
    def redo_label(self) -> str:
        """What redo would bring again, "" if nothing."""
        return self._redo[-1][0] if self._redo else ""

    @property
    def undo_labels(self) -> tuple[str, ...]:
        """Every step undo could take back, the newest first."""
        return tuple(label for label, _ in reversed(self._undo))

    # Fits, selection, file

    def set_fit(self, key: int, fit: Fit, origin: object = None) -> None:
        """Store the outcome of a fit. Not undoable: it follows from the specification."""
        self._fits[key] = fit
        self.announce(Change.FIT, origin)

    def mark_stale(self, key: int, origin: object = None) -> None:
        """Note that a fit was cancelled: the numbers on show stay those of an earlier specification."""
        self.set_fit(key, replace(self.fit(key), state=FitState.STALE, error=None), origin)

    def select(self, selection: Selection, origin: object = None) -> None:
        """Select groups everywhere."""
        if selection != self.selection:
            self.selection = selection
            self.announce(Change.SELECTION, origin)

    def mark_saved(self, path: str, snapshot: Snapshot | None = None, origin: object = None) -> None:
        """Note that a state (the present one, unless given) was written to the project file `path`."""
        self.path, self.saved = path, snapshot or self._snapshot
        self.announce(Change.FILE, origin)

    def mark_unsaved(self, origin: object = None) -> None:
        """Note that the present state is in no file of the user's, as after a recovery."""
        self.saved = None
        self.announce(Change.FILE, origin)

    def _move_to(self, snapshot: Snapshot, origin: object, also: Change = NOTHING) -> None:
        before, self._snapshot = self._snapshot, snapshot
        change = Change.HISTORY | also
        if snapshot.table is not before.table:
            change |= Change.TABLE
        if snapshot.models != before.models:
            change |= Change.MODELS
        if snapshot.active != before.active:
            change |= Change.ACTIVE
        if self._update_fits(before):
            change |= Change.FIT
        self.announce(change, origin)

    def _update_fits(self, before: Snapshot) -> bool:
        """Bring the fits of models whose question changed in line with it; return whether there were any."""
        table = self._snapshot.table
        asked = {model.key: model.spec for model in before.models} if before.table is table else {}
        changed = [m for m in self._snapshot.models if m.key not in asked or asked[m.key] != m.spec]
        for model in changed:
            self._fits[model.key] = _state_for(model, table, self.fit(model.key))
        return bool(changed)


def _state_for(model: Model, table: Table | None, fit: Fit) -> Fit:
    """Return `fit` as it stands now that `model` and `table` are what they are."""
    report = fit.report
    if model.spec is None or table is None:
        return Fit(state=FitState.INCOMPLETE)
    if report is not None and report.design.spec == model.spec and report.design.table is table:
        return Fit(state=FitState.FITTED, report=report, findings=report.findings)
    return Fit(state=FitState.WAITING, report=report)
