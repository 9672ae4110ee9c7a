"""The prediction bench: chosen values of the predictors, in a known group or a new one, and what the model says of them.

found = inputs_of(report)                                  # what can be chosen, with defaults
first = default_scenario(report, found)
bench = predict_scenarios(report, found, [first])          # a row for each scenario
curve = predict_along(report, found, first, "ses")         # one scenario, one predictor moved
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from mlgui.data.table import CODED
from mlgui.engine.prediction import RowGroups
from mlgui.results.factors import reference_level
from mlgui.results.group_columns import grouping_index
from mlgui.results.predict import Predictions, predict_encoded
from mlgui.results.reference_grid import Axis, Value, axes_of, encoded_cells
from mlgui.results.report import Report
from mlgui.spec.coding import factor_label
from mlgui.spec.render import render_expression
from mlgui.words import tr

Floats = NDArray[np.float64]

CURVE_POINTS = 49
TYPICAL = (("lowest", 0.0), ("10", 0.1), ("25", 0.25), ("median", 0.5), ("75", 0.75), ("90", 0.9), ("highest", 1.0))
"""Key and share of rows below the values one is likely to ask for."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Input:
    """One predictor. axis: its values in the rows used. typical: (key of TYPICAL or "mean", value), () for a category.

    grouping: of the coarsest grouping within which it is constant, "" at data level; of_groups: (J,) its value there.
    """

    name: str
    label: str
    axis: Axis
    default: Value
    typical: tuple[tuple[str, float], ...] = ()
    grouping: str = ""
    of_groups: tuple[Value, ...] = ()

    @property
    def levels(self) -> tuple[str, ...]:
        """The levels of a category, () for a number."""
        return tuple(str(value) for value in self.axis.values) if self.axis.is_category else ()

    @property
    def spread(self) -> float:
        """Standard deviation over the rows used, of a number."""
        return float(np.std(self.axis.sample))


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """values: of predictors by name. groups: grouping -> level of a known group; a grouping left out is a new group."""

    values: Mapping[str, Value] = field(default_factory=dict)
    groups: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, eq=False)
class Bench:
    """Scenarios as they were read (group-level predictors from their groups), and a row of predictions for each."""

    scenarios: tuple[Scenario, ...]
    predictions: Predictions


@dataclass(frozen=True, kw_only=True, eq=False)
class Curve:
    """Predictions of a scenario along one input, in its own groups and in new ones. values: numbers, or levels."""

    input: Input
    scenario: Scenario
    values: tuple[Value, ...]
    here: Predictions
    new: Predictions


def inputs_of(report: Report) -> tuple[Input, ...]:
    """Return what can be chosen for a model, data level before group level."""
    found = [_input(report, axis) for axis in axes_of(report, varying=True).values()]
    return tuple(sorted(found, key=lambda one: bool(one.grouping)))


def default_scenario(report: Report, inputs: Sequence[Input], groups: Mapping[str, str] | None = None) -> Scenario:
    """Return means of numbers and first levels of categories, in new groups unless `groups` names known ones."""
    return settled(report, inputs, Scenario(values={one.name: one.default for one in inputs}, groups=dict(groups or {})))


def settled(report: Report, inputs: Sequence[Input], scenario: Scenario) -> Scenario:
    """Return a scenario in which group-level predictors are those of the known groups they describe."""
    values = {one.name: scenario.values.get(one.name, one.default) for one in inputs}
    for one in inputs:
        level = scenario.groups.get(one.grouping, "") if one.grouping else ""
        if level:
            values[one.name] = one.of_groups[_place(report, one.grouping, level)]
    return replace(scenario, values=values)


def is_settled(scenario: Scenario, one: Input) -> bool:
    """Return whether a known group says what the value of an input is."""
    return bool(one.grouping and scenario.groups.get(one.grouping))


def in_group(report: Report, scenario: Scenario, grouping: str, level: str) -> Scenario:
    """Return a scenario in another group of a grouping, "" for a new one; what the group lies in comes with it.

    Known groups of other groupings that no row shares with it become new where one of them lies within the other.
    """
    groups = {name: known for name, known in scenario.groups.items() if name != grouping}
    if level:
        groups[grouping] = level
        index = grouping_index(report, grouping)
        for other in report.groups:
            if other.grouping != grouping:
                _follow(report, groups, index, _place(report, grouping, level), other.grouping)
    else:
        for other in report.groups:
            if other.grouping in groups and _lies_in(report, other.grouping, grouping):
                del groups[other.grouping]
    return replace(scenario, groups=groups)


def predict_scenarios(report: Report, inputs: Sequence[Input], scenarios: Sequence[Scenario], confidence: float = 0.95) -> Bench:
    """Return the predictions of scenarios, a row each, for a row of weight 1."""
    read = tuple(settled(report, inputs, scenario) for scenario in scenarios)
    return Bench(scenarios=read, predictions=_predicted(report, inputs, read, confidence))


