"""Predictions: a bench of scenarios, each with its intervals and sources of uncertainty, and one of them along a predictor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from mlgui.errors import UserError
from mlgui.gui.centre.checks import SmallCanvas
from mlgui.gui.centre.choices import Choice
from mlgui.gui.centre.empty import Notice
from mlgui.gui.centre.scenario_form import ScenarioForm
from mlgui.gui.centre.view import FOOT_PX, SIDE_PX, TOP_PX, View
from mlgui.gui.clipboard import copy_tables
from mlgui.gui.flow import FlowLayout
from mlgui.gui.icons import mark
from mlgui.gui.items.result_view import ResultView
from mlgui.gui.plots.canvas import FigureCanvas
from mlgui.gui.runner import Runner
from mlgui.gui.theme import Theme
from mlgui.gui.widgets import button, label, line, unbroken
from mlgui.progress import OnStep
from mlgui.results.figure import Figure
from mlgui.results.figures.predictions import BANDS, COLOURS, band_words, bench_figure, curve_figure
from mlgui.results.report import Report
from mlgui.results.scenario_words import bench_rows, bench_table, letter, scenario_sentence
from mlgui.results.scenarios import (
    Bench,
    Curve,
    Input,
    Scenario,
    default_scenario,
    in_group,
    inputs_of,
    predict_along,
    predict_scenarios,
    settled,
)
from mlgui.results.tables import ResultTable
from mlgui.session.document import Document
from mlgui.words import tr

LANE, INPUTS_LANE = "predictions", "scenarios"
_FORM_PX, _CURVE_PX, _AROUND_PX, _ROW_PX, _MOST_ROWS, _MOST_LISTED = 236, 250, 84, 27, 26, 5


@dataclass(frozen=True, kw_only=True, eq=False)
class _Found:
    """What the lane computed. curve: None for a model without predictors."""

    report: Report
    bench: Bench
    curve: Curve | None


class PredictionsView(View):
    """The form on the left edits the scenario that is chosen in the table or the picture on the right."""

    ready = Signal()

    def __init__(self, document: Document, theme: Theme, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(document, theme, parent)
        self._runner = runner
        self.report: Report | None = None
        self._read: Report | None = None
        self._inputs: tuple[Input, ...] = ()
        self.scenarios: list[Scenario] = []
        self.current = 0
        self._found: _Found | None = None
        self._followed: object = None
        self._table: ResultTable | None = None
        self.form = ScenarioForm()
        self.along = Choice(tr("Along"))
        self.sentence = label(tr("Computing…"), "body", wrap=True, selectable=True)
        self.curve = SmallCanvas(theme, legend=False, zooms=False)
        self.sources = FigureCanvas(theme, zooms=False)
        self.curve.setAccessibleName(tr("Predictions along a predictor"))
        self.sources.setAccessibleName(tr("Scenarios and their sources of uncertainty"))
        self.table = ResultView(theme, name=tr("Scenarios"), row_px=27)
        self.add_button = button(tr("Add scenario"), "primary")
        self.remove_button = button(tr("Remove"))
        self._copy = self.copy_button(tr("Copy table"))
        self.bands = {key: QCheckBox() for key in BANDS}
        self._along_caption = self.add_control(self.along, tr("Along"))
        self.add_control(self._copy)
        self.body.addLayout(self._sides(), 1)
        self.body.addLayout(self._foot())
        self._connect()
        self._fit()

    def _sides(self) -> QHBoxLayout:
        sides = QHBoxLayout()
        sides.setSpacing(22)
        sides.addWidget(self._form_page())
        sides.addWidget(line(vertical=True))
        sides.addWidget(self._page(), 1)
        self.whole.setContentsMargins(SIDE_PX, TOP_PX, 0, 0)
        self.controls.setContentsMargins(0, 0, SIDE_PX, 0)
        return sides

    def _foot(self) -> QHBoxLayout:
        foot = QHBoxLayout()
        foot.setContentsMargins(0, 0, SIDE_PX, FOOT_PX)
        foot.addWidget(self.table)
        return foot

    def _form_page(self) -> QScrollArea:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 8, 12)
        column.setSpacing(10)
        self._which = label("", "section")
        column.addWidget(self._which)
        column.addWidget(self.form)
        row = QHBoxLayout()
        row.addWidget(self.add_button, 1)
        row.addWidget(self.remove_button)
        column.addSpacing(6)
        column.addLayout(row)
        column.addStretch()
        self._left = _scrolling(page)
        return self._left

    def _page(self) -> QScrollArea:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, SIDE_PX, 12)
        column.setSpacing(10)
        column.addWidget(self.sentence)
        ticks = FlowLayout(16)
        for box in self.bands.values():
            box.setChecked(True)
            box.hide()  # until it is known what there is to show
            ticks.addWidget(box)
        column.addLayout(ticks)
        column.addWidget(self.curve, 1)
        column.addWidget(label(tr("Where the uncertainty comes from"), "subheading"))
        column.addWidget(self.sources)
        column.addStretch()  # takes the room where there is no curve
        return _scrolling(page)

    def _connect(self) -> None:
        self.form.changed.connect(self._on_edited)
        self.along.chosen.connect(self._compute)
        self.add_button.clicked.connect(self._on_add)
        self.remove_button.clicked.connect(self._on_remove)
        self._copy.clicked.connect(lambda: copy_tables(list(self.tables())))
        self.table.picked.connect(self._on_rows)
        self.sources.selected.connect(lambda rows, _add: self._on_rows(rows))
        self.sources.stepped.connect(self._on_stepped)
        for box in self.bands.values():
            box.toggled.connect(self._show_curve)
        self.theme.changed.connect(self._fit)
        self.theme.changed.connect(self._show_curve)

    def _fit(self) -> None:
        """Follow the size of text."""
        self._left.setFixedWidth(self.theme.px(_FORM_PX))
        self.curve.setMinimumHeight(self.theme.px(_CURVE_PX))
        rows = min(len(self.scenarios) or 1, _MOST_ROWS)
        self.sources.setFixedHeight(self.theme.px(_AROUND_PX + _ROW_PX * rows))
        self.table.setFixedHeight(self.theme.px(_ROW_PX * (min(rows, _MOST_LISTED) + 1.5)))

    def draw(self, report: Report | None) -> None:
        """Read what can be chosen for a report beside the window, then predict the scenarios."""
        assert report is not None
        self.report = report
        title = tr("Predictions of {outcome}").format(outcome=report.design.outcome_label)
        self.set_heading(title, tr("Choose values and a group, known or new; add scenarios to compare them."))
        if report.groups:
            self.selecting.use(report.groups[0].grouping, report.groups[0].levels)
        self._runner.start(INPUTS_LANE, partial(_inputs, report), self._on_inputs, self._on_failed)

    def _on_inputs(self, found: tuple[Report, tuple[Input, ...]]) -> None:
        report, inputs = found
        if report is not self.report:
            return
        self._read, self._inputs = report, inputs
        self.scenarios = [_kept(report, inputs, scenario) for scenario in self.scenarios] or [default_scenario(report, inputs)]
        self.current = min(self.current, len(self.scenarios) - 1)
        self.along.offer([(one.name, one.label) for one in inputs], default=_first_number(inputs))
        for part in (self.along, self._along_caption):
            if part is not None:
                part.setVisible(len(inputs) > 1)
        self.form.offer(report, inputs)
        self.draw_selection()
        self._show_current()
        self._compute()

    def draw_selection(self) -> None:
        """Put the scenario on show into the group that was selected last, once for every selection."""
        report, chosen = self.report, self.document.selection
        if report is None or report is not self._read or chosen == self._followed:
            return
        self._followed = chosen
        levels = next((groups.levels for groups in report.groups if groups.grouping == chosen.grouping), ())
        if chosen.last in levels and self.scenarios[self.current].groups.get(chosen.grouping) != chosen.last:
            moved = in_group(report, self.scenarios[self.current], chosen.grouping, chosen.last)
            self.scenarios[self.current] = settled(report, self._inputs, moved)
            self._show_current()
            self._compute()

    def _compute(self) -> None:
        report = self.report
        if report is None or report is not self._read:  # what can be chosen is still being read
            return
        work = partial(_predict, report, self._inputs, tuple(self.scenarios), self.current, self.along.key)
        self._runner.start(LANE, work, self._on_found, self._on_failed)

    def _on_found(self, found: _Found) -> None:
        if found.report is not self.report:
            return
        self._found = found
        self._fit()
        self.sources.set_figure(bench_figure(found.report, found.bench))
        self._table = bench_table(found.report, self._inputs, found.bench)
        rows, shown = np.arange(self._table.n_rows), bench_rows(found.report, found.bench)
        self.table.show_table(shown, rows, marks=[], emphasised=frozenset({"value"}))
        self._show_curve()
        self._show_picked()
        self.ready.emit()

    def _on_failed(self, error: UserError) -> None:
        self.failed.emit(Notice(line=error.what, detail=f"{error.why} {error.do}".strip()))

    def _show_curve(self) -> None:
        found = self._found
        if found is None:
            return
        self.sentence.setText(unbroken(scenario_sentence(found.report, self._inputs, found.bench, self.current_found)))
        self.curve.setVisible(found.curve is not None)
        words = band_words(found.report, found.curve) if found.curve is not None else {}
        for key, box in self.bands.items():
            box.setVisible(key in words)
            box.setText(words.get(key, ""))
            box.setIcon(mark("square", self.theme.colour(COLOURS[key]), 12, self.devicePixelRatioF()))
            box.setAccessibleName(tr("Show: {band}").format(band=words.get(key, key)))
        if found.curve is not None:
            shown = [key for key, box in self.bands.items() if box.isChecked()]
            self.curve.set_figure(curve_figure(found.report, found.curve, shown))

    @property
    def current_found(self) -> int:
        """Place of the scenario on show among those that were computed."""
        return min(self.current, len(self._found.bench.scenarios) - 1) if self._found is not None else 0

    def _show_current(self) -> None:
        self._which.setText(tr("Scenario {letter}").format(letter=letter(self.current)))
        self.remove_button.setEnabled(len(self.scenarios) > 1)
        self.form.show_scenario(self.scenarios[self.current])

    def _show_picked(self) -> None:
        self.sources.set_selected([self.current_found])
        self.table.set_picked([self.current_found], self.current_found)

    def _on_edited(self, scenario: Scenario) -> None:
        self.scenarios[self.current] = scenario
        self._select_group(scenario)
        self._compute()

    def _select_group(self, scenario: Scenario) -> None:
        """Select the group of a scenario in all views."""
        for grouping, level in scenario.groups.items():
            assert self.report is not None
            levels = next(groups.levels for groups in self.report.groups if groups.grouping == grouping)
            self.selecting.use(grouping, levels)
            if self.document.selection.last != level:
                self.selecting.choose([levels.index(level)])
            self._followed = self.document.selection
            return

    def _on_add(self) -> None:
        self.scenarios.insert(self.current + 1, self.scenarios[self.current])
        self._go_to(self.current + 1)
        self._compute()

    def _on_remove(self) -> None:
        self.scenarios.pop(self.current)
        self._go_to(min(self.current, len(self.scenarios) - 1))
        self._compute()

    def _go_to(self, place: int) -> None:
        self.current = place
        self._show_current()
        self._select_group(self.scenarios[place])

    def _on_rows(self, rows: list[int]) -> None:
        if rows and rows[-1] != self.current and rows[-1] < len(self.scenarios):
            self._go_to(rows[-1])
            self._compute()
        elif not rows:
            self._show_picked()

    def _on_stepped(self, by: int) -> None:
        self._on_rows([min(max(self.current + by, 0), len(self.scenarios) - 1)])

    def order(self) -> Sequence[int]:
        """Return no groups: arrow keys walk through the scenarios."""
        return ()

    def figures(self) -> tuple[Figure, ...]:
        """Return the scenarios and the curve."""
        return tuple(canvas.figure for canvas in (self.curve, self.sources) if canvas.figure is not None)

    def tables(self) -> tuple[ResultTable, ...]:
        """Return the bench with values, intervals and sources."""
        return (self._table,) if self._table is not None else ()

    def sizeHint(self) -> QSize:
        return QSize(820, 760)


def _scrolling(page: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(page)
    return area


def _inputs(report: Report, _on_step: OnStep) -> tuple[Report, tuple[Input, ...]]:
    return report, inputs_of(report)


def _predict(
    report: Report, inputs: tuple[Input, ...], scenarios: tuple[Scenario, ...], current: int, along: str, _on_step: OnStep
) -> _Found:
    bench = predict_scenarios(report, inputs, scenarios)
    name = along or _first_number(inputs)
    curve = predict_along(report, inputs, scenarios[current], name) if name else None
    return _Found(report=report, bench=bench, curve=curve)


def _first_number(inputs: Sequence[Input]) -> str:
    """Return the name of the first number among the inputs, else of the first input, "" without any."""
    ordered = sorted(inputs, key=lambda one: bool(one.levels))
    return ordered[0].name if ordered else ""


def _kept(report: Report, inputs: Sequence[Input], scenario: Scenario) -> Scenario:
    """Return a scenario as far as another model knows its values and groups."""
    levels = {groups.grouping: groups.levels for groups in report.groups}
    groups = {name: level for name, level in scenario.groups.items() if level in levels.get(name, ())}
    values = {
        one.name: scenario.values[one.name] for one in inputs
        if one.name in scenario.values and (not one.levels or scenario.values[one.name] in one.levels)
    }  # fmt: skip
    return settled(report, inputs, Scenario(values=values, groups=groups))
