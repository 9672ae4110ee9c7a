"""Compare: models in columns, every number in rows, what differs from a reference marked."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from mlgui.errors import UserError
from mlgui.gui.centre.choices import Choice
from mlgui.gui.centre.compare_rows import estimate_rows, fit_rows, headings
from mlgui.gui.centre.model_ticks import Fitted, ModelTicks
from mlgui.gui.centre.view import View
from mlgui.gui.clipboard import copy_tables
from mlgui.gui.items.cell_table import CellTable
from mlgui.gui.runner import Runner
from mlgui.gui.theme import Theme
from mlgui.gui.widgets import Segments, button, label, unbroken
from mlgui.progress import OnStep
from mlgui.results.compare import Compared, compare
from mlgui.results.compare_tables import comparison_note, criteria_table, side_by_side_table
from mlgui.results.report import Report
from mlgui.results.side_by_side import rows
from mlgui.results.tables import ResultTable
from mlgui.session.document import Document
from mlgui.session.ladder import add_ladder, ladder
from mlgui.words import ntr, tr

LANE = "compare"
_DIFFERENCES = "differences"


class CompareView(View):
    """All fitted models that are ticked. Estimates are as reported; criteria are computed beside the window on equal terms."""

    ready = Signal()

    def __init__(self, document: Document, theme: Theme, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(document, theme, parent)
        self._runner = runner
        self.compared: Compared | None = None
        self.reference = Choice(tr("Reference model"))
        self.content = Segments((("values", tr("Values")), (_DIFFERENCES, tr("Differences"))), name=tr("Show"))
        self.ladder = button(tr("Add the standard ladder"))
        self.table = CellTable([], theme, name=tr("Models compared"), row_px=27)
        self.note = label("", "caption", wrap=True, selectable=True)
        self.ticks = ModelTicks(document, theme, fewest=3)
        self._copy = self.copy_button(tr("Copy table"))
        self._caption = self.add_control(self.reference, tr("Reference"))
        self.add_control(self.content)
        self.body.addWidget(self._page())
        self._connect()

    def _connect(self) -> None:
        self.reference.chosen.connect(self._show)
        self.content.chosen.connect(self._show)
        self.ladder.clicked.connect(lambda: add_ladder(self.document, self))
        self.ladder.setToolTip(tr("Null, random intercepts, random slopes, cross-level interactions: steps to the model on show"))
        self._copy.clicked.connect(lambda: copy_tables(list(self.tables())))
        self.ticks.changed.connect(self._choose_models)

    def _page(self) -> QScrollArea:
        column = QVBoxLayout()
        column.setSpacing(10)
        row = QHBoxLayout()
        row.addLayout(self.ticks)
        row.addStretch()
        row.addWidget(self.ladder)
        row.addWidget(self._copy)
        column.addLayout(row)
        column.addWidget(self.table)
        column.addWidget(self.note)
        column.addStretch()
        return self.scroll_below(column)

    def token(self, report: Report | None) -> object:
        """Return every model with its report: each of them is on show."""
        models = tuple((model.key, model.name, self.document.fit(model.key).report) for model in self.document.snapshot.models)
        return models, self.document.snapshot.active

    def draw(self, report: Report | None) -> None:
        """Show the numbers of every fitted model, and compute what compares them."""
        self.ticks.read()
        self._choose_models()
        self._offer_ladder()

    def _offer_ladder(self) -> None:
        model, structure = self.document.active_model, self.document.snapshot.structure
        steps = ladder(model.spec, structure) if model is not None and model.spec is not None and structure is not None else ()
        present = [other.spec for other in self.document.snapshot.models]
        self.ladder.setVisible(any(spec not in present for _, spec in steps))

    @property
    def shown(self) -> list[Fitted]:
        """The ticked models; all of them where fewer than two are ticked or ticks are not offered."""
        ticked = self.ticks.ticked()
        return ticked if len(ticked) > 1 and self.ticks.offered else self.ticks.models

    def _choose_models(self) -> None:
        """Show the ticked models and start comparing them."""
        shown = self.shown
        several = len(shown) > 1
        self.reference.offer([(str(key), name) for key, name, _ in shown])
        self.reference.setVisible(several)
        if self._caption is not None:
            self._caption.setVisible(several)
        self.content.setVisible(several)
        self.compared = None
        self._show()
        names, reports = [name for _, name, _ in shown], [report for _, _, report in shown]
        self._runner.start(LANE, partial(_compared, reports, names), self._on_compared, self._on_failed)

    def _on_compared(self, compared: Compared) -> None:
        self.compared = compared
        self._show()
        self.ready.emit()

    def _on_failed(self, error: UserError) -> None:
        self.note.setText(unbroken(f"{error.what} {error.why} {error.do}".strip()))
        self.ready.emit()

    def _show(self) -> None:
        shown = self.shown
        n, keys = len(shown), [str(key) for key, _, _ in shown]
        reference = keys.index(self.reference.key) if self.reference.key in keys else 0
        name = shown[reference][1] if shown else ""
        subtitle = tr("Add a model, or the standard ladder, to see them side by side.")
        if n > 1:
            subtitle = tr("In colour: what only one of {name} and the model in the column has.").format(name=name)
        self.set_heading(ntr("{n} model", "{n} models side by side", n).format(n=n), subtitle)
        marks = [self.ticks.mark_of(key) for key, _, _ in shown]
        differences = n > 1 and self.content.key == _DIFFERENCES
        body = estimate_rows(rows([report for _, _, report in shown]), reference, differences=differences)
        if self.compared is not None:
            body += fit_rows(self.compared, reference, differences=differences)
            self.note.setText(unbroken(comparison_note(self.compared)))
        else:
            self.note.setText(tr("Comparing…"))
        self.table.show(body, headings([name for _, name, _ in shown], marks, reference))

    def tables(self) -> tuple[ResultTable, ...]:
        """Return criteria and estimates, once they are comparable."""
        return (criteria_table(self.compared), side_by_side_table(self.compared)) if self.compared is not None else ()


def _compared(reports: list[Report], names: list[str], on_step: OnStep) -> Compared:
    return compare(reports, names, on_step)
