from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from mlgui.data.structure import Structure
from mlgui.data.table import Table
from mlgui.gui.centre.centre import Centre
from mlgui.gui.centre.groups import GroupsView
from mlgui.gui.centre.groups_table import groups_table
from mlgui.gui.items.result_table import sorted_rows
from mlgui.results.figure import Points
from mlgui.results.report import Report
from mlgui.session.document import Document, Fit, FitState, Selection
from mlgui.session.jobs import fit_model
from mlgui.session.models import Model
from mlgui.spec.formula import parse


@pytest.fixture
def view(centre: Centre) -> GroupsView:
    centre.show_tab("groups")
    found = centre.view("groups")
    assert isinstance(found, GroupsView)
    return found


def column(view: GroupsView, section: int) -> list[str]:
    model = view.table.rows
    return [str(model.index(row, section).data()) for row in range(model.rowCount())]


def rows_of_figure(view: GroupsView) -> list[str]:
    """Labels of the groups from top to bottom of the caterpillar."""
    assert view.canvas.figure is not None
    found: dict[int, float] = {}
    for layer in view.canvas.figure.panels[0].layers:
        if isinstance(layer, Points) and layer.groups is not None:
            found.update(zip(layer.groups.tolist(), layer.y.tolist()))
    return [view.canvas.figure.group_labels[group] for group in sorted(found, key=found.__getitem__)]


def test_table_and_caterpillar_have_one_order(view: GroupsView) -> None:
    assert column(view, 0)[:3] == ["8367", "8854", "6990"]
    assert rows_of_figure(view) == column(view, 0)
    assert [view.table.rows.index(0, k).data() for k in range(1, 6)] == ["14", "4.5", "7.4", "1.2", "2.34"]


def click_heading(qtbot: QtBot, view: GroupsView, section: int) -> None:
    header = view.table.horizontalHeader()
    at = header.sectionViewportPosition(section) + header.sectionSize(section) // 2
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(at, 10))


def test_a_heading_sorts_both_sides_and_again_turns_them_round(qtbot: QtBot, view: GroupsView) -> None:
    click_heading(qtbot, view, 1)
    sizes = [int(text) for text in column(view, 1)]
    assert sizes == sorted(sizes) and rows_of_figure(view) == column(view, 0) and view.sorts.key == "size"
    click_heading(qtbot, view, 1)
    assert [int(text) for text in column(view, 1)] == sorted(sizes, reverse=True)
    assert rows_of_figure(view) == column(view, 0)
    click_heading(qtbot, view, 4)
    assert view.sorts.key == "" and "SE" in view.title.text()


def test_sorting_by_a_coefficient_that_another_model_lacks_falls_back(
    qtbot: QtBot, view: GroupsView, document: Document, hsb: tuple[Table, Structure, tuple[Model, ...]]
) -> None:
    click_heading(qtbot, view, 5)
    table, structure, _ = hsb
    report = fit_model(table, structure, parse("math ~ ses + (1 | school)"))
    document.set_fit(1, Fit(state=FitState.FITTED, report=report))
    assert view.table.rows.columnCount() == 6 and view.sorts.key == "estimate" and not view.switch.isVisible()


def test_sorting_by_how_far_they_moved_puts_the_most_moved_first(view: GroupsView, hsb_reports: tuple[Report, ...]) -> None:
    groups = hsb_reports[0].groups[0]
    moved = np.abs(groups.total[:, 0] - groups.own[:, 0])
    view.sorts.choose("moved")
    most = [groups.levels[group] for group in np.argsort(-moved)[:5]]
    assert column(view, 0)[:5] == most == rows_of_figure(view)[:5]
    assert view.title.text() == "160 schools, sorted by how far they moved" and view.sorts.key == "moved"
    view.values.choose("deviation")
    view.sorts.choose("moved")
    assert column(view, 0)[:5] == most  # a deviation moves as far as its total


def test_search_and_filter_leave_groups_out_on_both_sides(qtbot: QtBot, view: GroupsView) -> None:
    qtbot.keyClicks(view.search, "83")
    assert column(view, 0) and all("83" in label for label in column(view, 0))
    assert rows_of_figure(view) == column(view, 0)
    view.search.clear()
    view.filter.choose("Catholic")
    assert len(column(view, 0)) == 70 and view.title.text().startswith("70 schools")
    qtbot.keyClicks(view.search, "no such school")
    assert column(view, 0) == []


def test_slopes_may_be_shown_instead(view: GroupsView) -> None:
    view.switch.set_key("1")
    view.switch.chosen.emit("1")
    assert view.table.rows.table.columns[3].heading == "βⱼ"
    assert view.canvas.figure is not None and "ses" in view.canvas.figure.panels[0].x.title


