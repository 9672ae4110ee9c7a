"""The About dialog and the licences behind it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mlgui.gui.dialogs.about import AboutDialog, LicencesDialog
from mlgui.gui.theme import Theme
from mlgui.licences import parts


def test_about_leads_to_the_licences_of_every_part(qapp: QApplication, qtbot: QtBot) -> None:
    about = AboutDialog(Theme("light"))
    qtbot.addWidget(about)
    with qtbot.waitExposed(about):
        about.show()
    qtbot.mouseClick(about.to_licences, Qt.MouseButton.LeftButton)
    dialog = about.findChild(LicencesDialog)
    assert isinstance(dialog, LicencesDialog)
    names = [dialog.list.item(row).text().partition(" ")[0] for row in range(dialog.list.count())]
    assert names[: len(parts())] == [part.name for part in parts()]
    assert "GNU GENERAL PUBLIC LICENSE" in dialog.text.toPlainText()
    dialog.list.setCurrentRow(names.index("numpy"))
    assert "Copyright" in dialog.text.toPlainText() and "numpy" in dialog.text.toPlainText()
    dialog.accept()
    about.accept()
