"""Does it vary? Likelihood-ratio tests of what varies by group, on demand."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from mlgui.errors import UserError
from mlgui.gui.bridge import Bridge
from mlgui.gui.runner import Runner
from mlgui.gui.widgets import button, clear, label, unbroken
from mlgui.progress import OnStep, Step
from mlgui.results import numbers
from mlgui.results.likelihood_ratio import LikelihoodRatio
from mlgui.results.random_terms import null_words, random_term_tests, reduction_words, reductions
from mlgui.results.report import Report
from mlgui.session.changes import Change
from mlgui.words import tr

LANE = "varies"
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop


class DoesItVary(QWidget):
    """A button, then a line per random term: how much worse the fit is without it. ready(): shown."""

    ready = Signal()

    def __init__(self, bridge: Bridge, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document, self._runner = bridge.document, runner
        self._report: Report | None = None
        self.ask = button(tr("Test what varies"), "small")
        self.ask.setToolTip(tr("Fits the model without each random term and compares the likelihoods"))
        self.ask.clicked.connect(self.test)
        self._content = QVBoxLayout()
        self._content.setSpacing(6)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(8)
        whole.addWidget(label(tr("Does it vary?").upper(), "section"))
        whole.addWidget(self.ask, 0, Qt.AlignmentFlag.AlignLeft)
        whole.addLayout(self._content)
        self.hide()
        bridge.changed.connect(self._on_changed)

    def _on_changed(self, change: Change, _origin: object) -> None:
        report = self._document.active_fit.report
        if not change & (Change.FIT | Change.ACTIVE | Change.FILE) or report is self._report:
            return
        self._report = report
        self._runner.cancel(LANE)
        clear(self._content)
        self.ask.setEnabled(True)
        self.ask.show()
        self.setVisible(report is not None and bool(report.groups))

    def test(self) -> None:
        """Start the tests, unless they are under way or shown; `ready` follows in any case."""
        if self.ask.isHidden():
            self.ready.emit()
        elif self._report is not None and self.ask.isEnabled():
            self.ask.setEnabled(False)
            self._runner.start(LANE, partial(_tested, self._report), self._show, self._on_failed)

    def _on_failed(self, error: UserError) -> None:
        self._content.addWidget(label(unbroken(f"{error.what} {error.why} {error.do}".strip()), "secondary", wrap=True))
        self.ask.hide()
        self.ready.emit()

    def _show(self, tests: tuple[LikelihoodRatio, ...]) -> None:
        assert self._report is not None
        self.ask.hide()
        left_out = [reduction_words(self._report, each) for each in reductions(self._report.design)]
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(0, 1)
        for column, words in enumerate((tr("without"), tr("ratio"), tr("p"))):
            grid.addWidget(label(words, "caption"), 0, column, _RIGHT if column else Qt.AlignmentFlag.AlignLeft)
        for row, (test, words) in enumerate(zip(tests, left_out, strict=True), 1):
            name = label(words, "secondary", wrap=True)
            name.setToolTip(test.name)
            name.setMinimumWidth(1)
            p = label(numbers.p_value(test.p), "strong", selectable=True)
            p.setToolTip(tr("compared with {null}").format(null=null_words(test.null)))
            grid.addWidget(name, row, 0)
            grid.addWidget(label(numbers.number(test.statistic, 1), "body", selectable=True), row, 1, _RIGHT)
            grid.addWidget(p, row, 2, _RIGHT)
        self._content.addLayout(grid)
        words = tr(
            "A small p: the data speak against groups that are all alike in this. A large one does not show that they are."
        )
        self._content.addWidget(label(unbroken(words), "caption", wrap=True))
        self.ready.emit()


def _tested(report: Report, on_step: OnStep) -> tuple[LikelihoodRatio, ...]:
    def count(done: int, total: int) -> None:
        on_step(Step(text=tr("Leaving out what varies"), done=done, total=total))

    return random_term_tests(report.design, report.estimates, count)
