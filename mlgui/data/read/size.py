"""How much a file may hold for its size: what is larger on purpose is refused before it fills the memory."""

from __future__ import annotations

from pathlib import Path

from mlgui.errors import UserError
from mlgui.words import tr

_MOST_CELLS = 500_000_000
_MODEST_CELLS, _MOST_CELLS_PER_BYTE = 5_000_000, 100
"""Cells any file may hold; beyond them, cells for each byte: the best packed of real data stay a hundred times below."""


def check_size(path: Path, n_rows: int, n_columns: int) -> None:
    """Raise a UserError if a file announces more cells than memory can hold, or than its size makes believable."""
    n_cells = n_rows * n_columns
    if n_cells > _MOST_CELLS:
        raise UserError(
            tr("{file} is too large to be opened.").format(file=path.name),
            tr("It holds {n_rows} rows and {n_columns} columns.").format(n_rows=n_rows, n_columns=n_columns),
            tr("Keep only the columns and rows you need, and save it again."),
        )
    if n_cells > most_cells(path):
        raise swollen(path)


def most_cells(path: Path) -> int:
    """Return the largest number of cells that a file of its size is believed to hold."""
    return max(_MODEST_CELLS, path.stat().st_size * _MOST_CELLS_PER_BYTE)


def swollen(path: Path) -> UserError:
    """Return the error that refuses a small file which unpacks to something enormous."""
    return UserError(
        tr("{file} was not opened.").format(file=path.name),
        tr("A small file that unpacks to an enormous table can bring a computer to a halt."),
        tr("If you trust it, open it in the program it comes from and save it as CSV."),
    )
