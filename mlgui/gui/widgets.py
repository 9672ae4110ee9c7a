"""The small parts every panel is made of. All take the theme where they paint; all carry an accessible name.

    label("Overview", "view-title")            roles: see `mlgui.gui.style`
    button("Choose a file…", "primary")        kinds: "", "primary", "small", "flat", "link", "more"
    badge("school", filled=True)               outlined: data level; filled: group level
    Segments((("reml", "REML"), ("ml", "ML")), name="Estimation")   .chosen(key) by the user; .key; .set_key(key) is silent
    SearchField("Search 11 columns", theme)    a QLineEdit; textChanged
    Token("school", detail="160")       .removed() on ×; .clicked() on the body
    Section("DATA", theme)                     folds; .content (QVBoxLayout); .set_detail(text); .folded(bool)
    card("card" | "panel" | "warning" | "error" | "well")   a QFrame; inside(frame) is its QVBoxLayout
    line()                                     a hairline
    clear(layout)                              remove and delete everything in a layout
    verbatim("A & B"), unbroken("27 % of")     names with "&" for menus and buttons; percent signs that stay with their number

Tokens that wrap: `mlgui.gui.flow.FlowLayout(spacing)`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from mlgui.gui.icons import icon
from mlgui.gui.theme import Theme
from mlgui.words import tr


def label(text: str, role: str = "body", *, wrap: bool = False, selectable: bool = False) -> QLabel:
    """Return a label styled by its role."""
    found = QLabel(text)
    found.setProperty("role", role)
    found.setWordWrap(wrap)
    found.setTextFormat(Qt.TextFormat.PlainText)
    if selectable:
        found.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        found.setCursor(Qt.CursorShape.IBeamCursor)
    return found


def verbatim(text: str) -> str:
    """Return a name as menus and buttons have to be given it: its "&" would mark a key to press."""
    return text.replace("&", "&&")


def unbroken(text: str) -> str:
    """Return a sentence whose percent signs stay on the line of their number."""
    return re.sub(r"(?<=\d) %", "\N{NO-BREAK SPACE}%", text)


def cut(text: str, longest: int) -> str:
    """Return a name with an ellipsis for its middle where it has more than `longest` characters: names differ at their ends."""
    if len(text) <= longest:
        return text
    tail = (longest - 1) // 2
    return f"{text[: longest - 1 - tail].rstrip()}…{text[-tail:].lstrip()}"


class _Button(QPushButton):
    """Answers to Enter everywhere, as people expect of the button with the ring; Qt's own do so in dialogs alone."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)


def button(text: str, kind: str = "", *, name: str = "") -> QPushButton:
    """Return a push button; `name` is its accessible name where the text does not say enough."""
    found = _Button(verbatim(text))
    found.setProperty("kind", kind)
    found.setAccessibleName(name or text)
    found.setAutoDefault(False)
    return found


def badge(text: str, *, filled: bool = False) -> QLabel:
    """Return a small rounded label."""
    found = label(text, "badge-filled" if filled else "badge")
    found.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    return found


def line(*, vertical: bool = False) -> QFrame:
    """Return a hairline."""
    found = QFrame()
    found.setProperty("box", "vline" if vertical else "line")
    return found


def card(box: str = "card", *, margins: tuple[int, int, int, int] = (12, 10, 12, 12), spacing: int = 6) -> QFrame:
    """Return a frame with rounded corners and a vertical layout; see `inside`."""
    found = QFrame()
    found.setProperty("box", box)
    column = QVBoxLayout(found)
    column.setContentsMargins(*margins)
    column.setSpacing(spacing)
    return found


def inside(frame: QFrame) -> QVBoxLayout:
    """Return the vertical layout of a card."""
    found = frame.layout()
    assert isinstance(found, QVBoxLayout)
    return found


