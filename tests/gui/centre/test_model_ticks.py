from __future__ import annotations

from PySide6.QtWidgets import QCheckBox, QWidget
from pytestqt.qtbot import QtBot

from mlgui.gui.centre.model_ticks import ModelTicks
from mlgui.gui.theme import Theme
from mlgui.session.document import Document


class Page(QWidget):
    """Nothing but the ticks of a document."""

    def __init__(self, document: Document, fewest: int) -> None:
        super().__init__()
        self.ticks = ModelTicks(document, Theme("light"), fewest=fewest)
        self.setLayout(self.ticks)
        self.ticks.read()

    def boxes(self) -> list[QCheckBox]:
        return self.findChildren(QCheckBox)


def test_a_name_is_shown_as_it_is_written(document: Document, qtbot: QtBot) -> None:
    document.rename_model(document.snapshot.models[0].key, "Sex & age")
    page = Page(document, fewest=2)
    qtbot.addWidget(page)
    first = page.boxes()[0]
    assert first.text() == "Sex && age" and first.accessibleName() == "Sex & age"  # one & alone would mark a shortcut


def test_a_model_that_is_not_ticked_stays_so(document: Document, qtbot: QtBot) -> None:
    page = Page(document, fewest=2)
    qtbot.addWidget(page)
    with qtbot.waitSignal(page.ticks.changed):
        page.boxes()[0].click()
    page.ticks.read()
    assert [key for key, _, _ in page.ticks.ticked()] == [document.snapshot.models[1].key] and len(page.ticks.models) == 2


def test_too_few_models_are_no_choice(document: Document, qtbot: QtBot) -> None:
    page = Page(document, fewest=3)
    qtbot.addWidget(page)
    assert not page.ticks.offered and not page.boxes() and len(page.ticks.ticked()) == 2