def predict_along(report: Report, inputs: Sequence[Input], scenario: Scenario, name: str, confidence: float = 0.95) -> Curve:
    """Return a scenario with one input moved over its range in the rows used, or over its levels. KeyError: no such input."""
    moved = next((one for one in inputs if one.name == name), None)
    if moved is None:
        raise KeyError(name)
    read = settled(report, inputs, scenario)
    values: tuple[Value, ...] = moved.levels
    if not values:
        values = tuple(np.linspace(moved.axis.sample.min(), moved.axis.sample.max(), CURVE_POINTS).tolist())
    rows = [replace(read, values={**read.values, name: value}) for value in values]
    return Curve(
        input=moved, scenario=read, values=values,
        here=_predicted(report, inputs, rows, confidence),
        new=_predicted(report, inputs, [replace(row, groups={}) for row in rows], confidence),
    )  # fmt: skip


def _predicted(report: Report, inputs: Sequence[Input], scenarios: Sequence[Scenario], confidence: float) -> Predictions:
    axes = {one.name: one.axis for one in inputs}
    cells = encoded_cells(report, axes, [scenario.values for scenario in scenarios])
    groups, labels = [], []
    for k, z in enumerate(cells.z):
        grouping = report.groups[k].grouping
        chosen = [scenario.groups.get(grouping, "") for scenario in scenarios]
        codes = np.array([_place(report, grouping, level) if level else -1 for level in chosen], dtype=np.int64)
        groups.append(RowGroups(codes=codes, z=z))
        labels.append(tuple(level or tr("(new)") for level in chosen))
    return predict_encoded(
        report, cells.x, groups, offset=cells.offset, labels=labels, rows=np.arange(len(scenarios)), confidence=confidence
    )


def _input(report: Report, axis: Axis) -> Input:
    typical: tuple[tuple[str, float], ...] = ()
    if not axis.is_category:
        mean = float(axis.values[0])
        shares = np.quantile(axis.sample, [share for _, share in TYPICAL]).tolist()
        typical = (
            ("mean", _rounded(mean, float(axis.sample.std()))),
            *((key, value) for (key, _), value in zip(TYPICAL, shares, strict=True)),
        )
    grouping, of_groups = _constant_in(report, axis)
    whole = render_expression(axis.factor) == axis.name  # a mean by group, or a column by itself
    return Input(
        name=axis.name, label=factor_label(axis.factor) if whole else axis.name, axis=axis, default=_default(report, axis),
        typical=typical, grouping=grouping, of_groups=of_groups,
    )  # fmt: skip


def _default(report: Report, axis: Axis) -> Value:
    """Return the mean of a number, the reference of a category."""
    if axis.is_category and axis.name in report.design.table and report.design.table[axis.name].kind in CODED:
        return reference_level(report.design, axis.name)
    value = axis.values[0]
    return value if isinstance(value, str) else _rounded(value, float(axis.sample.std()))


def _rounded(value: float, spread: float) -> float:
    """Return a value to about a hundredth of the spread, as a person would type it."""
    return round(value, 2 - math.floor(math.log10(spread))) if spread > 0 else value


def _constant_in(report: Report, axis: Axis) -> tuple[str, tuple[Value, ...]]:
    """Return the grouping with the fewest groups in which an axis is constant, and its value in each group."""
    order = sorted(range(len(report.groups)), key=lambda k: len(report.groups[k].levels))
    for k in order:
        codes, n = report.design.problem.groupings[k].codes, len(report.groups[k].levels)
        first = np.zeros(n)
        first[codes[::-1]] = axis.sample[::-1]
        if np.array_equal(first[codes], axis.sample):
            values = [axis.values[int(code)] for code in first] if axis.is_category else first.tolist()
            return report.groups[k].grouping, tuple(values)
    return "", ()


def _place(report: Report, grouping: str, level: str) -> int:
    return report.groups[grouping_index(report, grouping)].levels.index(level)


def _follow(report: Report, groups: dict[str, str], index: int, code: int, other: str) -> None:
    """Take the group of another grouping that group `code` lies in, and forget one that it does not share a row with."""
    problem, place = report.design.problem, grouping_index(report, other)
    theirs = np.unique(problem.groupings[place].codes[problem.groupings[index].codes == code])
    levels = report.groups[place].levels
    if len(theirs) == 1:
        groups[other] = levels[int(theirs[0])]
    elif other in groups and levels.index(groups[other]) not in theirs and _lies_in(report, other, report.groups[index].grouping):
        del groups[other]


def _lies_in(report: Report, inner: str, outer: str) -> bool:
    """Return whether every group of one grouping lies in one group of another."""
    problem = report.design.problem
    a, b = (problem.groupings[grouping_index(report, name)].codes for name in (inner, outer))
    first = np.zeros(int(a.max()) + 1, dtype=b.dtype)
    first[a] = b
    return bool(np.array_equal(first[a], b))