def test_a_row_selects_its_group_everywhere(qtbot: QtBot, view: GroupsView, document: Document) -> None:
    at = view.table.visualRect(view.table.rows.index(2, 0)).center()
    qtbot.mouseClick(view.table.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert document.selection == Selection("school", frozenset({"6990"}), "6990")
    assert view.canvas.sheet.selected == {view.groups.levels.index("6990")}
    other = view.table.visualRect(view.table.rows.index(4, 0)).center()
    qtbot.mouseClick(view.table.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier, other)
    assert document.selection.levels == {"6990", "4458"} and document.selection.last == "4458"


def test_a_selection_from_elsewhere_is_brought_into_view(view: GroupsView, document: Document) -> None:
    document.select(Selection("school", frozenset({"1224"}), "1224"))
    rows = {index.row() for index in view.table.selectionModel().selectedRows()}
    (row,) = rows
    assert column(view, 0)[row] == "1224"
    assert view.table.viewport().rect().intersects(view.table.visualRect(view.table.rows.index(row, 0)))
    document.select(Selection())
    assert not view.table.selectionModel().selectedRows()


def test_arrow_keys_walk_down_the_shown_order_and_escape_clears(qtbot: QtBot, view: GroupsView, document: Document) -> None:
    for expected in ("8367", "8854", "6990"):
        qtbot.keyClick(view.canvas, Qt.Key.Key_Down)
        assert document.selection.levels == {expected}
    qtbot.keyClick(view.canvas, Qt.Key.Key_Up)
    assert document.selection.last == "8854"
    qtbot.keyClick(view.canvas, Qt.Key.Key_Escape)
    assert document.selection == Selection()


def test_groups_without_an_estimate_of_their_own_sort_last(hsb_reports: tuple[Report, ...], view: GroupsView) -> None:
    groups = hsb_reports[0].groups[0]
    table = groups_table(hsb_reports[0], groups, 0)
    own = list(table.columns[2].cells)
    own[5] = float("nan")
    broken = type(table)(key="k", title="", columns=(*table.columns[:2], type(table.columns[2])(
        key="own", heading="Alone", cells=own, format=table.columns[2].format), *table.columns[3:]))  # fmt: skip
    model = view.table.rows
    model.show(broken, np.arange(160))
    assert sorted_rows(model.table.columns[2], np.arange(160), descending=False)[-1] == 5
    assert sorted_rows(model.table.columns[2], np.arange(160), descending=True)[-1] == 5
    assert model.index(5, 2).data() == "–"


def test_several_groupings_can_be_chosen_from(
    make_centre: Callable[[Document], Centre], document: Document, pastes_report: Report
) -> None:
    document.set_fit(1, Fit(state=FitState.FITTED, report=pastes_report))
    centre = make_centre(document)
    centre.show_tab("groups")
    view = centre.view("groups")
    assert isinstance(view, GroupsView) and view.groupings.isVisible()
    assert view.table.rows.rowCount() == 30 and view.grouping == "cask:batch"
    view.groupings.choose("batch")
    assert view.table.rows.rowCount() == 10 and view.grouping == "batch"


def test_deviations_in_place_of_totals(view: GroupsView, hsb_reports: tuple[Report, ...]) -> None:
    view.values.choose("deviation")
    figure = view.figures()[0]
    assert "deviation" in figure.key and "group-level prediction" in view.subtitle.text()
    shown = view.table.rows.table.columns[3].cells
    np.testing.assert_allclose(shown, hsb_reports[0].groups[0].deviation[:, 0])
    assert view.order()[0] == int(np.argmin(hsb_reports[0].groups[0].deviation[:, 0]))


def test_ranks_come_from_joint_draws_beside_the_window(view: GroupsView, document: Document, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.ranked):
        view.values.choose("rank")
    figure = view.figures()[0]
    assert figure.key == "ranks_school_intercept" and "the usual interval spans" in figure.alt
    keys = [column.key for column in view.table.rows.table.columns]
    assert keys[-2:] == ["rank", "rank_interval"]
    ranks = [view.table.rows.table.columns[5].cells[place] for place in view.order()]
    assert ranks == sorted(ranks) and view.sorts.key == "rank"
    document.select(Selection("school", frozenset({"8367"}), "8367"))
    assert view.canvas.sheet.selected == {view.groups.levels.index("8367")}
    view.table.sorted_by.emit(6, False)  # intervals are words, and can be sorted too
    assert len(view.order()) == 160
    with qtbot.waitSignal(view.ranked):  # the slopes have ranks of their own
        view.switch.set_key("1")
        view.switch.chosen.emit("1")
    assert view.figures()[0].key == "ranks_school_ses"
    view.values.choose("total")
    assert view.figures()[0].key == "groups_school_ses"


def test_ranks_of_too_many_groups_are_refused_in_words(view: GroupsView, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mlgui.results.ranks.MOST_RANKED", 100)
    with qtbot.waitSignal(view.ranked):
        view.values.choose("rank")
    assert "up to 100 groups" in view.subtitle.text() and view.figures()[0].key == "groups_school_intercept"
