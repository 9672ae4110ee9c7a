"""Group-level model: what explains the varying coefficients."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from mlgui.gui.centre.choices import Choice
from mlgui.gui.centre.empty import Notice
from mlgui.gui.centre.figure_view import FigureView
from mlgui.gui.theme import Theme
from mlgui.results.figures.colouring import AUTO
from mlgui.results.figures.group_level import default_across, group_level
from mlgui.results.group_columns import group_columns
from mlgui.results.group_model import default_category
from mlgui.results.report import Report
from mlgui.session.document import Document
from mlgui.words import tr

_NONE = "-"


class GroupLevelView(FigureView):
    """Totals with 1 SE against a group-level column, with the fitted lines and the estimated equations."""

    def __init__(self, document: Document, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(document, theme, parent)
        self.across = Choice(tr("Across"))
        self.lines = Choice(tr("Lines"))
        self.across.chosen.connect(self._on_choice)
        self.lines.chosen.connect(self._on_choice)
        self.add_control(self.across, tr("Across"))
        self.add_control(self.lines, tr("Lines"))
        self.body.addWidget(self.canvas, 1)

    def shown_groupings(self, report: Report) -> list[str]:
        """Return the groupings that some column of the table describes."""
        return [groups.grouping for groups in report.groups if group_columns(report, groups.grouping)]

    def not_applicable(self, report: Report) -> Notice | None:
        """Return that groups, or columns that describe them, are needed."""
        missing = super().not_applicable(report)
        if missing is not None or self.shown_groupings(report):
            return missing
        return Notice(
            line=tr("No column describes the groups"),
            detail=tr("A group-level predictor has one value in each group: sector, size, or the mean of another column."),
        )

    def redraw(self) -> None:
        """Build the panels for the chosen columns."""
        assert self.report is not None
        columns = group_columns(self.report, self.grouping)
        start, category = default_across(self.report, self.grouping), default_category(self.report, self.grouping)
        self.across.offer([(column.name, column.name) for column in columns], default=start.name if start else "")
        categories = [(column.name, column.name) for column in columns if column.is_category]
        self.lines.offer([*categories, (_NONE, tr("one line"))], default=category.name if category else _NONE)
        lines = "" if self.lines.key == _NONE else self.lines.key or AUTO
        self.show_figure(group_level(self.report, self.grouping, self.across.key, lines=lines))

    def _on_choice(self) -> None:
        self.redraw()
        self.draw_selection()
