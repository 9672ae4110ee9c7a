from __future__ import annotations

import runpy
from dataclasses import replace
from pathlib import Path

import pytest

from mlgui.data.table import Table
from mlgui.export.python_script import python_script, statsmodels_script
from mlgui.export.syntax import SCRIPTS, script_for, spss_syntax, stata_syntax
from mlgui.results.report import Report
from mlgui.session.examples import open_example
from mlgui.spec.formula import parse
from mlgui.spec.model import Coding, Contrast

EXAMPLES = Path(__file__).parents[2] / "resources" / "examples"


@pytest.fixture
def hsb() -> Table:
    return open_example("hsb")[0]


def test_the_python_script_gives_the_same_numbers(
    sleepstudy: Report, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    script = tmp_path / "model.py"
    script.write_text(python_script(sleepstudy.design.spec, sleepstudy.design.table), encoding="utf-8")
    monkeypatch.chdir(EXAMPLES / "sleepstudy")
    model = runpy.run_path(str(script))["model"]
    # The same file, model and engine: equal but for the order of sums.
    assert model.coefficients["estimate"].tolist() == pytest.approx([row.estimate for row in sleepstudy.fixed], rel=1e-9)
    assert "Subject" in capsys.readouterr().out


def test_python_keeps_references_of_categories(hsb: Table, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = replace(parse("math ~ ses + sector + (ses | school)"), codings=(Coding(column="sector", reference="Catholic"),))
    script = tmp_path / "model.py"
    script.write_text(python_script(spec, hsb), encoding="utf-8")
    monkeypatch.chdir(EXAMPLES / "hsb")
    assert "sectorPublic" in runpy.run_path(str(script))["model"].coefficients["term"].tolist()


def test_stata_gets_levels_references_and_structure(hsb: Table) -> None:
    text = stata_syntax(parse("math ~ ses * sector + (ses | school)"), hsb)
    assert "encode sector, generate(sector_code)" in text
    assert "mixed math c.ses ib2.sector_code c.ses#ib2.sector_code || school: ses, covariance(unstructured), " in text
    assert text.endswith("reml dfmethod(satterthwaite)\n")
    nested = stata_syntax(parse("strength ~ 1 + (1 | batch/cask)", reml=False), open_example("pastes")[0])
    assert "mixed strength || batch: || cask:, mle\n" in nested


def test_spss_gets_factors_covariates_and_structure(hsb: Table) -> None:
    text = spss_syntax(parse("math ~ ses * sector + (ses || school)"), hsb)
    assert "MIXED math BY sector WITH ses\n  /FIXED=ses sector ses*sector | SSTYPE(3)" in text
    assert "/RANDOM=INTERCEPT ses | SUBJECT(school) COVTYPE(" in text and text.endswith(".\n")
    assert "COVTYPE(UN)" in spss_syntax(parse("math ~ ses + (ses | school)"), hsb)
    assert "/FIXED=ses | NOINT SSTYPE(3)" in spss_syntax(parse("math ~ 0 + ses + (1 | school)"), hsb)


@pytest.mark.parametrize("suffix", [".do", ".sps"])
@pytest.mark.parametrize(
    "formula", ["log(math) ~ ses + (1 | school)", "math ~ I(ses^2) + (1 | school)", "math ~ ses + (sector | school)"]
)
def test_what_a_program_cannot_express_is_refused_in_a_sentence(hsb: Table, suffix: str, formula: str) -> None:
    text = SCRIPTS[suffix](parse(formula), hsb)
    assert text.startswith("* This model is not written for S") and text.count("\n") == 1


def test_codings_weights_and_crossed_groups_are_refused_where_they_must_be(hsb: Table) -> None:
    spec = replace(parse("math ~ sector + (1 | school)"), codings=(Coding(column="sector", contrast=Contrast.SUM),))
    assert all("sum contrasts" in SCRIPTS[suffix](spec, hsb) for suffix in (".statsmodels.py", ".do", ".sps"))
    assert "sum_coded=['sector']" in python_script(spec, hsb)
    weighted = parse("math ~ 1 + (1 | school)", weights="ses")
    assert "not written" in stata_syntax(weighted, hsb) and "/REGWGT=ses" in spss_syntax(weighted, hsb)
    crossed = open_example("penicillin")[0]
    assert "crossed" in stata_syntax(parse("diameter ~ 1 + (1 | plate) + (1 | sample)"), crossed)


def test_statsmodels_gets_the_model_or_a_reason(hsb: Table) -> None:
    text = statsmodels_script(parse("math ~ ses * sector + (ses | school)"), hsb)
    assert "formula = 'math ~ 1 + ses + sector + ses:sector'" in text and "re_formula='1 + ses'" in text
    compile(text, "model.py", "exec")
    for formula, reason in (
        ("math ~ 1 + (1 | school) + (1 | sector)", "crossed or nested"),
        ("math ~ ses + (ses || school)", "vary apart"),
        ("log(size) ~ 1 + (1 | school)", "calculates with columns"),
    ):
        assert reason in statsmodels_script(parse(formula), hsb)


def test_the_longest_ending_names_the_script() -> None:
    assert script_for("report.statsmodels.py") is statsmodels_script and script_for("report.py") is python_script
