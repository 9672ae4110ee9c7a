"""Fitted models beside each other: criteria on the same rows by the same method, likelihood-ratio tests of nested ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc

from mlgui.design.design import Design
from mlgui.engine.estimates import Estimates
from mlgui.engine.fit import fit
from mlgui.engine.influence import with_rows
from mlgui.errors import UserError
from mlgui.progress import OnStep, Step
from mlgui.results.report import Report
from mlgui.results.residual_structure import refuse_structures
from mlgui.spec.render import render
from mlgui.words import tr

NESTED = 1e-7
"""Share of a column's length by which it may miss the span of another model's columns and still count as within it."""


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


@dataclass(frozen=True, kw_only=True)
class LikelihoodRatio:
    """A test of model `smaller` within `larger` (places in the list). chi2: never below 0; p from a plain chi-square.

    upper_bound: the models differ in variances, whose 0 is at the boundary: the true p is smaller.
    """

    smaller: int
    larger: int
    chi2: float
    df: int
    p: float
    upper_bound: bool


@dataclass(frozen=True, kw_only=True, eq=False)
class Compared:
    """Models compared. method: REML or ML, of all criteria. n: the rows all of them use. tests: of neighbours in the list

    that are nested. why: in a sentence, how criteria were made comparable, "" where they were.
    """

    models: tuple[ComparedModel, ...]
    method: str
    n: int
    tests: tuple[LikelihoodRatio, ...]
    why: str


def compare(reports: Sequence[Report], labels: Sequence[str] = (), on_step: OnStep | None = None) -> Compared:
    """Return models of one outcome side by side.

    Criteria are by REML only where all models are and have the same columns of averages; otherwise by maximum likelihood.
    Where models use different rows, all are refitted to the rows they share. UserError for different outcomes, tables or
    weights, and where no row is shared.
    """
    if not reports:
        raise UserError(tr("There is no model to compare."), "", tr("Fit a model first."))
    rows = _shared_rows(reports)
    same_x = all(_same_span(reports[0], other, rows) for other in reports[1:])
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


def likelihood_ratio(compared: Compared, a: int, b: int) -> LikelihoodRatio | None:
    """Return the test of two compared models, by place, the smaller within the larger; None where they are not nested."""
    return _test(compared.models, _shared_rows([model.report for model in compared.models]), a, b)


def is_nested(smaller: Report, larger: Report, rows: NDArray[np.int64] | None = None) -> bool:
    """Return whether every mean and every covariance of one model is also one of the other; judged by columns and names.

    Fixed: the columns of X lie in the other's span. Random: each grouping has the same coefficients in the other, at least,
    and what is correlated is correlated there too. Offsets are the same, and so is a residual structure of the smaller.
    """
    shared = _shared_rows([smaller, larger]) if rows is None else rows
    if not _same_offset(smaller.design, larger.design, shared) or not _residuals_within(smaller.design, larger.design):
        return False
    return _within_span(_x(smaller, shared), _x(larger, shared)) and all(
        any(_varies_within(smaller.design, k, larger.design, other) for other in range(len(larger.design.groupings)))
        for k in range(len(smaller.design.groupings))
    )


def _shared_rows(reports: Sequence[Report]) -> NDArray[np.int64]:
    """Return the table rows used by all models; UserError where their outcomes, weights or tables differ there."""
    first = reports[0].design
    rows = np.asarray(reduce(np.intersect1d, [report.design.rows for report in reports]), dtype=np.int64)
    if not len(rows):
        raise UserError(tr("The models have no row in common."), "", tr("Compare models of the same data."))
    for report in reports[1:]:
        design = report.design
        if design.table.n_rows != first.table.n_rows or not np.array_equal(_y(design, rows), _y(first, rows)):
            raise UserError(
                tr("The models have different outcomes."),
                tr("Likelihoods say something about each other only where the same numbers are explained."),
                tr("Compare models of “{outcome}”.").format(outcome=first.outcome_label),
            )
        if design.spec.weights != first.spec.weights:
            raise UserError(
                tr("The models have different weights."),
                tr("Their likelihoods measure the outcome on different scales."),
                tr("Compare models with the same weights."),
            )
    return rows


def _places(design: Design, rows: NDArray[np.int64]) -> NDArray[np.intp]:
    return np.searchsorted(design.rows, rows)


def _y(design: Design, rows: NDArray[np.int64]) -> NDArray[np.float64]:
    return design.problem.y[_places(design, rows)]


def _same_offset(left: Design, right: Design, rows: NDArray[np.int64]) -> bool:
    mine, yours = (
        np.zeros(len(rows)) if design.problem.offset is None else design.problem.offset[_places(design, rows)]
        for design in (left, right)
    )
    return bool(np.array_equal(mine, yours))


def _residuals_within(smaller: Design, larger: Design) -> bool:
    """Whether the residual structure of one is a case of the other's: independent rows are, of every structure."""
    mine, yours = smaller.problem.residual, larger.problem.residual
    if mine.kind == "homogeneous":
        return True
    parts = ("strata", "groups", "order", "occasions")
    return mine.kind == yours.kind and all(np.array_equal(getattr(mine, part), getattr(yours, part)) for part in parts)


