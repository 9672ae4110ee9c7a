"""A figure on the screen.

`canvas.set_figure(figure)`: again on every refit, it updates in place. `canvas.set_selected({3, 17})`: indices of groups.
`canvas.selected` carries (list of indices, add: bool) chosen by mouse; `stepped` +1 or -1 by arrow keys; `cleared` by Esc.
"""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QPoint, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QCursor, QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QToolTip, QVBoxLayout, QWidget

from mlgui.gui.plots.menu import figure_menu, show_menu
from mlgui.gui.plots.sheet import Sheet
from mlgui.gui.plots.stage import Stage
from mlgui.gui.plots.style import screen_style
from mlgui.gui.plots.tooltip import tooltip
from mlgui.gui.theme import Theme
from mlgui.results.figure import Figure

_FORWARD = frozenset({Qt.Key.Key_Down, Qt.Key.Key_Right})
_BACK = frozenset({Qt.Key.Key_Up, Qt.Key.Key_Left})


class FigureCanvas(QWidget):
    """Shows one figure; without one it is empty. Reached by Tab, read out as the figure's sentence."""

    selected = Signal(object, bool)
    stepped = Signal(int)
    cleared = Signal()

    def __init__(self, theme: Theme, *, legend: bool = True, zooms: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.sheet = Sheet(screen_style(theme), legend=legend)
        self.stage = Stage(self.sheet, zooms=zooms, parent=self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.stage)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("")
        self.stage.chosen.connect(self._on_chosen)
        self.stage.hovered.connect(self._on_hovered)
        self.stage.asked_menu.connect(self._on_asked_menu)
        theme.changed.connect(self._on_theme_changed)

    @property
    def figure(self) -> Figure | None:
        """The figure on show."""
        return self.sheet.figure

    def set_figure(self, figure: Figure | None) -> None:
        """Show a figure in place of the present one."""
        self.sheet.set_figure(figure)
        text = figure.alt if figure is not None else ""
        self.setAccessibleName(text)
        self.stage.setAccessibleName(text)

    def set_selected(self, groups: Iterable[int]) -> None:
        """Mark groups; nothing is announced."""
        chosen = frozenset(groups)
        if chosen != self.sheet.selected:
            self.sheet.selected = chosen
            self.sheet.refresh()

    def position_of(self, group: int) -> QPoint | None:
        """Return where a group's mark stands, in pixels of the canvas, or None."""
        for plot, frame in zip(self.sheet.plots, self.sheet.frames):
            at = plot.marks.position(group)
            if at is not None:
                return self.stage.mapTo(self, frame.point(*at).toPoint())
        return None

    def sizeHint(self) -> QSize:
        return QSize(640, 420)

    def minimumSizeHint(self) -> QSize:
        return QSize(240, 160)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _FORWARD:
            self.stepped.emit(1)
        elif event.key() in _BACK:
            self.stepped.emit(-1)
        elif event.key() == Qt.Key.Key_Escape:
            self.cleared.emit()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._ring(event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason))
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._ring(False)
        super().focusOutEvent(event)

    def _ring(self, shown: bool) -> None:
        """Show that keys go to this figure, once the keyboard has brought the focus here."""
        if shown != self.sheet.ringed:
            self.sheet.ringed = shown
            self.sheet.refresh()

    def _on_chosen(self, groups: list[int], add: bool) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self.selected.emit(groups, add)

    def _on_hovered(self, group: int) -> None:
        at = self.stage.mapFromGlobal(QCursor.pos())
        k = self.sheet.panel_at(QPointF(at))
        if group < 0 or k < 0 or self.figure is None:
            QToolTip.hideText()
            return
        text = tooltip(self.figure, k, self.sheet.plots[k].marks, group)
        QToolTip.showText(QCursor.pos() + QPoint(10, 6), text, self.stage, QRect(), 10_000)

    def _on_asked_menu(self, at: QPoint) -> None:
        if self.figure is None:
            return
        menu = figure_menu(self.figure, self, zoomed=self.sheet.zoomed)
        for action in menu.actions():
            if action.objectName() == "reset":
                action.triggered.connect(self.sheet.reset_ranges)
        show_menu(menu, at)

    def _on_theme_changed(self) -> None:
        self.sheet.set_style(screen_style(self._theme))
