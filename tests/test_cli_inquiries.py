"""The commands that ask something of a fit, and the page that documents them."""

from __future__ import annotations

import json
import re
import shlex
from itertools import pairwise
from pathlib import Path

import pytest

from mlgui.cli import main
from mlgui.cli.arguments import commands

HERE = Path(__file__).parent.parent
PAGE = (HERE / "resources" / "docs" / "cli.md").read_text("utf-8")
SLEEP = str(HERE / "resources" / "examples" / "sleepstudy" / "sleepstudy.csv")
HSB = str(HERE / "resources" / "examples" / "hsb" / "hsb.csv")
SLOPES = "Reaction ~ Days + (Days | Subject)"
SECTORS = "math ~ ses * sector + (1 | school)"

ASKED = re.findall(r"^\$ (mlgui .*)\n((?:(?!\$|```).*\n)*)", PAGE, re.MULTILINE)


@pytest.mark.usefixtures("qapp")  # pictures are painted, and windows of other tests need an application of their own
@pytest.mark.parametrize(("command", "shown"), ASKED, ids=[" ".join(command.split()[1:2]) for command, _ in ASKED])
def test_the_documented_commands_run(
    command: str, shown: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    words = [word.replace("resources/examples", str(HERE / "resources" / "examples")) for word in shlex.split(command)]
    assert main(words[1:]) == 0
    printed = capsys.readouterr().out
    places = [printed.find(line) for line in shown.splitlines() if line]
    assert -1 not in places and all(a < b for a, b in pairwise(places))
    written = [word for word in words if word.endswith((".json", ".svg")) or (word.endswith(".csv") and "/" not in word)]
    assert all((tmp_path / name).stat().st_size > 100 for name in written)


def test_every_command_is_documented() -> None:
    assert set(re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE)) == {*commands()}


def test_json_holds_the_tables(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "out.json"
    weights = ["--combine", "ses=1", "--combine", "(Intercept)=1", "sectorPublic=-1"]
    assert main(["contrast", HSB, "--formula", SECTORS, *weights, "--joint", "--json", str(file)]) == 0
    found = json.loads(file.read_text("utf-8"))
    assert found["formula"] == SECTORS and [table["table"] for table in found["tables"]] == ["contrasts", "joint_test"]
    rows = found["tables"][0]["rows"]
    assert [row["term"] for row in rows] == ["ses", "(Intercept) − sectorPublic"]
    assert main(["fit", HSB, "--formula", SECTORS, "--json", "-"]) == 0
    capsys.readouterr()
    assert found["tables"][1]["rows"][0]["df1"] == 2


def test_ranks_hold_every_group(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["groups", SLEEP, "--formula", SLOPES, "--rank", "--draws", "50", "--json", "-"]) == 0
    rows = json.loads(capsys.readouterr().out)["tables"][0]["rows"]
    assert sum(row["mean"] for row in rows) == pytest.approx(18 * 19 / 2)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["contrast", SLEEP, "--formula", SLOPES, "--combine", "Nights=1"], "no coefficient “Nights”"),
        (["contrast", SLEEP, "--formula", SLOPES, "--combine", "Days"], "TERM=NUMBER"),
        (["contrast", SLEEP, "--formula", SLOPES, "--combine", "Days=much"], "no number"),
        (["contrast", SLEEP, "--formula", SLOPES, "--combine", "Days=1", "--joint", "--df", "asymptotic"], "joint test"),
        (["marginal", HSB, "--formula", SECTORS, "--over", "sector", "--at", "ses"], "sets nothing"),
        (["marginal", HSB, "--formula", SECTORS, "--over", "sector", "--at", "ses=x"], "no number"),
        (["marginal", HSB, "--formula", SECTORS, "--over", "ses", "--pairs"], "nothing to compare"),
        (["influence", SLEEP, "--formula", SLOPES, "--group", "Class"], "Its groupings are: Subject"),
        (["influence", SLEEP, "--formula", SLOPES, "--refit", "999"], "no group “999”"),
        (["groups", SLEEP, "--formula", SLOPES, "--rank", "Nights"], "does not vary"),
        (["groups", SLEEP, "--formula", "Reaction ~ Days"], "no groups"),
    ],
)
def test_what_cannot_be_asked_is_told(arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 1
    assert told in capsys.readouterr().err


def test_wrong_numbers_are_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    for option, value in (("--draws", "many"), ("--confidence", "95")):
        with pytest.raises(SystemExit):
            main(["anova", SLEEP, "--formula", SLOPES, option, value])
        assert value in capsys.readouterr().err
