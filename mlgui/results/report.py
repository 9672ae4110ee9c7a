"""Estimates as statements: the one thing screen and files read."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from mlgui.design.design import Design
from mlgui.engine.estimates import Certificate, Estimates, Record
from mlgui.findings import Finding
from mlgui.results.tables import ResultTable
from mlgui.spec.inference import Inference

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class FixedEffect:
    """One row of the coefficient table. All numbers NaN where estimable is False.

    name: lme4's. label: for people. level: as in `design.Coefficient`. section: (grouping, coefficient) index of the
    varying coefficient it belongs to in the group-level model, None for other predictors. df, t, p: Satterthwaite.
    low, high: 95 % interval from t. given_zero: df hold variances at the boundary fixed.
    """

    name: str
    label: str
    level: str
    section: tuple[int, int] | None
    estimate: float
    se: float
    df: float
    t: float
    p: float
    low: float
    high: float
    estimable: bool
    given_zero: bool


@dataclass(frozen=True, kw_only=True, eq=False)
class VarianceComponent:
    """One random term as lme4 lists it. names, labels: its q coefficients; sd (q,); covariance and correlation (q, q),

    None where the term has one coefficient. grouping_index, indices: where it is in `Design.groupings`.
    boundary: words such as "variance 0", "correlation +1", "" in the interior. upper: (q,), upper 95 % profile limits of SDs
    that are 0, NaN for others and where they were not computed.
    """

    grouping: str
    grouping_index: int
    indices: tuple[int, ...]
    n_groups: int
    names: tuple[str, ...]
    labels: tuple[str, ...]
    sd: Floats
    covariance: Floats
    correlation: Floats | None
    boundary: str
    upper: Floats


@dataclass(frozen=True, kw_only=True, eq=False)
class GroupEstimates:
    """Everything about the groups of one grouping: J groups, q varying coefficients.

    deviation: b-hat (J, q). cond_sd: its SD given the coefficients (lme4's condVar). pred_error_sd: SD of b-hat - b
    (Henderson). prediction: group-level prediction (J, q). total: prediction + deviation. total_se: SE of the sum.
    own: prediction + what the group's own rows say (J, q), NaN where it cannot be estimated; own_se (J, q).
    pulls: (J, q, q) as in `engine.estimates.OwnEstimates`; prediction + sum of pulls = total wherever own is known.
    resolved: share of group variance resolved (J, q). own, own_se, pulls, resolved: for each group.
    """

    grouping: str
    levels: tuple[str, ...]
    sizes: NDArray[np.int64]
    names: tuple[str, ...]
    labels: tuple[str, ...]
    deviation: Floats
    cond_sd: Floats
    pred_error_sd: Floats
    prediction: Floats
    total: Floats
    total_se: Floats
    own: Floats
    own_se: Floats
    pulls: Floats
    resolved: Floats


@dataclass(frozen=True, kw_only=True)
class Pooled:
    """An ordinary regression used as comparison: coefficient names, estimates, SEs, residual SD and its df.

    label: "ignoring schools" or "no variation between schools". names are lme4 names of columns of the design.
    """

    key: str
    label: str
    names: tuple[str, ...]
    estimates: tuple[float, ...]
    ses: tuple[float, ...]
    sigma: float
    df_residual: int


@dataclass(frozen=True, kw_only=True, eq=False)
class GroupRegressions:
    """No pooling or separate regressions, for one grouping: (J, q) coefficients of the model's varying columns.

    kind: "no_pooling" (indicators for every group, common slopes kept) or "separate" (a regression per group).
    NaN where a group's coefficients cannot be estimated. common_names, common: coefficients shared by all groups.
    """

    kind: str
    grouping: str
    estimates: Floats
    ses: Floats
    sigma: float
    common_names: tuple[str, ...]
    common: tuple[float, ...]


@dataclass(frozen=True, kw_only=True)
class Shares:
    """Variance shares (Nakagawa, Johnson & Schielzeth 2017).

    var_fixed, var_random, var_residual: the parts. icc_adjusted = random/(random+residual); icc_unadjusted divides by
    all three. icc_by_grouping: grouping name -> share of random+residual. definition: the formulas in words.
    empty_icc: ICC of the model without predictors by grouping; None where it was not computed.
    """

    r2_marginal: float
    r2_conditional: float
    icc_adjusted: float
    icc_unadjusted: float
    var_fixed: float
    var_random: float
    var_residual: float
    icc_by_grouping: tuple[tuple[str, float], ...]
    definition: str
    empty_icc: tuple[tuple[str, float], ...] | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Report:
    """One fitted model, in statements. seconds: time of the fit. sentences: "what this means", one paragraph each.

    inference: how `fixed` was tested, which is what the model asks for where that can be had. interval_table: intervals of
    everything in the model, where they were asked for.

    Views and exporters read this and nothing below it; `design` and `estimates` are there for functions of `results`.
    """

    design: Design
    estimates: Estimates
    method: str
    criterion: float
    log_likelihood: float
    aic: float
    bic: float
    sigma: float
    n: int
    n_parameters: int
    fixed: tuple[FixedEffect, ...]
    variance: tuple[VarianceComponent, ...]
    groups: tuple[GroupEstimates, ...]
    pooled: tuple[Pooled, ...]
    no_pooling: tuple[GroupRegressions, ...]
    separate: tuple[GroupRegressions, ...]
    shares: Shares
    findings: tuple[Finding, ...]
    certificate: Certificate
    record: Record
    sentences: tuple[str, ...]
    seconds: float
    inference: Inference = field(default_factory=Inference)
    interval_table: ResultTable | None = None
