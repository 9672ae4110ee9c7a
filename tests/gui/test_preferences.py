"""Preferences take effect at once, on everything that is on show."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from mlgui.gui.desk import Desk
from mlgui.gui.dialogs.preferences import PreferencesDialog
from mlgui.gui.preferences import follow_preferences
from mlgui.results import numbers
from mlgui.session.document import FitState
from mlgui.session.settings import Settings, load_settings
from mlgui.session.wordings import REPLACEMENTS
from mlgui.words import tr
from tests.gui.driving import open_window


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    yield
    follow_preferences(Settings(decimal_mark="point"))


def test_numbers_follow_the_writing_and_plain_files_do_not() -> None:
    assert follow_preferences(Settings(digits=4, p_decimals=2, decimal_mark="comma"))[0] == "multilevel"
    assert numbers.number(-1234.5, 1) == "\u22121\u202f234,5"
    assert numbers.number(-1234.5, 1, plain=True) == "-1234.5"
    assert numbers.p_value(0.004) == "< 0,01" and numbers.p_value(0.004, plain=True) == "0.004"
    assert numbers.decimals_for([1.0], [0.5]) == 4 and numbers.decimals_of_spread([1.95, 6.07]) == 4
    assert numbers.given(0.25) == "0,25"
    follow_preferences(Settings(decimal_mark="point"))
    assert numbers.number(1234.5, 1) == "1,234.5" and numbers.decimals_for([1.0], [0.5]) == 2


def test_every_replacement_takes_the_same_values() -> None:
    def fields(text: str) -> set[str]:
        return {part.split("}")[0] for part in text.split("{")[1:]}

    for replacements in REPLACEMENTS.values():
        for before, after in replacements.items():
            assert fields(after) <= fields(before)


def test_the_window_is_named_and_written_anew(desk: Desk, qapp: QApplication, qtbot: QtBot) -> None:
    with open_window(desk, qapp, qtbot) as window:
        window.show_view("overview")
        dialog = PreferencesDialog(desk, window)
        with qtbot.waitSignal(desk.bridge.changed, check_params_cb=lambda *_: not desk.document.waiting):
            dialog.wording.part("mixed").click()
        assert tr("How much varies") == "Random effects"
        assert window.workspace is not None
        texts = [part.text() for part in window.workspace.findChildren(QLabel)]
        assert "Random effects" in texts and "How much varies" not in texts
        with qtbot.waitSignal(desk.bridge.changed, check_params_cb=lambda *_: not desk.document.waiting):
            dialog.mark.part("comma").click()
        report = desk.document.active_fit.report
        assert desk.document.active_fit.state is FitState.FITTED and report is not None
        assert "11,8" in report.sentences[0]
        assert load_settings().wording == "mixed" and load_settings().decimal_mark == "comma"
        dialog.digits.setValue(3)
        dialog.p_decimals.setValue(2)
        assert numbers.writing() == numbers.Writing(decimals=3, p_decimals=2, comma=True)
        qtbot.waitUntil(lambda: not desk.document.waiting)


def test_colours_and_language_are_chosen_here_as_in_the_view_menu(desk: Desk, qapp: QApplication, qtbot: QtBot) -> None:
    with open_window(desk, qapp, qtbot) as window:
        dialog = PreferencesDialog(desk, window)
        qtbot.addWidget(dialog)
        ticked = [action for action in window.findChildren(QAction) if action.isCheckable()]
        for field, key, words in ((dialog.colours, "contrast", "High contrast, light"), (dialog.language, "fr", "Français")):
            field.setCurrentIndex(field.findData(key))
            field.activated.emit(field.currentIndex())
            assert [action.text() for action in ticked if action.text() == words and action.isChecked()] == [words]
        assert desk.theme.mode == "contrast"
        stored = load_settings()
        assert stored.theme == "contrast" and stored.language == "fr"
