"""How the predictors of a report are coded and centred, as facts to set beside those of another program."""

from __future__ import annotations

from typing import NamedTuple

from mlgui.data.table import CODED, Kind
from mlgui.results.report import Report
from mlgui.spec import edits
from mlgui.spec.edits import Centring
from mlgui.spec.expression import columns_of


class CodingThere(NamedTuple):
    """The default coding of a program. contrast: "" where it is none of those here. place: of the reference in the alphabet."""

    words: str
    contrast: str
    place: int


def codings_here(report: Report) -> tuple[tuple[str, str, str], ...]:
    """Return (column, contrast, reference level) of every category among the predictors."""
    spec, table = report.design.spec, report.design.table
    names = dict.fromkeys(name for term in spec.fixed for name in term.columns)
    grouped = {name for random in spec.random for name in random.grouping.columns}
    found = []
    for name in names:
        if table[name].kind in CODED and name not in grouped:
            coding = spec.coding(name)
            found.append((name, coding.contrast.value, coding.reference or table[name].levels[0]))
    return tuple(found)


def centring_here(report: Report) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the columns of numbers that are predictors as they are, and those whose zero was moved."""
    spec, table = report.design.spec, report.design.table
    plain: dict[str, None] = {}
    centred: dict[str, None] = {}
    for factor in (factor for term in spec.fixed for factor in term.factors):
        for name in columns_of(factor)[:1]:
            if table[name].kind is Kind.NUMBER:
                (plain if edits.centring_of(factor, name) is Centring.NONE else centred)[name] = None
    return tuple(plain), tuple(centred)
