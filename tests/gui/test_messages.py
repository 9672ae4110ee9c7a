from __future__ import annotations

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from mlgui.errors import UserError
from mlgui.export.layout import TableStyle
from mlgui.gui.clipboard import copy_tables, table_style
from mlgui.gui.messages import Notice, show_error
from mlgui.gui.theme import Theme
from mlgui.results.tables import Format, ResultColumn, ResultTable
from mlgui.session.settings import Settings


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
    assert bytes(data.data("text/rtf").data()).count(b"\\trhdr") == 2 and data.hasFormat("application/rtf")
    assert data.text().count("-1.25") == 2


@pytest.mark.parametrize(("mark", "comma"), [("comma", True), ("point", False)])
def test_the_style_of_tables_follows_the_preferences(mark: str, comma: bool) -> None:
    style = table_style(Settings(apa=False, decimal_mark=mark, p_decimals=4))
    assert (style.apa, style.comma, style.p_decimals) == (False, comma, 4)


def test_the_decimal_mark_is_the_systems_unless_chosen() -> None:
    assert table_style(Settings()).comma == (QLocale.system().decimalPoint() == ",")
    assert table_style(Settings()).apa


def test_numbers_are_copied_with_the_mark_of_the_style(qapp: QApplication) -> None:
    column = ResultColumn(key="estimate", heading="Estimate", cells=[-1.25], format=Format.NUMBER)
    copy_tables([ResultTable(key="a", title="A 1.5", columns=(column,))], TableStyle(comma=True))
    data = qapp.clipboard().mimeData()
    assert "-1,25" in data.text() and "−1,25" in data.html() and b"\\u8722?1,25" in bytes(data.data("text/rtf").data())
