"""What the model on show says without the selected groups, beside what it says with them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from mlgui.errors import UserError
from mlgui.gui.bridge import Bridge
from mlgui.gui.runner import Runner
from mlgui.gui.theme import Theme
from mlgui.gui.widgets import button, clear, label, unbroken
from mlgui.progress import OnStep
from mlgui.results.change import ChangeRow, changes
from mlgui.results.nouns import capital
from mlgui.results.report import Report
from mlgui.results.side_by_side import Part
from mlgui.session.changes import Change
from mlgui.session.jobs import fit_model
from mlgui.session.without import keep_without, spec_without_selection, without_words
from mlgui.words import tr

if TYPE_CHECKING:
    from mlgui.data.structure import Structure
    from mlgui.data.table import Table
    from mlgui.spec.model import ModelSpec

LANE = "without"
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class WithoutCard(QFrame):
    """Hidden until `ask()`; then it fits in the background and shows every number before and after. ready(): shown."""

    ready = Signal()

    def __init__(self, bridge: Bridge, theme: Theme, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("box", "card")
        self.setAccessibleName(tr("Without the selected groups"))
        self._document, self._theme, self._runner = bridge.document, theme, runner
        self._spec: ModelSpec | None = None
        self._before: Report | None = None
        self._content = QVBoxLayout(self)
        self._content.setContentsMargins(12, 10, 12, 12)
        self._content.setSpacing(7)
        self.hide()
        bridge.changed.connect(self._on_changed)

    def ask(self) -> None:
        """Fit the model on show without the selected groups."""
        spec, report = spec_without_selection(self._document), self._document.active_fit.report
        table, structure = self._document.snapshot.table, self._document.snapshot.structure
        if spec is None or report is None or table is None or structure is None:
            return
        self._spec, self._before = spec, report
        self._start_anew()
        self._content.addWidget(label(tr("Fitting…"), "caption"))
        stop = button(tr("Cancel"), "link")
        stop.clicked.connect(self.close_card)
        self._content.addWidget(stop, 0, Qt.AlignmentFlag.AlignLeft)
        self.show()
        self._runner.start(LANE, partial(_fitted, table, structure, spec), self._on_fitted, self._on_failed)

    def close_card(self) -> None:
        """Put the card away."""
        self._runner.cancel(LANE)
        self._spec = self._before = None
        self.hide()

    def _on_changed(self, change: Change, _origin: object) -> None:
        """Go when the numbers of before are no longer those on show."""
        if self._before is not None and self._document.active_fit.report is not self._before:
            self.close_card()

    def _start_anew(self) -> None:
        clear(self._content)
        words = without_words(self._spec.excluded) if self._spec is not None else ""
        self._content.addWidget(label(capital(words), "strong", wrap=True))

    def _on_failed(self, error: UserError) -> None:
        self._start_anew()
        self._content.addWidget(label(unbroken(f"{error.what} {error.why} {error.do}".strip()), "secondary", wrap=True))
        self._content.addLayout(self._ways_on(keep=False))
        self.ready.emit()

    def _on_fitted(self, after: Report) -> None:
        if self._before is None:
            return
        self._start_anew()
        found = changes(self._before, after)
        self._content.addWidget(label(unbroken(found.sentence), "secondary", wrap=True, selectable=True))
        self._content.addLayout(self._table(found.rows))
        self._content.addLayout(self._ways_on(keep=True))
        self.ready.emit()

    def _table(self, rows: tuple[ChangeRow, ...]) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(3)
        grid.setColumnStretch(0, 1)
        for column, words in enumerate((tr("with"), tr("without")), 1):
            grid.addWidget(label(words, "caption"), 0, column, _RIGHT)
        place, part = 1, Part.AVERAGES
        for row in rows:
            if row.part is not part:
                part = row.part
                words = tr("Standard deviations") if part is Part.SPREADS else tr("Correlations")
                grid.addWidget(label(words, "caption"), place, 0, 1, 3)
                place += 1
            self._add_row(grid, place, row)
            place += 1
        return grid

    @staticmethod
    def _add_row(grid: QGridLayout, place: int, row: ChangeRow) -> None:
        name = label(row.label, "secondary", wrap=True)
        name.setMinimumWidth(1)
        grid.addWidget(name, place, 0)
        grid.addWidget(label(row.before, "body", selectable=True), place, 1, _RIGHT)
        after = label(f"{row.after} *" if row.notable else row.after, "strong" if row.notable else "body", selectable=True)
        after.setAccessibleName(tr("{name}: {before} with, {after} without").format(
            name=row.label, before=row.before, after=row.after))  # fmt: skip
        after.setToolTip(
            tr("* moves by half a standard error, or its interval gains or loses zero") if row.notable else ""
        )
        grid.addWidget(after, place, 2, _RIGHT)

    def _ways_on(self, *, keep: bool) -> QHBoxLayout:
        row = QHBoxLayout()
        if keep:
            kept = button(tr("Keep as a model"), "small")
            kept.setToolTip(tr("Adds this model to the list; the rows stay in the data, struck through. Undo takes it back."))
            kept.clicked.connect(self._on_keep)
            row.addWidget(kept)
        close = button(tr("Close"), "link", name=tr("Close the comparison"))
        close.clicked.connect(self.close_card)
        row.addWidget(close)
        row.addStretch()
        return row

    def _on_keep(self) -> None:
        spec = self._spec
        if spec is not None:
            keep_without(self._document, spec, self)


def _fitted(table: Table, structure: Structure, spec: ModelSpec, on_step: OnStep) -> Report:
    return fit_model(table, structure, spec, on_step)
