#!/usr/bin/env python3
"""Build what users install. Everything comes from the wheel of this checkout and the versions and hashes of the locks.

    python packaging/build.py frozen      one folder that runs without Python, tested by `mlgui selftest`

Products go to `dist/` (or the folder MLGUI_DIST names), what is left over from building to `build/` (MLGUI_BUILD).
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from frozen.build import build_frozen
from project import say

PRODUCTS: dict[str, Callable[[], object]] = {"frozen": build_frozen}


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
