"""The three columns of an open document: what is asked (left), what came out (centre), what it means (right).

Each dock folds to a strip: by hand, or by itself where the window is too narrow (right below 1200 px, left below 1000 px).
Made only after numpy, scipy and the plots have been loaded.
"""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QMenu, QSplitter, QToolButton, QVBoxLayout, QWidget

from mlgui.errors import UserError
from mlgui.gui.centre.centre import Centre
from mlgui.gui.centre.data import DataView
from mlgui.gui.centre.overview import DOES_IT_VARY
from mlgui.gui.centre.tabs import TABS
from mlgui.gui.desk import Desk
from mlgui.gui.icons import icon
from mlgui.gui.log import show_log
from mlgui.gui.messages import show_error
from mlgui.gui.panels.explain import Explain
from mlgui.gui.panels.left import LeftDock
from mlgui.gui.table.actions import ColumnActions
from mlgui.gui.table.column_menu import column_menu
from mlgui.gui.widgets import label
from mlgui.session.changes import Change
from mlgui.words import tr

RIGHT_NEEDS = 1200
LEFT_NEEDS = 1000
_LEFT = (300, 340, 460)
_RIGHT = (240, 280, 380)
_STRIP = 36


class FoldedStrip(QWidget):
    """A dock folded away: an icon that brings it back, and the number of findings behind it."""

    opened = Signal()

    def __init__(self, name: str, desk: Desk, picture: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._picture = picture
        self.setObjectName("rightDock")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._open = QToolButton()
        self._open.setAccessibleName(tr("Open the {name} panel").format(name=name))
        self._open.setToolTip(name)
        self._open.clicked.connect(self.opened)
        self._count = label("", "badge-accent")
        column = QVBoxLayout(self)
        column.setContentsMargins(2, 6, 2, 6)
        column.addWidget(self._open, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self._count, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch()
        desk.theme.changed.connect(self._draw)
        self._draw()
        self.set_count(0)

    def set_count(self, n: int) -> None:
        """Show how many findings wait; nothing for none."""
        self._count.setText(str(n))
        self._count.setVisible(n > 0)

    def _draw(self) -> None:
        self.setFixedWidth(self._desk.theme.px(_STRIP))
        self._open.setIcon(icon(self._picture, self._desk.theme))


class Workspace(QWidget):
    """Left dock, centre, Explain."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.left = LeftDock(desk)
        self.centre = Centre(desk.document, desk.theme, desk.runner)
        self.explain = Explain(desk.bridge, desk.theme, desk.runner)
        self._left_wanted, self._right_wanted = True, desk.preferences.settings.explain
        self._left_forced = self._right_forced = False
        self._left_strip = FoldedStrip(tr("Data and model"), desk, "open")
        self._right_strip = FoldedStrip(tr("Explain"), desk, "panel")
        self._lay_out()
        self.explain.collapse_asked.connect(self.toggle_explain)
        self._right_strip.opened.connect(self.toggle_explain)
        self._left_strip.opened.connect(self.toggle_left)
        desk.bridge.changed.connect(self._on_changed)
        desk.theme.changed.connect(self._on_theme_changed)
        desk.fitter.slow_changed.connect(self.centre.set_slow)
        desk.fitter.slow_changed.connect(self.explain.set_slow)
        self.centre.asked.connect(self._on_asked)
        self.centre.moved.connect(self.explain.show_elsewhere)
        self.centre.coefficient_chosen.connect(self.left.equation.view.mark)
        self.left.coefficient_hovered.connect(self.centre.mark_coefficient)
        self.centre.finding_asked.connect(self._on_linked)
        self.left.refused.connect(self._on_refused)
        self.left.column_opened.connect(self._on_column_opened)
        self.left.menu_opening.connect(self._add_data_menu)

    def _lay_out(self) -> None:
        self.centre.setMinimumWidth(480)
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._splitter.setHandleWidth(1)
        self._splitter.setChildrenCollapsible(False)
        for part in (self._left_strip, self.left, self.centre, self.explain, self._right_strip):
            self._splitter.addWidget(part)
        self._set_limits()
        self._splitter.setStretchFactor(2, 1)
        self._splitter.setSizes([0, self._desk.theme.px(_LEFT[1]), 900, self._desk.theme.px(_RIGHT[1]), 0])
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._splitter)
        self._fold()

    def _set_limits(self) -> None:
        for dock, (least, _, most) in ((self.left, _LEFT), (self.explain, _RIGHT)):
            dock.setMinimumWidth(self._desk.theme.px(least))
            dock.setMaximumWidth(self._desk.theme.px(most))

    def _on_theme_changed(self) -> None:
        self._set_limits()
        self._follow_width()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._follow_width()

    def _follow_width(self) -> None:
        """Fold what does not fit any more, and unfold what fits again; larger text needs more room."""
        theme = self._desk.theme
        narrow_left, narrow_right = self.width() < theme.px(LEFT_NEEDS), self.width() < theme.px(RIGHT_NEEDS)
        if narrow_left != self._left_forced or narrow_right != self._right_forced:
            self._left_forced, self._right_forced = narrow_left, narrow_right
            self._left_wanted = not narrow_left
            self._right_wanted = not narrow_right and self._desk.preferences.settings.explain
            self._fold()

    def toggle_explain(self) -> None:
        """Fold or unfold the right dock."""
        self._right_wanted = not self._right_wanted
        if not self._right_forced:
            self._desk.preferences.update(explain=self._right_wanted)
        self._fold()

    def toggle_left(self) -> None:
        """Fold or unfold the left dock."""
        self._left_wanted = not self._left_wanted
        self._fold()

    def tabs(self) -> tuple[tuple[str, str], ...]:
        """Return key and title of every view, in order."""
        return tuple((key, title) for key, title, _ in TABS)

    def show_findings(self) -> None:
        """Unfold Explain where it is folded, and bring the findings into view."""
        self._unfold_explain()
        self.explain.show_findings()

    def show_without(self) -> None:
        """Unfold Explain where it is folded, and show the model without the selected groups there."""
        self._unfold_explain()
        self.explain.show_without()

    def _unfold_explain(self) -> None:
        if not self._right_wanted:
            self.toggle_explain()

    def _fold(self) -> None:
        self.left.setVisible(self._left_wanted)
        self._left_strip.setVisible(not self._left_wanted)
        self.explain.setVisible(self._right_wanted)
        self._right_strip.setVisible(not self._right_wanted)

    def _on_changed(self, change: Change, origin: object) -> None:
        self.centre.refresh(change, origin)
        if change & (Change.FIT | Change.ACTIVE | Change.FILE):
            fit = self._desk.document.active_fit
            self._right_strip.set_count(len(fit.findings) + (fit.error is not None))

    def _on_linked(self, code: str) -> None:
        if code == DOES_IT_VARY:
            self._unfold_explain()
            self.explain.test_what_varies()
        else:
            self.show_findings()

    def _on_asked(self, key: str) -> None:
        """Do what a button of the centre asks for."""
        fitter, document = self._desk.fitter, self._desk.document
        if key == "keep":
            fitter.keep_previous() if document.active_fit.report is not None else document.undo()
        elif key == "fit":
            fitter.fit_now()
        elif key == "log":
            show_log()
        elif not self._left_wanted:
            self.toggle_left()
        if key == "outcome":
            self.left.model.outcome.open_list()
        elif key == "groups":
            self.left.model.groups.open_list()
        elif key == "predictor":
            self.left.model.add_predictor.click()

    def data_verbs(self) -> ColumnActions:
        """Turn to the data, and return what can be done with them."""
        self.centre.show_tab("data")
        view = self.centre.view("data")
        assert isinstance(view, DataView)
        return view.verbs

    def _add_data_menu(self, menu: QMenu, name: str) -> None:
        """Add what changes the data to the menu of a column."""
        view, snapshot = self.centre.view("data"), self._desk.document.snapshot
        if isinstance(view, DataView) and snapshot.table is not None:
            more = column_menu(name, snapshot.table, snapshot.structure, view.verbs, menu)
            more.setTitle(tr("Change the data"))
            menu.addMenu(more)

    def _on_column_opened(self, name: str) -> None:
        self.data_verbs().show_statistics(name)

    def _on_refused(self, error: UserError) -> None:
        show_error(self, error, self._desk.theme)

    def sizeHint(self) -> QSize:
        return QSize(1440, 820)
