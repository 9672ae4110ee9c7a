"""Groups: caterpillar and table side by side, in the same order, with one selection."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from mlgui.errors import UserError
from mlgui.gui.centre.choices import Choice, Switch, coefficient_choices
from mlgui.gui.centre.figure_view import FigureView
from mlgui.gui.centre.groups_table import MOVED, RANK, TOTAL, GroupMarks, groups_table, matching
from mlgui.gui.items.result_table import sorted_rows
from mlgui.gui.items.result_view import ResultView
from mlgui.gui.runner import Runner
from mlgui.gui.theme import Theme
from mlgui.gui.widgets import SearchField, label
from mlgui.progress import OnStep
from mlgui.results import numbers
from mlgui.results.figure import Figure
from mlgui.results.figures.caterpillar import MOST_MARKS, caterpillar
from mlgui.results.figures.colouring import Colouring, colouring
from mlgui.results.figures.ranks import rank_figure
from mlgui.results.group_model import coefficient_title
from mlgui.results.nouns import counted, group_noun
from mlgui.results.ranks import Ranks, rank_groups
from mlgui.results.report import Report
from mlgui.results.table_builders import group_table
from mlgui.results.tables import ResultTable
from mlgui.session.document import Document
from mlgui.words import language_in_use, tr

_SORTS = {"estimate": TOTAL, "moved": MOVED, "size": "n", "name": "level", "own": "own", "rank": RANK}
_BY_TOTAL, _BY_RANK = (TOTAL, False), (RANK, False)
_ALL = "*"
_DEVIATIONS, _RANKS = "deviation", "rank"
LANE = "ranks"
_MARGIN_PX, _WIDEST_TABLE_PX = 14, 430


def _within_sentence(words: str) -> str:
    """Return a heading as it stands inside a sentence; abbreviations, and German nouns, keep their capitals."""
    keeps = language_in_use() == "de" or not words[1:2].islower()
    return words if keeps else words[:1].lower() + words[1:]


class GroupsView(FigureView):
    """Sorting, searching and filtering act on both sides."""

    ranked = Signal()

    def __init__(self, document: Document, theme: Theme, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(document, theme, parent)
        self._runner = runner
        self._ranks: dict[tuple[str, int], Ranks] = {}
        self._ranks_of: Report | None = None
        self._refused = ""
        self._colours: Colouring | None = None
        self._order: NDArray[np.int64] = np.empty(0, dtype=np.int64)
        self._always: frozenset[int] = frozenset()
        self._sorting = _BY_TOTAL
        self._table: ResultTable | None = None
        self.sorts = Choice(tr("Sort"))
        self.switch = Switch(tr("Coefficient"))
        self.values = Choice(tr("Values"))
        self.search = SearchField(tr("Find a group"), theme)
        self.filter = Choice(tr("Show"))
        self.table = ResultView(theme, name=tr("Groups"))
        self._count = label("", "caption")
        self._right = QWidget()
        self.add_control(self.sorts, tr("Sort"))
        self.add_control(self.values)
        self.add_control(self.switch)
        self.body.addWidget(self._sides(), 1)
        self._connect()

    def _sides(self) -> QSplitter:
        right = self._right
        column = QVBoxLayout(right)
        column.setContentsMargins(_MARGIN_PX, 0, 0, 0)
        column.setSpacing(8)
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.search, 1)
        top.addWidget(self.filter)
        column.addLayout(top)
        column.addWidget(self.table, 1)
        column.addWidget(self._count)
        sides = QSplitter(Qt.Orientation.Horizontal)
        sides.setHandleWidth(1)
        sides.setChildrenCollapsible(False)
        sides.addWidget(self.canvas)
        sides.addWidget(right)
        sides.setStretchFactor(0, 5)
        sides.setStretchFactor(1, 4)
        sides.setSizes([500, 400])
        return sides

    def _connect(self) -> None:
        self.sorts.chosen.connect(self._on_sort)
        self.switch.chosen.connect(self._on_coefficient)
        self.values.chosen.connect(self._on_values)
        self.filter.chosen.connect(self._on_filter)
        self.search.textChanged.connect(self._on_filter)
        self.table.sorted_by.connect(self._on_heading)
        self.table.picked.connect(self._on_rows)
        self.table.cleared.connect(self.clear_selection)

    @property
    def coefficient(self) -> int:
        """Index of the varying coefficient on show."""
        return int(self.switch.key or 0)

    def redraw(self) -> None:
        """Build table and caterpillar in one order."""
        assert self.report is not None
        self.switch.offer(coefficient_choices(self.report, self.grouping, words=False))
        self.values.offer([("total", tr("Totals")), (_DEVIATIONS, tr("Deviations")), (_RANKS, tr("Ranks"))])
        self._colours = colouring(self.report, self.grouping)
        levels = [(batch.label, batch.label) for batch in self._colours.batches if batch.label]
        self.filter.offer([(_ALL, tr("All")), *levels])
        self.filter.setVisible(len(levels) > 1)
        self._table = groups_table(
            self.report, self.groups, self.coefficient, deviations=self.values.key == _DEVIATIONS, found=self._rank_groups()
        )
        names = {
            "estimate": tr("Estimate"), "moved": tr("How far it moved"), "size": tr("Size"), "name": tr("Name"),
            "own": tr("Own estimate"), "rank": tr("Rank"),
        }  # fmt: skip
        there = {column.key for column in self._table.columns}
        self.sorts.offer([(key, words) for key, words in names.items() if _SORTS[key] in there])
        self._arrange()

    def _rank_groups(self) -> Ranks | None:
        """Return the ranks where they are on show and known; start computing them where they are not."""
        assert self.report is not None
        if self._ranks_of is not self.report:
            self._ranks, self._ranks_of, self._refused = {}, self.report, ""
        if self.values.key != _RANKS:
            return None
        key = (self.grouping, self.coefficient)
        if key not in self._ranks and not self._refused:
            self._runner.start(LANE, partial(_ranks_of, self.report, *key), self._on_ranks, self._on_refused)
        return self._ranks.get(key)

    def _on_ranks(self, found: tuple[Report, tuple[str, int], Ranks]) -> None:
        report, key, ranks = found
        if report is self.report:
            if not self._ranks and self._sorting == _BY_TOTAL:
                self._sorting = _BY_RANK
            self._ranks[key] = ranks
            self.redraw()
            self.draw_selection()
            self.ranked.emit()

    def _on_refused(self, error: UserError) -> None:
        self._refused = f"{error.what} {error.why}".strip()
        self.redraw()
        self.ranked.emit()

    def _arrange(self) -> None:
        """Filter and sort, then show both sides."""
        assert self.report is not None and self._colours is not None and self._table is not None
        marks = GroupMarks(self._colours, len(self.groups.levels))
        rows = self._filtered(self._colours)
        keys = [column.key for column in self._table.columns]
        if self._sorting[0] not in keys:  # sorted by a coefficient this model has not
            self._sorting = _BY_TOTAL
        key, descending = self._sorting
        section = keys.index(key)
        self.sorts.show_key(next((name for name, column in _SORTS.items() if column == key), ""))
        self._order = sorted_rows(self._table.columns[section], rows, descending=descending)
        self.table.show_table(self._table, self._order, marks=marks, emphasised=frozenset({TOTAL}))
        self.table.set_sorting(section, descending=descending)
        self._right.setMinimumWidth(min(self.table.needed_width + _MARGIN_PX, _WIDEST_TABLE_PX))
        self._always = self.selecting.indices
        self.show_figure(self._figure(self.report))
        self._describe(self.report)

    def _figure(self, report: Report) -> Figure:
        ranks = self._ranks.get((self.grouping, self.coefficient)) if self.values.key == _RANKS else None
        if ranks is not None:
            return rank_figure(report, self.grouping, self.coefficient, ranks, order=self._order, always=self._always)
        return caterpillar(
            report, self.grouping, self.coefficient, deviations=self.values.key == _DEVIATIONS, order=self._order,
            always=self._always,
        )  # fmt: skip

    def _filtered(self, colours: Colouring) -> NDArray[np.int64]:
        keep = matching(self.groups.levels, self.search.text())
        if self.filter.key not in ("", _ALL):
            inside = np.zeros(len(keep), dtype=bool)
            for batch in colours.batches:
                inside[batch.indices] |= batch.label == self.filter.key
            keep &= inside
        return np.flatnonzero(keep)

    def _describe(self, report: Report) -> None:
        assert self._table is not None
        n = len(self._order)
        self.set_heading(
            tr("{groups}, sorted by {column}").format(groups=counted(n, self.grouping), column=self._sorted_by(report)),
            self._hint(),
        )
        everyone = len(self.groups.levels)
        self._count.setText(
            "" if n == everyone else tr("{n} of {all}").format(n=numbers.count(n), all=numbers.count(everyone))
        )  # fmt: skip

    def _sorted_by(self, report: Report) -> str:
        """Return what the groups are sorted by, as it stands inside a sentence."""
        assert self._table is not None
        key = self._sorting[0]
        if key == MOVED:
            return tr("how far they moved")
        heading = next(column.heading for column in self._table.columns if column.key == key)
        return _within_sentence(coefficient_title(report, self.grouping, self.coefficient) if key == TOTAL else heading)

    def _hint(self) -> str:
        if self.values.key == _DEVIATIONS:
            return tr("How far each {group} lies from its group-level prediction.").format(group=group_noun(self.grouping))
        if self._sorting[0] == MOVED:
            return tr("Moved: from its own data alone to partial pooling. Click a {group} to see why.").format(
                group=group_noun(self.grouping)
            )
        if self.values.key != _RANKS:
            return tr("Click a point or a row; both sides follow.")
        if (self.grouping, self.coefficient) in self._ranks:
            return tr("From joint draws: long intervals mean that exact ranks say little.")
        return self._refused or tr("Drawing from the fit to find the ranks…")

    def tables(self) -> tuple[ResultTable, ...]:
        """Return the full table of the grouping on show."""
        return (group_table(self.report, self.groups),) if self.report is not None else ()

    def draw_selection(self) -> None:
        """Mark the selected groups on both sides; where there are too many to mark all, those that are selected are."""
        if len(self._order) > MOST_MARKS and not self.selecting.indices <= self._always:
            self._arrange()
        super().draw_selection()
        self.table.set_picked(self.selecting.indices, self.selecting.last)

    def order(self) -> Sequence[int]:
        """Return the groups from top to bottom."""
        return self._order.tolist()

    def _on_rows(self, rows: list[int]) -> None:
        self.selecting.choose(rows)

    def _on_heading(self, section: int, descending: bool) -> None:
        assert self._table is not None
        self._sorting = (self._table.columns[section].key, descending)
        self._on_filter()

    def _on_sort(self, key: str) -> None:
        self._sorting = (_SORTS[key], key == "moved")
        self._on_filter()

    def _on_values(self) -> None:
        known = self.values.key == _RANKS and (self.grouping, self.coefficient) in self._ranks
        self._sorting = _BY_RANK if known else _BY_TOTAL
        self.redraw()
        self.draw_selection()

    def _on_coefficient(self) -> None:
        self.redraw()
        self.draw_selection()

    def _on_filter(self) -> None:
        if self.report is not None:
            self._arrange()
            self.draw_selection()


def _ranks_of(report: Report, grouping: str, coefficient: int, on_step: OnStep) -> tuple[Report, tuple[str, int], Ranks]:
    return report, (grouping, coefficient), rank_groups(report, grouping, coefficient, on_step)
