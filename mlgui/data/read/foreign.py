"""Files that no reader opens: what they are, and what to do instead."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from mlgui.data.read.reader import Reader
from mlgui.errors import UserError
from mlgui.words import tr


@dataclass(frozen=True, kw_only=True)
class ForeignFormat:
    """A format known by name only. signature: its first bytes, empty where there are none to tell it by."""

    name: str
    suffixes: tuple[str, ...]
    signature: bytes = b""


_FORMATS = (
    ForeignFormat(name="PDF", suffixes=(".pdf",), signature=b"%PDF"),
    ForeignFormat(name="binary Excel", suffixes=(".xlsb",)),
    ForeignFormat(name="Numbers", suffixes=(".numbers",)),
    ForeignFormat(name="jamovi", suffixes=(".omv",)),
    ForeignFormat(name="JASP", suffixes=(".jasp",)),
    ForeignFormat(name="JMP", suffixes=(".jmp",)),
    ForeignFormat(name="Minitab", suffixes=(".mtw", ".mwx", ".mpx")),
    ForeignFormat(name="Feather", suffixes=(".feather", ".arrow"), signature=b"ARROW1"),
    ForeignFormat(name="MATLAB", suffixes=(".mat",), signature=b"MATLAB"),
    ForeignFormat(name="SPSS output", suffixes=(".spv",)),
    ForeignFormat(name="Word", suffixes=(".doc", ".docx", ".odt")),
)


def known_signature(head: bytes) -> ForeignFormat | None:
    """Return the format whose first bytes these are, None for any other."""
    return next((known for known in _FORMATS if known.signature and head.startswith(known.signature)), None)


def has_foreign_suffix(path: Path) -> bool:
    """Return whether the name of a file promises a format that no reader opens."""
    return _by_suffix(path) is not None


def _by_suffix(path: Path) -> ForeignFormat | None:
    return next((known for known in _FORMATS if path.suffix.lower() in known.suffixes), None)


def cannot_open(path: Path, head: bytes, promised: Reader | None, supported: tuple[str, ...]) -> UserError:
    """Return the error that says why a file cannot be opened and what to do. promised: the reader its name speaks of."""
    formats = tr("Files that can be opened: {suffixes}.").format(suffixes=", ".join(supported))
    save = tr("Save the data as CSV in the program they come from, and open that file.")
    known = known_signature(head) or _by_suffix(path)
    if known:
        what = tr("{file} is in {format} format, which cannot be opened.").format(file=path.name, format=known.name)
        return UserError(what, formats, save)
    if promised is None:
        what = tr("{file} is in no format that can be opened.").format(file=path.name)
        return UserError(what, formats, tr("Save the data as CSV, or give a text file one of these endings."))
    if path.name.lower().endswith((".csv", ".tsv", ".tab", ".txt", ".dat", ".asc", ".gz")):
        what = tr("{file} is not a text table.").format(file=path.name)
        return UserError(what, tr("Its content is binary, whatever its name says."), save + " " + formats)
    return damaged(path, promised.name)


def damaged(path: Path, format_name: str) -> UserError:
    """Return the error that says that a file is not what it should be."""
    if format_name in ("Excel", "SPSS", "R"):
        what = tr("{file} is damaged or not an {format} file.").format(file=path.name, format=format_name)
    else:
        what = tr("{file} is damaged or not a {format} file.").format(file=path.name, format=format_name)
    why = tr("Its content is incomplete or of another kind.")
    return UserError(what, why, tr("Copy or export it again, best as CSV."))
