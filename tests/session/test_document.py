from __future__ import annotations

import numpy as np
import pytest

from mlgui.data.structure import Structure, find_structure
from mlgui.data.table import Column, Kind, Table
from mlgui.session.changes import Change
from mlgui.session.document import Document, Fit, FitState, Selection
from mlgui.session.jobs import fit_model
from mlgui.session.models import GROUPING, OUTCOME, Model, guessed_model
from mlgui.spec.formula import parse
from mlgui.spec.render import render


def picture(document: Document) -> list[tuple[int, str, str, bool]]:
    """Return what a viewer sees of the models: key, name, formula, whether it is on show."""
    snapshot = document.snapshot
    return [(m.key, m.name, render(m.spec) if m.spec else "", m.key == snapshot.active) for m in snapshot.models]


@pytest.fixture
def document(table: Table, structure: Structure) -> Document:
    document = Document()
    document.open(table, structure)
    return document


def test_opening_fills_in_marked_guesses(document: Document) -> None:
    assert picture(document) == [(1, "Model 1", "score ~ 1 + (1 | school)", True)]
    model = document.active_model
    assert model is not None and model.guessed == (OUTCOME, GROUPING)
    assert document.active_fit.state is FitState.WAITING
    assert not document.modified and document.undo_label == ""


def test_what_does_not_look_like_groups_is_not_guessed() -> None:
    rating = Column(name="rating", kind=Kind.NUMBER, values=np.tile([1.0, 2.0, 3.0, 4.0, 5.0], 8))
    score = Column(name="score", kind=Kind.NUMBER, values=np.random.default_rng(1).normal(size=40))
    table = Table(columns=(rating, score), row_ids=np.arange(1, 41))
    structure = find_structure(table)
    assert [facts.name for facts in structure.groupings] == ["rating"] and not structure.likely
    model = guessed_model(1, table, structure)
    assert model.spec is not None and render(model.spec) == "score ~ 1" and model.guessed == (OUTCOME,)


def test_a_guess_loses_its_mark_when_it_is_changed(document: Document) -> None:
    document.edit_spec("Add x", parse("score ~ x + (1 | school)"))
    assert document.active_model is not None and document.active_model.guessed == (OUTCOME, GROUPING)
    document.edit_spec("Outcome x", parse("x ~ 1 + (1 | school)"))
    assert document.active_model.guessed == (GROUPING,)
    document.undo()
    assert document.active_model.guessed == (OUTCOME, GROUPING)


def test_every_edit_of_the_models_can_be_undone_and_redone(document: Document) -> None:
    pictures = [picture(document)]
    steps = [
        lambda: document.edit_spec("Add x", parse("score ~ x + (x | school)")),
        lambda: document.duplicate_model(1),
        lambda: document.rename_model(2, "With sector"),
        lambda: document.add_model(),
        lambda: document.move_model(3, 0),
        lambda: document.delete_model(2),
        lambda: document.delete_model(1),
    ]
    for step in steps:
        step()
        pictures.append(picture(document))
    assert len({str(p) for p in pictures}) == len(pictures)
    for expected in reversed(pictures[:-1]):
        document.undo()
        assert picture(document) == expected
    assert document.undo_label == "" and not document.modified
    for expected in pictures[1:]:
        document.redo()
        assert picture(document) == expected
    assert document.redo_label == "" and document.modified


def test_undo_goes_back_more_than_two_hundred_steps(document: Document) -> None:
    first = document.snapshot
    for step in range(300):
        document.edit_spec(f"Step {step}", parse("score ~ x + (1 | school)" if step % 2 else "score ~ u + (1 | school)"))
    assert document.undo_labels[:2] == ("Step 299", "Step 298")
    for _ in range(300):
        document.undo()
    assert document.snapshot is first
    document.undo()
    assert document.snapshot is first


def test_a_new_edit_forgets_what_was_undone(document: Document) -> None:
    document.edit_spec("Add x", parse("score ~ x + (1 | school)"))
    document.undo()
    assert document.redo_label == "Add x"
    document.edit_spec("Add u", parse("score ~ u + (1 | school)"))
    assert document.redo_label == ""


def test_the_last_model_is_emptied_instead_of_deleted(document: Document) -> None:
    document.delete_model(1)
    assert picture(document) == [(1, "Model 1", "", True)]
    assert document.active_fit.state is FitState.INCOMPLETE
    document.undo()
    assert document.active_fit.state is FitState.WAITING


