"""Estimated marginal means, their pairwise comparisons, and slopes at chosen values (Searle, Speed & Milliken 1980).

A marginal mean is what the average part of the model says at some levels, with equal weights over the levels of the other
categories and numbers at their means. Group effects are at 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from mlgui.engine.contrasts import ContrastEstimates, adjusted_p, contrast_estimates, intervals
from mlgui.engine.kenward_roger import KenwardRogerRefused
from mlgui.errors import UserError
from mlgui.results import numbers
from mlgui.results.predict import not_estimable
from mlgui.results.reference_grid import Grid, Value, axes_of, grid
from mlgui.results.report import Report
from mlgui.results.tables import Format, ResultColumn, ResultTable, distinct_keys
from mlgui.words import tr

Floats = NDArray[np.float64]

STEP = 1e-3
"""Half the width of the difference that makes a slope, in SDs: exact for lines and parabolas, else good to 1e-6."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Row:
    """One estimate with its test and interval. values: of the names of the list it is in. p: corrected, see `adjustment`."""

    label: str
    values: tuple[Value, ...]
    estimate: float
    se: float
    df: float
    t: float
    p: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True, eq=False)
class Comparison:
    """Estimates of one kind. key: means, pairs or slopes. names: the axes `Row.values` are of; focal: of slopes.

    method: where df come from; adjustment: how p and intervals are corrected for the number of comparisons of a family.
    """

    key: str
    names: tuple[str, ...]
    rows: tuple[Row, ...]
    method: str
    adjustment: str
    confidence: float
    focal: str = ""


def marginal_means(
    report: Report,
    over: Sequence[str],
    *,
    at: Mapping[str, Sequence[Value]] | None = None,
    method: str = "satterthwaite",
    confidence: float = 0.95,
) -> Comparison:
    """Return the marginal mean of every combination of the axes `over`; `at`: values of any axis, for numbers among `over`.

    method: satterthwaite, kenward-roger or asymptotic. NaN where the fit cannot tell. UserError for names that are no
    predictors, and where there is no Kenward-Roger adjustment.
    """
    cells = grid(report, over, at)
    tests = tests_of(report, cells.x, method)
    shifted = ContrastEstimates(estimate=tests.estimate + cells.offset, se=tests.se, df=tests.df)
    return Comparison(
        key="means", names=cells.names, method=method, adjustment="none", confidence=confidence,
        rows=_rows(shifted, [_cell_label(cell) for cell in cells.cells], cells.cells, confidence),
    )  # fmt: skip


def pairwise(
    report: Report,
    over: Sequence[str],
    *,
    by: Sequence[str] = (),
    at: Mapping[str, Sequence[Value]] | None = None,
    method: str = "satterthwaite",
    adjustment: str = "tukey",
    confidence: float = 0.95,
) -> Comparison:
    """Return all differences of marginal means of `over`, within each combination of `by`: a family of its own.

    adjustment: tukey, bonferroni, holm, sidak or none. Raises as `marginal_means`.
    """
    cells = grid(report, (*by, *over), at)
    families: dict[tuple[Value, ...], list[int]] = {}
    for index, cell in enumerate(cells.cells):
        families.setdefault(cell[: len(by)], []).append(index)
    rows: list[Row] = []
    for family, members in families.items():
        rows += _family(report, cells, family, members, method, adjustment, confidence)
    return Comparison(
        key="pairs", names=tuple(by), rows=tuple(rows), method=method, adjustment=adjustment, confidence=confidence
    )


def simple_slopes(
    report: Report,
    focal: str,
    over: Sequence[str] = (),
    *,
    at: Mapping[str, Sequence[Value]] | None = None,
    method: str = "satterthwaite",
    confidence: float = 0.95,
) -> Comparison:
    """Return the slope of the outcome along the number `focal` at every combination of the axes `over`.

    Numbers among `over` stand at their mean and one SD below and above it unless `at` says otherwise. For a curve it is
    the slope where `focal` stands. Raises as `marginal_means`.
    """
    cells, x = slope_contrasts(report, focal, over, at)
    tests = tests_of(report, x, method)
    return Comparison(
        key="slopes", names=cells.names, method=method, adjustment="none", confidence=confidence, focal=focal,
        rows=_rows(tests, [_cell_label(cell) for cell in cells.cells], cells.cells, confidence),
    )  # fmt: skip


def slope_contrasts(
    report: Report, focal: str, over: Sequence[str], at: Mapping[str, Sequence[Value]] | None
) -> tuple[Grid, Floats]:
    """Return the cells of `over` and the contrasts (cells, p) that make the slopes along `focal` there."""
    axes = axes_of(report)
    if focal not in axes or axes[focal].is_category:
        raise UserError(
            tr("“{name}” has no slope.").format(name=focal),
            tr("It is not a number among the predictors of the model."),
            tr("Choose a predictor that holds numbers."),
        )
    chosen = dict(at or {})
    for name in over:
        if name in axes and not axes[name].is_category and name not in chosen:
            mean, sd = float(axes[name].sample.mean()), float(axes[name].sample.std(ddof=1))
            chosen[name] = (mean - sd, mean, mean + sd)
    where = chosen.pop(focal, axes[focal].values)
    if len(where) != 1 or isinstance(where[0], str):
        raise UserError(tr("A slope along “{name}” needs one value of it.").format(name=focal))
    step = STEP * float(axes[focal].sample.std()) or STEP
    low, high = where[0] - step, where[0] + step
    ends = [grid(report, over, {**chosen, focal: (value,)}) for value in (low, high)]
    return ends[1], (ends[1].x - ends[0].x) / (high - low)


