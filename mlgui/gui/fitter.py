"""Keeps every model of the document fitted, in the background.

    fitter = Fitter(bridge, runner)
    fitter.slow_changed.connect(...)     # bool: a fit has run for more than 0.6 s; before that nothing may flicker
    fitter.progressed.connect(...)       # Step
    fitter.cancel(); fitter.fit_now(); fitter.keep_previous()

The document itself notes which models wait (`Document.waiting`); this only sees to it that they do not wait long.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from mlgui.errors import UserError
from mlgui.gui.bridge import Bridge
from mlgui.gui.runner import Runner
from mlgui.progress import OnStep, Step
from mlgui.session.changes import Change
from mlgui.session.document import Fit, FitState
from mlgui.words import tr

if TYPE_CHECKING:
    from mlgui.data.structure import Structure
    from mlgui.data.table import Table
    from mlgui.results.report import Report
    from mlgui.spec.model import ModelSpec

FitModel = Callable[["Table", "Structure", "ModelSpec", OnStep], "Report"]
LANE = "fit"
PATIENCE_MS = 600
_REMEMBERED = 12


def _fit_model(table: Table, structure: Structure, spec: ModelSpec, on_step: OnStep) -> Report:
    from mlgui.session.jobs import fit_model

    return fit_model(table, structure, spec, on_step)


class Fitter(QObject):
    """Refits what waits, the model on show first, one at a time; the newest specification wins."""

    slow_changed = Signal(bool)
    progressed = Signal(object)

    def __init__(
        self,
        bridge: Bridge,
        runner: Runner,
        *,
        auto: bool = True,
        fit_model: FitModel = _fit_model,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.auto = auto
        self.slow = False
        self._document = bridge.document
        self._runner = runner
        self._fit_model = fit_model
        self._asked = False
        self._running: tuple[int, ModelSpec, Table] | None = None
        self._recent: list[Report] = []
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(PATIENCE_MS)
        self._patience.timeout.connect(self._on_slow)
        bridge.changed.connect(self._on_changed)
        runner.progressed.connect(self._on_progressed)

    @property
    def fitting(self) -> int | None:
        """Key of the model being fitted, None when idle."""
        return self._running[0] if self._running else None

    def fit_now(self) -> None:
        """Fit every model whose numbers are stale or failed, whether or not fitting is automatic."""
        self._asked = True
        self._recent.clear()
        for model in self._document.snapshot.models:
            fit = self._document.fit(model.key)
            if model.spec is not None and fit.state in (FitState.STALE, FitState.FAILED):
                self._document.set_fit(model.key, Fit(state=FitState.WAITING, report=fit.report), self)
        self._start_next()

    def refit(self) -> None:
        """Fit every model again: the same numbers, in words that have changed."""
        self._stop()
        self._asked = True
        self._recent.clear()
        for model in self._document.snapshot.models:
            if model.spec is not None:
                before = self._document.fit(model.key)
                self._document.set_fit(model.key, Fit(state=FitState.WAITING, report=before.report), self)
        self._start_next()

    def cancel(self) -> None:
        """Stop fitting; models that wait keep their old numbers, marked stale."""
        self._stop()
        for key in self._document.waiting:
            self._document.mark_stale(key, self)

    def keep_previous(self) -> None:
        """Give the model on show the specification its numbers belong to."""
        model, fit = self._document.active_model, self._document.active_fit
        self._stop()
        if model is not None and fit.report is not None:
            self._document.edit_spec(tr("Keep the previous model"), fit.report.design.spec, self)

    def _on_changed(self, change: Change, _origin: object) -> None:
        if change & (Change.TABLE | Change.MODELS | Change.ACTIVE | Change.FIT | Change.FILE):
            self._drop_outdated()
            self._start_next()

    def _drop_outdated(self) -> None:
        if self._running is None:
            return
        key, spec, table = self._running
        model = self._document.snapshot.model(key)
        wanted = model is not None and model.spec == spec and self._document.snapshot.table is table
        if not wanted or key not in self._document.waiting:
            self._stop()

    def _stop(self) -> None:
        self._running = None
        self._runner.cancel(LANE)
        self._set_slow(False)

    def _start_next(self) -> None:
        if self._running is not None:
            return
        if not self._document.waiting:
            self._asked = False
            return
        if not self.auto and not self._asked:
            self._hold()
            return
        snapshot, key = self._document.snapshot, self._document.waiting[0]
        model, table, structure = snapshot.model(key), snapshot.table, snapshot.structure
        if model is None or model.spec is None or table is None or structure is None:
            return
        spec = model.spec
        known = self._remembered(spec, table)
        if known is not None:
            self._store(key, known)
            return
        self._running = (key, spec, table)
        self._patience.start()

        def work(on_step: OnStep) -> Report:
            return self._fit_model(table, structure, spec, on_step)

        self._runner.start(LANE, work, self._on_done, self._on_failed, self._on_cancelled)

    def _hold(self) -> None:
        for key in self._document.waiting:
            self._document.mark_stale(key, self)

    def _remembered(self, spec: ModelSpec, table: Table) -> Report | None:
        """Return an earlier report of the same question, so that undo is instant."""
        for report in self._recent:
            if report.design.table is table and report.design.spec == spec:
                return report
        return None

    def _on_done(self, report: Report) -> None:
        if self._running is None:
            return
        key, self._running = self._running[0], None
        self._recent = [report, *self._recent][:_REMEMBERED]
        self._set_slow(False)
        self._store(key, report)
        self._start_next()

    def _store(self, key: int, report: Report) -> None:
        self._document.set_fit(key, Fit(state=FitState.FITTED, report=report, findings=report.findings), self)

    def _on_failed(self, error: UserError) -> None:
        if self._running is None:
            return
        key, self._running = self._running[0], None
        self._set_slow(False)
        before = self._document.fit(key)
        self._document.set_fit(key, Fit(state=FitState.FAILED, report=before.report, error=error), self)
        self._start_next()

    def _on_cancelled(self) -> None:
        self._running = None
        self._set_slow(False)

    def _on_slow(self) -> None:
        if self._running is not None:
            self._set_slow(True)

    def _set_slow(self, slow: bool) -> None:
        if not slow:
            self._patience.stop()
        if slow != self.slow:
            self.slow = slow
            self.slow_changed.emit(slow)

    def _on_progressed(self, lane: str, step: Step) -> None:
        if lane == LANE and self.slow:
            self.progressed.emit(step)