def set_property(widget: QWidget, name: str, value: object) -> None:
    """Set a dynamic property and let the style sheet look again."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def clear(layout: QLayout) -> None:
    """Remove and delete everything in a layout."""
    while layout.count():
        item = layout.takeAt(0)
        assert item is not None
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
        elif inner is not None:
            clear(inner)


class Segments(QFrame):
    """A switch of two or more named choices. `chosen(key)` when the user changes it."""

    chosen = Signal(str)

    def __init__(self, choices: Iterable[tuple[str, str]], *, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("box", "segments")
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QToolButton] = {}
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(1, 1, 1, 1)
        self._row.setSpacing(0)
        for key, text in choices:
            self._add(key, text)
        self._group.buttonClicked.connect(self._on_clicked)

    def _add(self, key: str, text: str) -> None:
        part = QToolButton()
        part.setText(text)
        part.setCheckable(True)
        part.setProperty("kind", "segment")
        part.setProperty("key", key)
        part.setAccessibleName(f"{self.accessibleName()}: {text}")
        part.setChecked(not self._buttons)
        self._buttons[key] = part
        self._group.addButton(part)
        self._row.addWidget(part)

    @property
    def key(self) -> str:
        """Key of the active part, "" without parts."""
        checked = self._group.checkedButton()
        return str(checked.property("key")) if checked is not None else ""

    def set_key(self, key: str) -> None:
        """Make a part active without announcing it."""
        if key in self._buttons:
            self._buttons[key].setChecked(True)

    def part(self, key: str) -> QToolButton:
        """Return the button of a choice, to disable it or give it a tooltip."""
        return self._buttons[key]

    def _on_clicked(self, part: QToolButton) -> None:
        self.chosen.emit(str(part.property("key")))


class SearchField(QLineEdit):
    """A line with a magnifying glass and a clear button."""

    def __init__(self, placeholder: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(placeholder)
        self.setClearButtonEnabled(True)
        self._glass = self.addAction(icon("search", theme, "ink3"), QLineEdit.ActionPosition.LeadingPosition)
        theme.changed.connect(self._on_theme_changed)

    def _on_theme_changed(self) -> None:
        self._glass.setIcon(icon("search", self._theme, "ink3"))


class Token(QFrame):
    """A column or group that was chosen: name, an optional greyed detail, and × to take it away. longest: characters shown."""

    removed = Signal()
    clicked = Signal()

    def __init__(
        self, text: str, *, detail: str = "", removable: bool = True, guessed: bool = False, longest: int = 26,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.text = text
        self.setProperty("box", "token")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(text)
        self.body = QToolButton()
        self.body.setProperty("kind", "token")
        shown = cut(text, longest)
        self.body.setText(verbatim(f"{shown} ?" if guessed else shown))
        guess = tr("A guess from the data; change it if it is wrong") if guessed else ""
        self.body.setToolTip("\n".join(words for words in (text if shown != text else "", guess) if words))
        self.body.setAccessibleName(text)
        self.body.clicked.connect(self.clicked)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 4 if removable or detail else 0, 0)
        row.setSpacing(2)
        row.addWidget(self.body)
        if detail:
            row.addWidget(label(detail, "caption"))
        if removable:
            self._add_close(row)

    def _add_close(self, row: QHBoxLayout) -> None:
        close = QToolButton()
        close.setText("×")
        close.setProperty("kind", "close")
        close.setAccessibleName(tr("Remove {name}").format(name=self.text))
        close.clicked.connect(self.removed)
        row.addWidget(close)


class Section(QWidget):
    """A heading in small capitals that folds what is below it. Put widgets into `content`."""

    folded = Signal(bool)

    def __init__(self, title: str, theme: Theme, *, foldable: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._foldable = foldable
        self.heading = QToolButton()
        self.heading.setProperty("kind", "heading")
        self.heading.setText(title.upper())
        self.heading.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.heading.setIconSize(QSize(12, 12))
        self.heading.setCheckable(foldable)
        self.heading.setChecked(foldable)
        self.heading.setAccessibleName(title)
        self._detail = label("", "caption")
        self.body = QWidget()
        self.content = QVBoxLayout(self.body)
        self.content.setContentsMargins(0, 0, 0, 0)
        self.content.setSpacing(8)
        self._lay_out()
        self.heading.toggled.connect(self._on_toggled)
        theme.changed.connect(self._show_arrow)
        self._show_arrow()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(0, 0, 0, 0)
        top.addWidget(self.heading)
        top.addStretch()
        top.addWidget(self._detail)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(6)
        whole.addLayout(top)
        whole.addWidget(self.body)

    def set_detail(self, text: str) -> None:
        """Write a caption at the right end of the heading."""
        self._detail.setText(text)

    def set_open(self, is_open: bool) -> None:
        """Unfold or fold."""
        self.heading.setChecked(is_open)

    def _on_toggled(self, is_open: bool) -> None:
        self.body.setVisible(is_open)
        self._show_arrow()
        self.folded.emit(not is_open)

    def _show_arrow(self) -> None:
        if self._foldable:
            self.heading.setIcon(icon("chevron-down" if self.heading.isChecked() else "chevron-right", self._theme, "ink3", 12))
