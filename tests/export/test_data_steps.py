"""What was done to the data, in reports and scripts; and that R code for it is worth the same as the program's own."""

from __future__ import annotations

import csv
import io
import json
import shlex
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from mlgui.cli import main
from mlgui.data.edits.columns import computed, with_kind, with_levels, with_missing, without_column
from mlgui.data.edits.renaming import renamed
from mlgui.data.edits.reshape import long_table, repeated_columns
from mlgui.data.edits.rows import block_of_text, cell_text, filtered, with_block, with_cell
from mlgui.data.expressions import evaluate, read_expression
from mlgui.data.table import Column, Kind, Source, Table
from mlgui.export.chapter import Chapter
from mlgui.export.prepared import comments, prepared_csv, prepared_name
from mlgui.export.python_script import python_script
from mlgui.export.r_expression import HELPERS, r_expression, r_text
from mlgui.export.r_steps import can_replay, r_steps
from mlgui.export.report_html import report_page
from mlgui.export.script import command_line, r_script
from mlgui.export.syntax import stata_syntax
from mlgui.paths import resources
from mlgui.results.data_history import preparation
from mlgui.results.methods import methods
from mlgui.session.examples import open_example
from mlgui.session.jobs import fit_model
from mlgui.spec.formula import parse

NAN = float("nan")
EXPRESSIONS = (
    "x + 1", "-x ^ 2", "x / (x - 1)", "log(x - 1)", "exp(x)", "sqrt(x - 2)", "round(x / 3, 1)", "floor(x / 2)", "ceiling(x / 2)",
    "mod(x, 2)", "max(x, 3)", "min(x, y, 2)", "mean(x, y)", "sum(x, y)", "mean(x)", "mean(x, by = g)", "sd(x, by = g)",
    "median(x, by = g)", "min(x, by = g)", "max(x)", "sum(x, by = g)", "count(x, by = g)", "count(by = g:h)", "rank(x)",
    "rank(x, by = g)", "center(x, by = g)", "scale(x, by = g)", "x > 2", "g = \"a\"", "g != \"a\"", "x > 2 and y < 4",
    "x > 2 or y < 4", "not x > 2", "g in (\"a\", \"c\")", "x in (1, 4)", "is_missing(x)", "if(x > 2, x, 0)",
    "if(x > 2, \"many\", g)",
    "coalesce(x, y)", "coalesce(g, \"none\")", "recode(g, \"a\" = \"A\")", "recode(g, \"a\" = 1, \"b\" = 2)",
    "recode(x, 1 = 10, missing = 0)", "recode(x, 1 = \"one\", else = \"more\")", "cut(x, 2, 5)",
    "cut(x, -1, 3, \"a\", \"b\", \"c\")",
    "upper(g)", "substring(g, 1, 1)", "replace(g, \"a\", \"z\")", "contains(g, \"a\")", "starts_with(g, \"b\")",
    "join(g, \"-\", h)",
    "text(x)", "number(text(x)) + 1", "abs(x - 4)", "`two words` * 2", "x - mean(x, by = g)",
)  # fmt: skip


def table() -> Table:
    columns = (
        Column(name="x", kind=Kind.NUMBER, values=np.array([1.0, 2.0, NAN, 4.0, 4.0, 9.0, 7.0])),
        Column(name="y", kind=Kind.NUMBER, values=np.array([3.0, 1.5, 2.0, 8.0, NAN, 0.0, 5.0])),
        Column(name="g", kind=Kind.CATEGORY, values=np.array([0, 0, 0, 1, 1, -1, 1], dtype=np.int32), levels=("a", "b")),
        Column(name="h", kind=Kind.CATEGORY, values=np.array([0, 1, 0, 1, 0, 1, 1], dtype=np.int32), levels=("p", "q")),
        Column(name="two words", kind=Kind.NUMBER, values=np.arange(7.0)),
        Column(name="t1", kind=Kind.NUMBER, values=np.arange(7.0)),
        Column(name="t2", kind=Kind.NUMBER, values=np.arange(7.0) + 10),
    )
    return Table(columns=columns, row_ids=np.arange(1, 8), source=Source(name="small.csv", format="delimited text"))


