"""Trial in a child process: a damaged file can bring down the libraries that read it, and must not take the window along."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from mlgui.data.read.foreign import damaged
from mlgui.data.read.size import most_cells
from mlgui.data.trial_child import REFUSED, WELL, child_command
from mlgui.errors import Interrupted
from mlgui.progress import OnStep, Step
from mlgui.words import tr

_POLL_SECONDS = 0.05
_ENDED_FROM_OUTSIDE = (-signal.SIGTERM, -getattr(signal, "SIGKILL", 9))
"""Exit codes of a child that did not end by itself; a library that crashes ends it by other signals."""
_passed: set[tuple[str, int, int, str, str, int]] = set()


def try_statistics(
    path: Path, format_name: str, function: str, settings: Mapping[str, object], n_rows: int | None, on_step: OnStep
) -> None:
    """Let a child read a file with a function of pyreadstat. UserError if the child does not survive."""
    stated = json.dumps({**settings, "most_cells": most_cells(path)})
    _try(path, format_name, "statistics", function, stated, n_rows, on_step)


def try_parquet(path: Path, n_rows: int | None, on_step: OnStep) -> None:
    """Let a child read a Parquet file. UserError if the child does not survive."""
    _try(path, "Parquet", "parquet", str(most_cells(path)), "", n_rows, on_step)


def try_old_workbook(path: Path, on_step: OnStep) -> None:
    """Let a child read an .xls file. UserError if the child does not survive, or its library panics."""
    _try(path, "Excel", "old_workbook", "", "", None, on_step)


def _try(path: Path, format_name: str, kind: str, what: str, settings: str, n_rows: int | None, on_step: OnStep) -> None:
    """Run a trial unless this very file passed it before; errors in words are left to the reading that follows."""
    state = path.stat()
    key = (str(path.absolute()), state.st_size, state.st_mtime_ns, what, settings, n_rows or 0)
    if key in _passed:
        return
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(part for part in sys.path if part), "OPENBLAS_NUM_THREADS": "1"}
    flags = getattr(subprocess, "CREATE_NO_WINDOW", 0)  # Windows would flash a console
    child = subprocess.Popen(
        [*child_command(), kind, what, str(path), settings, str(n_rows or 0)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment,
        creationflags=flags,
    )
    code = _wait(child, path, on_step)
    if code in _ENDED_FROM_OUTSIDE:
        raise _interrupted(path)
    if code not in (WELL, REFUSED):
        raise damaged(path, format_name)
    if code == WELL:
        _passed.add(key)


def _interrupted(path: Path) -> Interrupted:
    return Interrupted(
        tr("Reading {file} was interrupted.").format(file=path.name),
        tr("The process that checks the file was ended by the system or by somebody, perhaps for lack of memory."),
        tr("Close other programs that need much memory, then try again."),
    )


def _wait(child: subprocess.Popen[bytes], path: Path, on_step: OnStep) -> int:
    """Return the exit code of a child; a step that is cancelled stops it."""
    try:
        while True:
            on_step(Step(text=tr("Checking {file}").format(file=path.name)))
            try:
                return child.wait(_POLL_SECONDS)
            except subprocess.TimeoutExpired:
                continue
    finally:
        if child.poll() is None:
            child.kill()
            child.wait()
