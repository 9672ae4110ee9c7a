"""Two looks at residuals: against fitted values, and against the normal distribution."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from mlgui.results.figure import Axis, Figure, Layer, Line, Panel, Points, Rule
from mlgui.results.report import Report
from mlgui.words import tr

Floats = NDArray[np.float64]

MOST_POINTS = 1100
"""Points drawn at most; the smooth line uses all rows."""

BINS = 25


def residual_checks(report: Report) -> Figure:
    """Return standardised residuals (times the root of the weight, over sigma) against fitted values and normal quantiles."""
    residual = standardised_residuals(report)
    fitted = report.estimates.fitted
    return Figure(
        key="residuals",
        title=tr("Residuals"),
        subtitle=tr("Left: the dark line should stay flat. Right: points should follow the line."),
        panels=(_against_fitted(report, fitted, residual), _normal_quantiles(residual)),
        columns=2,
        alt=tr("Standardised residuals run from {low} to {high}.").format(
            low=f"{residual.min():.1f}", high=f"{residual.max():.1f}"
        ),
        size_mm=(170.0, 85.0),
    )


def standardised_residuals(report: Report) -> Floats:
    """Return (y - fitted) sqrt(w) / sigma, (n,)."""
    problem = report.design.problem
    residual = problem.y - report.estimates.fitted
    if problem.weights is not None:
        residual = residual * np.sqrt(problem.weights)
    return residual / report.sigma if report.sigma > 0 else residual


def binned_means(x: Floats, y: Floats, bins: int = BINS) -> tuple[Floats, Floats]:
    """Return the means of x and y in bins with equally many points, from left to right."""
    order = np.argsort(x, kind="stable")
    parts = [part for part in np.array_split(order, min(bins, len(x))) if len(part)]
    return np.array([x[part].mean() for part in parts]), np.array([y[part].mean() for part in parts])


def _against_fitted(report: Report, fitted: Floats, residual: Floats) -> Panel:
    step = max(1, -(-len(fitted) // MOST_POINTS))
    x, y = binned_means(fitted, residual)
    layers: tuple[Layer, ...] = (
        Points(x=fitted[::step], y=residual[::step], colour="blue", size=1.6, opacity=0.35),
        Rule(value=0.0, colour="ink3", dashed=False, width=1.0),
        Line(x=x, y=y, colour="ink", width=2.0, label=tr("mean residual")),
    )
    return Panel(
        layers=layers,
        x=Axis(title=tr("Fitted {outcome}").format(outcome=report.design.outcome_label)),
        y=Axis(title=tr("Standardised residual"), grid=True),
        title=tr("Straight and even?"),
    )


def _normal_quantiles(residual: Floats) -> Panel:
    n = len(residual)
    quantiles = ndtri((np.arange(1, n + 1) - 0.5) / n)
    ordered = np.sort(residual)
    if n > MOST_POINTS:
        inner = np.linspace(50, n - 51, MOST_POINTS - 100).astype(int)
        kept = np.concatenate([np.arange(50), inner, np.arange(n - 50, n)])
        quantiles, ordered = quantiles[kept], ordered[kept]
    ends = np.array([quantiles[0], quantiles[-1]])
    return Panel(
        layers=(
            Points(x=quantiles, y=ordered, colour="blue", size=1.8),
            Line(x=ends, y=ends, colour="ink", width=1.5, label=tr("normal")),
        ),
        x=Axis(title=tr("Expected if normal")),
        y=Axis(title=tr("Standardised residual"), grid=True),
        title=tr("Normal residuals?"),
    )
