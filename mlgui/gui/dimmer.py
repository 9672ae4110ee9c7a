"""A veil over the window while one of its dialogs is open, so that the eye stays with the dialog."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QDialog, QWidget


class _Veil(QWidget):
    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setGeometry(window.rect())
        window.installEventFilter(self)
        self.show()
        self.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), QColor(0, 0, 0, 76))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        window = self.parentWidget()
        if event.type() is QEvent.Type.Resize and window is not None:
            self.setGeometry(window.rect())
        return False


def dim_behind(dialog: QDialog) -> None:
    """Veil the dialog's window until the dialog is finished."""
    parent = dialog.parentWidget()
    if parent is None:
        return
    veil = _Veil(parent.window())
    dialog.finished.connect(veil.deleteLater)
