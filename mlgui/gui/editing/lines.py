"""The user's own lines of reference in one panel of a figure: a row for each, and one more to add."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from mlgui.gui.editing.fields import Field
from mlgui.gui.theme import Theme
from mlgui.gui.widgets import button, clear
from mlgui.results.figure_edits import OwnLine, lines_text, number_of, own_lines
from mlgui.results.figure_parts import Part
from mlgui.words import tr


class LinesField(Field):
    """Where each line stands and what is written at it; lines can be added and removed."""

    def __init__(self, part: Part, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(part, theme, parent)
        self.rows: list[LineRow] = []
        self._column = QVBoxLayout()
        self._column.setSpacing(6)
        self.row.addLayout(self._column)
        self.add = button(tr("Add a line"), "small", name=f"{tr('Add a line')}: {part.name}")
        self.add.clicked.connect(lambda: self.give_lines([*own_lines(self.part.value), OwnLine(at=0.0)]))
        self.setFocusProxy(self.add)
        self.show_part(part)

    def show_part(self, part: Part) -> None:
        super().show_part(part)
        lines = own_lines(part.value)
        if len(lines) == len(self.rows) and self.rows:
            for row, line in zip(self.rows, lines, strict=True):
                row.show_line(line)
            return
        self._column.removeWidget(self.add)
        clear(self._column)
        self.rows = [LineRow(line, place, self) for place, line in enumerate(lines)]
        for row in self.rows:
            self._column.addWidget(row)
        self._column.addWidget(self.add)

    def give_lines(self, lines: Sequence[OwnLine]) -> None:
        """Announce other lines."""
        self.give(lines_text(lines))

    def put(self, place: int, line: OwnLine | None) -> None:
        """Put another line in place of number `place`, or remove it."""
        lines = list(own_lines(self.part.value))
        lines[place : place + 1] = [line] if line is not None else []
        self.give_lines(lines)


class LineRow(QWidget):
    """One line: across or upright, where, its words, and a button that removes it."""

    def __init__(self, line: OwnLine, place: int, field: LinesField) -> None:
        super().__init__(field)
        self._field, self._place, self._line = field, place, line
        name = tr("Line {n}").format(n=place + 1)
        self.direction = QComboBox()
        self.direction.addItem(tr("y ="))
        self.direction.addItem(tr("x ="))
        self.direction.setAccessibleName(tr("{line}: direction").format(line=name))
        self.at, self.words = QLineEdit(), QLineEdit()
        self.at.setAccessibleName(tr("{line}: place").format(line=name))
        self.words.setAccessibleName(tr("{line}: words").format(line=name))
        self.words.setPlaceholderText(tr("Words"))
        self.at.setMaximumWidth(field.theme.px(70))
        self.remove = button(tr("Remove"), "small", name=tr("Remove {name}").format(name=name))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for part in (self.direction, self.at, self.words, self.remove):
            row.addWidget(part)
        self.show_line(line)
        self.direction.activated.connect(self._on_changed)
        self.at.editingFinished.connect(self._on_changed)
        self.words.editingFinished.connect(self._on_changed)
        self.remove.clicked.connect(lambda: field.put(place, None))

    def show_line(self, line: OwnLine) -> None:
        """Show where a line stands; nothing is announced."""
        self._line = line
        self.direction.setCurrentIndex(int(line.vertical))
        self.at.setText(f"{line.at:g}")
        self.words.setText(line.label)

    def _on_changed(self) -> None:
        at = number_of(self.at.text().strip().replace("\N{MINUS SIGN}", "-").replace(",", "."))
        line = replace(
            self._line,
            at=self._line.at if at is None else at,
            vertical=bool(self.direction.currentIndex()),
            label=self.words.text().strip(),
        )
        if line != self._line:
            self._field.put(self._place, line)
