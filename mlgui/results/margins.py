"""What the view of marginal means asks of a fit: means with their comparisons, or slopes with their regions, and a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mlgui.errors import UserError
from mlgui.results import numbers
from mlgui.results.factors import has_polynomial
from mlgui.results.johnson_neyman import Regions, johnson_neyman
from mlgui.results.marginal_means import Comparison, Row, marginal_means, pairwise, simple_slopes
from mlgui.results.nouns import joined, row_plural
from mlgui.results.reference_grid import Axis, Value, axes_of
from mlgui.results.report import Report
from mlgui.spec.expression import columns_of
from mlgui.spec.render import render_expression
from mlgui.words import ntr, tr

Floats = NDArray[np.float64]

MOST_LEVELS = 30
"""Pairs are compared for up to this many means of a family."""
LINE_POINTS = 25


@dataclass(frozen=True, kw_only=True, eq=False)
class Offer:
    """What can be asked. categories: names, alone or two that interact. numbers: predictors with a slope, interacting first.

    moderators: of each number, the predictors whose product with it is in the model, numbers and categories.
    """

    categories: tuple[tuple[str, ...], ...]
    numbers: tuple[str, ...]
    moderators: dict[str, tuple[str, ...]]
    is_category: dict[str, bool]
    usual: dict[str, tuple[float, ...]]


@dataclass(frozen=True, kw_only=True, eq=False)
class Means:
    """Marginal means and their differences, None where there are too many to compare. sentence: what they say."""

    over: tuple[str, ...]
    means: Comparison
    pairs: Comparison | None
    sentence: str


@dataclass(frozen=True, kw_only=True, eq=False)
class Slopes:
    """Slopes along `focal`. moderator: "" for none. lines: means along focal, moderator slowest, LINE_POINTS each.

    regions: over a moderator that is a number, else None. sample: (n,) moderator in the rows used, of a number.
    """

    focal: str
    moderator: str
    slopes: Comparison
    lines: Comparison
    regions: Regions | None
    sentence: str


def offer(report: Report) -> Offer:
    """Return what can be asked of a model."""
    axes = axes_of(report)
    together = _products(report, axes)
    categories = [name for name, axis in axes.items() if axis.is_category]
    pairs = [(a, b) for k, a in enumerate(categories) for b in categories[k + 1 :] if frozenset((a, b)) in together]
    focal = [name for name, axis in axes.items() if not axis.is_category]
    moderators = {name: tuple(other for other in axes if frozenset((name, other)) in together) for name in focal}
    return Offer(
        categories=(*((name,) for name in categories), *pairs),
        numbers=tuple(sorted(focal, key=lambda name: not moderators[name])),
        moderators=moderators,
        is_category={name: axis.is_category for name, axis in axes.items()},
        usual={name: _usual(axes[name]) for name in focal},
    )


def means_of(report: Report, over: Sequence[str], *, adjustment: str = "tukey", method: str = "satterthwaite") -> Means:
    """Return the marginal means over some categories and all their differences; raises as `marginal_means`."""
    means = marginal_means(report, over, method=method)
    pairs = pairwise(report, over, adjustment=adjustment, method=method) if 1 < len(means.rows) <= MOST_LEVELS else None
    return Means(over=tuple(over), means=means, pairs=pairs, sentence=_means_sentence(report, means, pairs))


def slopes_of(
    report: Report, focal: str, moderator: str = "", values: Sequence[float] = (), *, method: str = "satterthwaite"
) -> Slopes:
    """Return the slopes along `focal` at values of a moderator ("" for none), its usual ones unless given.

    Raises as `simple_slopes` and `johnson_neyman`.
    """
    axes = axes_of(report)
    over = [moderator] if moderator else []
    numeric = bool(moderator) and not axes[moderator].is_category
    at: dict[str, Sequence[Value]] = {}
    if numeric:
        at[moderator] = tuple(values) or _usual(axes[moderator])
    slopes = simple_slopes(report, focal, over, at=at, method=method)
    sample = axes[focal].sample
    along = tuple(np.linspace(sample.min(), sample.max(), LINE_POINTS).tolist())
    lines = marginal_means(report, [*over, focal], at={**at, focal: along}, method=method)
    regions = johnson_neyman(report, focal, moderator, method=method) if numeric else None
    return Slopes(
        focal=focal, moderator=moderator, slopes=slopes, lines=lines, regions=regions,
        sentence=_slopes_sentence(report, slopes, moderator, regions),
    )  # fmt: skip


def parse_values(text: str) -> tuple[float, ...]:
    """Return the numbers of a text, separated by semicolons or spaces, in ascending order; UserError where one is none."""
    found = []
    for part in text.replace("\N{MINUS SIGN}", "-").replace(";", " ").split():
        try:
            value = float(part.replace(",", "."))
        except ValueError:
            value = np.nan
        if not np.isfinite(value):
            raise UserError(
                tr("“{text}” is not a number.").format(text=part),
                tr("The values of the moderator are numbers."),
                tr("Write them with spaces or semicolons between, such as −1 0 1."),
            )
        found.append(value)
    return tuple(sorted(dict.fromkeys(found)))


def _usual(axis: Axis) -> tuple[float, ...]:
    """Return the mean and one SD below and above it, to a tenth of an SD; the two values of a number that has two."""
    values = np.unique(axis.sample)
    if len(values) <= 2:
        return tuple(values.tolist())
    mean, sd = float(axis.sample.mean()), float(axis.sample.std(ddof=1))
    digits = 1 - int(np.floor(np.log10(sd)))
    return tuple(round(value, digits) + 0.0 for value in (mean - sd, mean, mean + sd))


def _products(report: Report, axes: dict[str, Axis]) -> set[frozenset[str]]:
    """Return the pairs of axes that are multiplied in some term."""
    found = set()
    for term in report.design.spec.fixed:
        names = [
            [name] if (name := render_expression(factor)) in axes else [name for name in columns_of(factor) if name in axes]
            for factor in term.factors
        ]
        for k, first in enumerate(names):
            found |= {frozenset((a, b)) for second in names[k + 1 :] for a in first for b in second if a != b}
    return found


def _means_sentence(report: Report, means: Comparison, pairs: Comparison | None) -> str:
    rows = [row for row in means.rows if np.isfinite(row.estimate)]
    if not rows:
        return tr("The data cannot tell these means.")
    low, high = min(rows, key=lambda row: row.estimate), max(rows, key=lambda row: row.estimate)
    outcome = report.design.outcome_label
    text = tr("Mean {outcome} runs from {low} ({low_name}) to {high} ({high_name}), other predictors held.").format(
        outcome=outcome, low=_reading(low), low_name=low.label, high=_reading(high), high_name=high.label
    )
    if pairs is None:
        more = tr("With {n} means pairs are not compared.").format(n=len(means.rows)) if len(means.rows) > MOST_LEVELS else ""
        return f"{text} {more}".strip()
    known = [row for row in pairs.rows if np.isfinite(row.estimate)]
    clear = [row for row in known if row.p < 1 - pairs.confidence]
    if not known:
        return text
    widest = max(known, key=lambda row: abs(row.estimate))
    tail = _limits(widest, pairs.confidence)
    if len(known) == 1:
        return f"{text} " + tr("The difference {pair} is {value} ({limits}), p {p}.").format(
            pair=widest.label, value=_reading(widest), limits=tail, p=_p(widest.p)
        )
    count = ntr("{k} of {n} differences is beyond chance", "{k} of {n} differences are beyond chance", len(clear))
    return f"{text} " + tr("{count} ({adjustment}, 5 %); the largest, {pair}, is {value} ({limits}).").format(
        count=count.format(k=len(clear), n=len(known)), adjustment=adjustment_words(pairs.adjustment), pair=widest.label,
        value=_reading(widest), limits=tail,
    )  # fmt: skip


def adjustment_words(adjustment: str) -> str:
    """Return how p is corrected, as one names it."""
    names = {"tukey": "Tukey", "holm": "Holm", "bonferroni": "Bonferroni", "sidak": "Šidák", "none": tr("not adjusted")}
    return names[adjustment]


def _slopes_sentence(report: Report, slopes: Comparison, moderator: str, regions: Regions | None) -> str:
    outcome, focal = report.design.outcome_label, slopes.focal
    parts = []
    for row in slopes.rows[:4]:
        value = tr("{value} ({limits})").format(value=_reading(row), limits=_limits(row, slopes.confidence))
        parts.append(tr("{value} where {moderator} is {at}").format(value=value, moderator=moderator, at=row.label)
                     if moderator else value)  # fmt: skip
    text = tr("For each unit of {focal}, {outcome} changes on average by {list}.").format(
        focal=focal, outcome=outcome, list=joined(parts)
    )
    if has_polynomial(report.design) or _is_curved(report, focal):
        text += " " + tr("Along a curve this is the slope at the mean of {focal}.").format(focal=focal)
    return text if regions is None else f"{text} {_regions_sentence(report, regions)}"


def _is_curved(report: Report, focal: str) -> bool:
    terms = report.design.spec.fixed
    return any(focal in columns_of(factor) and render_expression(factor) != focal for term in terms for factor in term.factors)


def _regions_sentence(report: Report, regions: Regions) -> str:
    """Return where the slope differs from 0, and for how many rows."""
    focal, moderator = regions.focal, regions.moderator
    if not regions.regions:
        return tr("Nowhere in the range of {moderator} is the slope of {focal} told apart from 0.").format(
            moderator=moderator, focal=focal
        )
    if not regions.borders:
        return tr("It differs from 0 over the whole range of {moderator}.").format(moderator=moderator)
    spans = joined([numbers.interval(low, high, _span_digits(regions)) for low, high in regions.regions])
    return tr("It differs from 0 for {moderator} from {spans}: {share} of the {rows}.").format(
        moderator=moderator, spans=spans, share=numbers.percent(regions.share), rows=row_plural(report.design)
    )


def _span_digits(regions: Regions) -> int:
    return numbers.decimals_for((), [float(np.ptp(regions.values)) / 20])


def _reading(row: Row) -> str:
    return numbers.reading(row.estimate, row.se)


def _limits(row: Row, confidence: float) -> str:
    like = max(abs(row.estimate), row.se)
    low, high = numbers.reading_like(row.low, like), numbers.reading_like(row.high, like)
    return tr("{percent}: {low} to {high}").format(percent=numbers.percent(confidence), low=low, high=high)


def _p(p: float) -> str:
    text = numbers.p_value(p)
    return text if text.startswith("<") else f"= {text}"
