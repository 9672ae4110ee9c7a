"""Model options: everything about the model on show that few models need. Each choice is fitted at once and is a step of undo."""

from __future__ import annotations

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from mlgui.gui.desk import Desk
from mlgui.gui.dialogs.beside import add_keys
from mlgui.gui.dialogs.model_methods import ResidualsPage, TestingPage
from mlgui.gui.dialogs.model_pages import Page, PredictorsPage, RowsPage
from mlgui.gui.widgets import Segments, button, label
from mlgui.session.changes import Change
from mlgui.spec.model import ModelSpec
from mlgui.words import tr

PREDICTORS, ROWS, RESIDUALS, TESTING = "predictors", "rows", "residuals", "testing"


class ModelOptions(QDialog):
    """A window beside the main one, which stays in use; it follows the model on show."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.setWindowTitle(tr("Model options"))
        self.setAccessibleName(tr("Model options"))
        self.pages: dict[str, Page] = {
            PREDICTORS: PredictorsPage(), ROWS: RowsPage(), RESIDUALS: ResidualsPage(), TESTING: TestingPage(),
        }  # fmt: skip
        names = (tr("Predictors"), tr("Rows and weights"), tr("Residuals"), tr("Tests and intervals"))
        self.switch = Segments(zip(self.pages, names, strict=True), name=tr("Page"))
        self.switch.setProperty("compact", "true")
        self._title = label("", "strong", wrap=True)
        self._stack = QStackedWidget()
        for page in self.pages.values():
            page.edited.connect(self._on_edited)
            self._stack.addWidget(_scrolled(page))
        self._lay_out()
        self.switch.chosen.connect(self.show_page)
        desk.bridge.changed.connect(self._on_changed)
        add_keys(self, desk)
        self._show()

    def _lay_out(self) -> None:
        close = button(tr("Done"), "primary")
        close.clicked.connect(self.close)
        foot = QHBoxLayout()
        foot.addWidget(label(tr("Every choice is fitted at once. Undo takes it back."), "caption"))
        foot.addStretch()
        foot.addWidget(close)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(20, 18, 20, 16)
        whole.setSpacing(14)
        whole.addWidget(self._title)
        whole.addWidget(self.switch)
        whole.addWidget(self._stack, 1)
        whole.addLayout(foot)
        self.resize(self._desk.theme.px(560), self._desk.theme.px(480))

    def show_page(self, key: str) -> None:
        """Turn to a page."""
        self.switch.set_key(key)
        self._stack.setCurrentIndex(list(self.pages).index(key))

    def _on_changed(self, change: Change, _origin: object) -> None:
        if self.isVisible() and change & (Change.TABLE | Change.MODELS | Change.ACTIVE | Change.FILE):
            self._show()

    def showEvent(self, event: QShowEvent) -> None:
        self._show()
        super().showEvent(event)

    def _show(self) -> None:
        model, snapshot = self._desk.document.active_model, self._desk.document.snapshot
        there = model is not None and model.spec is not None and snapshot.table is not None
        self._stack.setEnabled(there)
        self._title.setText(tr("Options of {model}").format(model=model.name) if model and there else tr("There is no model yet"))
        if model is not None and model.spec is not None and there:
            for page in self.pages.values():
                page.show_model(model.spec, snapshot)

    def _on_edited(self, words: str, spec: ModelSpec) -> None:
        self._desk.document.edit_spec(words, spec)


def _scrolled(page: Page) -> QScrollArea:
    area = QScrollArea()
    area.setWidget(page)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    return area
