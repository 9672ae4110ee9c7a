"""Leads through the program: opens the example, shows one step after another, moves on when the user has done one.

    tour = Tour(window)
    tour.start()
    tour.stepped          # (index of the step now on show)
    tour.ended

Whatever else the user does is left alone: the card stays, and Next turns to where the next step is. It ends with the file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QTimer, Signal
from PySide6.QtWidgets import QWidget

from mlgui.gui.tour.card import Ring, TourCard
from mlgui.gui.tour.steps import EXAMPLE, Step, tour_steps
from mlgui.session.changes import Change
from mlgui.session.document import FitState

if TYPE_CHECKING:
    from mlgui.gui.main_window import MainWindow
    from mlgui.gui.workspace import Workspace

MOVE_ON_MS = 900
"""How long the tick beside what was done is seen before the next step comes."""
_FOLLOW_MS = 150
_EDGE = 8


class Tour(QObject):
    """One walk through the steps; lives as long as the window and can be started again."""

    stepped = Signal(int)
    ended = Signal()

    def __init__(self, window: MainWindow, *, move_on_ms: int = MOVE_ON_MS) -> None:
        super().__init__(window)
        self._window = window
        self._desk = window.desk
        self._steps: tuple[Step, ...] = ()
        self._at = -1
        self._was_done = False
        self._opening = 0
        body = window.centralWidget()
        assert body is not None
        self._body: QWidget = body
        self.ring = Ring(self._desk.theme, self._body)
        self.card = TourCard(self._desk.theme, self._body)
        self.card.hide()
        self.card.wanted.connect(self._on_wanted)
        self.card.left.connect(self.end)
        self._on = QTimer(self, interval=move_on_ms, singleShot=True)
        self._on.timeout.connect(lambda: self._go(self._at + 1, focus=False))
        self._follow = QTimer(self, interval=_FOLLOW_MS)
        self._follow.timeout.connect(self._place)
        self._desk.bridge.changed.connect(self._on_changed)
        self._body.installEventFilter(self)

    @property
    def running(self) -> bool:
        """Whether the card is on show, or waits for the example."""
        return bool(self._steps)

    def start(self) -> None:
        """Open the example and begin."""
        self._steps, self._at, self._opening = tour_steps(), -1, self._desk.document.opening
        self._window.open_example(EXAMPLE)

    def end(self) -> None:
        """Put everything away."""
        if self._steps:
            self._steps, self._at = (), -1
            self._on.stop()
            self._follow.stop()
            self.card.hide()
            self.ring.hide()
            self.ended.emit()

    def _on_wanted(self, by: int) -> None:
        self._go(self._at + by, focus=True)

    def _go(self, at: int, *, focus: bool) -> None:
        workspace = self._window.workspace
        self._on.stop()
        if workspace is None or not 0 <= at < len(self._steps):
            self.end()
            return
        step, self._at = self._steps[at], at
        if step.tab:
            workspace.centre.show_tab(step.tab)
        if step.prepare is not None:
            step.prepare(self._desk.document)
        self._was_done = self._is_done(step, workspace)
        self.card.say(step, at + 1, len(self._steps))
        self.card.show()
        self._place()
        self._follow.start()
        if focus:
            self.card.next.setFocus()
        self.stepped.emit(at)

    @staticmethod
    def _is_there(widget: QWidget) -> bool:
        return widget.isVisible() and not widget.visibleRegion().isEmpty()

    def _is_done(self, step: Step, workspace: Workspace) -> bool:
        return step.done is not None and step.done(workspace, self._desk.document)

    def _on_changed(self, change: Change, _origin: object) -> None:
        if not self._steps:
            return
        document = self._desk.document
        if self._at < 0:
            if document.opening != self._opening and document.active_fit.state is FitState.FITTED:
                self._opening = document.opening
                self._go(0, focus=True)
        elif document.opening != self._opening:
            self.end()
        else:
            self._look()

    def _look(self) -> None:
        """See whether the step was done by now, and move on if it was not done before."""
        workspace = self._window.workspace
        if workspace is None or self._at < 0 or self._on.isActive():
            return
        step = self._steps[self._at]
        done = self._is_done(step, workspace)
        if done and not self._was_done:
            self.card.praise(done=True, doing=step.doing)
            self._on.start()
        self._was_done = done

    def _place(self) -> None:
        """Follow what the card points at: it moves with the window, the docks and the tab on show."""
        workspace = self._window.workspace
        if workspace is None or self._at < 0:
            return
        target, room = self._steps[self._at].target(workspace), self._body.rect().adjusted(_EDGE, _EDGE, -_EDGE, -_EDGE)
        there = self._is_there(target)
        place = QRect(target.mapTo(self._body, QPoint(0, 0)), target.size()) if there else room
        self.ring.setVisible(there)
        self.ring.setGeometry(place.adjusted(-3, -3, 3, 3).intersected(self._body.rect()))
        self.card.stand_by(place, room)
        self.ring.raise_()
        self.card.raise_()
        self._look()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._body and event.type() is QEvent.Type.Resize and self._at >= 0:
            self._place()
        return super().eventFilter(watched, event)
