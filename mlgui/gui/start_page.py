"""What the window shows before a file is open: a place to drop one, recent files, and examples to take apart.

Reads only the small text files beside the examples: the data are not touched until a card is pressed.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from mlgui.gui.icons import pixmap
from mlgui.gui.preferences import Preferences
from mlgui.gui.room import scrolling
from mlgui.gui.theme import Theme
from mlgui.gui.tokens import CATEGORY_COLOURS
from mlgui.gui.tour.picture import PoolingPicture
from mlgui.gui.widgets import Segments, button, clear, label, line, set_property
from mlgui.session.examples import DEFAULT, Example, examples
from mlgui.session.settings import RecentFile
from mlgui.words import tr

_COLUMNS = 4
_SIDE_PX, _CARD_PX, _WIDEST_PX, _NO_LIMIT = 400, 170, 1100, 16777215
_RECENT_SHOWN = 6
Strokes = tuple[tuple[int, tuple[float, ...]], ...]


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """A thumbnail: colour index and x, y, x, y, ... in the unit square, of lines and of points."""

    lines: Strokes
    points: Strokes


def drawing(example: Example) -> Drawing:
    """Return the thumbnail of an example."""
    stored = json.loads((example.path.parent / "thumbnail.json").read_text(encoding="utf-8"))
    lines, points = (tuple((int(c), tuple(values)) for c, values in stored[key]) for key in ("lines", "points"))
    return Drawing(lines=lines, points=points)


class Thumbnail(QWidget):
    """A few lines and points of real data."""

    def __init__(self, shown: Drawing, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._drawing = shown
        self._theme = theme
        self.setFixedHeight(112)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._corner = QVBoxLayout(self)
        self._corner.setContentsMargins(9, 9, 9, 0)
        theme.changed.connect(self.update)

    def set_badge(self, text: str) -> None:
        """Write a word into the upper left corner."""
        self._corner.addWidget(label(text, "badge-accent"), 0, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width = 1.6 if len(self._drawing.lines) > 20 else 1.2
        for index, values in self._drawing.lines:
            painter.setPen(self._theme.pen(CATEGORY_COLOURS[index % 6], width if not self._drawing.points else 2.2, opacity=0.55))
            painter.drawPolyline(QPolygonF(self._places(values)))
        painter.setPen(Qt.PenStyle.NoPen)
        for index, values in self._drawing.points:
            painter.setBrush(self._theme.colour(CATEGORY_COLOURS[index % 6], 0.9))
            painter.drawEllipse(self._places(values)[0], 2.3, 2.3)

    def _places(self, values: tuple[float, ...]) -> list[QPointF]:
        width, height = self.width() - 36.0, self.height() - 28.0
        return [QPointF(18 + x * width, 14 + (1 - y) * height) for x, y in zip(values[::2], values[1::2])]


class Clickable(QFrame):
    """A frame that is pressed like a button, by mouse or keyboard."""

    clicked = Signal()

    def __init__(self, name: str, box: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("box", box)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def enterEvent(self, event: object) -> None:
        set_property(self, "hover", "true")

    def leaveEvent(self, event: object) -> None:
        set_property(self, "hover", "false")

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.clicked.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.clicked.emit()
        else:
            super().keyPressEvent(event)


def example_widget(shown: Example, theme: Theme) -> Clickable:
    """Return the card of one example."""
    frame = Clickable(tr("Open the example {name}").format(name=shown.title), "card")
    frame.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    frame.setMinimumWidth(theme.px(_CARD_PX))
    column = QVBoxLayout(frame)
    column.setContentsMargins(1, 1, 1, 14)
    column.setSpacing(2)
    thumbnail = Thumbnail(drawing(shown), theme)
    column.addWidget(thumbnail)
    column.addWidget(line())
    column.addSpacing(9)
    for text, role in ((shown.title, "strong"), (shown.size, "secondary"), (shown.question, "caption")):
        words = label(text, role, wrap=True)
        words.setContentsMargins(13, 0, 11, 0)
        column.addWidget(words)
    column.addStretch()
    if shown.name == DEFAULT:
        thumbnail.set_badge(tr("Start here"))
    return frame


class DropArea(QFrame):
    """The dashed box: drop a file, or choose one."""

    chosen = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._arrow = QLabel()
        self._arrow.setAlignment(Qt.AlignmentFlag.AlignCenter)
        choose = button(tr("Choose a file…"), "primary")
        choose.clicked.connect(self.chosen)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 26, 16, 26)
        column.setSpacing(4)
        column.addWidget(self._arrow)
        column.addSpacing(6)
        formats = tr("CSV, Excel, SPSS, Stata, SAS, Parquet or R data")
        for text, role in ((tr("Drop a data file here"), "title"), (formats, "secondary")):
            words = label(text, role, wrap=True)
            words.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(words)
        column.addSpacing(8)
        column.addWidget(choose, 0, Qt.AlignmentFlag.AlignCenter)
        theme.changed.connect(self._draw)
        self._draw()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self._theme.pen("ctrl", 1.0, dashed=True))
        painter.setBrush(self._theme.colour("surface"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 10, 10)

    def _draw(self) -> None:
        self._arrow.setPixmap(pixmap("import", self._theme, "accent", 26, 3.0))


def when_text(when: str, now: datetime | None = None) -> str:
    """Return a date as people say it: "Today", "Yesterday", "12 Nov", "3 Nov 2025"; "" for nonsense."""
    try:
        then = datetime.fromisoformat(when).astimezone()
    except ValueError:
        return ""
    today = (now or datetime.now(UTC)).astimezone()
    days = (today.date() - then.date()).days
    if days <= 1:
        return tr("Today") if days <= 0 else tr("Yesterday")
    return f"{then.day} {then:%b}" if then.year == today.year else f"{then.day} {then:%b %Y}"


def recent_widget(recent: RecentFile, theme: Theme) -> Clickable:
    """Return one line of the list of recent files."""
    frame = Clickable(tr("Open {name}").format(name=recent.name), "recent")
    frame.setToolTip(recent.path)
    row = QHBoxLayout(frame)
    row.setContentsMargins(10, 7, 10, 7)
    row.setSpacing(10)
    picture = QLabel()
    picture.setPixmap(pixmap("file", theme, "ink2", 16, 3.0))
    words = QVBoxLayout()
    words.setSpacing(0)
    words.addWidget(label(Path(recent.name).stem, "body"))
    words.addWidget(label(" · ".join(part for part in (recent.name, recent.summary) if part), "caption"))
    row.addWidget(picture)
    row.addLayout(words, 1)
    row.addWidget(label(when_text(recent.when), "caption"))
    row.addWidget(pin_button(recent, theme))
    return frame


def pin_button(recent: RecentFile, theme: Theme) -> QToolButton:
    """Return the switch that keeps a recent file at the head of the list."""
    pin = QToolButton()
    pin.setCheckable(True)
    pin.setChecked(recent.pinned)
    pin.setAutoRaise(True)
    pin.setIcon(QIcon(pixmap("pin", theme, "accent" if recent.pinned else "ink3", 16, 3.0)))
    words = tr("Unpin {name}") if recent.pinned else tr("Pin {name}: keep it at the head of the list")
    pin.setToolTip(words.format(name=recent.name))
    pin.setAccessibleName(pin.toolTip())
    return pin


class StartPage(QWidget):
    """Left: open something of one's own. Right: the examples."""

    file_asked = Signal()
    paste_asked = Signal()
    path_chosen = Signal(str)
    example_chosen = Signal(str)
    tour_asked = Signal()

    def __init__(self, theme: Theme, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._preferences = preferences
        self._examples = examples()
        self._recent = QVBoxLayout()
        self._recent.setSpacing(2)
        self._grid = QGridLayout()
        self._grid.setSpacing(16)
        self._columns = _COLUMNS
        page = QWidget()
        self._sides = QBoxLayout(QBoxLayout.Direction.LeftToRight, page)
        self._sides.setContentsMargins(0, 0, 0, 0)
        self._sides.setSpacing(0)
        self._left, self._examples_page = self._side(), self._gallery()
        self._sides.addWidget(self._left)
        self._sides.addWidget(self._examples_page, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scrolling(page))
        preferences.changed.connect(self._show_recent)
        theme.changed.connect(self._show_recent)
        theme.changed.connect(self._arrange)
        self._show_recent()
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """Put the examples below the rest where large text needs the width, in as many columns as fit."""
        px, directions = self._theme.px, QBoxLayout.Direction
        below = self.width() < px(_SIDE_PX + 2 * _CARD_PX) + 120
        self._sides.setDirection(directions.TopToBottom if below else directions.LeftToRight)
        self._examples_page.setMaximumWidth(_NO_LIMIT if below else px(_WIDEST_PX))
        self._left.setMinimumWidth(0 if below else px(_SIDE_PX))
        self._left.setMaximumWidth(_NO_LIMIT if below else px(_SIDE_PX))
        room = self.width() - (0 if below else px(_SIDE_PX)) - 110
        self._columns = max(1, min(_COLUMNS, room // (px(_CARD_PX) + 16)))
        fields = self._fields.minimumSizeHint().width()
        self._fields.setVisible(fields <= room)
        beside = self._told.sizeHint().width() + fields + 16 <= min(room, px(_WIDEST_PX) - 110)
        self._head.setDirection(directions.LeftToRight if beside else directions.TopToBottom)
        self._show_cards(self._fields.key)

    def _side(self) -> QWidget:
        side = QWidget()
        side.setObjectName("startSide")
        side.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        drop = DropArea(self._theme)
        drop.chosen.connect(self.file_asked)
        column = QVBoxLayout(side)
        column.setContentsMargins(40, 48, 40, 24)
        column.setSpacing(8)
        column.addWidget(label("mlgui", "start-title"))
        lead = tr("Multilevel models by point and click. Load data, say what varies by group, and read the result.")
        column.addWidget(label(lead, "lead", wrap=True))
        column.addSpacing(20)
        column.addWidget(drop)
        paste = button(tr("Paste data from the clipboard"), "link")
        paste.clicked.connect(self.paste_asked)
        column.addWidget(paste, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(24)
        column.addLayout(self._recent)
        column.addStretch()
        return side

    def _gallery(self) -> QWidget:
        page = QWidget()
        fields = sorted({shown.field for shown in self._examples})
        choices = [("", tr("All")), *((field, field) for field in fields)]
        self._fields = Segments(choices, name=tr("Field of the examples"))
        self._fields.chosen.connect(self._show_cards)
        column = QVBoxLayout(page)
        column.setContentsMargins(48, 48, 48, 32)
        column.setSpacing(4)
        self._told = label(tr("Real data with a finished model to take apart"), "subtitle")
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(label(tr("Examples"), "view-title"))
        words.addWidget(self._told)
        self._head = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._head.addLayout(words, 1)
        self._head.addWidget(self._fields, 0, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom)
        column.addLayout(self._head)
        column.addSpacing(14)
        column.addLayout(self._grid)
        column.addSpacing(20)
        column.addWidget(self._tour_card())
        column.addStretch()
        return page

    def _tour_card(self) -> QFrame:
        """Return the way in for those who have never seen a multilevel model."""
        frame = QFrame()
        frame.setProperty("box", "card")
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(label(tr("New to multilevel models?"), "strong", wrap=True))
        text = tr("A tour of a few minutes with the High School & Beyond data: complete, no and partial pooling.")
        words.addWidget(label(text, "secondary", wrap=True))
        start = button(tr("Start the tour"))
        start.clicked.connect(self.tour_asked)
        row = QHBoxLayout(frame)
        row.setContentsMargins(24, 16, 20, 16)
        row.setSpacing(20)
        row.addWidget(PoolingPicture(self._theme))
        row.addLayout(words, 1)
        row.addWidget(start)
        return frame

    def _show_cards(self, field: str) -> None:
        clear(self._grid)
        chosen = [shown for shown in self._examples if field in ("", shown.field)]
        for place, shown in enumerate(chosen):
            widget = example_widget(shown, self._theme)
            widget.clicked.connect(lambda name=shown.name: self.example_chosen.emit(name))
            self._grid.addWidget(widget, place // self._columns, place % self._columns)
        for column in range(_COLUMNS):
            self._grid.setColumnStretch(column, 1 if column < self._columns else 0)

    def _show_recent(self) -> None:
        clear(self._recent)
        files = self._preferences.settings.recent[:_RECENT_SHOWN]
        if not files:
            return
        self._recent.addWidget(label(tr("Recent").upper(), "section"))
        for recent in files:
            widget = recent_widget(recent, self._theme)
            widget.clicked.connect(lambda path=recent.path: self.path_chosen.emit(path))
            for pin in widget.findChildren(QToolButton):
                pin.toggled.connect(partial(self._preferences.pin, recent.path))
            self._recent.addWidget(widget)

    def sizeHint(self) -> QSize:
        return QSize(1200, 760)
