"""A figure on the screen.

`canvas.set_figure(figure)`: again on every refit, it updates in place. `canvas.set_selected({3, 17})`: indices of groups.
`canvas.selected` carries (list of indices, add: bool) chosen by mouse; `stepped` +1 or -1 by arrow keys; `cleared` by Esc.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QCursor, QEnterEvent, QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QMenu, QToolButton, QToolTip, QVBoxLayout, QWidget

from mlgui.gui.icons import icon
from mlgui.gui.painting.text import plain
from mlgui.gui.plots.menu import figure_menu, show_menu
from mlgui.gui.plots.sheet import Sheet
from mlgui.gui.plots.stage import Stage
from mlgui.gui.plots.style import screen_style
from mlgui.gui.plots.tooltip import tooltip
from mlgui.gui.theme import Theme
from mlgui.results.figure import Figure
from mlgui.words import tr

_FORWARD = frozenset({Qt.Key.Key_Down, Qt.Key.Key_Right})
_BACK = frozenset({Qt.Key.Key_Up, Qt.Key.Key_Left})


class FigureCanvas(QWidget):
    """Shows one figure; without one it is empty. Reached by Tab, read out as the figure's sentence.

    asked_edit(Spot), asked_edit_all(), asked_line(panel, vertical, at), asked_reset(): the user wants to change its looks;
    only where `set_finish` was called.
    """

    selected = Signal(object, bool)
    stepped = Signal(int)
    cleared = Signal()
    asked_edit = Signal(object)
    asked_edit_all = Signal()
    asked_line = Signal(int, bool, float)
    asked_reset = Signal()

    def __init__(self, theme: Theme, *, legend: bool = True, zooms: bool = True, editable: bool = True,
                 parent: QWidget | None = None) -> None:  # fmt: skip
        super().__init__(parent)
        self._theme = theme
        self.editable = editable
        self.computed: Figure | None = None
        """The figure as it was computed; `figure` is the one on show."""
        self._finish: Callable[[Figure], Figure] | None = None
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
        self.stage.asked_edit.connect(self.asked_edit)
        self.gear = self._make_gear()
        theme.changed.connect(self._on_theme_changed)

    @property
    def figure(self) -> Figure | None:
        """The figure on show."""
        return self.sheet.figure

    def _make_gear(self) -> QToolButton:
        """Return the button at the top right, seen while the mouse or the focus is on the figure."""
        gear = QToolButton(self)
        gear.setIcon(icon("gear", self._theme))
        gear.setToolTip(tr("Edit figure"))
        gear.setAccessibleName(tr("Edit figure"))
        gear.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        gear.clicked.connect(self.asked_edit_all)
        gear.hide()
        return gear

    def set_finish(self, finish: Callable[[Figure], Figure]) -> None:
        """Pass every figure through `finish` before it is shown, and offer to change it."""
        self._finish = finish
        self.stage.editable = True
        self.finish_again()

    def finish_again(self) -> None:
        """Show the figure again where it is to look otherwise."""
        if self.computed is not None and self._finish is not None:
            finished = self._finish(self.computed)
            if finished is not self.computed or self.figure is not self.computed:
                self._show(finished)

    def set_figure(self, figure: Figure | None) -> None:
        """Show a figure in place of the present one."""
        self.computed = figure
        self._show(self._finish(figure) if figure is not None and self._finish is not None else figure)

    def _show(self, figure: Figure | None) -> None:
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
        return QSize(self._theme.px(640), self._theme.px(420))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.px(240), self._theme.px(160))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _FORWARD:
            self.stepped.emit(1)
        elif event.key() in _BACK:
            self.stepped.emit(-1)
        elif event.key() == Qt.Key.Key_Escape:
            self.cleared.emit()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            self._on_asked_menu(self.mapToGlobal(self.rect().center()))
        event.accept()

    def enterEvent(self, event: QEnterEvent) -> None:
        self._show_gear(True)
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._show_gear(self.hasFocus() or self.gear.hasFocus())
        super().leaveEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.gear.adjustSize()
        self.gear.move(self.width() - self.gear.width() - 2, 2)

    def _show_gear(self, shown: bool) -> None:
        self.gear.setVisible(shown and self._finish is not None and self.figure is not None)
        self.gear.raise_()

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._show_gear(True)
        self._ring(event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason))
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._show_gear(self.underMouse() or self.gear.hasFocus())
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
        if self._finish is not None:
            self._add_edits(menu, at)
        show_menu(menu, at)

    def _add_edits(self, menu: QMenu, at: QPoint) -> None:
        """Offer to change what is under the mouse, everything, and a line of reference through this place."""
        place = QPointF(self.stage.mapFromGlobal(at))
        first = menu.actions()[0]
        offered = menu.addAction(tr("Edit figure…"), self.asked_edit_all.emit)
        menu.insertAction(first, offered)
        spot = self.sheet.spot_at(place)
        if spot is not None:
            words = tr("Edit “{text}”…").format(text=plain(spot.text)) if spot.text else tr("Edit this axis…")
            menu.insertAction(offered, menu.addAction(words, lambda: self.asked_edit.emit(spot)))
        k = self.sheet.panel_at(place)
        if k >= 0:
            frame = self.sheet.frames[k]
            for vertical, words in ((False, tr("Add a horizontal line here")), (True, tr("Add a vertical line here"))):
                scale, at_px = (frame.x, place.x()) if vertical else (frame.y, place.y())
                value = scale.low + (at_px - scale.start) / scale.factor
                act = partial(self.asked_line.emit, k, vertical, value)
                menu.insertAction(first, menu.addAction(words, act))
        if self.figure is not self.computed:
            menu.insertAction(first, menu.addAction(tr("Reset figure"), self.asked_reset.emit))
        menu.insertSeparator(first)

    def _on_theme_changed(self) -> None:
        self.gear.setIcon(icon("gear", self._theme))
        self.stage.setBackground(self._theme.colour("surface"))  # else a canvas on show keeps what it was born with
        self.sheet.set_style(screen_style(self._theme))
        self.updateGeometry()
