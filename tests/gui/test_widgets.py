from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QComboBox, QToolButton
from pytestqt.qtbot import QtBot

from mlgui.gui.theme import Theme
from mlgui.gui.widgets import SearchField, Section, Segments, Token, button, card, clear, inside, label


def test_segments_announce_the_user_only(qtbot: QtBot) -> None:
    switch = Segments((("reml", "REML"), ("ml", "ML")), name="Estimation")
    qtbot.addWidget(switch)
    said: list[str] = []
    switch.chosen.connect(said.append)
    switch.set_key("ml")
    assert (switch.key, said) == ("ml", [])
    qtbot.mouseClick(switch.part("reml"), Qt.MouseButton.LeftButton)
    assert (switch.key, said) == ("reml", ["reml"])
    assert switch.part("ml").accessibleName() == "Estimation: ML"


def test_token_is_removed_by_its_cross(qtbot: QtBot) -> None:
    token = Token("school", detail="160")
    qtbot.addWidget(token)
    cross = next(part for part in token.findChildren(QToolButton) if part.accessibleName() == "Remove school")
    with qtbot.waitSignal(token.removed):
        qtbot.mouseClick(cross, Qt.MouseButton.LeftButton)


def test_section_folds(qtbot: QtBot) -> None:
    section = Section("Data", Theme("light"))
    qtbot.addWidget(section)
    section.content.addWidget(label("inside"))
    with qtbot.waitSignal(section.folded) as said:
        section.set_open(False)
    assert said.args == [True]
    assert section.body.isHidden()


def test_clear_empties_nested_layouts(qtbot: QtBot) -> None:
    frame = card()
    qtbot.addWidget(frame)
    inside(frame).addWidget(label("a"))
    inner = type(inside(frame))()
    inner.addWidget(label("b"))
    inside(frame).addLayout(inner)
    clear(inside(frame))
    assert inside(frame).count() == 0


def test_search_field_has_a_name(qtbot: QtBot) -> None:
    field = SearchField("Search 3 columns", Theme("light"))
    qtbot.addWidget(field)
    assert field.accessibleName() == "Search 3 columns"


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_a_drop_down_shows_its_last_entry_whole(qapp: QApplication, qtbot: QtBot, scale: float) -> None:
    theme = Theme(text_scale=scale)
    theme.apply(qapp)
    box = QComboBox()
    qtbot.addWidget(box)
    box.addItems(["Totals", "Deviations", "Ranks"])
    with qtbot.waitExposed(box):
        box.show()
    box.showPopup()
    view = box.view()
    assert view.viewport().rect().contains(view.visualRect(box.model().index(2, 0)))
    box.hidePopup()
    qapp.setStyleSheet("")


def test_enter_presses_the_button_that_has_the_focus(qtbot: QtBot) -> None:
    made = button("Next")
    qtbot.addWidget(made)
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
        with qtbot.waitSignal(made.clicked):
            qtbot.keyClick(made, key)
