"""Findings after a fit: what happened, why it matters, what to do."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from mlgui.design.design import Design
from mlgui.engine.estimates import Estimates
from mlgui.engine.residual_independent import residual_sds
from mlgui.findings import Finding, Severity
from mlgui.results import numbers
from mlgui.results.boundary_checks import boundary_findings, penalty_findings
from mlgui.results.identified_checks import unidentified_findings
from mlgui.results.level_checks import two_level_findings
from mlgui.results.nouns import counted_rows, group_noun, group_plural, joined
from mlgui.results.report import VarianceComponent
from mlgui.results.residual_checks import residual_findings
from mlgui.results.zero_checks import zero_findings
from mlgui.words import ntr, tr

FEW_GROUPS, RATHER_FEW_GROUPS = 5, 10
MANY_SINGLETONS = 0.5
MOST_EXTREME = 6.0


def findings_after_fit(design: Design, estimates: Estimates, variance: tuple[VarianceComponent, ...]) -> tuple[Finding, ...]:
    """Return the findings of a fit, those of the design included; warnings before notes, each code and subject once."""
    open_variances = tuple(unidentified_findings(design))
    vanishing = tuple(residual_findings(design, estimates))
    found = [
        *design.findings,
        # where a variance is open the criterion is flat, and where no residual is left it is rough: no minimum is certified
        *((*open_variances, *vanishing) or _certificate(estimates)),
        *boundary_findings(design, variance),
        *penalty_findings(design),
        *_not_estimable(design, estimates),
        *_dropped_rows(design),
        *_few_groups(design),
        *_singletons(design),
        *two_level_findings(design),
        *zero_findings(design),
        *_extreme_rows(design, estimates),
    ]
    unique: dict[tuple[str, tuple[str, ...]], Finding] = {}
    for finding in found:
        unique.setdefault((finding.code, finding.about), finding)
    order = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}
    return tuple(sorted(unique.values(), key=lambda finding: order[finding.severity]))


def _certificate(estimates: Estimates) -> Iterator[Finding]:
    if not estimates.certificate.passed:
        yield Finding(
            code="certificate-not-passed",
            severity=Severity.WARNING,
            title=tr("The best fit may not have been found"),
            text=tr(
                "The search stopped where a check of the optimum is not met. The numbers may be close but are not certified. "
                "Rescale predictors of very different size, or simplify what varies, and compare."
            ),
        )


def _not_estimable(design: Design, estimates: Estimates) -> Iterator[Finding]:
    if not estimates.dropped:
        return
    names = [design.coefficients[index].label for index in estimates.dropped]
    yield Finding(
        code="not-estimable",
        severity=Severity.WARNING,
        title=ntr("One coefficient cannot be estimated", "{n} coefficients cannot be estimated", len(names)).format(n=len(names)),
        text=tr(
            "{names}: these columns follow exactly from the others in the model, so the data cannot tell their coefficients "
            "apart. They are left out; fitted values and the other tests do not depend on it. Remove one of the overlapping "
            "predictors to choose which stays."
        ).format(names=joined(names)),
        about=tuple(design.coefficients[index].name for index in estimates.dropped),
    )


def _dropped_rows(design: Design) -> Iterator[Finding]:
    n = len(design.dropped_rows)
    if n == 0 or any(finding.code == "rows-dropped" for finding in design.findings):
        return
    columns = list(dict.fromkeys(name for reasons in design.dropped_because for name in reasons))
    yield Finding(
        code="rows-dropped",
        severity=Severity.NOTE,
        title=ntr("{n} row is left out", "{n} rows are left out", n).format(n=numbers.count(n)),
        text=tr(
            "They have no value in {columns}. The fit uses the other {rows}; it assumes that whether a value is missing does not "
            "depend on the missing value itself, given the model. The rows are listed with the tables."
        ).format(columns=joined(columns), rows=counted_rows(len(design.rows), design)),
        about=tuple(columns),
    )


def _few_groups(design: Design) -> Iterator[Finding]:
    for varying in design.groupings:
        n, name = len(varying.levels), varying.grouping.name
        if n >= RATHER_FEW_GROUPS:
            continue
        few = n < FEW_GROUPS
        text = (
            tr("With {n} {groups} the variance between them is hardly known: it can come out as 0 or far too large by chance.")
            if few
            else tr("With {n} {groups} the variance between them is known only roughly.")
        )
        more = tr("Coefficients of group-level predictors rest on these few groups too. Report the number with the results; "
                  "read the standard deviation as a rough size.")  # fmt: skip
        yield Finding(
            code="few-groups",
            severity=Severity.WARNING if few else Severity.NOTE,
            title=tr("Only {n} {groups}").format(n=n, groups=group_plural(name)),
            text=text.format(n=n, groups=group_plural(name)) + " " + more,
            about=(name,),
        )


def _singletons(design: Design) -> Iterator[Finding]:
    for varying in design.groupings:
        alone = int(np.count_nonzero(varying.sizes == 1))
        share = alone / max(len(varying.sizes), 1)
        if share < MANY_SINGLETONS:
            continue
        name = varying.grouping.name
        yield Finding(
            code="many-singletons",
            severity=Severity.NOTE,
            title=tr("{share} of the {groups} have one row").format(share=numbers.percent(share), groups=group_plural(name)),
            text=tr(
                "A {group} with one row says nothing about differences within it: it only shares in the sum of both variances. "
                "The split between and within {groups} rests on the other {n}. They still count for the averages, so keep them."
            ).format(group=group_noun(name), groups=group_plural(name), n=numbers.count(len(varying.sizes) - alone)),
            about=(name,),
        )


def _extreme_rows(design: Design, estimates: Estimates) -> Iterator[Finding]:
    """Report rows whose residual exceeds MOST_EXTREME residual SDs: under normality one in 500 million does."""
    problem = estimates.problem
    residual = problem.y - estimates.fitted
    if problem.weights is not None or not problem.residual.is_homogeneous:
        residual = residual / residual_sds(estimates)
    far = np.flatnonzero(np.abs(residual) > MOST_EXTREME * estimates.sigma) if estimates.sigma > 0 else np.zeros(0, dtype=int)
    if len(far) == 0:
        return
    worst = far[np.argsort(-np.abs(residual[far]))][:5]
    rows = [str(int(design.table.row_ids[design.rows[index]])) for index in worst]  # without commas: they part the list
    yield Finding(
        code="extreme-rows",
        severity=Severity.NOTE,
        title=ntr("{n} row lies very far from the fit", "{n} rows lie very far from the fit", len(far)).format(
            n=numbers.count(len(far))
        ),
        text=tr(
            "They are more than {k} residual standard deviations away (rows {rows} of the file). Check them for errors of entry; "
            "where they are real, fit with and without them and report both."
        ).format(k=numbers.number(MOST_EXTREME, 0), rows=joined(rows)),
    )
