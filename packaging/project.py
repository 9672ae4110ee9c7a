"""What every builder needs to know: places, version, time stamp, the wheel, and an environment built from the lock."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGING = ROOT / "packaging"
LOCK = PACKAGING / "lock.txt"
BUILD_LOCK = PACKAGING / "lock-build.txt"
SBOM = PACKAGING / "sbom.cdx.json"
PRODUCTS = Path(os.environ.get("MLGUI_DIST", ROOT / "dist"))
WORK = Path(os.environ.get("MLGUI_BUILD", ROOT / "build"))


def say(text: str) -> None:
    """Print a line of progress."""
    print(f"mlgui build: {text}", flush=True)


def run(*command: str | Path, cwd: Path = ROOT, **more: str) -> None:
    """Run a command in a folder, with more environment variables; CalledProcessError if it fails."""
    subprocess.run([str(part) for part in command], cwd=cwd, env={**os.environ, **more}, check=True)


def version() -> str:
    """Return the version, which is written in one place: `mlgui/__init__.py`."""
    found = re.search(r'^__version__ = "([^"]+)"', (ROOT / "mlgui" / "__init__.py").read_text("utf-8"), re.M)
    assert found is not None
    return found.group(1)


def epoch() -> int:
    """Return the time stamp of every file that is made: SOURCE_DATE_EPOCH, else that of the last commit, else 2026-01-01."""
    if "SOURCE_DATE_EPOCH" in os.environ:
        return int(os.environ["SOURCE_DATE_EPOCH"])
    git = ["git", "-c", "safe.directory=*", "log", "-1", "--format=%ct"]
    done = subprocess.run(git, capture_output=True, text=True, check=False, cwd=ROOT) if shutil.which("git") else None
    return int(done.stdout) if done and done.returncode == 0 and done.stdout.strip() else 1767225600


def sha256(path: Path) -> str:
    """Return the hash of a file as hexadecimal text."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def megabytes(path: Path) -> str:
    """Return the size of a file or of all files of a folder, such as "83 MB"."""
    files = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file() and not file.is_symlink()]
    return f"{sum(file.stat().st_size for file in files) / 1e6:.0f} MB"


def fresh(folder: Path) -> Path:
    """Return a folder that exists and is empty."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def build_python() -> Path:
    """Return the Python of an environment that holds exactly what the locks name; made once for each state of the locks."""
    folder = WORK / "environment"
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    stamp = folder / "ready"
    mark = sys.version + sha256(LOCK) + sha256(BUILD_LOCK)
    if not stamp.is_file() or stamp.read_text("utf-8") != mark:
        say("making the build environment from the locks")
        shutil.rmtree(folder, ignore_errors=True)
        run(sys.executable, "-m", "venv", folder)
        run(python, "-m", "pip", "install", "-q", "--require-hashes", "-r", LOCK, "-r", BUILD_LOCK)
        stamp.write_text(mark, "utf-8")
    return python


def build_wheel(folder: Path) -> Path:
    """Build the wheel into a folder and return its path; the same source and time stamp give the same bytes."""
    fresh(folder)
    run(build_python(), "-m", "hatchling", "build", "-t", "wheel", "-d", folder, SOURCE_DATE_EPOCH=str(epoch()))
    return next(folder.glob("*.whl"))


def build_reproducibly() -> Path:
    """Build the wheel twice, compare the hashes, put it among the products and return its path."""
    first, second = build_wheel(WORK / "wheel"), build_wheel(WORK / "wheel-again")
    if sha256(first) != sha256(second):
        raise SystemExit("Two builds of the wheel differ.")
    PRODUCTS.mkdir(parents=True, exist_ok=True)
    say(f"two builds of the wheel are the same: sha256 {sha256(first)}")
    return Path(shutil.copy(first, PRODUCTS))
