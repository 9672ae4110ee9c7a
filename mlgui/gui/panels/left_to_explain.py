"""What the group-level predictors explain of the differences between groups, and what is left to explain."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from mlgui.errors import UserError
from mlgui.gui.bridge import Bridge
from mlgui.gui.runner import Runner
from mlgui.gui.widgets import clear, label, unbroken
from mlgui.progress import OnStep
from mlgui.results import numbers
from mlgui.results.explained import Explained, explained
from mlgui.results.nouns import capital, group_plural
from mlgui.results.report import Report
from mlgui.session.changes import Change
from mlgui.session.document import FitState
from mlgui.words import tr

LANE = "explained"
_QUIET_MS = 250
"""How long no newer fit may come before this one is looked at: another fit must not take its time from the next tick."""
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop


class LeftToExplain(QWidget):
    """A block per grouping: each varying coefficient's SD before and after its predictors. ready(): shown."""

    ready = Signal()

    def __init__(self, bridge: Bridge, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document, self._runner = bridge.document, runner
        self._report: Report | None = None
        self.content = QVBoxLayout(self)
        self.content.setContentsMargins(0, 0, 0, 0)
        self.content.setSpacing(8)
        self._quiet = QTimer(self, interval=_QUIET_MS, singleShot=True)
        self._quiet.timeout.connect(self._start)
        self.hide()
        bridge.changed.connect(self._on_changed)

    def _on_changed(self, change: Change, _origin: object) -> None:
        fit = self._document.active_fit
        if not change & (Change.FIT | Change.ACTIVE | Change.FILE) or fit.report is self._report:
            return
        if fit.report is not None and fit.state is FitState.FITTED and any(_has_predictors(fit.report)):
            self._report = fit.report
            self._quiet.start()
        elif fit.report is None or fit.state is FitState.FITTED:
            self._report = None
            self._quiet.stop()
            self._runner.cancel(LANE)
            self.hide()

    def _start(self) -> None:
        if self._report is not None:
            self._runner.start(LANE, partial(_computed, self._report), self._show, self._on_failed)

    def _on_failed(self, _error: UserError) -> None:
        self.hide()

    def _show(self, found: dict[str, tuple[Explained, ...]]) -> None:
        clear(self.content)
        self.content.addWidget(label(tr("Left to explain").upper(), "section"))
        for grouping, ones in found.items():
            if len(found) > 1:
                self.content.addWidget(label(capital(group_plural(grouping)), "strong", wrap=True))
            grid = QGridLayout()
            grid.setHorizontalSpacing(10)
            grid.setVerticalSpacing(4)
            grid.setColumnStretch(0, 1)
            for row, one in enumerate(one for one in ones if one.predictors):
                self._add(grid, row, one)
            self.content.addLayout(grid)
        self.content.addWidget(
            label(tr("SD between groups without its group-level predictors, and with them"), "caption", wrap=True)
        )
        self.show()
        self.ready.emit()

    @staticmethod
    def _add(grid: QGridLayout, row: int, one: Explained) -> None:
        name = label(capital(one.coefficient), "secondary", wrap=True)
        name.setMinimumWidth(1)
        name.setToolTip(one.text)
        digits = numbers.decimals_of_spread((one.before, one.after))
        sds = label(f"{numbers.number(one.before, digits)} → {numbers.number(one.after, digits)}", "body", selectable=True)
        share = label(unbroken(numbers.percent(one.share)), "strong", selectable=True)
        share.setAccessibleName(one.text)
        share.setToolTip(one.text)
        grid.addWidget(name, row, 0)
        grid.addWidget(sds, row, 1, _RIGHT)
        grid.addWidget(share, row, 2, _RIGHT)


def _has_predictors(report: Report) -> list[bool]:
    return [
        any(len(predictors) > 1 for predictors in varying.predictors) for varying in report.design.groupings
    ]  # the first predictor of a coefficient is its average


def _computed(report: Report, on_step: OnStep) -> dict[str, tuple[Explained, ...]]:
    found = {groups.grouping: explained(report, groups.grouping) for groups in report.groups}
    return {name: ones for name, ones in found.items() if any(one.predictors for one in ones)}
