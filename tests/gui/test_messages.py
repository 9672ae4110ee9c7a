from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from mlgui.errors import UserError
from mlgui.gui.clipboard import copy_tables
from mlgui.gui.messages import Notice, show_error
from mlgui.gui.theme import Theme
from mlgui.results.tables import Format, ResultColumn, ResultTable


def press(parent: QWidget, text: str, qtbot: QtBot) -> None:
    found = next(part for part in parent.findChildren(QPushButton) if part.text() == text)
    qtbot.mouseClick(found, Qt.MouseButton.LeftButton)


def test_detail_is_folded_and_can_be_copied(qtbot: QtBot, qapp: QApplication) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    dialog = show_error(window, UserError("It broke.", "Because.", "Try again."), Theme("light"), detail="Traceback …")
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    assert dialog.isVisible() and not dialog._box.isVisible()
    press(dialog, "Details", qtbot)
    assert dialog._box.isVisible()
    press(dialog, "Copy details", qtbot)
    assert qapp.clipboard().text() == "Traceback …"
    press(dialog, "Close", qtbot)
    assert not dialog.isVisible()


def test_a_notice_goes_by_itself_or_when_told(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(400, 300)
    window.show()
    notice = Notice(window)
    notice._timer.setInterval(1)
    notice.say("Copied")
    assert notice.isVisible() and notice.accessibleName() == "Copied"
    qtbot.waitUntil(lambda: not notice.isVisible())
    notice.say("Reading…", stays=True)
    assert notice.isVisible() and not notice._timer.isActive()
    notice.say("")
    assert not notice.isVisible()


def test_tables_are_copied_for_word_and_for_spreadsheets(qapp: QApplication) -> None:
    column = ResultColumn(key="estimate", heading="Estimate", cells=[-1.25], format=Format.NUMBER)
    copy_tables([ResultTable(key="a", title="A", columns=(column,)), ResultTable(key="b", title="B", columns=(column,))])
    data = qapp.clipboard().mimeData()
    assert data.html().count("<table") == 2
    assert data.text().count("-1.25") == 2
