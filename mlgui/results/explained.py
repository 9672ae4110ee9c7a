"""How much of the variance between groups the group-level predictors explain."""

from __future__ import annotations

from dataclasses import dataclass, replace
from weakref import WeakKeyDictionary

import numpy as np

from mlgui.engine.fit import fit
from mlgui.results import numbers
from mlgui.results.group_columns import grouping_index
from mlgui.results.group_model import coefficient_title, model_columns
from mlgui.results.nouns import group_plural, joined
from mlgui.results.report import Report
from mlgui.results.tables import Format, ResultColumn, ResultTable, key_of
from mlgui.words import tr

_kept: WeakKeyDictionary[Report, dict[str, tuple[Explained, ...]]] = WeakKeyDictionary()


@dataclass(frozen=True, kw_only=True)
class Explained:
    """One varying coefficient with and without its group-level predictors.

    before, after: its SD between groups. share: (before^2 - after^2) / before^2, which may be negative; NaN where the
    SD before is 0. predictors: the columns left out for `before`. text: the share in a sentence.
    """

    coefficient: str
    before: float
    after: float
    share: float
    predictors: tuple[str, ...]
    text: str


def explained(report: Report, grouping: str) -> tuple[Explained, ...]:
    """Return what the group-level predictors of one grouping explain, per varying coefficient; () where it has none.

    Before: the same rows, zero of x and random structure, fitted without these predictors. Computed once per report.
    """
    kept = _kept.setdefault(report, {})
    if grouping not in kept:
        kept[grouping] = _explained(report, grouping)
    return kept[grouping]


def share_explained(before: float, after: float) -> float:
    """Return (before^2 - after^2) / before^2 for two SDs, NaN where the first is 0."""
    return (before**2 - after**2) / before**2 if before > 0 else float("nan")


def _explained(report: Report, grouping: str) -> tuple[Explained, ...]:
    index, problem = grouping_index(report, grouping), report.design.problem
    gone = _predictor_columns(report, index)
    if not gone:
        return ()
    kept = [column for column in range(problem.x.shape[1]) if column not in gone]
    without = fit(replace(problem, x=np.asfortranarray(problem.x[:, kept])))
    before = np.sqrt(np.diag(without.groups[index].covariance))
    after = np.sqrt(np.diag(report.estimates.groups[index].covariance))
    return tuple(
        _one(report, grouping, coefficient, float(before[coefficient]), float(after[coefficient]))
        for coefficient in range(len(after))
    )


def _predictor_columns(report: Report, index: int) -> set[int]:
    """Return the columns of X in the group-level models of a grouping that are not averages of a varying coefficient."""
    varying, coefficients = report.design.groupings[index], report.design.coefficients
    return {
        predictor.column
        for predictors in varying.predictors
        for predictor in predictors
        if not any(coefficients[predictor.column].term.same_as(term) for term in varying.terms)
    }


def _one(report: Report, grouping: str, coefficient: int, before: float, after: float) -> Explained:
    share = share_explained(before, after)
    names = model_columns(report, grouping, coefficient)
    return Explained(
        coefficient=coefficient_title(report, grouping, coefficient),
        before=before,
        after=after,
        share=share,
        predictors=names,
        text=_sentence(report, grouping, coefficient, share, names),
    )


def _sentence(report: Report, grouping: str, coefficient: int, share: float, names: tuple[str, ...]) -> str:
    what = coefficient_title(report, grouping, coefficient)
    if not names:
        return tr("{what} have no group-level predictor.").format(what=what)
    if np.isnan(share):
        return tr("Without {names}, {what} show no variance to explain.").format(names=joined(list(names)), what=what)
    if share < 0:
        return tr(
            "The variance of {what} is larger with {names} than without ({share}). That happens where a predictor works in "
            "opposite directions within and between groups, or by chance with few groups."
        ).format(what=what, names=joined(list(names)), share=numbers.percent(share))
    return tr("{names} explain {share} of the variance of {what}.").format(
        names=joined(list(names)), share=numbers.percent(share), what=what
    )


def explained_table(report: Report, grouping: str) -> ResultTable:
    """Return what the group-level predictors of a grouping explain, one varying coefficient a row."""
    found = explained(report, grouping)
    digits = numbers.decimals_of_spread([one.before for one in found]) if found else 2

    def column(key: str, heading: str, cells: list[float]) -> ResultColumn:
        return ResultColumn(key=key, heading=heading, cells=cells, format=Format.NUMBER, decimals=digits)

    return ResultTable(
        key=key_of("explained", grouping),
        title=tr("Explained by predictors of {groups}").format(groups=group_plural(grouping)),
        columns=(
            ResultColumn(key="term", heading=tr("Coefficient"), cells=[one.coefficient for one in found]),
            column("sd_without", tr("SD without them"), [one.before for one in found]),
            column("sd_with", tr("SD with them"), [one.after for one in found]),
            ResultColumn(key="share", heading=tr("Share explained"), cells=[one.share for one in found], format=Format.PERCENT),
        ),
        note=tr("Share of the variance between groups; it may be negative."),
    )
