"""Files that no reader opens: what they are, and what to do instead."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path

from mlgui.errors import UserError
from mlgui.words import tr


@dataclass(frozen=True, kw_only=True)
class ForeignFormat:
    """A format known by name only. signature: its first bytes, empty where there are none to tell it by."""

    name: str
    suffixes: tuple[str, ...]
    signature: bytes = b""


_ZIP = b"PK\x03\x04"
_FORMATS = (
    ForeignFormat(name="Excel", suffixes=(".xlsx", ".xlsm", ".ods"), signature=_ZIP),
    ForeignFormat(name="Excel 97", suffixes=(".xls",), signature=b"\xd0\xcf\x11\xe0"),
    ForeignFormat(name="SPSS", suffixes=(".sav", ".zsav"), signature=b"$FL"),
    ForeignFormat(name="SPSS portable", suffixes=(".por",)),
    ForeignFormat(name="Stata", suffixes=(".dta",), signature=b"<stata_dta>"),
    ForeignFormat(name="SAS transport", suffixes=(".xpt",), signature=b"HEADER RECORD*******"),
    ForeignFormat(name="SAS", suffixes=(".sas7bdat",), signature=b"\0" * 12 + b"\xc2\xea\x81\x60"),
    ForeignFormat(name="R", suffixes=(".rds", ".rdata", ".rda"), signature=b"RDX"),
    ForeignFormat(name="Parquet", suffixes=(".parquet",), signature=b"PAR1"),
    ForeignFormat(name="PDF", suffixes=(".pdf",), signature=b"%PDF"),
)


def known_signature(head: bytes) -> ForeignFormat | None:
    """Return the format whose first bytes these are, None for any other."""
    return next((known for known in _FORMATS if known.signature and head.startswith(known.signature)), None)


def has_foreign_suffix(path: Path) -> bool:
    """Return whether the name of a file promises a format that no reader opens."""
    return _by_suffix(path) is not None


def _by_suffix(path: Path) -> ForeignFormat | None:
    return next((known for known in _FORMATS if path.suffix.lower() in known.suffixes), None)


def cannot_open(path: Path, head: bytes, supported: tuple[str, ...]) -> UserError:
    """Return the error that says why a file cannot be opened and what to do."""
    formats = tr("Files that can be opened: {suffixes}.").format(suffixes=", ".join(supported))
    promised = _by_suffix(path)
    found = known_signature(head)
    if promised and _is_damaged(path, promised, found):
        return UserError(
            tr("{file} is damaged or not an {format} file.").format(file=path.name, format=promised.name)
            if promised.name.startswith("Excel")
            else tr("{file} is damaged or not a {format} file.").format(file=path.name, format=promised.name),
            tr("Its content is incomplete or of another kind."),
            tr("Copy or export it again, best as CSV."),
        )
    known = found or promised
    if known:
        return UserError(
            tr("{file} is in {format} format, which cannot be opened yet.").format(file=path.name, format=known.name),
            formats,
            tr("Save the data as CSV in the program they come from, and open that file."),
        )
    if path.name.lower().endswith(supported):
        return UserError(
            tr("{file} is not a text table.").format(file=path.name),
            tr("Its content is binary, whatever its name says."),
            tr("Save the data as CSV in the program they come from, and open that file.") + " " + formats,
        )
    return UserError(
        tr("{file} is in no format that can be opened.").format(file=path.name),
        formats,
        tr("Save the data as CSV, or give a text file one of these endings."),
    )


def _is_damaged(path: Path, promised: ForeignFormat, found: ForeignFormat | None) -> bool:
    """Return whether the content is not what the name promises, or a packed workbook is cut short."""
    if promised.signature == _ZIP and found is promised:
        return not zipfile.is_zipfile(path)
    return bool(promised.signature) and found is not promised and promised.name not in ("R", "Stata")
