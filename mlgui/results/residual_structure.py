"""The estimated residual structure, and what is not there for models that have one."""

from __future__ import annotations

from weakref import WeakKeyDictionary

import numpy as np

from mlgui.engine.estimates import ResidualEstimates
from mlgui.engine.residual_parameters import CORRELATION, RATIO, Parameter
from mlgui.engine.wald import sd_intervals, structure_intervals
from mlgui.results import numbers
from mlgui.results.report import Report
from mlgui.results.tables import Format, ResultColumn, ResultTable
from mlgui.spec.residual import residual_texts
from mlgui.words import tr

_kept: WeakKeyDictionary[Report, list[tuple[float, float]]] = WeakKeyDictionary()


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
    limits = _limits_of_rows(report, len(rows))
    return ResultTable(
        key="residual",
        title=tr("Residuals"),
        columns=(
            ResultColumn(key="parameter", heading=tr("Parameter"), cells=[name for name, _ in rows]),
            ResultColumn(
                key="estimate", heading=tr("Estimate"), cells=[value for _, value in rows], format=Format.NUMBER, decimals=3
            ),
            *(
                ResultColumn(key=key, heading=heading, cells=[pair[at] for pair in limits], format=Format.NUMBER, decimals=3)
                for at, (key, heading) in enumerate((("low", tr("95 % CI low")), ("high", tr("95 % CI high"))))
            ),
        ),
        note=" ".join([*residual_texts(report.design.spec.residual), tr("Wald intervals, of SDs on the scale of their logs.")]),
    )  # fmt: skip


def _limits_of_rows(report: Report, n_rows: int) -> list[tuple[float, float]]:
    """Return the Wald limits of the rows of the table: SDs of levels, or the one SD, then correlations; once per report."""
    if report not in _kept:
        _kept[report] = _limits(report)
    return _kept[report][:n_rows]


def _limits(report: Report) -> list[tuple[float, float]]:
    sds = sd_intervals(report.estimates)
    correlations = [(low, high) for one, _, low, high in structure_intervals(report.estimates) if one.kind == CORRELATION]
    return [*sds, *correlations]


def _correlation_words(residual: ResidualEstimates) -> str:
    if residual.unit is None:
        return tr("correlation")
    return tr("correlation at distance {distance}").format(distance=numbers.short(residual.unit))


def parameter_label(report: Report, parameter: Parameter) -> str:
    """Return a parameter of the residual structure in words."""
    levels, residual = report.design.residual_levels, report.estimates.residual
    if parameter.kind == RATIO:
        return tr("SD, {level} over {first}").format(level=levels[parameter.index[0]], first=levels[0])
    if not parameter.index:
        return _correlation_words(residual)
    a, b = parameter.index
    return tr("correlation of {one} and {other}").format(one=levels[b], other=levels[a])
