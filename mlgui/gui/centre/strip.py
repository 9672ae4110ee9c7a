"""The strip above greyed results: why these numbers are not those of the present model, and the way out."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from mlgui.gui.icons import pixmap
from mlgui.gui.theme import Theme
from mlgui.gui.widgets import button, label
from mlgui.session.document import Fit, FitState
from mlgui.words import tr

KEEP, FIT = "keep", "fit"


@dataclass(frozen=True, kw_only=True)
class Words:
    """What the strip says. action: (key, words) of its button, ("", "") for none."""

    icon: str
    colour: str
    title: str
    text: str
    action: tuple[str, str] = ("", "")


def strip_words(fit: Fit, *, slow: bool) -> Words | None:
    """Return what to say about a fit whose older report is on show; None where nothing needs saying."""
    if fit.report is None:
        return None
    if fit.state is FitState.WAITING and slow:
        return Words(icon="pause", colour="accent", title=tr("Fitting the changed model"),
                     text=tr("Numbers below are from the previous one."), action=(KEEP, tr("Keep previous")))  # fmt: skip
    if fit.state is FitState.STALE:
        return Words(icon="pause", colour="ink3", title=tr("Not fitted since last change"),
                     text=tr("Numbers below are from the previous model."), action=(FIT, tr("Fit now")))  # fmt: skip
    if fit.state is FitState.FAILED and fit.error is not None:
        return Words(icon="error", colour="err", title=tr("Could not fit"), text=_reason(fit), action=(KEEP, tr("Keep previous")))
    return None


def _reason(fit: Fit) -> str:
    assert fit.error is not None
    said = " ".join(part for part in (fit.error.what, fit.error.why, fit.error.do) if part)
    return tr("{reason} Numbers below are from the previous model.").format(reason=said)


class Strip(QFrame):
    """One line with an icon and a button. asked(key)."""

    asked = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("box", "strip")
        self._theme = theme
        self._words: Words | None = None
        self._icon = QLabel()
        self._title = label("", "strong")
        self._text = label("", "secondary", wrap=True)
        self._button = button("", "small")
        self._button.clicked.connect(lambda: self.asked.emit(self._words.action[0] if self._words else ""))
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 8, 14, 8)
        row.setSpacing(10)
        row.addWidget(self._icon)
        row.addWidget(self._title)
        row.addWidget(self._text, 1)
        row.addWidget(self._button)
        theme.changed.connect(self._paint_icon)

    def say(self, words: Words | None) -> None:
        """Show other words, or nothing."""
        self._words = words
        self.setVisible(words is not None)
        if words is None:
            return
        self._title.setText(words.title)
        self._text.setText(words.text)
        self._button.setText(words.action[1])
        self._button.setAccessibleName(words.action[1])
        self._button.setVisible(bool(words.action[0]))
        self.setAccessibleName(f"{words.title}. {words.text}")
        self._paint_icon()

    def _paint_icon(self) -> None:
        if self._words is not None:
            self._icon.setPixmap(pixmap(self._words.icon, self._theme, self._words.colour, 16, self.devicePixelRatioF()))


class Veil(QWidget):
    """Half of the surface colour over its parent: what lies below looks faded and can still be used."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()
        theme.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), self._theme.colour("surface", 0.5))
