#!/usr/bin/env python3
"""Build what users install. Everything comes from the wheel of this checkout and the versions and hashes of the locks.

    python packaging/build.py wheel       for `pip install`; built twice and compared
    python packaging/build.py frozen      one folder that runs without Python, tested by `mlgui selftest`
    python packaging/build.py deb         the package for Debian and Ubuntu
    python packaging/build.py archive     .tar.xz for every Linux, to be unpacked anywhere
    python packaging/build.py appdir      the folder that CI packs into an AppImage
    python packaging/build.py windows     installer and portable zip for Windows, from any system (needs makensis)
    python packaging/build.py macos       .app and .dmg, on a Mac
    python packaging/build.py guide       the user guide as a static site

Products go to `dist/` (or the folder MLGUI_DIST names), what is left over from building to `build/` (MLGUI_BUILD).
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from frozen.build import build_frozen
from guide.build import build_guide
from linux.build import build_appdir, build_archive, build_deb
from macos.build import build_macos
from project import build_reproducibly, say
from windows.build import build_windows

PRODUCTS: dict[str, Callable[[], object]] = {
    "wheel": build_reproducibly,
    "frozen": build_frozen,
    "deb": build_deb,
    "archive": build_archive,
    "appdir": build_appdir,
    "windows": build_windows,
    "macos": build_macos,
    "guide": build_guide,
}


def main(arguments: list[str]) -> int:
    """Build what was asked for, in that order; return 2 where there is no such product."""
    if not arguments or not set(arguments) <= set(PRODUCTS):
        print(__doc__)
        return 2
    for name in arguments:
        say(f"made {PRODUCTS[name]()}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
