"""Predictions for rows of another table: known groups, small ones, new ones, with their uncertainty by source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from mlgui.data.table import Column, Kind, Table
from mlgui.design.recipe import Recipe, encode
from mlgui.engine.inference import small_sample, t_quantile
from mlgui.engine.prediction import PredictionVariance, RowGroups, group_part, prediction_variance
from mlgui.results import numbers
from mlgui.results.report import Report
from mlgui.results.residual_rows import precisions, typical_precisions
from mlgui.results.tables import Format, ResultColumn, ResultTable, distinct_keys
from mlgui.spec.expression import columns_of
from mlgui.words import tr

Floats = NDArray[np.float64]

COLLINEAR = 1e-6
"""Share of a left-out column's size by which new rows may miss the collinearity the fit relied on."""


@dataclass(frozen=True, kw_only=True, eq=False)
class PredictedGroups:
    """One grouping of the predicted rows. labels: (m,). known: whether the fit has the group. sizes: its rows in the fit."""

    grouping: str
    labels: tuple[str, ...]
    known: NDArray[np.bool_]
    sizes: NDArray[np.int64]


@dataclass(frozen=True, kw_only=True, eq=False)
class Predictions:
    """Predictions of m rows. rows: indices into the table; those with a missing value in a column needed are left out.

    average: coefficients and offset alone, (m,); its SE `average_se` is sqrt(x'Vx), `average_low`, `average_high` its
    interval with Satterthwaite's degrees of freedom. value: with the effects of known groups, 0 for new ones; `se`, `low`,
    `high`: of the mean of such rows in this group; `observed_low`, `observed_high`: of one new observation. Those two hold
    the variances at their estimates. variance: the sources. NaN where the fit cannot tell (a combination of columns that
    were collinear in its data).
    """

    rows: NDArray[np.int64]
    groups: tuple[PredictedGroups, ...]
    average: Floats
    average_se: Floats
    average_low: Floats
    average_high: Floats
    value: Floats
    se: Floats
    low: Floats
    high: Floats
    observed_low: Floats
    observed_high: Floats
    variance: PredictionVariance
    confidence: float


def predict(report: Report, table: Table, *, confidence: float = 0.95) -> Predictions:
    """Return predictions for the rows of a table with the predictors of the model.

    A group the fit has not seen, and any group where the table lacks the column, is a new group: its effect is predicted as 0
    and adds the variance between groups. Weights of the table, where it has them, scale the residual variance, and so do the
    SDs of a residual structure. Residuals are not predicted from those of other rows they are correlated with.
    UserError for a missing predictor or a level without a coefficient.
    """
    recipe = report.design.recipe
    assert isinstance(recipe, Recipe)
    encoded = encode(recipe, _with_grouping_columns(recipe, table))
    return predict_encoded(
        report, encoded.x, [RowGroups(codes=one.codes, z=one.z) for one in encoded.groups],
        offset=encoded.offset, weights=precisions(report, table, encoded.rows), rows=encoded.rows,
        labels=[one.labels for one in encoded.groups], confidence=confidence,
    )  # fmt: skip


def predict_encoded(
    report: Report,
    x: Floats,
    groups: Sequence[RowGroups],
    *,
    offset: Floats | None,
    labels: Sequence[tuple[str, ...]],
    rows: NDArray[np.int64],
    weights: Floats | None = None,
    confidence: float = 0.95,
) -> Predictions:
    """Return predictions for rows in the coding of the design. labels: names of the groups of each row, per grouping."""
    estimates = report.estimates
    variance = prediction_variance(estimates, x, groups, typical_precisions(report, len(x)) if weights is None else weights)
    unknown = not_estimable(report, x)
    average = x @ np.nan_to_num(estimates.beta) + (0.0 if offset is None else offset)
    average[unknown] = np.nan
    value = average + group_part(estimates, groups) if groups else average
    known = replace(variance, fixed_only=np.where(unknown, np.nan, variance.fixed_only),
                    coefficients=np.where(unknown, np.nan, variance.coefficients))  # fmt: skip
    average_se, se = np.sqrt(known.fixed_only), np.sqrt(known.fitted)
    half = t_quantile(_satterthwaite(report, x, known.fixed_only), confidence) * average_se
    normal = float(ndtri((1 + confidence) / 2))
    wide = normal * np.sqrt(known.observation)
    return Predictions(
        rows=rows,
        groups=tuple(_groups(report, groups[k], labels[k], k) for k in range(len(groups))),
        average=average, average_se=average_se, average_low=average - half, average_high=average + half,
        value=value, se=se, low=value - normal * se, high=value + normal * se,
        observed_low=value - wide, observed_high=value + wide,
        variance=known, confidence=confidence,
    )  # fmt: skip


