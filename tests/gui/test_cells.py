"""Drawing of single cells."""

from __future__ import annotations

from mlgui.gui.items.cell_delegate import spacing_of


def test_ticks_are_left_out_until_none_touches_the_next() -> None:
    assert spacing_of([(0, 20), (40, 20), (80, 20)]) == 1
    assert spacing_of([(0, 30), (20, 30), (40, 30), (60, 30), (80, 30)]) == 2
    assert spacing_of([(0, 99), (5, 99)]) == 2
    assert spacing_of([]) == 1
