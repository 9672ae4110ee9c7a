#!/usr/bin/env python3
"""Set mlgui up on this machine and run it. Needs Python 3.11 or newer and nothing else.

    python3 packaging/run.py                       open the window (without a display: fit the example, write files)
    python3 packaging/run.py my.csv                the same with your data
    python3 packaging/run.py fit my.csv --formula "y ~ x + (x | g)"
    python3 packaging/run.py test [pytest options] lint, types, import contracts, tests

The first run makes `.venv` beside this folder and installs what is needed; later runs start at once.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
LOCK = ROOT / "packaging" / "lock.txt"
TEST_LOCK = ROOT / "packaging" / "lock-test.txt"
LOCKED_PYTHONS = ((3, 11), (3, 12), (3, 13), (3, 14))

# Shared library -> Debian package, for Qt without a display (first) and in a window (second).
DRAWING_LIBRARIES = {
    "libglib-2.0.so.0": "libglib2.0-0",
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
}
WINDOW_LIBRARIES = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}

# Debian and Ubuntu ship Python without pip and ensurepip; this wheel fills the gap without administrator rights.
PIP_WHEEL = (
    "https://files.pythonhosted.org/packages/44/3c/d717024885424591d5376220b5e836c2d5293ce2011523c9de23ff7bf068/"
    "pip-25.3-py3-none-any.whl"
)
PIP_SHA256 = "9655943313a94722b7774661c21049070f6bbb0a1516bf02f7c8d5d9201514cd"


def say(text: str) -> None:
    """Print a line of progress."""
    print(f"mlgui set-up: {text}", flush=True)


def has_display() -> bool:
    """Whether a window could be opened."""
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def missing_packages(libraries: dict[str, str]) -> list[str]:
    """Return the Debian packages of the libraries this machine lacks."""
    missing = []
    for library, package in libraries.items():
        try:
            ctypes.CDLL(library)
        except OSError:
            missing.append(package)
    return missing


def install_packages(packages: list[str]) -> bool:
    """Install Debian packages if root or sudo without a password allows it; return whether that worked."""
    if not shutil.which("apt-get"):
        return False
    prefix: list[str] = []
    if os.geteuid() != 0:
        if not shutil.which("sudo") or not works(["sudo", "-n", "true"]):
            return False
        prefix = ["sudo", "-n"]
    apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]
    install = [*apt, "install", "-qq", "-y", "--no-install-recommends", *packages]
    say("installing system libraries: " + " ".join(packages))
    with tempfile.TemporaryFile("w+") as log:
        for attempt in (0, 1):
            if subprocess.call(install, stdout=log, stderr=log) == 0:
                return True
            if attempt == 0:  # the package lists of a fresh machine are empty
                subprocess.call([*apt, "update", "-qq"], stdout=log, stderr=log)
        log.seek(0)
        print(log.read()[-2000:], file=sys.stderr)
    return False


def bring_libraries(required: bool) -> None:
    """Make Qt's system libraries available, or print the one command that does; stop only where they are required."""
    if not sys.platform.startswith("linux"):
        return
    libraries = DRAWING_LIBRARIES | WINDOW_LIBRARIES if has_display() else DRAWING_LIBRARIES
    packages = missing_packages(libraries)
    if not packages or install_packages(packages):
        return
    print(
        "\nSome system libraries of the window are missing and could not be installed without your password.\n"
        "Please type this one command, then run me again:\n\n"
        f"    sudo apt-get install -y --no-install-recommends {' '.join(packages)}\n\n"
        "(On systems without apt, install the packages that hold these libraries with your package manager.)\n",
        file=sys.stderr,
    )
    if required:
        raise SystemExit(1)


