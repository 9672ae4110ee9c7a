"""What the window says when something needs attention: a calm dialog, a passing notice.

    show_error(window, UserError(...), detail="")   # a dialog that is opened, not executed; detail can be copied
    Notice(window).say("Copied")                    # two seconds at the foot of the window

Never a traceback in front: it is in the detail, and in the log.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from mlgui.errors import UserError
from mlgui.gui.icons import pixmap
from mlgui.gui.theme import Theme
from mlgui.gui.widgets import button, label
from mlgui.words import tr

_NOTICE_MS = 4000


class ErrorDialog(QDialog):
    """What happened, why, what to do; technical detail folded away, to be copied into a report."""

    def __init__(
        self, error: UserError, theme: Theme, *, detail: str = "", again: Callable[[], None] | None = None,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        """again: what to do when the user tries again, where that may help."""
        super().__init__(parent)
        self._detail = detail
        self._again = again
        self.setWindowTitle("mlgui")
        self.setAccessibleName(error.what)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(460)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(22, 20, 22, 16)
        whole.setSpacing(14)
        whole.addLayout(self._words(error, theme))
        whole.addWidget(self._detail_box())
        whole.addLayout(self._buttons())

    def _words(self, error: UserError, theme: Theme) -> QHBoxLayout:
        sign = QLabel()
        sign.setPixmap(pixmap("error", theme, "err", 22, 3.0))
        words = QVBoxLayout()
        words.setSpacing(6)
        words.addWidget(label(error.what, "title", wrap=True, selectable=True))
        for text in (error.why, error.do):
            if text:
                words.addWidget(label(text, "secondary", wrap=True, selectable=True))
        words.addStretch()
        top = QHBoxLayout()
        top.setSpacing(14)
        top.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        top.addLayout(words, 1)
        return top

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        layout = self.layout()
        if layout is not None:  # as high as its words are at this width
            self.resize(self.width(), layout.heightForWidth(self.width()))

    def _detail_box(self) -> QPlainTextEdit:
        self._box = QPlainTextEdit(self._detail)
        self._box.setReadOnly(True)
        self._box.setAccessibleName(tr("Technical detail"))
        self._box.setMinimumHeight(160)
        self._box.hide()
        return self._box

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        if self._detail:
            more = button(tr("Details"), "flat")
            more.clicked.connect(lambda: self._box.setVisible(self._box.isHidden()))
            copy = button(tr("Copy details"), "flat")
            copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self._detail))
            row.addWidget(more)
            row.addWidget(copy)
        row.addStretch()
        if self._again is not None:
            again = button(tr("Try again"))
            again.clicked.connect(self.accept)
            again.clicked.connect(self._again)
            row.addWidget(again)
        close = button(tr("Close"), "primary")
        close.setDefault(True)
        close.clicked.connect(self.accept)
        row.addWidget(close)
        return row


def show_error(
    parent: QWidget | None, error: UserError, theme: Theme, *, detail: str = "", again: Callable[[], None] | None = None
) -> ErrorDialog:
    """Open the dialog and return at once. again: what "Try again" does, where it is offered."""
    dialog = ErrorDialog(error, theme, detail=detail, again=again, parent=parent)
    dialog.open()
    return dialog


class Notice(QLabel):
    """A word of confirmation at the foot of the window, gone after two seconds."""

    def __init__(self, window: QWidget, *, above: int = 28) -> None:
        """above: px left free below it, such as the footer of a dialog."""
        super().__init__(window)
        self._above = above
        self.setObjectName("notice")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_NOTICE_MS)
        self._timer.timeout.connect(self.hide)
        window.installEventFilter(self)
        self.hide()

    def say(self, text: str, *, stays: bool = False) -> None:
        """Show `text` for a moment, or until something else is said; "" hides it."""
        if not text:
            self.hide()
            return
        self.setText(text)
        self.setAccessibleName(text)
        self.adjustSize()
        self._place()
        self.show()
        self.raise_()
        self._timer.stop() if stays else self._timer.start()

    def _place(self) -> None:
        window = self.parentWidget()
        if window is not None:
            self.move((window.width() - self.width()) // 2, window.height() - self.height() - self._above)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Resize and self.isVisible():
            self._place()
        return False
