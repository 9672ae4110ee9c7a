"""What changes in a model when it is fitted to fewer rows: every number before and after, and which moves most."""

from __future__ import annotations

import math
from dataclasses import dataclass

from mlgui.results import numbers
from mlgui.results.report import FixedEffect, Report
from mlgui.results.side_by_side import Part, rows
from mlgui.words import tr

NOTABLE = 0.5
"""From this share of its standard error on, the shift of an average coefficient is marked."""


@dataclass(frozen=True, kw_only=True)
class ChangeRow:
    """One number before and after. shift: of an average, in standard errors of before; NaN for others. notable: marked."""

    part: Part
    label: str
    before: str
    after: str
    shift: float
    notable: bool


@dataclass(frozen=True, kw_only=True)
class Changes:
    """All numbers of two fits of one model, and the largest shift in a sentence."""

    rows: tuple[ChangeRow, ...]
    sentence: str


def changes(before: Report, after: Report) -> Changes:
    """Return how the averages, SDs and correlations of a model differ between two fits."""
    old = {effect.label: effect for effect in before.fixed if effect.estimable}
    new = {effect.label: effect for effect in after.fixed if effect.estimable}
    found = []
    for row in rows([before, after]):
        if row.part is Part.SHARES:
            continue
        shift = _shift(old.get(row.label), new.get(row.label)) if row.part is Part.AVERAGES else math.nan
        turned = row.part is Part.AVERAGES and _turned(old.get(row.label), new.get(row.label))
        found.append(
            ChangeRow(
                part=row.part, label=row.label, before=row.text(0), after=row.text(1), shift=shift,
                notable=abs(shift) >= NOTABLE or turned,
            )
        )  # fmt: skip
    return Changes(rows=tuple(found), sentence=_sentence(found))


def _shift(old: FixedEffect | None, new: FixedEffect | None) -> float:
    if old is None or new is None or not old.se > 0:
        return math.nan
    return (new.estimate - old.estimate) / old.se


def _turned(old: FixedEffect | None, new: FixedEffect | None) -> bool:
    """Return whether one of the intervals holds zero and the other does not."""
    if old is None or new is None:
        return False
    return (old.low <= 0 <= old.high) != (new.low <= 0 <= new.high)


def _sentence(found: list[ChangeRow]) -> str:
    moved = [row for row in found if math.isfinite(row.shift)]
    if not moved:
        return ""
    most = max(moved, key=lambda row: abs(row.shift))
    text = tr("{name} moves most: from {before} to {after}, {share} of its standard error.")
    if abs(most.shift) < 0.1:
        text = tr("No average coefficient moves by more than a tenth of its standard error.")
    share = numbers.number(abs(most.shift), 1)
    sentence = text.format(name=most.label, before=most.before, after=most.after, share=share)
    turned = [row.label for row in moved if row.notable and abs(row.shift) < NOTABLE]
    if turned:
        sentence += " " + tr("The interval of {names} reaches zero in one of the two fits only.").format(names=", ".join(turned))
    return sentence
