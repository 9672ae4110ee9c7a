"""SAS files: .sas7bdat and transport files .xpt (versions 5 and 8)."""

from __future__ import annotations

from pathlib import Path

from mlgui.data.read.labelled import read_labelled
from mlgui.data.read.reader import Reader, Reading, ReadOptions
from mlgui.progress import OnStep

_DATA_SET = b"\0" * 12 + b"\xc2\xea\x81\x60"
_TRANSPORT = b"HEADER RECORD*******"


def is_sas(head: bytes) -> bool:
    """Return whether the first bytes are those of a SAS data set or transport file."""
    return head.startswith((_DATA_SET, _TRANSPORT))


def read_sas(path: Path, options: ReadOptions, on_step: OnStep, n_rows: int | None) -> Reading:
    """Return the first `n_rows` rows (None: all) of a SAS file. UserError if it is damaged."""
    import pyreadstat

    with path.open("rb") as file:
        transport = file.read(len(_TRANSPORT)) == _TRANSPORT
    if transport:
        return read_labelled(pyreadstat.read_xport, "SAS transport", path, options, on_step, n_rows)
    return read_labelled(pyreadstat.read_sas7bdat, "SAS", path, options, on_step, n_rows)


SAS = Reader(name="SAS", suffixes=(".sas7bdat", ".xpt"), read=read_sas, recognise=is_sas)
"""The reader of SAS files."""
