"""What is not there for models with a residual structure."""

from __future__ import annotations

from mlgui.errors import UserError
from mlgui.results.report import Report
from mlgui.words import tr


def refuse_structures(report: Report) -> None:
    """UserError for a model whose residual variances or correlations are estimated."""
    if report.estimates.problem.residual.kind != "homogeneous":
        raise UserError(
            tr("This is not available for models with a residual structure."),
            tr("It rests on residuals that are independent, with one variance."),
            tr("Fit the model without the structure to see it."),
        )
