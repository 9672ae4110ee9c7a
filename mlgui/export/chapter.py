"""What a report says of one model, before it has a format."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mlgui.results.report import Report
from mlgui.results.tables import ResultTable
from mlgui.spec.wording import EquationLine


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A figure painted by the caller, as SVG or as PNG. alt: what it shows, in a sentence."""

    title: str
    svg: bytes = b""
    png: bytes = b""
    alt: str = ""


@dataclass(frozen=True, kw_only=True)
class Chapter:
    """One model of a report. name, note: the user's. pictures: as SVG or PNG where the format shows both, else as PNG."""

    report: Report
    name: str
    tables: Sequence[ResultTable]
    equations: Sequence[EquationLine] = ()
    pictures: Sequence[Picture] = ()
    note: str = ""
