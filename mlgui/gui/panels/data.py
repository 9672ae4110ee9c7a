"""The DATA section of the left dock: every column with its role, kind, level, missing values and shape."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from mlgui.data.describe import ColumnFacts, column_facts
from mlgui.data.edits.columns import CONVERSIONS, with_kind
from mlgui.data.structure import Structure, find_structure
from mlgui.data.table import CODED, Column, Kind, Table
from mlgui.errors import UserError
from mlgui.gui.desk import Desk
from mlgui.gui.panels.column_list import ROW_HEIGHT, ColumnView
from mlgui.gui.panels.roles import column_rows, first_spec, kind_word
from mlgui.gui.widgets import SearchField, Section, verbatim
from mlgui.progress import OnStep
from mlgui.results.numbers import count
from mlgui.session.changes import Change
from mlgui.spec import edits
from mlgui.spec.model import ModelSpec
from mlgui.words import tr

LANE = "columns"
_AT_ONCE = 400_000
_MOST_ROWS, _FEWEST_ROWS = 9, 5
"""Columns seen at once in a high and in a low window; the others are scrolled."""


class DataPanel(QWidget):
    """The columns. `column_opened(name)` asks to see one in the Data tab; `refused(UserError)` a change that failed.

    `menu_opening(QMenu, name)`: the menu of a column opens; who knows more that can be done with it adds that.
    """

    column_opened = Signal(str)
    refused = Signal(object)
    menu_opening = Signal(object, str)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._table: Table | None = None
        self._facts: tuple[ColumnFacts, ...] = ()
        self._most_rows = _MOST_ROWS
        self._section = Section(tr("Data"), desk.theme)
        self.search = SearchField(tr("Search columns"), desk.theme)
        self.view = ColumnView(desk.theme)
        self._section.content.setSpacing(4)
        self._section.content.addWidget(self.search)
        self._section.content.addWidget(self.view)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 8, 16, 8)
        column.addWidget(self._section)
        self.search.textChanged.connect(self._on_searched)
        self.view.kind_clicked.connect(self._on_kind_clicked)
        self.view.menu_wanted.connect(self._on_menu_wanted)
        self.view.opened.connect(self.column_opened)
        desk.bridge.changed.connect(self._on_changed)
        desk.theme.changed.connect(self._refresh_rows)
        self._look_again()

    def fit_rows(self, height: int) -> None:
        """Show as many columns at once as there is height for, in px, within reason."""
        self._most_rows = max(_FEWEST_ROWS, min(_MOST_ROWS, height // self._desk.theme.px(ROW_HEIGHT)))
        self.view.fit_height(self._most_rows)

    def _on_changed(self, change: Change, origin: object) -> None:
        if change & Change.TABLE:
            self._look_again()
        elif change & (Change.MODELS | Change.ACTIVE):
            self._refresh_rows()

    def _look_again(self) -> None:
        """Describe the columns of a new table: at once if it is small, otherwise beside the window."""
        snapshot = self._desk.document.snapshot
        self._table = table = snapshot.table
        self._facts = ()
        self._section.set_detail("" if table is None else _size_text(table))
        if table is None:
            self._refresh_rows()
        elif table.n_rows * len(table.columns) <= _AT_ONCE:
            self._on_described(column_facts(table, snapshot.structure))
        else:
            structure = snapshot.structure
            self._desk.runner.start(LANE, lambda on_step: column_facts(table, structure), self._on_described)
        self.search.setPlaceholderText(tr("Search {n} columns").format(n=len(table.columns) if table else 0))

    def _on_described(self, facts: tuple[ColumnFacts, ...]) -> None:
        self._facts = facts
        self._refresh_rows()

    def _refresh_rows(self) -> None:
        self.view.rows.set_rows(column_rows(self._facts, self._desk.document.snapshot))
        self.view.fit_height(self._most_rows)

    def _on_searched(self, text: str) -> None:
        self.view.narrow(text)
        self.view.fit_height(self._most_rows)

    # Kinds

    def _on_kind_clicked(self, name: str, at: QPoint) -> None:
        menu = self._menu()
        self._add_kinds(menu, name)
        menu.popup(at)

    def _add_kinds(self, menu: QMenu, name: str) -> None:
        column = self._column(name)
        if column is None:
            return
        for kind in CONVERSIONS:
            action = menu.addAction(tr("Read as {kind}").format(kind=kind_word(kind)))
            action.setCheckable(True)
            action.setChecked(column.kind is kind)
            action.triggered.connect(lambda checked=False, kind=kind: self.convert(name, kind))

    def convert(self, name: str, kind: Kind) -> None:
        """Give a column another kind; groups are looked for again beside the window."""
        column, table = self._column(name), self._desk.document.snapshot.table
        if column is None or table is None or column.kind is kind:
            return
        try:
            changed = with_kind(table, name, kind)
        except UserError as error:
            self.refused.emit(error)
            return
        label = tr("Read {column} as {kind}").format(column=name, kind=kind_word(kind))

        def work(on_step: OnStep) -> Structure:
            return find_structure(changed, on_step)

        def done(structure: Structure) -> None:
            self._desk.document.edit_table(label, changed, structure)

        self._desk.runner.start("file", work, done, self.refused.emit)

    # Roles

    def _on_menu_wanted(self, name: str, at: QPoint) -> None:
        menu = self._menu()
        for text, edit in self._role_edits(name):
            action = QAction(verbatim(text), menu)
            action.triggered.connect(lambda checked=False, edit=edit, text=text: self._apply(text, name, edit))
            menu.addAction(action)
        if menu.actions():
            menu.addSeparator()
        self._add_kinds(menu, name)
        menu.addSeparator()
        self.menu_opening.emit(menu, name)
        menu.addAction(tr("Show in the data")).triggered.connect(lambda: self.column_opened.emit(name))
        menu.popup(at)

    def _role_edits(self, name: str) -> list[tuple[str, Callable[[ModelSpec], ModelSpec]]]:
        """Return what a column can become in the model on show, as (words, edit)."""
        model, column = self._desk.document.active_model, self._column(name)
        if model is None or column is None:
            return []
        if model.spec is None:
            return [(tr("Use as outcome"), lambda spec: spec)] if column.kind not in CODED else []
        found: list[tuple[str, Callable[[ModelSpec], ModelSpec]]] = []
        if column.kind not in CODED:
            found.append((tr("Use as outcome"), lambda spec: edits.set_outcome(spec, name)))
        if self._could_group(name):
            found.append((tr("Let intercepts vary by it"), lambda spec: edits.add_grouping(spec, name)))
        if any(name in term.columns for term in model.spec.fixed):
            found.append((tr("Remove from the model"), lambda spec: edits.remove_predictor(spec, name)))
        elif column.kind not in (Kind.TEXT, Kind.EMPTY, Kind.DATE, Kind.DATETIME):
            found.append((tr("Add as predictor"), lambda spec: edits.add_predictor(spec, name)))
        return found

    def _could_group(self, name: str) -> bool:
        structure = self._desk.document.snapshot.structure
        return structure is not None and any(facts.columns == (name,) for facts in structure.groupings)

    def _apply(self, text: str, name: str, edit: Callable[[ModelSpec], ModelSpec]) -> None:
        model = self._desk.document.active_model
        if model is not None:
            spec = edit(model.spec) if model.spec is not None else first_spec(name, self._desk.document.snapshot)
            self._desk.document.edit_spec(f"{text}: {name}", spec, self)

    def _column(self, name: str) -> Column | None:
        table = self._desk.document.snapshot.table
        return table[name] if table is not None and name in table else None

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return menu


def _size_text(table: Table) -> str:
    name = table.source.name
    return tr("{name} · {rows} × {columns}").format(name=name, rows=count(table.n_rows), columns=len(table.columns)).lstrip(" ·")
