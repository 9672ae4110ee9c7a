"""Small multiples: the data of some groups with three lines, complete, no and partial pooling."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mlgui.data.kinds import natural_key
from mlgui.errors import UserError
from mlgui.results.along import Along, line_columns
from mlgui.results.figure import Axis, Figure, Layer, Line, Panel, Points
from mlgui.results.figures.colouring import AUTO, Batch, Colouring, colouring
from mlgui.results.group_columns import grouping_index
from mlgui.results.nouns import group_noun, group_plural
from mlgui.results.report import GroupEstimates, Report
from mlgui.results.tables import key_of
from mlgui.words import tr

Floats = NDArray[np.float64]

COLUMNS = 4
PAGE = 12
MOST_POINTS = 400
"""Data points drawn in one panel at most; more are thinned evenly."""


def fitted_lines(
    report: Report,
    grouping: str,
    x: str = "",
    *,
    choose: str | Sequence[str] = "moved",
    sort: str = "size",
    count: int = PAGE,
    page: int = 0,
    colour_by: str = AUTO,
) -> Figure:
    """Return one panel per chosen group: its data, and the lines along x of the three kinds of pooling.

    x: a number of the model at data level, "" for the first. choose: "moved", "largest", "smallest", "random", "all"
    (page by page) or labels. sort: "size", "moved" or "name". UserError where no number is there to draw along.
    """
    along = Along.of(report, grouping, x or _first_column(report, grouping))
    groups = report.groups[grouping_index(report, grouping)]
    chosen = chosen_groups(report, groups, choose, sort=sort, count=count, page=page)
    colours = colouring(report, grouping, colour_by)
    legend = _legend(colours) if colours.column is not None else ()
    panels = tuple(
        _panel(report, groups, along, int(j), colours.of_group(int(j)), legend if index == 0 else None)
        for index, j in enumerate(chosen)
    )
    return Figure(
        key=key_of("fitted_lines", grouping, along.column),
        title=tr("Fitted lines {group} by {group}").format(group=group_noun(grouping)),
        subtitle=_subtitle(report, along, grouping),
        panels=panels,
        columns=min(COLUMNS, max(len(panels), 1)),
        shared_axes=True,
        alt=tr("{outcome} against {x} in {n} {groups}, with the lines of complete, no and partial pooling.").format(
            outcome=report.design.outcome_label, x=along.column, n=len(panels), groups=group_plural(grouping)
        ),
        grouping=grouping,
        group_labels=groups.levels,
        size_mm=(180.0, 30.0 + 48.0 * -(-len(panels) // COLUMNS)),
    )


def chosen_groups(
    report: Report, groups: GroupEstimates, choose: str | Sequence[str], *, sort: str = "size", count: int = PAGE, page: int = 0
) -> NDArray[np.int64]:
    """Return the indices of the groups to draw, in the order to draw them."""
    moved = movement(report, groups)
    if not isinstance(choose, str):
        wanted = set(choose)
        found = np.array([j for j, level in enumerate(groups.levels) if level in wanted], dtype=np.int64)[:count]
    elif choose == "all":
        ordered = _sorted(groups, np.arange(len(groups.levels)), moved, sort)
        return ordered[page * count : (page + 1) * count]
    elif choose == "random":
        found = np.random.default_rng(page).permutation(len(groups.levels))[:count]
    elif choose in ("largest", "smallest"):
        found = np.argsort(groups.sizes if choose == "smallest" else -groups.sizes, kind="stable")[:count]
    else:
        found = np.argsort(-moved, kind="stable")[:count]
    return _sorted(groups, found, moved, sort)


def movement(report: Report, groups: GroupEstimates) -> Floats:
    """Return how far each group's line moved by pooling, (J,): root mean square over its rows; 0 without an own estimate."""
    index = grouping_index(report, groups.grouping)
    group = report.design.problem.groupings[index]
    shift = np.nan_to_num(groups.own - groups.total)
    square = np.einsum("ia,ia->i", group.z, shift[group.codes]) ** 2
    total = np.bincount(group.codes, weights=square, minlength=group.n_groups)
    return np.sqrt(total / np.maximum(groups.sizes, 1))


def _sorted(groups: GroupEstimates, found: NDArray[np.int64], moved: Floats, sort: str) -> NDArray[np.int64]:
    if sort == "moved":
        return found[np.argsort(-moved[found], kind="stable")]
    if sort == "name":
        return np.array(sorted(found.tolist(), key=lambda j: natural_key(groups.levels[j])), dtype=np.int64)
    return found[np.argsort(groups.sizes[found], kind="stable")]


def _first_column(report: Report, grouping: str) -> str:
    columns = line_columns(report, grouping)
    if not columns:
        raise UserError(
            tr("There is no predictor to draw lines along."),
            tr("Lines need a number that differs within {groups}.").format(groups=group_plural(grouping)),
            tr("Add such a predictor to the model."),
        )
    return columns[0]


def _legend(colours: Colouring) -> tuple[Layer, ...]:
    """Return marks without data that name the levels of the category."""
    none = np.empty(0)
    return tuple(Points(x=none, y=none, colour=each.colour, shape=each.shape, label=each.label) for each in colours.batches)


def _panel(report: Report, groups: GroupEstimates, along: Along, j: int, batch: Batch, legend: tuple[Layer, ...] | None) -> Panel:
    """Return the panel of group j; `legend` for the first one, None for the others."""
    x, y = along.data(j)
    first = legend is not None
    step = max(1, -(-len(x) // MOST_POINTS))
    layers: list[Layer] = [Points(x=x[::step], y=y[::step], colour="ink3", size=1.8, opacity=0.5)]
    grid, pooled = along.complete()
    if len(grid):
        label = tr("complete pooling, {label}").format(label=report.pooled[0].label) if first else ""
        layers.append(Line(x=grid, y=pooled, colour="complete_pooling", width=1.3, dashed=True, label=label))
    own_grid, own = along.unpooled(j)
    if len(own_grid):
        layers.append(Line(x=own_grid, y=own, colour="no_pooling", width=1.6, label=tr("no pooling") if first else "", group=j))
    grid, partial = along.partial(j)
    layers.append(Line(x=grid, y=partial, colour=batch.colour, label=tr("partial pooling") if first else "", group=j))
    return Panel(
        layers=(*layers, *(legend or ())),
        x=Axis(title=along.column),
        y=Axis(title=report.design.outcome_label, grid=True),
        title=groups.levels[j],
        note=f"n = {groups.sizes[j]}",
        mark=(batch.colour, batch.shape),
        group=j,
    )


def _subtitle(report: Report, along: Along, grouping: str) -> str:
    text = tr("{outcome} against {x}. Dashed: complete pooling; grey: no pooling; coloured: partial pooling.").format(
        outcome=report.design.outcome_label, x=along.column
    )
    if along.others:
        text += " " + tr("Other predictors at the {group}'s mean or most frequent level.").format(group=group_noun(grouping))
    return text
