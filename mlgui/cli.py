"""The command line: the same flow without a window."""

from __future__ import annotations


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return the exit code."""
    raise SystemExit("not built yet")


def main_gui() -> int:
    """Open the window."""
    return main([])
