"""Whole reports of models with a residual structure."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mlgui.data.structure import find_structure
from mlgui.design.build import build
from mlgui.engine.fit import fit
from mlgui.export.json_report import json_text, report_json
from mlgui.export.script import command_line, r_script
from mlgui.export.text import summary
from mlgui.results.influence import influence_of_groups, refitted_influence
from mlgui.results.report import Report
from mlgui.results.residual_structure import residual_table
from mlgui.results.summarise import summarise
from mlgui.spec.formula import parse
from mlgui.spec.residual import parse_residual
from mlgui.spec.sentence import sentence
from tests.results.models import load_table

SLEEP = "sleepstudy.csv"


def reported(formula: str, *residual: str) -> Report:
    """The report of a model of sleepstudy."""
    table = load_table(SLEEP)
    early = table.with_column(replace(table["Days"], name="late", values=(np.asarray(table["Days"].values) > 4) * 1.0))
    spec = replace(parse(formula), residual=parse_residual(residual))
    design = build(spec, early, find_structure(early))
    return summarise(design, fit(design.problem))


@pytest.mark.parametrize(
    ("residual", "words", "criterion"),
    [  # the AR(1) fit is at a boundary, which nlme 3.1-162 cannot reach: its lme stops 0.011 above
        (("by:late",), ("SD, 0", "SD, 1"), None),
        (("ar1:Subject:Days",), ("correlation at distance 1",), 1724.11645574),
    ],
)
def test_a_report(residual: tuple[str, ...], words: tuple[str, ...], criterion: float | None) -> None:
    report = reported("Reaction ~ Days + (Days | Subject)", *residual)
    if criterion is not None:
        assert report.criterion == pytest.approx(criterion, abs=1e-6)
    table = residual_table(report)
    assert table is not None
    for word in words:
        assert word in summary(report)
    groups = report.groups[0]
    np.testing.assert_allclose(groups.prediction + groups.pulls.sum(axis=2), groups.total, atol=1e-6)
    assert influence_of_groups(report, "Subject") and refitted_influence(report, "Subject", ("308",))
    content = report_json(report)
    assert content["residual"]["kind"] in ("strata", "ar1")
    assert json_text(content)
    assert "--residual" in command_line(report.design.spec, report.design.table)
    assert "its numbers differ" in r_script(report.design.spec, report.design.table)


def test_without_groups() -> None:
    report = reported("Reaction ~ Days", "cs:Subject")
    assert report.criterion == pytest.approx(1786.4650853951, abs=1e-6)  # gls of nlme 3.1-162 in R 4.2.2
    assert report.criterion == pytest.approx(reported("Reaction ~ Days + (1 | Subject)").criterion, abs=1e-6)
    assert report_json(report)["residual"]["correlation"] == pytest.approx(0.5893103, abs=1e-5)


def test_nothing_is_said_of_independent_residuals() -> None:
    report = reported("Reaction ~ Days + (1 | Subject)")
    assert residual_table(report) is None
    assert report_json(report)["residual"] is None


def test_the_residual_sd_spoken_of_is_that_of_all_rows() -> None:
    report = reported("Reaction ~ Days + (1 | Subject)", "by:late")
    shares = np.bincount(np.asarray(report.design.problem.residual.strata)) / report.n
    squares = (report.sigma * report.estimates.residual.sd_ratios) ** 2
    assert report.shares.var_residual == pytest.approx(shares @ squares)


@pytest.mark.parametrize(
    ("residual", "words"),
    [
        ("by:late", "differs by late"), ("ar1:Subject:Days", "AR(1)"),
        ("cs:Subject", "compound"), ("un:Subject:late", "each pair"),
    ],
)
def test_the_model_in_words(residual: str, words: str) -> None:
    spec = replace(parse("Reaction ~ Days"), residual=parse_residual([residual]))
    table = load_table(SLEEP)
    assert words in sentence(spec, table, find_structure(table))
