"""The wheel: the same bytes twice, and everything in it that users and their auditors need."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

from mlgui import __version__

ROOT = Path(__file__).parent.parent.parent


def build(folder: Path) -> Path:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    environment = {**os.environ, "SOURCE_DATE_EPOCH": "1767225600"}
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


def test_two_builds_are_the_same_and_hold_everything(tmp_path: Path) -> None:
    first, second = build(tmp_path / "first"), build(tmp_path / "second")
    assert first.read_bytes() == second.read_bytes()
    with zipfile.ZipFile(first) as wheel:
        names = set(wheel.namelist())
    inside = f"mlgui-{__version__}.dist-info"
    assert {f"{inside}/licenses/LICENSE", f"{inside}/sboms/sbom.cdx.json"} <= names
    for part in ("examples/hsb/hsb.csv", "fonts/OFL.txt", "help/index.md", "icons/app.svg", "selftest/numbers.json",
                 "licences/Qt-and-PySide6-LGPL-3.0.txt"):  # fmt: skip
        assert f"mlgui/resources/{part}" in names
    assert not [name for name in names if "tests/" in name or name.endswith(".pyc")]