def works(command: list[str]) -> bool:
    """Whether a command runs and succeeds."""
    try:
        return subprocess.call(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


def make_venv() -> None:
    """Create `.venv`, without pip where this system's Python comes without ensurepip (Debian and Ubuntu)."""
    if not works([sys.executable, "-m", "venv", str(VENV)]):
        shutil.rmtree(VENV, ignore_errors=True)
        subprocess.check_call([sys.executable, "-m", "venv", "--without-pip", str(VENV)])


def pip_command() -> list[str]:
    """Return the command that runs pip for `.venv`: its own, the system's, or one fetched for the purpose."""
    if works([str(PYTHON), "-m", "pip", "--version"]):
        return [str(PYTHON), "-m", "pip"]
    if works([sys.executable, "-m", "pip", "--python", str(PYTHON), "--version"]):
        return [sys.executable, "-m", "pip", "--python", str(PYTHON)]
    try:
        return [str(PYTHON), str(pip_wheel() / "pip")]
    except OSError as error:
        if install_packages(["python3-pip"]):
            return [sys.executable, "-m", "pip", "--python", str(PYTHON)]
        raise SystemExit(
            f"pip is missing and could not be fetched ({error}). Install it with: sudo apt-get install python3-pip"
        ) from None


def pip_wheel() -> Path:
    """Download pip's wheel once, check its hash, and return its path; Python can run pip straight from it."""
    target = VENV / PIP_WHEEL.rpartition("/")[2]
    if not target.is_file():
        say("fetching pip")
        with urllib.request.urlopen(PIP_WHEEL, timeout=120) as answer:
            data = answer.read()
        if hashlib.sha256(data).hexdigest() != PIP_SHA256:
            raise SystemExit("The downloaded pip is not the one expected (its hash differs). Nothing was installed.")
        target.write_bytes(data)
    return target


def fingerprint(extra: str) -> str:
    """Return a text that changes whenever the installation has to be renewed."""
    read = [ROOT / "pyproject.toml", LOCK, TEST_LOCK]
    parts = [sys.version, str(ROOT), extra, *(path.read_text("utf-8") for path in read)]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def install(extra: str) -> None:
    """Install mlgui and what it needs into `.venv`, unless that was done for this very state of the project.

    What it needs is taken from the lock: files whose hashes differ from those written there are refused.
    """
    stamp = VENV / f"ready{extra}"
    mark = fingerprint(extra)
    if stamp.is_file() and stamp.read_text("utf-8") == mark:
        return
    say("installing mlgui into .venv (once; about a minute)")
    if not works([str(PYTHON), "--version"]):
        shutil.rmtree(VENV, ignore_errors=True)
        make_venv()
    command = [*pip_command(), "install", "-q", "--disable-pip-version-check"]
    if sys.version_info[:2] in LOCKED_PYTHONS:
        subprocess.check_call([*command, "--require-hashes", "-r", str(TEST_LOCK if extra else LOCK)])
        subprocess.check_call([*command, "--no-deps", "-e", str(ROOT)])
    else:
        subprocess.check_call([*command, "-e", f"{ROOT}{extra}"])
    stamp.write_text(mark, "utf-8")


def run_checks(options: list[str]) -> int:
    """Run lint, types and import contracts, then the tests; return 0 only if all passed. pytest's line comes last."""
    tool = PYTHON.parent
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "1"}
    failed = []
    for name, command in (
        ("lint", [str(tool / "ruff"), "check", "."]),
        ("types", [str(PYTHON), "-m", "mypy"]),
        ("import contracts", [str(tool / "lint-imports"), "--no-cache"]),
    ):
        say(name)
        if subprocess.call(command, cwd=ROOT, env=environment) != 0:
            failed.append(name)
    if failed:
        say("NOT PASSED: " + ", ".join(failed))
    tests = subprocess.call([str(PYTHON), "-m", "pytest", *options], cwd=ROOT, env=environment)
    return tests or (1 if failed else 0)


def main(arguments: list[str]) -> int:
    """Set up, then do what the arguments say."""
    if sys.version_info < (3, 11):  # noqa: UP036
        version = sys.version.split()[0]
        print(f"mlgui needs Python 3.11 or newer; this is {version}. See https://www.python.org/downloads/.", file=sys.stderr)
        return 1
    testing = arguments[:1] == ["test"]
    windowless = arguments[:1] in (["fit"], ["describe"]) or not has_display()
    bring_libraries(required=testing or not windowless)
    install("[test]" if testing else "")
    if testing:
        return run_checks(arguments[1:])
    return subprocess.call([str(PYTHON), "-m", "mlgui", *arguments])


if __name__ == "__main__":
    try:
        raise SystemExit(main(sys.argv[1:]))
    except subprocess.CalledProcessError as error:
        raise SystemExit(f"mlgui set-up stopped: {' '.join(map(str, error.cmd))} failed (code {error.returncode}).") from None
    except KeyboardInterrupt:
        raise SystemExit(130) from None
