"""Effects within and between groups told apart by group means among the predictors (Mundlak 1978; Bell & Jones 2015)."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from mlgui.data.table import Kind
from mlgui.design.build import build
from mlgui.engine.contrasts import contrast_estimates
from mlgui.engine.fit import fit
from mlgui.errors import UserError
from mlgui.results import numbers
from mlgui.results.group_columns import constant_within_groups, grouping_index
from mlgui.results.nouns import group_plural
from mlgui.results.report import Report
from mlgui.results.summarise import summarise
from mlgui.results.tables import Format, ResultColumn, ResultTable, key_of
from mlgui.spec.expression import Call, Variable
from mlgui.spec.model import ModelSpec
from mlgui.spec.terms import Term
from mlgui.words import tr


@dataclass(frozen=True, kw_only=True)
class Effect:
    """An estimate with its Satterthwaite test."""

    estimate: float
    se: float
    df: float
    p: float


@dataclass(frozen=True, kw_only=True)
class WithinBetween:
    """One data-level number. within: its slope among rows of a group; between: that of group means; contextual: the

    difference, what a group's mean adds for rows alike in x. original: the slope of the model without the mean.
    """

    name: str
    original: float
    within: Effect
    between: Effect
    contextual: Effect


@dataclass(frozen=True, kw_only=True, eq=False)
class WithinBetweenModel:
    """The model with group means added, and what it says of each number whose mean was added."""

    grouping: str
    report: Report
    effects: tuple[WithinBetween, ...]


def within_between(report: Report, grouping: str) -> WithinBetweenModel:
    """Return the model with `mean(x, grouping)` for every number x with a main effect that varies within groups.

    Means are over the rows used. UserError where there is no such number, or the grouping is made of several columns.
    """
    index = grouping_index(report, grouping)
    spec, names = mundlak(report, index)
    design = build(spec, report.design.table)
    estimates = fit(design.problem)
    places = {coefficient.term: place for place, coefficient in enumerate(design.coefficients)}
    found = []
    for name in names:
        own, mean = places[_main(name)], places[_mean(name, grouping)]
        rows = np.zeros((3, len(design.coefficients)))
        rows[[0, 1], own], rows[[1, 2], mean] = 1.0, 1.0
        tests = contrast_estimates(estimates, rows)
        p = tests.p
        parts = [
            Effect(estimate=float(tests.estimate[i]), se=float(tests.se[i]), df=float(tests.df[i]), p=float(p[i]))
            for i in range(3)
        ]
        original = next(effect.estimate for effect in report.fixed if effect.name == design.coefficients[own].name)
        found.append(WithinBetween(name=name, original=original, within=parts[0], between=parts[1], contextual=parts[2]))
    refitted = summarise(design, estimates, comparators=False)
    return WithinBetweenModel(grouping=grouping, report=refitted, effects=tuple(found))


def mundlak(report: Report, index: int) -> tuple[ModelSpec, tuple[str, ...]]:
    """Return the model with group means added, and the numbers they are of; raises as `within_between`."""
    design = report.design
    columns = design.groupings[index].grouping.columns
    if len(columns) > 1:
        raise UserError(
            tr("Means by “{grouping}” cannot be added.").format(grouping=design.groupings[index].grouping.name),
            tr("It is made of several columns."),
            tr("Make one column of them first."),
        )
    group = design.problem.groupings[index]
    names = tuple(
        name
        for name in design.spec.columns
        if _main(name) in design.spec.fixed
        and design.table[name].kind is Kind.NUMBER
        and not constant_within_groups(design.table[name], design.rows, group.codes, group.n_groups)
        and _mean(name, columns[0]) not in design.spec.fixed
    )
    if not names:
        raise UserError(
            tr("There is nothing to tell apart within and between groups."),
            tr("No number with an average slope differs within groups, or its group mean is in the model already."),
        )
    return replace(design.spec, fixed=(*design.spec.fixed, *(_mean(name, columns[0]) for name in names))), names


def _main(name: str) -> Term:
    return Term((Variable(name),))


def _mean(name: str, grouping: str) -> Term:
    return Term((Call("mean", (Variable(name), Variable(grouping))),))


def within_between_table(found: WithinBetweenModel) -> ResultTable:
    """Return slopes within and between groups and their difference, one predictor a row."""
    parts = {"within": tr("Within"), "between": tr("Between"), "contextual": tr("Difference")}
    every = [getattr(one, part) for one in found.effects for part in parts]
    digits = numbers.decimals_for([one.estimate for one in every], [one.se for one in every])
    columns = [
        ResultColumn(key="original", heading=tr("Without the mean"), cells=[one.original for one in found.effects],
                     format=Format.NUMBER, decimals=digits)
    ]  # fmt: skip
    for part, heading in parts.items():
        effects = [getattr(one, part) for one in found.effects]
        for key, title, format in (
            ("estimate", heading, Format.NUMBER), ("se", tr("SE"), Format.NUMBER), ("df", tr("df"), Format.DF),
            ("p", tr("p"), Format.P),
        ):  # fmt: skip
            cells = [getattr(one, key) for one in effects]
            name = part if key == "estimate" else f"{part}_{key}"
            columns.append(ResultColumn(key=name, heading=title, cells=cells, format=format, decimals=digits))
    return ResultTable(
        key=key_of("within_between", found.grouping),
        title=tr("Within and between {groups}").format(groups=group_plural(found.grouping)),
        columns=(
            ResultColumn(key="predictor", heading=tr("Predictor"), cells=[one.name for one in found.effects]),
            *columns,
        ),
        note=tr("The model with the mean of each predictor by group added, over the rows used; df by Satterthwaite."),
    )
