"""What every tab has: a heading with controls, a body, and rules for when to draw."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QPushButton, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from mlgui.gui.centre.empty import Notice
from mlgui.gui.centre.selecting import Selecting
from mlgui.gui.editing.editor import FigureEditing
from mlgui.gui.icons import icon
from mlgui.gui.plots.canvas import FigureCanvas
from mlgui.gui.room import Page, scrolling
from mlgui.gui.theme import Theme
from mlgui.gui.widgets import button, label
from mlgui.results.figure import Figure
from mlgui.results.report import Report
from mlgui.results.tables import ResultTable
from mlgui.session.document import Document

SIDE_PX, TOP_PX, FOOT_PX = 24, 18, 12
_BESIDE_PX, _TOLD_PX = 16, 250


class View(QWidget):
    """One tab. `draw` is called with the report on show, only while visible; `draw_selection` after it and on selections.

    linked(code): something asks for a finding. failed(Notice): drawing found nothing to show. moved(): `elsewhere` is
    another one. coefficient_chosen(name): the user went to an average coefficient. always: there is something to show
    without a report.
    """

    linked = Signal(str)
    failed = Signal(object)
    moved = Signal()
    coefficient_chosen = Signal(str)
    always = False

    def __init__(self, document: Document, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.document = document
        self.theme = theme
        self.selecting = Selecting(document)
        self.editing: FigureEditing | None = None
        self.title = label("", "view-title", selectable=True)
        self.subtitle = label("", "subtitle", wrap=True)
        self.controls = QHBoxLayout()
        self.controls.setSpacing(8)
        self.body = QVBoxLayout()
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(10)
        page = Page()
        self.whole = QVBoxLayout(page)
        self.whole.setContentsMargins(SIDE_PX, TOP_PX, SIDE_PX, FOOT_PX)
        self.whole.setSpacing(8)
        self._head = self._heading()
        self.whole.addLayout(self._head)
        self.whole.addLayout(self.body, 1)
        area = scrolling(page)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(area)
        theme.changed.connect(self._arrange_heading, Qt.ConnectionType.QueuedConnection)  # once fonts are what they will be

    def _heading(self) -> QHBoxLayout:
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(self.title)
        texts.addWidget(self.subtitle)
        self.subtitle.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        row = QHBoxLayout()
        row.setSpacing(_BESIDE_PX)
        row.addLayout(texts, 1)
        self._side = QVBoxLayout()
        self._side.addLayout(self.controls)
        self._side.addStretch()
        row.addLayout(self._side)
        return row

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange_heading()
        super().resizeEvent(event)

    def _arrange_heading(self) -> None:
        """Put the controls below the title where both do not fit side by side, as with large text."""
        told = min(self.subtitle.fontMetrics().horizontalAdvance(self.subtitle.text()), self.theme.px(_TOLD_PX))
        needed = max(self.title.sizeHint().width(), told) + self.controls.sizeHint().width() + _BESIDE_PX + 2 * SIDE_PX
        stacked, directions = needed > self.width(), QBoxLayout.Direction
        self._head.setDirection(directions.TopToBottom if stacked else directions.LeftToRight)
        self._head.setSpacing(8 if stacked else _BESIDE_PX)
        self._head.setAlignment(self._side, Qt.AlignmentFlag.AlignLeft if stacked else Qt.AlignmentFlag(0))

    def set_heading(self, title: str, subtitle: str) -> None:
        """Write title and subtitle; the view is called by its title."""
        self.title.setText(title)
        self.subtitle.setText(subtitle)
        self.subtitle.setVisible(bool(subtitle))
        self.setAccessibleName(title)
        self._arrange_heading()

    def add_control(self, control: QWidget, caption: str = "") -> QLabel | None:
        """Put a control at the right of the heading, with a caption before it."""
        words = label(caption, "caption") if caption else None
        if words is not None:
            words.setBuddy(control)
            self.controls.addWidget(words, 0, Qt.AlignmentFlag.AlignVCenter)
        self.controls.addWidget(control, 0, Qt.AlignmentFlag.AlignVCenter)
        return words

    def copy_button(self, text: str, *, name: str = "") -> QPushButton:
        """Return a button with the sign of copying; `name` is its accessible name where the text does not say enough."""
        found = button(text, name=name)

        def show_picture() -> None:
            size, beside = self.theme.px(15), self.theme.px(5)
            found.setIconSize(QSize(size + beside, size))
            found.setIcon(icon("copy", self.theme, size=size, beside=beside))

        self.theme.changed.connect(show_picture)
        show_picture()
        return found

    def scroll_below(self, column: QVBoxLayout) -> QScrollArea:
        """Return an area that scrolls a column below the heading; its bar lies in the margin, so nothing moves with it."""
        page = QWidget()
        page.setLayout(column)
        area = scrolling(page)
        bar = area.verticalScrollBar()

        def keep_edge(low: int, high: int) -> None:
            column.setContentsMargins(0, 0, SIDE_PX - (bar.sizeHint().width() if high > low else 0), FOOT_PX)

        bar.rangeChanged.connect(keep_edge)
        keep_edge(0, 0)
        self.whole.setContentsMargins(SIDE_PX, TOP_PX, 0, 0)
        self.controls.setContentsMargins(0, 0, SIDE_PX, 0)
        return area

    def edit_figures_with(self, editing: FigureEditing) -> None:
        """Let the user change the looks of every figure that is here by now."""
        self.editing = editing
        for canvas in self.findChildren(FigureCanvas):
            editing.attach(canvas)

    def token(self, report: Report | None) -> object:
        """Return what a drawing depends on; the view is drawn again when it is no longer equal."""
        return report

    @property
    def elsewhere(self) -> Report | None:
        """The report this view shows instead of the fit's, None where it shows the fit."""
        return None

    def figures(self) -> tuple[Figure, ...]:
        """Return the figures on show."""
        return ()

    def tables(self) -> tuple[ResultTable, ...]:
        """Return the tables on show."""
        return ()

    def not_applicable(self, report: Report) -> Notice | None:
        """Return why this view has nothing to show for a report, None where it has."""
        return None

    def draw(self, report: Report | None) -> None:
        """Show a report; each view has its own way."""

    def draw_selection(self) -> None:
        """Show which groups are selected."""

    def mark_coefficient(self, name: str) -> None:
        """Mark the average coefficient of this name wherever it is shown, "" for none."""

    def order(self) -> Sequence[int]:
        """Return the indices of the groups on show, in the order arrow keys walk through them."""
        return ()

    def step_selection(self, by: int) -> None:
        """Select the next or previous group in the shown order."""
        self.selecting.step(self.order(), by)

    def clear_selection(self) -> None:
        """Select nothing."""
        self.selecting.clear()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.clear_selection()
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Right):
            self.step_selection(1)
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Left):
            self.step_selection(-1)
        else:
            super().keyPressEvent(event)
