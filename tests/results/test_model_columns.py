"""Columns of a fit: they agree with its numbers, stand in the rows used, and come out of the command line as a file."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from mlgui.cli import main
from mlgui.data.edits.columns import with_model_columns
from mlgui.data.edits.rows import filtered
from mlgui.paths import resources
from mlgui.results.model_columns import ModelColumns, model_columns, with_row_ids, words_of
from mlgui.session.examples import open_example
from mlgui.session.jobs import fit_model

NAMES = ["predicted Reaction", "average Reaction", "residual Reaction", "scaled residual Reaction"]


def test_they_agree_with_the_fit_and_are_missing_where_rows_are_left_out() -> None:
    table, structure, models = open_example("sleepstudy")
    table = filtered(table, "Days > 1")
    assert models[0].spec is not None
    report = fit_model(table, structure, models[0].spec)
    columns = {column.name: column for column in model_columns(report, ModelColumns)}
    assert list(columns)[:4] == NAMES
    assert report.n == 144
    assert all(column.n_missing == 36 for column in columns.values())
    used = report.design.rows
    np.testing.assert_array_equal(columns[NAMES[0]].values[used], report.estimates.fitted)
    both = columns[NAMES[0]].values + columns[NAMES[2]].values  # type: ignore[operator]
    np.testing.assert_allclose(both[used], table["Reaction"].values[used], rtol=1e-13)  # one rounding of a difference
    totals = columns["intercept by Subject"].values[used]
    np.testing.assert_array_equal(np.unique(totals), np.unique(report.groups[0].total[:, 0]))


def test_they_join_the_table_with_a_step_of_its_history() -> None:
    table, structure, models = open_example("sleepstudy")
    assert models[0].spec is not None
    report = fit_model(table, structure, models[0].spec)
    wanted = (ModelColumns.RESIDUAL,)
    added = with_model_columns(table, model_columns(report, wanted, "M"), "Model 1", words_of(wanted))
    assert added.names[-2:] == ("M: residual Reaction", "M: scaled residual Reaction")
    assert added.steps[-1]["what"] == "residuals"
    header, rows = with_row_ids(table, model_columns(report, wanted))
    assert header == ["row", "residual Reaction", "scaled residual Reaction"]
    assert len(rows) == 180


def test_the_command_line_writes_them(tmp_path: Path) -> None:
    data, out = resources() / "examples" / "sleepstudy" / "sleepstudy.csv", tmp_path / "out.csv"
    assert main(["fit", str(data), "--formula", "Reaction ~ Days + (Days | Subject)", "--columns", str(out)]) == 0
    lines = list(csv.reader(out.read_text("utf-8").splitlines()))
    assert lines[0][:5] == ["row", *NAMES]
    assert len(lines) == 181
