"""A boundary-avoiding penalty is named wherever it is on, and left out where likelihoods are compared."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

import mlgui
from mlgui.cli import main
from mlgui.errors import UserError
from mlgui.export.python_script import python_script
from mlgui.export.script import command_line, r_script
from mlgui.export.syntax import stata_syntax
from mlgui.export.text import summary
from mlgui.results.dial import dial_curve
from mlgui.results.figures.dial import dial_figure
from mlgui.results.methods import methods, references
from mlgui.results.random_terms import random_term_tests
from mlgui.scripting import FittedModel
from mlgui.spec import edits

DYESTUFF2 = Path(__file__).parents[1] / "reference" / "data" / "dyestuff2.csv"
FORMULA = "Yield ~ 1 + (1 | Batch)"


@cache
def model(penalty: str = "boundary-avoiding") -> FittedModel:
    return mlgui.fit(FORMULA, pd.read_csv(DYESTUFF2).astype({"Batch": str}), penalty=penalty)


def test_the_variance_is_kept_off_0() -> None:
    plain, penalised = model(""), model()
    assert plain.variance_components["sd"][0] == 0
    assert plain.json()["penalty"] is None
    assert penalised.variance_components["sd"][0] > 0.3
    assert penalised.json()["penalty"] == "boundary-avoiding"
    assert penalised.report.criterion > plain.report.criterion


def test_it_is_named() -> None:
    report = model().report
    assert "with a boundary-avoiding penalty" in summary(report)
    assert "boundary-avoiding" in [finding.code for finding in report.findings]
    assert "Chung et al., 2013" in methods(report)[2]
    assert any("Chung" in reference.text for reference in references(report))
    spec, table = report.design.spec, report.design.table
    script = r_script(spec, table)
    assert "library(blme)" in script
    assert "blmer(" in script
    assert "cov.prior = wishart(df = level.dim + 2)" in script
    assert "--boundary-avoiding" in command_line(spec, table)
    assert 'penalty="boundary-avoiding"' in python_script(spec, table)
    assert "a penalty keeps its variances off 0" in stata_syntax(spec, table)
    assert "penalty" not in summary(model("").report)
    assert "blme" not in r_script(model("").report.design.spec, table)


def test_the_pooling_dial_says_that_its_curve_is_without_it() -> None:
    curve = dial_curve(model().report, "Batch")
    assert curve.criterion[curve.fit] == 0
    # the likelihood of these data is highest at a variance of 0, where the penalty never lets a fit be
    assert curve.criterion.argmin() == 0
    assert curve.criterion[0] == pytest.approx(model("").report.criterion - model().report.criterion, abs=1e-8)
    assert "A penalty keeps" in curve.note
    figure = dial_figure(curve)
    limits = figure.panels[0].y.limits
    assert limits is not None
    assert limits[0] < curve.criterion[0] < 0
    assert "lowest at 0\u202f%; the penalised REML fit is at" in figure.alt


def test_comparisons_and_tests_leave_it_out() -> None:
    plain, penalised = model(""), model()
    found = mlgui.compare(penalised, plain)
    assert found["log_likelihood"].iloc[0] == pytest.approx(found["log_likelihood"].iloc[1], abs=1e-8)
    (one,), (other,) = (random_term_tests(each.report.design, each.report.estimates) for each in (plain, penalised))
    assert other.statistic == pytest.approx(one.statistic, abs=1e-8)


def test_a_click_puts_it_on_and_takes_it_off() -> None:
    (found,) = [finding for finding in model("").report.findings if finding.code == "boundary-fit"]
    remedy = found.remedies[0]
    on = getattr(edits, remedy.edit)(model("").report.design.spec, **dict(remedy.arguments))
    assert on == model().report.design.spec
    (named,) = [finding for finding in model().report.findings if finding.code == "boundary-avoiding"]
    back = named.remedies[0]
    assert getattr(edits, back.edit)(on, **dict(back.arguments)) == model("").report.design.spec


def test_the_command_line(tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    arguments = ["fit", str(DYESTUFF2), "--formula", FORMULA, "--boundary-avoiding", "--json", str(out)]
    assert main(arguments) == 0
    content = json.loads(out.read_text("utf-8"))
    assert content["penalty"] == "boundary-avoiding"
    assert content["criterion"] == pytest.approx(model().report.criterion, abs=1e-9)
    assert main(["predict", str(DYESTUFF2), "--formula", FORMULA, "--boundary-avoiding"]) == 0


def test_another_penalty_is_refused() -> None:
    with pytest.raises(UserError, match="penalty"):
        mlgui.fit(FORMULA, pd.read_csv(DYESTUFF2), penalty="ridge")
