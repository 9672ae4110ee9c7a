"""Renew the locks: every version with the hashes of its files for all systems and Python versions. Needs `uv` (pip install uv).

    python packaging/lock.py             newest versions that pyproject.toml allows
    python packaging/lock.py --keep      the versions of now, with what pyproject.toml newly asks for
    python packaging/lock.py --check     change nothing; see that every version has files for every system and Python

`lock.txt` is what the program runs with, `lock-test.txt` adds what tests it, `lock-build.txt` what builds the installers.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
from pathlib import Path

from project import PACKAGING, ROOT, run, say

LOCKS = {"lock.txt": (), "lock-test.txt": ("--extra", "test"), "lock-build.txt": ("--extra", "build")}
OLDEST_PYTHON = "3.11"
SYSTEMS = (
    "x86_64-manylinux_2_34", "aarch64-manylinux_2_39", "x86_64-pc-windows-msvc", "aarch64-apple-darwin", "x86_64-apple-darwin",
)  # fmt: skip
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
HEAD = "# Made by `python packaging/lock.py` from pyproject.toml; holds for Linux, Windows and macOS.\n"
_PINNED = re.compile(r"^[\w.-]+==[\w.!+]+", re.M)


def main(arguments: list[str]) -> None:
    """Write the three locks, the later ones with the versions of the first; or check the first."""
    if arguments == ["--check"]:
        check()
        return
    keep = arguments == ["--keep"]
    with tempfile.TemporaryDirectory() as folder:
        wanted = Path(folder) / "versions.txt"
        pinned = {pin for name in LOCKS for pin in _pins(name)} if keep else set()
        for name, extra in LOCKS.items():
            wanted.write_text("\n".join(sorted(pinned)), "utf-8")
            made = Path(folder) / name
            run("uv", "pip", "compile", ROOT / "pyproject.toml", *extra, "--universal", "--python-version", OLDEST_PYTHON,
                "--generate-hashes", "--no-header", "--no-annotate", "-q", "-c", wanted, "-o", made)  # fmt: skip
            (PACKAGING / name).write_text(HEAD + made.read_text("utf-8"), "utf-8")
            pinned |= _pins(name)


def check() -> None:
    """Resolve the lock for every system and Python from ready-made files only; CalledProcessError where one is missing."""
    for system in SYSTEMS:
        for python in PYTHONS:
            run("uv", "pip", "compile", PACKAGING / "lock.txt", "--python-platform", system, "--python-version", python,
                "--only-binary", ":all:", "-q", "-o", os.devnull)  # fmt: skip
        say(f"{system}: every file is there for Python {', '.join(PYTHONS)}")


def _pins(name: str) -> set[str]:
    """Return the `name==version` of a lock."""
    path = PACKAGING / name
    return set(_PINNED.findall(path.read_text("utf-8"))) if path.is_file() else set()


if __name__ == "__main__":
    main(sys.argv[1:])
