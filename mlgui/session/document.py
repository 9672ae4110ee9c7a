"""What is open: a table, models with their latest fits, a selection, and the way back. No Qt, no threads.

Everything undoable is in one immutable `Snapshot`; undo is the previous one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import StrEnum

from mlgui.data.structure import Structure
from mlgui.data.table import Table
from mlgui.errors import UserError
from mlgui.findings import Finding
from mlgui.results.report import Report
from mlgui.session.changes import Change
from mlgui.spec.model import ModelSpec


@dataclass(frozen=True, kw_only=True)
class Model:
    """One model of the document. key: never reused within a document. spec: None until outcome and group are chosen.

    figure_edits: (figure key, property, value) triples.
    """

    key: int
    name: str
    spec: ModelSpec | None = None
    note: str = ""
    figure_edits: tuple[tuple[str, str, str], ...] = ()


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
        self._undo: list[tuple[str, Snapshot]] = []
        self._redo: list[tuple[str, Snapshot]] = []
        self._fits: dict[int, Fit] = {}
        self._listeners: list[Listener] = []
        self._next_key = 1
        self.selection = Selection()
        self.path: str | None = None
        self.saved: Snapshot | None = None

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

    def subscribe(self, listener: Listener) -> None:
        """Call `listener(change, origin)` after every change."""
        self._listeners.append(listener)

    def announce(self, change: Change, origin: object = None) -> None:
        """Tell every listener."""
        for listener in tuple(self._listeners):
            listener(change, origin)

    def edit(self, label: str, snapshot: Snapshot, origin: object = None) -> None:
        """Replace the state; `label` names the step in the Undo menu ("Let ses vary by school")."""
        self._undo.append((label, self._snapshot))
        self._redo.clear()
        self._move_to(snapshot, origin)

    def edit_spec(self, label: str, spec: ModelSpec, origin: object = None) -> None:
        """Give the model on show another specification."""
        models = tuple(replace(m, spec=spec) if m.key == self._snapshot.active else m for m in self._snapshot.models)
        self.edit(label, replace(self._snapshot, models=models), origin)

    def new_key(self) -> int:
        """Return a model key not used before in this document."""
        key, self._next_key = self._next_key, self._next_key + 1
        return key

    def undo(self) -> None:
        """Go back one step; nothing happens without one."""
        if self._undo:
            label, before = self._undo.pop()
            self._redo.append((label, self._snapshot))
            self._move_to(before, None)

    def redo(self) -> None:
        """Go forward again; nothing happens without an undone step."""
        if self._redo:
            label, after = self._redo.pop()
            self._undo.append((label, self._snapshot))
            self._move_to(after, None)

    @property
    def undo_label(self) -> str:
        """What undo would take back, "" if nothing."""
        return self._undo[-1][0] if self._undo else ""

    @property
    def redo_label(self) -> str:
        """What redo would bring again, "" if nothing."""
        return self._redo[-1][0] if self._redo else ""

    def set_fit(self, key: int, fit: Fit, origin: object = None) -> None:
        """Store the outcome of a fit. Not undoable: it follows from the specification."""
        self._fits[key] = fit
        self.announce(Change.FIT, origin)

    def select(self, selection: Selection, origin: object = None) -> None:
        """Select groups everywhere."""
        if selection != self.selection:
            self.selection = selection
            self.announce(Change.SELECTION, origin)

    def _move_to(self, snapshot: Snapshot, origin: object) -> None:
        before, self._snapshot = self._snapshot, snapshot
        change = Change.HISTORY
        if snapshot.table is not before.table:
            change |= Change.TABLE
        if snapshot.models != before.models:
            change |= Change.MODELS
        if snapshot.active != before.active:
            change |= Change.ACTIVE
        self.announce(change, origin)
