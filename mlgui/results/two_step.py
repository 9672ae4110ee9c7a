"""Comparators of a varying coefficient's group-level model: two steps instead of one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mlgui.engine.inference import p_value
from mlgui.engine.two_step import SecondStep, first_step, second_step
from mlgui.results import numbers
from mlgui.results.group_columns import grouping_index
from mlgui.results.report import Report
from mlgui.results.tables import Format, ResultColumn, ResultTable, key_of
from mlgui.words import tr


@dataclass(frozen=True, kw_only=True, eq=False)
class TwoStep:
    """Own coefficients of the groups regressed on the predictors of a varying coefficient, beside the multilevel fit.

    names, labels: of the predictors, as columns of the model; multilevel, multilevel_se: their estimates in it. steps: by
    kind of weights ("random-effects", "precision", "equal").
    """

    grouping: str
    coefficient: str
    names: tuple[str, ...]
    labels: tuple[str, ...]
    multilevel: tuple[float, ...]
    multilevel_se: tuple[float, ...]
    steps: dict[str, SecondStep]


def two_step(report: Report, grouping: str, coefficient: str) -> TwoStep:
    """Return the two-step analysis of one varying coefficient (its lme4 name); KeyError where it does not vary.

    First step: a regression in each group on its rows, standard errors from the residual SD of all of them together. Groups
    whose rows cannot tell are left out and counted.
    """
    index = grouping_index(report, grouping)
    varying = report.design.groupings[index]
    if coefficient not in varying.names:
        raise KeyError(coefficient)
    a = varying.names.index(coefficient)
    own, se = first_step(report.estimates.problem, index)
    predictors = varying.predictors[a]
    x = np.column_stack([np.zeros((len(varying.levels), 0)), *(predictor.values for predictor in predictors)])
    effects = [report.fixed[predictor.column] for predictor in predictors]
    return TwoStep(
        grouping=grouping,
        coefficient=coefficient,
        names=tuple(effect.name for effect in effects),
        labels=tuple(effect.label for effect in effects),
        multilevel=tuple(effect.estimate for effect in effects),
        multilevel_se=tuple(effect.se for effect in effects),
        steps={
            kind: second_step(own[:, a], se[:, a], x, kind) for kind in ("random-effects", "precision", "equal")
        },
    )


def two_step_table(found: TwoStep) -> ResultTable:
    """Return the multilevel estimates and the three second steps side by side, one predictor a row."""
    digits = numbers.decimals_for(found.multilevel, found.multilevel_se)
    headings = {
        "random-effects": tr("Two steps, weights 1/(τ² + V)"),
        "precision": tr("Two steps, weights 1/V"),
        "equal": tr("Two steps, unweighted"),
    }
    columns = [
        _number("multilevel", tr("Multilevel"), list(found.multilevel), digits),
        _number("multilevel_se", tr("SE"), list(found.multilevel_se), digits),
    ]
    for kind, step in found.steps.items():
        key = kind.replace("-", "_")
        p = p_value(step.beta / step.se, float(step.df)) if step.df > 0 else np.full(len(step.beta), np.nan)
        columns += [
            _number(key, headings[kind], step.beta.tolist(), digits),
            _number(f"{key}_se", tr("SE"), step.se.tolist(), digits),
            ResultColumn(key=f"{key}_p", heading=tr("p"), cells=p.tolist(), format=Format.P),
        ]
    step = found.steps["random-effects"]
    return ResultTable(
        key=key_of("two_step", found.grouping, found.coefficient),
        title=tr("{name} by {grouping} in two steps").format(name=found.coefficient, grouping=found.grouping),
        columns=(ResultColumn(key="predictor", heading=tr("Predictor"), cells=list(found.labels)), *columns),
        note=tr(
            "Step one: a regression in each group; step two: its coefficients on the group-level predictors. {n} groups used, "
            "{left} left out as their rows cannot tell. SD between groups left over, τ: {tau}. Weights 1/V and equal weights are "
            "references: the first takes groups for alike, the second takes all of them for equally well known."
        ).format(n=step.n_groups, left=step.left_out, tau=numbers.number(step.tau, digits)),
    )


def _number(key: str, heading: str, cells: list[float], digits: int) -> ResultColumn:
    return ResultColumn(key=key, heading=heading, cells=cells, format=Format.NUMBER, decimals=digits)
