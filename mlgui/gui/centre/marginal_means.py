"""Marginal means: means of categories with their differences, or simple slopes with the region where they differ from 0."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from mlgui.errors import UserError
from mlgui.gui.centre.checks import SmallCanvas
from mlgui.gui.centre.choices import Choice, Switch
from mlgui.gui.centre.empty import ADD_PREDICTOR, Notice
from mlgui.gui.centre.view import View
from mlgui.gui.clipboard import copy_tables
from mlgui.gui.flow import FlowLayout
from mlgui.gui.items.result_view import ResultView
from mlgui.gui.runner import Runner
from mlgui.gui.theme import Theme
from mlgui.gui.widgets import label, unbroken
from mlgui.progress import OnStep
from mlgui.results import numbers
from mlgui.results.figure import Figure
from mlgui.results.figures.margins import MOST_ROWS, means_figure, slopes_figure
from mlgui.results.johnson_neyman import regions_table
from mlgui.results.marginal_means import comparison_table
from mlgui.results.margins import Means, Offer, Slopes, means_of, offer, parse_values, slopes_of
from mlgui.results.reference_grid import axes_of
from mlgui.results.report import Report
from mlgui.results.tables import ResultTable
from mlgui.session.document import Document
from mlgui.words import tr

LANE = "margins"
_MEANS, _SLOPES, _NONE = "means", "slopes", "-"
_LEAST_PX, _AROUND_PX, _ROW_PX, _SLOPES_PX, _TABLE_ROWS = 190, 84, 24, 300, 12

Found = tuple[Report, Means | Slopes, Figure, tuple[ResultTable, ...]]


class MarginalMeansView(View):
    """What is asked is chosen in one row of controls; a sentence, the picture and the tables answer it."""

    ready = Signal()

    def __init__(self, document: Document, theme: Theme, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(document, theme, parent)
        self._runner = runner
        self.report: Report | None = None
        self._offer: Offer | None = None
        self._tables: tuple[ResultTable, ...] = ()
        self._values_of = ""
        self.switch = Switch(tr("What"))
        self.over, self.adjust = Choice(tr("Means of")), Choice(tr("p adjusted by"))
        self.focal, self.moderator = Choice(tr("Slope of")), Choice(tr("Depending on"))
        self.method = Choice(tr("Degrees of freedom"))
        self.values = QLineEdit()
        self.sentence = label(tr("Computing…"), "body", wrap=True, selectable=True)
        self.canvas = SmallCanvas(theme, zooms=False)
        self.canvas.setAccessibleName(tr("Marginal means"))
        self.parts = [ResultView(theme, name=name, row_px=27) for name in (tr("Estimates"), tr("Comparisons"))]
        self.titles = [label("", "subheading") for _ in self.parts]
        self.notes = [label("", "caption", wrap=True, selectable=True) for _ in self.parts]
        self._copy = self.copy_button(tr("Copy tables"))
        self._pairs: dict[QWidget, QWidget] = {}
        self.add_control(self.switch)
        self.add_control(self._copy)
        self.body.addWidget(self._page())
        self._connect()

    def _page(self) -> QScrollArea:
        column = QVBoxLayout()
        column.setSpacing(10)
        column.addLayout(self._asked())
        column.addWidget(self.sentence)
        column.addWidget(self.canvas)
        for title, part, note in zip(self.titles, self.parts, self.notes, strict=True):
            for each in (title, part, note):
                column.addWidget(each)
                each.hide()
        column.addStretch()
        return self.scroll_below(column)

    def _asked(self) -> FlowLayout:
        row = FlowLayout(16)
        self.values.setAccessibleName(tr("Values of the moderator"))
        self.values.setToolTip(tr("Numbers with spaces between; empty: mean, and one SD below and above it"))
        self.values.setMaximumWidth(150)
        asked = (
            (self.over, tr("Means of")), (self.adjust, tr("p adjusted by")), (self.focal, tr("Slope of")),
            (self.moderator, tr("depending on")), (self.values, tr("at")), (self.method, tr("df")),
        )  # fmt: skip
        for control, caption in asked:
            words = label(caption, "caption")
            words.setBuddy(control)
            both = self._pairs[control] = QWidget()
            inner = QHBoxLayout(both)
            inner.setContentsMargins(0, 0, 0, 0)
            inner.setSpacing(8)
            inner.addWidget(words)
            inner.addWidget(control)
            row.addWidget(both)
        return row

    def _connect(self) -> None:
        self.switch.chosen.connect(self._on_choice)
        for choice in (self.over, self.adjust, self.focal, self.moderator, self.method):
            choice.chosen.connect(self._on_choice)
        self.values.editingFinished.connect(self._on_choice)
        self.canvas.selected.connect(self._on_selected)
        self.canvas.stepped.connect(self.step_selection)
        self.canvas.cleared.connect(self.clear_selection)
        self._copy.clicked.connect(lambda: copy_tables(list(self.tables())))
        self.theme.changed.connect(self._fit)

    def not_applicable(self, report: Report) -> Notice | None:
        """Return that predictors are needed, where there are none."""
        if axes_of(report):
            return None
        words = tr("Add a predictor to see its means or slopes")
        return Notice(line=words, actions=((ADD_PREDICTOR, tr("Add a predictor")),))

    def draw(self, report: Report | None) -> None:
        """Offer what a report can be asked, and ask it."""
        assert report is not None
        self.report = report
        self._offer = found = offer(report)
        subtitle = tr("What the averages of the model say, other predictors held; group effects at 0.")
        self.set_heading(tr("Marginal means and slopes"), subtitle)
        kinds = [(_MEANS, tr("Means"))] * bool(found.categories) + [(_SLOPES, tr("Slopes"))] * bool(found.numbers)
        self.switch.offer(kinds)
        self.over.offer([("\n".join(names), " × ".join(names)) for names in found.categories])
        self.adjust.offer([("tukey", "Tukey"), ("holm", "Holm"), ("bonferroni", "Bonferroni"), ("sidak", "Šidák"),
                           ("none", tr("nothing"))])  # fmt: skip
        self.focal.offer([(name, name) for name in found.numbers])
        self.method.offer([("satterthwaite", "Satterthwaite"), ("kenward-roger", "Kenward-Roger"),
                           ("asymptotic", tr("normal theory"))])  # fmt: skip
        self._ask()

    def _on_choice(self) -> None:
        if self._offer is not None:
            self._ask()

    def _ask(self) -> None:
        """Show the controls that matter and compute beside the window; the newest question wins."""
        report, found = self.report, self._offer
        assert report is not None and found is not None
        slopes = self.switch.key == _SLOPES
        moderators = found.moderators.get(self.focal.key, ())
        self.moderator.offer([*((name, name) for name in moderators), (_NONE, tr("nothing"))])
        numeric = slopes and self.moderator.key != _NONE and not found.is_category[self.moderator.key]
        several = slopes and bool(moderators)
        for control, shown in (
            (self.over, not slopes), (self.adjust, not slopes), (self.focal, slopes), (self.moderator, several),
            (self.values, numeric),
        ):  # fmt: skip
            self._pairs[control].setVisible(shown)
        if numeric and self._values_of != self.moderator.key:
            self._values_of = self.moderator.key
            self.values.setText("  ".join(numbers.given(value) for value in found.usual[self.moderator.key]))
        try:
            work = self._slopes_work(report) if slopes else self._means_work(report)
        except UserError as error:
            self._say(error)
            return
        self._runner.start(LANE, work, self._on_found, self._say)

    def _means_work(self, report: Report) -> Callable[[OnStep], Found]:
        over = tuple(self.over.key.split("\n"))
        return partial(_means, report, over, self.adjust.key, self.method.key)

    def _slopes_work(self, report: Report) -> Callable[[OnStep], Found]:
        moderator = "" if self.moderator.key == _NONE else self.moderator.key
        values = parse_values(self.values.text()) if self.values.isVisibleTo(self) else ()
        return partial(_slopes, report, self.focal.key, moderator, values, self.method.key)

    def _on_found(self, answer: Found) -> None:
        report, found, figure, tables = answer
        if report is not self.report:
            return
        self._tables = tables
        self.sentence.setText(unbroken(found.sentence))
        self.canvas.set_figure(figure)
        if figure.grouping:
            self.selecting.use(figure.grouping, figure.group_labels)
        for k, (title, part, note) in enumerate(zip(self.titles, self.parts, self.notes, strict=True)):
            table = tables[k] if k < len(tables) and tables[k].n_rows else None
            for each in (title, part, note):
                each.setVisible(table is not None)
            if table is not None:
                title.setText(table.title)
                part.setAccessibleName(table.title)
                part.show_table(table, np.arange(table.n_rows), marks=[], emphasised=frozenset({"estimate"}))
                note.setText(unbroken(table.note))
        self._fit()
        self.draw_selection()
        self.ready.emit()

    def _fit(self) -> None:
        """Give picture and tables the height their rows need."""
        figure = self.canvas.figure
        if figure is None:
            return
        rows = max(len(panel.y.ticks or ()) for panel in figure.panels)
        lines = any(panel.y.ticks is None for panel in figure.panels)
        height = _SLOPES_PX if lines else max(_AROUND_PX + _ROW_PX * min(rows, MOST_ROWS), _LEAST_PX)
        self.canvas.setFixedHeight(self.theme.px(height))
        for part in self.parts:
            part.setFixedHeight(self.theme.px(27 * (min(part.rows.rowCount(), _TABLE_ROWS) + 1) + 14))

    def _say(self, error: UserError) -> None:
        """Say in words why there is no answer; what is on show stays until there is one."""
        self.sentence.setText(f"{error.what} {error.why} {error.do}".strip())
        self.ready.emit()

    def draw_selection(self) -> None:
        """Mark where the selected groups lie along a group-level moderator."""
        figure = self.canvas.figure
        self.canvas.set_selected(self.selecting.indices if figure is not None and figure.grouping else ())

    def _on_selected(self, groups: list[int], add: bool) -> None:
        if self.canvas.figure is not None and self.canvas.figure.grouping:
            self.selecting.choose(groups, add=add)

    def figures(self) -> tuple[Figure, ...]:
        """Return the picture."""
        return (self.canvas.figure,) if self.canvas.figure is not None else ()

    def tables(self) -> tuple[ResultTable, ...]:
        """Return means and comparisons, or slopes and regions."""
        return self._tables


def _means(report: Report, over: tuple[str, ...], adjustment: str, method: str, _on_step: OnStep) -> Found:
    found = means_of(report, over, adjustment=adjustment, method=method)
    tables = [comparison_table(found.means)]
    if found.pairs is not None:
        tables.append(comparison_table(found.pairs))
    return report, found, means_figure(report, found), tuple(tables)


def _slopes(report: Report, focal: str, moderator: str, values: tuple[float, ...], method: str, _on_step: OnStep) -> Found:
    found = slopes_of(report, focal, moderator, values, method=method)
    tables = [comparison_table(found.slopes)]
    if found.regions is not None and found.regions.regions:
        tables.append(regions_table(found.regions))
    return report, found, slopes_figure(report, found), tuple(tables)
