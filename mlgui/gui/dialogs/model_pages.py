"""The pages of the model options: what each offers for the model on show, and the edit a choice makes.

`show_model(spec, snapshot)` is silent; `edited(words of the step, ModelSpec)` when the user chooses.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLabel, QVBoxLayout, QWidget

from mlgui.data.table import CODED, Kind, Table
from mlgui.gui.centre.choices import Choice
from mlgui.gui.widgets import button, clear, label
from mlgui.session.document import Snapshot
from mlgui.session.without import without_words
from mlgui.spec import edits
from mlgui.spec.constancy import constant_within
from mlgui.spec.edits import Centring
from mlgui.spec.expression import Variable, columns_of
from mlgui.spec.model import Contrast, ModelSpec
from mlgui.spec.terms import Grouping
from mlgui.spec.two_level import groupings_of
from mlgui.words import tr

Edit = Callable[[ModelSpec], ModelSpec]
NONE = ""
MOST_WIDTH = 16777215
"""Of a widget without a limit, as Qt has it."""

_BETWEEN_PX = 6


class Page(QWidget):
    """Rows of a name, a field, and a caption below that explains it or says why it is disabled."""

    edited = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.spec: ModelSpec | None = None
        self.snapshot = Snapshot()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 8, 0)
        self.start_anew()

    def start_anew(self) -> None:
        """Put an empty grid in the place of all rows."""
        clear(self._column)
        holder = QWidget()
        self.grid = QGridLayout(holder)
        self.grid.setContentsMargins(0, 0, 0, 0)
        self.grid.setHorizontalSpacing(14)
        self.grid.setVerticalSpacing(4)
        self.grid.setColumnStretch(1, 1)
        self._column.addWidget(holder)
        self._column.addStretch()

    def show_model(self, spec: ModelSpec, snapshot: Snapshot) -> None:
        """Show a model without announcing anything."""
        self.spec, self.snapshot = spec, snapshot
        focused = self.focusWidget()
        name = focused.accessibleName() if focused is not None and focused.hasFocus() else ""
        self.show_fields()
        again = [found for found in self.findChildren(QWidget) if name and found.accessibleName() == name]
        if again and not again[-1].hasFocus():
            again[-1].setFocus()

    def show_fields(self) -> None:
        """Bring the fields in line with `spec` and `snapshot`; each page has its own way."""

    @property
    def table(self) -> Table:
        """The table on show."""
        assert self.snapshot.table is not None
        return self.snapshot.table

    def change(self, words: str, edit: Edit) -> None:
        """Announce an edit where it changes anything."""
        if self.spec is not None and (after := edit(self.spec)) != self.spec:
            self.edited.emit(words, after)

    def add_row(self, words: str, field: QWidget, caption: str | QLabel = "") -> None:
        """Add a field with its name before it, and a caption below."""
        row = self.grid.rowCount()
        name = label(words, "secondary")
        name.setBuddy(field)
        self.grid.addWidget(name, row, 0)
        narrow = field.maximumWidth() < MOST_WIDTH  # such a field must not keep its whole column narrow
        side = Qt.AlignmentFlag.AlignLeft if narrow else Qt.AlignmentFlag(0)
        self.grid.addWidget(field, row, 1, side)
        if caption:
            self.grid.addWidget(label(caption, "caption", wrap=True) if isinstance(caption, str) else caption, row + 1, 1)
        self.grid.setRowMinimumHeight(row + 2, _BETWEEN_PX)

    def columns_of_kind(self, kinds: Sequence[Kind]) -> list[str]:
        """Return the columns of these kinds, without the outcome."""
        taken = columns_of(self.spec.outcome) if self.spec is not None else ()
        return [column.name for column in self.table.columns if column.kind in kinds and column.name not in taken]


class PredictorsPage(Page):
    """Where the zero of each number lies, and what the levels of each category are compared with."""

    def show_fields(self) -> None:
        """Make a block for each predictor."""
        self.start_anew()
        assert self.spec is not None
        names = dict.fromkeys(name for term in self.spec.fixed for name in term.columns)
        for name in (name for name in names if name in self.table):
            if self.table[name].kind is Kind.NUMBER:
                self._add_number(self.spec, name)
            elif self.table[name].kind in CODED:
                self._add_category(self.spec, name)
        if not names:
            words = tr("The model has no predictor yet. Add one below the matrix of coefficients, by + Predictor.")
            self.grid.addWidget(label(words, "secondary", wrap=True), 0, 0, 1, 2)

    def _add_number(self, spec: ModelSpec, name: str) -> None:
        zero = Choice(tr("Zero of {column}").format(column=name))
        choices = [
            (Centring.NONE.value, tr("0, as it is")),
            (Centring.GRAND.value, tr("The overall mean")),
            (Centring.Z.value, tr("The overall mean, in standard deviations")),
        ]
        inner = [g for g in groupings_of(spec) if len(g.columns) == 1 and not self._is_constant(name, g)]
        choices += [(g.columns[0], tr("The mean of its {group}").format(group=g.columns[0])) for g in inner]
        zero.setMaximumWidth(MOST_WIDTH)
        zero.offer([("=" + key if place > 2 else key, words) for place, (key, words) in enumerate(choices)])
        zero.show_key(self._zero_of(spec, name))
        zero.chosen.connect(lambda key: self._on_zero(name, key))
        self.add_row(name, zero, tr("What 0 of {column} means").format(column=name))
        for grouping in inner:
            self._add_mean(spec, name, grouping.columns[0])

    def _is_constant(self, name: str, grouping: Grouping) -> bool:
        return constant_within(Variable(name), grouping, self.snapshot.structure, self.table)

    def _add_mean(self, spec: ModelSpec, name: str, group: str) -> None:
        with_mean = edits.add_group_mean(spec, name, group)
        box = QCheckBox(tr("Its mean by {group} is a predictor of groups").format(group=group).replace("&", "&&"))
        box.setAccessibleName(tr("Mean of {column} by {group} as a predictor").format(column=name, group=group))
        box.setChecked(with_mean == spec)
        box.setToolTip(tr("Tells differences within groups from differences between them"))
        words = tr("Add the mean of {column} by {group}") if with_mean != spec else tr("Remove the mean of {column} by {group}")
        mean = edits.add_group_mean(ModelSpec(outcome=spec.outcome, fixed=()), name, group).fixed[-1]
        edit = partial(edits.set_average, term=mean, on=with_mean != spec)
        box.clicked.connect(lambda: self.change(words.format(column=name, group=group), edit))
        row = self.grid.rowCount()
        self.grid.addWidget(box, row, 1)
        self.grid.setRowMinimumHeight(row + 1, _BETWEEN_PX)

    @staticmethod
    def _zero_of(spec: ModelSpec, name: str) -> str:
        for factor in (factor for term in spec.fixed for factor in term.factors):
            how = edits.centring_of(factor, name)
            if how is Centring.GROUP:
                return "=" + columns_of(factor)[-1]
            if how is not None:
                return str(how.value)
        return Centring.NONE.value

    def _on_zero(self, name: str, key: str) -> None:
        group = key[1:] if key.startswith("=") else None
        how = Centring.GROUP if group else Centring(key)
        words = tr("Move the zero of {column}").format(column=name)
        self.change(words, lambda spec: edits.set_centring(spec, name, how, group))

    def _add_category(self, spec: ModelSpec, name: str) -> None:
        levels, coding = self.table[name].levels, spec.coding(name)
        contrast = Choice(tr("Contrasts of {column}").format(column=name))
        contrast.setMaximumWidth(MOST_WIDTH)
        contrast.offer(
            [
                (Contrast.TREATMENT.value, tr("Differences from the reference level")),
                (Contrast.SUM.value, tr("Deviations from the mean of all levels")),
            ]
        )
        contrast.show_key(coding.contrast.value)
        words = tr("Code {column} in another way").format(column=name)
        contrast.chosen.connect(lambda key: self.change(words, lambda spec: edits.set_contrast(spec, name, key)))
        self.add_row(name, contrast)
        reference = Choice(tr("Reference level of {column}").format(column=name))
        reference.offer([(level, level) for level in levels])
        reference.show_key(coding.reference or levels[0])
        said = tr("Compare {column} with another level").format(column=name)
        reference.chosen.connect(lambda key: self.change(said, lambda spec: edits.set_reference(spec, name, key)))
        self.add_row(tr("Reference level"), reference, tr("With deviations, the level without a coefficient of its own"))


class RowsPage(Page):
    """Weights, offset, and the groups that are left out."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.weights = Choice(tr("Prior weights"))
        self.offset = Choice(tr("Offset"))
        caption = tr("A row of weight w has the residual variance σ² / w; weight 0 leaves it out")
        self.add_row(tr("Prior weights"), self.weights, caption)
        self.add_row(tr("Offset"), self.offset, tr("A known part of the outcome: added with the coefficient 1, not estimated"))
        self._left_out = QVBoxLayout()
        self.grid.addLayout(self._left_out, self.grid.rowCount(), 1)
        self.weights.chosen.connect(self._on_weights)
        self.offset.chosen.connect(self._on_offset)

    def show_fields(self) -> None:
        """Offer the columns of numbers."""
        assert self.spec is not None
        numbers = [(NONE, tr("None")), *((name, name) for name in self.columns_of_kind((Kind.NUMBER,)))]
        self.weights.offer(numbers)
        self.weights.show_key(self.spec.weights or NONE)
        offset = self.spec.offsets[0] if len(self.spec.offsets) == 1 else None
        typed = bool(self.spec.offsets) and not isinstance(offset, Variable)
        self.offset.offer([*numbers, *([("=typed", tr("As typed in the formula"))] if typed else [])])
        self.offset.show_key("=typed" if typed else offset.name if isinstance(offset, Variable) else NONE)
        self._show_left_out(self.spec)

    def _show_left_out(self, spec: ModelSpec) -> None:
        clear(self._left_out)
        words = tr("Every group is in. To leave some out, select them in any view and press “Without these”, in Explain.")
        self._left_out.addWidget(label(tr("Groups left out"), "strong"))
        if not spec.excluded:
            self._left_out.addWidget(label(words, "caption", wrap=True))
        for exclusion in spec.excluded:
            self._left_out.addWidget(label(without_words((exclusion,)), "secondary", wrap=True))
            back = button(tr("Take in again"), "small")
            edit = partial(edits.take_in_groups, grouping=exclusion.grouping, levels=exclusion.levels)
            back.clicked.connect(partial(self.change, tr("Take groups in again"), edit))
            self._left_out.addWidget(back)

    def _on_weights(self, name: str) -> None:
        words = tr("Weight rows by {column}").format(column=name) if name else tr("No weights")
        self.change(words, lambda spec: edits.set_weights(spec, name or None))

    def _on_offset(self, name: str) -> None:
        if name != "=typed":
            words = tr("Offset {column}").format(column=name) if name else tr("No offset")
            self.change(words, lambda spec: edits.set_offset(spec, name or None))
