"""Tests of several coefficients at once: F tables of type II and III, joint tests, and single contrasts."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from scipy.special import chdtrc, fdtrc

from mlgui.design.design import Design
from mlgui.engine.estimates import Estimates
from mlgui.engine.inference import p_value, satterthwaite_df, small_sample, t_interval
from mlgui.engine.kenward_roger import KenwardRoger, kenward_roger
from mlgui.engine.problem import Floats
from mlgui.results.tables import Format, ResultColumn, ResultTable
from mlgui.results.term_contrasts import tested_terms, type_three, type_two
from mlgui.spec.render import render_term
from mlgui.words import tr

DEPENDENT = 1e-10
"""Smallest eigenvalue of the correlations of contrasts, relative to 1, below which one follows from the others."""


class Denominator(StrEnum):
    """Where the denominator degrees of freedom come from."""

    SATTERTHWAITE = "satterthwaite"
    KENWARD_ROGER = "kenward-roger"


@dataclass(frozen=True, kw_only=True)
class FTest:
    """F test that contrasts of the coefficients are 0. name: of the term, or what the caller called it.

    numerator: independent contrasts. mean_square: F before scaling times sigma^2, as lmerTest prints it. All numbers but
    `numerator` are NaN where nothing can be tested.
    """

    name: str
    numerator: int
    denominator: float
    statistic: float
    p: float
    mean_square: float


@dataclass(frozen=True, kw_only=True)
class ContrastEstimate:
    """One combination of coefficients with its SE, df, t, p and interval."""

    estimate: float
    se: float
    df: float
    t: float
    p: float
    low: float
    high: float


class FixedTests:
    """Tests of one fit; what the denominators are made of is computed once. KenwardRogerRefused as `kenward_roger`."""

    def __init__(self, estimates: Estimates, denominator: Denominator = Denominator.SATTERTHWAITE) -> None:
        self.estimates = estimates
        self._adjusted: KenwardRoger | None = None
        self._covariance = np.nan_to_num(estimates.vcov)
        if denominator is Denominator.KENWARD_ROGER:
            self._adjusted = kenward_roger(estimates)
        else:
            self._small = small_sample(estimates)

    def contrast(self, weights: Floats, confidence: float = 0.95) -> ContrastEstimate:
        """Return one combination of coefficients, weights (p,); NaN where it involves a dropped coefficient."""
        if weights[list(self.estimates.dropped)].any() or not weights.any():
            return ContrastEstimate(**dict.fromkeys(("estimate", "se", "df", "t", "p", "low", "high"), float("nan")))
        estimate = float(weights @ np.nan_to_num(self.estimates.beta))
        if self._adjusted is None:
            covariance, df = self._covariance, satterthwaite_df(weights, self.estimates.vcov, self._small)
        else:
            covariance, df = np.nan_to_num(self._adjusted.vcov_adjusted), self._adjusted.df(weights)
        se = float(np.sqrt(weights @ covariance @ weights))
        low, high = t_interval(estimate, se, df, confidence)
        return ContrastEstimate(
            estimate=estimate,
            se=se,
            df=df,
            t=estimate / se,
            p=float(p_value(estimate / se, df)),
            low=float(low),
            high=float(high),
        )

    def joint(self, rows: Floats, name: str = "") -> FTest:
        """Return the test that all contrasts (l, p) are 0; rows that follow from others count once."""
        rows = rows[np.abs(rows).any(axis=1)]
        if not len(rows) or rows[:, list(self.estimates.dropped)].any():
            return FTest(name=name, numerator=0, **dict.fromkeys(("denominator", "statistic", "p", "mean_square"), float("nan")))
        values, axes = self._axes(rows)
        along = axes @ np.nan_to_num(self.estimates.beta)
        plain = float((along * along / values).mean())
        count = len(values)
        if self._adjusted is None:
            each = np.array([satterthwaite_df(row, self.estimates.vcov, self._small) for row in axes])
            statistic, denominator = plain, _common_df(each)
        else:
            test = self._adjusted.test(axes)
            statistic, denominator = test.statistic, test.denominator
            plain = statistic / test.scaling
        return FTest(
            name=name,
            numerator=count,
            denominator=denominator,
            statistic=statistic,
            p=f_p_value(statistic, count, denominator),
            mean_square=plain * self.estimates.sigma**2,
        )

    def _axes(self, rows: Floats) -> tuple[Floats, Floats]:
        """Return variances (q,) and q uncorrelated contrasts that span those given, principal axes of their covariance.

        Satterthwaite's df depend on the axes a little: these are lmerTest's. Dependent rows are first brought to one scale.
        """
        covariance = rows @ self._covariance @ rows.T
        se = np.sqrt(np.diag(covariance))
        shares = np.linalg.eigvalsh(covariance / np.outer(se, se))
        if shares[0] < DEPENDENT:
            rows, covariance = rows / se[:, None], covariance / np.outer(se, se)
        values, vectors = np.linalg.eigh(covariance)
        alive = values > DEPENDENT * values[-1] if shares[0] < DEPENDENT else np.ones(len(values), dtype=np.bool_)
        return values[alive], vectors[:, alive].T @ rows


def _common_df(each: Floats) -> float:
    """Return the denominator whose F has the mean of a sum of squared t with these df (Fai & Cornelius 1996)."""
    if len(each) == 1 or np.ptp(each) < 1e-8:
        return float(each.mean())
    if (each <= 2).any():
        return 2.0
    total = float((each / (each - 2)).sum())
    return 2 * total / (total - len(each))


def f_p_value(statistic: float, numerator: int, denominator: float) -> float:
    """Return the upper tail of F; the denominator may be infinite (chi-square)."""
    if np.isinf(denominator):
        return float(chdtrc(numerator, numerator * statistic))
    return float(fdtrc(numerator, denominator, statistic))


def f_tests(
    design: Design, estimates: Estimates, *, kind: int = 3, denominator: Denominator = Denominator.SATTERTHWAITE
) -> tuple[FTest, ...]:
    """Return one test per average term, of type 2 or 3; KenwardRogerRefused as `FixedTests`."""
    return tests_of_all_terms(design, FixedTests(estimates, denominator), kind=kind)


def tests_of_all_terms(design: Design, tests: FixedTests, *, kind: int = 3) -> tuple[FTest, ...]:
    """Return one test per average term, of type 2 or 3, among the tests of a fit."""
    contrasts = (type_three if kind == 3 else type_two)(design, tests.estimates.dropped)
    nothing = np.zeros((0, len(design.coefficients)))
    found = []
    for term in tested_terms(design):
        rows = contrasts[term]
        found.append(tests.joint(nothing if rows is None else rows, render_term(term)))
    return tuple(found)


def f_table(
    design: Design, estimates: Estimates, *, kind: int = 3, denominator: Denominator = Denominator.SATTERTHWAITE
) -> ResultTable:
    """Return the F tests of all terms as a table."""
    tests = f_tests(design, estimates, kind=kind, denominator=denominator)
    exact = tr("Satterthwaite") if denominator is Denominator.SATTERTHWAITE else tr("Kenward-Roger")
    meaning = (
        tr("Each term given all others, averaged equally over the levels of categories it interacts with.")
        if kind == 3
        else tr("Each term given all others but those that contain it.")
    )
    return ResultTable(
        key=f"f_tests_type_{kind}",
        title=tr("Tests of terms, type III") if kind == 3 else tr("Tests of terms, type II"),
        columns=(
            ResultColumn(key="term", heading=tr("Term"), cells=[one.name for one in tests]),
            ResultColumn(key="f", heading=tr("F"), cells=[one.statistic for one in tests], format=Format.NUMBER),
            ResultColumn(key="df1", heading=tr("df"), cells=[one.numerator for one in tests], format=Format.COUNT),
            ResultColumn(key="df2", heading=tr("df (denominator)"), cells=[one.denominator for one in tests], format=Format.DF),
            ResultColumn(key="p", heading=tr("p"), cells=[one.p for one in tests], format=Format.P),
        ),
        note=meaning + " " + tr("Denominator df: {method}.").format(method=exact),
    )
