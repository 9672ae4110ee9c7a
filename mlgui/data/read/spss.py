"""SPSS files: .sav, compressed .zsav and portable .por."""

from __future__ import annotations

from pathlib import Path

from mlgui.data.read.labelled import read_labelled
from mlgui.data.read.reader import Reader, Reading, ReadOptions
from mlgui.progress import OnStep

_SYSTEM = (b"$FL2", b"$FL3")
_PORTABLE = b"ASCII SPSS PORT FILE"
_PORTABLE_HEAD = 500
"""A portable file begins with its name in up to five alphabets of 40 characters, and line ends."""


def is_spss(head: bytes) -> bool:
    """Return whether the first bytes are those of an SPSS file."""
    return head.startswith(_SYSTEM) or _is_portable(head)


def _is_portable(head: bytes) -> bool:
    return _PORTABLE in head[:_PORTABLE_HEAD].replace(b"\r", b"").replace(b"\n", b"") and b"," not in head[:40]


def read_spss(path: Path, options: ReadOptions, on_step: OnStep, n_rows: int | None) -> Reading:
    """Return the first `n_rows` rows (None: all) of an SPSS file. UserError if it is damaged."""
    import pyreadstat

    with path.open("rb") as file:
        portable = not file.read(4).startswith(_SYSTEM)
    return read_labelled(pyreadstat.read_por if portable else pyreadstat.read_sav, "SPSS", path, options, on_step, n_rows)


SPSS = Reader(name="SPSS", suffixes=(".sav", ".zsav", ".por"), read=read_spss, recognise=is_spss)
"""The reader of SPSS files."""
