"""The menu of one coefficient (centring, powers, interactions, reference level), and of the whole model (weights, offset)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QMenu, QWidget

from mlgui.data.table import CODED, Kind, Table
from mlgui.gui.widgets import verbatim
from mlgui.spec import edits
from mlgui.spec.edits import Centring
from mlgui.spec.expression import Call, Expression, Number, Operation, Variable, columns_of
from mlgui.spec.model import Contrast, ModelSpec
from mlgui.spec.terms import Term
from mlgui.spec.two_level import groupings_of, term_label
from mlgui.words import tr

Edit = Callable[[], ModelSpec]
MOST_LEVELS = 40


class TermMenu(QMenu):
    """`edited(words, spec)` when an entry was chosen. With term None the menu is empty, for `fill_more_menu`."""

    edited = Signal(str, object)

    def __init__(self, term: Term | None, spec: ModelSpec, table: Table, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.spec = spec
        self.table = table
        if term is not None:
            self._fill(term)

    def add(self, menu: QMenu, words: str, edit: Edit, *, done: str = "", checked: bool | None = None) -> None:
        """Add an entry; `done` names the step in the Undo menu where it says more than the entry."""
        action = menu.addAction(verbatim(words))
        if checked is not None:
            action.setCheckable(True)
            action.setChecked(checked)
        action.triggered.connect(lambda *_: self.edited.emit(done or words, edit()))

    def _fill(self, term: Term) -> None:
        columns = term.columns
        column = columns[0] if term.order == 1 and columns else ""
        if column and self.table[column].kind is Kind.NUMBER:
            self._add_centring(column)
            self._add_powers(column)
        if column and self.table[column].kind in CODED:
            self._add_coding(column)
        if term.order == 1:
            self._add_interactions(term)
        self.addSeparator()
        words = tr("Remove {term}").format(term=term_label(term))
        self.add(self, words, lambda: self._without(term, column))

    def _without(self, term: Term, column: str) -> ModelSpec:
        """Return the model without the coefficient: neither average nor varying."""
        if column and term == Term((Variable(column),)):
            return edits.remove_predictor(self.spec, column)
        spec = edits.set_average(self.spec, term, False)
        for grouping in groupings_of(spec):
            spec = edits.set_varies(spec, term, grouping, False)
        return spec

    def _add_centring(self, column: str) -> None:
        menu = self.addMenu(tr("Zero of {column}").format(column=column))
        now = self._centring(column)
        words = {
            Centring.NONE: tr("As it is"),
            Centring.GRAND: tr("Overall mean"),
            Centring.Z: tr("Overall mean, in standard deviations"),
        }
        for how, text in words.items():
            done = tr("Zero of {column}: {how}").format(column=column, how=text)
            self.add(menu, text, partial(edits.set_centring, self.spec, column, how), done=done, checked=now is how)
        for grouping in groupings_of(self.spec):
            if len(grouping.columns) == 1:
                self._add_group_mean(menu, column, grouping.columns[0], now is Centring.GROUP)

    def _add_group_mean(self, menu: QMenu, column: str, group: str, now: bool) -> None:
        within = tr("Mean of its {group}").format(group=group)
        self.add(menu, within, lambda: edits.set_centring(self.spec, column, Centring.GROUP, group), checked=now)
        both = tr("Mean of its {group}, and add that mean as a predictor").format(group=group)
        self.add(menu, both, lambda: edits.set_centring(self.spec, column, Centring.GROUP, group, add_mean=True))
        added = tr("Add the mean by {group} as a predictor").format(group=group)
        self.add(menu, added, lambda: edits.add_group_mean(self.spec, column, group))

    def _centring(self, column: str) -> Centring | None:
        factors = [factor for term in self.spec.fixed for factor in term.factors if column in columns_of(factor)]
        found = [edits.centring_of(factor, column) for factor in factors]
        return next((how for how in found if how is not None), None)

    def _add_powers(self, column: str) -> None:
        square = Call("I", (Operation("^", (Variable(column), Number(2.0))),))
        self.add(self, tr("Add the square of {column}").format(column=column), lambda: edits.add_predictor(self.spec, square))

    def _add_coding(self, column: str) -> None:
        levels, coding = self.table[column].levels, self.spec.coding(column)
        menu = self.addMenu(tr("Reference level"))
        for level in levels[:MOST_LEVELS]:
            done = tr("Compare {column} with {level}").format(column=column, level=level)
            now = (coding.reference or levels[0]) == level
            self.add(menu, level, partial(edits.set_reference, self.spec, column, level), done=done, checked=now)
        menu = self.addMenu(tr("Contrasts"))
        for contrast, text in (
            (Contrast.TREATMENT, tr("Differences from the reference level")),
            (Contrast.SUM, tr("Deviations from the mean of all levels")),
        ):
            now = coding.contrast is contrast
            self.add(menu, text, partial(edits.set_contrast, self.spec, column, contrast), checked=now)

    def _add_interactions(self, term: Term) -> None:
        others = [other for other in self.spec.fixed if other.order == 1 and not other.same_as(term)]
        if not others:
            return
        menu = self.addMenu(tr("Interaction with"))
        for other in others:
            product = Term((*term.factors, *other.factors))
            done = tr("Add {term}").format(term=term_label(product))
            self.add(menu, term_label(other), partial(edits.set_average, self.spec, product, True), done=done)


def fill_more_menu(menu: TermMenu, open_options: Callable[[], None]) -> None:
    """Add weights and offset to a menu, and the way to everything else that few models need."""
    spec, numbers = menu.spec, [column.name for column in menu.table.columns if column.kind is Kind.NUMBER]
    weights = menu.addMenu(tr("Prior weights"))
    menu.add(weights, tr("None"), lambda: edits.set_weights(spec, None), done=tr("No weights"), checked=spec.weights is None)
    offset = menu.addMenu(tr("Offset"))
    menu.add(offset, tr("None"), lambda: edits.set_offset(spec, None), done=tr("No offset"), checked=not spec.offsets)
    for name in numbers:
        done = tr("Weight rows by {column}").format(column=name)
        menu.add(weights, name, partial(edits.set_weights, spec, name), done=done, checked=spec.weights == name)
        own: tuple[Expression, ...] = (Variable(name),)
        done = tr("Offset {column}").format(column=name)
        menu.add(offset, name, partial(edits.set_offset, spec, name), done=done, checked=spec.offsets == own)
    menu.addSeparator()
    menu.addAction(tr("Model options: residuals, tests, intervals…"), open_options)
