"""The child of a trial: reads one file with the library that may crash on it, and tells by its exit code what came of it.

The program starts itself for this, as `mlgui --worker KIND WHAT PATH SETTINGS ROWS`: that works installed, from a checkout
and in a frozen program, which has no interpreter to start. Standard library only until the one reader is chosen.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

WORKER = "--worker"
"""The first argument that makes a process of this program the child of a trial."""

WELL, REFUSED, BROKEN = 0, 1, 2
"""Exit codes: read; refused by its library in words; anything but these two: the library did not survive."""


def child_command() -> list[str]:
    """Return the command that starts a child of this very program, up to the kind of trial."""
    program = [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "mlgui"]
    return [*program, WORKER]


def run_child(arguments: Sequence[str]) -> int:
    """Run the trial that was asked for and return its exit code; an exception counts as a refusal."""
    kind, what, path, settings, n_rows = arguments
    try:
        return _TRIALS[kind](what, Path(path), settings, int(n_rows))
    except Exception:
        return REFUSED


def _statistics(function: str, path: Path, settings: str, n_rows: int) -> int:
    """Read a file with a function of pyreadstat unless it states more cells than one of its size may hold."""
    import pyreadstat

    arguments = json.loads(settings)
    most_cells = arguments.pop("most_cells")
    _, head = getattr(pyreadstat, function)(str(path), metadataonly=True, output_format="dict", **arguments)
    if not n_rows and (head.number_rows or 0) * (head.number_columns or 0) > most_cells:
        return REFUSED
    getattr(pyreadstat, function)(str(path), row_limit=n_rows, output_format="dict", **arguments)
    return WELL


def _parquet(most_cells: str, path: Path, _settings: str, n_rows: int) -> int:
    """Read a Parquet file unless it states more cells than one of its size may hold."""
    import fastparquet

    with path.open("rb") as file:
        stored = fastparquet.ParquetFile(file)
        if stored.count() * len(stored.columns) > int(most_cells):
            return REFUSED
        if n_rows:
            stored.head(n_rows)
        else:
            stored.to_pandas()
    return WELL


def _old_workbook(_what: str, path: Path, _settings: str, _n_rows: int) -> int:
    """Read every sheet of an .xls file; a panic of its library is no Exception and would pass for a refusal."""
    import python_calamine

    try:
        with python_calamine.CalamineWorkbook.from_path(str(path)) as book:
            for name in book.sheet_names:
                book.get_sheet_by_name(name)
    except (python_calamine.PasswordError, python_calamine.WorksheetNotFound):
        return WELL
    except BaseException:
        return BROKEN
    return WELL


_TRIALS = {"statistics": _statistics, "parquet": _parquet, "old_workbook": _old_workbook}
