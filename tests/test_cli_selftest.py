"""The self-test of an installation, on this one; and that it notices what is wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mlgui.cli import main, selftest
from mlgui.export.formats import EXPORTERS
from mlgui.session.examples import examples

pytestmark = pytest.mark.usefixtures("qapp")


def test_every_check_passes_and_has_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["selftest"]) == 0
    *lines, last = capsys.readouterr().out.splitlines()
    assert all(line.startswith("ok    ") for line in lines)
    assert last == f"All {len(lines)} checks passed"


def test_every_model_of_every_example_and_every_exporter_is_checked() -> None:
    stored = {(entry["example"], entry["formula"]) for entry in selftest._stored()}
    assert stored == {(example.name, model.formula) for example in examples() for model in example.models}
    assert set(selftest.HEADS) == {exporter.suffix for exporter in EXPORTERS}


def test_what_is_wrong_becomes_a_line_and_an_exit_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    readers = tmp_path / "selftest" / "readers"
    readers.mkdir(parents=True)
    (readers / "table.csv").write_text("school,hours,score\na,1,2\n", "utf-8")
    (readers / "table.sav").write_bytes(b"nonsense")
    wrong = {"example": "pastes", "formula": "strength ~ 1 + (1 | batch/cask)", "criterion": 1.0, "estimates": [1.0],
             "ses": [1.0], "sds": [1.0, 1.0, 1.0]}  # fmt: skip
    (tmp_path / "selftest" / "numbers.json").write_text(json.dumps([wrong]), "utf-8")
    monkeypatch.setattr(selftest, "resources", lambda: tmp_path)
    assert main(["selftest"]) == 1
    out = capsys.readouterr().out
    assert "FAIL  pastes" in out and "criterion differ by" in out
    assert "FAIL  open table.csv" in out and "FAIL  open table.sav" in out and "3 of " in out
