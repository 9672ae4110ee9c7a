"""A view around one figure of groups: grouping, canvas, linked selection."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtWidgets import QWidget

from mlgui.gui.centre.choices import GroupingChoice
from mlgui.gui.centre.empty import CHOOSE_GROUPS, Notice
from mlgui.gui.centre.view import View
from mlgui.gui.plots.canvas import FigureCanvas
from mlgui.gui.theme import Theme
from mlgui.results.figure import Figure
from mlgui.results.report import GroupEstimates, Report
from mlgui.session.document import Document
from mlgui.words import tr


class FigureView(View):
    """Subclasses build the figure in `redraw`; `report` and `grouping` are set by then."""

    def __init__(self, document: Document, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(document, theme, parent)
        self.report: Report | None = None
        self.groupings = GroupingChoice()
        self.canvas = FigureCanvas(theme)
        self.add_control(self.groupings)
        self.groupings.chosen.connect(self._on_grouping)
        self.canvas.selected.connect(self._on_selected)
        self.canvas.stepped.connect(self.step_selection)
        self.canvas.cleared.connect(self.clear_selection)
        self.setFocusProxy(self.canvas)

    @property
    def grouping(self) -> str:
        """Name of the grouping on show."""
        return self.selecting.grouping

    @property
    def groups(self) -> GroupEstimates:
        """The estimates of the grouping on show."""
        assert self.report is not None
        return next(groups for groups in self.report.groups if groups.grouping == self.grouping)

    def prefer_grouping(self, grouping: str) -> None:
        """Show this grouping where the view can, at once if it is drawn: one is chosen for all views."""
        if self.groupings.prefer(grouping) and self.report is not None:
            self._on_grouping(grouping)

    def shown_groupings(self, report: Report) -> list[str]:
        """Return the names of the groupings this view can show."""
        return [groups.grouping for groups in report.groups]

    def not_applicable(self, report: Report) -> Notice | None:
        """Return that groups are needed, where there are none."""
        if report.groups:
            return None
        return Notice(line=tr("Add a group to see pooling"), actions=((CHOOSE_GROUPS, tr("Choose groups")),))

    def draw(self, report: Report | None) -> None:
        """Show the figure of a report."""
        assert report is not None
        self.report = report
        self._use(self.groupings.offer(self.shown_groupings(report)))
        self.redraw()

    def redraw(self) -> None:
        """Build the figure from the report and the controls, and show it with `show_figure`; each view has its own."""

    def show_figure(self, figure: Figure) -> None:
        """Put a figure on the canvas and its words into the heading."""
        self.set_heading(figure.title, figure.subtitle)
        self.canvas.set_figure(figure)

    def figures(self) -> tuple[Figure, ...]:
        """Return the figure on show."""
        return (self.canvas.figure,) if self.canvas.figure is not None else ()

    def draw_selection(self) -> None:
        """Mark the selected groups in the figure."""
        self.canvas.set_selected(self.selecting.indices)

    def order(self) -> Sequence[int]:
        """Return the groups from left to right, small multiples in reading order."""
        figure = self.canvas.figure
        if figure is None:
            return ()
        own = [panel.group for panel in figure.panels if panel.group >= 0]
        if own:
            return own
        marks = self.canvas.sheet.plots[0].marks
        groups, first = np.unique(marks.groups, return_index=True)
        return [int(group) for group in groups[np.argsort(marks.x[first], kind="stable")] if group >= 0]

    def _use(self, grouping: str) -> None:
        assert self.report is not None
        levels = next(groups.levels for groups in self.report.groups if groups.grouping == grouping)
        self.selecting.use(grouping, levels)

    def _on_grouping(self, grouping: str) -> None:
        self._use(grouping)
        self.redraw()
        self.draw_selection()

    def _on_selected(self, groups: list[int], add: bool) -> None:
        self.selecting.choose(groups, add=add)
