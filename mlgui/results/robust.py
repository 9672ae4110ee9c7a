"""Average coefficients with cluster-robust standard errors beside the model's own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mlgui.engine.inference import p_value, t_interval
from mlgui.engine.robust import RobustRefused, cluster_robust
from mlgui.errors import UserError
from mlgui.results import numbers
from mlgui.results.nouns import group_plural
from mlgui.results.report import Report
from mlgui.results.tables import Format, ResultColumn, ResultTable
from mlgui.words import tr


@dataclass(frozen=True, kw_only=True)
class RobustEffect:
    """One coefficient: the model's SE, the robust one with its df, t, p and interval. NaN where it was dropped."""

    name: str
    label: str
    estimate: float
    model_se: float
    se: float
    df: float
    t: float
    p: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class RobustEffects:
    """All coefficients; clusters: the groups of `grouping`, n_clusters of them. kind: CR0, CR1 or CR2."""

    effects: tuple[RobustEffect, ...]
    kind: str
    grouping: str
    n_clusters: int
    confidence: float


def robust_effects(report: Report, kind: str = "CR2", confidence: float = 0.95) -> RobustEffects:
    """Return the average coefficients with cluster-robust standard errors. UserError where groups are no clusters."""
    try:
        found = cluster_robust(report.estimates, kind)
    except RobustRefused as refused:
        raise _told(refused) from refused
    beta = report.estimates.beta
    with np.errstate(invalid="ignore"):
        se = np.sqrt(np.diag(found.vcov))
    df = np.array([found.df(row) for row in np.eye(len(beta))])
    t = beta / se
    p = p_value(t, df)
    low, high = t_interval(beta, se, df, confidence)
    return RobustEffects(
        effects=tuple(
            RobustEffect(
                name=effect.name, label=effect.label, estimate=effect.estimate, model_se=effect.se, se=float(se[i]),
                df=float(df[i]), t=float(t[i]), p=float(p[i]), low=float(low[i]), high=float(high[i]),
            )
            for i, effect in enumerate(report.fixed)
        ),
        kind=kind,
        grouping=_clusters(report, found.grouping),
        n_clusters=found.n_clusters,
        confidence=confidence,
    )  # fmt: skip


def _clusters(report: Report, grouping: int) -> str:
    """Return the name of the clusters: of a grouping, or of the groups within which residuals are correlated."""
    structure = report.design.spec.residual.grouping
    return report.design.groupings[grouping].grouping.name if grouping >= 0 or structure is None else structure.name


def robust_table(found: RobustEffects) -> ResultTable:
    """Return the coefficients with both standard errors, one a row."""
    effects = found.effects
    digits = numbers.decimals_for([effect.estimate for effect in effects], [effect.se for effect in effects])

    def column(key: str, heading: str, format: Format = Format.NUMBER, decimals: int = digits) -> ResultColumn:
        cells = [getattr(effect, key) for effect in effects]
        return ResultColumn(key=key, heading=heading, cells=cells, format=format, decimals=decimals)

    return ResultTable(
        key="robust_effects",
        title=tr("Average coefficients, robust"),
        columns=(
            ResultColumn(key="coefficient", heading=tr("Coefficient"), cells=[effect.label for effect in effects]),
            column("estimate", tr("Estimate")),
            column("model_se", tr("SE, model")),
            column("se", tr("SE, robust")),
            column("df", tr("df"), Format.DF),
            column("t", tr("t"), decimals=2),
            column("p", tr("p"), Format.P),
            column("low", tr("Low")),
            column("high", tr("High")),
        ),
        note=tr(
            "{kind} standard errors, clusters: {n} {groups}. They stay right where variances differ or correlations within "
            "{groups} are not as modelled; far from the model's own, they say that the model misses something."
        ).format(kind=found.kind, n=numbers.count(found.n_clusters), groups=group_plural(found.grouping)),
    )


def _told(refused: RobustRefused) -> UserError:
    why = {
        "no-groups": tr("The model has no groups to be clusters."),
        "crossed": tr("Its groupings are crossed, so that no group is independent of the others."),
        "one-cluster": tr("The coarsest grouping has one group only."),
        "cluster-too-large": tr("The largest cluster has {n} rows.").format(n=numbers.count(refused.rows)),
    }
    do = tr("Use CR1.") if refused.code == "cluster-too-large" else tr("Use the model's standard errors, or bootstrap.")
    return UserError(tr("There are no cluster-robust standard errors for this model."), why[refused.code], do)
