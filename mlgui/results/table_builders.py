"""A report as tables, in the order they are read and written."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mlgui.results import numbers
from mlgui.results.fixed import home_of
from mlgui.results.identified_checks import identified
from mlgui.results.inference import inference_note
from mlgui.results.nouns import capital, group_noun, group_plural, row_noun
from mlgui.results.pooled import no_pooling, separate
from mlgui.results.report import FixedEffect, GroupEstimates, Report
from mlgui.results.residual_structure import residual_table
from mlgui.results.tables import Format, ResultColumn, ResultTable, distinct_keys, key_of
from mlgui.results.variance import limit_words
from mlgui.words import tr

Floats = NDArray[np.float64]


def tables(report: Report) -> tuple[ResultTable, ...]:
    """Return every table of a report: coefficients, variances, residuals, groups, comparators, facts, rows left out if any."""
    residual = residual_table(report)
    found = [fixed_table(report), variance_table(report), *([] if residual is None else [residual])]
    found += [group_table(report, groups) for groups in report.groups]
    found += [pooled_table(report)] if report.pooled else []
    found += [unpooled_table(report, groups.grouping) for groups in report.groups]
    found.append(facts_table(report))
    found += [report.interval_table] if report.interval_table is not None else []
    found += [dropped_table(report)] if len(report.design.dropped_rows) else []
    return tuple(found)


def fixed_table(report: Report) -> ResultTable:
    """Return the average coefficients with SE, df, t, p and interval."""
    rows = report.fixed
    digits = numbers.decimals_for([row.estimate for row in rows], [row.se for row in rows])
    note = inference_note(report)
    if any(row.given_zero for row in rows):
        note += " " + tr("Boundary fit: df are given the zero variance.") + _cautious_df(report)
    if not all(row.estimable for row in rows):
        note += " " + tr("–: not estimable, the column follows from the others.")
    return ResultTable(
        key="fixed_effects",
        title=tr("Average coefficients"),
        columns=(
            ResultColumn(key="label", heading=tr("Coefficient"), cells=[row.label for row in rows]),
            ResultColumn(key="term", heading=tr("Term"), cells=[row.name for row in rows]),
            ResultColumn(key="level", heading=tr("Level"), cells=[_level(report, row) for row in rows]),
            _number("estimate", tr("Estimate"), [row.estimate for row in rows], digits),
            _number("se", tr("SE"), [row.se for row in rows], digits),
            ResultColumn(key="df", heading=tr("df"), cells=[row.df for row in rows], format=Format.DF),
            ResultColumn(key="t", heading=tr("t"), cells=[row.t for row in rows], format=Format.NUMBER, decimals=1),
            ResultColumn(key="p", heading=tr("p"), cells=[row.p for row in rows], format=Format.P),
            _number("ci_low", tr("95 % CI low"), [row.low for row in rows], digits),
            _number("ci_high", tr("95 % CI high"), [row.high for row in rows], digits),
        ),
        note=note,
    )


def variance_table(report: Report) -> ResultTable:
    """Return the variance components, SD first, with the correlations of each coefficient with those above it."""
    levels: list[str] = []
    terms: list[str] = []
    sds: list[float] = []
    correlations: list[list[float]] = []
    boundary: list[str] = []
    for component in report.variance:
        known = np.where(identified(report, component), 1.0, np.nan)
        for position, label in enumerate(component.labels):
            levels.append(component.grouping)
            terms.append(label)
            sds.append(float(component.sd[position] * known[position]))
            above = np.zeros(0) if component.correlation is None else component.correlation[position, :position]
            correlations.append((above * known[:position] * known[position]).tolist() if len(above) else [])
            boundary.append(limit_words(component, position) or component.boundary)
    levels.append(tr("Residual"))
    terms.append(tr("Unexplained"))
    sds.append(report.sigma)
    correlations.append([])
    boundary.append("")
    digits = numbers.decimals_of_spread(sds)
    columns = [
        ResultColumn(key="level", heading=tr("Level"), cells=levels),
        ResultColumn(key="term", heading=tr("Term"), cells=terms),
        ResultColumn(key="sd", heading=tr("SD"), cells=sds, format=Format.NUMBER, decimals=digits),
        ResultColumn(key="variance", heading=tr("Variance"), cells=[sd**2 for sd in sds], format=Format.NUMBER,
                     decimals=_variance_digits(sds, digits)),
        *_correlation_columns(correlations),
    ]  # fmt: skip
    if any(boundary):
        columns.append(ResultColumn(key="boundary", heading=tr("Boundary"), cells=boundary))
    note = tr("–: the data cannot tell, many values fit equally well.") if np.isnan(sds).any() else ""
    return ResultTable(key="variance_components", title=tr("How much varies"), columns=tuple(columns), note=note)


def group_table(report: Report, groups: GroupEstimates) -> ResultTable:
    """Return the group table of one grouping, for each varying coefficient from its own estimate to the share resolved."""
    columns = [
        ResultColumn(key="level", heading=group_noun(groups.grouping), cells=groups.levels),
        ResultColumn(key="n", heading=tr("n"), cells=groups.sizes.tolist(), format=Format.COUNT),
    ]
    for index, (key, label) in enumerate(zip(distinct_keys(groups.names), groups.labels, strict=True)):
        columns += _group_columns(groups, index, key, label, several=len(groups.names) > 1)
    return ResultTable(
        key=key_of("group_estimates", groups.grouping),
        title=tr("Estimates of {groups}").format(groups=group_plural(groups.grouping)),
        columns=tuple(columns),
        note=tr(
            "Total = group-level prediction + deviation; its SE is of the sum, variances held at their estimates. Alone: the "
            "group's own rows, no pooling. Resolved: share of the variance between groups its data resolve."
        ),
    )


def pooled_table(report: Report) -> ResultTable:
    """Return the two complete-pooling regressions beside the multilevel averages."""
    names = [row.name for row in report.fixed]
    values = [row.estimate for row in report.fixed]
    digits = numbers.decimals_for(values, [row.se for row in report.fixed])
    columns = [
        ResultColumn(key="label", heading=tr("Coefficient"), cells=[row.label for row in report.fixed]),
        _number("partial", tr("Multilevel"), values, digits),
        _number("partial_se", tr("SE"), [row.se for row in report.fixed], digits),
    ]
    for pooled in report.pooled:
        found = dict(zip(pooled.names, zip(pooled.estimates, pooled.ses, strict=True), strict=True))
        missing = (float("nan"), float("nan"))
        heading = tr("Complete pooling, {label}").format(label=pooled.label)
        columns.append(_number(pooled.key, heading, [found.get(name, missing)[0] for name in names], digits))
        columns.append(_number(f"{pooled.key}_se", tr("SE"), [found.get(name, missing)[1] for name in names], digits))
    sigmas = ", ".join(f"{pooled.label} {numbers.number(pooled.sigma, 2)}" for pooled in report.pooled)
    return ResultTable(
        key="complete_pooling",
        title=tr("Complete pooling"),
        columns=tuple(columns),
        note=tr("Residual SD: {sds}.").format(sds=sigmas),
    )


def unpooled_table(report: Report, grouping: str) -> ResultTable:
    """Return no pooling and separate regressions of the groups of one grouping."""
    groups = next(groups for groups in report.groups if groups.grouping == grouping)
    columns = [
        ResultColumn(key="level", heading=group_noun(grouping), cells=groups.levels),
        ResultColumn(key="n", heading=tr("n"), cells=groups.sizes.tolist(), format=Format.COUNT),
    ]
    kinds = ((tr("No pooling"), no_pooling(report, grouping)), (tr("Separate"), separate(report, grouping)))
    for title, fits in kinds:
        for index, (name, label) in enumerate(zip(distinct_keys(groups.names), groups.labels, strict=True)):
            digits = _typical_digits(fits.ses[:, index])
            columns.append(_number(f"{fits.kind}_{name}", f"{title}: {label}", fits.estimates[:, index], digits))
            columns.append(_number(f"{fits.kind}_{name}_se", tr("SE"), fits.ses[:, index], digits))
    return ResultTable(
        key=key_of("no_pooling", grouping),
        title=tr("{groups} without pooling").format(groups=capital(group_plural(grouping))),
        columns=tuple(columns),
        note=tr(
            "No pooling: an indicator for every group, other slopes common; group-level predictors cannot be in it, as the "
            "indicators explain the same differences. Separate: one regression per group. –: the group's rows cannot tell."
        ),
    )


def facts_table(report: Report) -> ResultTable:
    """Return the facts of the fit, one a row; numbers in full precision."""
    shares, empty = report.shares, report.shares.empty_icc or ()
    criterion = tr("REML criterion") if report.method == "REML" else tr("Deviance (−2 log likelihood)")
    facts: list[tuple[str, str | float]] = [
        (tr("Method"), report.method),
        (tr("Rows used"), report.n),
        *((tr("Groups: {name}").format(name=groups.grouping), len(groups.levels)) for groups in report.groups),
        (criterion, report.criterion),
        (tr("Log likelihood"), report.log_likelihood),
        (tr("AIC"), report.aic),
        (tr("BIC"), report.bic),
        (tr("Parameters"), report.n_parameters),
        (tr("R², marginal"), shares.r2_marginal),
        (tr("R², conditional"), shares.r2_conditional),
        *((tr("ICC, {name}").format(name=name), share) for name, share in shares.icc_by_grouping),
        *((tr("ICC of the empty model, {name}").format(name=name), share) for name, share in empty),
        (tr("Boundary fit"), tr("yes") if report.estimates.singular else tr("no")),
        (tr("Optimum certified"), tr("yes") if report.certificate.passed else tr("no")),
        (tr("Time of the fit, seconds"), report.seconds),
    ]
    return ResultTable(
        key="fit_facts",
        title=tr("The fit"),
        columns=(
            ResultColumn(key="fact", heading=tr("Fact"), cells=[name for name, _ in facts]),
            ResultColumn(key="value", heading=tr("Value"), cells=[value for _, value in facts], format=Format.MIXED),
        ),
        note=report.shares.definition,
    )


def dropped_table(report: Report) -> ResultTable:
    """Return the rows left out and the columns that have no value there."""
    design = report.design
    return ResultTable(
        key="dropped_rows",
        title=tr("Rows left out"),
        columns=(
            ResultColumn(key="row", heading=tr("Row of the file"), cells=design.table.row_ids[design.dropped_rows].tolist(),
                         format=Format.COUNT),
            ResultColumn(key="missing", heading=tr("Missing"), cells=[", ".join(names) for names in design.dropped_because]),
        ),
    )  # fmt: skip


def _cautious_df(report: Report) -> str:
    """Return the between-groups df J - q - 1 of each grouping, as a cautious companion of df given a zero variance."""
    found = []
    for groups, varying in zip(report.groups, report.design.groupings, strict=True):
        q = max((len(predictors) - 1 for predictors in varying.predictors), default=0)
        text = tr("{grouping}: J − q − 1 = {df}").format(grouping=groups.grouping, df=len(groups.levels) - max(q, 0) - 1)
        found.append(text)
    return " " + tr("Cautious df for group-level predictors, {list}.").format(list="; ".join(found)) if found else ""


def _level(report: Report, row: FixedEffect) -> str:
    if row.name == "(Intercept)":
        return ""
    grouping = home_of(report, row)
    return group_noun(grouping) if grouping else row_noun(report.design)


def _number(key: str, heading: str, cells: Sequence[float] | Floats, digits: int) -> ResultColumn:
    return ResultColumn(key=key, heading=heading, cells=[float(cell) for cell in cells], format=Format.NUMBER, decimals=digits)


def _typical_digits(errors: Floats) -> int:
    """Return decimals for many groups: from the median standard error, as the smallest would give digits to all."""
    known = errors[np.isfinite(errors) & (errors > 0)]
    return numbers.decimals_for((), [float(np.median(known))] if len(known) else ())


def _group_columns(groups: GroupEstimates, index: int, key_part: str, label: str, *, several: bool) -> list[ResultColumn]:
    digits = _typical_digits(groups.total_se[:, index])
    prefix = f"{label}: " if several else ""
    suffix = f"_{key_part}" if several else ""
    values = (
        ("own", tr("Alone"), groups.own),
        ("own_se", tr("SE alone"), groups.own_se),
        ("total", tr("Total"), groups.total),
        ("total_se", tr("SE"), groups.total_se),
        ("prediction", tr("Prediction"), groups.prediction),
        ("deviation", tr("Deviation"), groups.deviation),
        ("cond_sd", tr("SD given coefficients"), groups.cond_sd),
        ("pred_error_sd", tr("SD of prediction error"), groups.pred_error_sd),
    )
    found = [_number(key + suffix, prefix + heading, array[:, index], digits) for key, heading, array in values]
    resolved = ResultColumn(
        key="resolved" + suffix,
        heading=prefix + tr("Resolved"),
        cells=groups.resolved[:, index].tolist(),
        format=Format.PERCENT,
        decimals=0,
    )
    return [*found, resolved]


def _variance_digits(sds: Sequence[float], digits: int) -> int:
    """Return decimals with which the smallest variance other than 0 shows a digit."""
    smallest = min((sd**2 for sd in sds if sd > 0), default=1.0)
    return max(digits, numbers.decimals_for([], [smallest]) - 1 if smallest < 0.01 else digits)


def _correlation_columns(correlations: list[list[float]]) -> list[ResultColumn]:
    """Return one column per coefficient a later one of the same term can be correlated with."""
    width = max((len(row) for row in correlations), default=0)
    return [
        ResultColumn(
            key=f"correlation_{index + 1}" if width > 1 else "correlation",
            heading=tr("Correlation") if width == 1 else tr("Correlation with {n}").format(n=index + 1),
            cells=[row[index] if index < len(row) else None for row in correlations],
            format=Format.NUMBER,
            decimals=2,
        )
        for index in range(width)
    ]
