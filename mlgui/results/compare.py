"""Fitted models beside each other: criteria on the same rows by the same method, likelihood-ratio tests of nested ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from mlgui.engine.estimates import Estimates
from mlgui.engine.fit import fit
from mlgui.engine.influence import with_rows
from mlgui.engine.problem import DegenerateProblem, Problem
from mlgui.errors import UserError
from mlgui.progress import OnStep, Step
from mlgui.results.likelihood_ratio import LikelihoodRatio, NullDistribution, likelihood_ratio
from mlgui.results.nesting import added_beside, is_nested, places_of, same_columns, shared_rows
from mlgui.results.report import Report
from mlgui.spec.render import render
from mlgui.words import tr


@dataclass(frozen=True, kw_only=True, eq=False)
class ComparedModel:
    """One model as compared. estimates: the fit the criteria are of: refitted where method or rows had to be made equal."""

    label: str
    formula: str
    report: Report
    estimates: Estimates
    refitted: bool

    @property
    def aicc(self) -> float:
        """AIC with Hurvich & Tsai's (1989) correction for n rows; NaN where it has none."""
        n, k = self.estimates.n, self.estimates.n_parameters
        return self.estimates.aic + 2 * k * (k + 1) / (n - k - 1) if n > k + 1 else float("nan")


@dataclass(frozen=True, kw_only=True, eq=False)
class NestedTest:
    """A test of model `smaller` within `larger` (places in the list)."""

    smaller: int
    larger: int
    ratio: LikelihoodRatio

    @property
    def chi2(self) -> float:
        """The likelihood ratio, never below 0."""
        return self.ratio.statistic

    @property
    def df(self) -> int:
        """Parameters more in the larger model."""
        return self.ratio.df

    @property
    def p(self) -> float:
        """By `ratio.null`: half and half where one varying coefficient was added, else from a plain chi-square."""
        return self.ratio.p

    @property
    def upper_bound(self) -> bool:
        """Whether the models differ in variances, whose 0 is at the boundary, so that the true p is smaller."""
        return self.ratio.null is NullDistribution.BOUND


@dataclass(frozen=True, kw_only=True, eq=False)
class Compared:
    """Models compared. method: REML or ML, of all criteria. n: the rows all of them use. tests: of neighbours in the list

    that are nested. why: in a sentence, how criteria were made comparable, "" where they were.
    """

    models: tuple[ComparedModel, ...]
    method: str
    n: int
    tests: tuple[NestedTest, ...]
    why: str


def compare(reports: Sequence[Report], labels: Sequence[str] = (), on_step: OnStep | None = None) -> Compared:
    """Return models of one outcome side by side.

    Criteria are by REML only where all models are and have the same columns of averages; otherwise by maximum likelihood.
    Where models use different rows, all are refitted to the rows they share. UserError for different outcomes, tables or
    weights, and where no row is shared. A boundary-avoiding penalty is left out.
    """
    if not reports:
        raise UserError(tr("There is no model to compare."), "", tr("Fit a model first."))
    rows = shared_rows(reports)
    same_x = all(same_columns(reports[0], other, rows) for other in reports[1:])
    reml = same_x and all(report.estimates.problem.reml for report in reports)
    names = [*labels, *(tr("Model {n}").format(n=place) for place in range(len(labels) + 1, len(reports) + 1))]
    models = []
    for place, (label, report) in enumerate(zip(names, reports)):
        if on_step is not None:
            on_step(Step(text=tr("Comparing models"), done=place, total=len(reports)))
        models.append(_compared(report, label, rows, reml=reml))
    return Compared(
        models=tuple(models),
        method="REML" if reml else "ML",
        n=models[0].estimates.n,
        tests=tuple(test for a, b in pairwise(range(len(models))) if (test := _test(models, rows, a, b)) is not None),
        why=_why(models, same_x=same_x),
    )


def ratio_of(compared: Compared, a: int, b: int) -> NestedTest | None:
    """Return the test of two compared models, by place, the smaller within the larger; None where they are not nested."""
    return _test(compared.models, shared_rows([model.report for model in compared.models]), a, b)


def _compared(report: Report, label: str, rows: NDArray[np.int64], *, reml: bool) -> ComparedModel:
    problem = report.estimates.problem
    fewer = len(rows) < len(report.design.rows)
    estimates = report.estimates
    if fewer or problem.reml != reml or problem.boundary_avoiding:
        shared = with_rows(problem, places_of(report.design, rows)) if fewer else problem
        estimates = _refitted(replace(shared, reml=reml, boundary_avoiding=False), label)
    return ComparedModel(
        label=label,
        formula=render(report.design.spec),
        report=report,
        estimates=estimates,
        refitted=estimates is not report.estimates,
    )


def _refitted(problem: Problem, label: str) -> Estimates:
    """Return the fit of a model on equal terms; UserError where the rows that all models share cannot tell it."""
    try:
        return fit(problem)
    except DegenerateProblem as problem_met:
        raise UserError(
            tr("“{model}” cannot be fitted to the rows that all models share.").format(model=label),
            tr("The models use different rows, and too few are used by all of them."),
            tr("Compare models whose columns are missing in the same rows."),
        ) from problem_met


def _test(models: Sequence[ComparedModel], rows: NDArray[np.int64], a: int, b: int) -> NestedTest | None:
    smaller, larger = sorted((a, b), key=lambda place: models[place].estimates.n_parameters)
    one, other = models[smaller], models[larger]
    if one.estimates.n_parameters == other.estimates.n_parameters or not is_nested(one.report, other.report, rows):
        return None
    beside = added_beside(one.report, other.report)
    return NestedTest(smaller=smaller, larger=larger, ratio=likelihood_ratio(one.estimates, other.estimates, beside=beside))


def _why(models: Sequence[ComparedModel], *, same_x: bool) -> str:
    sentences = []
    if any(len(model.report.design.rows) != model.estimates.problem.n for model in models):
        sentences.append(tr("The models use different rows, so all were fitted again to the rows they share."))
    if any(model.report.estimates.problem.reml and not model.estimates.problem.reml for model in models):
        sentences.append(
            tr("All were fitted again by maximum likelihood, as one of them was.")
            if same_x
            else tr("Their average terms differ, so all were fitted by maximum likelihood: REML criteria would not compare.")
        )
    if any(model.report.estimates.problem.boundary_avoiding for model in models):
        sentences.append(
            tr("Models with a boundary-avoiding penalty were fitted again without it: criteria are of the likelihood.")
        )
    return " ".join(sentences)
