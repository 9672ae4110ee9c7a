"""Drawing of single cells."""

from __future__ import annotations

from mlgui.gui.items.cell_delegate import spacing_of
from mlgui.gui.painting.axes import side_by_side


def test_ticks_are_left_out_until_none_touches_the_next() -> None:
    assert spacing_of([(0, 20), (40, 20), (80, 20)]) == 1
    assert spacing_of([(0, 30), (20, 30), (40, 30), (60, 30), (80, 30)]) == 2
    assert spacing_of([(0, 99), (5, 99)]) == 2
    assert spacing_of([]) == 1


def test_labels_above_a_plot_do_not_touch() -> None:
    assert side_by_side([10, 60], [40, 40], 8, 0, 200) == [10, 60], "room enough: left where they are"
    assert side_by_side([10, 20], [40, 40], 8, 0, 200) == [10, 58]
    assert side_by_side([10, 70], [40, 40], 8, 0, 100) == [10, 60], "moved back from the edge"
    assert side_by_side([40, 50], [40, 40], 8, 0, 100) == [12, 60]
