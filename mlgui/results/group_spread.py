"""Whether rows scatter equally in every group: residual SDs around each group's own line."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mlgui.results.check_measures import FEWEST_DF, FEWEST_GROUPS, SPREAD_CHANCE, SPREAD_EXTRA, band_of, equal_spread
from mlgui.results.group_columns import grouping_index
from mlgui.results.nouns import counted
from mlgui.results.numbers import count, number, p_value, percent
from mlgui.results.report import Report
from mlgui.words import ntr, tr

Floats = NDArray[np.float64]
FEWEST_SHOWN = 3
"""Fewer groups with enough rows make no picture."""
BEYOND_TWO_SE = 0.0455
"""Share of a normal distribution more than two standard errors from its middle."""


@dataclass(frozen=True, kw_only=True, eq=False)
class GroupSpread:
    """Residual SDs of the groups that have enough rows. groups: their indices; df: rows less varying coefficients.

    left_out: groups with too few rows, or all rows alike.
    """

    groups: NDArray[np.int64]
    sizes: Floats
    df: Floats
    sds: Floats
    left_out: int


def group_spread(report: Report, grouping: str) -> GroupSpread:
    """Return the residual SD around each group's own line, not the shrunken one, so that the group's size does not matter."""
    index = grouping_index(report, grouping)
    groups, design = report.groups[index], report.design.problem.groupings[index]
    problem = report.design.problem
    own_less_fit = np.nan_to_num(groups.own - groups.prediction - groups.deviation)
    rest = problem.y - report.estimates.fitted - np.einsum("ia,ia->i", design.z, own_less_fit[design.codes])
    weights = np.ones(problem.n) if problem.weights is None else problem.weights
    squares = np.bincount(design.codes, weights=weights * rest**2, minlength=design.n_groups)
    sizes = np.bincount(design.codes[weights > 0], minlength=design.n_groups).astype(float)
    df = sizes - design.z.shape[1]
    known = np.isfinite(groups.own).all(axis=1) & (df >= FEWEST_DF) & (squares > 0)
    chosen = np.flatnonzero(known)
    return GroupSpread(
        groups=chosen, sizes=sizes[chosen], df=df[chosen], sds=np.sqrt(squares[chosen] / df[chosen]), left_out=int((~known).sum())
    )


def spread_words(spread: GroupSpread, sigma: float, grouping: str) -> tuple[str, str, str]:
    """Return the verdict, what is in the picture, and what the verdict rests on."""
    low, high = band_of(spread.df, sigma)
    outside = int(((spread.sds < low) | (spread.sds > high)).sum())
    p, extra = equal_spread(spread.sds, spread.df)
    differs = p < SPREAD_CHANCE and extra > SPREAD_EXTRA
    verdict = "look" if differs else "fine" if len(spread.groups) >= FEWEST_GROUPS else "unknown"
    return verdict, _reading(spread, outside, p, differs, grouping), _why(p, extra)


def _reading(spread: GroupSpread, outside: int, p: float, differs: bool, grouping: str) -> str:
    n = len(spread.groups)
    text = ntr("{groups} lies outside the grey band", "{groups} lie outside the grey band", outside).format(
        groups=counted(outside, grouping)
    )
    text += tr("; about {n} would by chance.").format(n=count(round(BEYOND_TWO_SE * n)))
    if differs:
        text += " " + tr("Spread differs (p {p}).").format(p=_p_words(p))
    if spread.left_out:
        text += " " + tr("{groups} with too few rows are not shown.").format(groups=counted(spread.left_out, grouping))
    return text


def _why(p: float, extra: float) -> str:
    return tr(
        "Look closer if the SDs differ beyond chance (p < {chance}; here p {p}) and by more than {limit} of their size "
        "(here {extra})."
    ).format(chance=number(SPREAD_CHANCE, 2), p=_p_words(p), limit=percent(SPREAD_EXTRA), extra=percent(extra))


def _p_words(p: float) -> str:
    text = p_value(p)
    return text if text.startswith("<") else f"= {text}"

