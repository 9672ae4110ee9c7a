"""The tabs in the middle of the window.

`Centre(document, theme, runner)`; the shell calls `refresh(change, origin)` on every change and `set_slow(bool)` while a fit
takes long, and listens to `asked(key)`: "keep", "fit", "log", "outcome", "groups", "predictor", and `finding_asked(code)`.
Views are built when first shown and draw only while visible. `moved(report)`: the view stands elsewhere than at the fit,
None: at it again.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QTabBar, QVBoxLayout, QWidget

from mlgui.errors import UserError
from mlgui.gui.centre.empty import CHOOSE_GROUPS, CHOOSE_OUTCOME, FIT, SHOW_LOG, Notice, NoticePage
from mlgui.gui.centre.figure_view import FigureView
from mlgui.gui.centre.strip import Strip, Veil, strip_words
from mlgui.gui.centre.tabs import TABS
from mlgui.gui.centre.view import SIDE_PX, View
from mlgui.gui.editing.editor import FigureEditing
from mlgui.gui.plots.canvas import FigureCanvas
from mlgui.gui.runner import Runner, Surprise
from mlgui.gui.theme import Theme
from mlgui.gui.widgets import line
from mlgui.results.figure import Figure
from mlgui.results.report import Report
from mlgui.results.tables import ResultTable
from mlgui.session.changes import Change
from mlgui.session.document import Document, Fit, FitState
from mlgui.words import tr

_REDRAWING = Change.TABLE | Change.MODELS | Change.ACTIVE | Change.FIT | Change.FILE | Change.SETTINGS
_NOTHING_DRAWN = object()


class Centre(QWidget):
    """Tab bar, strip and views of one document."""

    asked = Signal(str)
    finding_asked = Signal(str)
    tab_changed = Signal(str)
    moved = Signal(object)
    coefficient_chosen = Signal(str)

    def __init__(self, document: Document, theme: Theme, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document, self._theme, self._runner = document, theme, runner
        self._elsewhere: Report | None = None
        self._coefficient = ""
        self._grouping = ""
        self._slow = False
        self._views: dict[str, View] = {}
        self._drawn: dict[str, object] = {}
        self.bar = QTabBar()
        self.strip = Strip(theme)
        self.stack = QStackedWidget()
        self._notice = NoticePage()
        self._blank = QWidget()
        self._veil = Veil(theme, self.stack)
        self._editing = FigureEditing(document, theme, self)
        self._lay_out()
        self._connect()
        self._update()

    def _lay_out(self) -> None:
        self.bar.setDocumentMode(True)
        self.bar.setExpanding(False)
        self.bar.setUsesScrollButtons(True)
        self.bar.setAccessibleName(tr("Results"))
        for key, title, _ in TABS:
            self.bar.setTabData(self.bar.addTab(title), key)
        self.stack.addWidget(self._blank)
        self.stack.addWidget(self._notice)
        self._around = QWidget()
        around = QVBoxLayout(self._around)
        around.setContentsMargins(SIDE_PX, 12, SIDE_PX, 0)
        around.addWidget(self.strip)
        tabs = QVBoxLayout()
        tabs.setContentsMargins(10, 0, 10, 0)
        tabs.addWidget(self.bar)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(tabs)
        whole.addWidget(line())
        whole.addWidget(self._around)
        whole.addWidget(self.stack, 1)

    def _connect(self) -> None:
        self.bar.currentChanged.connect(self._on_tab)
        self.strip.asked.connect(self.asked)
        self._notice.asked.connect(self.asked)
        self.stack.installEventFilter(self)

    @property
    def tab(self) -> str:
        """Key of the tab on show."""
        return str(self.bar.tabData(self.bar.currentIndex()))

    def show_tab(self, key: str) -> None:
        """Show a tab by its key; nothing happens where it is disabled."""
        for place, (name, _, _) in enumerate(TABS):
            if name == key and self.bar.isTabEnabled(place):
                self.bar.setCurrentIndex(place)

    def view(self, key: str) -> View:
        """Return a view, built if it was never shown."""
        if key not in self._views:
            view = next(tab for name, _, tab in TABS if name == key).make(self._document, self._theme, self._runner)
            view.linked.connect(self.finding_asked)
            view.failed.connect(partial(self._on_failed, key))
            view.moved.connect(self._announce_place)
            view.coefficient_chosen.connect(self.choose_coefficient)
            if isinstance(view, FigureView):
                view.groupings.chosen.connect(self._on_grouping)
            view.edit_figures_with(self._editing)
            self._views[key] = view
            self.stack.addWidget(view)
            self._veil.raise_()
        return self._views[key]

    def choose_coefficient(self, name: str) -> None:
        """Select an average coefficient in all views, "" for none."""
        if name != self._coefficient:
            self._coefficient = name
            self.mark_coefficient("")
            self.coefficient_chosen.emit(name)

    def mark_coefficient(self, name: str) -> None:
        """Mark the coefficient under the mouse elsewhere; "": the selected one again."""
        self._views[self.tab].mark_coefficient(name or self._coefficient)

    def figures(self) -> tuple[Figure, ...]:
        """Return the figures on show, for export."""
        return self._views[self.tab].figures() if self._shows_view() else ()

    def edit_figure(self) -> None:
        """Open the list of what can be changed of the figure on show: the one with the focus, else the first."""
        canvases = [c for c in self._views[self.tab].findChildren(FigureCanvas) if c.editable and c.isVisible()]
        chosen = next((canvas for canvas in canvases if canvas.hasFocus()), canvases[0] if canvases else None)
        if chosen is not None and self._shows_view():
            self._editing.open_all(chosen)

    def tables(self) -> tuple[ResultTable, ...]:
        """Return the tables on show, for export and Copy."""
        return self._views[self.tab].tables() if self._shows_view() else ()

    def _shows_view(self) -> bool:
        return self.stack.currentWidget() is self._views.get(self.tab)

    def refresh(self, change: Change, origin: object = None) -> None:
        """Take in a change of the document."""
        if change & Change.SELECTION and self._document.selection.levels:
            self._grouping = self._document.selection.grouping  # views shown later follow what was chosen last
        if change & _REDRAWING:
            self._update()
            self._editing.refresh(self.findChildren(FigureCanvas))
        elif change & Change.SELECTION and self._shows_view():
            self._views[self.tab].draw_selection()

    def set_slow(self, slow: bool) -> None:
        """Grey the old numbers while a fit takes long."""
        self._slow = slow
        self._update()

    def _on_tab(self) -> None:
        self._update()
        self.tab_changed.emit(self.tab)

    def _on_failed(self, key: str, notice: Notice) -> None:
        if key == self.tab:
            self._show_notice(notice)

    def _update(self) -> None:
        fit = self._document.active_fit
        for place, (_, _, tab) in enumerate(TABS):
            self.bar.setTabEnabled(place, fit.report is not None or tab.always or place == self.bar.currentIndex())
        view = self.view(self.tab)
        words = None if view.always else strip_words(fit, slow=self._slow)
        self.strip.say(words)
        self._around.setVisible(words is not None)
        self._veil.setVisible(words is not None)
        notice = self._notice_for(view, fit)
        if notice is not None:
            self._show_notice(notice)
        elif fit.report is None and not view.always:
            self.stack.setCurrentWidget(self._blank)
        else:
            self._show(view, fit)
        self._announce_place()

    def _announce_place(self) -> None:
        """Say what the view on show shows instead of the fit, once for every change."""
        elsewhere = self._views[self.tab].elsewhere if self._shows_view() else None
        if elsewhere is not self._elsewhere:
            self._elsewhere = elsewhere
            self.moved.emit(elsewhere)

    def _show(self, view: View, fit: Fit) -> None:
        self.stack.setCurrentWidget(view)
        if isinstance(view, FigureView):
            view.prefer_grouping(self._grouping)
        token = view.token(fit.report)
        if self._drawn.get(self.tab, _NOTHING_DRAWN) != token:
            self._drawn[self.tab] = token
            view.draw(fit.report)
        view.draw_selection()
        view.mark_coefficient(self._coefficient)
        self._veil.raise_()

    def _on_grouping(self, grouping: str) -> None:
        self._grouping = grouping

    def _show_notice(self, notice: Notice) -> None:
        self._notice.show_notice(notice)
        self.stack.setCurrentWidget(self._notice)
        self._drawn.pop(self.tab, None)

    def _notice_for(self, view: View, fit: Fit) -> Notice | None:
        if view.always:
            return None
        if fit.report is not None:
            return view.not_applicable(fit.report)
        if fit.state is FitState.FAILED and fit.error is not None:
            detail = f"{fit.error.why} {fit.error.do}".strip()
            return Notice(line=fit.error.what, detail=detail, actions=self._ways_out(fit.error))
        if fit.state is FitState.WAITING:
            return Notice(line=tr("Fitting the model…")) if self._slow else None
        if fit.state is FitState.STALE:
            return Notice(line=tr("This model has not been fitted."), actions=(("fit", tr("Fit now")),))
        return Notice(line=tr("Choose an outcome and a group"), actions=self._wells())

    def _ways_out(self, error: UserError) -> tuple[tuple[str, str], ...]:
        """Return what may help: other columns, or for a mistake of the program's own another try and the log."""
        if isinstance(error, Surprise):
            return (FIT, tr("Try again")), (SHOW_LOG, tr("Show log"))
        return self._wells()

    def _wells(self) -> tuple[tuple[str, str], ...]:
        return (CHOOSE_OUTCOME, tr("Choose an outcome")), (CHOOSE_GROUPS, tr("Choose groups"))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.stack and isinstance(event, QResizeEvent):
            self._veil.setGeometry(self.stack.rect())
        return super().eventFilter(watched, event)
