"""Boundary fits in words, with the remedies that may be offered, in their order: keep and report first.

The removal of a varying slope is never offered where it carries a cross-level interaction: in that case dropping it makes
the test of the interaction reject too often; it is named a sensitivity check in words only.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from mlgui.design.design import Design, VaryingCoefficients
from mlgui.findings import Finding, Remedy, Severity
from mlgui.results import numbers
from mlgui.results.identified_checks import saturated
from mlgui.results.nouns import capital, group_plural
from mlgui.results.report import VarianceComponent
from mlgui.results.variance import limit_words
from mlgui.words import tr


def boundary_findings(design: Design, variance: tuple[VarianceComponent, ...]) -> Iterator[Finding]:
    """Yield one finding per random term at the boundary of its parameter space."""
    for component in variance:
        if not component.boundary:
            continue
        varying = design.groupings[component.grouping_index]
        at_zero = [position for position, sd in enumerate(component.sd) if sd == 0]
        zero = [position for position in at_zero if not saturated(varying, component.indices[position])]
        if at_zero and not zero:
            continue  # `identified_checks` says that this 0 means nothing
        if zero:
            yield _zero_variance(design, component, zero)
        else:
            yield _lockstep(design, component)


def penalty_findings(design: Design) -> Iterator[Finding]:
    """Yield a note where a penalty keeps variances off 0, so that it is named wherever the results are."""
    if not design.problem.boundary_avoiding:
        return
    yield Finding(
        code="boundary-avoiding",
        severity=Severity.NOTE,
        title=tr("A penalty keeps variances off 0"),
        text=tr(
            "SDs and correlations are those of a penalised likelihood (Chung et al., 2013), not of the likelihood alone: an SD "
            "cannot come out as 0, nor a correlation as ±1. With many groups it changes little; with few it decides how large a "
            "small SD comes out. The criterion, AIC and BIC shown are those of the likelihood at these estimates; profile "
            "intervals, likelihood-ratio tests and comparisons of models leave the penalty out. Name it where you report this."
        ),
        remedies=(Remedy(label=tr("Fit without the penalty"), edit="set_boundary_avoiding", arguments=(("on", False),)),),
    )


def carries_interaction(varying: VaryingCoefficients, coefficient: int) -> bool:
    """Return whether a varying slope is explained by a group-level predictor: then it carries a cross-level interaction."""
    return varying.names[coefficient] != "(Intercept)" and len(varying.predictors[coefficient]) > 1


def _zero_variance(design: Design, component: VarianceComponent, zero: list[int]) -> Finding:
    groups = group_plural(component.grouping)
    whats = [_what(component, position) for position in zero]
    text = tr(
        "The variance of {what} between {groups} is estimated as 0. This is a boundary fit, not a failure: the data show no more "
        "difference between {groups} than chance would give, which is not proof that there is none. Keep it and report the SD "
        "as 0 with an upper limit{limits}; the average coefficients remain valid, their degrees of freedom take this zero as "
        "given."
    ).format(what=whats[0] if len(whats) == 1 else tr("several coefficients"), groups=groups, limits=_limits(component, zero))
    return Finding(
        code="boundary-fit",
        severity=Severity.WARNING,
        title=tr("No variation of {what} between {groups} is seen").format(what=", ".join(whats), groups=groups),
        text=text + _sensitivity(design, component, zero),
        about=(component.grouping, *(component.names[position] for position in zero)),
        remedies=_remedies(design, component, zero),
    )


def _limits(component: VarianceComponent, zero: list[int]) -> str:
    """Return the upper limits of SDs of 0 in brackets, or where they are to be had."""
    found = [(_what(component, position), limit_words(component, position)) for position in zero]
    if not all(words for _, words in found):
        return " " + tr("(ask for profile intervals)")
    if len(found) == 1:
        return f" ({found[0][1]})"
    return " (" + "; ".join(f"{what}: {words}" for what, words in found) + ")"


def _lockstep(design: Design, component: VarianceComponent) -> Finding:
    groups = group_plural(component.grouping)
    pair = _perfect_pair(component)
    smaller = int(np.argmin(component.sd))
    if pair is not None:
        a, b, sign = pair
        title = tr("{first} and {second} move in lockstep (ρ = {rho})").format(
            first=capital(_what(component, a)), second=_what(component, b), rho=numbers.number(sign, 2)
        )
    else:
        title = tr("What varies between {groups} moves in fewer ways than the model has").format(groups=groups)
    spread = ", ".join(
        tr("{what} {sd}").format(what=_what(component, position), sd=numbers.short(float(sd), 2))
        for position, sd in enumerate(component.sd)
    )
    text = tr(
        "This is a boundary fit, not a failure: the {groups} differ too little to tell these coefficients apart (SD: {spread}). "
        "Keep it and report the boundary; the average coefficients remain valid, their degrees of freedom take it as given."
    ).format(groups=groups, spread=spread)
    return Finding(
        code="boundary-fit",
        severity=Severity.WARNING,
        title=title,
        text=text + _sensitivity(design, component, [smaller]),
        about=(component.grouping, *component.names),
        remedies=_remedies(design, component, [smaller]),
    )


def _perfect_pair(component: VarianceComponent) -> tuple[int, int, float] | None:
    """Return the two coefficients whose correlation is +-1 and its sign, None where no single pair is."""
    if component.correlation is None:
        return None
    rows, columns = np.triu_indices(len(component.sd), 1)
    values = component.correlation[rows, columns]
    best = int(np.nanargmax(np.abs(values)))
    if abs(values[best]) < 1 - 1e-4:
        return None
    return int(rows[best]), int(columns[best]), float(np.sign(values[best]))


def _what(component: VarianceComponent, position: int) -> str:
    if component.names[position] == "(Intercept)":
        return tr("intercepts")
    return tr("slopes of {name}").format(name=component.labels[position])


def _sensitivity(design: Design, component: VarianceComponent, positions: list[int]) -> str:
    varying = design.groupings[component.grouping_index]
    if any(carries_interaction(varying, component.indices[position]) for position in positions):
        return " " + tr(
            "A cross-level interaction rests on this slope: leave the slope in. A fit without it is a sensitivity check only, "
            "as dropping it makes the test of the interaction too optimistic."
        )
    return ""


def _remedies(design: Design, component: VarianceComponent, positions: list[int]) -> tuple[Remedy, ...]:
    """Return what a click may change, mildest first. Keeping the fit needs no click and is what the text says first."""
    varying = design.groupings[component.grouping_index]
    found = [Remedy(label=tr("Keep variances off 0 by a penalty"), edit="set_boundary_avoiding", arguments=(("on", True),))]
    if len(component.indices) > 1:
        found.append(
            Remedy(
                label=tr("Let them vary uncorrelated"),
                edit="set_correlated",
                arguments=(("grouping", varying.grouping), ("on", False)),
            )
        )
    for position in positions:
        index = component.indices[position]
        if not carries_interaction(varying, index) and len(varying.names) > 1:
            label = tr("Sensitivity check: without varying {what}")
            found.append(
                Remedy(
                    label=label.format(what=_what(component, position)),
                    edit="set_varies",
                    arguments=(("term", varying.terms[index]), ("grouping", varying.grouping), ("on", False)),
                )
            )
    return tuple(found)
