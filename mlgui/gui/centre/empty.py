"""Nothing to show, in one line and a button."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from mlgui.gui.widgets import button, clear, label

CHOOSE_OUTCOME, CHOOSE_GROUPS, FIT, EXPLAIN, SHOW_LOG = "outcome", "groups", "fit", "explain", "log"
ADD_PREDICTOR = "predictor"


@dataclass(frozen=True, kw_only=True)
class Notice:
    """Why a view shows nothing. line: one sentence. detail: a second one. actions: (key, words) of the buttons."""

    line: str
    detail: str = ""
    actions: tuple[tuple[str, str], ...] = ()


class NoticePage(QWidget):
    """Shows one notice in the middle. asked(key): a button was pressed."""

    asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._content = QVBoxLayout()
        self._content.setSpacing(8)
        whole = QVBoxLayout(self)
        whole.addStretch(2)
        whole.addLayout(self._content)
        whole.addStretch(3)
        self._notice: Notice | None = None

    def show_notice(self, notice: Notice) -> None:
        """Replace the notice."""
        if notice == self._notice:
            return
        self._notice = notice
        clear(self._content)
        for text, role in ((notice.line, "title"), (notice.detail, "subtitle")):
            if text:
                shown = label(text, role, wrap=True)
                shown.setAlignment(Qt.AlignmentFlag.AlignCenter)
                self._content.addWidget(shown)
        self._content.addLayout(self._buttons(notice))
        self.setAccessibleName(f"{notice.line} {notice.detail}".strip())

    def _buttons(self, notice: Notice) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch()
        for place, (key, words) in enumerate(notice.actions):
            part = button(words, "" if place else "primary")
            part.clicked.connect(lambda _checked=False, key=key: self.asked.emit(key))
            row.addWidget(part)
        row.addStretch()
        return row
