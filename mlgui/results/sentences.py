"""What the fit means, in plain hedged sentences, for any shape of model."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mlgui.design.design import Design
from mlgui.results import numbers
from mlgui.results.factors import (
    Part,
    curved_columns,
    factor_words,
    has_polynomial,
    parts_of,
    readable,
    reference_level,
    values_of,
)
from mlgui.results.nouns import capital, group_plural, joined, row_plural
from mlgui.results.report import FixedEffect, VarianceComponent
from mlgui.words import tr

Floats = NDArray[np.float64]

MOST = 7
"""Sentences about coefficients; a longer model is read from its table."""

Key = frozenset[tuple[str, str]]
"""The parts of a coefficient as (factor, level), whatever their order; level is "" for a number."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Readings:
    """The coefficients that can be read one by one. effects: by their parts. parts: of each factor, by its text."""

    design: Design
    effects: dict[Key, FixedEffect]
    parts: dict[str, Part]

    def at_zero(self, name: str, *, where: bool = False) -> str:
        """Return what a factor is where its coefficient drops out; `where` adds where that zero lies in the data."""
        part, design = self.parts[name], self.design
        if part.level:
            return tr("{column} is {level}").format(column=name, level=self.reference(name))
        plain = tr("{column} is 0").format(column=name)
        values = values_of(design, part)
        return plain + _zero_in(values) if where and values is not None else plain

    def reference(self, name: str) -> str:
        """Return the level the others of a category are compared with."""
        column = self.parts[name].column
        return reference_level(self.design, column) if column else tr("its first level")


def meaning(
    design: Design, fixed: tuple[FixedEffect, ...], variance: tuple[VarianceComponent, ...], sigma: float
) -> tuple[str, ...]:
    """Return the paragraphs of "What this means": average coefficients first, then what is left between groups and within."""
    readings = _readings(design, fixed)
    found = [*_intercept(readings), *_slopes(readings), *_differences(readings), *_products(readings)]
    if len(found) > MOST:
        found = [*found[:MOST], tr("The remaining coefficients are in the table.")]
    return (*found, *_between(design, variance), _within(design, sigma))


def _readings(design: Design, fixed: tuple[FixedEffect, ...]) -> Readings:
    effects: dict[Key, FixedEffect] = {}
    known: dict[str, Part] = {}
    for coefficient, effect in zip(design.coefficients, fixed, strict=True):
        parts = parts_of(design, coefficient)
        if parts is None or not effect.estimable or not all(readable(design, part.factor) for part in parts):
            continue
        effects[frozenset((part.text, part.level) for part in parts)] = effect
        known.update((part.text, part) for part in parts)
    return Readings(design=design, effects=effects, parts=known)


def _intercept(readings: Readings) -> list[str]:
    """Return the reading of the intercept: the outcome at the reference levels and at zero of the numbers."""
    effect, outcome = readings.effects.get(frozenset()), readings.design.outcome_label
    if effect is None or has_polynomial(readings.design):
        return []
    value = numbers.reading(effect.estimate, effect.se)
    where = [readings.at_zero(name, where=True) for name in readings.parts]
    where += [tr("{column} is 0").format(column=name) for name in curved_columns(readings.design)]
    if not where:
        return [tr("{outcome} is {value} on average.").format(outcome=outcome, value=value)]
    if len(where) > 4:
        text = tr("{outcome} is {value} on average where all predictors are 0 or at their reference level.")
        return [text.format(outcome=outcome, value=value)]
    return [
        tr("Where {conditions}, {outcome} is {value} on average.").format(conditions=joined(where), outcome=outcome, value=value)
    ]


def _zero_in(values: Floats) -> str:
    """Return where 0 lies among the values of a predictor, "" where nothing needs to be said."""
    low, high = float(np.min(values)), float(np.max(values))
    if abs(float(values.mean())) < 0.1 * float(values.std()):
        return " " + tr("(about its average)")
    if low > 0 or high < 0:
        return " " + tr("(outside the data, which run from {low} to {high})").format(
            low=numbers.given(low), high=numbers.given(high)
        )
    return ""


