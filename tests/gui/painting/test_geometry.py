from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlgui.gui.painting.clip import cut_segments, inside
from mlgui.gui.painting.density import cell_opacities, cells
from mlgui.gui.painting.frame import Scale, spread
from mlgui.gui.painting.limits import figure_limits, panel_limits
from mlgui.results.figure import Axis, Figure, Panel, Points, Rule, Segments


def one(*values: float) -> np.ndarray:
    return np.array(values, dtype=float)


def test_segments_are_cut_at_the_edges_of_the_plot() -> None:
    x0, y0, x1, y1 = cut_segments(one(-5, 2, 20), one(5, 2, 20), one(15, 3, 30), one(5, 3, 30), (0, 0, 10, 10))
    assert list(zip(x0, y0, x1, y1)) == [(0, 5, 10, 5), (2, 2, 3, 3)]


def test_missing_points_are_not_inside() -> None:
    assert inside(one(1, np.nan, 11), one(1, 1, 1), (0, 0, 10, 10)).tolist() == [True, False, False]


def test_a_scale_may_run_backwards() -> None:
    scale = Scale(low=0, high=10, start=200, end=100)
    assert scale.at(0) == 200 and scale.at(10) == 100
    assert scale(one(5.0)).tolist() == [150]


@given(st.lists(st.floats(0, 100), min_size=1, max_size=6))
def test_spread_labels_keep_their_order_and_distance(positions: list[float]) -> None:
    moved = spread(positions, 12, 0, 100)
    order = np.argsort(positions, kind="stable")
    gaps = np.diff(np.array(moved)[order])
    assert (gaps >= 12 - 1e-6).all() or len(positions) * 12 > 100


def test_labels_that_do_not_meet_stay_where_they_are() -> None:
    assert spread([50.0, 10.0], 12, 0, 100) == [50.0, 10.0]


def test_limits_hold_all_layers_with_a_margin() -> None:
    segments = Segments(x0=one(2), y0=one(-4), x1=one(2), y1=one(3))
    panel = Panel(layers=(Points(x=one(0, 10), y=one(1, np.nan)), segments, Rule(value=6)))
    (x_low, x_high), (y_low, y_high) = panel_limits(panel)
    assert (x_low, x_high) == pytest.approx((-0.4, 10.4))
    assert (y_low, y_high) == pytest.approx((-4.4, 6.4))


def test_limits_of_nothing_and_of_one_value_have_an_extent() -> None:
    assert panel_limits(Panel(layers=())) == ((0, 1), (0, 1))
    assert panel_limits(Panel(layers=(Points(x=one(3), y=one(3)),)))[0] == (2.5, 3.5)


def test_limits_asked_for_and_shared_ones() -> None:
    first = Panel(layers=(Points(x=one(0, 1), y=one(0, 1)),), x=Axis(limits=(-9, 9)))
    second = Panel(layers=(Points(x=one(0, 20), y=one(5, 6)),), y=Axis(limits=(4, 40)))
    shared = figure_limits(Figure(key="k", title="", panels=(first, second), shared_axes=True))
    assert shared[0] == shared[1]
    assert shared[0][0][0] == -9 and shared[0][1][1] == 40


def test_every_point_is_counted_once_and_rare_cells_stay_visible() -> None:
    rng = np.random.default_rng(1)
    counts, _, _ = cells(rng.uniform(0, 1, 1000), rng.uniform(0, 1, 1000), (0, 1), (0, 1))
    opacities = cell_opacities(counts)
    assert counts.sum() == 1000
    assert (opacities[counts > 0] >= 0.1).all() and (opacities[counts == 0] == 0).all() and opacities.max() == 1
