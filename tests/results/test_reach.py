"""Axes that one group alone would stretch for everyone."""

from __future__ import annotations

import numpy as np

from mlgui.data.table import Column, Kind, Source, Table
from mlgui.results.figure import Points
from mlgui.results.figures.group_level import group_level
from mlgui.results.figures.reach import is_outside
from mlgui.results.figures.shrinkage import shrinkage
from tests.results.models import hsb, report_of


def _one_wild_group() -> Table:
    """Return 30 groups of 20 rows with slopes near 1, and one of 2 rows whose own slope is -20."""
    rng = np.random.default_rng(3)
    g = np.append(np.repeat(np.arange(30), 20), [30, 30]).astype(np.int32)
    x = np.append(rng.normal(size=600), [0.0, 0.1])
    y = np.append((1 + 0.3 * rng.normal(size=30)[g[:600]]) * x[:600] + rng.normal(size=600), [1.0, -1.0])
    columns = (
        Column(name="g", kind=Kind.ID, values=g, levels=tuple(f"g{k}" for k in range(31))),
        Column(name="u", kind=Kind.NUMBER, values=np.arange(31.0)[g]),
        Column(name="x", kind=Kind.NUMBER, values=x),
        Column(name="y", kind=Kind.NUMBER, values=y),
    )
    return Table(columns=columns, row_ids=np.arange(1, 603), source=Source(name="wild.csv"))


def test_a_group_of_two_rows_does_not_stretch_the_axis() -> None:
    report = report_of("y ~ x * u + (x | g)", _one_wild_group())
    for figure in (group_level(report, "g", coefficients=(1,)), shrinkage(report, "g", 1)):
        low, high = figure.panels[0].y.limits or (-np.inf, np.inf)
        assert -2 < low < 0.5 and 1 < high < 4
        assert "1 group of g alone lies beyond the axis." in figure.subtitle
        assert int(is_outside(report.groups[0].own[:, 1], (low, high)).sum()) == 1


def test_ordinary_groups_have_all_the_axis_they_need() -> None:
    assert group_level(hsb(), "School").panels[0].y.limits is None
    assert "beyond the axis" not in shrinkage(hsb(), "School").subtitle


def test_open_and_filled_marks_have_keys() -> None:
    for figure in (shrinkage(hsb(), "School"), group_level(hsb(), "School")):
        marks = [layer for layer in figure.panels[0].layers if isinstance(layer, Points)]
        assert {layer.label != "" for layer in marks} == {True}
        open_words = {layer.label for layer in marks if not layer.filled}
        assert len(open_words) == 1 and not open_words & {layer.label for layer in marks if layer.filled}
