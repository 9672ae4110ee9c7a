"""The card of the tour, and the ring around what it points at. Both float over the window; the ring lets clicks through."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from mlgui.gui.theme import Theme
from mlgui.gui.tour.steps import Step
from mlgui.gui.widgets import button, label, unbroken
from mlgui.words import tr

_WIDTH, _GAP = 340, 12


class Ring(QWidget):
    """A rounded frame in the accent colour around its whole area."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self._theme.pen("accent", 2.0))
        painter.drawRoundedRect(self.rect().adjusted(2, 2, -2, -2), 8, 8)


class TourCard(QFrame):
    """Title, text, what to do, and the way on. `wanted(by)`: so many steps further; `left()`: the tour is over."""

    wanted = Signal(int)
    left = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("box", "strip")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(theme.px(_WIDTH))
        self._place = label("", "caption")
        self._title = label("", "title", wrap=True)
        self._text = label("", "body", wrap=True)
        self._doing = label("", "strong", wrap=True)
        self.skip = button(tr("End the tour"), "link")
        self.back = button(tr("Back"), "small")
        self.next = button(tr("Next"), "primary")
        self.skip.clicked.connect(self.left)
        self.back.clicked.connect(lambda: self.wanted.emit(-1))
        self.next.clicked.connect(lambda: self.wanted.emit(1))
        self._lay_out()

    def _lay_out(self) -> None:
        foot = QHBoxLayout()
        foot.addWidget(self.skip)
        foot.addStretch()
        foot.addWidget(self.back)
        foot.addWidget(self.next)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(7)
        for part in (self._place, self._title, self._text, self._doing):
            column.addWidget(part)
        column.addLayout(foot)

    def say(self, step: Step, number: int, of: int) -> None:
        """Show a step."""
        self._place.setText(tr("{n} of {total}").format(n=number, total=of))
        self._title.setText(step.title)
        self._text.setText(unbroken(step.text))
        self.praise(done=False, doing=step.doing)
        self.back.setEnabled(number > 1)
        self.next.setText(tr("Finish") if number == of else tr("Next"))
        self.setAccessibleName(f"{self._place.text()}. {step.title}. {step.text} {step.doing}")
        layout = self.layout()
        assert layout is not None
        layout.activate()
        self.resize(self.width(), layout.totalHeightForWidth(self.width()))

    def praise(self, *, done: bool, doing: str) -> None:
        """Show what to do, or that it was done."""
        self._doing.setText(f"✓ {doing}" if done else doing)
        self._doing.setVisible(bool(doing))

    def stand_by(self, target: QRect, room: QRect) -> None:
        """Stand beside a target without covering it, else in the lower right corner of what it is."""
        size = self.size()
        beside = (
            QPoint(target.right() + _GAP, target.top()),
            QPoint(target.left() - _GAP - size.width(), target.top()),
            QPoint(target.left() + _GAP, target.bottom() + _GAP),
            QPoint(target.left() + _GAP, target.top() - _GAP - size.height()),
        )
        corner = QPoint(target.right() - _GAP - size.width(), target.bottom() - _GAP - size.height())
        fits = [place for place in beside if room.contains(QRect(place, size))]
        wanted = fits[0] if fits else corner
        x = max(room.left(), min(wanted.x(), room.right() - size.width()))
        y = max(room.top(), min(wanted.y(), room.bottom() - size.height()))
        self.move(x, y)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif event.key() == Qt.Key.Key_Right:
            self.wanted.emit(1)
        elif event.key() == Qt.Key.Key_Left and self.back.isEnabled():
            self.wanted.emit(-1)
        else:
            super().keyPressEvent(event)
