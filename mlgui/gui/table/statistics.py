"""The numbers of one column, beside the grid: what it holds, how it is spread, what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QToolButton, QVBoxLayout, QWidget

from mlgui.data.describe import ColumnFacts, facts_of
from mlgui.data.structure import Structure
from mlgui.data.table import CODED, Column, Kind
from mlgui.gui.panels.roles import kind_word, level_words
from mlgui.gui.runner import Runner
from mlgui.gui.theme import Theme
from mlgui.gui.widgets import button, clear, label
from mlgui.progress import OnStep
from mlgui.results.numbers import count, number
from mlgui.words import tr

LANE = "statistics"
_WIDTH_PX = 248
_MOST_LEVELS = 40
_QUANTILES = (0.25, 0.5, 0.75)


@dataclass(frozen=True, kw_only=True, eq=False)
class Summary:
    """Facts of a column with its quartiles; level: at which it varies, in words."""

    facts: ColumnFacts
    quartiles: tuple[float, ...]
    level: str
    n_rows: int


def summary_of(column: Column, structure: Structure | None) -> Summary:
    """Return the numbers of a column."""
    quartiles: tuple[float, ...] = ()
    if column.kind is Kind.NUMBER:
        values = np.asarray(column.values, dtype=np.float64)
        values = values[~np.isnan(values)]
        quartiles = tuple(float(value) for value in np.quantile(values, _QUANTILES)) if len(values) else ()
    level = level_words(column.name, structure) if structure is not None else ""
    return Summary(facts=facts_of(column, structure), quartiles=quartiles, level=level, n_rows=len(column))


class Bars(QWidget):
    """A small histogram."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._bins: tuple[int, ...] = ()
        self.setFixedHeight(theme.px(72))

    def show_bins(self, bins: Sequence[int]) -> None:
        """Draw these heights."""
        self._bins = tuple(bins)
        self.setVisible(bool(self._bins) and max(self._bins) > 0)
        self.setAccessibleName(tr("Histogram: {counts}").format(counts=", ".join(map(str, self._bins))))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour("accent", 0.55))
        step, most = self.width() / max(len(self._bins), 1), max(self._bins, default=1)
        for place, n in enumerate(self._bins):
            height = (self.height() - 1) * n / most
            painter.drawRect(QRectF(place * step + 0.5, self.height() - 1 - height, max(step - 1.5, 1.0), height))
        painter.setBrush(self._theme.colour("line2"))
        painter.drawRect(QRectF(0, self.height() - 1, self.width(), 1))


class StatisticsPanel(QFrame):
    """Shows one column at a time. levels_asked(name): the user wants to change its levels. shown(name): its numbers stand."""

    shown = Signal(str)
    levels_asked = Signal(str)

    def __init__(self, runner: Runner, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._runner, self._theme = runner, theme
        self.name = ""
        self.setProperty("box", "panel")
        self.setFixedWidth(theme.px(_WIDTH_PX))
        self.setAccessibleName(tr("Statistics of the column"))
        self._title = label("", "title", wrap=True, selectable=True)
        self._what = label("", "caption", wrap=True)
        self._bars = Bars(theme)
        self._rows = QGridLayout()
        self._rows.setVerticalSpacing(3)
        self._rows.setColumnStretch(0, 1)
        self._levels = button(tr("Levels and labels…"), "small")
        self._levels.clicked.connect(lambda: self.levels_asked.emit(self.name))
        self._lay_out()
        self.hide()

    def _lay_out(self) -> None:
        close = QToolButton()
        close.setText("×")
        close.setProperty("kind", "close")
        close.setAccessibleName(tr("Close the statistics"))
        close.clicked.connect(self.hide)
        top = QHBoxLayout()
        top.addWidget(self._title, 1)
        top.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(14, 6, 14, 12)
        column.setSpacing(10)
        column.addWidget(self._bars)
        column.addLayout(self._rows)
        column.addWidget(self._levels, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch()
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidget(inner)
        head = QVBoxLayout()
        head.setContentsMargins(14, 10, 8, 0)
        head.setSpacing(2)
        head.addLayout(top)
        head.addWidget(self._what)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(4)
        whole.addLayout(head)
        whole.addWidget(scroll, 1)

    def show_column(self, column: Column, structure: Structure | None) -> None:
        """Show a column as soon as its numbers are there."""
        self.name = column.name

        def work(_on_step: OnStep) -> Summary:
            return summary_of(column, structure)

        self._runner.start(LANE, work, self._take)

    def _take(self, found: Any) -> None:
        summary: Summary = found
        facts = summary.facts
        if facts.name != self.name:
            return
        self._title.setText(facts.name)
        described = (facts.label, kind_word(facts.kind), summary.level)
        self._what.setText(" · ".join(part for part in described if part))
        self._bars.show_bins([int(n) for n in facts.histogram])
        clear(self._rows)
        for place, (words, value) in enumerate(_lines(summary)):
            self._rows.addWidget(label(words, "secondary", wrap=True), place, 0)
            self._rows.addWidget(label(value, "body", selectable=True), place, 1, Qt.AlignmentFlag.AlignRight)
        self._levels.setVisible(facts.kind in CODED)
        self.show()
        self.shown.emit(facts.name)


def _lines(summary: Summary) -> list[tuple[str, str]]:
    """Return what the panel lists, as (words, value)."""
    facts = summary.facts
    lines = [
        (tr("Rows with a value"), count(summary.n_rows - facts.n_missing)),
        (tr("Missing"), count(facts.n_missing)),
        (tr("Different values"), count(facts.n_distinct)),
    ]
    measures = ((tr("Mean"), facts.mean), (tr("SD"), facts.sd), (tr("Minimum"), facts.minimum))
    lines += [(words, number(value, 3)) for words, value in measures if value is not None and facts.kind is Kind.NUMBER]
    names = (tr("First quartile"), tr("Median"), tr("Third quartile"))
    lines += [(words, number(value, 3)) for words, value in zip(names, summary.quartiles)]
    if facts.maximum is not None and facts.kind is Kind.NUMBER:
        lines.append((tr("Maximum"), number(facts.maximum, 3)))
    counts = list(zip(facts.levels, facts.level_counts))[:_MOST_LEVELS]
    lines += [(level, count(n)) for level, n in counts]
    if len(facts.levels) > len(counts):
        lines.append((tr("and {n} more").format(n=count(len(facts.levels) - len(counts))), ""))
    return lines
