"""Residual structures in projects, and why they cannot be estimated."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlgui.data.structure import Structure, find_structure
from mlgui.data.table import Table
from mlgui.errors import UserError
from mlgui.session.document import Model, Snapshot
from mlgui.session.jobs import fit_model
from mlgui.session.project import open_project, save_project
from mlgui.spec.edits import leave_out_groups, set_boundary_avoiding, set_df, set_intervals, set_residual
from mlgui.spec.formula import parse
from mlgui.spec.residual import parse_residual
from mlgui.spec.terms import Grouping
from tests.results.models import load_table


def test_a_structure_comes_back(tmp_path: Path, table: Table, structure: Structure) -> None:
    spec = set_residual(parse("score ~ x + (1 | school)"), "ar1", ("school", "kind"), order="u", by="kind")
    path = tmp_path / "work.mlgui"
    save_project(path, Snapshot(table=table, structure=structure, models=(Model(key=1, name="A", spec=spec),), active=1))
    assert open_project(path).models[0].spec == spec


def test_a_penalty_comes_back(tmp_path: Path, table: Table, structure: Structure) -> None:
    spec = set_boundary_avoiding(parse("score ~ x + (1 | school)"), True)
    path = tmp_path / "work.mlgui"
    save_project(path, Snapshot(table=table, structure=structure, models=(Model(key=1, name="A", spec=spec),), active=1))
    assert open_project(path).models[0].spec == spec


@pytest.mark.parametrize(
    ("residual", "words"),
    [
        ("ar1:Subject:Reaction", None),
        ("cs:Subject", "say the same"),
        ("un:Subject:Days", "say the same"),
        ("ar1:Days:Reaction", "several groups of Subject"),
        ("ar1:Subject:nowhere", "no column called"),
    ],
)
def test_what_cannot_be_estimated_is_told(residual: str, words: str | None) -> None:
    table = load_table("sleepstudy.csv")
    spec = parse("Reaction ~ Days + (1 | Subject)")
    term = parse_residual([residual])
    assert term.grouping is not None
    spec = set_residual(spec, term.kind, term.grouping.columns, term.order)
    if words is None:
        assert fit_model(table, find_structure(table), spec).estimates.residual.kind == "ar1"
        return
    with pytest.raises(UserError) as error:
        fit_model(table, find_structure(table), spec)
    assert words in f"{error.value.what} {error.value.why}"


def test_groups_left_out_come_back(tmp_path: Path, table: Table, structure: Structure) -> None:
    spec = leave_out_groups(parse("score ~ x + (1 | school)"), Grouping(("school",)), ["a", "b"])
    spec = set_intervals(set_df(spec, "z"), "bootstrap", 50, 9)
    path = tmp_path / "work.mlgui"
    save_project(path, Snapshot(table=table, structure=structure, models=(Model(key=1, name="A", spec=spec),), active=1))
    assert open_project(path).models[0].spec == spec
