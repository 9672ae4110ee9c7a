"""Files to tables. A new format is one file beside this one and one entry in `READERS`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from mlgui.data.read import notes
from mlgui.data.read.delimited import DELIMITED, read_text
from mlgui.data.read.encoding import read_bytes
from mlgui.data.read.excel import EXCEL
from mlgui.data.read.foreign import cannot_open, has_foreign_suffix, known_signature
from mlgui.data.read.parquet import PARQUET
from mlgui.data.read.rdata import RDATA
from mlgui.data.read.reader import Reader, Reading, ReadOptions
from mlgui.data.read.sas import SAS
from mlgui.data.read.spss import SPSS
from mlgui.data.read.stata import STATA
from mlgui.data.table import Table
from mlgui.errors import UserError
from mlgui.progress import OnStep, ignore_steps
from mlgui.words import tr

__all__ = ["READERS", "is_read_in_part", "read_file", "read_table", "read_text", "supported_suffixes"]

READERS: tuple[Reader, ...] = (RDATA, PARQUET, SAS, STATA, SPSS, EXCEL, DELIMITED)
"""Every format that can be opened; the first one that recognises a file's content reads it. Text takes nearly anything: last."""

_HEAD = 65_536


def read_table(path: Path | str, options: ReadOptions | None = None) -> Table:
    """Return the table a file holds. UserError if the file cannot be read."""
    return read_file(Path(path), options or ReadOptions()).table


def read_file(
    path: Path | str, options: ReadOptions | None = None, on_step: OnStep = ignore_steps, n_rows: int | None = None
) -> Reading:
    """Return the first `n_rows` rows (None: all) of a file as they were understood.

    UserError if the file is empty, damaged, binary, or of a format that cannot be opened.
    """
    path = Path(path)
    reader, promised = _choose(path)
    reading = reader.read(path, options or ReadOptions(), on_step, n_rows)
    if not promised:
        reading = replace(reading, findings=(notes.other_suffix(path.name, reader.name), *reading.findings))
    return reading


def is_read_in_part(path: Path) -> bool:
    """Return whether the first rows of a file are read without all others. UserError if it is of no format that can be opened."""
    return _choose(path)[0].in_part


def supported_suffixes() -> tuple[str, ...]:
    """Return the file endings that can be opened, the commonest first."""
    return tuple(suffix for reader in reversed(READERS) for suffix in reader.suffixes)


def _choose(path: Path) -> tuple[Reader, bool]:
    """Return the reader for a file and whether its name promises that format: content first, then the name."""
    head = _head(path)
    if not head:
        raise UserError(tr("{file} is empty.").format(file=path.name), "", tr("Choose another file, or save it again."))
    name = path.name.lower()
    recognised = None if known_signature(head) else next((reader for reader in READERS if reader.recognise(head)), None)
    if recognised and (name.endswith(recognised.suffixes) or not path.suffix):
        return recognised, True
    if recognised and (name.endswith(supported_suffixes()) or (recognised is DELIMITED and has_foreign_suffix(path))):
        return recognised, False
    promised = next((reader for reader in READERS if name.endswith(reader.suffixes)), None)
    raise cannot_open(path, head, promised, supported_suffixes())


def _head(path: Path) -> bytes:
    """Return the first bytes of a file, unpacked if it is gzip-compressed. UserError if it cannot be read."""
    if path.is_dir():
        raise UserError(tr("{file} is a folder.").format(file=path.name), "", tr("Choose a file in it."))
    return read_bytes(path, _HEAD)
