"""Fits that leave hardly any residual: said in words, as the numbers then rest on the rounding of the data."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from mlgui.design.design import Design
from mlgui.engine.estimates import Estimates
from mlgui.findings import Finding, Severity
from mlgui.results import numbers
from mlgui.results.nouns import capital, group_plural
from mlgui.words import tr

HARDLY_ANY = 500.0
"""SD between groups, in residual SDs, from which on hardly any residual is left."""


def residual_findings(design: Design, estimates: Estimates) -> Iterator[Finding]:
    """Yield a finding where one grouping has an SD of more than HARDLY_ANY residual SDs; a warning where rounding shows."""
    for varying, groups, effects in zip(design.groupings, estimates.problem.groupings, estimates.groups):
        products = groups.z.T @ groups.z / len(groups.z)
        spread = float(np.sqrt(max(float((products * effects.covariance).sum()), 0.0)))
        if spread > HARDLY_ANY * estimates.sigma:
            yield _hardly_any(design, estimates, varying.grouping.name, spread)
            return


def _hardly_any(design: Design, estimates: Estimates, grouping: str, spread: float) -> Finding:
    """Return what it means that an SD of `spread` between groups leaves a residual of so little."""
    text = tr(
        "What differs between {groups} has an SD of {spread}, and only {residual} is left within them. Check that {outcome} was "
        "not computed from the groups and predictors, and that most {groups} have more rows than coefficients of their own: "
        "otherwise they fit their rows whatever these are, and the residual tells nothing."
    ).format(
        groups=group_plural(grouping), spread=numbers.short(spread, 3), residual=numbers.short(estimates.sigma, 2),
        outcome=capital(design.outcome_label),
    )  # fmt: skip
    certain = estimates.certificate.passed
    if not certain:
        text += " " + tr(
            "The data hold too few digits to find the best fit beyond doubt: read SDs to about four digits, and do not compare "
            "criteria of models by less than 1."
        )
    return Finding(
        code="hardly-any-residual",
        severity=Severity.NOTE if certain else Severity.WARNING,
        title=tr("Hardly any residual is left"),
        text=text,
        about=(grouping,),
    )
