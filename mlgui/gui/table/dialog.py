"""The frame every dialog about the table has: a title, a body, and a foot with what is wrong and the buttons."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from mlgui.errors import UserError
from mlgui.gui.dialogs.help import add_help_key
from mlgui.gui.dimmer import dim_behind
from mlgui.gui.icons import pixmap
from mlgui.gui.room import within_window
from mlgui.gui.theme import Theme
from mlgui.gui.widgets import button, label
from mlgui.words import tr


class TableDialog(QDialog):
    """Subclasses fill `body` and override `apply`. size: in px at 100 %."""

    size_px = (620, 480)

    def __init__(self, title: str, explanation: str, action: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.body = QVBoxLayout()
        self.body.setContentsMargins(20, 16, 20, 16)
        self.body.setSpacing(10)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._head(title, explanation))
        whole.addLayout(self.body, 1)
        whole.addWidget(self._foot(action))
        self.resize(self.sizeHint())
        add_help_key(self, theme)
        dim_behind(self)

    def sizeHint(self) -> QSize:
        return within_window(self, self.theme.px(self.size_px[0]), self.theme.px(self.size_px[1]))

    def _head(self, title: str, explanation: str) -> QWidget:
        head = QWidget()
        head.setObjectName("dialogHeader")
        head.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(head)
        column.setContentsMargins(20, 12, 20, 12)
        column.setSpacing(2)
        column.addWidget(label(title, "title"))
        if explanation:
            column.addWidget(label(explanation, "caption", wrap=True))
        return head

    def _foot(self, action: str) -> QWidget:
        foot = QWidget()
        foot.setObjectName("dialogFooter")
        foot.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._sign = QLabel()
        self._verdict = label("", "secondary", wrap=True)
        self.leave = button(tr("Cancel"))
        self.leave.clicked.connect(self.reject)
        self.take = button(action, "primary")
        self.take.setDefault(True)
        self.take.clicked.connect(self.apply)
        row = QHBoxLayout(foot)
        row.setContentsMargins(20, 12, 20, 12)
        row.setSpacing(8)
        row.addWidget(self._sign)
        row.addWidget(self._verdict, 1)
        row.addWidget(self.leave)
        row.addWidget(self.take)
        return foot

    def apply(self) -> None:
        """Do what the dialog is for."""
        self.accept()

    def say(self, text: str, picture: str = "", colour: str = "ink3") -> None:
        """Write a word at the foot, with a picture before it."""
        self._verdict.setText(text)
        self._sign.setVisible(bool(picture))
        if picture:
            self._sign.setPixmap(pixmap(picture, self.theme, colour, 16, 3.0))

    def refuse(self, error: UserError) -> None:
        """Say what is wrong; the dialog stays open."""
        self.say(" ".join(part for part in (error.what, error.why, error.do) if part), "error", "err")
        self.take.setEnabled(True)
