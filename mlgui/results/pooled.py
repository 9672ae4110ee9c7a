"""What partial pooling is compared with: complete pooling in its two versions, no pooling, separate regressions.

The first are cheap and part of every report. The other two pass over all rows for every grouping: `summarise` computes
them when asked to, `no_pooling` and `separate` do when a view wants them, once per report.
"""

from __future__ import annotations

from collections.abc import Callable
from weakref import WeakKeyDictionary

from mlgui.design.design import Coefficient, Design
from mlgui.engine import no_pooling as engine_no_pooling
from mlgui.engine import pooling
from mlgui.engine.estimates import Estimates
from mlgui.engine.pooling import GroupFits
from mlgui.results.group_columns import constant_within_groups, grouping_index
from mlgui.results.nouns import group_noun, joined, plural
from mlgui.results.report import GroupRegressions, Pooled, Report
from mlgui.spec.terms import Term
from mlgui.words import tr

IGNORING = "ignoring_groups"
NO_VARIATION = "no_variation"

Compute = Callable[[Design, Estimates, int], GroupRegressions]

_kept: WeakKeyDictionary[Report, dict[tuple[str, str], GroupRegressions]] = WeakKeyDictionary()


def complete_pooling(design: Design, estimates: Estimates) -> tuple[Pooled, ...]:
    """Return the two regressions without groups: individual-level predictors only, and the whole fixed part.

    () for a model without groupings, which is such a regression itself.
    """
    if not design.groupings:
        return ()
    groups = joined(list(dict.fromkeys(map(plural, _inner_nouns(design)))))
    kept = [index for index in range(len(design.coefficients)) if index not in set(estimates.dropped)]
    individual = [index for index in kept if is_individual(design, design.coefficients[index])]
    return (
        _pooled(design, IGNORING, tr("ignoring {groups}").format(groups=groups), individual),
        _pooled(design, NO_VARIATION, tr("no variation between {groups}").format(groups=groups), kept),
    )


def _inner_nouns(design: Design) -> list[str]:
    """Return a short noun for each grouping: of "cask in batch" the innermost, as the others are named themselves."""
    return [group_noun(varying.grouping.columns[0]) for varying in design.groupings]


def is_individual(design: Design, coefficient: Coefficient) -> bool:
    """Return whether a column of X is the intercept or made of data-level predictors only (no cross-level interaction)."""
    if coefficient.term.order == 0:
        return True
    if coefficient.level:
        return False
    return coefficient.term.order == 1 or not any(_at_group_level(design, Term((f,))) for f in coefficient.term.factors)


def no_pooling(report: Report, grouping: str) -> GroupRegressions:
    """Return the fit in which one grouping has a coefficient for every group, common slopes kept; computed once a report."""
    return _once(report, "no_pooling", grouping, no_pooling_of)


def separate(report: Report, grouping: str) -> GroupRegressions:
    """Return a regression per group of one grouping; computed once a report."""
    return _once(report, "separate", grouping, separate_of)


def no_pooling_of(design: Design, estimates: Estimates, index: int) -> GroupRegressions:
    """Return no pooling of the grouping at `index`."""
    return _regressions(design, "no_pooling", index, engine_no_pooling.no_pooling(estimates, index))


def separate_of(design: Design, estimates: Estimates, index: int) -> GroupRegressions:
    """Return separate regressions for the groups of the grouping at `index`."""
    return _regressions(design, "separate", index, pooling.separate_regressions(estimates.problem, index))


def _once(report: Report, kind: str, grouping: str, compute: Compute) -> GroupRegressions:
    """Return the comparator in the report, else the one kept from an earlier call, else a new one."""
    for made in report.no_pooling if kind == "no_pooling" else report.separate:
        if made.grouping == grouping:
            return made
    kept = _kept.setdefault(report, {})
    if (kind, grouping) not in kept:
        kept[kind, grouping] = compute(report.design, report.estimates, grouping_index(report, grouping))
    return kept[kind, grouping]


def _at_group_level(design: Design, main: Term) -> bool:
    """Return whether a main effect is constant within the groups of some grouping; read off the model where it has it."""
    for coefficient in design.coefficients:
        if coefficient.term.same_as(main):
            return bool(coefficient.level)
    return any(
        all(constant_within_groups(design.table[name], design.rows, group.codes, group.n_groups) for name in main.columns)
        for group in design.problem.groupings
    )


def _pooled(design: Design, key: str, label: str, columns: list[int]) -> Pooled:
    fit = pooling.complete_pooling(design.problem, columns)
    return Pooled(
        key=key,
        label=label,
        names=tuple(design.coefficients[index].name for index in columns),
        estimates=tuple(float(value) for value in fit.beta),
        ses=tuple(float(value) for value in fit.se),
        sigma=fit.sigma,
        df_residual=fit.df_residual,
    )


def _regressions(design: Design, kind: str, index: int, fits: GroupFits) -> GroupRegressions:
    common = len(fits.common) > 0
    return GroupRegressions(
        kind=kind,
        grouping=design.groupings[index].grouping.name,
        estimates=fits.estimates,
        ses=fits.ses,
        sigma=fits.sigma,
        common_names=tuple(design.coefficients[column].name for column in fits.columns) if common else (),
        common=tuple(float(value) for value in fits.common),
    )
