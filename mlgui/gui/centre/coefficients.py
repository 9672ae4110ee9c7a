"""Coefficients: all models on one scale, as a plot and as a table."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from mlgui.gui.centre.choices import Choice
from mlgui.gui.centre.coefficient_rows import comparison_headings, comparison_note, comparison_rows
from mlgui.gui.centre.model_ticks import Fitted, ModelTicks
from mlgui.gui.centre.view import View
from mlgui.gui.clipboard import copy_tables
from mlgui.gui.items.cell_table import CellTable
from mlgui.gui.plots.canvas import FigureCanvas
from mlgui.gui.theme import Theme
from mlgui.gui.widgets import Segments, label
from mlgui.results.figure import Figure
from mlgui.results.figures.coefficients import coefficient_names, coefficients
from mlgui.results.report import Report
from mlgui.results.table_builders import fixed_table
from mlgui.results.tables import ResultTable
from mlgui.session.document import Document
from mlgui.words import tr

_ROW_PX, _AROUND_PX = 34, 70
_LEVELS = ("0.95", "0.9", "0.99")
_STANDARDISED = "sd"


class CoefficientsView(View):
    """Ticked models side by side; the model on show is always ticked first."""

    def __init__(self, document: Document, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(document, theme, parent)
        self._marked = ""
        self.canvas = FigureCanvas(theme, legend=False, zooms=False)
        self.table = CellTable([], theme, name=tr("Coefficients of all models"), row_px=27)
        self.scale = Segments((("raw", tr("As estimated")), (_STANDARDISED, tr("Per 1 SD"))), name=tr("Scale"))
        self.confidence = Choice(tr("Confidence"))
        self.confidence.offer([(level, tr("{n} %").format(n=round(100 * float(level)))) for level in _LEVELS])
        self.intercept = QCheckBox(tr("Show intercept"))
        self.note = label("", "caption", wrap=True)
        self.ticks = ModelTicks(document, theme, fewest=2)
        self._copy = self.copy_button(tr("Copy table"))
        for control in (self.scale, self.confidence, self._copy):
            self.add_control(control)
        self.body.addWidget(self._page())
        self._connect()

    def _page(self) -> QScrollArea:
        column = QVBoxLayout()
        column.setSpacing(10)
        row = QHBoxLayout()
        row.addLayout(self.ticks)
        row.addStretch()
        row.addWidget(self.intercept)
        column.addLayout(row)
        column.addWidget(self.canvas)
        column.addWidget(self.table)
        column.addWidget(self.note)
        column.addStretch()
        return self.scroll_below(column)

    def _connect(self) -> None:
        self.scale.chosen.connect(self._redraw)
        self.confidence.chosen.connect(self._redraw)
        self.intercept.toggled.connect(self._redraw)
        self.table.chosen.connect(self.coefficient_chosen)
        self.canvas.selected.connect(self._on_mark)
        self.canvas.cleared.connect(lambda: self.coefficient_chosen.emit(""))
        self._copy.clicked.connect(lambda: copy_tables(list(self.tables())))
        self.ticks.changed.connect(self._redraw)

    def token(self, report: Report | None) -> object:
        """Return every model with its report: each of them is on show."""
        return tuple((model.key, model.name, self.document.fit(model.key).report) for model in self.document.snapshot.models)

    def draw(self, report: Report | None) -> None:
        """Show the coefficients of every fitted model."""
        self.ticks.read()
        self._redraw()

    def _shown(self) -> list[Fitted]:
        """Return the ticked models; the one on show where none is."""
        models = self.ticks.models
        return self.ticks.ticked() or [model for model in models if model[0] == self.document.snapshot.active] or models[:1]

    def _redraw(self) -> None:
        shown = self._shown()
        if not shown:
            return
        standardised, level = self.scale.key == _STANDARDISED, float(self.confidence.key)
        only = all(len(report.fixed) == 1 for _, _, report in shown)
        figure = coefficients(
            [(name, report) for _, name, report in shown], intercept=self.intercept.isChecked() or only,
            standardised=standardised, confidence=level,
        )  # fmt: skip
        self.set_heading(figure.title, figure.subtitle)
        self.canvas.set_figure(figure)
        rows = len(figure.panels[0].y.ticks or ())
        self.canvas.setFixedHeight(self.theme.px(_AROUND_PX + _ROW_PX * rows))
        named = [(name, self.ticks.mark_of(key), report) for key, name, report in shown]
        self.table.show(comparison_rows(named, level, standardised=standardised), comparison_headings(named, level))
        self.note.setText(comparison_note([report for _, _, report in named]))
        self.mark_coefficient(self._marked)

    def mark_coefficient(self, name: str) -> None:
        """Mark a coefficient in the table and in the plot."""
        self._marked = name
        self.table.mark(name)
        names = self._names()
        self.canvas.set_selected([names.index(name)] if name in names else [])

    def _names(self) -> list[str]:
        """Return the coefficients in the order the marks of the plot are numbered in."""
        return coefficient_names([report for _, _, report in self._shown()])

    def _on_mark(self, chosen: list[int], _add: bool) -> None:
        names = self._names()
        self.coefficient_chosen.emit(names[chosen[0]] if chosen else "")

    def figures(self) -> tuple[Figure, ...]:
        """Return the plot."""
        return (self.canvas.figure,) if self.canvas.figure is not None else ()

    def tables(self) -> tuple[ResultTable, ...]:
        """Return the coefficient table of every ticked model."""
        return tuple(fixed_table(report) for _, _, report in self._shown())
