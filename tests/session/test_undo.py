"""Everything undone is the state before, byte by byte; everything done again is the state after."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mlgui.data.structure import Structure, find_structure
from mlgui.data.table import Table
from mlgui.session.document import Document
from mlgui.session.project import document_entry
from mlgui.session.table_text import table_csv, table_description
from mlgui.spec.formula import parse

ACTIONS = 500
FORMULAS = [None, *(parse(f"score ~ {right}") for right in ("1", "x + (1 | school)", "x * u + (x | school)", "log(x + 9)"))]
KINDS = ("spec", "add", "duplicate", "delete", "move", "rename", "annotate", "figure", "table", "show", "undo", "redo")


def written(document: Document) -> bytes:
    """Return the document as a project would hold it, the model on show apart: looking is not a step."""
    snapshot = document.snapshot
    assert snapshot.table is not None
    entry = document_entry(snapshot)
    del entry["active"]
    description = table_description(snapshot.table)
    return json.dumps([entry, description]).encode() + table_csv(snapshot.table)


def act(document: Document, kind: str, dice: np.random.Generator) -> None:
    """Do one thing that a person can do."""
    models, table = document.snapshot.models, document.snapshot.table
    key, text = models[dice.integers(len(models))].key, f"{dice.integers(5)}"
    if kind == "spec":
        document.edit_spec("Change", FORMULAS[dice.integers(len(FORMULAS))])
    elif kind == "add" and len(models) < 12:
        document.add_model()
    elif kind == "duplicate" and len(models) < 12:
        document.duplicate_model(key)
    elif kind == "delete":
        document.delete_model(key)
    elif kind == "move":
        document.move_model(key, int(dice.integers(-2, 15)))
    elif kind == "rename":
        document.rename_model(key, text)
    elif kind == "annotate":
        document.annotate(key, text)
    elif kind == "figure":
        document.edit_figure(key, text, {"title": "T" * int(dice.integers(3))})
    elif kind == "table":
        assert table is not None
        other = replace(table, row_ids=table.row_ids + 1)
        document.edit_table("Change the data", other, find_structure(other))
    elif kind == "show":
        document.show_model(key)
    elif kind == "undo":
        document.undo()
    elif kind == "redo":
        document.redo()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32 - 1), kinds=st.lists(st.sampled_from(KINDS), min_size=4, max_size=12, unique=True))
def test_any_500_actions_undone_give_the_first_state(table: Table, structure: Structure, seed: int, kinds: list[str]) -> None:
    document, dice = Document(), np.random.default_rng(seed)
    document.open(table, structure)
    first = written(document)
    for kind in dice.choice(kinds, ACTIONS):
        act(document, kind, dice)
    last, steps = written(document), len(document.undo_labels)
    while document.undo_label:
        document.undo()
    assert written(document) == first
    for _ in range(steps):
        document.redo()
    assert written(document) == last


def test_each_step_back_is_the_state_before_it(table: Table, structure: Structure) -> None:
    document, dice = Document(), np.random.default_rng(1)
    document.open(table, structure)
    states = [written(document)]
    while len(states) < 250:
        act(document, str(dice.choice([kind for kind in KINDS if kind not in ("undo", "redo", "show")])), dice)
        if len(document.undo_labels) == len(states):
            states.append(written(document))
    for state in reversed(states[:-1]):
        assert document.undo_label
        document.undo()
        assert written(document) == state
    assert not document.undo_label
