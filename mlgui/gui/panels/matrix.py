"""The coefficient matrix: which averages are estimated, and which coefficients vary by which groups."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QCheckBox, QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from mlgui.gui.theme import Theme
from mlgui.gui.widgets import clear, label, line, verbatim
from mlgui.spec.nouns import group_noun
from mlgui.spec.terms import Grouping
from mlgui.spec.two_level import Cell, MatrixRow
from mlgui.words import tr

ROW_HEIGHT = 24
_NAME_SIDE = 4
_NAME_WIDTH = 120
"""Width kept for the names of coefficients, in px, where they need it: the words beside them can break, names cannot."""


class _Name(QPushButton):
    """The name of a coefficient, with an ellipsis where it is longer than there is room for."""

    def __init__(self, text: str) -> None:
        super().__init__(verbatim(text))
        self._text = text
        self.setProperty("kind", "row-name")
        self.setAccessibleName(tr("Options of {term}").format(term=text))
        self.setToolTip(text)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        room = event.size().width() - 2 * _NAME_SIDE
        self.setText(verbatim(self.fontMetrics().elidedText(self._text, Qt.TextElideMode.ElideMiddle, room)))


class Matrix(QFrame):
    """Rows of boxes. `average_toggled(term, on)`, `varies_toggled(term, grouping, on)`, `menu_wanted(term, position)`."""

    average_toggled = Signal(object, bool)
    varies_toggled = Signal(object, object, bool)
    menu_wanted = Signal(object, QPoint)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._boxes: dict[tuple[str, str], QCheckBox] = {}
        self.setProperty("box", "card")
        self.setAccessibleName(tr("Coefficients and what varies"))
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(1, 1, 1, 1)
        self._grid.setSpacing(0)

    def box(self, term: str, column: str = "average") -> QCheckBox | None:
        """Return the box of a row by its label and its column: "average", or the name of a grouping."""
        return self._boxes.get((term, column))

    def set_rows(self, rows: Sequence[MatrixRow], groupings: Sequence[Grouping]) -> None:
        """Show these rows; the box that had the keyboard has it again."""
        focused = next((key for key, box in self._boxes.items() if box.hasFocus()), None)
        clear(self._grid)
        self._boxes = {}
        self._grid.setColumnStretch(0, 1)
        widest = max((self.fontMetrics().horizontalAdvance(row.label) for row in rows), default=0)
        self._grid.setColumnMinimumWidth(0, min(widest + self._theme.px(20), self._theme.px(_NAME_WIDTH)))
        self._add_head(groupings)
        for number, row in enumerate(rows):
            self._add_line(2 * number + 1, 2 + len(groupings))
            self._add_row(2 * number + 2, row, groupings)
        if focused in self._boxes:
            self._boxes[focused].setFocus()

    def _add_head(self, groupings: Sequence[Grouping]) -> None:
        self._grid.addWidget(self._cell(label(tr("Coefficient"), "caption"), left=True), 0, 0)
        self._grid.addWidget(self._cell(label(tr("Average"), "caption")), 0, 1)
        for place, grouping in enumerate(groupings):
            words = tr("Varies by {group}") if len(groupings) == 1 else "{group}"
            head = label(words.format(group=group_noun(grouping)), "caption", wrap=len(groupings) > 1)
            head.setToolTip(
                tr("Ticked: the coefficient has a value of its own in every {group}").format(group=group_noun(grouping))
            )
            self._grid.addWidget(self._cell(head), 0, 2 + place)

    def _add_line(self, at: int, columns: int) -> None:
        self._grid.addWidget(line(), at, 0, 1, columns)

    def _add_row(self, at: int, row: MatrixRow, groupings: Sequence[Grouping]) -> None:
        self._grid.addWidget(self._name_cell(row), at, 0)
        name = tr("Average of {term}").format(term=row.label)
        box = self._box(row, "average", row.average, name)
        box.toggled.connect(lambda on, term=row.term: self.average_toggled.emit(term, on))
        self._grid.addWidget(self._cell(box), at, 1)
        for place, (grouping, cell) in enumerate(zip(groupings, row.cells, strict=True)):
            self._grid.addWidget(self._cell(self._varies(row, grouping, cell)), at, 2 + place)

    def _name_cell(self, row: MatrixRow) -> QWidget:
        """Return the name of a coefficient as a button that opens what can be done with it."""
        name = _Name(row.label)
        name.setEnabled(row.term.order > 0)
        name.clicked.connect(lambda: self.menu_wanted.emit(row.term, name.mapToGlobal(QPoint(0, name.height()))))
        return self._cell(name, left=True)

    def _varies(self, row: MatrixRow, grouping: Grouping, cell: Cell) -> QWidget:
        if not cell.possible:
            words = QLabel(cell.reason)
            words.setProperty("role", "reason")
            words.setWordWrap(True)
            words.setAlignment(Qt.AlignmentFlag.AlignCenter)
            words.setToolTip(tr("{term} cannot vary by {group}: {reason}").format(
                term=row.label, group=group_noun(grouping), reason=cell.reason))  # fmt: skip
            return words
        name = tr("{term} varies by {group}").format(term=row.label, group=group_noun(grouping))
        box = self._box(row, grouping.name, cell.varies, name)
        box.toggled.connect(lambda on, term=row.term: self.varies_toggled.emit(term, grouping, on))
        return box

    def _box(self, row: MatrixRow, column: str, on: bool, name: str) -> QCheckBox:
        box = QCheckBox()
        box.setChecked(on)
        box.setAccessibleName(name)
        self._boxes[row.label, column] = box
        return box

    def _cell(self, widget: QWidget, *, left: bool = False) -> QWidget:
        cell = QWidget()
        cell.setMinimumHeight(self._theme.px(ROW_HEIGHT))
        row = QHBoxLayout(cell)
        row.setContentsMargins(6 if left else 4, 0, 4, 0)
        if left:
            row.addWidget(widget, 1)
        else:
            row.addWidget(widget, 0, Qt.AlignmentFlag.AlignCenter)
        return cell
