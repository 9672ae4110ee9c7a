"""One control for each kind of part of a figure. All announce `given(property, value)`; "" takes the edit back."""

from __future__ import annotations

import json

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPixmap
from PySide6.QtWidgets import (
    QCheckBox,
    QColorDialog,
    QComboBox,
    QDoubleSpinBox,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QVBoxLayout,
    QWidget,
)

from mlgui.gui.theme import Theme
from mlgui.gui.widgets import button
from mlgui.results.figure_edits import BLANK, COLOURS, POINT_PERCENT, SIDE_MM, TEXT_PT, number_of, pair
from mlgui.results.figure_parts import Part, colour_name, present_order
from mlgui.words import tr

_OTHER = "other"
_SWATCH_PX = 14
_LEAST_FIELD_PX = 64


class Field(QWidget):
    """The control of one part. Subclasses show its value in `show_part` and call `give` when the user changed it."""

    given = Signal(str, str)

    def __init__(self, part: Part, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.part, self.theme = part, theme
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(6)

    def show_part(self, part: Part) -> None:
        """Show another value of the same part; nothing is announced."""
        self.part = part

    def give(self, value: str) -> None:
        """Announce what the user wants, if that is something new."""
        if value != self.part.value:
            self.given.emit(self.part.property, value)


class TextField(Field):
    """Words; emptied, the text is not drawn."""

    def __init__(self, part: Part, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(part, theme, parent)
        self.line = QLineEdit()
        self.line.setAccessibleName(part.name)
        self.line.editingFinished.connect(self._on_finished)
        self.row.addWidget(self.line)
        self.setFocusProxy(self.line)
        self.show_part(part)

    def show_part(self, part: Part) -> None:
        super().show_part(part)
        if self.line.text().strip() != part.value.strip():
            self.line.setText(part.value.strip())

    def _on_finished(self) -> None:
        if self.line.text().strip() != self.part.value.strip():
            self.give(self.line.text().strip() or BLANK)


class RangeField(Field):
    """Lowest and highest value of an axis; empty: as the data want it."""

    def __init__(self, part: Part, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(part, theme, parent)
        self.low, self.high = QLineEdit(), QLineEdit()
        for line, name in ((self.low, tr("from")), (self.high, tr("to"))):
            line.setAccessibleName(f"{part.name}, {name}")
            line.setPlaceholderText(name)
            line.setMinimumWidth(theme.px(_LEAST_FIELD_PX))
            line.editingFinished.connect(self._on_finished)
            self.row.addWidget(line)
        self.setFocusProxy(self.low)
        self.show_part(part)

    def show_part(self, part: Part) -> None:
        super().show_part(part)
        low, _, high = part.value.partition(",")
        self.low.setText(low)
        self.high.setText(high)

    def _on_finished(self) -> None:
        texts = [line.text().strip().replace("\N{MINUS SIGN}", "-").replace(",", ".") for line in (self.low, self.high)]
        low, high = (number_of(text) for text in texts)
        for line, value in ((self.low, low), (self.high, high)):
            wrong = bool(line.text().strip()) and value is None
            line.setProperty("state", "error" if wrong else "")
            line.style().polish(line)
        if low is not None and high is not None and low < high:
            self.give(f"{low:.12g},{high:.12g}")
        elif not any(texts):
            self.give("")


class NumberField(Field):
    """One number: a size in points, or in percent."""

    def __init__(self, part: Part, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(part, theme, parent)
        limits, step = (POINT_PERCENT, 10.0) if part.property == "points" else (TEXT_PT, 0.5)
        self.box = _box(part.name, limits, step)
        self.box.valueChanged.connect(lambda value: self.give(f"{value:g}"))
        self.row.addWidget(self.box)
        self.setFocusProxy(self.box)
        self.show_part(part)

    def show_part(self, part: Part) -> None:
        super().show_part(part)
        _show(self.box, number_of(part.value))


class SizeField(Field):
    """Width and height on paper."""

    def __init__(self, part: Part, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(part, theme, parent)
        self.boxes = [_box(name, SIDE_MM, 5.0) for name in (tr("Width (mm)"), tr("Height (mm)"))]
        for box in self.boxes:
            box.valueChanged.connect(self._on_changed)
            self.row.addWidget(box)
        self.setFocusProxy(self.boxes[0])
        self.show_part(part)

    def show_part(self, part: Part) -> None:
        super().show_part(part)
        for box, value in zip(self.boxes, pair(part.value) or (None, None), strict=True):
            _show(box, value)

    def _on_changed(self) -> None:
        self.give(",".join(f"{box.value():g}" for box in self.boxes))


class ColourField(Field):
    """A colour of the palette, which follows light and dark, or any other."""

    def __init__(self, part: Part, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(part, theme, parent)
        self.choice = QComboBox()
        self.choice.setAccessibleName(part.name)
        self.choice.setIconSize(QSize(_SWATCH_PX, _SWATCH_PX))
        self.choice.activated.connect(self._on_activated)
        self.row.addWidget(self.choice)
        self.setFocusProxy(self.choice)
        self.show_part(part)

    def show_part(self, part: Part) -> None:
        super().show_part(part)
        self.choice.clear()
        own = part.property.removeprefix("colour:")
        tokens = list(dict.fromkeys([*COLOURS, own, part.value]))
        for token in tokens:
            words = token.upper() if token.startswith("#") else colour_name(token)
            self.choice.addItem(_swatch(QColor(token if token.startswith("#") else self.theme.css(token))), words, token)
        self.choice.addItem(tr("Another colour…"), _OTHER)
        self.choice.setCurrentIndex(self.choice.findData(part.value))

    def _on_activated(self) -> None:
        chosen = str(self.choice.currentData())
        if chosen != _OTHER:
            self.give("" if chosen == self.part.property.removeprefix("colour:") else chosen)
            return
        dialog = QColorDialog(self)
        dialog.colorSelected.connect(lambda colour: self.give(colour.name()))
        dialog.rejected.connect(lambda: self.show_part(self.part))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()


class SwitchField(Field):
    """Whether a line of reference is drawn."""

    def __init__(self, part: Part, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(part, theme, parent)
        self.box = QCheckBox(tr("Shown"))
        self.box.setAccessibleName(f"{part.name}: {tr('Shown')}")
        self.box.clicked.connect(lambda shown: self.give("" if shown else "off"))
        self.row.addWidget(self.box)
        self.row.addStretch()
        self.setFocusProxy(self.box)
        self.show_part(part)

    def show_part(self, part: Part) -> None:
        super().show_part(part)
        self.box.setChecked(part.value != "off")


class OrderField(Field):
    """Names in a list that moves up and down, by the buttons or with Alt and the arrow keys."""

    def __init__(self, part: Part, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(part, theme, parent)
        self.list = QListWidget()
        self.list.setObjectName("choices")
        self.list.setAccessibleName(part.name)
        self.row.addWidget(self.list, 1)
        column = QVBoxLayout()
        for words, by, keys in ((tr("Up"), -1, "Alt+Up"), (tr("Down"), 1, "Alt+Down")):
            push = button(words, "small", name=f"{words}: {part.name}")
            push.setShortcut(keys)
            push.clicked.connect(lambda _=False, by=by: self.move_row(by))
            column.addWidget(push)
        column.addStretch()
        self.row.addLayout(column)
        self.setFocusProxy(self.list)
        self.show_part(part)

    def show_part(self, part: Part) -> None:
        super().show_part(part)
        names = present_order(part)
        row = max(self.list.currentRow(), 0)
        shown = [str(self.list.item(k).data(Qt.ItemDataRole.UserRole)) for k in range(self.list.count())]
        if shown != names:
            self.list.clear()
            for name in names:
                self.list.addItem(name.strip())
                self.list.item(self.list.count() - 1).setData(Qt.ItemDataRole.UserRole, name)
            self.list.setCurrentRow(min(row, len(names) - 1))
        self.list.setMaximumHeight(self.theme.px(24) * min(len(names), 6) + 12)

    def move_row(self, by: int) -> None:
        """Move the current name up (-1) or down (+1)."""
        names, row = present_order(self.part), self.list.currentRow()
        if 0 <= row < len(names) and 0 <= row + by < len(names):
            names.insert(row + by, names.pop(row))
            self.list.setCurrentRow(row + by)
            same = names == list(self.part.names)
            self.given.emit(self.part.property, "" if same else json.dumps(names, ensure_ascii=False))


def _box(name: str, limits: tuple[float, float], step: float) -> QDoubleSpinBox:
    box = QDoubleSpinBox()
    box.setAccessibleName(name)
    box.setRange(*limits)
    box.setSingleStep(step)
    box.setDecimals(2)
    box.setKeyboardTracking(False)
    box.lineEdit().setTextMargins(6, 0, 0, 0)
    return box


def _show(box: QDoubleSpinBox, value: float | None) -> None:
    if value is not None and value != box.value():
        box.blockSignals(True)
        box.setValue(value)
        box.blockSignals(False)


def _swatch(colour: QColor) -> QIcon:
    picture = QPixmap(_SWATCH_PX, _SWATCH_PX)
    picture.fill(colour)
    return QIcon(picture)
