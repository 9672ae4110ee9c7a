"""Variances that no data of this design can tell: group-level predictors that fit every group, columns that repeat others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations

import numpy as np

from mlgui.design.design import Design, VaryingCoefficients
from mlgui.engine.pooling import triangle
from mlgui.engine.problem import Floats
from mlgui.engine.within import independent_columns
from mlgui.findings import Finding, Severity
from mlgui.results.nouns import counted, group_plural, joined
from mlgui.results.report import Report, VarianceComponent
from mlgui.words import tr

CODE = "variance-not-identified"

INVOLVED = 1e-6
"""Share of a repeated column that another column must make up for their SDs to depend on each other."""


def unidentified_findings(design: Design) -> Iterator[Finding]:
    """Yield a warning for every variance that the design leaves open, whatever the outcome."""
    for varying, group in zip(design.groupings, design.problem.groupings, strict=True):
        for coefficient in range(len(varying.names)):
            if saturated(varying, coefficient):
                yield _saturated(varying, coefficient)
        yield from _repeated(varying, group.z)
    for one, other in combinations(range(len(design.groupings)), 2):
        if _same_groups(design, one, other):
            yield _twice(design.groupings[one], design.groupings[other])


def identified(report: Report, component: VarianceComponent) -> tuple[bool, ...]:
    """Return whether the data tell the SD of each coefficient of a random term, or it is one choice of many."""
    return identified_by(report.design, report.findings, component)


def identified_by(design: Design, findings: Iterable[Finding], component: VarianceComponent) -> tuple[bool, ...]:
    """Return the same where there is no report yet; the columns are looked at only where a finding says there is cause."""
    if all(finding.code != CODE for finding in findings):
        return (True,) * len(component.names)
    index = component.grouping_index
    varying, columns = design.groupings[index], list(component.indices)
    others = [k for k in range(len(design.groupings)) if k != index and _same_groups(design, index, k)]
    shared = {name for k in others for name in design.groupings[k].names}
    repeated = _dependent(triangle(design.problem.groupings[index].z[:, columns]))
    return tuple(
        not (repeated[place] or varying.names[column] in shared or saturated(varying, column))
        for place, column in enumerate(columns)
    )


def _dependent(r: Floats) -> list[bool]:
    """Return which columns of a triangle follow from others, or others from them."""
    kept, size = independent_columns(r), np.linalg.norm(r, axis=0)
    found = [place not in kept for place in range(r.shape[1])]
    for extra in [place for place, follows in enumerate(found) if follows and kept]:
        weights = np.linalg.lstsq(r[:, kept], r[:, extra], rcond=None)[0]
        for place, weight in zip(kept, weights, strict=True):
            found[place] |= bool(abs(weight) * size[place] > INVOLVED * size[extra])
    return found


def saturated(varying: VaryingCoefficients, coefficient: int) -> bool:
    """Return whether the group-level predictors of a varying coefficient can take any value in every group.

    Then nothing is left for its deviations: the REML criterion does not depend on their variance at all.
    """
    predictors = varying.predictors[coefficient]
    if len(predictors) < len(varying.levels):
        return False
    values = np.column_stack([predictor.values for predictor in predictors])
    return len(independent_columns(triangle(values))) == len(varying.levels)


def _saturated(varying: VaryingCoefficients, coefficient: int) -> Finding:
    name = varying.grouping.name
    groups, what = group_plural(name), _what(varying, coefficient)
    return Finding(
        code=CODE,
        severity=Severity.WARNING,
        title=tr("Nothing is left to tell how {what} vary between {groups}").format(what=what, groups=groups),
        text=tr(
            "The average terms fit {what} of all {counted} exactly, so the data say nothing about a variance beyond them. "
            "Any SD fits equally well, and the standard errors of these coefficients depend on the one taken: do "
            "not report them. Take predictors of {groups} out of the averages, or let {what} not vary."
        ).format(what=what, counted=counted(len(varying.levels), name), groups=groups),
        about=(name, varying.names[coefficient]),
    )


def _repeated(varying: VaryingCoefficients, z: Floats) -> Iterator[Finding]:
    """Warn of varying columns that are 0 everywhere or follow from the ones before them in the same term."""
    for block in varying.blocks:
        columns = list(block)
        kept = independent_columns(triangle(z[:, columns]))
        extra = [varying.labels[column] for place, column in enumerate(columns) if place not in kept]
        if extra:
            yield Finding(
                code=CODE,
                severity=Severity.WARNING,
                title=tr("The variation of {names} cannot be told apart").format(names=joined(extra)),
                text=tr(
                    "In every row {names} follows exactly from the other terms that vary by {groups}, or is 0. Fitted values do "
                    "not depend on it, but the SDs and correlations of these terms are one choice of many. Let {names} not vary."
                ).format(names=joined(extra), groups=group_plural(varying.grouping.name)),
                about=(varying.grouping.name, *extra),
            )


def _same_groups(design: Design, one: int, other: int) -> bool:
    """Return whether two groupings divide the rows in the same way and share a varying coefficient."""
    first, second = design.problem.groupings[one], design.problem.groupings[other]
    shared = set(design.groupings[one].names) & set(design.groupings[other].names)
    if first.n_groups != second.n_groups or not shared:
        return False
    partner = np.zeros(first.n_groups, dtype=second.codes.dtype)
    partner[first.codes] = second.codes
    return bool((partner[first.codes] == second.codes).all())


def _twice(one: VaryingCoefficients, other: VaryingCoefficients) -> Finding:
    names = joined([one.grouping.name, other.grouping.name])
    return Finding(
        code=CODE,
        severity=Severity.WARNING,
        title=tr("{names} are the same groups").format(names=names),
        text=tr(
            "They divide the rows in the same way, so the data tell only the sum of their variances; how it is split here is "
            "arbitrary. Take one of them out of the model."
        ),
        about=(one.grouping.name, other.grouping.name),
    )


def _what(varying: VaryingCoefficients, coefficient: int) -> str:
    if varying.names[coefficient] == "(Intercept)":
        return tr("intercepts")
    return tr("slopes of {name}").format(name=varying.labels[coefficient])
