"""The estimated residual structure, and what is not there for models that have one."""

from __future__ import annotations

import numpy as np

from mlgui.engine.estimates import ResidualEstimates
from mlgui.errors import UserError
from mlgui.results import numbers
from mlgui.results.report import Report
from mlgui.results.tables import Format, ResultColumn, ResultTable
from mlgui.spec.residual import residual_texts
from mlgui.words import tr


def residual_table(report: Report) -> ResultTable | None:
    """Return the estimated residual structure, a row for each SD and correlation; None for independent residuals with one SD."""
    residual, levels = report.estimates.residual, report.design.residual_levels
    if residual.kind == "homogeneous":
        return None
    rows = [
        (tr("SD, {level}").format(level=level), report.sigma * float(ratio))
        for level, ratio in zip(levels, residual.sd_ratios, strict=False)
    ] or [(tr("SD"), report.sigma)]
    if residual.correlation is not None:
        rows.append((_correlation_words(residual), residual.correlation))
    for a, b in zip(*np.tril_indices(len(residual.correlations), -1), strict=True):
        rows.append((tr("correlation of {one} and {other}").format(one=levels[b], other=levels[a]), residual.correlations[a, b]))
    return ResultTable(
        key="residual",
        title=tr("Residuals"),
        columns=(
            ResultColumn(key="parameter", heading=tr("Parameter"), cells=[name for name, _ in rows]),
            ResultColumn(
                key="estimate", heading=tr("Estimate"), cells=[value for _, value in rows], format=Format.NUMBER, decimals=3
            ),
        ),
        note=" ".join(residual_texts(report.design.spec.residual)),
    )


def _correlation_words(residual: ResidualEstimates) -> str:
    if residual.unit is None:
        return tr("correlation")
    return tr("correlation at distance {distance}").format(distance=numbers.short(residual.unit))


def refuse_structures(report: Report) -> None:
    """UserError for a model whose residual variances or correlations are estimated."""
    if report.estimates.problem.residual.kind != "homogeneous":
        raise UserError(
            tr("This is not available for models with a residual structure."),
            tr("It rests on residuals that are independent, with one variance."),
            tr("Fit the model without the structure to see it."),
        )
