"""What windows beside the main one share: the keys that work there as in it."""

from __future__ import annotations

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog

from mlgui.gui.desk import Desk
from mlgui.gui.dialogs.help import add_help_key


def add_keys(dialog: QDialog, desk: Desk) -> None:
    """Let F1, Undo and Redo work in a window beside the main one."""
    add_help_key(dialog, desk.theme)
    for keys, run in ((QKeySequence.StandardKey.Undo, desk.document.undo), (QKeySequence.StandardKey.Redo, desk.document.redo)):
        QShortcut(QKeySequence(keys), dialog).activated.connect(run)
