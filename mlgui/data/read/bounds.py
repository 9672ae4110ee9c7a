"""What a text file may hold: refused before it is read whole or cut into cells, so that none can fill the memory."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from mlgui.data.read.encoding import is_text, pieces_of
from mlgui.data.read.size import swollen
from mlgui.errors import UserError
from mlgui.words import tr

_HEAD = 65_536
_LONGEST_LINE = 2_000_000
"""Bytes of a line; the widest honest tables, of tens of thousands of columns, stay far below."""
_MOST_COLUMNS = 100_000
_MODEST_BYTES, _MOST_RATIO = 100_000_000, 200
"""Bytes that any file may unpack to; beyond them, bytes for each packed one."""
_MOST_CAREFUL_LINES = 5_000_000
_MODEST_CELLS, _MOST_CELLS_PER_CHARACTER = 5_000_000, 4


def bounded_bytes(path: Path, at_most: int | None = None) -> bytes:
    """Return the first `at_most` bytes of a text file (None: all), unpacked.

    UserError for a line without end, a first line of countless cells, or a small file that unpacks to an enormous one; what is
    refused was read only up to there.
    """
    pieces = _bounded(path, pieces_of(path, at_most), path.stat().st_size)
    return b"".join(pieces)


def _bounded(path: Path, pieces: Iterator[bytes], n_packed: int) -> Iterator[bytes]:
    n_bytes = open_line = 0
    for piece in pieces:
        if not n_bytes and not is_text(piece[:_HEAD]):
            raise not_text(path)
        end = b"\n" if b"\n" in piece else b"\r"
        first = piece.find(end)
        longest = open_line + (len(piece) if first < 0 else first)
        open_line = longest if first < 0 else len(piece) - piece.rfind(end) - 1
        if max(longest, open_line) >= _LONGEST_LINE:
            raise _endless_line(path)
        if not n_bytes:
            _check_width(path, piece)
        n_bytes += len(piece)
        if n_bytes > _MODEST_BYTES and n_bytes > n_packed * _MOST_RATIO:
            raise swollen(path)
        yield piece


def _check_width(path: Path, head: bytes) -> None:
    lines = head.replace(b"\r", b"\n").split(b"\n")
    if any(line.count(mark) > _MOST_COLUMNS for line in lines for mark in (b",", b";", b"\t", b"|")):
        raise UserError(
            tr("{file} is too wide to be opened.").format(file=path.name),
            tr("One of its first lines has more than {n} cells.").format(n=f"{_MOST_COLUMNS:,}"),
            tr("Keep the columns you need, or turn rows and columns round, and open that file."),
        )


def check_shape(name: str, text: str, start: int, width: int) -> None:
    """Raise a UserError if a text that is not regular is too large to be put right, or lacks nearly all of its cells.

    start: where the rows begin. width: cells in most of them.
    """
    n_lines = text.count("\n", start)
    if n_lines > _MOST_CAREFUL_LINES:
        raise UserError(
            tr("{file} is too irregular to be opened.").format(file=name),
            tr("Its rows differ in length, or a quotation mark never closes, and it has more than {n} million lines.").format(
                n=_MOST_CAREFUL_LINES // 1_000_000
            ),
            tr("Export the data again, with quotation marks around every text, and open that file."),
        )
    if n_lines * width > max(_MODEST_CELLS, _MOST_CELLS_PER_CHARACTER * (len(text) - start)):
        raise UserError(
            tr("{file} is too irregular to be opened.").format(file=name),
            tr("Its first line has {n} cells, and nearly all of them are lacking in the rows below.").format(n=f"{width:,}"),
            tr("Export the data again, one row a line, and open that file."),
        )


def not_text(path: Path) -> UserError:
    """Return the error for a file that promises text and holds something else."""
    return UserError(
        tr("{file} is not a text table.").format(file=path.name),
        tr("Its content is binary, whatever its name says."),
        tr("Save the data as CSV and open that file."),
    )


def _endless_line(path: Path) -> UserError:
    return UserError(
        tr("{file} is not a text table.").format(file=path.name),
        tr("One of its lines is longer than {n} million characters.").format(n=_LONGEST_LINE // 1_000_000),
        tr("Save the data as CSV, one row a line, and open that file."),
    )
