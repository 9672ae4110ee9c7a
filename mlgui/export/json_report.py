"""A fitted model as JSON for other programs. The keys and their meanings are documented in `resources/docs/json.md`."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from mlgui import __version__
from mlgui.findings import Finding
from mlgui.results.data_history import preparation
from mlgui.results.identified_checks import identified
from mlgui.results.report import FixedEffect, GroupEstimates, Report, Shares, VarianceComponent
from mlgui.spec.render import render


def report_json(report: Report, fitted: bool = False) -> dict[str, Any]:
    """Return a report as JSON-ready values; what is not available is None. fitted: with the fitted value of every row used."""
    content: dict[str, Any] = {
        "program": {"name": "mlgui", "version": __version__},
        "formula": render(report.design.spec),
        "nobs": report.n,
        "n_groups": {component.grouping: component.n_groups for component in report.variance},
        "method": report.method,
        "penalty": "boundary-avoiding" if report.estimates.problem.boundary_avoiding else None,
        "criterion": number(report.criterion),
        "logLik": number(report.log_likelihood),
        "AIC": number(report.aic),
        "BIC": number(report.bic),
        "sigma": number(report.sigma),
        "theta": _theta(report),
        "singular": report.estimates.singular,
        "dropped_columns": [effect.name for effect in report.fixed if not effect.estimable],
        "rows_dropped": report.design.table.row_ids[report.design.dropped_rows].tolist(),
        "fixed_effects": [_fixed_effect(effect) for effect in report.fixed if effect.estimable],
        "vcov_fixed": _vcov(report),
        "variance_components": {
            "components": [_component(report, component) for component in report.variance],
            "residual_sd": number(report.sigma),
        },
        "residual": _residual(report),
        "random_effects": [_random_effects(groups) for groups in report.groups],
        "r2_icc": _shares(report.shares),
        "findings": [finding_json(finding) for finding in report.findings],
        "certificate": _certificate(report),
        "seconds": number(report.seconds),
    }
    if report.design.table.steps:
        content["data_preparation"] = list(preparation(report.design.table))
    if report.design.spec.excluded:
        content["rows_excluded"] = report.design.table.row_ids[report.design.excluded_rows].tolist()
    if fitted:
        content["rows_used"] = report.design.table.row_ids[report.design.rows].tolist()
        content["fitted"] = numbers(report.estimates.fitted)
    return content


def json_text(content: object, *, ascii_only: bool = False) -> str:
    """Return JSON-ready values as text; every number reads back as the same bits. ascii_only: escape other characters."""
    return json.dumps(content, indent=1, ensure_ascii=ascii_only, allow_nan=False) + "\n"


def number(value: float) -> float | None:
    """Return a number JSON can hold: None for NaN and infinities."""
    return float(value) if math.isfinite(value) else None


def numbers(values: Any) -> Any:
    """Return an array as nested lists, None where a value is not finite."""
    array = np.asarray(values, dtype=np.float64)
    if np.isfinite(array).all():
        return array.tolist()
    return [numbers(row) for row in array] if array.ndim > 1 else [number(value) for value in array]


def finding_json(finding: Finding) -> dict[str, Any]:
    """Return a finding without its remedies, which are edits of a model on screen."""
    return {
        "code": finding.code,
        "severity": str(finding.severity),
        "title": finding.title,
        "text": finding.text,
        "about": list(finding.about),
    }


def _matrix(names: Sequence[str], values: Any) -> dict[str, Any]:
    return {"rows": list(names), "cols": list(names), "values": numbers(values)}


def _fixed_effect(effect: FixedEffect) -> dict[str, Any]:
    return {
        "term": effect.name,
        "level": effect.level,
        "estimate": number(effect.estimate),
        "se": number(effect.se),
        "df": number(effect.df),
        "t": number(effect.t),
        "p": number(effect.p),
        "ci_low": number(effect.low),
        "ci_high": number(effect.high),
    }


def _vcov(report: Report) -> dict[str, Any]:
    kept = [place for place, effect in enumerate(report.fixed) if effect.estimable]
    names = [report.fixed[place].name for place in kept]
    return _matrix(names, report.estimates.vcov[np.ix_(kept, kept)])


def _component(report: Report, component: VarianceComponent) -> dict[str, Any]:
    names = component.names
    return {
        "group": component.grouping,
        "terms": list(names),
        "sd": dict(zip(names, numbers(component.sd), strict=True)),
        "identified": dict(zip(names, identified(report, component), strict=True)),
        "sd_upper": dict(zip(names, numbers(component.upper), strict=True)),
        "corr": None if component.correlation is None else _matrix(names, component.correlation),
        "cov": _matrix(names, component.covariance),
    }


def _residual(report: Report) -> dict[str, Any] | None:
    """Return the estimated residual structure, None for independent residuals with one SD."""
    residual, term, levels = report.estimates.residual, report.design.spec.residual, report.design.residual_levels
    if residual.kind == "homogeneous":
        return None
    sds = numbers(report.sigma * residual.sd_ratios)
    return {
        "kind": residual.kind,
        "groups": term.grouping.name if term.grouping else None,
        "order": term.order or None,
        "by": term.by or None,
        "sd": dict(zip(levels, sds, strict=True)) if sds else None,
        "correlation": None if residual.correlation is None else number(residual.correlation),
        "distance": None if residual.unit is None else number(residual.unit),
        "correlations": _matrix(levels, residual.correlations) if len(residual.correlations) else None,
    }


def _theta(report: Report) -> dict[str, float]:
    """Return lme4's theta: the free entries of each term's relative factor, column by column, most groups first."""
    theta: dict[str, float] = {}
    for component in sorted(report.variance, key=lambda component: -component.n_groups):
        factor = report.estimates.groups[component.grouping_index].factor[np.ix_(component.indices, component.indices)]
        for column, name in enumerate(component.names):
            for row in range(column, len(component.names)):
                parts = [component.grouping, *([component.names[row]] if row > column else []), name]
                theta[".".join(parts)] = float(factor[row, column])
    return theta


def _random_effects(groups: GroupEstimates) -> dict[str, Any]:
    return {
        "group": groups.grouping,
        "terms": list(groups.names),
        "levels": list(groups.levels),
        "mode": numbers(groups.deviation),
        "cond_sd": numbers(groups.cond_sd),
        "pred_error_sd": numbers(groups.pred_error_sd),
        "total": numbers(groups.total),
        "total_se": numbers(groups.total_se),
    }


def _shares(shares: Shares) -> dict[str, Any]:
    values = ("r2_marginal", "r2_conditional", "icc_adjusted", "icc_unadjusted", "var_fixed", "var_random", "var_residual")
    content: dict[str, Any] = {name: number(getattr(shares, name)) for name in values}
    content["icc_by_grouping"] = {name: number(share) for name, share in shares.icc_by_grouping}
    return content


def _certificate(report: Report) -> dict[str, Any]:
    proof = report.certificate
    optional = {"boundary_gap": proof.boundary_gap, "second_start": proof.second_start}
    return {
        "passed": proof.passed,
        "gradient": number(proof.gradient),
        "curvature": number(proof.curvature),
        **{name: None if value is None else number(value) for name, value in optional.items()},
    }
