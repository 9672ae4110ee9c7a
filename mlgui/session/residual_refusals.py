"""Why a residual structure cannot be estimated, in words."""

from __future__ import annotations

from collections.abc import Callable

from mlgui.design.design import Design
from mlgui.engine.problem import DegenerateProblem
from mlgui.errors import UserError
from mlgui.words import tr


def _groups(design: Design) -> str:
    grouping = design.spec.residual.grouping
    return grouping.name if grouping is not None else tr("the groups")


def _level(design: Design, problem: DegenerateProblem) -> str:
    known = problem.index is not None and 0 <= problem.index < len(design.residual_levels)
    return design.residual_levels[problem.index] if known and problem.index is not None else tr("one level")


def _across(design: Design, problem: DegenerateProblem) -> UserError:
    known = problem.index is not None and 0 <= problem.index < len(design.groupings)
    other = design.groupings[problem.index].grouping.name if known and problem.index is not None else tr("another grouping")
    return UserError(
        tr("Residuals cannot be correlated within {groups} here.").format(groups=_groups(design)),
        tr("Its rows lie in several groups of {other}, by which coefficients vary.").format(other=other),
        tr("Let nothing vary by {other}, or correlate residuals within smaller groups.").format(other=other),
    )


def _ties(design: Design, problem: DegenerateProblem) -> UserError:
    return UserError(
        tr("Two rows of one group of {groups} have the same {order}.").format(
            groups=_groups(design), order=design.spec.residual.order
        ),
        tr("Their order, or their occasion, must be known for residuals to be correlated in it."),
        tr("Choose another column, or correct these rows."),
    )


def _no_pairs(design: Design, problem: DegenerateProblem) -> UserError:
    return UserError(
        tr("No group of {groups} has two rows.").format(groups=_groups(design)),
        tr("A correlation of residuals within groups cannot be seen then."),
        tr("Correlate residuals within larger groups."),
    )


def _one_level(design: Design, problem: DegenerateProblem) -> UserError:
    return UserError(
        tr("There is a single level for the residual SDs to differ by."),
        tr("SDs are compared between levels or occasions."),
        tr("Choose another column."),
    )


def _few_rows(design: Design, problem: DegenerateProblem) -> UserError:
    return UserError(
        tr("{level} has fewer than two rows.").format(level=_level(design, problem)),
        tr("Its residual SD cannot be estimated from so few."),
        tr("Choose a column with more rows in each level, or leave these rows out."),
    )


def _many_occasions(design: Design, problem: DegenerateProblem) -> UserError:
    return UserError(
        tr("{order} has too many occasions for a free correlation of each pair.").format(order=design.spec.residual.order),
        tr("Up to 12 occasions are fitted, with 77 parameters."),
        tr("Use AR(1), whose correlation depends on the distance in time alone."),
    )


def _apart(design: Design, problem: DegenerateProblem) -> UserError:
    return UserError(
        tr("{level} never meets one of the other occasions.").format(level=_level(design, problem)),
        tr("The correlation of two occasions is seen only in groups that have both."),
        tr("Use AR(1) or one common correlation."),
    )


def _confounded(design: Design, problem: DegenerateProblem) -> UserError:
    return UserError(
        tr("Intercepts that vary by {groups} and this residual structure say the same.").format(groups=_groups(design)),
        tr("Both make all rows of a group alike, so that they cannot be told apart."),
        tr("Keep one of both."),
    )


def _limit(design: Design, problem: DegenerateProblem) -> UserError:
    return UserError(
        tr("The residual structure has no estimate."),
        tr("The likelihood rises until a residual SD is 0 or residuals are perfectly correlated."),
        tr("Choose a simpler structure, or let fewer coefficients vary."),
    )


RESIDUAL_WORDS: dict[str, Callable[[Design, DegenerateProblem], UserError]] = {
    "residual-across-groups": _across,
    "residual-ties": _ties,
    "residual-no-pairs": _no_pairs,
    "residual-one-level": _one_level,
    "residual-few-rows": _few_rows,
    "residual-many-occasions": _many_occasions,
    "residual-occasions-apart": _apart,
    "residual-confounded": _confounded,
    "residual-limit": _limit,
}