def _x(report: Report, rows: NDArray[np.int64]) -> NDArray[np.float64]:
    kept = [column for column in range(report.design.problem.x.shape[1]) if column not in report.estimates.dropped]
    return report.design.problem.x[np.ix_(_places(report.design, rows), np.array(kept, dtype=np.intp))]


def _same_span(left: Report, right: Report, rows: NDArray[np.int64]) -> bool:
    """Whether REML criteria may be compared: the same columns, as another coding of them shifts the criterion."""
    mine, yours = _x(left, rows), _x(right, rows)
    return mine.shape == yours.shape and bool(np.array_equal(mine, yours))


def _within_span(inner: NDArray[np.float64], outer: NDArray[np.float64]) -> bool:
    if not inner.shape[1]:
        return True
    basis, _ = np.linalg.qr(outer / np.maximum(np.linalg.norm(outer, axis=0), 1e-300))
    rest = inner - basis @ (basis.T @ inner)
    return bool((np.linalg.norm(rest, axis=0) <= NESTED * np.linalg.norm(inner, axis=0)).all())


def _varies_within(smaller: Design, k: int, larger: Design, other: int) -> bool:
    mine, yours = smaller.groupings[k], larger.groupings[other]
    if set(mine.grouping.columns) != set(yours.grouping.columns) or not set(mine.names) <= set(yours.names):
        return False
    at = [yours.names.index(name) for name in mine.names]
    free, allowed = smaller.problem.groupings[k].pattern, larger.problem.groupings[other].pattern[np.ix_(at, at)]
    return bool(((free | free.T) <= (allowed | allowed.T)).all())


def _compared(report: Report, label: str, rows: NDArray[np.int64], *, reml: bool) -> ComparedModel:
    problem = report.estimates.problem
    fewer = len(rows) < len(report.design.rows)
    if fewer:
        refuse_structures(report)
    estimates = report.estimates
    if fewer or problem.reml != reml:
        estimates = fit(replace(with_rows(problem, _places(report.design, rows)) if fewer else problem, reml=reml))
    return ComparedModel(
        label=label,
        formula=render(report.design.spec),
        report=report,
        estimates=estimates,
        refitted=estimates is not report.estimates,
    )


def _test(models: Sequence[ComparedModel], rows: NDArray[np.int64], a: int, b: int) -> LikelihoodRatio | None:
    smaller, larger = sorted((a, b), key=lambda place: models[place].estimates.n_parameters)
    df = models[larger].estimates.n_parameters - models[smaller].estimates.n_parameters
    if df == 0 or not is_nested(models[smaller].report, models[larger].report, rows):
        return None
    chi2 = max(models[smaller].estimates.criterion - models[larger].estimates.criterion, 0.0)
    variances = len(models[smaller].estimates.theta) != len(models[larger].estimates.theta)
    return LikelihoodRatio(
        smaller=smaller, larger=larger, chi2=chi2, df=df, p=float(chdtrc(df, chi2)), upper_bound=variances
    )


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
    return " ".join(sentences)
