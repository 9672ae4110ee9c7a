"""The user guide as a static site: the pages of the help, with pictures of the running program, in `dist/guide`."""

from __future__ import annotations

from pathlib import Path

from project import PACKAGING, PRODUCTS, ROOT, build_python, fresh, run


def build_guide() -> Path:
    """Build the site and return its folder; CalledProcessError where a link, an anchor or a picture is missing."""
    folder = fresh(PRODUCTS / "guide")
    run(build_python(), PACKAGING / "guide" / "write.py", folder, PYTHONPATH=str(ROOT))
    return folder