def texts(column: Column) -> list[str]:
    return [cell_text(column, row) for row in range(len(column))]


def same(ours: str, theirs: str) -> bool:
    """Whether a cell of ours and one of R's write command hold the same."""
    if theirs in ("NA", "") or ours == "":
        return theirs in ("NA", "") and ours == ""
    if theirs in ("TRUE", "FALSE"):
        return ours == theirs.lower()
    try:
        return abs(float(ours) - float(theirs)) <= 1e-12 * max(1.0, abs(float(ours)))  # the last digits R writes
    except ValueError:
        return ours == theirs


def run_r(script: str, folder: Path) -> dict[str, list[str]]:
    """Run a script that leaves a data frame `out`, and return its columns as text."""
    if shutil.which("Rscript") is None:
        pytest.skip("R is not installed")
    (folder / "small.csv").write_bytes(prepared_csv(table()))
    tail = "\nfor (n in names(out)) if (is.factor(out[[n]])) out[[n]] <- as.character(out[[n]])\noptions(digits = 17)\n"
    (folder / "run.R").write_text(f'{script}{tail}write.csv(out, "out.csv", row.names = FALSE)\n', encoding="utf-8")
    done = subprocess.run(["Rscript", "--vanilla", "run.R"], cwd=folder, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    rows = list(csv.reader(io.StringIO((folder / "out.csv").read_text("utf-8"))))
    return {name: [row[place] for row in rows[1:]] for place, name in enumerate(rows[0])}


READING = 'data <- read.csv("small.csv", na.strings = "", check.names = FALSE)\n'


def test_r_gives_every_expression_the_same_values(tmp_path: Path) -> None:
    lines = [READING, HELPERS, "kept <- rep(TRUE, nrow(data))", "out <- data.frame(row = seq_len(nrow(data)))"]
    for place, text in enumerate(EXPRESSIONS):
        code = r_expression(read_expression(text, table()))
        value = f"with(data, {code})" if code.startswith("cut(") else f"rep_len(with(data, {code}), nrow(data))"
        lines.append(f"out[[{r_text(f'e{place}')}]] <- {value}")
    found = run_r("\n".join(lines), tmp_path)
    for place, text in enumerate(EXPRESSIONS):
        ours = texts(evaluate(read_expression(text, table()), table(), "new"))
        theirs = found[f"e{place}"]
        assert all(same(a, b) for a, b in zip(ours, theirs, strict=True)), (text, ours, theirs)


def changed() -> Table:
    found = filtered(table(), "is_missing(x) or x < 9")
    found = computed(found, "x within", "center(x, by = g)")
    found = with_missing(with_cell(found, 1, "y", "6,5"), "y", ["8"])
    found = with_levels(found, "h", [("q", "Q"), ("p", "P")], ordered=False)
    found = with_kind(renamed(found, "x", "the x"), "two words", Kind.CATEGORY)
    found = without_column(found, "two words")
    return long_table(found, repeated_columns(found)[:1], "time", "person")


def test_r_repeats_the_steps(tmp_path: Path) -> None:
    prepared = changed()
    assert can_replay(prepared)
    found = run_r(READING + "\n".join(r_steps(prepared)) + "\nout <- data", tmp_path)
    assert prepared.filter is not None
    kept = np.flatnonzero(prepared.filter.kept).tolist()
    for column in prepared.columns:
        ours = [texts(column)[row] for row in kept]
        assert all(same(a, b) for a, b in zip(ours, found[column.name], strict=True)), (column.name, ours, found[column.name])


def test_scripts_tell_what_was_done_and_name_the_prepared_data() -> None:
    prepared = computed(filtered(table(), "x < 9"), "x within", "center(x, by = g)")
    spec = parse("y ~ `x within` + (1 | g)")
    assert prepared_name(prepared) == "small_prepared.csv"
    assert "# - x within was computed as center(x, by = g)." in r_script(spec, prepared)
    assert "kept <- " in r_script(spec, prepared)
    assert "'small_prepared.csv'" in python_script(spec, prepared)
    assert "# - x within was computed" in python_script(spec, prepared)
    assert "'--keep=x < 9' '--compute=x within=center(x, by = g)'" in command_line(spec, prepared)
    assert "small_prepared.csv" in command_line(spec, with_cell(prepared, 0, "x", "2"))
    assert "* - x within was computed" in stata_syntax(parse("y ~ x + (1 | g)"), prepared)
    assert "prepared" not in r_script(spec, table())


def test_what_r_cannot_repeat_is_read_as_it_was_prepared() -> None:
    pasted = with_block(table(), np.array([0]), 0, block_of_text("5"))
    assert not can_replay(pasted)
    assert 'read.csv("small_prepared.csv"' in r_script(parse("y ~ x + (1 | g)"), pasted)


def test_prepared_data_are_the_rows_that_count() -> None:
    lines = prepared_csv(filtered(table(), "x < 3")).decode("utf-8").splitlines()
    assert lines == ["x,y,g,h,two words,t1,t2", "1.0,3.0,a,p,0.0,0.0,10.0", "2.0,1.5,a,q,1.0,1.0,11.0"]


def test_every_step_has_a_sentence_without_line_breaks_in_comments() -> None:
    prepared = changed()
    prepared = with_block(prepared, np.array([0]), prepared.names.index("g"), block_of_text("b"))
    sentences = preparation(prepared)
    assert len(sentences) == len(prepared.steps) + 1
    assert all(sentence.endswith(".") for sentence in sentences)
    nasty = computed(table(), "new", "x +\n1")
    assert all(line.startswith("# ") and "\n" not in line for line in comments(nasty, "#"))


def test_methods_and_checklist_say_which_rows_count() -> None:
    data, structure, models = open_example("sleepstudy")
    assert models[0].spec is not None
    report = fit_model(filtered(data, "Days > 1"), structure, models[0].spec)
    words = " ".join(methods(report))
    assert "144 of 180 rows count: those with Days > 1." in words
    assert "No row was left out" not in words
    page = report_page([Chapter(report=report, name="M", tables=(), equations=(), pictures=())]).decode()
    assert "Data preparation" in page
    assert "Rows that count" in page


def test_many_changed_cells_are_told_together() -> None:
    found = table()
    for row in range(7):
        found = with_cell(found, row, "x", "3")
    assert len(preparation(found)) == 7
    for row in range(7):
        found = with_cell(found, row, "y", "4")
    assert preparation(found) == ("14 cells were changed by hand, in x, y.",)


def test_the_command_line_repeats_computing_and_filtering(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data, structure, _ = open_example("sleepstudy")
    prepared = computed(filtered(data, "Days > 1"), "later", "Days - 2")
    spec = parse("Reaction ~ later + (later | Subject)")
    report = fit_model(prepared, structure, spec)
    words = shlex.split(command_line(spec, prepared))
    path = tmp_path / "fit.json"
    words[2] = str(resources() / "examples" / "sleepstudy" / "sleepstudy.csv")
    assert main([*words[1:], "--json", str(path)]) == 0
    found = json.loads(path.read_text("utf-8"))
    assert found["nobs"] == report.n == 144
    estimates = [term["estimate"] for term in found["fixed_effects"]]
    assert estimates == pytest.approx([term.estimate for term in report.fixed], rel=1e-9)  # two searches for one optimum
    assert len(found["data_preparation"]) == 3
    assert main(["fit", words[2], "--compute", "nothing"]) == 1
    assert "computes no column" in capsys.readouterr().err


def test_limits_that_are_computed_are_beyond_the_r_code() -> None:
    assert not can_replay(computed(table(), "new", "cut(x, 1, 1 + 1)"))
    assert can_replay(computed(table(), "new", "cut(x, -1, 2)"))
