"""A well: a field that holds tokens and takes a column by drop or by click."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QVBoxLayout, QWidget

from mlgui.gui.flow import FlowLayout
from mlgui.gui.panels.chooser import Choice, Chooser, nothing_to_choose
from mlgui.gui.panels.column_list import MIME
from mlgui.gui.theme import Theme
from mlgui.gui.widgets import clear, label, set_property

Choices = Callable[[], list[Choice]]


class Well(QFrame):
    """Tokens in a frame. `chosen(name)`: a column was dropped here or taken from the list a click opens."""

    chosen = Signal(str)

    def __init__(self, theme: Theme, choices: Choices, *, title: str, framed: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._choices = choices
        self._title = title
        if framed:
            self.setProperty("box", "well")
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(title)
        self.setAcceptDrops(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._flow = FlowLayout(4)
        column = QVBoxLayout(self)
        column.setContentsMargins(*((4, 1, 4, 1) if framed else (0, 0, 0, 0)))
        column.addLayout(self._flow)

    def set_widgets(self, widgets: Sequence[QWidget], placeholder: str = "") -> None:
        """Show these widgets, or the placeholder where there are none."""
        clear(self._flow)
        for widget in widgets or ([label(placeholder, "caption")] if placeholder else []):
            self._flow.addWidget(widget)
        self.updateGeometry()

    def open_list(self, below: QWidget | None = None) -> Chooser:
        """Open the list of columns that fit here, and return it."""
        chooser = Chooser(self._choices() or [nothing_to_choose()], self._theme, title=self._title, parent=self)
        chooser.chosen.connect(self.chosen)
        chooser.open_below(below or self)
        return chooser

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.property("box") == "well":
            self.open_list()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space, Qt.Key.Key_Down):
            self.open_list()
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasFormat(MIME) and self._fits(_dragged(event)):
            set_property(self, "hover", True)
            event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        set_property(self, "hover", False)

    def dropEvent(self, event: QDropEvent) -> None:
        set_property(self, "hover", False)
        name = _dragged(event)
        if self._fits(name):
            event.acceptProposedAction()
            self.chosen.emit(name)

    def _fits(self, name: str) -> bool:
        return any(choice.key == name and not choice.reason for choice in self._choices())


def _dragged(event: QDropEvent) -> str:
    return bytes(event.mimeData().data(MIME).data()).decode()
