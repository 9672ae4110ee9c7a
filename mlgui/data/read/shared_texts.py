"""Texts that an Excel workbook stores once and its cells only point to: how much they come to when every cell has its own."""

from __future__ import annotations

import re
import zipfile

import numpy as np
from numpy.typing import NDArray

_SHARED = "xl/sharedstrings.xml"
_SHEETS = "xl/worksheets/"
_POINTER = re.compile(rb"""\bt=["']s["'][^<>]*+>\s*+<(?:\w{1,9}:)?v>\s*+(\d+)""")
_CHUNK = 1 << 22
_OVERLAP = 300
"""Bytes a pointer may take, so that none is lost between two pieces."""


def shared_text(archive: zipfile.ZipFile, enough: int) -> int:
    """Return about how many bytes of text the cells of a workbook share, each counted as often as cells point to it.

    Counted one by one only where it could be more than `enough`; else 0 is returned.
    """
    sheets = [member for member in archive.infolist() if member.filename.lower().startswith(_SHEETS)]
    shared = [member for member in archive.infolist() if member.filename.lower() == _SHARED]
    most_pointers = sum(member.file_size for member in sheets) // len(b'<c t="s"><v>0</v></c>')
    if not shared or shared[0].file_size * most_pointers <= enough:
        return 0
    lengths = _lengths(archive, shared[0])
    if int(lengths.max(initial=0)) * most_pointers <= enough:
        return 0
    return sum(_pointed(archive, member, lengths) for member in sheets)


def _lengths(archive: zipfile.ZipFile, shared: zipfile.ZipInfo) -> NDArray[np.int64]:
    """Return the bytes of each shared text in order, markup included."""
    lengths: list[int] = []
    rest, skipped = b"", 0
    with archive.open(shared) as stream:
        while chunk := stream.read(_CHUNK):
            *parts, rest = (rest + chunk).split(b"</si>")
            lengths += map(len, parts)
            if parts:
                lengths[-len(parts)] += skipped
                skipped = 0
            skipped += max(len(rest) - _CHUNK, 0)
            rest = rest[-_CHUNK:]
    return np.array([*lengths, len(rest) + skipped], dtype=np.int64)


def _pointed(archive: zipfile.ZipFile, sheet: zipfile.ZipInfo, lengths: NDArray[np.int64]) -> int:
    """Return the bytes of shared text that the cells of one sheet point to."""
    total, rest = 0, b""
    with archive.open(sheet) as stream:
        while chunk := stream.read(_CHUNK):
            piece = rest + chunk
            found = [(match.end(), int(match[1][:9])) for match in _POINTER.finditer(piece)]
            end = found[-1][0] if found else 0
            places = np.array([place for _, place in found], dtype=np.int64)
            total += int(lengths[places[places < len(lengths)]].sum())
            rest = piece[max(end, len(piece) - _OVERLAP) :]
    return total
