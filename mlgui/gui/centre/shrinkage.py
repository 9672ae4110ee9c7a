"""Shrinkage: how far each group moved from its own estimate, and how far it would with more or less pooling."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtWidgets import QWidget

from mlgui.gui.centre.choices import Switch, coefficient_choices
from mlgui.gui.centre.dial import PoolingDial
from mlgui.gui.centre.figure_view import FigureView
from mlgui.gui.painting.limits import Range, panel_limits
from mlgui.gui.runner import Runner
from mlgui.gui.theme import Theme
from mlgui.results.dial import DialCurve, Dialled
from mlgui.results.figure import Axis, Figure
from mlgui.results.figures.shrinkage import MOST_ARROWS, shrinkage, shrinkage_plane
from mlgui.results.group_model import coefficient_symbol
from mlgui.results.nouns import group_noun
from mlgui.results.numbers import percent
from mlgui.results.report import Report
from mlgui.session.document import Document
from mlgui.words import tr

_PLANE = "plane"


class ShrinkageView(FigureView):
    """Arrows over group size for one coefficient, or in the plane of the first two; the pooling dial below."""

    def __init__(self, document: Document, theme: Theme, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(document, theme, parent)
        self._always: frozenset[int] = frozenset()
        self.switch = Switch(tr("Coefficient"))
        self.dial = PoolingDial(theme, runner)
        self.switch.chosen.connect(self._on_choice)
        self.dial.moved.connect(self._on_dial)
        self.add_control(self.switch)
        self.body.addWidget(self.canvas, 1)
        self.body.addWidget(self.dial)

    @property
    def elsewhere(self) -> Report | None:
        """The report as it reads where the dial stands, None at the fit."""
        return self.dial.place.report if self.dial.place is not None else None

    def redraw(self) -> None:
        """Build the arrows the switch asks for, where the dial stands."""
        assert self.report is not None
        choices = coefficient_choices(self.report, self.grouping, words=True)
        if len(choices) > 1:
            first, second = (coefficient_symbol(self.report, self.grouping, index) for index in (0, 1))
            choices.append((_PLANE, tr("{first} against {second}").format(first=first, second=second)))
        self.switch.offer(choices)
        self._always = self.selecting.indices
        asked = _Asked(grouping=self.grouping, key=self.switch.key, always=self._always)
        self._fit_figure = asked.arrows(self.report)
        self._draw = partial(_placed, self._fit_figure, asked)
        self.dial.use(self.report, self.grouping, asked.coefficient, self._draw)
        self._show_place()

    def draw_selection(self) -> None:
        """Mark the selected groups; where there are too many to draw all, those that are selected are drawn."""
        if len(self.groups.levels) > MOST_ARROWS and not self.selecting.indices <= self._always:
            self.redraw()
        super().draw_selection()

    def _show_place(self) -> None:
        place, curve = self.dial.place, self.dial.curve
        figure = self._fit_figure
        if place is not None and curve is not None:
            figure = self.dial.picture or self._draw(curve, place)
        self.show_figure(figure)

    def set_heading(self, title: str, subtitle: str) -> None:
        """Keep the words of the fit while the dial moves, so that nothing around the plot does; the tag says the rest."""
        super().set_heading(title, self._fit_figure.subtitle)

    def figures(self) -> tuple[Figure, ...]:
        """Return the arrows and the curve of the dial."""
        return (*super().figures(), *self.dial.figures())

    def _on_dial(self) -> None:
        self._show_place()
        self.moved.emit()

    def _on_choice(self) -> None:
        self.redraw()
        self.draw_selection()


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """Which arrows are on show. key: of the switch. always: groups drawn even where not all are."""

    grouping: str
    key: str
    always: frozenset[int]

    @property
    def coefficient(self) -> int:
        """The coefficient the dial shows: the first one for the plane."""
        return 0 if self.key == _PLANE else int(self.key or 0)

    def arrows(self, report: Report) -> Figure:
        """Return the arrows of a report."""
        if self.key == _PLANE:
            return shrinkage_plane(report, self.grouping, always=self.always)
        return shrinkage(report, self.grouping, self.coefficient, always=self.always)


def _placed(fit: Figure, asked: _Asked, curve: DialCurve, place: Dialled) -> Figure:
    """Return the arrows at a place of the dial, on the axes of the fit so that only marks move."""
    figure = asked.arrows(place.report)
    panel, (x, y) = figure.panels[0], panel_limits(fit.panels[0])
    wide_x, wide_y = panel_limits(panel)
    panel = replace(panel, x=_reaching(panel.x, x, wide_x), y=_reaching(panel.y, y, wide_y))
    return replace(figure, panels=(panel,), subtitle=_place_words(asked, curve, place))


def _place_words(asked: _Asked, curve: DialCurve, place: Dialled) -> str:
    axis = curve.axis(asked.coefficient)
    return tr(
        "Open: each {group} alone. Filled: with the pooling dial at {share}, not the {method} fit ({fit}). "
        "Dashed: complete pooling."
    ).format(
        group=group_noun(asked.grouping),
        share=percent(float(place.share[axis])),
        method=curve.method,
        fit=percent(curve.fit_share(axis)),
    )


def _reaching(axis: Axis, fit: Range, place: Range) -> Axis:
    """Return an axis with the limits of the fit, wider where marks lie beyond them unless the figure cuts it itself."""
    return replace(axis, limits=fit if axis.limits is not None else (min(fit[0], place[0]), max(fit[1], place[1])))
