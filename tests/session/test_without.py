"""A model without the selected groups: asked for, named, kept and undone."""

from __future__ import annotations

import pytest

from mlgui.results.change import changes
from mlgui.results.side_by_side import Part
from mlgui.session.document import Document, Selection
from mlgui.session.examples import open_example
from mlgui.session.jobs import fit_model
from mlgui.session.without import keep_without, spec_without_selection, without_words
from mlgui.spec.exclusion import Exclusion
from mlgui.spec.terms import Grouping


@pytest.fixture
def document() -> Document:
    made = Document()
    made.open(*open_example("sleepstudy"))
    return made


def test_nothing_without_a_selection_or_for_another_grouping(document: Document) -> None:
    assert spec_without_selection(document) is None
    document.select(Selection("nobody", frozenset({"1"}), "1"))
    assert spec_without_selection(document) is None


def test_kept_beside_the_model_and_undone(document: Document) -> None:
    document.select(Selection("Subject", frozenset({"335", "308"}), "335"))
    spec = spec_without_selection(document)
    assert spec is not None
    key = keep_without(document, spec)
    model = document.active_model
    assert model is not None and model.key == key and model.spec == spec
    assert model.name.endswith(", without subjects 308 and 335")
    assert document.undo_label == "Keep the model without 2 groups"
    document.undo()
    assert document.snapshot.model(key) is None


def test_many_groups_are_counted() -> None:
    many = Exclusion(Grouping(("school",)), tuple("abcde"))
    assert without_words((many,)) == "without 5 schools"
    assert without_words((Exclusion(Grouping(("school",)), ("a",)),)) == "without school a"
    assert without_words(()) == ""


def test_changes_side_by_side(document: Document) -> None:
    snapshot, model = document.snapshot, document.active_model
    assert snapshot.table is not None and snapshot.structure is not None and model is not None and model.spec is not None
    before = fit_model(snapshot.table, snapshot.structure, model.spec)
    document.select(Selection("Subject", frozenset({"308", "335"}), "308"))
    spec = spec_without_selection(document)
    assert spec is not None
    after = fit_model(snapshot.table, snapshot.structure, spec)
    found = changes(before, after)
    days = next(row for row in found.rows if row.label == "Days")
    slopes = [next(e for e in report.fixed if e.name == "Days") for report in (before, after)]
    assert days.shift == pytest.approx((slopes[1].estimate - slopes[0].estimate) / slopes[0].se)
    assert {row.part for row in found.rows} == {Part.AVERAGES, Part.SPREADS, Part.CORRELATIONS}
    assert "standard error" in found.sentence
    assert changes(before, before).sentence == "No average coefficient moves by more than a tenth of its standard error."
