"""Whether the groups can carry what varies by them."""

from __future__ import annotations

from collections.abc import Iterator

from mlgui.data.structure import Pair
from mlgui.data.table import CODED
from mlgui.findings import Finding, Remedy, Severity
from mlgui.spec.coding import category_levels, lme4_blocks, plan
from mlgui.spec.nouns import group_noun, group_plural
from mlgui.spec.order import contains
from mlgui.spec.roles import reason_not_grouping
from mlgui.spec.situation import Situation
from mlgui.spec.terms import Grouping, RandomTerm
from mlgui.spec.two_level import groupings_of, reason_constant, term_label
from mlgui.words import tr


def group_findings(situation: Situation) -> Iterator[Finding]:
    """Yield what is wrong with the groupings and with what varies by them."""
    if not situation.spec.random and situation.spec.residual.grouping is None:
        yield Finding(
            code="no-groups",
            severity=Severity.WARNING,
            title=tr("Nothing varies by group"),
            text=tr(
                "Without groups this is an ordinary regression: rows count as independent, and nothing is pooled. "
                "Choose the column that tells which group a row belongs to."
            ),
        )
    for grouping in groupings_of(situation.spec):
        yield from _grouping(situation, grouping)
    yield from _reused_labels(situation)


def _grouping(situation: Situation, grouping: Grouping) -> Iterator[Finding]:
    for name in grouping.columns:
        reason = reason_not_grouping(situation.table[name])
        if reason:
            yield Finding(
                code="grouping-kind",
                severity=Severity.WARNING,
                title=tr("“{name}” hardly tells groups apart").format(name=name),
                text=reason,
                about=(name,),
                remedies=(_without(grouping),),
            )
    sizes = situation.sizes(grouping)
    own = [random for random in situation.spec.random if frozenset(random.grouping.columns) == frozenset(grouping.columns)]
    if len(sizes) < 2:
        yield _one_group(grouping)
    elif sizes.max() == 1:
        yield _one_row_each(grouping)
    else:
        yield from _too_many(situation, grouping, own, len(sizes))
    for random in own:
        yield from _slopes(situation, random)


def _one_group(grouping: Grouping) -> Finding:
    return Finding(
        code="one-group",
        severity=Severity.ERROR,
        title=tr("“{name}” has a single group").format(name=grouping.name),
        text=tr("How groups differ cannot be seen from one. Choose another grouping, or look at the rows that are left out."),
        about=(grouping.name,),
        remedies=(_without(grouping),),
    )


def _one_row_each(grouping: Grouping) -> Finding:
    return Finding(
        code="one-row-per-group",
        severity=Severity.ERROR,
        title=tr("Every {group} has one row").format(group=group_noun(grouping)),
        text=tr(
            "Differences between {groups} cannot be told from differences within them. "
            "Choose a grouping in which several rows belong together."
        ).format(groups=group_plural(grouping)),
        about=(grouping.name,),
        remedies=(_without(grouping),),
    )


def _too_many(situation: Situation, grouping: Grouping, own: list[RandomTerm], n_groups: int) -> Iterator[Finding]:
    levels = category_levels(situation.spec, situation.table)
    widths = [len(plan(terms, levels)) for terms in lme4_blocks(own)]
    widest = max(widths)
    slopes = [(random, term) for random in own for term in random.terms if term.order]
    remedies = tuple(
        Remedy(
            label=tr("Do not let {term} vary").format(term=term_label(term)),
            edit="set_varies",
            arguments=(("term", term), ("grouping", random.grouping), ("on", False)),
        )
        for random, term in slopes[-1:]
    )
    if widest * n_groups >= situation.n_used:
        yield Finding(
            code="too-many-varying",
            severity=Severity.ERROR,
            title=tr("More varies between {groups} than the rows can tell").format(groups=group_plural(grouping)),
            text=tr(
                "{n} {groups} with {q} coefficients each make {total} quantities for {rows} rows. Let fewer coefficients vary."
            ).format(n=n_groups, groups=group_plural(grouping), q=widest, total=n_groups * widest, rows=situation.n_used),
            about=(grouping.name,),
            remedies=remedies,
        )
    elif sum(widths) > 1 and n_groups <= max(widest, 2):
        yield Finding(
            code="few-groups-for-slopes",
            severity=Severity.WARNING,
            title=tr("{n} {groups} are too few for slopes that vary").format(n=n_groups, groups=group_plural(grouping)),
            text=tr(
                "The variances and correlation of {q} coefficients rest on {n} {groups}, so they will come out at a boundary. "
                "Let only intercepts vary, or put indicators of the {groups} into the averages."
            ).format(q=sum(widths), n=n_groups, groups=group_plural(grouping)),
            about=(grouping.name,),
            remedies=remedies,
        )


