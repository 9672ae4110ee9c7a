"""What a report of a multilevel model must say, item by item.

Items after Meteyard & Davies (2020, Journal of Memory and Language 112: 104092) and LEVEL (Monsalves et al. 2020, BMC
Medical Research Methodology 20: 3), as far as a program can know them.
"""

from __future__ import annotations

import numpy as np

from mlgui import __version__
from mlgui.results import numbers
from mlgui.results.data_history import filter_sentence
from mlgui.results.exclusions import excluded_groups
from mlgui.results.inference import df_words, intervals_words
from mlgui.results.methods import coding_texts
from mlgui.results.nouns import counted, group_plural, joined
from mlgui.results.report import GroupEstimates, Report, VarianceComponent
from mlgui.results.tables import ResultColumn, ResultTable
from mlgui.spec.inference import IntervalMethod
from mlgui.spec.render import render, render_expression
from mlgui.words import ntr, tr


def reporting_table(report: Report, data_hash: str) -> ResultTable:
    """Return the checklist with what this model answers. data_hash: of the contents of the data."""
    items = [*_question(report), *_data(report, data_hash), *_fit(report), *_variances(report), *_quality(report)]
    return ResultTable(
        key="reporting_checklist",
        title=tr("Reporting checklist"),
        columns=(
            ResultColumn(key="item", heading=tr("Item"), cells=[item for item, _ in items]),
            ResultColumn(key="answer", heading=tr("This model"), cells=[answer for _, answer in items]),
        ),
        note=tr("Items after Meteyard & Davies (2020) and LEVEL (Monsalves et al., 2020)."),
    )


def _question(report: Report) -> list[tuple[str, str]]:
    spec = report.design.spec
    offsets = joined([render_expression(offset) for offset in spec.offsets])
    return [
        (tr("Outcome"), report.design.outcome_label),
        (tr("Formula"), render(spec)),
        (tr("Coding of categories"), "; ".join(coding_texts(report)) or tr("no categories")),
        (tr("Weights, offset"), "; ".join(text for text in (spec.weights, offsets) if text) or tr("none")),
        (tr("Structure of what varies"), "; ".join(map(_structure, report.variance)) or tr("nothing varies")),
    ]


def _structure(component: VarianceComponent) -> str:
    what = joined(list(component.labels))
    if len(component.labels) > 1:
        what += ", " + tr("unstructured covariance")
    return tr("{groups}: {what}").format(groups=group_plural(component.grouping), what=what)


def _data(report: Report, data_hash: str) -> list[tuple[str, str]]:
    design = report.design
    left_out = len(design.dropped_rows)
    counts: dict[str, int] = {}
    for names in design.dropped_because:
        for name in names:
            counts[name] = counts.get(name, 0) + 1
    missing = "; ".join(f"{name} {n}" for name, n in counts.items())
    rows = tr("{used} used of {all}").format(used=numbers.count(report.n), all=numbers.count(design.table.n_rows))
    return [
        (tr("Rows"), rows),
        *((tr("Groups: {name}").format(name=groups.grouping), _sizes(groups)) for groups in report.groups),
        (tr("Left out for missing values"), f"{numbers.count(left_out)} ({missing})" if missing else numbers.count(left_out)),
        *([(tr("Rows that count"), filter_sentence(design.table))] if design.table.filter is not None else []),
        *([(tr("Left out on purpose"), excluded_groups(design.spec))] if design.spec.excluded else []),
        (tr("Data"), design.table.source.name or tr("unnamed")),
        (tr("SHA-256 of the data"), " ".join(data_hash[place : place + 16] for place in range(0, len(data_hash), 16))),
    ]


def _sizes(groups: GroupEstimates) -> str:
    low, middle, high = (float(value) for value in np.quantile(groups.sizes, (0.0, 0.5, 1.0)))
    counts = counted(len(groups.levels), groups.grouping)
    if low == high:
        return tr("{groups} of {n} rows each").format(groups=counts, n=numbers.count(int(low)))
    return tr("{groups}; rows per group {low} to {high}, median {middle}").format(
        groups=counts, low=numbers.count(int(low)), high=numbers.count(int(high)),
        middle=numbers.given(middle),
    )  # fmt: skip


def _fit(report: Report) -> list[tuple[str, str]]:
    n = len(report.record.steps)
    steps = ntr("{n} step", "{n} steps", n).format(n=n)
    found = tr("minimum confirmed") if report.certificate.passed else tr("minimum not confirmed")
    criterion = tr("REML criterion") if report.method == "REML" else tr("Deviance (−2 log likelihood)")
    drawn = report.inference.intervals is IntervalMethod.BOOTSTRAP
    return [
        (tr("Software"), tr("mlgui {version}").format(version=__version__)),
        (tr("Estimator"), report.method),
        (tr("Optimisation"), tr("Newton's method with exact derivatives, {steps}; {found}").format(steps=steps, found=found)),
        (tr("Seed"), str(report.inference.seed) if drawn else tr("none: nothing is drawn at random")),
        (tr("Degrees of freedom"), df_words(report)),
        (tr("Intervals"), tr("95 %, {intervals}").format(intervals=intervals_words(report))),
        (criterion, numbers.number(report.criterion, 2)),
        (tr("Log likelihood"), numbers.number(report.log_likelihood, 2)),
        (tr("AIC, BIC"), f"{numbers.number(report.aic, 1)}, {numbers.number(report.bic, 1)}"),
        (tr("Parameters"), numbers.count(report.n_parameters)),
    ]


def _variances(report: Report) -> list[tuple[str, str]]:
    digits = numbers.decimals_of_spread([report.sigma, *(float(sd) for part in report.variance for sd in part.sd)])
    found = []
    for component in report.variance:
        sds = [f"{label} {numbers.number(float(sd), digits)}" for label, sd in zip(component.labels, component.sd, strict=True)]
        found.append((tr("SD between {groups}").format(groups=group_plural(component.grouping)), "; ".join(sds)))
        if component.correlation is not None:
            name = tr("Correlations between {groups}").format(groups=group_plural(component.grouping))
            found.append((name, _correlations(component)))
    return [*found, (tr("Residual SD"), numbers.number(report.sigma, digits))]


def _correlations(component: VarianceComponent) -> str:
    assert component.correlation is not None
    return "; ".join(
        f"{component.labels[row]}, {component.labels[column]}: {numbers.number(float(component.correlation[row, column]), 2)}"
        for row in range(len(component.labels))
        for column in range(row)
    )


def _quality(report: Report) -> list[tuple[str, str]]:
    shares = report.shares
    boundary = [component.boundary for component in report.variance if component.boundary]
    r2 = tr("marginal {m}, conditional {c}").format(
        m=numbers.number(shares.r2_marginal, 3), c=numbers.number(shares.r2_conditional, 3)
    )
    icc = "; ".join(f"{name} {numbers.number(share, 3)}" for name, share in shares.icc_by_grouping)
    empty = "; ".join(f"{name} {numbers.number(share, 3)}" for name, share in shares.empty_icc or ())
    found = [(tr("ICC of the model"), icc), (tr("ICC without predictors"), empty), (tr("R²"), r2)]
    found += [
        (tr("Boundary fit"), "; ".join(boundary) or tr("no")),
        (tr("Findings"), "; ".join(finding.title for finding in report.findings) or tr("none")),
    ]
    return [(item, answer) for item, answer in found if answer]
