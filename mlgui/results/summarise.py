"""The arrow from estimates to statements."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from mlgui.design.design import Design
from mlgui.engine.estimates import Estimates
from mlgui.findings import Finding
from mlgui.progress import OnStep, Step
from mlgui.results.checks import findings_after_fit
from mlgui.results.fixed import fixed_effects
from mlgui.results.groups import group_estimates
from mlgui.results.identified_checks import identified_by
from mlgui.results.pooled import complete_pooling, no_pooling_of, separate_of
from mlgui.results.report import FixedEffect, GroupRegressions, Report, VarianceComponent
from mlgui.results.sentences import meaning
from mlgui.results.shares import empty_model_icc, residual_variance, shares
from mlgui.results.variance import variance_components
from mlgui.words import tr

CHEAP_ROWS = 200_000
"""Up to this many rows the empty model of one grouping is quick enough for a live report (5 ms at 100,000)."""

CHEAP_GROUPS = 500
"""Up to this many groups in all, the empty model of several groupings is."""


def summarise(
    design: Design, estimates: Estimates, *, seconds: float = 0.0, on_step: OnStep | None = None, comparators: bool = True
) -> Report:
    """Return the report of a fit; `seconds` is the time the fit took.

    comparators: also compute what a live window asks for only where it shows it, that is no pooling and separate
    regressions (else `mlgui.results.pooled` computes them on demand), and the empty model's ICC for large data.
    """
    if on_step is not None:
        on_step(Step(text=tr("Summarising")))
    fixed = fixed_effects(design, estimates)
    variance = variance_components(design, estimates)
    findings = findings_after_fit(design, estimates, variance)
    groups = group_estimates(design, estimates)
    empty = empty_model_icc(design, estimates) if comparators or _cheap_empty_model(estimates) else None
    no_pooling, separate = _comparators(design, estimates, on_step) if comparators else ((), ())
    return Report(
        design=design,
        estimates=estimates,
        method="REML" if estimates.problem.reml else "ML",
        criterion=estimates.criterion,
        log_likelihood=estimates.log_likelihood,
        aic=estimates.aic,
        bic=estimates.bic,
        sigma=estimates.sigma,
        n=estimates.n,
        n_parameters=estimates.n_parameters,
        fixed=fixed,
        variance=variance,
        groups=groups,
        pooled=complete_pooling(design, estimates),
        no_pooling=no_pooling,
        separate=separate,
        shares=shares(design, estimates, empty),
        findings=findings,
        certificate=estimates.certificate,
        record=estimates.record,
        sentences=meaning(design, fixed, _told(design, findings, variance), _typical_sd(estimates)),
        seconds=seconds,
    )


def reworded(report: Report, fixed: tuple[FixedEffect, ...]) -> Report:
    """Return the report with other tests or intervals of its average coefficients, and what they mean."""
    told = _told(report.design, report.findings, report.variance)
    return replace(report, fixed=fixed, sentences=meaning(report.design, fixed, told, _typical_sd(report.estimates)))


def _told(
    design: Design, findings: tuple[Finding, ...], variance: tuple[VarianceComponent, ...]
) -> tuple[VarianceComponent, ...]:
    """Return the variance components with NaN for SDs that the data cannot tell, of which nothing is to be said."""
    return tuple(replace(one, sd=np.where(identified_by(design, findings, one), one.sd, np.nan)) for one in variance)


def _typical_sd(estimates: Estimates) -> float:
    """Return the residual SD to speak of: of a row of weight 1, over rows where a residual structure has several SDs."""
    several = len(estimates.residual.sd_ratios) > 0
    return math.sqrt(residual_variance(estimates)) if several else estimates.sigma


def _cheap_empty_model(estimates: Estimates) -> bool:
    groupings = estimates.problem.groupings
    few = len(groupings) <= 1 or sum(group.n_groups for group in groupings) <= CHEAP_GROUPS
    return few and estimates.problem.n <= CHEAP_ROWS


def _comparators(
    design: Design, estimates: Estimates, on_step: OnStep | None
) -> tuple[tuple[GroupRegressions, ...], tuple[GroupRegressions, ...]]:
    """Return no pooling and separate regressions of every grouping."""
    no_pooling, separate = [], []
    for index in range(len(design.groupings)):
        if on_step is not None:
            on_step(Step(text=tr("Fitting comparators"), done=index, total=len(design.groupings)))
        no_pooling.append(no_pooling_of(design, estimates, index))
        separate.append(separate_of(design, estimates, index))
    return tuple(no_pooling), tuple(separate)
