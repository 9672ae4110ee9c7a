"""The pooling dial under the arrows: a slider, the criterion along it, and the way back to the fit.

    dial = PoolingDial(theme, runner)
    dial.use(report, "school", 0, draw) # report, grouping, coefficient on show; again on every change
    dial.moved                          # `dial.place` is another one: a Dialled, None at the fit; `dial.picture` is draw's

The curve is computed in the lane "dial"; a place is computed and drawn at once where that is quick, else in the lane, the
newest last.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from mlgui.errors import UserError
from mlgui.gui.centre.dial_slider import DialSlider
from mlgui.gui.plots.canvas import FigureCanvas
from mlgui.gui.runner import Runner
from mlgui.gui.theme import Theme
from mlgui.gui.widgets import button, label, line
from mlgui.progress import OnStep
from mlgui.results.dial import DialCurve, Dialled, dial_caption, dial_curve, dial_words, dialled
from mlgui.results.figure import Figure
from mlgui.results.figures.dial import dial_figure
from mlgui.results.report import Report
from mlgui.words import tr

Draw = Callable[[DialCurve, Dialled], Figure]

LANE = "dial"
QUICK_SECONDS = 0.012
_CURVE_PX = 132


class PoolingDial(QWidget):
    """One dial at a time: that of the grouping on show. A place is kept for each grouping until the report changes."""

    moved = Signal()
    ready = Signal()

    def __init__(self, theme: Theme, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._runner = theme, runner
        self._report: Report | None = None
        self._grouping, self._coefficient = "", 0
        self._curves: dict[str, DialCurve] = {}
        self._places: dict[str, Dialled] = {}
        self._draw: Draw | None = None
        self._picture: tuple[Draw, Dialled, Figure] | None = None
        self._seconds = 0.0
        self._wanted: float | None = None
        self.canvas = FigureCanvas(theme, legend=False, zooms=False, editable=False)
        self.canvas.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the slider is what keys move; nothing can be selected here
        self.slider = DialSlider(theme, self._track)
        self.back = button("", "small")
        self.tag = label("", "badge-accent")
        self._caption = label("", "caption", wrap=True)
        self._left, self._right = label("", "caption"), label("", "caption")
        self._note = label("", "caption", wrap=True)
        self._lay_out()
        self.slider.moved.connect(self._on_moved)
        self.slider.returned.connect(self.return_to_fit)
        self.back.clicked.connect(self.return_to_fit)
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(10)
        top.addWidget(label(tr("Pooling dial"), "subheading"))
        top.addWidget(self._caption, 1)
        top.addWidget(self.tag, 0, Qt.AlignmentFlag.AlignVCenter)
        top.addWidget(self.back)
        policy = self.tag.sizePolicy()
        policy.setRetainSizeWhenHidden(True)  # so that nothing jumps when the dial leaves the fit
        self.tag.setSizePolicy(policy)
        ends = QHBoxLayout()
        ends.addWidget(self._left)
        ends.addStretch()
        ends.addWidget(self._right)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(4)
        whole.addWidget(line())
        whole.addSpacing(4)
        whole.addLayout(top)
        whole.addWidget(self.canvas)
        whole.addWidget(self.slider)
        whole.addLayout(ends)
        whole.addWidget(self._note)

    @property
    def place(self) -> Dialled | None:
        """Where the dial of the grouping on show stands, None at the fit."""
        return self._places.get(self._grouping)

    @property
    def curve(self) -> DialCurve | None:
        """The curve of the grouping on show, None while it is being computed."""
        return self._curves.get(self._grouping)

    @property
    def picture(self) -> Figure | None:
        """What `draw` made of the place, None at the fit and where it has to be drawn anew."""
        if self._picture is None or self._picture[0] is not self._draw or self._picture[1] is not self.place:
            return None
        return self._picture[2]

    def use(self, report: Report, grouping: str, coefficient: int, draw: Draw) -> None:
        """Show the dial of a grouping for one coefficient of a report; another report stands at its fit.

        draw: makes the picture of a place; it is called in a lane's thread, and so touches nothing but its arguments.
        """
        self._draw = draw
        if report is not self._report:
            self._report = report
            self._curves, self._places, self._wanted = {}, {}, None
        self._grouping, self._coefficient = grouping, coefficient
        if grouping not in self._curves:
            self._runner.start(LANE, partial(_curve_of, report, grouping), self._on_curve, self._on_failed)
        self._show()

    def figures(self) -> tuple[Figure, ...]:
        """Return the curve, for export."""
        return (self.canvas.figure,) if self.canvas.figure is not None and self.curve is not None else ()

    def return_to_fit(self) -> None:
        """Stand at the fit again."""
        self._wanted = None
        if self._places.pop(self._grouping, None) is not None:
            self.moved.emit()
        self._show()

    def _on_curve(self, found: tuple[Report, DialCurve, float]) -> None:
        report, curve, self._seconds = found
        if report is self._report:
            self._curves[curve.grouping] = curve
            self._show()
            self.ready.emit()

    def _on_failed(self, error: UserError) -> None:
        self._caption.setText(f"{error.what} {error.why}".strip())

    def _on_moved(self, share: float) -> None:
        curve = self.curve
        if curve is None or self._report is None:
            return
        if share == curve.fit_share(self._coefficient):
            self.return_to_fit()
            return
        self._wanted = curve.scale_at(self._coefficient, share)
        self._show(share)
        if self._seconds <= QUICK_SECONDS and self._draw is not None:
            self._take(*_drawn(self._report, curve, self._wanted, self._draw))
        elif not self._runner.busy(LANE):
            self._compute_wanted(curve)

    def _compute_wanted(self, curve: DialCurve) -> None:
        report, wanted, draw = self._report, self._wanted, self._draw
        if report is not None and wanted is not None and draw is not None:
            self._runner.start(LANE, lambda _step: (report, *_drawn(report, curve, wanted, draw)), self._on_place)

    def _on_place(self, found: tuple[Report, Dialled, tuple[Draw, Dialled, Figure], float]) -> None:
        """Show a place computed in the lane, and go on to the newest one wanted meanwhile."""
        report, place, picture, seconds = found
        curve = self.curve
        if report is not self._report or curve is None or self._wanted is None or place.grouping != self._grouping:
            return
        if place.c != self._wanted:
            self._compute_wanted(curve)
        self._take(place, picture, seconds)

    def _take(self, place: Dialled, picture: tuple[Draw, Dialled, Figure], seconds: float) -> None:
        self._seconds = (self._seconds + seconds) / 2
        self._picture = picture
        self._places[place.grouping] = place
        self.moved.emit()

    def _show(self, share: float | None = None) -> None:
        curve = self.curve
        method = self._report.method if self._report is not None else ""
        self.slider.setEnabled(curve is not None)
        self.back.setText(tr("Back to {method}").format(method=method))
        self.back.setAccessibleName(self.back.text())
        self.tag.setText(tr("not the {method} fit").format(method=method))
        away = self.place is not None or share is not None
        self.tag.setVisible(away)
        self.back.setEnabled(away)
        if curve is None:
            self._caption.setText(tr("computing…"))
            return
        axis = curve.axis(self._coefficient)
        if share is None:
            share = float(self.place.share[axis]) if self.place is not None else curve.fit_share(axis)
        self._caption.setText(dial_caption(curve))
        self._left.setText(curve.left)
        self._right.setText(curve.right)
        self._note.setText(curve.note)
        self._note.setVisible(bool(curve.note))
        self.canvas.set_figure(dial_figure(curve, axis, share))
        self.slider.set_scale(curve.fit_share(axis), curve.end_share(axis))
        self.slider.set_share(share)
        words = dial_words(curve, axis, share)
        self.slider.setAccessibleDescription(words)
        self.slider.setToolTip(words)

    def _track(self) -> tuple[float, float]:
        """Return where 0 and 1 of the plot stand, in pixels of the slider."""
        frames = self.canvas.sheet.frames
        if not frames:
            return 10.0, self.slider.width() - 10.0
        scale = frames[0].x
        ends = (QPointF(scale.at(end), 0) for end in (0.0, 1.0))
        left, right = (self.slider.mapFromGlobal(self.canvas.stage.mapToGlobal(end)).x() for end in ends)
        return left, right

    def _on_theme_changed(self) -> None:
        self.canvas.setFixedHeight(self._theme.px(_CURVE_PX))
        for words in (self._left, self._right):
            words.setAlignment(Qt.AlignmentFlag.AlignVCenter)


def _curve_of(report: Report, grouping: str, on_step: OnStep) -> tuple[Report, DialCurve, float]:
    """Return the curve, and the seconds one place takes once everything is prepared."""
    curve = dial_curve(report, grouping, on_step)
    at = float(curve.c[curve.fit])
    dialled(report, curve, at)  # prepares what every place needs
    started = time.perf_counter()
    dialled(report, curve, at)
    return report, curve, time.perf_counter() - started


def _drawn(report: Report, curve: DialCurve, c: float, draw: Draw) -> tuple[Dialled, tuple[Draw, Dialled, Figure], float]:
    """Return a place, its picture with what that was made from, and the seconds both took."""
    started = time.perf_counter()
    place = dialled(report, curve, c)
    picture = (draw, place, draw(curve, place))
    return place, picture, time.perf_counter() - started
