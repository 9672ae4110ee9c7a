"""A list of parts of a figure with their controls, each with its way back to how it was computed."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QPushButton, QVBoxLayout, QWidget

from mlgui.gui.editing.fields import (
    ColourField,
    Field,
    NumberField,
    OrderField,
    RangeField,
    SizeField,
    SwitchField,
    TextField,
)
from mlgui.gui.editing.lines import LinesField
from mlgui.gui.theme import Theme
from mlgui.gui.widgets import button, clear, label
from mlgui.results.figure_parts import Part
from mlgui.words import tr

_FIELDS: dict[str, type[Field]] = {
    "text": TextField,
    "range": RangeField,
    "order": OrderField,
    "colour": ColourField,
    "number": NumberField,
    "size": SizeField,
    "switch": SwitchField,
    "lines": LinesField,
}


class EditForm(QWidget):
    """Shows parts. given(property, value): the user wants a part otherwise, "" for as it was computed."""

    given = Signal(str, str)

    def __init__(self, theme: Theme, *, sections: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._sections = theme, sections
        self.fields: dict[str, Field] = {}
        self.resets: dict[str, QPushButton] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(14)

    def show_parts(self, parts: Sequence[Part]) -> None:
        """Show these parts; controls stay where the list is the same."""
        if list(self.fields) != [part.property for part in parts]:
            self._build(parts)
        for part in parts:
            self.fields[part.property].show_part(part)
            self.resets[part.property].setEnabled(part.changed)

    def _build(self, parts: Sequence[Part]) -> None:
        clear(self._column)
        self.fields, self.resets = {}, {}
        for section in dict.fromkeys(part.section for part in parts):
            if self._sections:
                self._column.addWidget(label(section, "subheading"))
            grid = QGridLayout()
            grid.setHorizontalSpacing(8)
            grid.setVerticalSpacing(8)
            for row, part in enumerate(part for part in parts if part.section == section):
                self._add(grid, row, part)
            self._column.addLayout(grid)
        self._column.addStretch()

    def _add(self, grid: QGridLayout, row: int, part: Part) -> None:
        field = _FIELDS[part.kind](part, self._theme)
        field.given.connect(self.given)
        words = label(part.name, "secondary", wrap=True)
        words.setBuddy(field)
        reset = button(tr("Reset"), "link", name=tr("Reset {what}").format(what=part.name))
        reset.clicked.connect(lambda: self.given.emit(part.property, ""))
        self.fields[part.property], self.resets[part.property] = field, reset
        grid.addWidget(words, row, 0)
        grid.addWidget(field, row, 1)
        grid.addWidget(reset, row, 2)
        grid.setColumnStretch(0, 2)
        grid.setColumnStretch(1, 3)
