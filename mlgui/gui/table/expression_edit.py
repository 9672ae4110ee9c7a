"""A field for an expression: completes names of columns and functions, and underlines where it stops making sense."""

from __future__ import annotations

import re
from collections.abc import Sequence

from PySide6.QtCore import QStringListModel, Qt
from PySide6.QtGui import QColor, QKeyEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QCompleter, QListView, QPlainTextEdit, QTextEdit, QWidget

from mlgui.data.edits.renaming import quoted_name
from mlgui.data.expressions.grammar import FUNCTIONS
from mlgui.gui.theme import Theme

_WORD = re.compile(r"[\w.]+$")


class ExpressionEdit(QPlainTextEdit):
    """A few lines of text. `mark(position)` underlines from there to the end of the word, None nothing."""

    def __init__(self, columns: Sequence[str], name: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._columns = tuple(columns)
        self.setAccessibleName(name)
        self.setTabChangesFocus(True)
        self.setFixedHeight(theme.px(74))
        font = theme.font(13)
        font.setFamilies(["JetBrains Mono", "Consolas", "monospace"])
        self.setFont(font)
        self.completer = QCompleter(self)
        self.completer.setModel(QStringListModel([*columns, *(f"{name}(" for name in FUNCTIONS)], self.completer))
        self.completer.setWidget(self)
        self.completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._popup = QListView()
        self.completer.setPopup(self._popup)
        self.completer.setFilterMode(Qt.MatchFlag.MatchStartsWith)
        self.completer.activated.connect(self._complete)

    def text(self) -> str:
        """Return the expression without blanks around it."""
        return self.toPlainText().strip()

    def insert(self, text: str) -> None:
        """Write a text where the cursor is."""
        self.insertPlainText(text)
        self.setFocus()

    def mark(self, position: int | None) -> None:
        """Underline the mistake at a position of the stripped text."""
        if position is None:
            self.setExtraSelections([])
            return
        written = self.toPlainText()
        start = min(position + len(written) - len(written.lstrip()), max(len(written) - 1, 0))
        match = re.compile(r"[\w.]+|.", re.DOTALL).match(written, start)
        cursor = QTextCursor(self.document())
        cursor.setPosition(start)
        cursor.setPosition(min(match.end() if match else start, len(written)), QTextCursor.MoveMode.KeepAnchor)
        look = QTextCharFormat()
        look.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
        look.setUnderlineColor(QColor(self._theme.colour("err")))
        look.setBackground(self._theme.colour("errbg"))
        selection = QTextEdit.ExtraSelection()
        selection.cursor, selection.format = cursor, look  # type: ignore[attr-defined]
        self.setExtraSelections([selection])

    # Completion

    def keyPressEvent(self, event: QKeyEvent) -> None:
        popup = self._popup
        if popup.isVisible() and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab, Qt.Key.Key_Escape):
            event.ignore()  # the list of completions takes these
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()  # the dialog's own button takes these
            return
        super().keyPressEvent(event)
        if event.text() or event.key() == Qt.Key.Key_Backspace:
            self._offer()

    def _word(self) -> str:
        cursor = self.textCursor()
        before = cursor.block().text()[: cursor.positionInBlock()]
        match = _WORD.search(before)
        return match.group() if match else ""

    def _offer(self) -> None:
        word, popup = self._word(), self._popup
        self.completer.setCompletionPrefix(word)
        exact = self.completer.currentCompletion() == word and self.completer.completionCount() == 1
        if not word or word[0].isdigit() or not self.completer.completionCount() or exact:
            popup.hide()
            return
        popup.setCurrentIndex(self.completer.completionModel().index(0, 0))
        area = self.cursorRect()
        area.setWidth(self._theme.px(240))
        self.completer.complete(area)

    def _complete(self, completion: str) -> None:
        """Write a completion in the place of the word that was begun."""
        cursor = self.textCursor()
        cursor.movePosition(QTextCursor.MoveOperation.Left, QTextCursor.MoveMode.KeepAnchor, len(self._word()))
        cursor.insertText(quoted_name(completion) if completion in self._columns else completion)
        self.setTextCursor(cursor)
