from __future__ import annotations

from mlgui.gui.items.widths import column_widths


def test_space_left_over_goes_to_the_stretching_columns() -> None:
    assert column_widths([100, 50, 50], 301, stretch=(0, 2)) == [151, 50, 100]
    assert column_widths([10, 10], 31, stretch=()) == [16, 15]


def test_where_space_is_short_plots_give_way_first_then_padding() -> None:
    assert column_widths([100, 50, 100], 230, stretch=(0,), flexible={2: 0.45}) == [100, 50, 80]
    assert sum(column_widths([100, 50, 100], 190, stretch=(0,), flexible={2: 0.45})) == 190
    assert column_widths([100, 50], 20, stretch=(0,)) == [91, 41]


def test_no_columns_have_no_widths() -> None:
    assert column_widths([], 100, stretch=(0,)) == []
