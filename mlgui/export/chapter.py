"""What a report says of one model, before it has a format."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from mlgui.results import numbers
from mlgui.results.report import Report
from mlgui.results.tables import ResultTable
from mlgui.spec.wording import EquationLine
from mlgui.words import tr

MOST_ROWS_ON_PAPER = 60


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A figure painted by the caller, as SVG or as PNG. alt: what it shows, in a sentence."""

    title: str
    svg: bytes = b""
    png: bytes = b""
    alt: str = ""


@dataclass(frozen=True, kw_only=True)
class Chapter:
    """One model of a report. name, note: the user's. pictures: as SVG or PNG where the format shows both, else as PNG.

    left_out: which tables are not in it and where they are, in sentences.
    """

    report: Report
    name: str
    tables: Sequence[ResultTable]
    equations: Sequence[EquationLine] = ()
    pictures: Sequence[Picture] = ()
    note: str = ""
    left_out: tuple[str, ...] = ()


def for_paper(chapter: Chapter) -> Chapter:
    """Return the chapter without tables of more than 60 rows, which nobody reads on paper, and with a sentence for each."""
    kept = [table for table in chapter.tables if table.n_rows <= MOST_ROWS_ON_PAPER]
    text = tr("{title}: {n} rows, too many for paper. They are in the web page (.html) and the exported tables.")
    left_out = tuple(
        text.format(title=table.title, n=numbers.count(table.n_rows))
        for table in chapter.tables
        if table.n_rows > MOST_ROWS_ON_PAPER
    )
    return replace(chapter, tables=kept, left_out=left_out)
