"""The child that reads a file on trial, in this process: exit codes and the command that starts it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from mlgui.cli import main
from mlgui.data.trial_child import REFUSED, WELL, WORKER, child_command, run_child

FILES = Path(__file__).parent.parent / "import_files"


@pytest.mark.parametrize(
    ("kind", "what", "file", "settings"),
    [
        ("statistics", "read_sav", "labels_missing.sav", '{"user_missing": true, "most_cells": 1000}'),
        ("parquet", "1000", "types.parquet", ""),
        ("old_workbook", "", "merged.xls", ""),
    ],
)
def test_a_good_file_is_read(kind: str, what: str, file: str, settings: str) -> None:
    assert run_child([kind, what, str(FILES / file), settings, "0"]) == WELL


def test_an_exception_is_a_refusal() -> None:
    assert run_child(["statistics", "read_sav", str(FILES / "plain.xlsx"), '{"most_cells": 9}', "0"]) == REFUSED
    assert run_child(["statistics", "read_sav", str(FILES / "labels_missing.sav"), '{"most_cells": 1}', "0"]) == REFUSED
    assert run_child(["parquet", "1", str(FILES / "types.parquet"), "", "0"]) == REFUSED


def test_the_program_starts_itself_as_the_child(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = ["parquet", "1000", str(FILES / "types.parquet"), "", "1"]
    assert main([WORKER, *wanted]) == WELL
    assert subprocess.call([*child_command(), *wanted]) == WELL
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert child_command() == [sys.executable, WORKER]