def _slopes(situation: Situation, random: RandomTerm) -> Iterator[Finding]:
    group = group_noun(random.grouping)
    for term in random.terms:
        if not term.order:
            continue
        off = Remedy(
            label=tr("Do not let it vary"),
            edit="set_varies",
            arguments=(("term", term), ("grouping", random.grouping), ("on", False)),
        )
        if reason_constant(term, random.grouping, situation.structure, situation.table):
            yield Finding(
                code="slope-constant-in-groups",
                severity=Severity.WARNING,
                title=tr("{term} does not vary within a {group}").format(term=term_label(term), group=group),
                text=tr(
                    "Where a predictor, or part of an interaction, is the same for all rows of a {group}, no {group} has a "
                    "slope of its own; the variance of such slopes describes unequal spread between {groups}. "
                    "Let it explain the intercepts instead."
                ).format(group=group, groups=group_plural(random.grouping)),
                about=(term_label(term), random.grouping.name),
                remedies=(off,),
            )
        elif not contains(situation.spec.fixed, term):
            yield _without_average(random, term_label(term), off, on=("term", term))
        if not random.correlated and _has_category(situation, term.columns):
            yield _uncorrelated_category(term_label(term), random)


def _without_average(random: RandomTerm, label: str, off: Remedy, *, on: tuple[str, object]) -> Finding:
    return Finding(
        code="slope-without-average",
        severity=Severity.WARNING,
        title=tr("The slopes of {term} vary around 0").format(term=label),
        text=tr(
            "Their average is not in the model, so it is held at 0 and the variance has to make up for it. "
            "Add the average of {term} unless 0 is known."
        ).format(term=label),
        about=(label, random.grouping.name),
        remedies=(
            Remedy(label=tr("Add the average of {term}").format(term=label), edit="set_average", arguments=(on, ("on", True))),
            off,
        ),
    )


def _uncorrelated_category(label: str, random: RandomTerm) -> Finding:
    return Finding(
        code="uncorrelated-category",
        severity=Severity.NOTE,
        title=tr("The levels of {term} stay correlated").format(term=label),
        text=tr(
            "As in lme4, “||” gives each level of a category a coefficient of its own, correlated with the other levels, "
            "beside the varying intercept. Correlate everything, or use a number, if that is not what you mean."
        ),
        about=(label, random.grouping.name),
        remedies=(
            Remedy(
                label=tr("Correlate"),
                edit="set_correlated",
                arguments=(("grouping", random.grouping), ("on", True)),
            ),
        ),
    )


def _has_category(situation: Situation, columns: tuple[str, ...]) -> bool:
    return any(situation.table[name].kind in CODED for name in columns)


def _reused_labels(situation: Situation) -> Iterator[Finding]:
    """Yield the two readings of labels that recur in every group of another grouping: crossed, or nested."""
    groupings = {frozenset(random.grouping.columns) for random in situation.spec.random}
    for pair in situation.structure.pairs if situation.structure else ():
        if not pair.reused_labels:
            continue
        if {frozenset({pair.inner}), frozenset({pair.outer})} <= groupings:
            yield _taken_as_crossed(pair)
        elif frozenset({pair.inner, pair.outer}) in groupings:
            yield _taken_as_nested(pair)


def _taken_as_crossed(pair: Pair) -> Finding:
    inner, outer = group_plural(Grouping((pair.inner,))), group_noun(Grouping((pair.outer,)))
    text = tr(
        "The same few labels of “{a}” occur in every {outer}. They are taken as the same {inner} everywhere (crossed). "
        "If each {outer} has {inner} of its own, the variances change greatly: read them as different."
    )
    return Finding(
        code="reused-labels",
        severity=Severity.WARNING,
        title=tr("Are the {inner} the same in every {outer}?").format(inner=inner, outer=outer),
        text=text.format(a=pair.inner, inner=inner, outer=outer),
        about=(pair.inner, pair.outer),
        remedies=(
            Remedy(
                label=tr("Different {inner} in each {outer}").format(inner=inner, outer=outer),
                edit="use_combined_grouping",
                arguments=(("inner", pair.inner), ("outer", pair.outer)),
            ),
        ),
    )


def _taken_as_nested(pair: Pair) -> Finding:
    inner, outer = group_plural(Grouping((pair.inner,))), group_noun(Grouping((pair.outer,)))
    text = tr(
        "The same few labels of “{a}” occur in every {outer}; they are read as different {inner} in each. "
        "If they are the same {inner} everywhere, read them as such."
    )
    return Finding(
        code="reused-labels",
        severity=Severity.NOTE,
        title=tr("Each {outer} has {inner} of its own").format(inner=inner, outer=outer),
        text=text.format(a=pair.inner, inner=inner, outer=outer),
        about=(pair.inner, pair.outer),
        remedies=(
            Remedy(
                label=tr("The same {inner} in every {outer}").format(inner=inner, outer=outer),
                edit="use_separate_grouping",
                arguments=(("inner", pair.inner), ("outer", pair.outer)),
            ),
        ),
    )


def _without(grouping: Grouping) -> Remedy:
    return Remedy(
        label=tr("Leave out {name}").format(name=grouping.name), edit="remove_grouping", arguments=(("grouping", grouping),)
    )
