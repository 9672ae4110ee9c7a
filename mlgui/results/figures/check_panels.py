"""The panels of the model checks: residuals along fitted values, normal quantiles, spread by group."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from mlgui.results import numbers
from mlgui.results.check_measures import Bounds, band_of
from mlgui.results.figure import Axis, Band, Layer, Line, Panel, Points, Rule
from mlgui.results.smooth import lowess
from mlgui.words import tr

Floats = NDArray[np.float64]
Groups = NDArray[np.int64]

MOST_POINTS = 1100
"""Marks drawn at most in one panel; curves and verdicts use all of them."""

FEW = 400
"""Up to this many marks they are drawn larger."""

_ENDS = 50
"""Marks kept at each end of a quantile plot, which is where one looks."""


def drawn(values: Floats) -> NDArray[np.intp]:
    """Return which marks to draw: all, or the most extreme ones and every so-manieth of the others."""
    n = len(values)
    if n <= MOST_POINTS:
        return np.arange(n)
    order = np.argsort(values, kind="stable")
    inner = np.linspace(_ENDS, n - _ENDS - 1, MOST_POINTS - 2 * _ENDS).astype(np.intp)
    return np.sort(order[np.concatenate([np.arange(_ENDS), inner, np.arange(n - _ENDS, n)])])


def _of(groups: Groups | None, shown: NDArray[np.intp]) -> Groups | None:
    return None if groups is None else groups[shown]


def fitted_panel(fitted: Floats, residual: Floats, groups: Groups | None, outcome: str, bounds: Bounds | None) -> Panel:
    """Return residuals (on the scale of the outcome) along fitted values with a smooth curve, and the bounds of the outcome."""
    shown = drawn(residual)
    x, y = lowess(fitted, residual)
    layers: list[Layer] = [
        Rule(value=0.0, colour="line2", dashed=False, width=2.0),
        Points(
            x=fitted[shown],
            y=residual[shown],
            groups=_of(groups, shown),
            colour="blue",
            size=1.7 if len(shown) > FEW else 2.4,
            opacity=0.4 if len(shown) > FEW else 0.6,
        ),
    ]
    ends = np.array([float(fitted.min()), float(fitted.max())])
    for (is_there, value, words), colour in zip(_shown_bounds(bounds), ("vermilion", "purple"), strict=False):
        if is_there:
            layers.append(Line(x=ends, y=value - ends, colour=colour, width=1.4, dashed=True, label=words))
    layers.append(Line(x=x, y=y, colour="ink", width=2.2))
    reach = float(np.abs(residual).max()) * 1.04
    return Panel(
        layers=tuple(layers),
        x=Axis(title=tr("Fitted {outcome}").format(outcome=outcome)),
        y=Axis(title=tr("Residual"), grid=True, limits=(-reach, reach)),
    )


TYPICAL_ROOT = 0.822179
"""Mean of the root of the absolute value of a standard normal variable, 2^(1/4) Gamma(3/4) / sqrt(pi)."""


def scale_panel(fitted: Floats, standardised: Floats, groups: Groups | None, outcome: str) -> Panel:
    """Return roots of absolute standardised residuals along fitted values with a smooth curve (Cleveland's spread-location)."""
    root = np.sqrt(np.abs(standardised))
    shown = drawn(standardised)
    x, y = lowess(fitted, root)
    return Panel(
        layers=(
            Rule(value=TYPICAL_ROOT, colour="line2", dashed=False, width=2.0),
            Points(
                x=fitted[shown], y=root[shown], groups=_of(groups, shown), colour="blue",
                size=1.7 if len(shown) > FEW else 2.4, opacity=0.4 if len(shown) > FEW else 0.6,
            ),
            Line(x=x, y=y, colour="ink", width=2.2),
        ),
        x=Axis(title=tr("Fitted {outcome}").format(outcome=outcome)),
        y=Axis(title=tr("Root of the absolute standardised residual"), grid=True, limits=(0.0, float(root.max()) * 1.04)),
    )  # fmt: skip


def cooks_panel(sizes: Floats, cooks: Floats, groups: Groups, mark: float, words: tuple[str, str]) -> Panel:
    """Return Cook's distances of groups over their sizes; those above `mark` in colour. words: titles of the axes."""
    high = np.flatnonzero(cooks > mark)
    others = drawn(cooks)
    others = others[cooks[others] <= mark]
    top = max(float(cooks.max(initial=0.0)), mark) * 1.08
    return Panel(
        layers=(
            Rule(value=mark, colour="ink3", width=1.0),
            Points(x=sizes[others], y=cooks[others], groups=groups[others], colour="grey", size=2.2, opacity=0.7),
            Points(x=sizes[high], y=cooks[high], groups=groups[high], colour="blue", size=3.4),
        ),
        x=Axis(title=words[0]),
        y=Axis(title=words[1], grid=True, limits=(-0.03 * top, top)),
    )


def changes_panel(change: Floats, groups: Groups, names: tuple[str, ...], limit: float) -> Panel:
    """Return the change of each coefficient (rows) when a group is left out, in SEs, (m, p); beyond `limit` in colour."""
    layers: list[Layer] = [Rule(value=0.0, vertical=True, colour="ink", width=1.0, dashed=False)]
    layers += [Rule(value=side * limit, vertical=True, colour="ink3", width=1.0) for side in (-1.0, 1.0)]
    for row in range(change.shape[1]):
        values = change[:, row]
        known = np.flatnonzero(np.isfinite(values))
        shown = known[drawn(values[known])]
        far = np.abs(values[shown]) > limit
        for inside, colour, size in ((~far, "grey", 2.2), (far, "blue", 3.4)):
            at = shown[inside]
            y = np.full(len(at), float(row))
            layers.append(
                Points(x=values[at], y=y, groups=groups[at], colour=colour, size=size, opacity=0.7 if colour == "grey" else 1.0)
            )
    ticks = tuple((float(row), name) for row, name in enumerate(names))
    reach = max(float(np.nanmax(np.abs(change), initial=0.0)), limit) * 1.08
    return Panel(
        layers=tuple(layers),
        x=Axis(title=tr("Change when the group is left out, in SE"), grid=True, limits=(-reach, reach)),
        y=Axis(ticks=ticks, limits=(-0.6, max(len(names) - 0.4, 0.6)), reverse=True),
    )


def _shown_bounds(bounds: Bounds | None) -> list[tuple[bool, float, str]]:
    if bounds is None:
        return []
    return [
        (bounds.ceiling, bounds.highest, tr("highest value, {value}").format(value=numbers.given(bounds.highest))),
        (bounds.floor, bounds.lowest, tr("lowest value, {value}").format(value=numbers.given(bounds.lowest))),
    ]


def quantile_panel(values: Floats, groups: Groups | None, title: str) -> Panel:
    """Return standardised values against what a normal distribution would give, with the line of equality."""
    n = len(values)
    order = np.argsort(values, kind="stable")
    expected = np.empty(n)
    expected[order] = ndtri((np.arange(1, n + 1) - 0.5) / n)
    shown = drawn(values)
    reach = np.array([-1.0, 1.0]) * max(float(np.abs(expected).max(initial=0.0)), 1.0) * 1.03
    return Panel(
        layers=(
            Line(x=reach, y=reach, colour="ink", width=1.5),
            Points(x=expected[shown], y=values[shown], groups=_of(groups, shown), colour="blue", size=2.2 if n > FEW else 2.7),
        ),
        x=Axis(title=tr("Expected if normal")),
        y=Axis(title=title, grid=True),
    )


def spread_panel(sizes: Floats, df_lost: int, sds: Floats, groups: Groups, sigma: float, words: tuple[str, str]) -> Panel:
    """Return residual SDs by group over its size, with the band in which about 95 % lie if all are equal; words: axis titles.

    The band is sigma exp(+-sqrt(2 / df)), two standard errors of the logarithm of a standard deviation.
    """
    low, high = band_of(sizes - df_lost, sigma)
    outside = (sds < low) | (sds > high)
    inside = drawn(sds)
    inside = inside[~outside[inside]]
    x = np.unique(np.round(np.linspace(float(sizes.min()), float(sizes.max()), 80)))
    below, above = band_of(x - df_lost, sigma)
    far = np.flatnonzero(outside)[:MOST_POINTS]
    return Panel(
        layers=(
            Band(x=x, low=below, high=above, colour="grey", opacity=0.13),
            Rule(value=sigma, colour="ink", dashed=False, width=1.5),
            Points(x=sizes[inside], y=sds[inside], groups=groups[inside], colour="grey", size=2.2, opacity=0.7),
            Points(x=sizes[far], y=sds[far], groups=groups[far], colour="blue", size=3.4),
        ),
        x=Axis(title=words[0]),
        y=Axis(title=words[1], grid=True),
    )
