"""What is asked beyond the report, by session and command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mlgui.cli import main
from mlgui.errors import Cancelled, UserError
from mlgui.progress import Step
from mlgui.session.further import Further, further_tables
from tests.reference.pipeline import report_of

DATA = str(Path(__file__).parents[2] / "resources" / "examples" / "sleepstudy" / "sleepstudy.csv")
FORMULA = "Reaction ~ Days + (Days | Subject)"


def test_nothing_wanted_nothing_made() -> None:
    assert further_tables(report_of("p07_dyestuff_reml"), Further()) == ()


def test_every_table() -> None:
    report = report_of("p10_penicillin_crossed")
    found = further_tables(report, Further(kenward_roger=True, intervals="bootstrap", tests=True, replicates=5))
    assert [table.key for table in found] == ["kenward_roger", "random_term_tests", "bootstrap_intervals"]
    report = report_of("p01_sleepstudy_slope_reml")
    steps: list[Step] = []
    found = further_tables(report, Further(intervals="profile", tests=True), steps.append)
    keys = [table.key for table in found]
    assert keys == ["f_tests_type_3", "f_tests_type_2", "random_term_tests", "profile_intervals"]
    assert steps[-1].total == 12


def test_it_can_be_stopped() -> None:
    def stop(step: Step) -> None:
        if step.done:
            raise Cancelled

    with pytest.raises(Cancelled):
        further_tables(report_of("p01_sleepstudy_slope_reml"), Further(intervals="profile"), stop)


def test_maximum_likelihood_has_no_kenward_roger() -> None:
    with pytest.raises(UserError, match="REML"):
        further_tables(report_of("p02_sleepstudy_slope_ml"), Further(kenward_roger=True, tests=True))


def test_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fit", DATA, "--formula", FORMULA, "--df", "kr", "--ci", "profile", "--tests"]) == 0
    text = capsys.readouterr().out
    for words in ("Kenward-Roger", "Profile intervals", "type III", "Does it vary?"):
        assert words in text
    assert "Traceback" not in text


def test_command_line_to_json(capsys: pytest.CaptureFixture[str]) -> None:
    chosen = ["--df", "kr", "--ci", "bootstrap", "--replicates", "50", "--seed", "3", "--json", "-"]
    assert main(["fit", DATA, "--formula", FORMULA, *chosen]) == 0
    content = json.loads(capsys.readouterr().out)
    assert content["kenward_roger"][1]["df"] == pytest.approx(17.0, rel=1e-9)
    assert [row["term"] for row in content["bootstrap_intervals"]][-1] == "Days"
    assert "profile_intervals" not in content


def test_wrong_number_of_refits(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["fit", DATA, "--ci", "bootstrap", "--replicates", "none"])
    assert "none" in capsys.readouterr().err
