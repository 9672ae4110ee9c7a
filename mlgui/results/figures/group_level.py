"""What explains the groups: varying coefficients against a group-level column, with the fitted group-level model."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mlgui.results.factors import factor_words
from mlgui.results.figure import Axis, Figure, Layer, Line, Panel, Points, Segments
from mlgui.results.figures.colouring import AUTO, Batch, Colouring, colouring
from mlgui.results.figures.reach import is_outside, outside_words, robust_limits
from mlgui.results.group_columns import GroupColumn, group_column, group_columns, grouping_index
from mlgui.results.group_model import coefficient_title, equation_text, explaining_factors, held_prediction, is_kept
from mlgui.results.nouns import group_noun, group_plural, joined
from mlgui.results.report import GroupEstimates, Report
from mlgui.results.tables import key_of
from mlgui.spec.coding import factor_label
from mlgui.spec.expression import columns_of
from mlgui.words import tr

Floats = NDArray[np.float64]

STRIP = 0.5
"""Width over which the groups of one category are spread."""


def group_level(
    report: Report, grouping: str, across: str = "", *, lines: str = AUTO, coefficients: Sequence[int] = ()
) -> Figure:
    """Return a panel per varying coefficient: totals with 1 SE, own estimates as faint open marks, and the fitted lines.

    across: any group-level column, a number or a category, in the model or not; "" for `default_across`.
    lines: category with a line per level. coefficients: all by default.
    """
    column = group_column(report, grouping, across) if across else default_across(report, grouping)
    groups = report.groups[grouping_index(report, grouping)]
    colours = colouring(report, grouping, lines)
    shown = list(coefficients) or list(range(len(groups.names)))
    place = _places(column, colours, len(groups.levels))
    panels = tuple(_panel(report, groups, index, column, colours, place) for index in shown)
    return Figure(
        key=key_of("group_level", grouping, column.name if column else ""),
        title=tr("What explains the {groups}").format(groups=group_plural(grouping)),
        subtitle=_subtitle(report, grouping, shown, column, colours) + outside_words(groups, _outside(groups, panels, shown)),
        panels=panels,
        columns=1,
        alt=_alt(report, grouping, shown),
        grouping=grouping,
        group_labels=groups.levels,
        size_mm=(160.0, 25.0 + 75.0 * len(panels)),
    )


def default_across(report: Report, grouping: str) -> GroupColumn | None:
    """Return the column a group-level view starts with: one of the model before others, a number before a category."""
    columns = group_columns(report, grouping)
    ranked = sorted(columns, key=lambda found: (not found.in_model, found.is_category))
    return ranked[0] if ranked else None


def _places(column: GroupColumn | None, colours: Colouring, n_groups: int) -> Floats:
    """Return where each group stands across: its number, or its category's position with the groups spread around it."""
    if column is None:
        return np.linspace(-STRIP / 2, STRIP / 2, n_groups)
    if not column.is_category:
        return column.values
    place = np.where(column.values >= 0, column.values, np.nan)
    for code in range(len(column.levels)):
        inside = np.flatnonzero(column.codes == code)
        place[inside] += (np.arange(len(inside)) + 0.5) / max(len(inside), 1) * STRIP - STRIP / 2
    return place


def _panel(
    report: Report, groups: GroupEstimates, index: int, column: GroupColumn | None, colours: Colouring, place: Floats
) -> Panel:
    keep = frozenset(name for name in (column.name if column else "", colours.name) if name)
    held = held_prediction(report, groups.grouping, index, keep)
    layers: list[Layer] = []
    for batch in colours.batches:
        layers += _own_marks(groups, index, batch, place)
    for batch in colours.batches:
        layers += _total_marks(groups, index, batch, place)
    for batch in colours.batches:
        layers += _lines(column, batch, held, label="" if column and column.name == colours.name else batch.label)
    ticks = tuple((float(code), level) for code, level in enumerate(column.levels)) if column and column.is_category else None
    title = column.label if column else ""
    return Panel(
        layers=tuple(layers),
        x=Axis(title=title, ticks=() if column is None else ticks),
        y=Axis(title=coefficient_title(report, groups.grouping, index), limits=robust_limits(groups, index, held), grid=True),
        title=equation_text(report, groups.grouping, index),
    )


