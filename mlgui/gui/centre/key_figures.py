"""Four numbers on a card: how much lies between groups, how much is explained, how large groups are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from mlgui.gui.widgets import clear, label, line
from mlgui.results import numbers
from mlgui.results.nouns import capital, group_noun, group_plural, row_plural
from mlgui.results.report import Report
from mlgui.words import tr

_SIDE, _LEAST_SIDE, _FEW = 15, 6, 2


@dataclass(frozen=True, kw_only=True)
class KeyFigure:
    """One number with the words above and below it, and its definition as tooltip."""

    title: str
    value: str
    note: str
    tip: str = ""


def key_figures(report: Report) -> list[KeyFigure]:
    """Return the share between groups, R² marginal and conditional, and the range of group sizes."""
    shares = report.shares
    found = []
    if report.groups:
        found.append(_between(report))
    found.append(KeyFigure(title=tr("Explained by predictors"), value=numbers.percent(shares.r2_marginal),
                           note=tr("marginal R²"), tip=shares.definition))  # fmt: skip
    if report.groups:
        noun = group_noun(report.groups[0].grouping) if len(report.groups) == 1 else tr("group")
        found.append(KeyFigure(title=tr("With {group} effects").format(group=noun), value=numbers.percent(shares.r2_conditional),
                               note=tr("conditional R²"), tip=shares.definition))  # fmt: skip
        found.append(_sizes(report))
    return found


def _between(report: Report) -> KeyFigure:
    """Return the ICC of the empty model, of this model where that was not computed."""
    shares, outcome = report.shares, report.design.outcome_label
    if shares.empty_icc:
        parts, note = shares.empty_icc, tr("of the variance of {outcome}").format(outcome=outcome)
        tip = tr("Intraclass correlation of the model without predictors.")
    else:
        parts, note = shares.icc_by_grouping, tr("of the remaining variance")
        tip = shares.definition
    title = tr("Between {groups} (ICC)").format(groups=group_plural(parts[0][0]) if len(parts) == 1 else tr("groups"))
    value = numbers.percent(sum(share for _, share in parts))
    if len(parts) > 1:
        tip += " " + "; ".join(f"{name}: {numbers.percent(share)}" for name, share in parts)
    return KeyFigure(title=title, value=value, note=note, tip=tip)


def _sizes(report: Report) -> KeyFigure:
    groups = report.groups[0]
    low, high, middle = int(groups.sizes.min()), int(groups.sizes.max()), float(np.median(groups.sizes))
    title = tr("{rows} per {group}").format(rows=capital(row_plural(report.design)), group=group_noun(groups.grouping))
    value = numbers.count(low) if low == high else f"{numbers.count(low)} – {numbers.count(high)}"
    digits = 0 if middle.is_integer() else 1
    note = tr("in every {group}").format(group=group_noun(groups.grouping)) if low == high else tr("median {n}")
    return KeyFigure(title=title, value=value, note=note.format(n=numbers.number(middle, digits)))


class KeyFigureCard(QFrame):
    """Shows key figures side by side, separated by hairlines; in rows of two where all are too wide together."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("box", "card")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(0)
        self._across = 0
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._shown: list[KeyFigure] = []
        self._boxes: list[tuple[QWidget, tuple[QLabel, ...]]] = []
        self._lines: list[QFrame] = []

    def show_figures(self, figures: list[KeyFigure]) -> None:
        """Show other figures; where their number stays, the labels stay too."""
        if len(figures) != len(self._shown):
            self._rebuild(len(figures))
        self._shown = figures
        self._write()
        for figure, (box, _) in zip(figures, self._boxes):
            box.setToolTip(figure.tip)
            box.setAccessibleName(f"{figure.title}: {figure.value}, {figure.note}")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._write()

    def _write(self) -> None:
        """Write the texts as far as there is room, with less margin before anything is cut."""
        wanted = [self._needed(figure, part) for figure, (_, part) in zip(self._shown, self._boxes)]
        count = len(self._boxes)
        fits = count * (max(wanted, default=0) + 2 * _LEAST_SIDE + 1) <= self.width()
        self._arrange(count if fits else min(count, _FEW))
        width = (self.width() - self._across + 1) // max(self._across, 1)
        for figure, needed, (box, part) in zip(self._shown, wanted, self._boxes):
            texts = (figure.title, figure.value, figure.note)
            side = min(max((width - needed) // 2, _LEAST_SIDE), _SIDE)
            layout = box.layout()
            if layout is not None:
                layout.setContentsMargins(side, 12, side, 12)
            for shown, text in zip(part, texts):
                shown.setText(shown.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, width - 2 * side))

    @staticmethod
    def _needed(figure: KeyFigure, part: tuple[QLabel, ...]) -> int:
        """Return the width of the longest text of a figure."""
        texts = (figure.title, figure.value, figure.note)
        return max(shown.fontMetrics().horizontalAdvance(text) + 2 for shown, text in zip(part, texts))

    def _arrange(self, across: int) -> None:
        """Put the boxes into rows of so many, with hairlines between them."""
        if across == self._across:
            return
        self._across = across
        for hairline in self._lines:
            hairline.deleteLater()
        self._lines = []
        for place, (box, _) in enumerate(self._boxes):
            row, column = divmod(place, across)
            self._grid.addWidget(box, 2 * row, 2 * column)
            self._grid.setColumnStretch(2 * column, 1)
            if column:
                self._add_line(line(vertical=True), 2 * row, 2 * column - 1)
            elif row:
                self._add_line(line(), 2 * row - 1, 0, 2 * across - 1)
        for column in range(across, len(self._boxes)):
            self._grid.setColumnStretch(2 * column, 0)
        self.updateGeometry()

    def _add_line(self, hairline: QFrame, row: int, column: int, columns: int = 1) -> None:
        self._grid.addWidget(hairline, row, column, 1, columns)
        self._lines.append(hairline)

    def _rebuild(self, count: int) -> None:
        clear(self._grid)
        self._boxes, self._lines, self._across = [], [], 0
        for _ in range(count):
            box = QWidget(self)
            column = QVBoxLayout(box)
            column.setSpacing(2)
            part = (label("", "secondary"), label("", "key-figure", selectable=True), label("", "caption"))
            for shown in part:
                shown.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
                column.addWidget(shown)
            box.show()
            self._boxes.append((box, part))
