"""Everything undone is the state before, byte by byte; everything done again is the state after."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mlgui.data.edits.columns import computed, with_kind, with_levels, with_missing, without_column
from mlgui.data.edits.renaming import quoted_name, renamed
from mlgui.data.edits.reshape import long_table, repeated_columns
from mlgui.data.edits.rows import block_of_text, cell_text, filtered, with_block, with_cell
from mlgui.data.kinds import as_category
from mlgui.data.structure import Structure, find_structure
from mlgui.data.table import Column, Kind, Table
from mlgui.errors import UserError
from mlgui.session.data_changes import DataChange
from mlgui.session.data_changes import changed as changed_snapshot
from mlgui.session.document import Document
from mlgui.session.packing import Packed, Patch
from mlgui.session.project import document_entry
from mlgui.session.table_text import table_csv, table_description
from mlgui.spec.formula import parse

ACTIONS = 500
FORMULAS = [None, *(parse(f"score ~ {right}") for right in ("1", "x + (1 | school)", "x * u + (x | school)", "log(x + 9)"))]
TABLE_KINDS = ("table", "compute", "filter", "cell", "levels", "missing", "kind", "paste", "column name", "column out", "long")
KINDS = ("spec", "add", "duplicate", "delete", "move", "rename", "annotate", "figure", "show", "undo", "redo", *TABLE_KINDS)


def written(document: Document) -> bytes:
    """Return the document as a project would hold it, the model on show apart: looking is not a step."""
    snapshot = document.snapshot
    assert snapshot.table is not None
    entry = document_entry(snapshot)
    del entry["active"]
    description = table_description(snapshot.table)
    return json.dumps([entry, description]).encode() + table_csv(snapshot.table)


def changed(table: Table, kind: str, dice: np.random.Generator) -> Table:
    """Return a table after one change that the Data view offers; UserError where this table does not allow it."""
    name, row = str(dice.choice(table.names)), int(dice.integers(table.n_rows))
    numbers = [column.name for column in table.columns if column.kind is Kind.NUMBER] or ["none"]
    x = quoted_name(str(dice.choice(numbers)))
    if kind == "compute" and len(table.columns) < 15:
        expression = dice.choice([f"center({x}, by = school)", f"{x} + 1", f"cut({x}, 0, 1)", f"{x} > 0"])
        return computed(table, f"new {dice.integers(4)}", str(expression))
    if kind == "filter":
        return filtered(table, str(dice.choice(["", f"{x} > 0", f"is_missing({x})"])))
    if kind == "cell":
        return with_cell(table, row, name, str(dice.choice(["", "1,5", "2", "school a", "else"])))
    if kind == "levels":
        levels = [*as_category(table[name]).levels]
        merged = [(level, f"{place // 2}") for place, level in enumerate(levels)]
        return with_levels(table, name, merged, ordered=bool(dice.integers(2))) if len(levels) < 30 else table
    if kind == "missing":
        return with_missing(table, name, [cell_text(table[name], row)])
    if kind == "kind":
        return with_kind(table, name, dice.choice([Kind.NUMBER, Kind.CATEGORY, Kind.ID]))
    if kind == "paste" and table.n_rows < 60:
        return with_block(table, np.array([row]), int(dice.integers(len(table.columns))), block_of_text("1,5\n2"))
    if kind == "column name":
        return renamed(table, name, f"name {dice.integers(6)}")
    if kind == "column out" and len(table.columns) > 3:
        return without_column(table, name)
    if kind == "long" and table.n_rows < 60:
        sets = repeated_columns(table)
        return long_table(table, sets[:1], f"time {dice.integers(3)}", f"row {dice.integers(3)}") if sets else table
    return replace(table, row_ids=table.row_ids + 1)


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
    elif kind in TABLE_KINDS:
        assert table is not None
        with suppress(UserError):
            other = changed(table, kind, dice)
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


def test_cells_of_a_large_table_are_remembered_cell_by_cell(table: Table, structure: Structure) -> None:
    n = 300_000
    values = np.random.default_rng(2).normal(size=n)
    values[7] = np.nan
    columns = (
        Column(name="x", kind=Kind.NUMBER, values=values),
        Column(name="g", kind=Kind.CATEGORY, values=(np.arange(n) % 50).astype(np.int32), levels=tuple(map(str, range(50)))),
    )
    large = Table(columns=columns, row_ids=np.arange(1, n + 1))
    document = Document()
    document.open(large, find_structure(large))
    began = document.snapshot
    seen = [large["x"].values.tobytes()]
    for k in range(60):
        assert document.snapshot.table is not None
        text = "" if k % 7 == 0 else f"{k}"
        change = DataChange(label=text, apply=lambda found, k=k, text=text: with_cell(found, 5 * k % 13, "x", text))
        document.edit(change.label, changed_snapshot(document.snapshot, change))
        seen.append(document.snapshot.table["x"].values.tobytes())
    kept = [part for _, entry in document._undo if isinstance(entry, Packed) for part in entry.parts if isinstance(part, Patch)]
    assert len(kept) == 60
    assert sum(patch.values.nbytes + patch.rows.nbytes for patch in kept) < 10_000
    for state in reversed(seen[:-1]):
        document.undo()
        assert document.snapshot.table is not None
        assert document.snapshot.table["x"].values.tobytes() == state
    assert document.snapshot is began
    assert not document.modified
    for state in seen[1:]:
        document.redo()
        assert document.snapshot.table is not None
        assert document.snapshot.table["x"].values.tobytes() == state
