"""Why no estimates exist, in words: the engine says it in a code, people read it here."""

from __future__ import annotations

from collections.abc import Callable

from mlgui.design.design import Design
from mlgui.engine.problem import DegenerateProblem
from mlgui.errors import UserError
from mlgui.session.residual_refusals import RESIDUAL_WORDS
from mlgui.words import tr


def refusal(problem: DegenerateProblem, design: Design) -> UserError:
    """Return what a refused problem means for the person who asked."""
    words = _WORDS.get(problem.code, _unknown)
    return words(design, problem)


def _grouping(design: Design, problem: DegenerateProblem) -> str:
    if problem.index is not None and 0 <= problem.index < len(design.groupings):
        return design.groupings[problem.index].grouping.name
    return tr("the grouping")


def _no_rows(design: Design, problem: DegenerateProblem) -> UserError:
    return UserError(
        tr("No row is left to fit."),
        tr("Every row lacks a value in one of the columns used, or has weight 0."),
        tr("Take out the column with most missing values, or check its missing codes."),
    )


def _constant_response(design: Design, problem: DegenerateProblem) -> UserError:
    return UserError(
        tr("{outcome} is the same in every row.").format(outcome=design.outcome_label),
        tr("There is nothing to explain."),
        tr("Choose another outcome."),
    )


def _perfect_fit(design: Design, problem: DegenerateProblem) -> UserError:
    return UserError(
        tr("The model gives {outcome} exactly.").format(outcome=design.outcome_label),
        tr("Its predictors and groups leave no residual variation, so that standard errors mean nothing."),
        tr("Look for a predictor that was computed from the outcome, or an outcome with one value in every group."),
    )


def _one_group(design: Design, problem: DegenerateProblem) -> UserError:
    name = _grouping(design, problem)
    return UserError(
        tr("{grouping} has a single group in the rows used.").format(grouping=name),
        tr("How groups differ cannot be seen from one."),
        tr("Choose another grouping, or look at the rows that were left out."),
    )


def _one_row_per_group(design: Design, problem: DegenerateProblem) -> UserError:
    name = _grouping(design, problem)
    return UserError(
        tr("Every group of {grouping} has one row.").format(grouping=name),
        tr("Its variation cannot be told from the variation between rows."),
        tr("Choose a grouping whose groups have several rows."),
    )


def _too_many(design: Design, problem: DegenerateProblem) -> UserError:
    if problem.index is None:
        why = tr("There are {n} rows, and as many or more average coefficients.").format(n=design.problem.n)
    else:
        why = tr("There are {n} rows, and the coefficients that vary by {grouping} are as many or more.").format(
            n=design.problem.n, grouping=_grouping(design, problem)
        )
    return UserError(
        tr("The model has more coefficients than the data can tell apart."),
        why,
        tr("Let fewer coefficients vary, or take out predictors."),
    )


def _not_finite(design: Design, problem: DegenerateProblem) -> UserError:
    return UserError(
        tr("A computed value is infinite or not a number."),
        tr("A logarithm of 0, a root of a negative number or an infinite cell does that."),
        tr("Look at the smallest and largest values of the columns used."),
    )


def _core_too_large(design: Design, problem: DegenerateProblem) -> UserError:
    return UserError(
        tr("The crossed groupings are too large for the memory of this computer."),
        tr("Two groupings with many groups each are crossed."),
        tr("Let fewer coefficients vary by the smaller one, or use a part of the rows."),
    )


def _unknown(design: Design, problem: DegenerateProblem) -> UserError:
    return UserError(
        tr("The model cannot be fitted to these data."),
        tr("The computation says: {code}.").format(code=problem.code),
        tr("Simplify the model step by step to see which part is too much."),
    )


_WORDS: dict[str, Callable[[Design, DegenerateProblem], UserError]] = {
    "no-rows": _no_rows,
    "constant-response": _constant_response,
    "perfect-fit": _perfect_fit,
    "one-group": _one_group,
    "one-row-per-group": _one_row_per_group,
    "too-many-coefficients": _too_many,
    "not-finite": _not_finite,
    "core-too-large": _core_too_large,
    **RESIDUAL_WORDS,
}
