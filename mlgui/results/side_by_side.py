"""Every number of several models in rows, one column a model, and how each differs from a model chosen as reference."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from mlgui.results import numbers
from mlgui.results.report import Report
from mlgui.words import tr


class Part(StrEnum):
    """What a row belongs to."""

    AVERAGES = "averages"
    SPREADS = "spreads"
    CORRELATIONS = "correlations"
    SHARES = "shares"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One number of one model. se: NaN where it has none."""

    value: float
    se: float = float("nan")


@dataclass(frozen=True, kw_only=True)
class Row:
    """One quantity in all models. entries: None where a model does not have it. decimals: the same in all. percent: a share."""

    part: Part
    label: str
    entries: tuple[Entry | None, ...]
    decimals: int = 2
    percent: bool = False

    def text(self, model: int) -> str:
        """Return the number of one model, a dash where it has none."""
        entry = self.entries[model]
        return numbers.MISSING if entry is None else self._written(entry.value)

    def difference(self, model: int, reference: int) -> str:
        """Return the number of a model less that of the reference, with its sign; "" where one is missing or they agree."""
        mine, theirs = self.entries[model], self.entries[reference]
        if mine is None or theirs is None or model == reference:
            return ""
        gap = mine.value - theirs.value
        text = tr("{n} points").format(n=numbers.number(100 * gap, 0)) if self.percent else self._written(gap)
        if not any(digit in "123456789" for digit in text):
            return ""
        return text if gap < 0 else f"+{text}"

    def only_in(self, model: int, reference: int) -> bool:
        """Whether a model has this and the reference has not."""
        return self.entries[model] is not None and self.entries[reference] is None

    def _written(self, value: float) -> str:
        return numbers.percent(value) if self.percent else numbers.number(value, self.decimals)


def rows(reports: Sequence[Report]) -> tuple[Row, ...]:
    """Return average coefficients, SDs, correlations and variance shares of models, in the order of their first appearance."""
    found: list[Row] = []
    for part, read in ((Part.AVERAGES, _averages), (Part.SPREADS, _spreads), (Part.CORRELATIONS, _correlations)):
        found += _joined(part, [dict(read(report)) for report in reports])
    return (*found, *_joined(Part.SHARES, [dict(_shares(report)) for report in reports], percent=True))


def _joined(part: Part, columns: Sequence[dict[str, Entry]], *, percent: bool = False) -> list[Row]:
    every = [entry for column in columns for entry in column.values()]
    errors = [entry.se for entry in every if np.isfinite(entry.se)]
    if part is Part.SPREADS:
        decimals = numbers.decimals_of_spread([entry.value for entry in every])
    else:
        decimals = numbers.decimals_for((), errors) if errors else 2
    labels = dict.fromkeys(label for column in columns for label in column)
    if part is Part.SPREADS:
        last = tr("Residual")
        labels = dict.fromkeys([*(label for label in labels if label != last), *(label for label in labels if label == last)])
    return [
        Row(part=part, label=label, entries=tuple(column.get(label) for column in columns), decimals=decimals, percent=percent)
        for label in labels
    ]


def _averages(report: Report) -> Iterator[tuple[str, Entry]]:
    for effect in report.fixed:
        if effect.estimable:
            yield effect.label, Entry(value=effect.estimate, se=effect.se)


def _spreads(report: Report) -> Iterator[tuple[str, Entry]]:
    for one in report.variance:
        for label, sd in zip(one.labels, one.sd, strict=True):
            yield tr("{what} by {grouping}").format(what=label, grouping=one.grouping), Entry(value=float(sd))
    yield tr("Residual"), Entry(value=report.sigma)


def _correlations(report: Report) -> Iterator[tuple[str, Entry]]:
    for one in report.variance:
        if one.correlation is None:
            continue
        for row in range(len(one.labels)):
            for column in range(row):
                label = tr("{first}, {second} by {grouping}").format(
                    first=one.labels[column], second=one.labels[row], grouping=one.grouping
                )
                yield label, Entry(value=float(one.correlation[row, column]))


def _shares(report: Report) -> Iterator[tuple[str, Entry]]:
    shares = report.shares
    found = [
        (tr("ICC (adjusted)"), shares.icc_adjusted),
        (tr("R² marginal"), shares.r2_marginal),
        (tr("R² conditional"), shares.r2_conditional),
    ]
    for label, value in found:
        if np.isfinite(value):
            yield label, Entry(value=float(value))
