"""The form of the prediction bench: where (a known group or a new one) and with which values of the predictors.

form.offer(report, inputs)          # rebuilds the fields where the predictors are others
form.show_scenario(scenario)        # silent
form.changed                        # Scenario, by the user
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QSignalBlocker, QStringListModel, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QCompleter,
    QDoubleSpinBox,
    QGridLayout,
    QHBoxLayout,
    QMenu,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from mlgui.gui.widgets import clear, label
from mlgui.results import numbers
from mlgui.results.nouns import capital, group_noun
from mlgui.results.reference_grid import Value
from mlgui.results.report import Report
from mlgui.results.scenarios import Input, Scenario, in_group, is_settled, settled
from mlgui.words import tr

_FURTHEST = 1e15
_MOST_DECIMALS = 6


class GroupPicker(QComboBox):
    """A new group, or one of the fit's, found by typing a part of its name. picked(level): by the user, "" for a new one."""

    picked = Signal(str)

    def __init__(self, grouping: str, levels: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        noun = group_noun(grouping)
        self._levels = levels
        self.setAccessibleName(capital(noun))
        self.setToolTip(tr("Type a part of the name to find a {group}").format(group=noun))
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._names = QStringListModel([tr("a new {group}").format(group=noun), *levels], self)
        self.setModel(self._names)
        completer = QCompleter(self._names, self)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setCompleter(completer)
        self.activated.connect(self._on_activated)
        line = self.lineEdit()
        assert line is not None
        line.setAccessibleName(self.accessibleName())
        line.editingFinished.connect(self._on_finished)
        self._shown = 0

    def show_level(self, level: str) -> None:
        """Show a known group, "" for a new one; nothing is announced."""
        self._shown = self._levels.index(level) + 1 if level else 0
        with QSignalBlocker(self):
            self.setCurrentIndex(self._shown)

    def _on_activated(self, index: int) -> None:
        if index != self._shown:
            self._shown = index
            self.picked.emit(self._levels[index - 1] if index else "")

    def _on_finished(self) -> None:
        """Take a name typed in full; show the group again where there is none of this name."""
        index = self.findText(self.currentText(), Qt.MatchFlag.MatchFixedString)
        if index >= 0:
            self.setCurrentIndex(index)
            self._on_activated(index)
        else:
            self.setCurrentIndex(self._shown)


class NumberField(QWidget):
    """A number with the values one is likely to ask for in a menu beside it. chosen(value): by the user."""

    chosen = Signal(float)

    def __init__(self, one: Input, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._one = one
        self.spin = QDoubleSpinBox()
        self.spin.setRange(-_FURTHEST, _FURTHEST)
        self.spin.setDecimals(_decimals(one.spread))
        self.spin.setSingleStep(_step(one.spread))
        self.spin.setKeyboardTracking(False)
        self.spin.setAccessibleName(one.label)
        self.spin.setMinimumWidth(60)
        self.spin.lineEdit().setTextMargins(6, 0, 0, 0)
        self.spin.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.typical = QToolButton()
        self.typical.setText("⋯")
        self.typical.setAccessibleName(tr("Typical values of {name}").format(name=one.label))
        self.typical.setToolTip(self.typical.accessibleName())
        self.typical.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.typical.setMenu(self._menu(one))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        row.addWidget(self.spin, 1)
        row.addWidget(self.typical)
        self.spin.valueChanged.connect(self.chosen)

    def _menu(self, one: Input) -> QMenu:
        menu = QMenu(self)
        for key, value in one.typical:
            action = menu.addAction(f"{_typical_words(key)}\t{numbers.given(value)}")
            action.triggered.connect(partial(self.spin.setValue, value))
        return menu

    def show_value(self, value: float) -> None:
        """Show a number; nothing is announced."""
        with QSignalBlocker(self.spin):
            self.spin.setValue(value)

    def set_fixed(self, fixed: bool) -> None:
        """Leave the number to the group."""
        self.spin.setEnabled(not fixed)
        self.typical.setEnabled(not fixed)


class LevelField(QComboBox):
    """A level of a category. picked(level): by the user."""

    picked = Signal(str)

    def __init__(self, one: Input, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(one.label)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.addItems(list(one.levels))
        self.activated.connect(lambda _index: self.picked.emit(self.currentText()))

    def show_level(self, level: str) -> None:
        """Show a level; nothing is announced."""
        self.setCurrentIndex(max(self.findText(level), 0))


class ScenarioForm(QWidget):
    """One field for each grouping and each predictor. What a known group settles is shown and cannot be changed."""

    changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._report: Report | None = None
        self._inputs: tuple[Input, ...] = ()
        self._scenario = Scenario()
        self._offered: object = None
        self.groups: dict[str, GroupPicker] = {}
        self.fields: dict[str, NumberField | LevelField] = {}
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(7)
        self._grid.setColumnStretch(1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(self._grid)

    def offer(self, report: Report, inputs: Sequence[Input]) -> None:
        """Offer the groups and predictors of a report; fields stay where they are the same."""
        self._report, self._inputs = report, tuple(inputs)
        now = (
            tuple((groups.grouping, groups.levels) for groups in report.groups),
            tuple((one.name, one.label, one.typical, one.levels) for one in inputs),
        )
        if now != self._offered:
            self._offered = now
            self._build(report)

    def _build(self, report: Report) -> None:
        clear(self._grid)
        self.groups, self.fields = {}, {}
        if report.groups:
            self._heading(tr("Where"))
        for groups in report.groups:
            picker = GroupPicker(groups.grouping, groups.levels)
            picker.picked.connect(partial(self._on_group, groups.grouping))
            self.groups[groups.grouping] = picker
            self._row(capital(group_noun(groups.grouping)), picker)
        if self._inputs:
            self._heading(tr("With"))
        for one in self._inputs:
            field = self._field(one)
            self.fields[one.name] = field
            self._row(one.label, field)

    def _field(self, one: Input) -> NumberField | LevelField:
        if one.levels:
            level = LevelField(one)
            level.picked.connect(partial(self._on_value, one.name))
            return level
        number = NumberField(one)
        number.chosen.connect(partial(self._on_value, one.name))
        return number

    def _heading(self, text: str) -> None:
        self._grid.addWidget(label(text, "subheading"), self._grid.rowCount(), 0, 1, 2)

    def _row(self, text: str, field: QWidget) -> None:
        row = self._grid.rowCount()
        words = label(text, "secondary", wrap=True)
        words.setBuddy(field.spin if isinstance(field, NumberField) else field)
        words.setMaximumWidth(110)
        self._grid.addWidget(words, row, 0)
        self._grid.addWidget(field, row, 1)

    def show_scenario(self, scenario: Scenario) -> None:
        """Show a scenario; nothing is announced."""
        assert self._report is not None
        self._scenario = scenario = settled(self._report, self._inputs, scenario)
        for grouping, picker in self.groups.items():
            picker.show_level(scenario.groups.get(grouping, ""))
        for one in self._inputs:
            self._show_value(one, scenario.values[one.name], fixed=is_settled(scenario, one))

    def _show_value(self, one: Input, value: Value, *, fixed: bool) -> None:
        field = self.fields[one.name]
        tip = tr("It belongs to the {group} chosen above").format(group=group_noun(one.grouping)) if fixed else ""
        field.setToolTip(tip)
        if isinstance(field, NumberField):
            field.show_value(float(value))
            field.set_fixed(fixed)
        else:
            field.show_level(str(value))
            field.setEnabled(not fixed)

    def _on_group(self, grouping: str, level: str) -> None:
        assert self._report is not None
        self._announce(in_group(self._report, self._scenario, grouping, level))

    def _on_value(self, name: str, value: Value) -> None:
        self._announce(replace(self._scenario, values={**self._scenario.values, name: value}))

    def _announce(self, scenario: Scenario) -> None:
        self.show_scenario(scenario)
        self.changed.emit(self._scenario)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Up, Qt.Key.Key_Down):
            event.accept()  # what a field leaves over is not for the groups beside the form
        else:
            super().keyPressEvent(event)


def _typical_words(key: str) -> str:
    words = {
        "mean": tr("Mean"), "lowest": tr("Lowest"), "median": tr("Median"), "highest": tr("Highest"),
    }  # fmt: skip
    return words.get(key) or tr("{n} % lie below").format(n=key)


def _step(spread: float) -> float:
    """Return a power of ten near a fifth of the spread."""
    return float(10.0 ** round(math.log10(spread / 5))) if spread > 0 else 1.0


def _decimals(spread: float) -> int:
    """Return decimals that tell a thirtieth of the spread apart."""
    return min(max(math.ceil(-math.log10(spread / 30)), 0), _MOST_DECIMALS) if spread > 0 else 2
