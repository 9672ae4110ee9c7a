"""The table of the data in the window: edited, filtered, computed, reshaped, pasted; each step undone again."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mlgui.data.structure import Structure, find_structure
from mlgui.data.table import Column, Kind, Source, Table
from mlgui.gui.centre.data import DataView
from mlgui.gui.desk import Desk
from mlgui.gui.main_window import MainWindow
from mlgui.gui.table.column_menu import column_menu
from mlgui.gui.table.compute import ComputeDialog, FilterDialog
from mlgui.gui.table.history import HistoryDialog
from mlgui.gui.table.levels import LevelsDialog
from mlgui.gui.table.model_columns import ModelColumnsDialog
from mlgui.gui.table.recode import RecodeDialog
from mlgui.gui.table.reshape import ReshapeDialog
from mlgui.session.document import FitState, Selection
from mlgui.session.models import Model

Example = tuple[Table, Structure, tuple[Model, ...]]


@pytest.fixture
def view(desk: Desk, hsb: Example, qtbot: QtBot) -> DataView:
    table, structure, models = hsb
    desk.document.open(table, structure, models[:1])
    made = DataView(desk.document, desk.theme, desk.runner)
    qtbot.addWidget(made)
    made.resize(1000, 700)
    desk.bridge.changed.connect(lambda *_: made.draw(desk.document.active_fit.report))
    made.draw(None)
    return made


def table_of(view: DataView) -> Table:
    table = view.document.snapshot.table
    assert table is not None
    return table


def changing(view: DataView, qtbot: QtBot, act: Callable[[], object]) -> Table:
    """Do something, wait until the table has changed, and return it."""
    with qtbot.waitSignal(view.verbs.changer.done):
        act()
    return table_of(view)


def cell(view: DataView, row: int, name: str) -> object:
    return view.model.index(row, table_of(view).names.index(name)).data()


def test_a_typed_value_is_a_step_of_undo(view: DataView, qtbot: QtBot) -> None:
    first = table_of(view)
    index = view.model.index(2, first.names.index("math"))
    table = changing(view, qtbot, lambda: view.model.setData(index, "12,5"))
    assert float(table["math"].values[2]) == 12.5
    assert table["ses"] is first["ses"]
    assert cell(view, 2, "math") == "12.500"
    view.document.undo()
    assert table_of(view) is first


def test_a_wrong_value_gets_a_sentence_and_changes_nothing(view: DataView, qtbot: QtBot) -> None:
    first = table_of(view)
    with qtbot.waitSignal(view.verbs.changer.failed):
        view.model.setData(view.model.index(0, first.names.index("math")), "twelve")
    assert "is not a number" in view.refusal.text()
    assert not view.refusal.isHidden()
    assert table_of(view) is first


def test_changes_wait_for_one_another(view: DataView, qtbot: QtBot) -> None:
    names = table_of(view).names
    with qtbot.waitSignals([view.verbs.changer.done] * 5):
        for row in range(5):
            view.model.setData(view.model.index(row, names.index("math")), str(row))
    assert table_of(view)["math"].values[:5].tolist() == [0, 1, 2, 3, 4]
    assert len(view.document.undo_labels) == 5


def test_a_block_is_pasted_from_the_current_cell_on(view: DataView, qtbot: QtBot) -> None:
    names = table_of(view).names
    view.grid.setCurrentIndex(view.model.index(1, names.index("math")))
    QGuiApplication.clipboard().setText("1,5\t-0,25\r\n2,5\t0,75\r\n")
    table = changing(view, qtbot, lambda: qtbot.keyClick(view.grid, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier))
    assert table["math"].values[1:3].tolist() == [1.5, 2.5]
    assert table["ses"].values[1:3].tolist() == [-0.25, 0.75]
    table = changing(view, qtbot, lambda: qtbot.keyClick(view.grid, Qt.Key.Key_Delete))
    assert np.isnan(float(table["math"].values[1]))


def test_filtered_rows_are_struck_through_and_counted(view: DataView, qtbot: QtBot) -> None:
    dialog = FilterDialog(table_of(view), view._runner, view.theme, expression='sector = "Catholic"', parent=view)
    with qtbot.waitSignal(dialog.previewed):
        dialog.look()
    assert "3,543 of 7,185" in dialog._verdict.text()
    dialog.chosen.connect(view.verbs.changer.change)
    changing(view, qtbot, dialog.apply)
    assert view.model.index(0, 0).data(Qt.ItemDataRole.FontRole).strikeOut()
    assert view.model.rowCount() == 7185
    assert "3,543 of 7,185" in view.strip.words.text()
    table = changing(view, qtbot, view.verbs.remove_filter)
    assert table.filter is None
    assert view.strip.isHidden()


def test_a_column_is_computed_with_a_preview_of_five_rows(view: DataView, qtbot: QtBot) -> None:
    dialog = ComputeDialog(
        table_of(view), view._runner, view.theme, name="ses c", expression="center(ses, by = scool)", parent=view
    )
    assert "no column called “scool”" in dialog._verdict.text()
    assert dialog.expression.extraSelections()[0].cursor.selectedText() == "scool"  # type: ignore[attr-defined]
    assert not dialog.take.isEnabled()
    with qtbot.waitSignal(dialog.previewed):
        dialog.expression.setPlainText("center(ses, by = school)")
        dialog.look()
    assert dialog.preview.rowCount() == 5
    assert dialog.take.isEnabled()
    dialog.chosen.connect(view.verbs.changer.change)
    table = changing(view, qtbot, dialog.apply)
    assert "ses c" in table
    assert view.document.undo_label == "Compute ses c"


def test_typing_completes_names(view: DataView, qtbot: QtBot) -> None:
    dialog = ComputeDialog(table_of(view), view._runner, view.theme, name="new", parent=view)
    dialog.show()
    qtbot.keyClicks(dialog.expression, "lo")
    assert dialog.expression.completer.completionCount() >= 1
    dialog.expression._complete("log(")
    assert dialog.expression.text() == "log("
    dialog.reject()


def test_the_menu_of_a_column_adds_group_means_at_a_click(view: DataView, qtbot: QtBot) -> None:
    table, structure = table_of(view), view.document.snapshot.structure
    menu = column_menu("ses", table, structure, view.verbs, view)
    actions = {action.text(): action for action in menu.actions()}
    table = changing(view, qtbot, actions["Add the mean by school"].trigger)
    assert len(np.unique(table["mean of ses by school"].values)) > 150
    table = changing(view, qtbot, actions["Center within school"].trigger)
    at = table.names.index("ses")
    assert {*table.names[at : at + 3]} == {"ses", "ses within school", "mean of ses by school"}
    assert abs(float(table["ses within school"].values.sum())) < 1e-8  # rounding of 7,185 differences


def test_levels_are_moved_and_merged(view: DataView, qtbot: QtBot) -> None:
    dialog = LevelsDialog(table_of(view)["sector"], view.theme, view)
    before = [level for level, _ in dialog.pairs()]
    dialog.table.setCurrentCell(1, 1)
    dialog._move(-1)
    assert [level for level, _ in dialog.pairs()] == before[::-1]
    dialog.chosen.connect(view.verbs.changer.change)
    table = changing(view, qtbot, dialog.apply)
    assert table["sector"].levels == tuple(before[::-1])


def test_values_are_recoded_into_a_new_column(view: DataView, qtbot: QtBot) -> None:
    table = table_of(view)
    dialog = RecodeDialog(table["sector"], "church", table, view.theme, view)
    for row, (value, _) in enumerate(dialog.pairs()):
        dialog.values.item(row, 1).setText("1" if value == "Catholic" else "0")
    assert dialog.as_numbers.isChecked()
    dialog.chosen.connect(view.verbs.changer.change)
    table = changing(view, qtbot, dialog.apply)
    assert table["church"].kind is Kind.NUMBER
    assert float(table["church"].values.sum()) == 3543


def test_renaming_a_column_takes_models_along(view: DataView, qtbot: QtBot) -> None:
    changing(view, qtbot, lambda: view.verbs._rename("ses", "status"))
    model = view.document.active_model
    assert model is not None
    assert model.spec is not None
    assert "status" in model.spec.columns
    assert "ses" not in model.spec.columns


def test_a_wide_table_becomes_long(desk: Desk, qtbot: QtBot) -> None:
    columns = [Column(name="who", kind=Kind.ID, values=np.arange(9, dtype=np.int32), levels=tuple("abcdefghi"))]
    columns += [Column(name=f"y{k}", kind=Kind.NUMBER, values=np.arange(9.0) + k) for k in (1, 2, 3)]
    table = Table(columns=tuple(columns), row_ids=np.arange(1, 10), source=Source(name="wide.csv"))
    desk.document.open(table, find_structure(table))
    view = DataView(desk.document, desk.theme, desk.runner)
    qtbot.addWidget(view)
    dialog = ReshapeDialog(table, desk.runner, desk.theme, view)
    with qtbot.waitSignal(dialog.previewed):
        dialog._look()
    assert "27" in dialog._verdict.text()
    dialog.chosen.connect(view.verbs.changer.change)
    long = changing(view, qtbot, dialog.apply)
    assert long.names == ("who", "occasion", "y")
    assert long.n_rows == 27
    model = desk.document.active_model
    assert model is not None
    assert model.spec is not None
    assert set(model.spec.columns) <= set(long.names)
    desk.document.undo()
    assert desk.document.snapshot.table is table


def test_rows_are_sorted_and_found(view: DataView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.model.modelReset):
        view.verbs.sort("math", "down")
    shown = [float(table_of(view)["math"].values[row]) for row in view.model.rows[:50]]
    assert shown == sorted(shown, reverse=True)
    with qtbot.waitSignal(view.tools.found):
        view.tools.search.setText("8367")
    assert cell(view, view.grid.currentIndex().row(), "school") == "8367"
    assert view.tools.tally.text() == "1 of 14"
    view.tools.step(-1)
    assert view.tools.tally.text() == "14 of 14"
    view.verbs.sort("math", "")
    assert view.model.rows[:3].tolist() == [0, 1, 2]


def test_statistics_of_a_column_stand_beside_the_grid(view: DataView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.statistics.shown):
        view.header.sectionDoubleClicked.emit(table_of(view).names.index("math"))
    assert not view.statistics.isHidden()
    assert view.statistics._title.text() == "math"


def test_the_history_tells_every_step(view: DataView, qtbot: QtBot) -> None:
    view.verbs._set_missing("minority", "No")
    with qtbot.waitSignal(view.verbs.changer.done):
        pass
    dialog = HistoryDialog(table_of(view), view.theme, view)
    assert "minority" in dialog.steps.item(1).text()


@pytest.fixture
def window(desk: Desk, qapp: QApplication, qtbot: QtBot) -> Iterator[MainWindow]:
    desk.theme.apply(qapp)
    made = MainWindow(desk)
    qtbot.addWidget(made)
    made.show()
    made.finish_loading()
    yield made
    desk.document.close()
    made.close()
    qapp.setStyleSheet("")


def test_pasted_cells_become_a_data_set(window: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    lines = ["g\ty", *(f"g{k % 4}\t{k},5" for k in range(40))]
    QGuiApplication.clipboard().setText("\r\n".join(lines))
    with qtbot.waitSignal(desk.runner.ended):
        window.actions_by_id["paste_data"].trigger()
    dialog = window.files._dialog
    assert dialog is not None
    with qtbot.waitSignal(desk.bridge.changed):
        dialog._take.click()
    table = desk.document.snapshot.table
    assert table is not None
    assert table["y"].values[:2].tolist() == [0.5, 1.5]
    assert desk.document.modified


def test_columns_of_a_model_join_the_table_or_a_file(window: MainWindow, desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    window.open_example("sleepstudy")
    qtbot.waitUntil(lambda: desk.document.active_fit.state is FitState.FITTED, timeout=60_000)
    report = desk.document.active_fit.report
    assert report is not None
    assert window.workspace is not None
    verbs = window.data_verbs()
    assert verbs is not None
    path = tmp_path / "columns.csv"
    dialog = ModelColumnsDialog(report, "Model 1", desk.runner, desk.theme, window)
    with qtbot.waitSignal(dialog.written):
        dialog.write(path)
    assert path.read_text("utf-8-sig").startswith("row,predicted Reaction")
    dialog = ModelColumnsDialog(report, "Model 1", desk.runner, desk.theme, window)
    dialog.chosen.connect(verbs.changer.change)
    with qtbot.waitSignal(verbs.changer.done):
        dialog.apply()
    table = desk.document.snapshot.table
    assert table is not None
    predicted, residual = table["predicted Reaction"].values, table["residual Reaction"].values
    np.testing.assert_allclose(predicted + residual, table["Reaction"].values, rtol=1e-12)  # type: ignore[operator]


def test_a_thousand_groups_are_linked_within_50_ms(desk: Desk, qtbot: QtBot) -> None:
    n = 100_000
    rng = np.random.default_rng(1)
    codes = (np.arange(n) % 1000).astype(np.int32)
    columns = (
        Column(name="g", kind=Kind.ID, values=codes, levels=tuple(f"g{k}" for k in range(1000))),
        Column(name="y", kind=Kind.NUMBER, values=rng.normal(size=n) + rng.normal(size=1000)[codes]),
    )
    table = Table(columns=columns, row_ids=np.arange(1, n + 1))
    desk.document.open(table, find_structure(table))
    qtbot.waitUntil(lambda: desk.document.active_fit.state is FitState.FITTED, timeout=60_000)
    view = DataView(desk.document, desk.theme, desk.runner)
    qtbot.addWidget(view)
    view.draw(desk.document.active_fit.report)
    view.draw_selection()
    times = []
    for k in range(5):
        began = time.perf_counter()
        desk.document.select(Selection("g", frozenset({f"g{k}"}), f"g{k}"))
        view.draw_selection()
        times.append(time.perf_counter() - began)
    assert min(times) < 0.05
