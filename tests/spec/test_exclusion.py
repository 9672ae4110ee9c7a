"""Groups left out of a model: which rows that are, and what the fit does with them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mlgui.cli import main
from mlgui.data.frames import table_from_frame
from mlgui.data.structure import Structure, find_structure
from mlgui.data.table import Table
from mlgui.errors import UserError
from mlgui.export.python_script import python_script
from mlgui.export.script import command_line, r_script
from mlgui.export.syntax import spss_syntax, stata_syntax
from mlgui.export.text import summary
from mlgui.results.exclusions import excluded_sentence
from mlgui.results.methods import methods
from mlgui.session.examples import open_example
from mlgui.session.jobs import fit_model
from mlgui.spec import edits
from mlgui.spec.exclusion import Exclusion, excluded_rows
from mlgui.spec.formula import parse
from mlgui.spec.model import ModelSpec
from mlgui.spec.terms import Grouping

SUBJECT = Grouping(("Subject",))
Sleep = tuple[Table, Structure, ModelSpec]


@pytest.fixture(scope="module")
def sleep() -> Sleep:
    table, structure, models = open_example("sleepstudy")
    assert models[0].spec is not None
    return table, structure, models[0].spec


def test_rows_by_category_number_date_and_combination() -> None:
    frame = pd.DataFrame(
        {
            "a": ["x", "y", None, "x"],
            "b": [1.0, 2.0, 2.0, np.nan],
            "d": pd.to_datetime(["2020-01-01", "2020-01-02", "2020-01-02", None]),
        }
    )
    table = table_from_frame(frame)
    assert excluded_rows([Exclusion(Grouping(("a",)), ("x",))], table).tolist() == [True, False, False, True]
    assert excluded_rows([Exclusion(Grouping(("b",)), ("2",))], table).tolist() == [False, True, True, False]
    assert excluded_rows([Exclusion(Grouping(("a", "b")), ("x:1", "z:9"))], table).tolist() == [True, False, False, False]
    out = [Exclusion(Grouping(("a",)), ("y",)), Exclusion(Grouping(("b",)), ("1",))]
    assert excluded_rows(out, table).tolist() == [True, True, False, False]
    assert excluded_rows([Exclusion(Grouping(("a",)), ("nobody",))], table).sum() == 0


def test_leaving_out_and_taking_in_again(sleep: Sleep) -> None:
    spec = sleep[2]
    one = edits.leave_out_groups(spec, SUBJECT, ["309"])
    both = edits.leave_out_groups(one, SUBJECT, ["308", "309"])
    assert both.excluded == (Exclusion(SUBJECT, ("308", "309")),)
    assert edits.take_in_groups(both, SUBJECT, ["308"]) == one
    assert edits.take_in_groups(both, SUBJECT, ["308", "309"]) == spec


def test_the_fit_is_that_of_the_other_rows(sleep: Sleep) -> None:
    table, structure, spec = sleep
    without = fit_model(table, structure, edits.leave_out_groups(spec, SUBJECT, ["308", "335"]))
    labels = np.array(table["Subject"].levels)[table["Subject"].values.astype(int)]
    rows = np.flatnonzero(~np.isin(labels, ["308", "335"]))
    assert without.n == 160 and np.array_equal(without.design.rows, rows)
    assert len(without.design.excluded_rows) == 20 and not len(without.design.dropped_rows)
    assert without.groups[0].levels == tuple(level for level in table["Subject"].levels if level not in ("308", "335"))
    alone = table_from_frame(
        pd.DataFrame({"Reaction": np.asarray(table["Reaction"].values)[rows], "Days": np.asarray(table["Days"].values)[rows],
                      "Subject": labels[rows]})
    )  # fmt: skip
    same = fit_model(alone, find_structure(alone), parse("Reaction ~ Days + (Days | Subject)"))
    assert without.criterion == pytest.approx(same.criterion, abs=1e-9)  # the same rows in the same order
    assert excluded_sentence(without.design) == "Left out on purpose: subjects 308 and 335, 20 rows."


def test_all_left_out_is_said(sleep: Sleep) -> None:
    table, structure, spec = sleep
    with pytest.raises(UserError, match=r"No row can be used"):
        fit_model(table, structure, edits.leave_out_groups(spec, SUBJECT, list(table["Subject"].levels)))


def test_scripts_and_texts_name_them(sleep: Sleep) -> None:
    table, structure, plain = sleep
    spec = edits.leave_out_groups(plain, SUBJECT, ["308", "335"])
    assert 'data[!(data$Subject %in% c("308", "335")), ]' in r_script(spec, table)
    assert "data[~(data['Subject'].astype(str)).isin(['308', '335'])]" in python_script(spec, table)
    assert "drop if Subject == 308 | Subject == 335" in stata_syntax(spec, table)
    assert "SELECT IF NOT(Subject = 308 OR Subject = 335)." in spss_syntax(spec, table)
    report = fit_model(table, structure, spec)
    assert "subjects 308 and 335" in " ".join(methods(report))
    assert "--without=Subject=308,335" in command_line(spec, table)
    assert "subjects 308 and 335" in summary(report)


def test_command_line_leaves_groups_out(capsys: pytest.CaptureFixture[str]) -> None:
    data = Path(__file__).parents[2] / "resources" / "examples" / "sleepstudy" / "sleepstudy.csv"
    formula = "Reaction ~ Days + (Days | Subject)"
    assert main(["fit", str(data), "--formula", formula, "--without=Subject=308,335", "--json", "-"]) == 0
    content = json.loads(capsys.readouterr().out)
    assert content["n_groups"] == {"Subject": 16} and len(content["rows_excluded"]) == 20
