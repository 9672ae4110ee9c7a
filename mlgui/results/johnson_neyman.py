"""Where along a moderator the slope of a predictor differs from 0 (Johnson & Neyman 1936; Bauer & Curran 2005)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq, minimize_scalar

from mlgui.engine.inference import t_quantile
from mlgui.errors import UserError
from mlgui.results import numbers
from mlgui.results.marginal_means import slope_contrasts, tests_of
from mlgui.results.reference_grid import Value, axes_of
from mlgui.results.report import Report
from mlgui.results.tables import Format, ResultColumn, ResultTable
from mlgui.words import tr

Floats = NDArray[np.float64]

POINTS = 201


@dataclass(frozen=True, kw_only=True, eq=False)
class Regions:
    """The slope along `focal` as a function of `moderator` over the range of the data.

    values, slope, low, high: the curve and its pointwise band. regions: (from, to) where the band leaves out 0, within the
    range. borders: the values at which that changes. share: of the rows used that lie in a region. sample: (n,) the
    moderator in the rows used.
    """

    focal: str
    moderator: str
    values: Floats
    slope: Floats
    low: Floats
    high: Floats
    regions: tuple[tuple[float, float], ...]
    borders: tuple[float, ...]
    share: float
    sample: Floats


def johnson_neyman(
    report: Report,
    focal: str,
    moderator: str,
    *,
    at: Mapping[str, Sequence[Value]] | None = None,
    method: str = "satterthwaite",
    confidence: float = 0.95,
) -> Regions:
    """Return where the slope along `focal` is different from 0, over the observed range of the number `moderator`.

    The band holds at each value by itself, not for all at once. UserError where one of them is no number of the model.
    """
    axes = axes_of(report)
    if moderator == focal or moderator not in axes or axes[moderator].is_category:
        raise UserError(
            tr("“{name}” cannot be the moderator.").format(name=moderator),
            tr("It must be another predictor of the model that holds numbers."),
            tr("Choose one of: {list}.").format(
                list=", ".join(name for name, axis in axes.items() if not axis.is_category and name != focal)
            ),
        )
    sample = axes[moderator].sample

    def band(values: Floats) -> tuple[Floats, Floats]:
        _, x = slope_contrasts(report, focal, [moderator], {**(at or {}), moderator: tuple(float(one) for one in values)})
        tests = tests_of(report, x, method)
        return tests.estimate, t_quantile(tests.df, confidence) * tests.se

    def excess(value: float) -> float:
        slope, half = band(np.array([value]))
        return float(np.abs(slope[0]) - half[0])

    values = np.linspace(sample.min(), sample.max(), POINTS)
    slope, half = band(values)
    between = _crossed_between(values, np.abs(slope) - half, excess)
    if between:
        values = np.sort(np.append(values, between))
        slope, half = band(values)
    inside = np.abs(slope) > half
    changes = np.flatnonzero(inside[1:] != inside[:-1])
    borders = tuple(float(brentq(excess, values[i], values[i + 1], xtol=1e-12, rtol=1e-12)) for i in changes)
    regions = _regions(values, bool(inside[0]), borders)
    return Regions(
        focal=focal, moderator=moderator, values=values, slope=slope, low=slope - half, high=slope + half,
        regions=regions, borders=borders,
        share=_share(sample, regions), sample=sample,
    )  # fmt: skip


def _crossed_between(values: Floats, excess: Floats, function: Callable[[float], float]) -> list[float]:
    """Return values between others at which a function that turns towards 0 there has crossed it."""
    found = []
    distance, sign = np.abs(excess), np.sign(excess)
    for i in range(1, len(values) - 1):
        if sign[i - 1] == sign[i] == sign[i + 1] and distance[i] <= min(distance[i - 1], distance[i + 1]):
            side, ends = float(sign[i]), (values[i - 1], values[i + 1])
            turn = minimize_scalar(lambda value, side=side: side * function(value), bounds=ends, method="bounded")
            if turn.fun < 0:
                found.append(float(turn.x))
    return found


def _share(sample: Floats, regions: tuple[tuple[float, float], ...]) -> float:
    inside = np.zeros(len(sample), dtype=bool)
    for low, high in regions:
        inside |= (sample >= low) & (sample <= high)
    return float(inside.mean())


def _regions(values: Floats, starts_inside: bool, borders: tuple[float, ...]) -> tuple[tuple[float, float], ...]:
    ends = [float(values[0]), *borders, float(values[-1])]
    return tuple((ends[i], ends[i + 1]) for i in range(0 if starts_inside else 1, len(ends) - 1, 2))


def regions_table(found: Regions) -> ResultTable:
    """Return the regions as a table, one a row: from, to, and whether the slope is above or below 0 there."""
    signs = [float(np.interp((low + high) / 2, found.values, found.slope)) for low, high in found.regions]
    digits = numbers.decimals_for([float(np.ptp(found.values))], [float(np.ptp(found.values)) / 100])
    ends = list(zip(*found.regions, strict=True)) or [(), ()]
    return ResultTable(
        key="regions",
        title=tr("Where along {moderator} the slope of {focal} differs from 0").format(
            moderator=found.moderator, focal=found.focal
        ),
        columns=(
            ResultColumn(key="from", heading=tr("From"), cells=list(ends[0]), format=Format.NUMBER, decimals=digits),
            ResultColumn(key="to", heading=tr("To"), cells=list(ends[1]), format=Format.NUMBER, decimals=digits),
            ResultColumn(key="sign", heading=tr("Slope"), cells=[tr("above 0") if one > 0 else tr("below 0") for one in signs]),
        ),
        note=tr("{share} of the rows lie there; judged at each value by itself, within the range of the data.").format(
            share=numbers.percent(found.share)
        ),
    )
