"""What Linux users install: a .deb, a relocatable .tar.xz, and the AppDir that CI turns into an AppImage."""

from __future__ import annotations

import gzip
import os
import re
import shutil
import subprocess
import tarfile
import time
from pathlib import Path

from frozen.build import build_frozen
from icons import SVG, draw_icons
from project import PACKAGING, PRODUCTS, ROOT, WORK, epoch, fresh, megabytes, run, say, version

SOURCES = PACKAGING / "linux"
ICON_SIZES = (16, 24, 32, 48, 64, 128, 256, 512)
_GLIBC = re.compile(rb"GLIBC_(\d+)\.(\d+)")


def build_deb() -> Path:
    """Build the Debian package and return its path; lintian judges it where lintian is installed."""
    root = fresh(WORK / "deb")
    shutil.copytree(build_frozen(), root / "opt" / "mlgui", symlinks=True)
    (root / "usr" / "bin").mkdir(parents=True)
    for name in ("mlgui", "mlgui-gui"):
        (root / "usr" / "bin" / name).symlink_to(f"/opt/mlgui/{name}")
    _add_desktop_files(root / "usr" / "share")
    _add_documents(root / "usr" / "share")
    _normalise(root)
    (root / "DEBIAN").mkdir()
    _write(root / "DEBIAN" / "control", SOURCES / "control", {
        "ARCHITECTURE": _output("dpkg", "--print-architecture"),
        "SIZE": _output("du", "-sk", "--exclude=DEBIAN", str(root)).split()[0],
        "GLIBC": _newest_glibc(root),
    })  # fmt: skip
    PRODUCTS.mkdir(parents=True, exist_ok=True)
    product = PRODUCTS / f"mlgui_{version()}_{_output('dpkg', '--print-architecture')}.deb"
    say("packing the .deb")
    run("dpkg-deb", "--root-owner-group", "-Zxz", "-z6", "-b", root, product, SOURCE_DATE_EPOCH=str(epoch()))
    if shutil.which("lintian"):
        run("lintian", "--fail-on", "error", "--profile", "debian", product)
    say(f"{product.name}: {megabytes(product)}")
    return product


def build_archive() -> Path:
    """Build the archive that is unpacked anywhere and run, without administrator rights; return its path."""
    root = fresh(WORK / "archive") / f"mlgui-{version()}"
    shutil.copytree(build_frozen(), root, symlinks=True)
    _add_desktop_files(root / "share")
    shutil.copy(SOURCES / "menu-entry.sh", root)
    shutil.copy(ROOT / "LICENSE", root)
    _write(root / "README.txt", SOURCES / "archive-readme.txt", {})
    _normalise(root)
    (root / "menu-entry.sh").chmod(0o755)
    PRODUCTS.mkdir(parents=True, exist_ok=True)
    product = PRODUCTS / f"mlgui-{version()}-linux-{os.uname().machine}.tar.xz"
    say("packing the .tar.xz")
    with tarfile.open(product, "w:xz", preset=6) as archive:
        archive.add(root, root.name, filter=_as_nobody)
    say(f"{product.name}: {megabytes(product)}")
    return product


def build_appdir() -> Path:
    """Build the folder that appimagetool packs into one file, which CI does: its runtime has to be downloaded."""
    root = fresh(PRODUCTS / "mlgui.AppDir")
    shutil.copytree(build_frozen(), root / "opt" / "mlgui", symlinks=True)
    _add_desktop_files(root / "usr" / "share")
    shutil.copy(root / "usr" / "share" / "applications" / "mlgui.desktop", root)
    shutil.copy(SVG, root / "mlgui.svg")
    (root / ".DirIcon").symlink_to("mlgui.svg")
    shutil.copy(SOURCES / "AppRun", root)
    _normalise(root)
    (root / "AppRun").chmod(0o755)
    return root


def _add_desktop_files(share: Path) -> None:
    """Add menu entry, icons, file type and the description for software centres."""
    for folder in ("applications", "mime/packages", "metainfo", "icons/hicolor/scalable/apps"):
        (share / folder).mkdir(parents=True)
    shutil.copy(SOURCES / "mlgui.desktop", share / "applications")
    shutil.copy(SOURCES / "mlgui.mime.xml", share / "mime" / "packages" / "mlgui.xml")
    _write(share / "metainfo" / "org.mlgui.mlgui.metainfo.xml", SOURCES / "mlgui.metainfo.xml", {})
    shutil.copy(SVG, share / "icons" / "hicolor" / "scalable" / "apps" / "mlgui.svg")
    for size, image in draw_icons(WORK / "icons", ICON_SIZES).items():
        folder = share / "icons" / "hicolor" / f"{size}x{size}" / "apps"
        folder.mkdir(parents=True)
        shutil.copy(image, folder / "mlgui.png")


def _add_documents(share: Path) -> None:
    """Add man pages, copyright, changelog and lintian's overrides."""
    for folder in ("man/man1", "doc/mlgui", "lintian/overrides"):
        (share / folder).mkdir(parents=True)
    manual = _filled(SOURCES / "mlgui.1", {}).encode()
    (share / "man" / "man1" / "mlgui.1.gz").write_bytes(gzip.compress(manual, mtime=0))
    (share / "man" / "man1" / "mlgui-gui.1.gz").symlink_to("mlgui.1.gz")
    shutil.copy(SOURCES / "copyright", share / "doc" / "mlgui")
    shutil.copy(SOURCES / "lintian-overrides", share / "lintian" / "overrides" / "mlgui")
    stamp = time.strftime("%a, %d %b %Y %H:%M:%S +0000", time.gmtime(epoch()))
    author = f" -- The mlgui authors <maintainers@mlgui.invalid>  {stamp}"
    news = f"mlgui ({version()}) stable; urgency=low\n\n  * See CHANGELOG.md.\n\n{author}\n"
    (share / "doc" / "mlgui" / "changelog.gz").write_bytes(gzip.compress(news.encode(), mtime=0))


def _filled(source: Path, more: dict[str, str]) -> str:
    """Return a text with version, date and more put in for @NAME@."""
    values = {"VERSION": version(), "DATE": time.strftime("%Y-%m-%d", time.gmtime(epoch())), **more}
    return re.sub(r"@([A-Z]+)@", lambda found: values[found.group(1)], source.read_text("utf-8"))


def _write(target: Path, source: Path, more: dict[str, str]) -> None:
    target.write_text(_filled(source, more), "utf-8")


def _output(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def _newest_glibc(root: Path) -> str:
    """Return the newest version of the C library that any binary of a folder asks for."""
    asked = {(2, 34)}  # Qt's own
    for file in root.rglob("*"):
        if file.is_file() and not file.is_symlink() and (".so" in file.name or os.access(file, os.X_OK)):
            asked |= {(int(major), int(minor)) for major, minor in _GLIBC.findall(file.read_bytes())}
    return ".".join(map(str, max(asked)))


def _normalise(root: Path) -> None:
    """Give every file and folder ordinary rights and one time stamp: the same source gives the same bytes."""
    for path in [root, *root.rglob("*")]:
        if not path.is_symlink():
            program = path.is_dir() or (path.parent.name in ("mlgui", root.name) and path.name == "mlgui")
            path.chmod(0o755 if program else 0o644)
        os.utime(path, (epoch(), epoch()), follow_symlinks=False)


def _as_nobody(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    """Return an entry of the archive without the builder's name."""
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = "root"
    return entry
