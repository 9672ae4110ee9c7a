"""The rows of a fit one by one: fitted values, residuals of every kind, leverage and influence."""

from __future__ import annotations

from mlgui.engine.prediction import leverages
from mlgui.engine.residuals import cooks_distances, residuals, studentised
from mlgui.results import numbers
from mlgui.results.report import Report
from mlgui.results.tables import Format, ResultColumn, ResultTable
from mlgui.words import tr


def rows_table(report: Report) -> ResultTable:
    """Return one row for each row used: outcome, fitted, average, residuals, leverage and Cook's distance."""
    estimates, design = report.estimates, report.design
    leverage = leverages(estimates)
    found = residuals(estimates)
    digits = numbers.decimals_of_spread([report.sigma])
    values = (
        ("outcome", design.outcome_label, estimates.problem.y, digits),
        ("fitted", tr("Fitted"), estimates.fitted, digits),
        ("average", tr("Without group effects"), estimates.fixed_part, digits),
        ("response", tr("Residual"), found.response, digits),
        ("pearson", tr("Pearson"), found.pearson, digits),
        ("scaled", tr("Scaled"), found.scaled, 2),
        ("studentised", tr("Studentised"), studentised(estimates, leverage), 2),
        ("marginal", tr("Marginal"), found.marginal, digits),
        ("leverage", tr("Leverage"), leverage, 3),
        ("cooks_distance", tr("Cook's distance"), cooks_distances(estimates, leverage), 3),
    )
    return ResultTable(
        key="rows",
        title=tr("Rows"),
        columns=(
            ResultColumn(key="row", heading=tr("Row"), cells=design.table.row_ids[design.rows].tolist(), format=Format.COUNT),
            *(
                ResultColumn(key=key, heading=heading, cells=cells.tolist(), format=Format.NUMBER, decimals=decimals)
                for key, heading, cells, decimals in values
            ),
        ),
        note=tr(
            "Pearson: times the root of the weight. Scaled: over the residual SD. Studentised: over the root of 1 less leverage "
            "too. Marginal: outcome less the prediction without group effects."
        ),
    )
