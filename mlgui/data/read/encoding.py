"""Bytes to text: compression, byte-order marks, UTF-8 or what came before it, and files that are no text at all."""

from __future__ import annotations

import codecs
import gzip
import re
import sys
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mlgui.data.read.reader import ReadOptions
from mlgui.errors import UserError
from mlgui.findings import Finding, Severity
from mlgui.words import ntr, tr

_GZIP = b"\x1f\x8b"
_CONTROL = re.compile(rb"[\x01-\x08\x0e-\x19\x1b-\x1f\x7f]")
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_HEAD = 65_536
_PIECE = 1 << 21
_END_OF_FILE = "\x1a"  # programs older than Windows put it behind the last line


@dataclass(frozen=True, kw_only=True)
class DecodedText:
    """A file as text with line ends of one kind, the encoding it was in, whether that was a guess, and what was repaired."""

    text: str
    encoding: str
    findings: tuple[Finding, ...] = ()


def read_bytes(path: Path, at_most: int | None = None) -> bytes:
    """Return the first `at_most` bytes of a file (None: all), unpacked if it is gzip-compressed.

    UserError if the file cannot be read or unpacked.
    """
    return b"".join(pieces_of(path, at_most))


def pieces_of(path: Path, at_most: int | None = None) -> Iterator[bytes]:
    """Yield the first `at_most` bytes of a file (None: all) in pieces of two megabytes, as `read_bytes` returns them."""
    left = sys.maxsize if at_most is None else at_most
    try:
        with path.open("rb") as file:
            packed = file.read(2) == _GZIP
            file.seek(0)
            with gzip.open(file) if packed else file as unpacked:
                while left and (piece := unpacked.read(min(_PIECE, left))):
                    left -= len(piece)
                    yield piece
    except (gzip.BadGzipFile, EOFError, zlib.error) as problem:
        raise UserError(
            tr("{file} cannot be unpacked.").format(file=path.name),
            tr("The compressed file is damaged or was cut short."),
            tr("Copy or download it again."),
        ) from problem
    except OSError as problem:
        raise UserError(
            tr("{file} cannot be read.").format(file=path.name),
            problem.strerror or "",
            tr("Check that the file is still there and that you may read it."),
        ) from problem


def is_text(head: bytes) -> bool:
    """Return whether the first bytes of a file look like text in some encoding (a stray NUL is forgiven)."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or _utf16_without_mark(head):
        return True
    doubtful = len(_CONTROL.findall(head)) + head.count(b"\0")
    return doubtful <= max(3, len(head) // 500) if len(_CONTROL.findall(head)) <= 1 else doubtful <= len(head) // 500


def decode(data: bytes, options: ReadOptions, name: str) -> DecodedText:
    """Return the bytes as text. UserError if the stated encoding does not fit."""
    encoding, guess = (options.encoding, None) if options.encoding else _guess_encoding(data)
    try:
        text = data.decode(encoding)
    except (UnicodeDecodeError, LookupError) as problem:
        raise UserError(
            tr("{file} is not written in the encoding {encoding}.").format(file=name, encoding=encoding),
            tr("Some of its bytes mean nothing in that encoding."),
            tr("Choose another encoding, or leave the choice to the program."),
        ) from problem
    findings = [guess] if guess else []
    n_nul = text.count("\0")
    if n_nul:
        text = text.replace("\0", "")
        findings.append(_nul_finding(n_nul))
    text = text.removesuffix(_END_OF_FILE)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return DecodedText(text=text.removeprefix("\ufeff"), encoding=encoding, findings=tuple(findings))


def _guess_encoding(data: bytes) -> tuple[str, Finding | None]:
    """Return the encoding and, where it was guessed from the bytes alone, a finding that says so."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding, None
    without_mark = _utf16_without_mark(data[:_HEAD])
    if without_mark:
        return without_mark, _encoding_finding(without_mark)
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        encoding = "cp1252" if _fits(data, "cp1252") else "latin-1"
        return encoding, _encoding_finding(encoding)
    return "utf-8", None


def _fits(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _utf16_without_mark(head: bytes) -> str | None:
    """Return the byte order of UTF-16 text that lacks its mark: nearly every other byte is NUL."""
    half = len(head) // 2
    if half < 4:
        return None
    even, odd = head[0 : 2 * half : 2].count(0), head[1 : 2 * half : 2].count(0)
    if odd > 0.7 * half and even < 0.05 * half:
        return "utf-16-le"
    if even > 0.7 * half and odd < 0.05 * half:
        return "utf-16-be"
    return None


def _encoding_finding(encoding: str) -> Finding:
    return Finding(
        code="encoding-guessed",
        severity=Severity.NOTE,
        title=tr("Encoding guessed"),
        text=tr(
            "The text is not UTF-8; it was read as {encoding}. Look at names and labels with accents: if they look wrong, "
            "choose another encoding."
        ).format(encoding=encoding),
    )


def _nul_finding(n: int) -> Finding:
    return Finding(
        code="nul-bytes",
        severity=Severity.WARNING,
        title=tr("Empty bytes removed"),
        text=ntr(
            "The file holds {n} NUL byte, which is no text; it was left out. The file may have been damaged: compare a few rows.",
            "The file holds {n} NUL bytes, which are no text; they were left out. The file may have been damaged: compare "
            "a few rows.",
            n,
        ).format(n=n),
    )