def test_deleting_the_model_on_show_shows_its_neighbour(document: Document) -> None:
    for _ in range(2):
        document.duplicate_model(1)
    assert [m.key for m in document.snapshot.models] == [1, 3, 2]
    document.show_model(3)
    document.delete_model(3)
    assert document.snapshot.active == 2
    document.delete_model(1)
    assert document.snapshot.active == 2


def test_keys_are_never_used_again(document: Document) -> None:
    second = document.duplicate_model(1)
    document.delete_model(second)
    assert document.duplicate_model(1) == second + 1


def test_looking_at_another_model_is_no_change(document: Document) -> None:
    document.duplicate_model(1)
    document.mark_saved("p.mlgui")
    document.show_model(1)
    assert not document.modified and document.undo_label == "Duplicate Model 1"


def test_saving_makes_clean_and_undo_makes_dirty(document: Document) -> None:
    document.edit_spec("Add x", parse("score ~ x + (1 | school)"))
    assert document.modified
    document.mark_saved("p.mlgui")
    assert not document.modified and document.path == "p.mlgui"
    document.undo()
    assert document.modified
    document.redo()
    assert not document.modified


def test_fits_follow_the_specification(document: Document, table: Table, structure: Structure) -> None:
    model = document.active_model
    assert model is not None and model.spec is not None
    report = fit_model(table, structure, model.spec)
    document.set_fit(1, Fit(state=FitState.FITTED, report=report))
    assert document.waiting == ()
    document.edit_spec("Add x", parse("score ~ x + (1 | school)"))
    assert document.waiting == (1,) and document.active_fit.report is report
    document.undo()
    assert document.active_fit.state is FitState.FITTED and document.active_fit.report is report
    copy = document.duplicate_model(1)
    assert document.fit(copy).state is FitState.FITTED


def test_a_failed_or_cancelled_fit_stays_so_until_its_own_model_changes(document: Document) -> None:
    document.duplicate_model(1)
    document.mark_stale(1)
    document.set_fit(2, Fit(state=FitState.FAILED))
    document.rename_model(2, "Other")
    assert document.fit(1).state is FitState.STALE and document.fit(2).state is FitState.FAILED
    document.edit_spec("Add x", parse("score ~ x + (1 | school)"))
    assert document.fit(1).state is FitState.STALE and document.fit(2).state is FitState.WAITING


def test_another_reading_of_the_data_refits_everything(document: Document, table: Table, structure: Structure) -> None:
    document.duplicate_model(1)
    document.set_fit(1, Fit(state=FitState.FAILED))
    document.edit_table("Take x as a category", table.without_columns(["u"]), structure)
    assert document.waiting == (2, 1)
    document.undo()
    assert "u" in (document.snapshot.table or ())


def test_changes_are_announced_once_with_their_origin(document: Document, table: Table, structure: Structure) -> None:
    heard: list[tuple[Change, object]] = []
    document.subscribe(lambda change, origin: heard.append((change, origin)))
    document.edit_spec("Add x", parse("score ~ x + (1 | school)"), origin="panel")
    assert heard == [(Change.HISTORY | Change.MODELS | Change.FIT, "panel")]
    document.select(Selection(grouping="school", levels=frozenset({"school a"}), last="school a"), "plot")
    document.select(Selection(grouping="school", levels=frozenset({"school a"}), last="school a"), "plot")
    assert heard[1:] == [(Change.SELECTION, "plot")]
    document.open(table, structure)
    assert Change.FILE in heard[-1][0] and document.selection == Selection()


def test_opening_a_project_keeps_its_keys(document: Document, table: Table, structure: Structure) -> None:
    models = (Model(key=4, name="A"), Model(key=7, name="B", spec=parse("score ~ 1 + (1 | school)")))
    document.open(table, structure, models, active=7, path="p.mlgui")
    assert document.snapshot.active == 7 and document.new_key() == 8 and document.path == "p.mlgui"
    assert document.waiting == (7,)


def test_notes_and_figure_edits_are_undoable(document: Document) -> None:
    document.annotate(1, "Check the outlier.")
    document.edit_figure(1, "caterpillar", {"title": "Schools"})
    document.edit_figure(1, "caterpillar", {"title": ""})
    assert document.active_model is not None and document.active_model.figure_edits == ()
    document.undo()
    assert document.active_model.figure_edits == (("caterpillar", "title", "Schools"),)
    document.undo()
    document.undo()
    assert document.active_model.note == ""


def test_closing_returns_to_nothing(document: Document) -> None:
    document.close()
    assert document.snapshot.table is None and not document.modified and document.waiting == ()


def test_unknown_keys_are_mistakes_of_the_program(document: Document) -> None:
    with pytest.raises(LookupError):
        document.rename_model(99, "x")
    with pytest.raises(LookupError):
        Document().add_model()
