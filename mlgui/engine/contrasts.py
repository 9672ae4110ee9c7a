"""Linear combinations of the coefficients: estimates, tests, intervals, joint tests, corrections for many of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc, fdtrc

from mlgui.engine.estimates import Estimates
from mlgui.engine.inference import p_value, satterthwaite_df, small_sample, t_quantile
from mlgui.engine.kenward_roger import kenward_roger
from mlgui.engine.problem import Floats
from mlgui.engine.studentized_range import range_p_value, range_quantile

METHODS = ("satterthwaite", "kenward-roger", "asymptotic")
"""Where degrees of freedom come from; asymptotic ones are infinite."""
ADJUSTMENTS = ("none", "bonferroni", "holm", "sidak", "tukey")


@dataclass(frozen=True, kw_only=True, eq=False)
class ContrastEstimates:
    """m linear combinations of coefficients, each (m,); df infinite where asymptotic."""

    estimate: Floats
    se: Floats
    df: Floats

    @property
    def t(self) -> Floats:
        """The estimate over its se; NaN for combinations that are 0 by construction."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(np.where(self.se > 0, self.estimate / self.se, np.nan))

    @property
    def p(self) -> Floats:
        """Two-sided p without correction."""
        return p_value(self.t, self.df)


@dataclass(frozen=True, kw_only=True)
class JointTest:
    """An F test of several contrasts at once."""

    f: float
    numerator: int
    denominator: float
    p: float


def contrast_estimates(estimates: Estimates, contrasts: Floats, method: str = "satterthwaite") -> ContrastEstimates:
    """Return combinations `contrasts` (m, p) of the coefficients, dropped ones counting as 0; method: one of METHODS.

    Kenward-Roger uses its adjusted covariance; raises KenwardRogerRefused where there is none.
    """
    df, vcov = _df_and_covariance(estimates, method)
    return ContrastEstimates(
        estimate=contrasts @ np.nan_to_num(estimates.beta),
        se=np.sqrt(np.maximum(np.einsum("mp,pr,mr->m", contrasts, np.nan_to_num(vcov), contrasts), 0.0)),
        df=np.array([df(row) for row in contrasts]),
    )


def joint_test(estimates: Estimates, contrasts: Floats, method: str = "satterthwaite") -> JointTest:
    """Return the F test of contrasts @ beta = 0; contrasts (l, p) may be dependent, and hold kept coefficients only.

    Satterthwaite: the eigenvectors of the contrasts' covariance are independent t tests, whose df are matched to those of
    one F (Fai & Cornelius 1996, J. Stat. Comput. Simul. 54). Kenward-Roger: scaled F. asymptotic: chi-square / l.
    """
    rows = independent_rows(contrasts)
    if method == "kenward-roger":
        scaled = kenward_roger(estimates).test(rows)
        f, numerator, denominator = scaled.statistic, scaled.numerator, scaled.denominator
    else:
        df, vcov = _df_and_covariance(estimates, method)
        values, vectors = np.linalg.eigh(rows @ np.nan_to_num(vcov) @ rows.T)
        turned = vectors.T @ rows
        f = float(np.mean((turned @ np.nan_to_num(estimates.beta)) ** 2 / values))
        numerator, denominator = len(rows), _matched_df(np.array([df(row) for row in turned]))
    infinite = np.isinf(denominator)
    p = float(chdtrc(numerator, numerator * f) if infinite else fdtrc(numerator, denominator, f))
    return JointTest(f=f, numerator=numerator, denominator=denominator, p=p)


def independent_rows(contrasts: Floats) -> Floats:
    """Return an orthonormal basis of the row space of `contrasts`, scaled by their columns."""
    scale = np.abs(contrasts).max(axis=0)
    scale[scale == 0] = 1.0
    _, values, right = np.linalg.svd(contrasts / scale, full_matrices=False)
    return np.asarray(right[values > 1e-9 * values[0]] * scale)


def adjusted_p(tests: ContrastEstimates, adjustment: str, n_means: int = 0) -> Floats:
    """Return p corrected for all tests as one family, (m,); n_means: how many means are compared pairwise (tukey).

    Holm (1979) steps down; Šidák (1967); Tukey-Kramer for means of unequal precision, which is conservative (Hayter 1984).
    """
    p = tests.p
    m = int(np.count_nonzero(~np.isnan(p)))
    if adjustment == "bonferroni":
        return np.minimum(m * p, 1.0)
    if adjustment == "sidak":
        return np.asarray(-np.expm1(m * np.log1p(-np.minimum(p, 1 - 1e-16))))
    if adjustment == "holm":
        order = np.argsort(p)
        steps = np.minimum(p[order] * np.maximum(m - np.arange(len(p)), 1), 1.0)
        found = np.empty_like(p)
        found[order] = np.where(np.isnan(p[order]), np.nan, np.maximum.accumulate(np.nan_to_num(steps)))
        return found
    if adjustment == "tukey":
        return np.array([range_p_value(np.sqrt(2) * abs(t), n_means, df) for t, df in zip(tests.t, tests.df)])
    return p


def intervals(
    tests: ContrastEstimates, confidence: float = 0.95, adjustment: str = "none", n_means: int = 0
) -> tuple[Floats, Floats]:
    """Return lower and upper limits (m,), simultaneous where adjusted; Holm has none of its own and uses Bonferroni's."""
    m = max(int(np.count_nonzero(~np.isnan(tests.p))), 1)
    if adjustment == "tukey":
        quantile = np.array([range_quantile(confidence, n_means, df) for df in tests.df]) / np.sqrt(2)
    elif adjustment == "sidak":
        quantile = t_quantile(tests.df, confidence ** (1 / m))
    else:
        quantile = t_quantile(tests.df, 1 - (1 - confidence) / (m if adjustment in ("bonferroni", "holm") else 1))
    return tests.estimate - quantile * tests.se, tests.estimate + quantile * tests.se


def _df_and_covariance(estimates: Estimates, method: str) -> tuple[Callable[[Floats], float], Floats]:
    if method == "kenward-roger":
        adjusted = kenward_roger(estimates)
        return adjusted.df, adjusted.vcov_adjusted
    if method == "asymptotic":
        return lambda row: float("inf"), estimates.vcov
    small = small_sample(estimates)
    vcov = np.nan_to_num(estimates.vcov)
    return lambda row: satterthwaite_df(row, vcov, small), estimates.vcov


def _matched_df(df: Floats) -> float:
    """Denominator df of an F whose mean is that of the average of squared t's (Fai & Cornelius 1996); 2 where it has none."""
    if len(df) == 1 or np.isinf(df).all():
        return float(df[0])
    if (df <= 2).any():
        return 2.0
    mean = float(np.sum(df / (df - 2)))
    return 2 * mean / (mean - len(df))
