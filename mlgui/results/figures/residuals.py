"""Two looks at residuals for a report: along fitted values, and against the normal distribution."""

from __future__ import annotations

from mlgui.results.figure import Figure
from mlgui.results.figures.checks import model_checks
from mlgui.results.report import Report
from mlgui.words import tr


def residual_checks(report: Report) -> Figure:
    """Return the first two model checks side by side."""
    checks = model_checks(report)[:2]
    return Figure(
        key="residuals",
        title=tr("Residuals"),
        subtitle=tr("Left: the thick curve should stay flat. Right: points should follow the line."),
        panels=tuple(panel for check in checks for panel in check.figure.panels),
        columns=2,
        alt=" ".join(check.figure.alt for check in checks),
        size_mm=(170.0, 85.0),
    )