def _outside(groups: GroupEstimates, panels: Sequence[Panel], shown: Sequence[int]) -> int:
    """Return how many groups have an own estimate beyond the limits of some panel."""
    beyond = np.zeros(len(groups.levels), dtype=bool)
    for panel, index in zip(panels, shown, strict=True):
        beyond |= is_outside(groups.own[:, index], panel.y.limits)
    return int(np.count_nonzero(beyond))


def _own_marks(groups: GroupEstimates, index: int, batch: Batch, place: Floats) -> list[Layer]:
    own, se = groups.own[:, index], groups.own_se[:, index]
    known = batch.indices[np.isfinite(own[batch.indices]) & np.isfinite(place[batch.indices])]
    x, y, half = place[known], own[known], np.nan_to_num(se[known])
    return [
        Segments(x0=x, y0=y - half, x1=x, y1=y + half, groups=known, colour="no_pooling", width=1.0, opacity=0.15),
        Points(
            x=x, y=y, groups=known, colour="no_pooling", shape=batch.shape, filled=False, size=2.4, opacity=0.35,
            label=tr("alone"),
        ),
    ]  # fmt: skip


def _total_marks(groups: GroupEstimates, index: int, batch: Batch, place: Floats) -> list[Layer]:
    known = batch.indices[np.isfinite(place[batch.indices])]
    x, y, se = place[known], groups.total[known, index], groups.total_se[known, index]
    return [
        Segments(x0=x, y0=y - se, x1=x, y1=y + se, groups=known, colour=batch.colour, width=1.0, opacity=0.4),
        Points(x=x, y=y, groups=known, colour=batch.colour, shape=batch.shape, label=batch.label or tr("total ±1 SE")),
    ]


def _lines(column: GroupColumn | None, batch: Batch, held: Floats, *, label: str) -> list[Layer]:
    """Return the group-level model in one batch: a line over the numbers seen in it, or a step per category."""
    if column is None or column.is_category:
        codes = np.zeros(len(held)) if column is None else column.values
        found: list[Layer] = []
        present = np.unique(codes[batch.indices][codes[batch.indices] >= 0])
        for code in present:
            inside = batch.indices[codes[batch.indices] == code]
            level = float(np.median(held[inside]))
            ends = np.array([code - STRIP / 1.6, code + STRIP / 1.6])
            last = label if code == present[-1] else ""
            found.append(Line(x=ends, y=np.array([level, level]), colour=batch.colour, end_label=last))
        return found
    known = batch.indices[np.isfinite(column.values[batch.indices])]
    values, first = np.unique(column.values[known], return_index=True)
    if len(values) < 2:
        return []
    return [Line(x=values, y=held[known][first], colour=batch.colour, end_label=label)]


def _subtitle(report: Report, grouping: str, shown: list[int], column: GroupColumn | None, colours: Colouring) -> str:
    text = tr("Filled: {groups} with ±1 SE of the total. Faint: each alone. Lines: the group-level model.").format(
        groups=group_plural(grouping)
    )
    used = dict.fromkeys(factor for index in shown for factor in explaining_factors(report, grouping, index))
    axes = frozenset([column.name if column else "", colours.name])
    others = dict.fromkeys(factor_words(factor) for factor in used if not is_kept(factor, axes))
    if others:
        text += " " + tr("Lines are drawn at the mean of {others}.").format(others=joined(list(others)))
    if column is not None and not any(column.name in (factor_label(factor), *columns_of(factor)) for factor in used):
        text += " " + tr("{name} is not in the model, so the lines do not follow it.").format(name=column.name)
    return text


def _alt(report: Report, grouping: str, shown: list[int]) -> str:
    equations = "; ".join(equation_text(report, grouping, index) for index in shown)
    return tr("Estimated group-level model, a point for each {group}: {equations}.").format(
        group=group_noun(grouping), equations=equations
    )
