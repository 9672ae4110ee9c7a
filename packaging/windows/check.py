#!/usr/bin/env python3
"""Check the Windows installer on Linux: libraries complete; installs, runs its Python and uninstalls under Wine.

    python packaging/windows/check.py dist/mlgui-0.1.0-windows-setup.exe

Needs wine64 and objdump. Wine 8 lacks what Qt (icuuc.dll) and the readers of workbooks (bcryptprimitives.dll) ask for: the window
and these readers are checked on a real Windows, by packaging/ci/windows.yml. The rest of the self-test runs here (under_wine.py).
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

WINE = shutil.which("wine64") or shutil.which("wine") or "/usr/lib/wine/wine64"
PLACE = "AppData/Local/Programs/mlgui"
_SYSTEM = re.compile(
    r"api-ms-win-.*|(advapi32|authz|bcrypt|bcryptprimitives|comctl32|comdlg32|d3d9|d3d11|d3d12|d3dcompiler_47|dwmapi|dwrite|dxgi|gdi32|icuuc|imm32"
    r"|iphlpapi|kernel32|mpr|netapi32|ntdll|ole32|oleaut32|propsys|rpcrt4|setupapi|shell32|shlwapi|uiautomationcore|user32|userenv"
    r"|uxtheme|version|winmm|ws2_32|wtsapi32)\.dll"
)
"""What every Windows 10 and 11 has of its own."""

_NOT_UNDER_WINE = (".xls", ".xlsx", ".ods", ".parquet")
"""Their libraries ask for bcryptprimitives.dll, which Wine 8 lacks."""


def main(arguments: list[str]) -> int:
    """Run every check on the installer that is named; return 0 if all passed."""
    installer = Path(arguments[0]).resolve()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as prefix:
        environment = {**os.environ, "WINEPREFIX": prefix, "WINEDEBUG": "-all", "DISPLAY": ""}
        _wine(environment, "wineboot", "-i")
        user = next(folder for folder in Path(prefix, "drive_c", "users").iterdir() if folder.name != "Public")
        before = _files(user)
        _wine(environment, str(installer), "/S")
        place = user / PLACE
        _demand((place / "mlgui-gui.exe").is_file(), "nothing was installed")
        print(f"installed {len(_files(user) - before)} files")
        lacking = _lacking(place)
        _demand(not lacking, f"libraries are missing: {sorted(lacking)}")
        print("every library is there or part of Windows")
        _demand(_registered(environment), "the file type is not registered")
        for command in (["--version"], ["fit", "--help"]):
            text = _wine(environment, str(place / "mlgui.exe"), *command)
            _demand("mlgui" in text, f"mlgui.exe {command[0]} says {text!r}")
            print(f"mlgui.exe {command[0]}: {text.splitlines()[0]}")
        print(_self_test(environment, place))
        _wine(environment, str(place / "uninstall.exe"), "/S", f"_?={_windows_path(user)}")
        (place / "uninstall.exe").unlink(missing_ok=True)  # run in place, as _? makes it wait, it cannot delete itself
        left = {name for name in _files(user) - before if "/Temp/" not in name}
        _demand(not left, f"left behind: {sorted(left)[:10]}")
        _demand(not _registered(environment), "the file type is still registered")
        print("uninstalled, nothing left\nCHECK PASSED")
    return 0


def _wine(environment: dict[str, str], *command: str) -> str:
    """Run a program of Windows, ten minutes at most, and return what it prints."""
    done = subprocess.run(
        [WINE, *command], env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        timeout=600, check=False,
    )  # fmt: skip
    return done.stdout.decode("utf-8", "replace")


def _windows_path(user: Path) -> str:
    return f"C:\\users\\{user.name}\\" + PLACE.replace("/", "\\")


def _files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file() and not path.is_symlink()}


def _lacking(folder: Path) -> set[str]:
    """Return the libraries that some binary of a folder asks for and that are neither in it nor part of Windows."""
    binaries = [path for path in folder.rglob("*") if path.suffix.lower() in (".dll", ".pyd", ".exe")]
    asked: set[str] = set()
    for path in binaries:
        done = subprocess.run(["objdump", "-p", str(path)], capture_output=True, text=True, errors="replace", check=False)
        asked |= {name.lower() for name in re.findall(r"DLL Name: (\S+)", done.stdout)}
    return {name for name in asked - {path.name.lower() for path in binaries} if not _SYSTEM.fullmatch(name)}


def _registered(environment: dict[str, str]) -> bool:
    return "mlgui.project" in _wine(environment, "reg", "query", r"HKCU\Software\Classes\.mlgui", "/ve")


def _self_test(environment: dict[str, str], place: Path) -> str:
    """Return how many checks of the self-test passed; whatever fails for another reason than Wine's gaps is a failure."""
    python, script = place / "python" / "python.exe", Path(__file__).with_name("under_wine.py")
    lines = _wine(environment, str(python), str(script), "selftest").splitlines()
    passed = [line for line in lines if line.startswith("ok ")]
    failed = [
        line for line in lines if line.startswith("FAIL ") and not any(f"open table{end}:" in line for end in _NOT_UNDER_WINE)
    ]
    _demand(len(passed) > 20 and not failed, "the self-test: " + " / ".join(failed or lines[-3:]))
    return f"self-test: {len(passed)} of {len(lines) - 1} checks, all fits among them; the rest asks for libraries Wine lacks"


def _demand(passed: bool, problem: str) -> None:
    if not passed:
        raise SystemExit(f"CHECK FAILED: {problem}")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
