"""The pooling dial in statements: from no variation between the groups to no pooling, for one grouping.

`dial_curve` passes once along the dial; `dialled` is the report as it would read at one place of it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from mlgui.engine.dial import Dial, Shape, dial_of
from mlgui.progress import OnStep, Step, ignore_steps
from mlgui.results.group_columns import grouping_index
from mlgui.results.groups import grouping_estimates
from mlgui.results.nouns import group_plural, joined
from mlgui.results.numbers import percent
from mlgui.results.report import Report
from mlgui.words import tr

Floats = NDArray[np.float64]

FIRST_PLACES, MOST_PLACES = 13, 72
"""Places at which the criterion is computed: first evenly in log c, then between those whose shares lie far apart."""

FAR_APART = 0.025
"""Difference in mean share up to which the curve is drawn as a straight line."""

LEAST = 1e-6
"""The first place after c = 0, as a share of the largest c."""


@dataclass(frozen=True, kw_only=True, eq=False)
class DialCurve:
    """Places along the dial. c (m,): rising from 0. share (m, q): mean share of group variance resolved, per coefficient.

    criterion (m,): above that of the fit. fit: position of the fit among the places. left, right: what the ends are
    called. note: what is unusual about this dial, "" for nothing. method: "REML" or "ML".
    """

    grouping: str
    dial: Dial
    c: Floats
    share: Floats
    criterion: Floats
    fit: int
    left: str
    right: str
    note: str
    method: str

    def axis(self, coefficient: int) -> int:
        """Return the coefficient whose share is the axis: the one asked for, unless its variance is 0 along the dial."""
        known = np.flatnonzero(np.isfinite(self.share[0]))
        return coefficient if coefficient in known else int(known[0])

    def fit_share(self, coefficient: int) -> float:
        """Return the mean share at the fit."""
        return float(self.share[self.fit, self.axis(coefficient)])

    def end_share(self, coefficient: int) -> float:
        """Return the mean share at the right end: 1, or less where some groups can never be told apart."""
        return float(self.share[-1, self.axis(coefficient)])

    def scale_at(self, coefficient: int, share: float) -> float:
        """Return the c at which the mean share of a coefficient is (nearly) `share`; the ends beyond them."""
        shares = np.maximum.accumulate(self.share[:, self.axis(coefficient)])
        if share <= 0.0 or share >= shares[-1]:
            return 0.0 if share <= 0.0 else float(self.c[-1])
        if share <= shares[1]:
            return float(self.c[1] * np.sqrt(share / shares[1]))
        # log c over the logit of the share is nearly a straight line
        return float(np.exp(np.interp(_logit(share), _logit(shares[1:]), np.log(self.c[1:]))))

    def criterion_at(self, coefficient: int, share: float) -> float:
        """Return the criterion above that of the fit at a mean share, read off the curve."""
        return float(np.interp(share, self.share[:, self.axis(coefficient)], self.criterion))


@dataclass(frozen=True, kw_only=True, eq=False)
class Dialled:
    """The model at one place of the dial of `grouping`. share (q,): mean share of group variance resolved.

    report: the report of the fit in which the coefficients' estimates and the estimates of the groups are those of this
    place; everything else in it is still the fit's.
    """

    grouping: str
    c: float
    share: Floats
    criterion: float
    report: Report


def dial_curve(report: Report, grouping: str, on_step: OnStep = ignore_steps) -> DialCurve:
    """Return the dial of one grouping with the criterion along it. What `on_step` raises passes through."""
    dial = dial_of(report.estimates, grouping_index(report, grouping))
    values: dict[float, tuple[float, Floats]] = {}
    waiting = [0.0, dial.optimum, *(dial.end * np.geomspace(LEAST, 1.0, FIRST_PLACES)).tolist()]
    while waiting and len(values) < MOST_PLACES:
        on_step(Step(text=tr("Computing the pooling dial"), done=len(values), total=MOST_PLACES))
        c = waiting.pop(0)
        at = dial.at(c)
        values[c] = at.criterion, at.resolved.mean(axis=0)
        waiting = waiting or _far_apart(values)
    places = sorted(values)
    criterion = np.array([values[c][0] for c in places])
    fit = places.index(dial.optimum)
    return DialCurve(
        grouping=grouping,
        dial=dial,
        c=np.array(places),
        share=np.array([values[c][1] for c in places]),
        criterion=criterion - criterion[fit],
        fit=fit,
        left=tr("No variation between {groups}").format(groups=group_plural(grouping)),
        right=_right_end(report, grouping, dial),
        note=_note(report, grouping, dial),
        method=report.method,
    )


def _far_apart(values: dict[float, tuple[float, Floats]]) -> list[float]:
    """Return places between neighbours whose shares, or criteria as they will be drawn, differ much, the widest gap first."""
    lowest = min(criterion for criterion, _ in values.values())
    height = max(values[0.0][0] - lowest, 1.0)
    gaps = []
    for left, right in pairwise(sorted(values)):
        shares = float(np.nanmax(values[right][1] - values[left][1]))
        rises = sorted(min((values[c][0] - lowest) / height, 1.2) for c in (left, right))
        if left > 0:
            gaps.append((max(shares, (rises[1] - rises[0]) / 4), float(np.sqrt(left * right))))
    return [middle for gap, middle in sorted(gaps, reverse=True) if gap > FAR_APART]


def dialled(report: Report, curve: DialCurve, c: float) -> Dialled:
    """Return the model at one place of the dial; c = 1 is the fit (0 where the variance was estimated as 0)."""
    dial, index = curve.dial, grouping_index(report, curve.grouping)
    at = dial.at(c)
    fixed = tuple(replace(effect, estimate=float(value)) for effect, value in zip(report.fixed, at.beta, strict=True))
    groups = list(report.groups)
    effects = dial.effects(at)
    own = dial.own(at, effects.factor)
    groups[index] = grouping_estimates(report.design.groupings[index], effects, own, at.beta, dial.vcov(at))
    return Dialled(
        grouping=curve.grouping,
        c=c,
        share=at.resolved.mean(axis=0),
        criterion=at.criterion - report.criterion,
        report=replace(report, fixed=fixed, groups=tuple(groups)),
    )


def _right_end(report: Report, grouping: str, dial: Dial) -> str:
    """Return what the right end is called: a variance of 0 or a correlation of 1 stays as it is along the dial."""
    if dial.shape is not Shape.SINGULAR:
        return tr("No pooling")
    boundary = next(one for one in report.estimates.boundaries if one.grouping == dial.grouping)
    if boundary.zero:
        return tr("Least pooling with a variance of 0")
    return tr("Least pooling this correlation allows")


def _note(report: Report, grouping: str, dial: Dial) -> str:
    if report.estimates.problem.boundary_avoiding:
        return tr(
            "A penalty keeps the variances of the fit off 0. The curve is the criterion without it, so that it may be lower "
            "beside the fit."
        )
    if dial.shape is Shape.OWN:
        return tr(
            "The variance between {groups} is estimated as 0, so there is no shape to hold: the dial adds variance in proportion "
            "to the uncertainty of what {groups} say alone."
        ).format(groups=group_plural(grouping))
    boundary = next((one for one in report.estimates.boundaries if one.grouping == dial.grouping), None)
    if boundary is not None and boundary.zero:
        names = [report.groups[dial.grouping].labels[index] for index in boundary.zero]
        return tr("The variance of {names} stays 0 along the dial.").format(names=joined(names))
    return ""


def dial_words(curve: DialCurve, coefficient: int, share: float) -> str:
    """Return where the dial stands in words, for screen readers and the tag."""
    if abs(share - curve.fit_share(coefficient)) < 1e-9:
        return tr("{share}, the {method} fit").format(share=percent(share), method=curve.method)
    return tr("{share}, not the {method} fit").format(share=percent(share), method=curve.method)


def dial_caption(curve: DialCurve) -> str:
    """Return what the axis of the dial is."""
    return tr("mean share of the variance between {groups} resolved").format(groups=group_plural(curve.grouping))


def _logit(share: Floats | float) -> Floats:
    inside = np.clip(share, 1e-12, 1 - 1e-12)
    return np.asarray(np.log(inside) - np.log1p(-inside))
