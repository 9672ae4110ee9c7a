"""Fitted lines: small multiples of some groups, with the lines of complete, no and partial pooling."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from mlgui.errors import UserError
from mlgui.gui.centre.choices import Choice
from mlgui.gui.centre.empty import ADD_PREDICTOR, Notice
from mlgui.gui.centre.figure_view import FigureView
from mlgui.gui.runner import Runner
from mlgui.gui.theme import Theme
from mlgui.gui.widgets import label
from mlgui.progress import OnStep
from mlgui.results.along import line_columns
from mlgui.results.figure import Figure
from mlgui.results.figures.fitted_lines import PAGE, fitted_lines
from mlgui.results.nouns import group_plural
from mlgui.results.report import Report
from mlgui.session.document import Document
from mlgui.words import tr

LANE = "lines"
_SELECTED, _ALL, _RANDOM = "selected", "all", "random"


class FittedLinesView(FigureView):
    """Twelve groups at a time, chosen by how far they moved, by size, at random, by selection, or all page by page.

    The lines of no pooling need another fit, so the figure is built beside the window, the newest one wanted last.
    """

    ready = Signal()

    def __init__(self, document: Document, theme: Theme, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(document, theme, parent)
        self._runner = runner
        self._page = 0
        self._selected: tuple[str, ...] = ()
        self.canvas.setAccessibleName(tr("Fitted lines"))
        self.along = Choice(tr("Along"))
        self.choice = Choice(tr("Which groups"))
        self.sorting = Choice(tr("Sort"))
        self._along_caption = self.add_control(self.along, tr("Along"))
        self.add_control(self.choice)
        self.add_control(self.sorting, tr("Sort"))
        self.pager = self._make_pager()
        self.add_control(self.pager)
        for control in (self.along, self.choice, self.sorting):
            control.chosen.connect(self._on_choice)
        self.body.addWidget(self.canvas, 1)

    def _make_pager(self) -> QWidget:
        pager = QWidget()
        row = QHBoxLayout(pager)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        self.back = self._page_button(tr("Previous groups"), -1)
        self.forward = self._page_button(tr("Next groups"), 1)
        self._page_text = label("", "caption")
        self.back.setText("‹")
        self.forward.setText("›")
        for part in (self.back, self._page_text, self.forward):
            row.addWidget(part)
        return pager

    def _page_button(self, name: str, by: int) -> QToolButton:
        made = QToolButton()
        made.setAccessibleName(name)
        made.setToolTip(name)
        made.clicked.connect(lambda: self._turn(by))
        return made

    def shown_groupings(self, report: Report) -> list[str]:
        """Return the groupings within which some number of the model differs."""
        return [groups.grouping for groups in report.groups if line_columns(report, groups.grouping)]

    def not_applicable(self, report: Report) -> Notice | None:
        """Return that groups, or a number to draw lines along, are needed."""
        missing = super().not_applicable(report)
        if missing is not None or self.shown_groupings(report):
            return missing
        return Notice(
            line=tr("There is no predictor to draw lines along"),
            detail=tr("Lines need a number in the model that differs within {groups}.").format(
                groups=group_plural(report.groups[0].grouping)
            ),
            actions=((ADD_PREDICTOR, tr("Add a predictor")),),
        )

    def redraw(self) -> None:
        """Build the small multiples the controls ask for."""
        assert self.report is not None
        self._offer_choices(self.report)
        if self.canvas.figure is None:
            self.set_heading(tr("Fitted lines"), tr("Computing…"))
        chosen = self._selected if self.choice.key == _SELECTED and self._selected else self.choice.key
        work = partial(
            _figure, self.report, self.grouping, self.along.key, "moved" if chosen == _SELECTED else chosen,
            self.sorting.key or "size", self._page,
        )  # fmt: skip
        self._runner.start(LANE, work, self._on_figure, self._on_failed)
        self._show_pager()

    def _on_figure(self, found: tuple[Report, Figure]) -> None:
        report, figure = found
        if report is self.report:
            self.show_figure(figure)
            super().draw_selection()
            self.ready.emit()

    def _on_failed(self, error: UserError) -> None:
        self.failed.emit(Notice(line=error.what, detail=f"{error.why} {error.do}".strip()))

    def _offer_choices(self, report: Report) -> None:
        names = line_columns(report, self.grouping)
        self.along.offer([(name, name) for name in names])
        several = len(names) > 1
        self.along.setVisible(several)
        if self._along_caption is not None:
            self._along_caption.setVisible(several)
        n = min(PAGE, len(self.groups.levels))
        choices = [
            ("moved", tr("{n} most moved")), ("largest", tr("{n} largest")), ("smallest", tr("{n} smallest")),
            (_RANDOM, tr("{n} at random")),
        ]  # fmt: skip
        offered = [(key, words.format(n=n)) for key, words in choices]
        if len(self.groups.levels) > PAGE:
            offered.append((_ALL, tr("All, page by page")))
        self._selected = tuple(self.groups.levels[index] for index in sorted(self.selecting.indices))
        if self._selected or self.choice.key == _SELECTED:
            offered.append((_SELECTED, tr("The selected ones")))
        self.choice.offer(offered)
        self.sorting.offer([("size", tr("n")), ("moved", tr("movement")), ("name", tr("name"))])

    def draw_selection(self) -> None:
        """Mark the selected panels; where the selected groups are shown, show them."""
        super().draw_selection()
        if self.report is None:
            return
        chosen = tuple(self.groups.levels[index] for index in sorted(self.selecting.indices))
        others = self.choice.key == _SELECTED and bool(chosen) and set(chosen) != set(self._selected)
        if others or bool(chosen) != bool(self._selected):
            self.redraw()
            super().draw_selection()

    def _last_page(self) -> int:
        return max(0, -(-len(self.groups.levels) // PAGE) - 1)

    def _show_pager(self) -> None:
        paged = self.choice.key in (_ALL, _RANDOM)
        self.pager.setVisible(paged)
        if not paged:
            return
        last = self._last_page() if self.choice.key == _ALL else None
        shown = tr("{page} of {pages}").format(page=self._page + 1, pages=last + 1) if last is not None else tr("others")
        self._page_text.setText(shown)
        self.back.setEnabled(self._page > 0)
        self.forward.setEnabled(last is None or self._page < last)

    def _turn(self, by: int) -> None:
        self._page = max(0, self._page + by)
        self.redraw()
        self.draw_selection()

    def _on_choice(self) -> None:
        self._page = 0
        self.redraw()
        self.draw_selection()


def _figure(
    report: Report, grouping: str, along: str, choose: str | Sequence[str], sort: str, page: int, _on_step: OnStep
) -> tuple[Report, Figure]:
    return report, fitted_lines(report, grouping, along, choose=choose, sort=sort, page=page)
