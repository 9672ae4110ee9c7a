"""The lme4 formula as a line to type in: completes columns and functions, and marks the place of a mistake."""

from __future__ import annotations

import re
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QStringListModel, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QCompleter, QLineEdit, QListView, QVBoxLayout, QWidget

from mlgui.errors import UserError
from mlgui.gui.widgets import label, set_property
from mlgui.spec.expression import FUNCTIONS, Variable
from mlgui.spec.render import render_expression
from mlgui.words import tr

_WORD = re.compile(r"`?[\w.][\w. ]*$|`$")
_TOKEN = re.compile(r"`[^`]*`?|[\w.]+|\S")
_TAKING = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab)
_FROM = 1
"""Characters typed before names are offered."""


def word_before(text: str, cursor: int) -> str:
    """Return the name that is being typed before the cursor, "" for none; a space ends a name without backticks."""
    found = _WORD.search(text[:cursor])
    if found is None:
        return ""
    word = found.group()
    return word if word.startswith("`") else word.rpartition(" ")[2]


class FormulaLine(QLineEdit):
    """Offers names while one is typed, all of them by Ctrl+Space.

    Leaves Undo and Redo to the models where it has no typing of its own to take back.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names = QStringListModel(self)
        self.name_completer = QCompleter(self._names, self)
        self.name_completer.setWidget(self)
        self.name_completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.name_completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.popup = QListView()
        self.popup.setAccessibleName(tr("Columns and functions"))
        self.popup.setObjectName("choices")
        self.name_completer.setPopup(self.popup)
        self.name_completer.activated.connect(self.insert_name)
        self.textEdited.connect(lambda: self.offer(at_least=_FROM))

    def set_names(self, columns: Sequence[str]) -> None:
        """Offer these columns, written as formulas need them, and the functions of formulas."""
        names = [render_expression(Variable(name)) for name in columns]
        wanted = [*names, *(f"{name}(" for name in (*FUNCTIONS, "offset"))]
        if wanted != self._names.stringList():
            self._names.setStringList(wanted)

    def offer(self, *, at_least: int = 0) -> None:
        """Show the names that go with what is typed before the cursor; nothing where it is complete or too short."""
        word = word_before(self.text(), self.cursorPosition())
        self.name_completer.setCompletionPrefix(word.strip("`"))
        found, popup = self.name_completer.completionCount(), self.popup
        complete = found == 1 and self.name_completer.currentCompletion() == word
        if len(word) < at_least or not found or complete:
            popup.hide()
            return
        popup.setCurrentIndex(self.name_completer.completionModel().index(0, 0))
        place = self.cursorRect()
        place.setWidth(max(180, popup.sizeHintForColumn(0) + 30))
        self.name_completer.complete(place)

    def insert_name(self, name: str) -> None:
        """Put a name in the place of what is typed of it."""
        word = word_before(self.text(), self.cursorPosition())
        start = self.cursorPosition() - len(word)
        self.setSelection(start, len(word))
        self.insert(name)

    def mark(self, position: int) -> None:
        """Select the word at a position, so that a mistake is seen and can be typed over."""
        token = _TOKEN.match(self.text(), min(position, len(self.text())))
        if token is None:
            self.setCursorPosition(position)
        else:
            self.setSelection(position, len(token.group()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        popup = self.popup
        if popup.isVisible() and event.key() in _TAKING and popup.currentIndex().isValid():
            self.insert_name(str(popup.currentIndex().data()))
            popup.hide()
            return
        if event.key() == Qt.Key.Key_Space and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            self.offer()
            return
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        if event.reason() is not Qt.FocusReason.PopupFocusReason:
            self.popup.hide()
        super().focusOutEvent(event)

    def event(self, event: QEvent) -> bool:
        tab = isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Tab
        if tab and isinstance(event, QKeyEvent) and self.popup.isVisible():
            self.keyPressEvent(event)  # Tab takes the name rather than leaving the line
            return True
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            undo, redo = event.matches(QKeySequence.StandardKey.Undo), event.matches(QKeySequence.StandardKey.Redo)
            if (undo and not self.isUndoAvailable()) or (redo and not self.isRedoAvailable()):
                event.ignore()
                return False
        return super().event(event)


class FormulaEditor(QWidget):
    """The lme4 formula in a line: Enter applies it; a mistake is said below and marked in the line."""

    entered = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._of_model = ""
        self.line = FormulaLine()
        self.line.setAccessibleName(tr("Formula of the model"))
        self.line.setPlaceholderText("y ~ x + (x | group)")
        self._words = label("", "error", wrap=True)
        self._words.hide()
        hint = tr("Enter fits the formula. Names are offered as you type, all of them by Ctrl+Space.")
        self._hint = label(hint, "caption", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.line)
        column.addWidget(self._words)
        column.addWidget(self._hint)
        column.addStretch()
        self.line.returnPressed.connect(lambda: self.entered.emit(self.line.text()))
        self.line.textEdited.connect(lambda: self.show_error(None))

    def show_error(self, error: UserError | None) -> None:
        """Say what is wrong and mark it; None takes the message away."""
        set_property(self.line, "state", "error" if error else "")
        self._words.setText(str(error) if error else "")
        self._words.setVisible(error is not None)
        self._hint.setVisible(error is None)
        if error is not None and error.position is not None:
            self.line.setFocus()
            self.line.mark(error.position)

    def show_formula(self, text: str) -> None:
        """Show the formula of the model; the same one again leaves what is being typed."""
        if text == self._of_model and self.line.isModified():
            return
        self._of_model = text
        self.line.setText(text)
        self.line.setToolTip(text)
        self.line.setCursorPosition(0)
        self.show_error(None)
