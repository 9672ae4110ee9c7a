"""The criterion along the pooling dial."""

from __future__ import annotations

import numpy as np

from mlgui.results import numbers
from mlgui.results.dial import DialCurve
from mlgui.results.figure import Axis, Figure, Line, Panel, Points, Rule
from mlgui.results.nouns import group_plural
from mlgui.results.tables import key_of
from mlgui.words import tr

LEAST_HEIGHT = 10.0
"""The criterion axis reaches at least this far above the fit: about where an interval of any use has ended."""

ROUNDING = 1e-6
"""A criterion this far below that of the fit is rounding."""


def dial_figure(curve: DialCurve, coefficient: int = 0, share: float | None = None) -> Figure:
    """Return the criterion above that of the fit over the mean share resolved, with a mark at the fit and one at `share`.

    Deliberately without a shaded interval: the curve holds the shape of G, so it is not a profile.
    """
    x = curve.share[:, curve.axis(coefficient)]
    top = max(1.03 * float(curve.criterion[0]), LEAST_HEIGHT)
    bottom = min(1.03 * float(curve.criterion.min()), 0.0) if _dips(curve) else 0.0
    fit = curve.fit_share(coefficient)
    here = fit if share is None else share
    method = curve.method
    layers = (
        Line(x=x, y=curve.criterion, colour="ink2", width=1.6),
        Rule(value=fit, vertical=True, colour="accent", width=1.2, label=_fit_label(curve, fit)),
        Points(x=np.array([here]), y=np.array([min(curve.criterion_at(coefficient, here), top)]), colour="accent", size=4.0),
    )
    return Figure(
        key=key_of("pooling_dial", curve.grouping),
        title=tr("Pooling dial"),
        subtitle=tr("{method} criterion along the dial (shape held), above its value at the fit.").format(method=method),
        panels=(
            Panel(
                layers=layers,
                x=Axis(limits=(0.0, 1.0), ticks=tuple((k / 4, numbers.percent(k / 4)) for k in range(5))),
                y=Axis(title=tr("{method} criterion along the dial (shape held)").format(method=method), grid=True,
                       limits=(bottom, top)),
            ),
        ),
        alt=_alt(curve, coefficient),
        size_mm=(160.0, 50.0),
    )  # fmt: skip


def _fit_label(curve: DialCurve, fit: float) -> str:
    return tr("{method} fit {share}").format(method=curve.method, share=numbers.percent(fit))


def _dips(curve: DialCurve) -> bool:
    """Return whether the criterion is lower beside the fit, as that of a penalised fit is."""
    return float(curve.criterion.min()) < -ROUNDING


def _alt(curve: DialCurve, coefficient: int) -> str:
    fit = curve.fit_share(coefficient)
    if _dips(curve):
        return tr(
            "Criterion along the pooling dial of {groups}: lowest at {share}; the penalised {method} fit is at {fit}, "
            "{above} higher."
        ).format(
            groups=group_plural(curve.grouping),
            share=numbers.percent(float(curve.share[curve.criterion.argmin(), curve.axis(coefficient)])),
            method=curve.method,
            fit=numbers.percent(fit),
            above=numbers.short(-float(curve.criterion.min()), 3),
        )
    return tr(
        "Criterion along the pooling dial of {groups}: lowest at {share}, the {method} fit; {left} higher without variation."
    ).format(
        groups=group_plural(curve.grouping),
        share=numbers.percent(fit),
        method=curve.method,
        left=numbers.short(float(curve.criterion[0]), 3),
    )
