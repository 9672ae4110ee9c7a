"""`mlgui predict` and `mlgui compare` from end to end."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from mlgui.cli import main

SLEEPSTUDY = str(Path(__file__).parent.parent / "resources" / "examples" / "sleepstudy" / "sleepstudy.csv")
SLOPES = "Reaction ~ Days + (Days | Subject)"


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_predict_new_rows(tmp_path: Path) -> None:
    (tmp_path / "new.csv").write_text("Days,Subject\n1,308\n1,someone\n", "utf-8")
    assert main(["predict", SLEEPSTUDY, "--formula", SLOPES, "--new", "new.csv", "--json", "out.json", "--csv", "out.csv"]) == 0
    rows = json.loads((tmp_path / "out.json").read_text("utf-8"))["rows"]
    # lme4 1.1-31, case p01: predict(re.form = NA) at Days = 1
    assert [row["average"] for row in rows] == pytest.approx([261.872390808081] * 2, abs=1e-3)
    assert rows[0]["group_subject_rows"] == 10 and rows[1]["group_subject_rows"] == 0
    assert rows[1]["value"] == rows[1]["average"] and rows[0]["value"] != rows[0]["average"]
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        written = list(csv.DictReader(file))
    assert float(written[0]["value"]) == rows[0]["value"]


def test_predict_the_data_themselves_on_the_screen(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["predict", SLEEPSTUDY, "--formula", SLOPES, "--confidence", "0.5"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "Predictions" and len([line for line in lines if line.startswith("  ")]) == 181


def test_a_share_is_between_0_and_1(capsys: pytest.CaptureFixture[str]) -> None:
    for text in ("95", "much"):
        with pytest.raises(SystemExit):
            main(["predict", SLEEPSTUDY, "--confidence", text])
        assert text in capsys.readouterr().err


def test_compare(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    formulas = ["--formula", "Reaction ~ Days + (1 | Subject)", "--formula", SLOPES]
    assert main(["compare", SLEEPSTUDY, *formulas, "--ml", "--json", "out.json"]) == 0
    content = json.loads((tmp_path / "out.json").read_text("utf-8"))
    # lme4 1.1-31, case p01: anova of both fits by ML
    assert content["method"] == "ML" and content["n"] == 180
    assert content["tables"][0]["rows"][1]["chi2"] == pytest.approx(42.139298542028, abs=1e-5)
    assert "Model 2" in capsys.readouterr().out


def test_one_model_is_no_comparison(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", SLEEPSTUDY, "--formula", SLOPES]) == 1
    assert "twice" in capsys.readouterr().err


def test_simulate(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sizes = ["--groups", "40", "--replicates", "5", "--seed", "3"]
    assert main(["simulate", SLEEPSTUDY, "--formula", SLOPES, *sizes, "--json", "out.json"]) == 0
    rows = json.loads((tmp_path / "out.json").read_text("utf-8"))["rows"]
    assert [row["coefficient"] for row in rows] == ["Intercept", "Days"] and rows[1]["power"] == 1.0
    assert rows[1]["se"] < rows[1]["se_now"]
    assert "5 data sets" in capsys.readouterr().out


def test_simulate_by_theory(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", SLEEPSTUDY, "--formula", SLOPES, "--replicates", "0", "--json", "-"]) == 0
    rows = json.loads(capsys.readouterr().out)["rows"]
    assert all(row["se"] == pytest.approx(row["se_now"], rel=1e-6) for row in rows)
