"""Why numbers differ: what is said of each program, and that the buttons make this fit follow it."""

from __future__ import annotations

import pytest

from mlgui.data.structure import Structure
from mlgui.data.table import Table
from mlgui.results.conventions import Convention, Program, conventions, conventions_summary
from mlgui.results.report import Report
from mlgui.session.examples import open_example
from mlgui.session.jobs import fit_model
from mlgui.spec import edits
from mlgui.spec.model import ModelSpec

Hsb = tuple[Table, Structure, ModelSpec]


@pytest.fixture(scope="module")
def hsb() -> Hsb:
    table, structure, models = open_example("hsb")
    assert models[0].spec is not None
    return table, structure, models[0].spec


@pytest.fixture(scope="module")
def report(hsb: Hsb) -> Report:
    return fit_model(*hsb)


def of(found: tuple[Convention, ...], topic: str) -> Convention:
    return next(one for one in found if one.topic == topic)


def test_differences_come_first(report: Report) -> None:
    for program in Program:
        same = [one.same for one in conventions(report, program)]
        assert same == sorted(same) and len(same) >= 4
        assert all(not one.same for one in conventions(report, program) if one.remedy is not None)


def test_stata(report: Report) -> None:
    found = conventions(report, Program.STATA)
    for topic in ("Estimator", "Degrees of freedom and p", "Intervals", "Correlation of what varies", "Coding of categories"):
        assert not of(found, topic).same
    assert of(found, "Coding of categories").here == "sector: differences from Public"
    assert "Intercept: SD 1.95 is variance 3.82" in of(found, "How much varies").effect
    assert "defaults of Stata: mixed differ" in conventions_summary(report, Program.STATA)


def test_hlm_degrees_of_freedom(report: Report) -> None:
    assert "= 158 for coefficients of school level" in of(conventions(report, Program.HLM), "Degrees of freedom and p").there


@pytest.mark.parametrize("program", list(Program))
def test_every_button_settles_its_subject(hsb: Hsb, report: Report, program: Program) -> None:
    table, structure, spec = hsb
    for one in (one for one in conventions(report, program) if one.remedy is not None):
        assert one.remedy is not None
        mended = getattr(edits, one.remedy.edit)(spec, **dict(one.remedy.arguments))
        assert mended != spec
        after = of(conventions(fit_model(table, structure, mended), program), one.topic)
        assert after.same and after.remedy is None


def test_all_of_stata_applied_is_statas_fit(hsb: Hsb, report: Report) -> None:
    table, structure, spec = hsb
    for one in conventions(report, Program.STATA):
        if one.remedy is not None:
            spec = getattr(edits, one.remedy.edit)(spec, **dict(one.remedy.arguments))
    found = fit_model(table, structure, spec)
    assert found.method == "ML" and not spec.random[0].correlated
    left = [one.topic for one in conventions(found, Program.STATA) if not one.same]
    assert left == ["How much varies", "ICC"]


def test_gamlj_shows_its_icc_and_centres(report: Report) -> None:
    found = conventions(report, Program.GAMLJ)
    assert "school: 0.09" in of(found, "ICC").there
    remedy = of(found, "Centring of predictors").remedy
    assert remedy is not None and dict(remedy.arguments)["columns"] == ("ses",)
