"""Residual structures from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mlgui.cli import main

ORTHODONT = str(Path(__file__).parent / "engine" / "residual" / "orthodont.csv")
REFERENCE = json.loads((Path(__file__).parent / "engine" / "residual" / "residual.json").read_text())["cases"]


@pytest.mark.parametrize(
    ("formula", "residual", "case"),
    [
        ("distance ~ age * Sex + (1 | Subject)", ["by:Sex"], "lme strata REML"),
        ("distance ~ age * Sex", ["ar1:Subject:age"], "gls ar1 REML"),
        ("distance ~ age * Sex", ["cs:Subject"], "gls cs REML"),
        ("distance ~ age * Sex", ["un:Subject:age"], "gls un REML"),
    ],
)
def test_a_fit_is_that_of_nlme(
    formula: str, residual: list[str], case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "out.json"
    options = [part for one in residual for part in ("--residual", one)]
    assert main(["fit", ORTHODONT, "--formula", formula, *options, "--json", str(path)]) == 0
    content = json.loads(path.read_text())
    # nlme stops within 1e-6 of its minimum
    assert content["criterion"] == pytest.approx(REFERENCE[case]["criterion"], abs=1e-5)
    assert content["residual"]["kind"] == {"by": "strata"}.get(residual[0].split(":")[0], residual[0].split(":")[0])
    assert "Residuals" in capsys.readouterr().out


@pytest.mark.parametrize("residual", ["ar1:Subject", "cs:Nobody", "toeplitz:Subject:age"])
def test_what_is_no_structure_is_told(residual: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fit", ORTHODONT, "--formula", "distance ~ age", "--residual", residual]) != 0
    assert "Traceback" not in capsys.readouterr().err