def predictions_table(predictions: Predictions, table: Table) -> ResultTable:
    """Return predictions as a table: row, groups, value with its SE and intervals, and the SDs by source."""
    variance = predictions.variance
    digits = numbers.decimals_for((), [float(np.nanmedian(predictions.se))]) if np.isfinite(predictions.se).any() else 2
    keys = distinct_keys([one.grouping for one in predictions.groups])
    named = [
        column
        for key, one in zip(keys, predictions.groups, strict=True)
        for column in (
            ResultColumn(key=f"group_{key}", heading=one.grouping, cells=list(one.labels)),
            ResultColumn(key=f"group_{key}_rows", heading=tr("Rows of {name} in the fit").format(name=one.grouping),
                         cells=one.sizes.tolist(), format=Format.COUNT),
        )
    ]  # fmt: skip
    values = (
        ("value", tr("Prediction"), predictions.value),
        ("se", tr("SE"), predictions.se),
        ("low", tr("Low"), predictions.low),
        ("high", tr("High"), predictions.high),
        ("observed_low", tr("Low, one observation"), predictions.observed_low),
        ("observed_high", tr("High, one observation"), predictions.observed_high),
        ("average", tr("Without group effects"), predictions.average),
        ("average_se", tr("SE without group effects"), predictions.average_se),
        ("sd_coefficients", tr("SD from coefficients"), np.sqrt(variance.coefficients)),
        ("sd_group_effect", tr("SD from group effects"), np.sqrt(variance.group_effect)),
        ("sd_new_group", tr("SD from new groups"), np.sqrt(variance.new_group)),
        ("sd_residual", tr("Residual SD"), np.sqrt(variance.residual)),
    )
    return ResultTable(
        key="predictions",
        title=tr("Predictions"),
        columns=(
            ResultColumn(key="row", heading=tr("Row"), cells=table.row_ids[predictions.rows].tolist(), format=Format.COUNT),
            *named,
            *(
                ResultColumn(key=key, heading=heading, cells=cells.tolist(), format=Format.NUMBER, decimals=digits)
                for key, heading, cells in values
            ),
        ),
        note=tr(
            "Intervals of {percent}, variances held at their estimates. Low and High are for the mean of such rows in this "
            "group; a group the fit has not seen is predicted at the average and adds the variance between groups."
        ).format(percent=numbers.percent(predictions.confidence)),
    )


def _with_grouping_columns(recipe: Recipe, table: Table) -> Table:
    """Return the table with one new group in the place of grouping columns it lacks and no predictor is made from."""
    spec = recipe.spec
    terms = (*spec.fixed, *(term for random in spec.random for term in random.terms))
    read = {name for term in terms for name in term.columns} | {name for offset in spec.offsets for name in columns_of(offset)}
    for random in spec.random:
        for name in random.grouping.columns:
            if name not in table and name not in read:
                codes = np.zeros(table.n_rows, dtype=np.int32)
                table = table.with_column(Column(name=name, kind=Kind.CATEGORY, values=codes, levels=(tr("(new)"),)))
    return table


def not_estimable(report: Report, x: Floats) -> NDArray[np.bool_]:
    """Return the rows of x (m, p) in which columns left out as collinear are not what the fit took them for."""
    dropped = list(report.estimates.dropped)
    if not dropped:
        return np.zeros(len(x), dtype=np.bool_)
    design = report.design.problem.x
    kept = [column for column in range(design.shape[1]) if column not in dropped]
    combination = np.linalg.lstsq(design[:, kept], design[:, dropped], rcond=None)[0]
    size = np.abs(design[:, dropped]).max(axis=0)
    missed = np.abs(x[:, dropped] - x[:, kept] @ combination)
    return np.asarray((missed > COLLINEAR * np.maximum(size, np.abs(x[:, dropped]))).any(axis=1))


def _satterthwaite(report: Report, x: Floats, variance: Floats) -> Floats:
    """Return Satterthwaite's degrees of freedom of x'beta-hat, (m,), as `engine.inference.satterthwaite_df` row by row."""
    small = small_sample(report.estimates)
    slopes = np.stack([np.einsum("ip,ip->i", x @ slope, x) for slope in small.gradient], axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        slopes /= variance[:, None]
        return np.asarray(2 / np.einsum("im,mk,ik->i", slopes, small.covariance, slopes))


def _groups(report: Report, one: RowGroups, labels: tuple[str, ...], k: int) -> PredictedGroups:
    varying = report.design.groupings[k]
    known = one.codes >= 0
    return PredictedGroups(
        grouping=varying.grouping.name,
        labels=labels,
        known=np.asarray(known),
        sizes=np.where(known, varying.sizes[np.maximum(one.codes, 0)], 0),
    )
