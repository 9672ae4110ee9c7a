"""What README and help say one can type is typed: commands, Python, and the names of scripts.

The pages on the command line and on scripts have tests of their own (test_cli_inquiries, test_scripting_inference).
"""

from __future__ import annotations

import os
import re
import runpy
import shlex
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest

from mlgui.cli import main

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "resources" / "examples"
README = ROOT / "README.md"
PAGES = (README, *sorted((ROOT / "resources" / "help").glob("*.md")))
DOCUMENTS = (
    *PAGES, ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md", ROOT / "packaging" / "README.md",
    *sorted((ROOT / "resources" / "docs").rglob("*.md")),
)  # fmt: skip
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^\$ (mlgui .*)\n((?:(?!\$).*\n)*)", re.MULTILINE)


def blocks(language: str) -> list[tuple[str, str]]:
    return [(path.stem, body) for path in PAGES for kind, body in BLOCK.findall(path.read_text("utf-8")) if kind == language]


COMMANDS = [(page, *found) for page, body in blocks("console") for found in COMMAND.findall(body)]


def test_every_block_has_a_language_that_is_run() -> None:
    kinds = {kind for path in PAGES for kind, _ in BLOCK.findall(path.read_text("utf-8"))}
    assert kinds == {"console", "python"}
    assert len(COMMANDS) == sum(body.count("$ ") for _, body in blocks("console"))


@pytest.mark.usefixtures("qapp")  # figures are painted
@pytest.mark.parametrize(("page", "command", "shown"), COMMANDS, ids=[f"{page}-{c.split()[1]}" for page, c, _ in COMMANDS])
def test_commands_of_the_pages_run(
    page: str, command: str, shown: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    words = [word.replace("resources/examples", str(EXAMPLES)) for word in shlex.split(command)]
    assert main(words[1:]) == 0
    printed = capsys.readouterr().out
    places = [printed.find(line) for line in shown.splitlines() if line]
    assert -1 not in places and all(a < b for a, b in pairwise(places))


@pytest.mark.parametrize(("page", "code"), blocks("python"), ids=[page for page, _ in blocks("python")])
def test_python_of_the_pages_runs(page: str, code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    file = tmp_path / "block.py"
    file.write_text(code, "utf-8")
    runpy.run_path(str(file))


@pytest.fixture
def my_csv(tmp_path: Path) -> Path:
    """The file that the README calls my.csv: a score, two predictors and schools."""
    frame = pd.read_csv(EXAMPLES / "hsb" / "hsb.csv").rename(columns={"math": "score"})
    frame[["score", "ses", "sector", "school"]].head(1500).to_csv(tmp_path / "my.csv", index=False)
    return tmp_path


README_ARGUMENTS = re.findall(r"^ {4}python3 packaging/run\.py (.*)$", README.read_text("utf-8"), re.MULTILINE)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere there is always a display")
@pytest.mark.parametrize("arguments", README_ARGUMENTS)
def test_arguments_of_the_readme_pass_through(arguments: str, my_csv: Path) -> None:
    """Run as `packaging/run.py` runs it, on a machine without a display."""
    environment = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    command = [sys.executable, "-m", "mlgui", *shlex.split(arguments)]
    done = subprocess.run(command, cwd=my_csv, env=environment, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    assert "school" in done.stdout
    if "--out" in arguments:
        assert any((my_csv / "results").iterdir())


@pytest.mark.parametrize("path", DOCUMENTS, ids=[path.relative_to(ROOT).as_posix() for path in DOCUMENTS])
def test_scripts_and_files_that_are_named_exist(path: Path) -> None:
    text = path.read_text("utf-8")
    named = set(re.findall(r"(?<![\w/.*])(?:packaging|tests|resources|mlgui)/[\w./-]+\.(?:py|sh|md|toml|yml|png|R)\b", text))
    assert not [name for name in named if "NNN" not in name and not (ROOT / name).exists()]
    for link in re.findall(r"\]\(([^)\s#]+)[^)]*\)", text):
        if "://" not in link and not link.startswith("pictures/"):
            assert (path.parent / link).exists(), link
