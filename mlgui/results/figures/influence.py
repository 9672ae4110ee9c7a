"""The checks of influence: does one group decide, and which coefficients would change without it?"""

from __future__ import annotations

import numpy as np

from mlgui.results import numbers
from mlgui.results.figures.check_panels import changes_panel, cooks_panel
from mlgui.results.figures.checks import Check, Verdict, checked
from mlgui.results.group_columns import grouping_index
from mlgui.results.influence import InfluenceOfGroups
from mlgui.results.nouns import capital, group_noun, group_plural, row_plural
from mlgui.results.report import Report
from mlgui.results.tables import key_of
from mlgui.words import tr

DECISIVE = 1.0
"""Cook's distance of a group that moves all coefficients about as far as their joint uncertainty reaches."""
LEAST_CHANGE = 0.5
"""A change below half a standard error is not worth a look, however many groups there are."""
FEWEST_GROUPS = 3


def change_limit(n_groups: int) -> float:
    """Return the change of a coefficient, in SEs, worth a look: twice 2 / sqrt(J), at least LEAST_CHANGE."""
    return max(LEAST_CHANGE, 4 / float(np.sqrt(n_groups)))


def influence_checks(report: Report, found: InfluenceOfGroups) -> tuple[Check, ...]:
    """Return the two checks of influence of the groups of a grouping; none where no group can be left out."""
    known = np.isfinite(found.values.cooks)
    if len(found.levels) < FEWEST_GROUPS or not known.any():
        return ()
    return _decides(report, found), _changes(report, found)


def _decides(report: Report, found: InfluenceOfGroups) -> Check:
    index = grouping_index(report, found.grouping)
    cooks, groups = found.values.cooks, np.asarray(found.values.groups, dtype=np.int64)
    known = np.flatnonzero(np.isfinite(cooks))
    most = int(known[np.argmax(cooks[known])])
    mark, noun = 4 / len(report.groups[index].levels), group_noun(found.grouping)
    words = (
        tr("{rows} in the {group}").format(rows=capital(row_plural(report.design)), group=noun),
        tr("Cook's distance without the {group}").format(group=noun),
    )
    panel = cooks_panel(found.sizes[known].astype(float), cooks[known], groups[known], mark, words)
    beyond = int(np.count_nonzero(cooks[known] > mark))
    reading = tr("High points are {groups} the coefficients hang on. {level} moves them most ({value}).").format(
        groups=group_plural(found.grouping), level=found.levels[most], value=numbers.number(float(cooks[most]), 2)
    )
    reading += " " + tr("In colour: {n} above 4/{groups}, where one looks first.").format(n=beyond, groups=len(found.levels))
    why = tr("Look closer if Cook's distance of a {group} is above {limit} (here {value}).").format(
        group=noun, limit=numbers.number(DECISIVE, 0), value=numbers.number(float(cooks[most]), 2)
    )
    verdict = Verdict.LOOK if cooks[most] > DECISIVE else Verdict.FINE
    question = tr("Does one {group} decide?").format(group=noun)
    return checked(report, key_of("check_influence", found.grouping), found.grouping, panel, question,
                   (verdict, reading, _with_lost(why, found)))  # fmt: skip


def _changes(report: Report, found: InfluenceOfGroups) -> Check:
    shown = [i for i, effect in enumerate(report.fixed) if effect.estimable]
    change = found.values.change[:, shown]
    names = tuple(report.fixed[i].label for i in shown)
    limit = change_limit(len(found.levels))
    row, column = np.unravel_index(int(np.nanargmax(np.abs(change))), change.shape)
    most, noun = float(change[row, column]), group_noun(found.grouping)
    panel = changes_panel(change, np.asarray(found.values.groups, dtype=np.int64), names, limit)
    text = (
        tr("Without {level}, {name} would be {size} SE higher.")
        if most > 0
        else tr("Without {level}, {name} would be {size} SE lower.")
    )
    reading = tr("Each mark is a {group} left out.").format(group=noun)
    reading += " " + text.format(level=found.levels[int(row)], name=names[int(column)], size=numbers.number(abs(most), 2))
    why = tr(
        "Look closer if leaving out one {group} changes a coefficient by more than {limit} of its standard errors (here "
        "{value}): twice 2/√{n}, at least {least}."
    ).format(
        group=noun, limit=numbers.number(limit, 2), value=numbers.number(abs(most), 2), n=len(found.levels),
        least=numbers.number(LEAST_CHANGE, 1),
    )  # fmt: skip
    verdict = Verdict.LOOK if abs(most) > limit else Verdict.FINE
    question = tr("Which coefficients would change?")
    return checked(report, key_of("check_changes", found.grouping), found.grouping, panel, question,
                   (verdict, reading, _with_lost(why, found)))  # fmt: skip


def _with_lost(why: str, found: InfluenceOfGroups) -> str:
    """Return the reasons with how many groups could not be left out and why."""
    lost = int(np.count_nonzero(~np.isfinite(found.values.cooks)))
    if not lost:
        return why
    return (
        why
        + " "
        + tr("{n} {groups} are not judged: without one a coefficient would be lost, or it is too large.").format(
            n=lost, groups=group_plural(found.grouping)
        )
    )
