"""The frozen program: one folder that runs without Python, made by PyInstaller and tested by its own self-test."""

from __future__ import annotations

import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

from icons import write_icns, write_ico
from project import PACKAGING, WORK, build_python, build_wheel, fresh, megabytes, run, say

FOLDER = WORK / "frozen" / "mlgui"


@cache
def build_frozen() -> Path:
    """Freeze the wheel into `FOLDER`, add the licences of what came from the system, run the self-test; return the folder."""
    python = build_python()
    wheel = build_wheel(WORK / "wheel")
    run(python, "-m", "pip", "install", "-q", "--no-deps", "--force-reinstall", wheel)
    say("freezing")
    command = (python, "-m", "PyInstaller", PACKAGING / "frozen" / "mlgui.spec", "--noconfirm", "--log-level", "WARN")
    places = ("--distpath", FOLDER.parent, "--workpath", fresh(WORK / "pyinstaller"))
    run(*command, *places, cwd=WORK, **_icon())  # elsewhere, so that the wheel's mlgui is taken and not the checkout's
    if sys.platform == "linux":
        (FOLDER / "mlgui-gui").symlink_to("mlgui")
        _slim(FOLDER)
    for inside in (FOLDER / "_internal", FOLDER.parent / "mlgui.app" / "Contents" / "Resources"):
        if inside.is_dir():
            _add_licences(inside / "mlgui" / "resources" / "licences", python)
    say(f"{FOLDER} holds {megabytes(FOLDER)}; testing it")
    run(FOLDER / ("mlgui.exe" if sys.platform == "win32" else "mlgui"), "selftest", QT_QPA_PLATFORM="offscreen")
    return FOLDER


def _icon() -> dict[str, str]:
    """Return the environment variable that names this system's icon; Linux has its icons outside the program."""
    if sys.platform == "linux":
        return {}
    path = WORK / ("mlgui.ico" if sys.platform == "win32" else "mlgui.icns")
    (write_ico if sys.platform == "win32" else write_icns)(path, WORK / "icons")
    return {"MLGUI_ICON": str(path)}


def _slim(folder: Path) -> None:
    """Drop the debugging symbols of Python's own library; those of the wheels are stripped by their makers."""
    for library in (folder / "_internal").glob("libpython3*.so*"):
        run("strip", "--strip-unneeded", library)


def _add_licences(target: Path, python: Path) -> None:
    """Put the licences of Python and of the system libraries that PyInstaller found beside those of the wheels."""
    code = "import sysconfig; print(sysconfig.get_path('stdlib'))"
    stdlib = Path(subprocess.run([python, "-c", code], capture_output=True, text=True, check=True).stdout.strip())
    places = (stdlib / "LICENSE.txt", stdlib.parent / "LICENSE.txt", Path("/usr/share/doc/python3/copyright"))
    shutil.copy(next(place for place in places if place.is_file()), target / "Python.txt")
    if sys.platform == "linux" and shutil.which("dpkg-query"):
        for package in sorted(_system_packages()):
            shutil.copy(Path("/usr/share/doc") / package / "copyright", target / f"system-{package}.txt")


def _system_packages() -> set[str]:
    """Return the Debian packages whose libraries PyInstaller put into the folder."""
    listed = (WORK / "pyinstaller" / "mlgui" / "COLLECT-00.toc").read_text("utf-8")
    found = set()
    for line in listed.split("'"):
        if line.startswith(("/lib/", "/usr/lib/")) and ".so" in line:
            names = {line, str(Path(line).resolve()), line.removeprefix("/usr"), str(Path(line).resolve()).removeprefix("/usr")}
            for name in names:
                done = subprocess.run(["dpkg-query", "-S", name], capture_output=True, text=True, check=False)
                found |= {row.partition(":")[0] for row in done.stdout.splitlines() if not row.startswith("diversion")}
    return found
