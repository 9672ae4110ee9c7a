"""Data: the table as it is used, any number of rows; and the way to change it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QWidget

from mlgui.data.edits.rows import block_of_text, with_block, with_cell
from mlgui.data.finding import order_by
from mlgui.data.structure import Structure
from mlgui.data.table import Table
from mlgui.errors import UserError
from mlgui.gui.centre.choices import Choice
from mlgui.gui.centre.data_header import DataHeader
from mlgui.gui.centre.view import View
from mlgui.gui.items.data_grid import BADGE_ROLE, DataGridModel
from mlgui.gui.panels.roles import level_words
from mlgui.gui.runner import Runner
from mlgui.gui.table.actions import ColumnActions
from mlgui.gui.table.column_menu import column_menu
from mlgui.gui.table.grid import Grid
from mlgui.gui.table.statistics import StatisticsPanel
from mlgui.gui.table.tools import FilterStrip, Tools
from mlgui.gui.theme import Theme
from mlgui.gui.widgets import label
from mlgui.progress import OnStep
from mlgui.results import numbers
from mlgui.results.report import Report
from mlgui.session.data_changes import DataChange
from mlgui.session.document import Document
from mlgui.spec.nouns import row_noun
from mlgui.words import ntr, tr

_ALL, _USED, _DROPPED, _PICKED = "all", "used", "dropped", "picked"


class DataView(View):
    """The grid, with rows the model leaves out struck through and rows of selected groups highlighted."""

    always = True

    def __init__(self, document: Document, theme: Theme, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(document, theme, parent)
        self._runner = runner
        self._report: Report | None = None
        self._own_selection = False
        self._codes: tuple[Report, int, NDArray[np.int64]] | None = None
        self._order: NDArray[np.int64] | None = None
        self._sorted: tuple[str, str] = ("", "")
        self.verbs = ColumnActions(document, runner, theme, self)
        self.model = DataGridModel(theme)
        self.grid = Grid(theme)
        self.grid.setModel(self.model)
        self.header = DataHeader(theme, self.grid)
        self.grid.setHorizontalHeader(self.header)
        self.show_only = Choice(tr("Rows"))
        self.add_control(self.show_only, tr("Rows"))
        self.tools = Tools(self.verbs, runner, theme)
        self.strip = FilterStrip(self.verbs)
        self.statistics = StatisticsPanel(runner, theme)
        self.refusal = label("", "error", wrap=True, selectable=True)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        beside = QHBoxLayout()
        beside.setSpacing(12)
        beside.addWidget(self.grid, 1)
        beside.addWidget(self.statistics)
        self.body.addWidget(self.tools)
        self.body.addWidget(self.strip)
        self.body.addLayout(beside, 1)
        self.body.addWidget(self.refusal)
        self.refusal.hide()

    def _connect(self) -> None:
        self.show_only.chosen.connect(self._filter)
        self.grid.clicked.connect(lambda index: self._on_row(index.row()))
        self.grid.pasted.connect(self.paste)
        self.grid.erased.connect(self._erase)
        self.grid.menu_asked.connect(self._show_menu)
        self.header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.header.customContextMenuRequested.connect(self._on_header_menu)
        self.header.sectionDoubleClicked.connect(lambda section: self._show_statistics_at(section))
        self.model.edited.connect(self._on_edited)
        self.verbs.statistics_asked.connect(self.show_statistics)
        self.verbs.sort_asked.connect(self._sort)
        self.verbs.changer.failed.connect(self._refuse)
        self.verbs.changer.done.connect(lambda _change: self.refusal.hide())
        self.statistics.levels_asked.connect(self.verbs.edit_levels)
        self.tools.found.connect(self._go_to)
        self.theme.changed.connect(self._on_theme_changed)

    def _on_theme_changed(self) -> None:
        if self.model.table is not None:
            self._set_widths(self.model.table)
            self._filter()

    def token(self, report: Report | None) -> object:
        """Return the table and the rows the model uses."""
        return self.document.snapshot.table, report

    def draw(self, report: Report | None) -> None:
        """Show the table of the document."""
        snapshot = self.document.snapshot
        table, structure = snapshot.table, snapshot.structure
        stale = report is None or table is None or report.design.table is not table
        self._report = None if stale else report
        keep = self.model.table is table and table is not None
        alike = self.model.table is not None and table is not None and self.model.table.n_rows == table.n_rows
        at, across = (self.grid.verticalScrollBar().value(), self.grid.horizontalScrollBar().value()) if alike else (0, 0)
        self.header.row_noun = row_noun(table)
        likely = structure.likely if structure is not None else ()
        names = frozenset(name for facts in likely for name in facts.columns) | self._grouped_by()
        before = self.model.table
        self.model.show(table, self._levels(table, structure), self._dropped(), names)
        if table is not None and not keep and (before is None or before.names != table.names):
            self._set_widths(table)
        if not keep:
            self.refusal.hide()
            self._follow_table(table)
        self._describe(table)
        self._filter()
        self.grid.verticalScrollBar().setValue(at)
        self.grid.horizontalScrollBar().setValue(across)

    def _follow_table(self, table: Table | None) -> None:
        """Bring strip, order and statistics in line with another table."""
        self.strip.follow(table)
        name, how = self._sorted
        if table is None or name not in table:
            self._order, self._sorted = None, ("", "")
        elif how:
            self._sort(name, how)
        if self.statistics.isVisible() and table is not None:
            self.show_statistics(self.statistics.name) if self.statistics.name in table else self.statistics.hide()

    def _grouped_by(self) -> frozenset[str]:
        """Return the columns by which the model groups rows."""
        model = self.document.active_model
        if model is None or model.spec is None:
            return frozenset()
        return frozenset(name for random in model.spec.random for name in random.grouping.columns)

    @staticmethod
    def _levels(table: Table | None, structure: Structure | None) -> dict[str, str]:
        """Return the level of each column in the words of the list of columns, rows left out."""
        if table is None or structure is None:
            return {}
        found = {name: level_words(name, structure) for name in table.names}
        return {name: words for name, words in found.items() if words}

    def _dropped(self) -> dict[int, tuple[str, ...]]:
        if self._report is None:
            return {}
        design = self._report.design
        dropped = dict(zip(design.dropped_rows.tolist(), design.dropped_because))
        return dropped | dict.fromkeys(design.excluded_rows.tolist(), ())

    def _set_widths(self, table: Table) -> None:
        metrics = self.grid.fontMetrics()
        sample = range(0, min(table.n_rows, 60))
        for column in range(len(table.columns)):
            texts = [str(self.model.index(row, column).data()) for row in sample]
            widest = max((metrics.horizontalAdvance(text) for text in texts), default=0)
            name = metrics.horizontalAdvance(table.columns[column].name)
            words = str(self.model.headerData(column, Qt.Orientation.Horizontal, BADGE_ROLE) or self.header.row_noun)
            badge = metrics.horizontalAdvance(words) + 14
            self.grid.setColumnWidth(column, min(max(widest, name, badge) + 34, 320))

    def _describe(self, table: Table | None) -> None:
        if table is None:
            self.set_heading(tr("Data"), tr("Open a file to see its data here."))
            return
        dropped = len(self._dropped())
        parts = [
            ntr("{n} row", "{n} rows", table.n_rows).format(n=numbers.count(table.n_rows)),
            ntr("{n} column", "{n} columns", len(table.columns)).format(n=len(table.columns)),
        ]
        if dropped:
            words = ntr("{n} row left out of the model", "{n} rows left out of the model", dropped)
            parts.append(words.format(n=numbers.count(dropped)))
        self.set_heading(table.source.title or table.source.name or tr("Data"), " · ".join(parts))
        offered = [(_ALL, tr("All"))]
        if dropped or table.filter is not None:
            offered += [(_USED, tr("Used")), (_DROPPED, tr("Left out"))]
        if self._report is not None and self._report.groups:
            offered.append((_PICKED, tr("Selected groups")))
        self.show_only.offer(offered)

    def _filter(self) -> None:
        n = self.model.table.n_rows if self.model.table is not None else 0
        rows = np.arange(n)
        if self._order is not None and len(self._order) != n:
            self._order = None
        if self.show_only.key == _USED and self._report is not None:
            rows = np.sort(self._report.design.rows)
        elif self.show_only.key == _DROPPED and self._report is not None:
            used = np.zeros(n, dtype=np.bool_)
            used[self._report.design.rows] = True
            rows = np.flatnonzero(~used)
        elif self.show_only.key == _PICKED:
            rows = np.flatnonzero(self._picked())
        self.model.set_rows(self._in_order(rows))
        self.tools.follow(self.model.table, self.model.rows)
        self.grid.verticalHeader().setFixedWidth(self.grid.fontMetrics().horizontalAdvance(str(n)) + 20)

    def _group_of_rows(self) -> NDArray[np.int64]:
        """Return the group of every row of the table in the grouping of the selection (the first without one), -1 for none."""
        table, report = self.model.table, self._report
        if report is None or not report.groups or table is None:
            return np.full(table.n_rows if table is not None else 0, -1, dtype=np.int64)
        names = [groups.grouping for groups in report.groups]
        wanted = self.document.selection.grouping
        index = names.index(wanted) if wanted in names else 0
        self.selecting.use(names[index], report.groups[index].levels)
        if self._codes is None or self._codes[:2] != (report, index):
            codes = np.full(table.n_rows, -1, dtype=np.int64)
            codes[report.design.rows] = report.design.problem.groupings[index].codes
            self._codes = (report, index, codes)
        return self._codes[2]

    def _picked(self) -> NDArray[np.bool_]:
        codes = self._group_of_rows()
        chosen = np.zeros(int(codes.max(initial=-1)) + 2, dtype=np.bool_)  # the last one stands for rows without a group
        chosen[list(self.selecting.indices)] = True
        return np.asarray(chosen[codes])

    def draw_selection(self) -> None:
        """Highlight the rows of selected groups, and bring the first of the last group into view."""
        if self.model.table is None:
            return
        picked = self._picked()
        if self.show_only.key == _PICKED:
            self.model.set_rows(self._in_order(np.flatnonzero(picked)))
        self.model.set_picked(picked)
        if self.selecting.last >= 0 and not self._own_selection:
            found = np.flatnonzero(self._group_of_rows()[self.model.rows] == self.selecting.last)
            if len(found):
                self.grid.scrollTo(self.model.index(int(found[0]), 0), QAbstractItemView.ScrollHint.PositionAtTop)

    def _on_row(self, place: int) -> None:
        codes = self._group_of_rows()
        group = int(codes[self.model.rows[place]])
        if group >= 0:
            self._own_selection = True
            self.selecting.choose([group])
            self._own_selection = False

    # Order, places and numbers

    def _in_order(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return rows in the order the user sorted by."""
        if self._order is None:
            return rows
        wanted = np.zeros(len(self._order), dtype=np.bool_)
        wanted[rows] = True
        return self._order[wanted[self._order]]

    def _sort(self, name: str, how: str) -> None:
        table = self.document.snapshot.table
        self._sorted = (name, how)
        self.header.set_order(name if how else "", descending=how == "down")
        if table is None or not how:
            self._order = None
            self._filter()
            return
        column = table[name]

        def work(_on_step: OnStep) -> NDArray[np.int64]:
            return order_by(column, descending=how == "down")

        def take(order: NDArray[np.int64]) -> None:
            self._order = order
            self._filter()

        self._runner.start("sort", work, take)

    def _go_to(self, row: int, column: int) -> None:
        """Make a cell found the current one, and bring it into view."""
        place = np.flatnonzero(self.model.rows == row)
        if len(place):
            index = self.model.index(int(place[0]), column)
            self.grid.setCurrentIndex(index)
            self.grid.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)

    def show_statistics(self, name: str) -> None:
        """Show the numbers of a column beside the grid, and bring the column into view."""
        snapshot = self.document.snapshot
        if snapshot.table is None or name not in snapshot.table:
            return
        self.statistics.show_column(snapshot.table[name], snapshot.structure)

    def _show_statistics_at(self, section: int) -> None:
        column = self.model.column_at(section)
        if column is not None:
            self.show_statistics(column.name)

    def _on_header_menu(self, place: QPoint) -> None:
        self._show_menu(self.header.logicalIndexAt(place), self.header.mapToGlobal(place))

    def _show_menu(self, section: int, place: QPoint) -> None:
        column, snapshot = self.model.column_at(section), self.document.snapshot
        if column is not None and snapshot.table is not None:
            menu = column_menu(column.name, snapshot.table, snapshot.structure, self.verbs, self)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.popup(place)

    # Changing cells

    def _on_edited(self, row: int, name: str, text: str) -> None:
        label_ = tr("Change {name} in row {row}").format(name=name, row=self.row_number(row))
        self.verbs.changer.change(DataChange(label=label_, apply=lambda table: with_cell(table, row, name, text)))

    def row_number(self, row: int) -> int:
        """Return the number in the file of a row of the table."""
        return int(self.model.table.row_ids[row]) if self.model.table is not None else row + 1

    def _erase(self) -> None:
        index = self.grid.currentIndex()
        if index.isValid():
            self.model.setData(index, "")

    def paste(self, text: str) -> None:
        """Put a block of cells into the current cell and from there on; what goes beyond the last row makes new rows."""
        index, table = self.grid.currentIndex(), self.model.table
        if table is None or not text.strip():
            return
        place, first = (index.row(), index.column()) if index.isValid() else (len(self.model.rows), 0)
        rows = self.model.rows[place:].copy()

        def apply(found: Table) -> Table:
            return with_block(found, rows, first, block_of_text(text))

        self.verbs.changer.change(DataChange(label=tr("Paste cells"), apply=apply))

    def _refuse(self, error: UserError) -> None:
        self.refusal.setText(" ".join(part for part in (error.what, error.why, error.do) if part))
        self.refusal.setAccessibleName(self.refusal.text())
        self.refusal.show()
