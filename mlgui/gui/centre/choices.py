"""Controls whose choices follow the report: which grouping, which coefficient, which column."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from mlgui.gui.widgets import Segments, clear, label
from mlgui.results.group_model import coefficient_symbol
from mlgui.results.nouns import group_noun
from mlgui.results.report import Report
from mlgui.words import tr

_MOST_SEGMENTS = 4


class Choice(QComboBox):
    """A drop-down of (key, words). What the user chose stays as long as it exists; a default follows the report.

    chosen(key): by the user.
    """

    chosen = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.setMaximumWidth(220)
        self._by_user = False
        self.activated.connect(self._on_activated)

    @property
    def key(self) -> str:
        """Key of the choice, "" without choices."""
        return str(self.currentData() or "")

    def choose(self, key: str) -> None:
        """Choose as the user would."""
        self.setCurrentIndex(self.findData(key))
        self._on_activated()

    def show_key(self, key: str) -> None:
        """Show a choice silently, none where there is no such key."""
        self.setCurrentIndex(self.findData(key))

    def offer(self, choices: Sequence[tuple[str, str]], *, default: str = "") -> None:
        """Offer other choices, silently: the user's stays if it can, else `default`, else the present one or the first."""
        wanted = self.key if self._by_user or not default else default
        if [(self.itemData(k), self.itemText(k)) for k in range(self.count())] != list(choices):
            self.clear()
            for key, words in choices:
                self.addItem(words, key)
        found = self.findData(wanted)
        self.setCurrentIndex(found if found >= 0 else max(self.findData(default), 0))

    def _on_activated(self) -> None:
        self._by_user = True
        self.chosen.emit(self.key)


class Switch(QWidget):
    """A switch of few parts, a drop-down of many; offers what it is told to. chosen(key): by the user."""

    chosen = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._choices: list[tuple[str, str]] = []
        self._part: Segments | Choice | None = None
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)

    @property
    def key(self) -> str:
        """Key of the choice, "" without choices."""
        return self._part.key if self._part is not None else ""

    def offer(self, choices: Sequence[tuple[str, str]]) -> None:
        """Offer other choices, silently; the present one stays if it can. Hidden where there is only one."""
        self.setVisible(len(choices) > 1)
        if list(choices) == self._choices:
            return
        before, self._choices = self.key, list(choices)
        clear(self._row)
        self._part = self._made(choices)
        self.set_key(before)
        self._part.chosen.connect(self.chosen)
        self._row.addWidget(self._part)

    def _made(self, choices: Sequence[tuple[str, str]]) -> Segments | Choice:
        if len(choices) <= _MOST_SEGMENTS:
            return Segments(choices, name=self._name)
        combo = Choice(self._name)
        combo.offer(choices)
        return combo

    def set_key(self, key: str) -> None:
        """Choose without announcing it."""
        if isinstance(self._part, Segments):
            self._part.set_key(key)
        elif self._part is not None and self._part.findData(key) >= 0:
            self._part.show_key(key)


class GroupingChoice(QWidget):
    """Which grouping a view shows; hidden where the model has one. chosen(): by the user."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wanted = ""
        self._combo = Choice(tr("Grouping"))
        self._combo.chosen.connect(self._on_chosen)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(label(tr("Groups"), "caption"), 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._combo)

    def offer(self, groupings: Sequence[str]) -> str:
        """Offer groupings by name and return the chosen one's name."""
        self._combo.offer([(name, group_noun(name)) for name in groupings])
        self.prefer(self._wanted)
        self.setVisible(len(groupings) > 1)
        return self._combo.key

    def prefer(self, grouping: str) -> bool:
        """Show this grouping, silently, now or as soon as it is offered; return whether another one was shown."""
        self._wanted = grouping
        if grouping == self._combo.key or self._combo.findData(grouping) < 0:
            return False
        self._combo.show_key(grouping)
        return True

    def choose(self, grouping: str) -> None:
        """Choose as the user would."""
        self._combo.choose(grouping)

    def _on_chosen(self, grouping: str) -> None:
        self._wanted = grouping
        self.chosen.emit(grouping)


def coefficient_choices(report: Report, grouping: str, *, words: bool) -> list[tuple[str, str]]:
    """Return (index, words) of the varying coefficients of a grouping: "Intercepts α", or only "α"."""
    groups = next(groups for groups in report.groups if groups.grouping == grouping)
    found = []
    for index, name in enumerate(groups.names):
        symbol = coefficient_symbol(report, grouping, index)
        several = len(groups.names) > 2 and name != "(Intercept)"
        kind = tr("Intercepts {symbol}") if name == "(Intercept)" else tr("Slopes {symbol}")
        text = kind.format(symbol=symbol) if words else symbol
        found.append((str(index), f"{text} {groups.labels[index]}" if several and words else text))
    return found
