"""One finding: a title, one or two sentences, and the buttons that edit the model; undo takes an edit back."""

from __future__ import annotations

import re
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from mlgui.errors import UserError
from mlgui.findings import Finding, Remedy, Severity
from mlgui.gui.icons import pixmap
from mlgui.gui.messages import show_error
from mlgui.gui.theme import Theme
from mlgui.gui.widgets import button, label, unbroken, verbatim
from mlgui.session.document import Document
from mlgui.words import tr

_LOOKS = {
    Severity.ERROR: ("error", "error", "err"),
    Severity.WARNING: ("warning", "warning", "warnmark"),
    Severity.NOTE: ("card", "info", "accent"),
}
"""severity -> (box of the frame, icon, colour of the icon)."""
_LONG, _ENOUGH = 230, 90
"""Characters from which a text is folded, and up to which sentences are added to what stays."""
_BESIDE = 2 * 12 + 16 + 8 + 2 * 11 + 2
"""What stands beside the words of a button in a card, in px: margins of the card, the sign, padding and border of the button."""


def error_finding(error: UserError) -> Finding:
    """Return an error of the latest fit as a finding to be shown first."""
    text = " ".join(part for part in (error.why, error.do) if part)
    return Finding(code="could-not-fit", severity=Severity.ERROR, title=error.what, text=text)


def first_sentence(text: str) -> str:
    """Return the text up to its first full stop that ends a sentence."""
    found = re.match(r".*?[.!?](?=\s+[A-ZÀ-Þ(]|$)", text, flags=re.DOTALL)
    return found.group() if found else text


def shortened(text: str) -> str:
    """Return the first sentences of a long text, about three lines of the card; a short text is returned whole."""
    if len(text) <= _LONG:
        return text
    short = first_sentence(text)
    while len(short) < _ENOUGH:
        rest = text[len(short) :]
        nxt = first_sentence(rest.lstrip())
        if len(short) + len(nxt) > _LONG:
            break
        short = text[: len(short) + len(rest) - len(rest.lstrip()) + len(nxt)]
    return short


def in_lines(text: str, metrics: QFontMetrics, room: int) -> str:
    """Return the text broken between words into lines of at most `room` px, where its words allow that."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else ""
        if lines and metrics.horizontalAdvance(longer) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return "\n".join(lines)


def apply_remedy(document: Document, remedy: Remedy) -> None:
    """Edit the model on show as a remedy says: one step of undo. An edit this version does not know does nothing.

    UserError where the edit is not possible any more.
    """
    from mlgui.spec import edits

    model, change = document.active_model, getattr(edits, remedy.edit, None)
    if change is None or change.__module__ != edits.__name__ or remedy.edit.startswith("_"):
        return
    if model is not None and model.spec is not None:
        document.edit_spec(remedy.label, change(model.spec, **dict(remedy.arguments)))


class FindingCard(QFrame):
    """A finding as a card. brief: only its first sentence."""

    def __init__(
        self, finding: Finding, document: Document, theme: Theme, *, brief: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._document = document
        self._theme = theme
        box, picture, colour = _LOOKS[finding.severity]
        self.setProperty("box", box)
        self.setAccessibleName(f"{finding.title}. {finding.text}")
        sign = QLabel()
        sign.setPixmap(pixmap(picture, theme, colour, 16, 3.0))
        sign.setAlignment(Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(label(finding.title, "strong", wrap=True))
        self._add_text(words, finding.text, first_sentence(finding.text) if brief else shortened(finding.text))
        self._remedies = finding.remedies
        self._buttons = [self._remedy_button(remedy) for remedy in self._remedies]
        for remedy_button in self._buttons:
            words.addWidget(remedy_button, 0, Qt.AlignmentFlag.AlignLeft)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 10, 12, 12)
        row.setSpacing(8)
        row.addWidget(sign)
        row.addLayout(words, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for remedy_button, remedy in zip(self._buttons, self._remedies, strict=True):
            lines = in_lines(remedy.label, remedy_button.fontMetrics(), self.width() - _BESIDE)
            remedy_button.setText(verbatim(lines))

    def _add_text(self, words: QVBoxLayout, text: str, short: str) -> None:
        """Add the short text, and a link that puts the whole in its place."""
        if not text:
            return
        shown = label(unbroken(short), "secondary", wrap=True, selectable=True)
        words.addWidget(shown)
        if len(short) < len(text):
            more = button(tr("More"), "more", name=tr("Show all of this finding"))
            more.clicked.connect(partial(shown.setText, unbroken(text)))
            more.clicked.connect(more.hide)
            words.addWidget(more, 0, Qt.AlignmentFlag.AlignLeft)

    def _remedy_button(self, remedy: Remedy) -> QPushButton:
        found = button(remedy.label, "small")
        found.setMinimumWidth(1)  # else a long name would widen the whole panel beyond its dock
        found.clicked.connect(lambda: self._apply(remedy))
        return found

    def _apply(self, remedy: Remedy) -> None:
        try:
            apply_remedy(self._document, remedy)
        except UserError as error:
            show_error(self.window(), error, self._theme)

    def take_focus(self) -> None:
        """Give the first button the keyboard."""
        if self._buttons:
            self._buttons[0].setFocus(Qt.FocusReason.OtherFocusReason)
