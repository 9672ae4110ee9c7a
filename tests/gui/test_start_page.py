from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from mlgui.gui.preferences import Preferences
from mlgui.gui.start_page import Clickable, StartPage, drawing, when_text
from mlgui.gui.theme import Theme
from mlgui.session.examples import examples


def page(qtbot: QtBot, preferences: Preferences) -> StartPage:
    made = StartPage(Theme("light"), preferences)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    return made


def shown(made: StartPage) -> list[str]:
    return [part.accessibleName() for part in made.findChildren(Clickable) if part.isVisible()]


def test_first_run_has_no_recent_files(qtbot: QtBot) -> None:
    assert all("example" in name for name in shown(page(qtbot, Preferences())))


def test_recent_files_open_by_mouse_and_key(qtbot: QtBot, tmp_path: Path) -> None:
    preferences = Preferences()
    preferences.remember(tmp_path / "study.mlgui", "96 rows, 2 models")
    made = page(qtbot, preferences)
    entry = next(part for part in made.findChildren(Clickable) if part.accessibleName() == "Open study.mlgui")
    with qtbot.waitSignal(made.path_chosen) as said:
        qtbot.keyClick(entry, Qt.Key.Key_Return)
    assert said.args == [str(tmp_path / "study.mlgui")]
    with qtbot.waitSignal(made.path_chosen):
        qtbot.mouseClick(entry, Qt.MouseButton.LeftButton)


def test_a_recent_file_is_pinned_by_its_button(qtbot: QtBot, tmp_path: Path) -> None:
    preferences = Preferences()
    for name in ("old.csv", "new.csv"):
        preferences.remember(tmp_path / name, "9 rows")
    made = page(qtbot, preferences)
    pin = next(part for part in made.findChildren(QToolButton) if part.accessibleName().startswith("Pin old.csv"))
    with qtbot.assertNotEmitted(made.path_chosen):
        qtbot.mouseClick(pin, Qt.MouseButton.LeftButton)
    assert [(recent.name, recent.pinned) for recent in preferences.settings.recent] == [("old.csv", True), ("new.csv", False)]


def test_field_narrows_the_examples(qtbot: QtBot) -> None:
    made = page(qtbot, Preferences())
    assert len(shown(made)) == len(examples())
    made._show_cards("Psychology")
    qtbot.waitUntil(lambda: shown(made) == ["Open the example Sleep deprivation"])


def test_every_example_has_a_thumbnail_in_the_unit_square() -> None:
    for example in examples():
        shown_ = drawing(example)
        values = [value for _, stroke in (*shown_.lines, *shown_.points) for value in stroke]
        assert values and min(values) >= 0 and max(values) <= 1, example.name


def test_dates_as_people_say_them() -> None:
    now = datetime(2026, 11, 22, 12, tzinfo=UTC)
    said = [when_text((now - timedelta(days=days)).isoformat(), now) for days in (0, 1, 10, 400)]
    assert said == ["Today", "Yesterday", "12 Nov", "18 Oct 2025"]
    assert when_text("nonsense") == ""
