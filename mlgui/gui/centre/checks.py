"""Checks: does the model describe the data? Questions with a picture, a verdict and how to read it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QScrollArea, QToolButton, QVBoxLayout, QWidget

from mlgui.errors import UserError
from mlgui.gui.centre.choices import GroupingChoice
from mlgui.gui.centre.empty import Notice
from mlgui.gui.centre.influence_offer import InfluenceOffer
from mlgui.gui.centre.view import View
from mlgui.gui.icons import icon
from mlgui.gui.plots.canvas import FigureCanvas
from mlgui.gui.runner import Runner
from mlgui.gui.theme import Theme
from mlgui.gui.widgets import label, set_property, unbroken
from mlgui.progress import OnStep, Step
from mlgui.results.figure import Figure
from mlgui.results.figures.checks import Check, Verdict, model_checks, verdict_words
from mlgui.results.figures.influence import influence_checks
from mlgui.results.influence import influence_of_groups, influence_table, is_quick
from mlgui.results.report import Report
from mlgui.results.tables import ResultTable
from mlgui.session.document import Document
from mlgui.words import tr

LANE, INFLUENCE_LANE = "checks", "influence"
_TONES = {
    Verdict.FINE: ("ok", "check", "ok"),
    Verdict.LOOK: ("warn", "warning", "warnmark"),
    Verdict.UNKNOWN: ("neutral", "info", "ink2"),
}
"""Tone of the pill, its icon and the colour of that."""
_PLOT_PX, _NARROW_PX = 240, 540


class SmallCanvas(FigureCanvas):
    """A plot that asks for no more than its least height, and takes more where there is room."""

    def sizeHint(self) -> QSize:
        return QSize(240, self.minimumHeight())


class CheckCard(QWidget):
    """One check. chosen(groups, add), stepped(by), cleared(): as of its plot."""

    chosen = Signal(object, bool)
    stepped = Signal(int)
    cleared = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.check: Check | None = None
        self._question = label("", "subheading", wrap=True)
        self.verdict = QToolButton()
        self.verdict.setProperty("box", "pill")
        self.verdict.setCheckable(True)
        self.verdict.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.canvas = SmallCanvas(theme, zooms=False)
        self.reading = label("", "secondary", wrap=True, selectable=True)
        self.why = label("", "caption", wrap=True, selectable=True)
        self._lay_out()
        self.verdict.toggled.connect(self.why.setVisible)
        self.canvas.selected.connect(self.chosen)
        self.canvas.stepped.connect(self.stepped)
        self.canvas.cleared.connect(self.cleared)
        theme.changed.connect(self._paint)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self._question, 1)
        head.addWidget(self.verdict, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self.canvas, 1)
        column.addWidget(self.reading)
        column.addWidget(self.why)
        self.why.hide()

    def show_check(self, check: Check) -> None:
        """Show a check in place of the present one."""
        self.check = check
        words = verdict_words(check.verdict)
        self._question.setText(check.question)
        self.verdict.setText(words)
        self.verdict.setAccessibleName(tr("{question} {verdict}. Why?").format(question=check.question, verdict=words))
        self.verdict.setToolTip(f"<qt>{unbroken(check.why)}</qt>")
        self.canvas.set_figure(check.figure)
        self.reading.setText(unbroken(check.reading))
        self.why.setText(unbroken(check.why))
        self._paint()

    def _paint(self) -> None:
        self.canvas.setMinimumHeight(self._theme.px(_PLOT_PX))
        if self.check is not None:
            tone, picture, colour = _TONES[self.check.verdict]
            set_property(self.verdict, "tone", tone)
            size, beside = self._theme.px(15), self._theme.px(4)
            self.verdict.setIconSize(QSize(size + beside, size))
            self.verdict.setIcon(icon(picture, self._theme, colour, size, beside))


class ChecksView(View):
    """All checks of the model on show in two columns, one where the window is narrow."""

    ready = Signal()
    influence_ready = Signal()

    def __init__(self, document: Document, theme: Theme, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(document, theme, parent)
        self._runner = runner
        self._report: Report | None = None
        self.cards: list[CheckCard] = []
        self._checks: tuple[Check, ...] = ()
        self._influence: tuple[Check, ...] = ()
        self._influence_table: ResultTable | None = None
        self.offer = InfluenceOffer()
        self.offer.hide()
        self.offer.asked.connect(self._start_influence)
        self.offer.cancelled.connect(self._stop_influence)
        runner.progressed.connect(self._on_step)
        self.groupings = GroupingChoice()
        self.groupings.chosen.connect(self._on_grouping)
        self.add_control(self.groupings)
        self._busy = label(tr("Computing the checks…"), "caption")
        self._grid = QGridLayout()
        self._columns = 2
        self.body.addWidget(self._page())

    def _page(self) -> QScrollArea:
        column = QVBoxLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(30)
        self._grid.setVerticalSpacing(20)
        column.addWidget(self._busy)
        column.addLayout(self._grid, 1)
        area = self.scroll_below(column)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        return area

    def draw(self, report: Report | None) -> None:
        """Compute the checks of a report beside the window, and show them."""
        assert report is not None
        self._report = report
        self.set_heading(tr("Checks"), tr("Does the model describe these data well? The line marks what to expect."))
        grouping = self.groupings.offer([groups.grouping for groups in report.groups]) if report.groups else ""
        self.groupings.setVisible(len(report.groups) > 1)
        self._use(grouping)

    def _use(self, grouping: str) -> None:
        assert self._report is not None
        levels = next((groups.levels for groups in self._report.groups if groups.grouping == grouping), ())
        self.selecting.use(grouping, levels)
        self._busy.setVisible(not self.cards)
        self._influence, self._influence_table = (), None
        self._runner.cancel(INFLUENCE_LANE)
        self._runner.start(LANE, partial(_checks_of, self._report, grouping), self._on_checks, self._on_failed)

    def _on_grouping(self, grouping: str) -> None:
        self._use(grouping)

    def _on_checks(self, found: tuple[Report, str, tuple[Check, ...]]) -> None:
        report, grouping, checks = found
        if report is not self._report or grouping != self.selecting.grouping:
            return
        self._checks = checks
        self._busy.hide()
        self._begin_influence(report, grouping)
        self._show_cards()
        self.ready.emit()

    def _begin_influence(self, report: Report, grouping: str) -> None:
        """Leave out groups at once where that is quick, else offer it."""
        quick = bool(grouping) and is_quick(report, grouping)
        if grouping and not quick:
            self.offer.offer(grouping, len(self.selecting.levels))
        self.offer.setVisible(bool(grouping) and not quick)
        if quick:
            self._start_influence()

    def _start_influence(self) -> None:
        assert self._report is not None
        work = partial(_influence_of, self._report, self.selecting.grouping)
        self._runner.start(INFLUENCE_LANE, work, self._on_influence, self._on_no_influence)

    def _stop_influence(self) -> None:
        self._runner.cancel(INFLUENCE_LANE)
        self.offer.offer(self.selecting.grouping, len(self.selecting.levels))

    def _on_step(self, lane: str, step: Step) -> None:
        if lane == INFLUENCE_LANE:
            self.offer.show_step(step)

    def _on_influence(self, found: tuple[Report, str, tuple[Check, ...], ResultTable]) -> None:
        report, grouping, checks, table = found
        if report is self._report and grouping == self.selecting.grouping:
            self._influence, self._influence_table = checks, table
            self.offer.hide()
            self._show_cards()
            self.influence_ready.emit()

    def _on_no_influence(self, error: UserError) -> None:
        self.offer.say(f"{error.what} {error.why} {error.do}".strip())
        self.offer.show()

    def _show_cards(self) -> None:
        checks = (*self._checks, *self._influence)
        while len(self.cards) < len(checks):
            self.cards.append(self._new_card())
        while len(self.cards) > len(checks):
            self.cards.pop().deleteLater()
        for card, check in zip(self.cards, checks, strict=True):
            if card.check is not check:
                card.show_check(check)
        self._arrange()
        self.draw_selection()

    def _on_failed(self, error: UserError) -> None:
        self.failed.emit(Notice(line=error.what, detail=f"{error.why} {error.do}".strip()))

    def _new_card(self) -> CheckCard:
        card = CheckCard(self.theme)
        card.chosen.connect(self._on_chosen)
        card.stepped.connect(self.step_selection)
        card.cleared.connect(self.clear_selection)
        if self.editing is not None:
            self.editing.attach(card.canvas)
        return card

    def _arrange(self) -> None:
        """Put the cards into their rows and columns, and give equal room to those in use."""
        columns = 1 if self.width() < self.theme.px(_NARROW_PX) else 2
        for place, card in enumerate(self.cards):
            self._grid.addWidget(card, place // columns, place % columns)
        self._grid.addWidget(self.offer, len(self.cards) // columns, len(self.cards) % columns)
        for column in range(2):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
        self._columns = columns

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._columns != (1 if self.width() < self.theme.px(_NARROW_PX) else 2):
            self._arrange()

    def figures(self) -> tuple[Figure, ...]:
        """Return the pictures of all checks."""
        return tuple(card.check.figure for card in self.cards if card.check is not None)

    def tables(self) -> tuple[ResultTable, ...]:
        """Return the influence of the groups, once it is computed."""
        return (self._influence_table,) if self._influence_table is not None else ()

    def draw_selection(self) -> None:
        """Mark the selected groups in every picture."""
        for card in self.cards:
            card.canvas.set_selected(self.selecting.indices)

    def order(self) -> Sequence[int]:
        """Return the groups from the lowest to the highest effect."""
        for card in self.cards:
            if card.check is not None and card.check.key.startswith("check_effects"):
                marks = card.canvas.sheet.plots[0].marks
                return [int(group) for group in marks.groups[np.argsort(marks.y, kind="stable")] if group >= 0]
        return ()

    def _on_chosen(self, groups: list[int], add: bool) -> None:
        self.selecting.choose(groups, add=add)


def _checks_of(report: Report, grouping: str, _on_step: OnStep) -> tuple[Report, str, tuple[Check, ...]]:
    return report, grouping, model_checks(report, grouping)


def _influence_of(report: Report, grouping: str, on_step: OnStep) -> tuple[Report, str, tuple[Check, ...], ResultTable]:
    found = influence_of_groups(report, grouping, on_step)
    return report, grouping, influence_checks(report, found), influence_table(report, found)