def _slopes(readings: Readings) -> list[str]:
    """Return a sentence per number that enters by itself, and one per number that enters along a curve."""
    found = []
    for key, effect in readings.effects.items():
        if len(key) != 1 or next(iter(key))[1]:
            continue
        name = next(iter(key))[0]
        others = dict.fromkeys(text for other in readings.effects if key < other for text, _ in other - key)
        where = joined([readings.at_zero(text) for text in others])
        unit = tr("Where {conditions}, each unit of {name}") if where else tr("Each unit of {name}")
        found.append(unit.format(conditions=where, name=name) + " " + _goes_with(readings.design, effect))
    text = tr("{outcome} follows {name} along a curve: its coefficients are read together, best as fitted lines.")
    return found + [text.format(outcome=readings.design.outcome_label, name=name) for name in curved_columns(readings.design)]


def _goes_with(design: Design, effect: FixedEffect) -> str:
    size, low, high = _sizes(effect)
    if effect.low <= 0 <= effect.high:
        return tr("shows no clear relation with {outcome}: {value} (95 % interval {low} to {high}).").format(
            outcome=design.outcome_label, value=numbers.reading(effect.estimate, effect.se), low=low, high=high
        )
    text = (
        tr("goes with {value} more {outcome} (95 % interval {low} to {high}).")
        if effect.estimate > 0
        else tr("goes with {value} less {outcome} (95 % interval {low} to {high}).")
    )
    return text.format(value=size, outcome=design.outcome_label, low=low, high=high)


def _sizes(effect: FixedEffect) -> tuple[str, str, str]:
    """Return the size without its sign and the limits, all with the same decimals."""
    scale = max(abs(effect.estimate), effect.se)
    return (
        numbers.reading_like(abs(effect.estimate), scale),
        numbers.reading_like(effect.low, scale),
        numbers.reading_like(effect.high, scale),
    )


def _differences(readings: Readings) -> list[str]:
    """Return a sentence per level of a category: its difference from the reference, and what it does to slopes."""
    found = []
    for key, effect in readings.effects.items():
        if len(key) != 1 or not next(iter(key))[1]:
            continue
        column, level = next(iter(key))
        if frozenset() not in readings.effects:
            found.append(_level_mean(readings.design, column, level, effect))
            continue
        size, low, high = _sizes(effect)
        if effect.low <= 0 <= effect.high:
            text = tr("Where {column} is {level}, {outcome} does not clearly differ from {reference} (95 %: {low} to {high})")
        elif effect.estimate > 0:
            text = tr("Where {column} is {level}, {outcome} is {value} higher than for {reference} (95 %: {low} to {high})")
        else:
            text = tr("Where {column} is {level}, {outcome} is {value} lower than for {reference} (95 %: {low} to {high})")
        sentence = text.format(
            column=column, level=level, outcome=readings.design.outcome_label, value=size, reference=readings.reference(column),
            low=low, high=high,
        )  # fmt: skip
        whole = sentence + "".join(_changed_slopes(key, readings.effects))
        found.append(tr("{sentence}.").format(sentence=whole))
    return found


def _level_mean(design: Design, column: str, level: str, effect: FixedEffect) -> str:
    """Return the reading of a level in a model without an intercept."""
    return tr("Where {column} is {level}, {outcome} is {value} on average, other predictors at 0 or their reference.").format(
        column=column, level=level, outcome=design.outcome_label, value=numbers.reading(effect.estimate, effect.se)
    )


def _changed_slopes(key: Key, effects: dict[Key, FixedEffect]) -> list[str]:
    found = []
    for other, change in effects.items():
        rest = other - key
        if not key < other or len(rest) != 1 or next(iter(rest))[1] or rest not in effects:
            continue
        before, name = effects[rest], next(iter(rest))[0]
        after = before.estimate + change.estimate
        same_sign = before.estimate * after > 0
        if same_sign and abs(after) < abs(before.estimate):
            text = tr(", and {name} matters less there: {after} instead of {before} per unit")
        elif same_sign:
            text = tr(", and {name} matters more there: {after} instead of {before} per unit")
        else:
            text = tr(", and {name} works differently there: {after} instead of {before} per unit")
        if change.low <= 0 <= change.high:
            text = tr(", with no clear difference in the slope of {name}: {after} instead of {before} per unit")
        scale = max(abs(after), abs(before.estimate), change.se)
        found.append(
            text.format(name=name, after=numbers.reading_like(after, scale), before=numbers.reading_like(before.estimate, scale))
        )
    return found


