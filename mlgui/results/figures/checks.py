"""Does the model describe the data? Each check is a question with a picture, a verdict in words and how to read it.

The verdict is "Fine" or "Look closer"; its limits are those of `check_measures` and are written in `why`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from mlgui.results.check_measures import Bounds, along_fitted, bounds_of, shape_of
from mlgui.results.check_words import along_words, bounds_why, effect_words, residual_words, scale_words
from mlgui.results.figure import Figure, Panel
from mlgui.results.figures.check_panels import fitted_panel, quantile_panel, scale_panel, spread_panel
from mlgui.results.group_columns import grouping_index
from mlgui.results.group_model import indexed_symbol
from mlgui.results.group_spread import FEWEST_SHOWN, group_spread, spread_words
from mlgui.results.nouns import capital, group_noun, row_plural
from mlgui.results.report import Report
from mlgui.results.tables import key_of
from mlgui.words import tr

Floats = NDArray[np.float64]
Groups = NDArray[np.int64]


class Verdict(StrEnum):
    """UNKNOWN: too few to judge."""

    FINE = "fine"
    LOOK = "look"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True, eq=False)
class Check:
    """One question. reading: how to read the picture and what is in it. why: what the verdict rests on, with its limits."""

    key: str
    question: str
    verdict: Verdict
    reading: str
    why: str
    figure: Figure


def verdict_words(verdict: Verdict) -> str:
    """Return the verdict as people read it."""
    return {Verdict.FINE: tr("Fine"), Verdict.LOOK: tr("Look closer"), Verdict.UNKNOWN: tr("Too few to judge")}[verdict]


def model_checks(report: Report, grouping: str = "") -> tuple[Check, ...]:
    """Return the checks of a model; those by group for one grouping ("" for none): marks carry its groups."""
    codes = report.design.problem.groupings[grouping_index(report, grouping)].codes.astype(np.int64) if grouping else None
    found = [_along(report, grouping, codes), _normal(report, grouping, codes)]
    if grouping:
        n = len(report.groups[grouping_index(report, grouping)].names)
        found += [_effects(report, grouping, coefficient) for coefficient in range(n)]
        spread = _spread(report, grouping)
        found += [spread] if spread is not None else []
    return (*found, _scale(report, grouping, codes))


def residuals(report: Report) -> Floats:
    """Return (y - fitted) sqrt(w), (n,): of equal variance where the model holds."""
    problem = report.design.problem
    rest = problem.y - report.estimates.fitted
    return rest if problem.weights is None else rest * np.sqrt(problem.weights)


def _figure(report: Report, key: str, grouping: str, panel: Panel, words: tuple[str, str, str]) -> Figure:
    """Return a figure of one panel; words: title, subtitle, alternative text."""
    labels = report.groups[grouping_index(report, grouping)].levels if grouping else ()
    return Figure(
        key=key, title=words[0], subtitle=words[1], panels=(panel,), alt=words[2], grouping=grouping, group_labels=labels,
        size_mm=(85.0, 75.0),
    )  # fmt: skip


def checked(report: Report, key: str, grouping: str, panel: Panel, question: str, judged: tuple[Verdict, str, str]) -> Check:
    """Return a check of one panel. judged: verdict, how to read it, what it rests on."""
    verdict, reading, why = judged
    alt = f"{question} {verdict_words(verdict)}. {reading}"
    figure = _figure(report, key, grouping, panel, (question, reading, alt))
    return Check(key=key, question=question, verdict=verdict, reading=reading, why=why, figure=figure)


def _along(report: Report, grouping: str, codes: Groups | None) -> Check:
    fitted, rest = report.estimates.fitted, residuals(report)
    along = along_fitted(fitted, rest / report.sigma)
    bounds = bounds_of(report.design.problem.y) if report.design.problem.weights is None else None
    reading, why = along_words(along, bounds, report.design.outcome_label)
    look = along.bends or along.uneven or _bounded(bounds)
    panel = fitted_panel(fitted, rest, codes, report.design.outcome_label, bounds)
    verdict = Verdict.LOOK if look else Verdict.FINE
    why = why if bounds is None else f"{why} {bounds_why(bounds)}"
    return checked(report, "check_fitted", grouping, panel, tr("Straight and even?"), (verdict, reading, why))


def _scale(report: Report, grouping: str, codes: Groups | None) -> Check:
    fitted, values = report.estimates.fitted, residuals(report) / report.sigma
    along = along_fitted(fitted, values)
    panel = scale_panel(fitted, values, codes, report.design.outcome_label)
    verdict = Verdict.LOOK if along.uneven else Verdict.FINE
    return checked(report, "check_scale", grouping, panel, tr("As wide everywhere?"), (verdict, *scale_words(along)))


def _bounded(bounds: Bounds | None) -> bool:
    return bounds is not None and (bounds.ceiling or bounds.floor)


def _normal(report: Report, grouping: str, codes: Groups | None) -> Check:
    values = residuals(report) / report.sigma
    look, reading, why = residual_words(shape_of(values), float(np.abs(values).max()), report.design)
    panel = quantile_panel(values, codes, tr("Standardised residual"))
    verdict = Verdict.LOOK if look else Verdict.FINE
    return checked(report, "check_residuals", grouping, panel, tr("Normal residuals?"), (verdict, reading, why))


def standardised_effects(report: Report, grouping: str, coefficient: int) -> Floats:
    """Return each group's deviation over its own standard deviation, (J,); NaN where the variance is 0.

    Var(b-hat_j) = G - Var(b-hat_j - b_j): groups with little data are shrunken more and so scatter less.
    """
    index = grouping_index(report, grouping)
    groups = report.groups[index]
    variance = report.estimates.groups[index].covariance[coefficient, coefficient]
    left = variance - groups.pred_error_sd[:, coefficient] ** 2
    known = left > 1e-9 * variance
    sd = np.sqrt(np.where(known, left, 1.0))
    return np.where(known, groups.deviation[:, coefficient] / sd, np.nan)


def _effects(report: Report, grouping: str, coefficient: int) -> Check:
    groups = report.groups[grouping_index(report, grouping)]
    values = standardised_effects(report, grouping, coefficient)
    known = np.flatnonzero(np.isfinite(values))
    noun, symbol = group_noun(grouping), indexed_symbol(report, grouping, coefficient)
    title = tr("{group} effect {symbol}, standardised").format(group=capital(noun), symbol=f"η{symbol}")
    question = tr("Normal {group} effects?").format(group=noun)
    if len(groups.names) > 1:
        what = tr("intercepts") if groups.names[coefficient] == "(Intercept)" else groups.labels[coefficient]
        question = tr("Normal {group} effects: {what}?").format(group=noun, what=what)
    panel = quantile_panel(values[known], known, title)
    far = int(known[np.argmax(np.abs(values[known]))]) if len(known) else -1
    verdict, reading, why = effect_words(
        shape_of(values[known]), float(values[far]) if far >= 0 else 0.0, groups.levels[far] if far >= 0 else "", grouping
    )
    key = key_of("check_effects", grouping, groups.names[coefficient])
    return checked(report, key, grouping, panel, question, (Verdict(verdict), reading, why))


def _spread(report: Report, grouping: str) -> Check | None:
    """Return the check of equal spread, None where hardly any group has enough rows."""
    spread = group_spread(report, grouping)
    if len(spread.groups) < FEWEST_SHOWN:
        return None
    verdict, reading, why = spread_words(spread, report.sigma, grouping)
    lost = report.design.problem.groupings[grouping_index(report, grouping)].z.shape[1]
    noun = group_noun(grouping)
    words = (
        tr("{rows} in the {group}").format(rows=capital(row_plural(report.design)), group=noun),
        tr("Residual SD within the {group}").format(group=noun),
    )
    panel = spread_panel(spread.sizes, lost, spread.sds, spread.groups, report.sigma, words)
    question = tr("Same spread in every {group}?").format(group=noun)
    return checked(report, key_of("check_spread", grouping), grouping, panel, question, (Verdict(verdict), reading, why))
