"""The status pill and the warning chip: is the model fitted, and is there something to look at?"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QStackedWidget, QToolButton, QWidget

from mlgui.findings import Severity
from mlgui.gui.bridge import Bridge
from mlgui.gui.fitter import Fitter
from mlgui.gui.icons import icon
from mlgui.gui.theme import Theme
from mlgui.gui.widgets import button, label, set_property
from mlgui.progress import Step
from mlgui.session.changes import Change
from mlgui.session.document import Document, FitState
from mlgui.words import ntr, tr

_HEIGHT = 30
_ICON = 15


@dataclass(frozen=True, kw_only=True)
class Status:
    """What the pill says: tone of its colours, icon, words, and whether a click fits the model."""

    tone: str
    icon: str
    text: str
    fits: bool = False


def seconds_text(seconds: float) -> str:
    """Return a duration as people say it: "14 ms", "2.3 s", "1 min 20 s"."""
    if seconds < 1:
        return tr("{n} ms").format(n=max(1, round(seconds * 1000)))
    if seconds < 60:
        return tr("{n} s").format(n=f"{seconds:.1f}")
    return tr("{m} min {s} s").format(m=int(seconds // 60), s=int(seconds % 60))


def status_of(document: Document) -> Status | None:
    """Return what to say about the model on show; None: say nothing new while a short fit runs."""
    fit, model = document.active_fit, document.active_model
    if fit.state is FitState.FITTED and fit.report is not None:
        words = tr("Fitted by {method} in {time}")
        return Status(tone="ok", icon="check", text=words.format(method=fit.report.method, time=seconds_text(fit.report.seconds)))
    if fit.state is FitState.FAILED:
        return Status(tone="err", icon="error", text=tr("Could not fit"))
    if fit.state is FitState.STALE:
        return Status(tone="neutral", icon="pause", text=tr("Not fitted since last change: fit now"), fits=True)
    if model is None or model.spec is None:
        return Status(tone="neutral", icon="info", text=tr("Choose an outcome"))
    return None


class StatusPill(QStackedWidget):
    """Fitted, fitting with progress and Cancel, stale, failed, or incomplete."""

    clicked = Signal()

    def __init__(self, bridge: Bridge, fitter: Fitter, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = bridge.document
        self._fitter = fitter
        self._theme = theme
        self._status: Status | None = None
        self._calm = QToolButton()
        self._calm.setProperty("box", "pill")
        self._calm.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._calm.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._calm.clicked.connect(self._on_clicked)
        self._busy_text = label("", "busy")
        self._bar = QProgressBar()
        self.addWidget(self._calm)
        self.addWidget(self._busy())
        bridge.changed.connect(self._on_changed)
        fitter.slow_changed.connect(self._show)
        fitter.progressed.connect(self._on_progressed)
        theme.changed.connect(self._show)
        self._show()

    def _busy(self) -> QFrame:
        frame = QFrame()
        frame.setProperty("box", "pill")
        frame.setProperty("tone", "busy")
        self._bar.setFixedWidth(90)
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(tr("Progress of the fit"))
        cancel = button(tr("Cancel"), "small", name=tr("Cancel the fit"))
        cancel.clicked.connect(self._fitter.cancel)
        row = QHBoxLayout(frame)
        row.setContentsMargins(12, 0, 3, 0)
        row.setSpacing(10)
        for part in (self._busy_text, self._bar, cancel):
            row.addWidget(part)
        return frame

    def _on_changed(self, change: Change, _origin: object) -> None:
        if change & (Change.FIT | Change.ACTIVE | Change.MODELS | Change.FILE):
            self._show()

    def _show(self) -> None:
        self.setFixedHeight(self._theme.px(_HEIGHT))
        self._calm.setIconSize(QSize(self._theme.px(_ICON), self._theme.px(_ICON)))
        self.setVisible(self._document.snapshot.table is not None)
        if self._fitter.slow and self._document.active_fit.state is FitState.WAITING:
            self._bar.setRange(0, 0)
            self._busy_text.setText(tr("Fitting…"))
            self._turn_to(1)
            return
        self._status = status_of(self._document) or self._status
        if self._status is not None:
            self._show_calm(self._status)
        self._turn_to(0)

    def _turn_to(self, page: int) -> None:
        self.setCurrentIndex(page)
        shown = self.widget(page)
        self.setFixedWidth(shown.sizeHint().width() if shown is not None else 0)

    def _show_calm(self, status: Status) -> None:
        colour = {"ok": "ok", "err": "err"}.get(status.tone, "ink2")
        self._calm.setIcon(icon(status.icon, self._theme, colour))
        self._calm.setText(f" {status.text}")
        self._calm.setAccessibleName(status.text)
        set_property(self._calm, "tone", status.tone)

    def _on_clicked(self) -> None:
        if self._status is not None and self._status.fits:
            self._fitter.fit_now()
        else:
            self.clicked.emit()

    def _on_progressed(self, step: Step) -> None:
        self._bar.setRange(0, step.total or 0)
        self._bar.setValue(step.done if step.total else 0)
        self._busy_text.setText(step.text)
        if self.currentIndex() == 1:
            self._turn_to(1)


class WarningChip(QToolButton):
    """How many warnings the model on show carries; a click goes to the findings."""

    def __init__(self, bridge: Bridge, fitter: Fitter, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = bridge.document
        self._fitter = fitter
        self._theme = theme
        self.setProperty("box", "pill")
        self.setProperty("tone", "warn")
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        bridge.changed.connect(self._on_changed)
        fitter.slow_changed.connect(self._show)
        theme.changed.connect(self._show)
        self._show()

    def _on_changed(self, change: Change, _origin: object) -> None:
        if change & (Change.FIT | Change.ACTIVE | Change.FILE):
            self._show()

    def _show(self) -> None:
        self.setFixedHeight(self._theme.px(_HEIGHT))
        self.setIconSize(QSize(self._theme.px(_ICON), self._theme.px(_ICON)))
        fit = self._document.active_fit
        if fit.state is FitState.WAITING and fit.report is not None:
            self.setVisible(self.isVisible() and not self._fitter.slow)
            return
        n = sum(finding.severity is Severity.WARNING for finding in fit.findings)
        self.setVisible(n > 0 and self._document.snapshot.table is not None)
        text = ntr("{n} warning", "{n} warnings", n).format(n=n)
        self.setText(f" {text}")
        self.setAccessibleName(text)
        self.setIcon(icon("warning", self._theme, "warnmark"))
