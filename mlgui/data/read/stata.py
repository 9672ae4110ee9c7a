"""Stata files: .dta of all versions."""

from __future__ import annotations

from pathlib import Path

from mlgui.data.read.labelled import read_labelled
from mlgui.data.read.reader import Reader, Reading, ReadOptions
from mlgui.progress import OnStep

_OLD_VERSIONS = frozenset({104, 105, 108, 110, 111, 112, 113, 114, 115})


def is_stata(head: bytes) -> bool:
    """Return whether the first bytes are those of a Stata file: a tag, or before version 13 four numbers."""
    old = len(head) > 4 and head[0] in _OLD_VERSIONS and head[1] in (1, 2) and head[2] == 1 and head[3] == 0
    return head.startswith(b"<stata_dta>") or old


def read_stata(path: Path, options: ReadOptions, on_step: OnStep, n_rows: int | None) -> Reading:
    """Return the first `n_rows` rows (None: all) of a Stata file. UserError if it is damaged."""
    import pyreadstat

    return read_labelled(pyreadstat.read_dta, "Stata", path, options, on_step, n_rows)


STATA = Reader(name="Stata", suffixes=(".dta",), read=read_stata, recognise=is_stata)
"""The reader of Stata files."""
