"""Every figure of a report, in the order they are written to files."""

from __future__ import annotations

from mlgui.results.along import line_columns
from mlgui.results.figure import Figure
from mlgui.results.figures.caterpillar import caterpillar
from mlgui.results.figures.coefficients import coefficients
from mlgui.results.figures.fitted_lines import fitted_lines
from mlgui.results.figures.group_level import group_level
from mlgui.results.figures.residuals import residual_checks
from mlgui.results.figures.shrinkage import shrinkage, shrinkage_plane
from mlgui.results.group_columns import group_columns
from mlgui.results.report import Report


def figures(report: Report) -> tuple[Figure, ...]:
    """Return the coefficients, and for every grouping its groups, shrinkage, group-level model and fitted lines, then checks."""
    found = [coefficients(report, intercept=len(report.fixed) == 1)]
    for groups in report.groups:
        found += _of_grouping(report, groups.grouping, len(groups.names))
    found.append(residual_checks(report))
    return tuple(found)


def _of_grouping(report: Report, grouping: str, n_coefficients: int) -> list[Figure]:
    found = [caterpillar(report, grouping, index) for index in range(n_coefficients)]
    found += [shrinkage(report, grouping, index) for index in range(n_coefficients)]
    if n_coefficients > 1:
        found.append(shrinkage_plane(report, grouping))
    if group_columns(report, grouping):
        found.append(group_level(report, grouping))
    if line_columns(report, grouping):
        found.append(fitted_lines(report, grouping))
    return found
