"""Data: the table as it is used, any number of rows."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QWidget

from mlgui.data.structure import Structure
from mlgui.data.table import Table
from mlgui.gui.centre.choices import Choice
from mlgui.gui.centre.data_header import DataHeader
from mlgui.gui.centre.view import View
from mlgui.gui.items.copying import copy_cells
from mlgui.gui.items.data_grid import BADGE_ROLE, DataGridModel
from mlgui.gui.panels.roles import level_words
from mlgui.gui.theme import Theme
from mlgui.results import numbers
from mlgui.results.report import Report
from mlgui.session.document import Document
from mlgui.spec.nouns import row_noun
from mlgui.words import ntr, tr

_ALL, _USED, _DROPPED, _PICKED = "all", "used", "dropped", "picked"
_LONGEST_COPY = 100_000


class Grid(QTableView):
    """A table view that copies its selected rows."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy) and len(self.selectionModel().selectedRows()) <= _LONGEST_COPY:
            copy_cells(self)
        else:
            super().keyPressEvent(event)


class DataView(View):
    """The grid, with rows the model leaves out struck through and rows of selected groups highlighted."""

    always = True

    def __init__(self, document: Document, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(document, theme, parent)
        self._report: Report | None = None
        self._own_selection = False
        self._codes: tuple[Report, int, NDArray[np.int64]] | None = None
        self.model = DataGridModel(theme)
        self.grid = Grid()
        self.grid.setModel(self.model)
        self.header = DataHeader(theme, self.grid)
        self.grid.setHorizontalHeader(self.header)
        self.show_only = Choice(tr("Rows"))
        self.show_only.chosen.connect(self._filter)
        self.add_control(self.show_only, tr("Rows"))
        self._plain_look()
        self.body.addWidget(self.grid, 1)
        self.grid.clicked.connect(lambda index: self._on_row(index.row()))

    def _plain_look(self) -> None:
        self.grid.setAccessibleName(tr("Data"))
        self.grid.setFrameShape(QFrame.Shape.NoFrame)
        self.grid.setWordWrap(False)
        self.grid.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.grid.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.grid.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.grid.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.grid.verticalHeader().setDefaultSectionSize(self.theme.px(25))
        self.grid.setTabKeyNavigation(False)
        self.grid.setStyleSheet("QTableView::item { padding: 0px 6px; }")  # else numbers touch the texts beside them

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
        at = self.grid.verticalScrollBar().value() if keep else 0
        self.header.row_noun = row_noun(table)
        likely = structure.likely if structure is not None else ()
        names = frozenset(name for facts in likely for name in facts.columns) | self._grouped_by()
        self.model.show(table, self._levels(table, structure), self._dropped(), names)
        if table is not None and not keep:
            self._set_widths(table)
        self._describe(table)
        self._filter()
        self.grid.verticalScrollBar().setValue(at)

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
        if dropped:
            offered += [(_USED, tr("Used")), (_DROPPED, tr("Left out"))]
        if self._report is not None and self._report.groups:
            offered.append((_PICKED, tr("Selected groups")))
        self.show_only.offer(offered)

    def _filter(self) -> None:
        n = self.model.table.n_rows if self.model.table is not None else 0
        rows = np.arange(n)
        if self.show_only.key == _USED and self._report is not None:
            rows = np.sort(self._report.design.rows)
        elif self.show_only.key == _DROPPED and self._report is not None:
            rows = np.sort(np.concatenate([self._report.design.dropped_rows, self._report.design.excluded_rows]))
        elif self.show_only.key == _PICKED:
            rows = np.flatnonzero(self._picked())
        self.model.set_rows(rows)
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
        chosen = np.fromiter(self.selecting.indices, dtype=np.int64, count=len(self.selecting.indices))
        return np.isin(codes, chosen)

    def draw_selection(self) -> None:
        """Highlight the rows of selected groups, and bring the first of the last group into view."""
        if self.model.table is None:
            return
        picked = self._picked()
        if self.show_only.key == _PICKED:
            self.model.set_rows(np.flatnonzero(picked))
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
