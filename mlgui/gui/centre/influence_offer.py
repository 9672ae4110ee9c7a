"""In place of the checks of influence, where they take long: a button that starts them, and how far they are."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from mlgui.gui.widgets import button, label
from mlgui.progress import Step
from mlgui.results.nouns import counted, group_noun
from mlgui.words import tr


class InfluenceOffer(QWidget):
    """asked(): compute; cancelled(): stop computing."""

    asked = Signal()
    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._running = False
        self._question = label("", "subheading", wrap=True)
        self._words = label("", "secondary", wrap=True)
        self.button = button(tr("Compute"))
        self.button.clicked.connect(self._on_clicked)
        row = QHBoxLayout()
        row.addWidget(self.button)
        row.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._question)
        column.addWidget(self._words)
        column.addLayout(row)
        column.addStretch()

    def offer(self, grouping: str, n_groups: int) -> None:
        """Offer to leave out the groups of a grouping."""
        self._set(False)
        self._question.setText(tr("Does one {group} decide?").format(group=group_noun(grouping)))
        self.say(tr("Other groups cross them, so {groups} are left out one by one. This takes some seconds.").format(
            groups=counted(n_groups, grouping)))  # fmt: skip

    def say(self, words: str) -> None:
        """Say something else, such as why it failed."""
        self._words.setText(words)

    def show_step(self, step: Step) -> None:
        """Show how far the computation is."""
        if self._running:
            self.say(tr("{step}: {done} of {total}").format(step=step.text, done=step.done, total=step.total))

    def _on_clicked(self) -> None:
        self._set(not self._running)
        (self.asked if self._running else self.cancelled).emit()

    def _set(self, running: bool) -> None:
        self._running = running
        self.button.setText(tr("Cancel") if running else tr("Compute"))
        self.button.setAccessibleName(tr("Stop leaving out groups") if running else tr("Compute the influence of groups"))