def comparison_table(comparison: Comparison, digits: int | None = None) -> ResultTable:
    """Return estimates as a table."""
    rows = comparison.rows
    places = numbers.decimals_for([row.estimate for row in rows], [row.se for row in rows]) if digits is None else digits
    named = [
        ResultColumn(key=f"at_{key}", heading=name, cells=[row.values[index] for row in rows],
                     format=Format.TEXT if isinstance(rows[0].values[index], str) else Format.NUMBER)
        for index, (key, name) in enumerate(zip(distinct_keys(comparison.names), comparison.names, strict=True))
    ]  # fmt: skip
    titles = {"means": tr("Marginal means"), "pairs": tr("Comparisons of means"), "slopes": tr("Slopes")}
    headings = {"means": tr("Mean"), "pairs": tr("Difference"), "slopes": tr("Slope")}
    label = [ResultColumn(key="pair", heading=tr("Pair"), cells=[row.label for row in rows])]
    return ResultTable(
        key=f"marginal_{comparison.key}",
        title=titles[comparison.key] + (f": {comparison.focal}" if comparison.focal else ""),
        columns=(
            *(label if comparison.key == "pairs" else []),
            *named,
            _column("estimate", headings[comparison.key], [row.estimate for row in rows], Format.NUMBER, places),
            _column("se", tr("SE"), [row.se for row in rows], Format.NUMBER, places),
            _column("df", tr("df"), [row.df for row in rows], Format.DF),
            _column("t", tr("t"), [row.t for row in rows], Format.NUMBER),
            _column("p", tr("p"), [row.p for row in rows], Format.P),
            _column("low", tr("Low"), [row.low for row in rows], Format.NUMBER, places),
            _column("high", tr("High"), [row.high for row in rows], Format.NUMBER, places),
        ),
        note=_note(comparison),
    )


def _note(comparison: Comparison) -> str:
    df = {
        "satterthwaite": tr("Degrees of freedom: Satterthwaite."),
        "kenward-roger": tr("Standard errors and degrees of freedom: Kenward-Roger."),
        "asymptotic": tr("Normal theory: right for many groups only."),
    }
    corrections = {
        "none": "",
        "tukey": tr("p and intervals hold for all pairs of a family at once (Tukey)."),
        "bonferroni": tr("p and intervals hold for all pairs of a family at once (Bonferroni)."),
        "holm": tr("p hold for all pairs of a family at once (Holm); intervals are Bonferroni's."),
        "sidak": tr("p and intervals hold for all pairs of a family at once (Šidák)."),
    }
    held = tr("Other categories: equal weights of their levels; other numbers: at their means; group effects at 0.")
    return " ".join(part for part in (held, df[comparison.method], corrections[comparison.adjustment]) if part)


def _column(key: str, heading: str, cells: list[float], format: Format, decimals: int = 2) -> ResultColumn:
    return ResultColumn(key=key, heading=heading, cells=cells, format=format, decimals=decimals)


def tests_of(report: Report, x: Floats, method: str) -> ContrastEstimates:
    """Return contrasts with NaN where the fit cannot tell; UserError where there is no Kenward-Roger adjustment."""
    try:
        tests = contrast_estimates(report.estimates, x, method)
    except KenwardRogerRefused as refused:
        raise UserError(
            tr("There is no Kenward-Roger adjustment for this fit."),
            tr("It is defined for REML.") if refused.code == "maximum-likelihood" else tr("The model has too many groups."),
            tr("Use Satterthwaite's degrees of freedom."),
        ) from refused
    unknown = not_estimable(report, x)
    return ContrastEstimates(
        estimate=np.where(unknown, np.nan, tests.estimate), se=np.where(unknown, np.nan, tests.se), df=tests.df
    )


def _family(
    report: Report, cells: Grid, family: tuple[Value, ...], members: list[int], method: str, adjustment: str, confidence: float
) -> list[Row]:
    pairs = list(combinations(members, 2))
    if not pairs:
        return []
    first, second = np.array(pairs).T
    tests = tests_of(report, cells.x[first] - cells.x[second], method)
    shift = cells.offset[first] - cells.offset[second]
    shifted = ContrastEstimates(estimate=tests.estimate + shift, se=tests.se, df=tests.df)
    labels = [
        f"{_cell_label(cells.cells[a][len(family) :])} − {_cell_label(cells.cells[b][len(family) :])}" for a, b in pairs
    ]
    return list(_rows(shifted, labels, [family] * len(pairs), confidence, adjustment, len(members)))


def _rows(
    tests: ContrastEstimates,
    labels: Sequence[str],
    values: Sequence[tuple[Value, ...]],
    confidence: float,
    adjustment: str = "none",
    n_means: int = 0,
) -> tuple[Row, ...]:
    p = adjusted_p(tests, adjustment, n_means)
    low, high = intervals(tests, confidence, adjustment, n_means)
    return tuple(
        Row(label=label, values=value, estimate=float(tests.estimate[i]), se=float(tests.se[i]), df=float(tests.df[i]),
            t=float(tests.t[i]), p=float(p[i]), low=float(low[i]), high=float(high[i]))
        for i, (label, value) in enumerate(zip(labels, values, strict=True))
    )  # fmt: skip


def _cell_label(cell: Sequence[Value]) -> str:
    return ", ".join(value if isinstance(value, str) else numbers.given(value) for value in cell)