def _products(readings: Readings) -> list[str]:
    """Return a sentence per interaction of two numbers."""
    found = []
    for coefficient in readings.design.coefficients:
        parts = parts_of(readings.design, coefficient) or ()
        key = frozenset((part.text, part.level) for part in parts)
        if len(parts) != 2 or any(part.level for part in parts) or key not in readings.effects:
            continue
        effect = readings.effects[key]
        inner, outer = _slope_first(parts, readings.design, coefficient.explains)
        size, low, high = _sizes(effect)
        if effect.low <= 0 <= effect.high:
            text = tr("Whether the slope of {inner} changes with {outer} stays open (95 % interval {low} to {high} per unit).")
        elif effect.estimate > 0:
            text = tr("With each unit of {outer}, the slope of {inner} rises by {value} (95 % interval {low} to {high}).")
        else:
            text = tr("With each unit of {outer}, the slope of {inner} falls by {value} (95 % interval {low} to {high}).")
        found.append(text.format(inner=inner, outer=outer, value=size, low=low, high=high))
    return found


def _slope_first(parts: tuple[Part, ...], design: Design, explains: tuple[tuple[int, int], ...]) -> tuple[str, str]:
    """Return the two names with the one whose coefficient varies first: its slope is what the other explains."""
    for grouping, coefficient in explains:
        term = design.groupings[grouping].terms[coefficient]
        if term.factors == (parts[1].factor,):
            return parts[1].text, parts[0].text
    return parts[0].text, parts[1].text


def _between(design: Design, variance: tuple[VarianceComponent, ...]) -> list[str]:
    """Return what is left between the groups of each grouping, without SDs that are NaN."""
    sds: dict[int, list[tuple[str, str, float]]] = {}
    for component in variance:
        rows = zip(component.names, component.labels, component.sd.tolist(), strict=True)
        sds.setdefault(component.grouping_index, []).extend(rows)
    return [text for index, found in sds.items() if (text := _left_between(design, index, found))]


def _left_between(design: Design, index: int, found: list[tuple[str, str, float]]) -> str:
    varying = design.groupings[index]
    groups = group_plural(varying.grouping.name)
    explained = _explaining(design, index)
    lead = tr("Beyond {predictors}, {groups}").format(predictors=joined(explained), groups=groups) if explained else groups
    lead = capital(lead)
    some = [_spread(design, name, label, sd) for name, label, sd in found if sd > 0]
    none = [
        tr("level") if name == "(Intercept)" else tr("the slope of {name}").format(name=label)
        for name, label, sd in found
        if sd == 0
    ]
    sentences = []
    if some:
        text = tr("{who} still differ {what} (SD).") if explained else tr("{who} differ {what} (SD).")
        sentences.append(text.format(who=lead, what=joined(some)))
    if none:
        who = tr("They") if some else lead
        sentences.append(tr("{who} show no difference in {what} beyond chance.").format(who=who, what=joined(none)))
    return " ".join(sentences)


def _spread(design: Design, name: str, label: str, sd: float) -> str:
    if name == "(Intercept)":
        return tr("by about ±{sd} in {outcome}").format(sd=numbers.reading(sd), outcome=design.outcome_label)
    return tr("by about ±{sd} in the slope of {name}").format(sd=numbers.reading(sd), name=label)


def _explaining(design: Design, index: int) -> list[str]:
    """Return the columns of the group-level models of a grouping."""
    varying = design.groupings[index]
    names: list[str] = []
    for predictors, inner in zip(varying.predictors, varying.terms, strict=True):
        for predictor in predictors:
            term = design.coefficients[predictor.column].term
            names.extend(factor_words(factor) for factor in term.factors if factor not in inner.factors)
    return list(dict.fromkeys(names))


def _within(design: Design, sigma: float) -> str:
    rows, value = row_plural(design), numbers.reading(sigma)
    if not design.groupings:
        return tr("Around these averages, {rows} differ by about ±{sd} in {outcome}.").format(
            rows=rows, sd=value, outcome=design.outcome_label
        )
    inside = {name for varying in design.groupings if len(varying.grouping.columns) > 1 for name in varying.grouping.columns}
    finest = [varying.grouping for varying in design.groupings if not set(varying.grouping.columns) < inside]
    groups = joined(list(dict.fromkeys(group_plural(grouping.name) for grouping in finest)))
    return tr("Within {groups}, {rows} differ by about ±{sd} in {outcome}.").format(
        groups=groups, rows=rows, sd=value, outcome=design.outcome_label
    )
