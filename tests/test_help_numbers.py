"""The numbers in the tutorials of the help are those of the program.

A phrase is a piece of the page with gaps, {:.2f}, that are filled from a fit and must then stand in the page word for word. Every
number with decimals, and every percentage, must stand in a phrase.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pandas as pd
import pytest

import mlgui
from mlgui.gui.help.library import page, pages
from mlgui.scripting import FittedModel
from mlgui.session.examples import example

TUTORIALS = [found.key for found in pages() if found.key.startswith("tutorial_")]
NUMBER = re.compile(r"−?\d[\d,]*\.\d+|(?<!\d)(?!95 %)−?\d+ %")
Phrase = tuple[Any, ...]
"""A piece of a page, and the numbers for its gaps."""


@cache
def data(name: str) -> pd.DataFrame:
    """An example as the window opens it: categories in the order of the codebook."""
    shown = example(name)
    frame = mlgui.read(shown.path)
    for column in shown.columns:
        if column.kind in ("category", "id"):
            text = frame[column.name].astype(str)
            frame[column.name] = pd.Categorical(text, categories=column.levels) if column.levels else text
    return frame


@cache
def fit(name: str, formula: str, zero: tuple[str, float] = ("", 0), residual: str = "") -> FittedModel:
    frame = data(name)
    if zero[0]:
        frame = frame.assign(**{zero[0]: frame[zero[0]] - zero[1]})
    return mlgui.fit(formula, frame, residual=(residual,) if residual else ())


def of(model: FittedModel, term: str, what: str = "estimate") -> float:
    return float(model.coefficients.set_index("term").loc[term, what])


def sd(model: FittedModel, group: str, term: str = "(Intercept)") -> float:
    rows = model.variance_components.set_index(["group", "term"])["sd"]
    return float(rows.loc[(group, "" if group == "Residual" else term)])


def total(model: FittedModel, grouping: str, level: str, column: str = "(Intercept)") -> float:
    return float(model.group_effects(grouping).loc[level, column])


def share(model: FittedModel, grouping: str, level: str) -> float:
    return 100 * float(model.resolved(grouping).loc[level].iloc[0])


def correlation(model: FittedModel, grouping: str) -> float:
    return float(model.correlations(grouping).iloc[0, 1])


def slope_test(model: FittedModel, row: int = 0, what: str = "lrt") -> float:
    return float(model.random_tests().iloc[row][what])


def hsb() -> Iterator[Phrase]:
    null = fit("hsb", "math ~ 1 + (1 | school)")
    slope, varying = fit("hsb", "math ~ ses + (1 | school)"), fit("hsb", "math ~ ses + (ses | school)")
    first = fit("hsb", "math ~ ses * sector + (ses | school)")
    second = fit("hsb", "math ~ ses * sector + ses * mean_ses + (ses | school)")
    yield (
        "deviation between schools is {:.2f}, that between students of a school {:.2f}",
        sd(null, "school"),
        sd(null, "Residual"),
    )
    yield "the [ICC](glossary.md#icc), is {:.2f}", null.shares["icc_adjusted"]
    pooled = slope.complete_pooling().query("key == 'ignoring_groups' and term == 'ses'").iloc[0]
    yield "slope of {:.2f} for ses, with a standard error of {:.2f}", pooled["estimate"], pooled["se"]
    flat = first.complete_pooling().query("key == 'no_variation' and term == 'sectorCatholic'").iloc[0]
    yield "a standard error of {:.2f}, as if", flat["se"]
    yield "the multilevel fit says {:.2f}", of(first, "sectorCatholic", "se")
    alone = varying.separate("school")
    yield "from {:.2f} to {:.2f}, with a standard deviation of {:.2f}", alone["ses"].min(), alone["ses"].max(), alone["ses"].std()
    yield "slope is {:.2f} on average", alone["ses_se"].mean()
    yield "average slope is {:.2f} (standard error {:.2f})", of(varying, "ses"), of(varying, "ses", "se")
    yield "deviation of {:.2f}: far less than the {:.2f} of", sd(varying, "school", "ses"), alone["ses"].std()
    yield "an intercept of {:.2f}", total(first, "school", "8367", "(Intercept)_own")
    yield "group-level prediction is {:.2f}", of(first, "(Intercept)")
    yield "The model says {:.2f}", total(first, "school", "8367")
    yield "resolve {:.0f} % of the variance", share(first, "school", "8367")
    yield "two standard deviations, {:.2f} and {:.2f}, and their correlation, {:.2f}", *_spreads(varying)
    yield "χ² is {:.1f}, and p is {:.3f}", slope_test(varying), slope_test(varying, what="p")
    for label, term in (("Intercept, Public", "(Intercept)"), ("sector: Catholic", "sectorCatholic"),
                        ("Slope of ses, Public", "ses"), ("ses × sector: Catholic", "ses:sectorCatholic")):  # fmt: skip
        row = [of(first, term, what) for what in ("estimate", "se", "ci_low", "ci_high")]
        yield f"| {label} | {{:.2f}} | {{:.2f}} | {{:.2f}} to {{:.2f}} |", row[0], row[1], row[2], row[3]
    yield "math is {:.2f} points higher", of(first, "sectorCatholic")
    yield "falls from {:.2f} to {:.2f}", of(first, "ses"), of(first, "ses") + of(first, "ses:sectorCatholic")
    shares = 100 * first.explained("school")["share"]
    yield "explains {:.0f} % of the variance of the intercepts and {:.0f} % of", shares["(Intercept)"], shares["ses"]
    steps = first.two_step("school", "ses").loc["ses:sectorCatholic"]
    yield "Catholic schools by {:.2f} (standard error {:.2f})", -steps["random_effects"], steps["random_effects_se"]
    yield "multilevel fit says {:.2f} ({:.2f})", -steps["multilevel"], steps["multilevel_se"]
    yield "standard deviation of {:.2f} is left", sd(first, "school", "ses")
    apart = slope.within_between("school").loc["ses"]
    yield "the same school: {:.2f} for each", apart["within"]
    yield "than other schools: {:.2f}", apart["between"]
    yield "The difference, {:.2f}, is", apart["contextual"]
    yield "ses alone gives {:.2f}", of(slope, "ses")
    yield "shrinks from {:.2f} to {:.2f}", of(first, "sectorCatholic"), of(second, "sectorCatholic")
    yield "Now {:.0f} % of the variance of the intercepts", 100 * second.explained("school")["share"]["(Intercept)"]
    new = first.predict(pd.DataFrame({"ses": [0.0], "sector": ["Catholic"], "school": ["new"]})).iloc[0]
    yield (
        "expected at {:.2f}; the mean of such a school lies between {:.2f} and {:.2f}",
        new["value"],
        new["ci_low"],
        new["ci_high"],
    )


def _spreads(model: FittedModel) -> tuple[float, float, float]:
    return sd(model, "school"), sd(model, "school", "ses"), correlation(model, "school")


def sleepstudy() -> Iterator[Phrase]:
    full, flat = fit("sleepstudy", "Reaction ~ Days + (Days | Subject)"), fit("sleepstudy", "Reaction ~ Days + (1 | Subject)")
    day, se, spread = of(full, "Days"), of(full, "Days", "se"), sd(full, "Subject", "Days")
    yield "starts at {:.1f} ms and slows by {:.2f} ms a day (standard error {:.2f})", of(full, "(Intercept)"), day, se
    yield "deviation of {:.1f} ms in the level, and of {:.1f} ms a day in the slope", sd(full, "Subject"), spread
    yield "about {:.1f} ms.", sd(full, "Residual")
    yield "between {:.1f} and {:.1f} ms a day: the mean", day - spread, day + spread
    yield (
        "The slope stays {:.2f}, but its standard error falls from {:.2f} to {:.2f}",
        of(flat, "Days"),
        se,
        of(flat, "Days", "se"),
    )
    yield "freedom rise from {:.0f} to {:.0f}", of(full, "Days", "df"), of(flat, "Days", "df")
    yield "χ² = {:.1f}", slope_test(full)
    own = [total(full, "Subject", level, column) for level in ("308", "335") for column in ("Days_own", "Days")]
    yield "slows by {:.1f} ms a day on his own data and by {:.1f} in the model", own[0], own[1]
    yield "by {:.1f} a day; the model says {:.1f}", own[2], own[3]
    moved = fit("sleepstudy", "Reaction ~ Days + (Days | Subject)", ("Days", 4.5))
    yield "correlate at {:.2f}. That", correlation(full, "Subject")
    yield (
        "becomes {:.2f} and the standard deviation of the intercepts {:.1f}",
        correlation(moved, "Subject"),
        sd(moved, "Subject"),
    )
    yield "criterion shows: {:.1f} both times", full.report.criterion
    assert full.report.criterion == pytest.approx(moved.report.criterion, abs=1e-6)
    apart = [fit("sleepstudy", "Reaction ~ Days + (Days || Subject)", ("Days", zero)).report.criterion for zero in (0, 4.5)]
    yield "is {:.1f} with zero at Day 0 and {:.1f} with zero at the mean", apart[0], apart[1]
    new = full.predict(pd.DataFrame({"Days": [9], "Subject": ["new"]})).iloc[0]
    yield "reaction is {:.1f} ms", new["value"]
    yield "| the average of all drivers | {:.1f} to {:.1f} |", new["average_low"], new["average_high"]
    yield "| the mean of one new driver | {:.1f} to {:.1f} |", new["ci_low"], new["ci_high"]
    yield "| one test of a new driver | {:.1f} to {:.1f} |", new["observed_low"], new["observed_high"]
    ordered = fit("sleepstudy", "Reaction ~ Days + (1 | Subject)", residual="ar1:Subject:Days")
    yield "the next is {:.2f}", ordered.residual_structure.iloc[1]["estimate"]
    yield "slope gets {:.1f}, AR(1) gets {:.1f}", full.report.aic, ordered.report.aic


def radon() -> Iterator[Phrase]:
    first, second = fit("radon", "log_radon ~ floor + (1 | county)"), fit("radon", "log_radon ~ floor + (floor | county)")
    yield "log radon is {:.2f}; on the first floor it is {:.2f} lower", of(first, "(Intercept)"), -of(first, "floor")
    yield "deviation of {:.2f}, houses of a county by {:.2f}", sd(first, "county"), sd(first, "Residual")
    yield "as much as {:.1f} houses", float(first.worth("county").iloc[0])
    for name in ("MURRAY", "LACQUIPARLE", "STLOUIS"):
        n, own = total(first, "county", name, "n"), total(first, "county", name, "(Intercept)_own")
        told = share(first, "county", name)
        yield f"| {name} | {{:.0f}} | {{:.2f}} | {{:.2f}} | {{:.0f}} % |", n, own, total(first, "county", name), told
    yield "Murray county says {:.2f}", total(first, "county", "MURRAY", "(Intercept)_own")
    ignoring = first.complete_pooling().query("key == 'ignoring_groups' and term == '(Intercept)'").iloc[0]
    yield "to say {:.2f} for Murray", ignoring["estimate"]
    yield "goes {:.0f} % of the way for the one and {:.0f} %", share(first, "county", "MURRAY"), share(first, "county", "STLOUIS")
    yield (
        "deviation of {:.2f} between counties, and the average stays at {:.2f}",
        sd(second, "county", "floor"),
        of(second, "floor"),
    )
    yield "grows from {:.2f} to {:.2f}", of(first, "floor", "se"), of(second, "floor", "se")
    groups, ranks = first.group_effects("county"), first.ranks("county")
    assert groups.nlargest(5, "(Intercept)_own")["n"].max() == 4
    yield "covers {:.0f} of the {:.0f} places on average", (ranks["ci_high"] - ranks["ci_low"]).mean(), len(ranks)
    sizes = groups["n"]
    yield "between {:.0f} and {:.0f} houses: {:.0f} counties have fewer", sizes.min(), sizes.max(), (sizes < 5).sum()


def exam() -> Iterator[Phrase]:
    null, first = fit("exam", "normexam ~ 1 + (1 | school)"), fit("exam", "normexam ~ standLRT + (standLRT | school)")
    second = fit("exam", "normexam ~ standLRT * schavg + sex + schgend + (standLRT | school)")
    yield "between schools is {:.2f}, and the ICC {:.2f}", sd(null, "school"), null.shares["icc_adjusted"]
    yield "average intake is {:.2f}", sd(first, "school")
    yield "at 11 is {:.2f} better", of(first, "standLRT")
    yield "standard deviation {:.2f}, χ² = {:.1f}", sd(first, "school", "standLRT"), slope_test(first)
    yield "correlate at {:.2f}", correlation(first, "school")
    yield "highest with {:.2f}, school 59 lowest with {:.2f}", total(first, "school", "53"), total(first, "school", "59")
    order = first.group_effects("school")["(Intercept)"]
    assert (order.idxmax(), order.idxmin()) == ("53", "59")
    ranks = first.ranks("school")
    yield "a rank between {:.0f} and {:.0f}", ranks.loc["53", "ci_low"], ranks.loc["53", "ci_high"]
    yield "anywhere from {:.0f} to {:.0f}", ranks.loc["31", "ci_low"], ranks.loc["31", "ci_high"]
    yield "students who do {:.2f} better", of(second, "schavg")
    yield "steeper by {:.2f}", of(second, "standLRT:schavg")
    girls = [of(second, "schgendgirls", what) for what in ("estimate", "ci_low", "ci_high")]
    yield "schools do {:.2f} better than mixed ones, with an interval from {:.2f} to {:.2f}", girls[0], girls[1], girls[2]
    yield "Boys score {:.2f} lower", -of(second, "sexM")
    shares = 100 * second.explained("school")["share"]
    yield "explain {:.0f} % of the variance of levels and {:.0f} % of", shares["(Intercept)"], shares["standLRT"]


def insteval() -> Iterator[Phrase]:
    first = fit("insteval", "rating ~ service + (1 | student) + (1 | lecturer)")
    second = fit("insteval", "rating ~ service + (1 | student) + (service | lecturer)")
    yield "| lecturers | {:.2f} | {:.2f} |", sd(first, "lecturer"), first.shares["icc_lecturer"]
    yield "| students | {:.2f} | {:.2f} |", sd(first, "student"), first.shares["icc_student"]
    yield "| one rating | {:.2f} |", sd(first, "Residual")
    row = [of(first, "service", what) for what in ("estimate", "se", "t")]
    yield "lower by {:.2f}, with a standard error of {:.3f} and t = {:.1f}", -row[0], row[1], row[2]
    row = [of(second, "service", what) for what in ("estimate", "se", "t")]
    yield "average is {:.2f}, its standard error has grown to {:.3f}, and t is {:.1f}", row[0], row[1], row[2]
    yield "standard deviation of {:.2f}", sd(second, "lecturer", "service")


def penicillin() -> Iterator[Phrase]:
    both, one = fit("penicillin", "diameter ~ 1 + (1 | plate) + (1 | sample)"), fit("penicillin", "diameter ~ 1 + (1 | sample)")
    yield "| samples | {:.2f} | {:.2f} |", sd(both, "sample"), both.shares["icc_sample"]
    yield "| plates | {:.2f} | {:.2f} |", sd(both, "plate"), both.shares["icc_plate"]
    yield "| one measurement | {:.2f} |", sd(both, "Residual")
    yield "A stands at {:.1f} mm, sample F at {:.1f}.", total(both, "sample", "A"), total(both, "sample", "F")
    yield "rises from {:.2f} to {:.2f}", sd(both, "Residual"), sd(one, "Residual")
    row = [of(both, "(Intercept)", what) for what in ("estimate", "se", "df")]
    yield "mean of {:.2f} has a standard error of {:.2f} on {:.1f} degrees", row[0], row[1], row[2]


def pastes() -> Iterator[Phrase]:
    nested, crossed = fit("pastes", "strength ~ 1 + (1 | batch/cask)"), fit("pastes", "strength ~ 1 + (1 | batch) + (1 | cask)")
    yield "| casks of a batch | {:.2f} | {:.2f} |", sd(nested, "cask:batch"), nested.shares["icc_cask:batch"]
    yield "| batches | {:.2f} | {:.2f} |", sd(nested, "batch"), nested.shares["icc_batch"]
    yield "| tests of a cask | {:.2f} |", sd(nested, "Residual")
    yield "the ICC is {:.2f}", nested.shares["icc_adjusted"]
    yield "p = {:.2f}", slope_test(nested, 1, "p")
    yield "| REML criterion | {:.1f} | {:.1f} |", nested.report.criterion, crossed.report.criterion
    yield "| ICC | {:.2f} | {:.2f} |", nested.shares["icc_adjusted"], crossed.shares["icc_adjusted"]
    yield "| SD of tests | {:.2f} | {:.2f} |", sd(nested, "Residual"), sd(crossed, "Residual")
    row = [of(nested, "(Intercept)", what) for what in ("estimate", "se", "df")]
    yield "strength is {:.2f} with a standard error of {:.2f} on {:.0f} degrees", row[0], row[1], row[2]


def orthodont() -> Iterator[Phrase]:
    first = fit("orthodont", "distance ~ age * Sex + (age | Subject)")
    moved = fit("orthodont", "distance ~ age * Sex + (age | Subject)", ("age", 11))
    slopes = first.slopes("age", "Sex").set_index("Sex")["estimate"]
    yield "grow by {:.2f} mm a year, girls by {:.2f}", slopes["Male"], slopes["Female"]
    row = [of(first, "age:SexFemale", what) for what in ("estimate", "ci_low", "ci_high", "df")]
    yield "is {:.2f}, with an interval from {:.2f} to {:.2f} on {:.0f} degrees", row[0], row[1], row[2], row[3]
    yield "standard deviation of {:.2f} mm a year", sd(first, "Subject", "age")
    yield "given as {:.2f} mm", of(first, "SexFemale")
    yield "the difference there is {:.2f} mm", of(moved, "SexFemale")
    yield "deviation of {:.2f} and correlate with the slopes at {:.2f}", sd(first, "Subject"), correlation(first, "Subject")
    yield "these are {:.2f} and {:.2f}", sd(moved, "Subject"), correlation(moved, "Subject")
    shares = 100 * first.explained("Subject")["share"]
    yield "explains {:.0f} % of the variance of the slopes and {:.0f} % of", shares["age"], shares["(Intercept)"]
    plain = fit("orthodont", "distance ~ age * Sex + (1 | Subject)", ("age", 11))
    unequal = fit("orthodont", "distance ~ age * Sex + (1 | Subject)", ("age", 11), "by:Sex")
    spreads = unequal.residual_structure["estimate"]
    yield "{:.2f} mm for boys, {:.2f} for girls", spreads.iloc[0], spreads.iloc[1]
    yield "AIC falls from {:.1f} to {:.1f}", plain.report.aic, unequal.report.aic


PHRASES: dict[str, Callable[[], Iterator[Phrase]]] = {
    f"tutorial_{made.__name__}": made for made in (hsb, sleepstudy, radon, exam, insteval, penicillin, pastes, orthodont)
}


class Signed(float):
    """A number written with the minus sign of the pages."""

    def __format__(self, spec: str) -> str:
        return super().__format__(spec).replace("-", "−")


def filled(phrase: Phrase) -> str:
    template, *values = phrase
    return template.format(*map(Signed, values))


@pytest.mark.parametrize("key", TUTORIALS)
def test_the_numbers_of_a_tutorial_are_those_of_the_program(key: str) -> None:
    text = page(key).text
    phrases = [filled(phrase) for phrase in PHRASES[key]()]
    assert not [phrase for phrase in phrases if phrase not in text]
    checked = " ".join(phrases)
    loose = [number for number in NUMBER.findall(text) if number not in NUMBER.findall(checked)]
    assert not loose


def test_every_example_has_its_tutorial() -> None:
    assert set(TUTORIALS) == set(PHRASES)
