"""A tick for every fitted model, and which models are shown with it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout

from mlgui.gui.icons import mark
from mlgui.gui.theme import Theme
from mlgui.gui.tokens import model_mark
from mlgui.gui.widgets import clear, verbatim
from mlgui.results.report import Report
from mlgui.session.document import Document

Fitted = tuple[int, str, Report]
"""Key, name and report of a model."""


class ModelTicks(QHBoxLayout):
    """One box a model, with its mark; none while there are fewer models than `fewest`. Emits `changed()` on a press.

    models: all that are fitted, in the order of the document.
    """

    changed = Signal()

    def __init__(self, document: Document, theme: Theme, *, fewest: int) -> None:
        super().__init__()
        self.setSpacing(18)
        self._document, self._theme, self._fewest = document, theme, fewest
        self.models: list[Fitted] = []
        self._places: dict[int, int] = {}
        self._hidden: set[int] = set()
        theme.changed.connect(self._show)

    def read(self) -> None:
        """Offer the models that are fitted now; those that were hidden stay so."""
        models = self._document.snapshot.models
        self._places = {model.key: place for place, model in enumerate(models)}
        fits = [(model.key, model.name, self._document.fit(model.key).report) for model in models]
        self.models = [(key, name, report) for key, name, report in fits if report is not None]
        self._show()

    @property
    def offered(self) -> bool:
        """Whether there are enough models to choose from."""
        return len(self.models) >= self._fewest

    def ticked(self) -> list[Fitted]:
        """Return the fitted models that are not hidden."""
        return [model for model in self.models if model[0] not in self._hidden]

    def mark_of(self, key: int) -> tuple[str, str]:
        """Return colour and shape of a model's mark."""
        return model_mark(self._places[key])

    def _show(self) -> None:
        clear(self)
        parent = self.parentWidget()
        ratio = parent.devicePixelRatioF() if parent is not None else 1.0
        for key, name, _ in self.models if self.offered else ():
            colour, shape = self.mark_of(key)
            box = QCheckBox(verbatim(name))
            box.setAccessibleName(name)
            box.setIcon(mark(shape, self._theme.colour(colour), 12, ratio))
            box.setChecked(key not in self._hidden)
            box.toggled.connect(partial(self._on_tick, key))
            self.addWidget(box)

    def _on_tick(self, key: int, shown: bool) -> None:
        self._hidden = self._hidden - {key} if shown else self._hidden | {key}
        self.changed.emit()
