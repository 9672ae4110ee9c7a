"""Where the program finds its own files, installed or run from a checkout."""

from __future__ import annotations

from pathlib import Path


def resources() -> Path:
    """Return the folder of examples, fonts, icons and help."""
    inside = Path(__file__).parent / "resources"
    return inside if inside.is_dir() else Path(__file__).parent.parent / "resources"
