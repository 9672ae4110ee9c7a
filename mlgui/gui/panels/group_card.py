"""The card of the selected group: why did it move? Hidden without a selection."""

from __future__ import annotations

import math

from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from mlgui.gui.bridge import Bridge
from mlgui.gui.theme import Theme
from mlgui.gui.widgets import Segments, button, clear, label, line, unbroken
from mlgui.results.card import GroupCard, group_card
from mlgui.results.nouns import group_noun, group_plural
from mlgui.results.numbers import count
from mlgui.results.report import GroupEstimates, Report
from mlgui.session.changes import Change
from mlgui.session.document import Selection
from mlgui.words import ntr, tr

_LEFT = Qt.AlignmentFlag.AlignLeft

_FOLLOW_MS = 40
"""How long the card waits while the pooling dial is dragged: new labels cost milliseconds, and nobody reads faster."""


class ShareBar(QWidget):
    """Two rectangles: what the group's own rows resolve, and what is borrowed."""

    def __init__(self, share: float, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._share = share
        self._theme = theme
        self.setFixedHeight(14)
        words = tr("{n} percent of the variance between groups is resolved by its own rows")
        self.setAccessibleName(words.format(n=round(100 * share)))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        own = self.width() * self._share
        painter.setBrush(self._theme.colour("blue"))
        painter.drawRoundedRect(QRectF(0, 0, max(0.0, own - 1), 14), 2, 2)
        painter.setBrush(self._theme.colour("line2"))
        painter.drawRoundedRect(QRectF(own + 1, 0, self.width() - own - 1, 14), 2, 2)


class GroupCardView(QWidget):
    """Selected: the sum that leads from the group-level prediction to the partial-pooling estimate."""

    shown_changed = Signal()
    without_asked = Signal()

    def __init__(self, bridge: Bridge, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = bridge.document
        self._theme = theme
        self._coefficient = 0
        self._elsewhere: Report | None = None
        self._follow = QTimer(self, interval=_FOLLOW_MS, singleShot=True)
        self._follow.timeout.connect(self._show)
        self._content = QVBoxLayout()
        self._content.setSpacing(6)
        clear_button = button(tr("Clear"), "link", name=tr("Clear the selection"))
        clear_button.clicked.connect(lambda: self._document.select(Selection()))
        top = QHBoxLayout()
        top.addWidget(label(tr("Selected").upper(), "section"))
        top.addStretch()
        top.addWidget(clear_button)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(6)
        whole.addLayout(top)
        whole.addLayout(self._content)
        bridge.changed.connect(self._on_changed)
        theme.changed.connect(self._show)
        self._show()

    def _on_changed(self, change: Change, _origin: object) -> None:
        if change & (Change.SELECTION | Change.FIT | Change.ACTIVE | Change.FILE):
            self._show()

    def show_elsewhere(self, report: Report | None) -> None:
        """Follow a report that is not the fit's, as the pooling dial gives it; None: the fit's again."""
        self._elsewhere = report
        if not self._follow.isActive():
            self._follow.start()

    def _groups(self) -> tuple[Report, GroupEstimates] | None:
        """Return the report and the grouping the selection belongs to, where the model on show has it."""
        report, chosen = self._elsewhere or self._document.active_fit.report, self._document.selection
        for groups in report.groups if report is not None else ():
            if groups.grouping == chosen.grouping and chosen.last in groups.levels:
                assert report is not None
                return report, groups
        return None

    def _show(self) -> None:
        found, before = self._groups(), not self.isHidden()
        clear(self._content)
        if found is not None:
            report, groups = found
            self._coefficient = min(self._coefficient, len(groups.names) - 1)
            self._fill(group_card(report, groups.grouping, self._document.selection.last, self._coefficient), groups)
        self.setVisible(found is not None)
        if before != (found is not None):
            self.shown_changed.emit()

    def _fill(self, card: GroupCard, groups: GroupEstimates) -> None:
        facts = " · ".join([*card.facts, f"n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}{count(card.size)}"])
        head = QHBoxLayout()
        head.addWidget(label(card.title, "title"))
        head.addWidget(label(facts, "secondary", wrap=True), 1)
        self._content.addLayout(head)
        if self._elsewhere is not None:
            self._content.addWidget(label(tr("As the pooling dial stands, not the fit"), "badge-accent"), 0, _LEFT)
        others = len(self._document.selection.levels) - 1
        if others > 0:
            more = ntr("and {n} more group; this one was chosen last", "and {n} more groups; this one was chosen last", others)
            self._content.addWidget(label(more.format(n=others), "caption", wrap=True))
        if len(groups.names) > 1:
            self._content.addWidget(self._switch(groups))
        self._content.addWidget(label(tr("Why did it move?"), "strong"))
        if not math.isnan(card.resolved):
            self._add_share(card)
        for row in card.lines[:-1]:
            self._add_line(row.label, row.text, "secondary")
        self._content.addWidget(line())
        self._add_line(card.lines[-1].label, card.lines[-1].text, "strong")
        self._content.addWidget(label(unbroken(card.sentence), "secondary", wrap=True, selectable=True))
        if self._elsewhere is None:
            self._content.addWidget(self._without_button(groups), 0, _LEFT)

    def _without_button(self, groups: GroupEstimates) -> QPushButton:
        n = len(self._document.selection.levels)
        noun = group_noun(groups.grouping) if n == 1 else group_plural(groups.grouping)
        text = tr("Without this {groups}?") if n == 1 else tr("Without these {n} {groups}?")
        found = button(text.format(n=n, groups=noun), "small")
        found.setMinimumWidth(1)
        found.setToolTip(tr("Fits the model without them in the background and shows what changes"))
        found.clicked.connect(self.without_asked)
        return found

    def _switch(self, groups: GroupEstimates) -> Segments:
        switch = Segments(((str(i), text) for i, text in enumerate(groups.labels)), name=tr("Coefficient of the card"))
        switch.set_key(str(self._coefficient))
        switch.chosen.connect(self._on_coefficient)
        return switch

    def _on_coefficient(self, key: str) -> None:
        self._coefficient = int(key)
        self._show()

    def _add_share(self, card: GroupCard) -> None:
        self._content.addWidget(ShareBar(card.resolved, self._theme))
        below = QHBoxLayout()
        for share, words, side in (
            (card.resolved, tr("resolved by its own rows"), Qt.AlignmentFlag.AlignLeft),
            (1 - card.resolved, tr("borrowed"), Qt.AlignmentFlag.AlignRight),
        ):
            column = QVBoxLayout()
            column.setSpacing(0)
            column.addWidget(label(f"{100 * share:.0f} %", "strong"), 0, side)
            column.addWidget(label(words, "caption"), 0, side)
            below.addLayout(column)
        self._content.addLayout(below)

    def _add_line(self, left: str, right: str, role: str) -> None:
        row = QHBoxLayout()
        row.addWidget(label(left, role, wrap=True), 1)
        row.addWidget(label(right, "strong", selectable=True), 0, Qt.AlignmentFlag.AlignRight)
        self._content.addLayout(row)
