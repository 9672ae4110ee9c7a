from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from mlgui.data.structure import Structure, find_structure
from mlgui.data.table import Column, Kind, Table
from mlgui.gui.centre.centre import Centre
from mlgui.gui.centre.data import DataView
from mlgui.gui.items.data_grid import BADGE_ROLE, DataGridModel, decimals_of, value_text
from mlgui.gui.theme import Theme
from mlgui.session.document import Document, Fit, FitState, Selection
from mlgui.session.jobs import fit_model
from mlgui.session.models import Model


@pytest.fixture
def view(centre: Centre) -> DataView:
    centre.show_tab("data")
    found = centre.view("data")
    assert isinstance(found, DataView)
    return found


def cell(view: DataView, row: int, name: str, role: int = Qt.ItemDataRole.DisplayRole) -> object:
    assert view.model.table is not None
    return view.model.index(row, view.model.table.names.index(name)).data(role)


def test_values_read_as_in_the_file(view: DataView) -> None:
    assert (cell(view, 0, "school"), cell(view, 0, "math"), cell(view, 0, "sector")) == ("1224", "5.876", "Public")
    assert view.model.headerData(0, Qt.Orientation.Vertical) == "1"
    assert view.subtitle.text() == "7,185 rows · 11 columns"


def test_headers_name_the_level_of_a_column(view: DataView) -> None:
    assert view.model.table is not None
    across = Qt.Orientation.Horizontal
    levels = {name: view.model.headerData(k, across, BADGE_ROLE) for k, name in enumerate(view.model.table.names)}
    assert levels["sector"] == "school" and levels["school"] == "160 groups"
    assert levels["math"] == "" and view.header.row_noun == "student"


def test_numbers_that_name_groups_are_written_as_they_are(view: DataView, document: Document) -> None:
    table, structure = document.snapshot.table, document.snapshot.structure
    assert table is not None and structure is not None
    ids = replace(table["school"], kind=Kind.NUMBER, values=table["school"].values + 1000.0, levels=())
    view.model.show(table.with_column(ids), {}, {}, frozenset({"school"}))
    shown = view.model.index(0, table.names.index("school"))
    assert shown.data() == "1000"
    assert not shown.data(Qt.ItemDataRole.TextAlignmentRole) & Qt.AlignmentFlag.AlignRight


def test_rows_of_selected_groups_are_highlighted_and_brought_into_view(view: DataView, document: Document) -> None:
    document.select(Selection("school", frozenset({"8367"}), "8367"))
    first = view.grid.rowAt(2)
    assert cell(view, first, "school") == "8367"
    assert cell(view, first, "math", Qt.ItemDataRole.BackgroundRole) is not None
    assert cell(view, 0, "math", Qt.ItemDataRole.BackgroundRole) is None
    view.show_only.choose("picked")
    assert view.model.rowCount() == 14


def test_a_row_selects_its_group(view: DataView, document: Document, qtbot: QtBot) -> None:
    at = view.grid.visualRect(view.model.index(3, 1)).center()
    qtbot.mouseClick(view.grid.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert document.selection.levels == {"1224"}
    qtbot.keyClick(view.grid, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert "1224\t8.781" in QGuiApplication.clipboard().text()


def test_rows_left_out_are_struck_through(
    make_centre: Callable[[Document], Centre], sleep: tuple[Table, Structure, tuple[Model, ...]]
) -> None:
    table, _, models = sleep
    values = table["Days"].values.copy()
    values[[2, 5]] = np.nan
    holed = table.with_column(replace(table["Days"], values=values))
    structure = find_structure(holed)
    document = Document()
    document.open(holed, structure, models[:1])
    assert models[0].spec is not None
    report = fit_model(holed, structure, models[0].spec)
    document.set_fit(models[0].key, Fit(state=FitState.FITTED, report=report))
    centre = make_centre(document)
    centre.show_tab("data")
    view = centre.view("data")
    assert isinstance(view, DataView)
    assert cell(view, 2, "Reaction", Qt.ItemDataRole.FontRole).strikeOut()  # type: ignore[attr-defined]
    assert cell(view, 3, "Reaction", Qt.ItemDataRole.FontRole) is None
    assert "Days" in str(cell(view, 2, "Reaction", Qt.ItemDataRole.ToolTipRole))
    assert cell(view, 2, "Days") == "" and cell(view, 2, "Days", Qt.ItemDataRole.BackgroundRole) is not None
    view.show_only.choose("dropped")
    assert view.model.rowCount() == 2 and view.model.headerData(1, Qt.Orientation.Vertical) == "6"
    assert not view.grab().isNull()


def number(*values: float) -> Column:
    return Column(name="x", kind=Kind.NUMBER, values=np.array(values, dtype=float))


def test_numbers_keep_the_decimals_of_their_column() -> None:
    column = number(1.5, -2.25, np.nan, 3.0)
    assert decimals_of(column) == 2
    assert [value_text(column, row, 2) for row in range(4)] == ["1.50", "−2.25", "", "3.00"]
    assert decimals_of(number(1, 2, 3)) == 0
    assert decimals_of(number(1e20, 1)) is None and value_text(number(1e20, 1), 0, None) == "1e+20"
    assert decimals_of(number(1e-9, 2e-9)) is None


def test_dates_and_categories() -> None:
    date = Column(name="d", kind=Kind.DATE, values=np.array(["2024-02-29", "NaT"], dtype="datetime64[D]"))
    category = Column(name="c", kind=Kind.CATEGORY, values=np.array([1, -1], dtype=np.int32), levels=("a", "b"))
    assert [value_text(date, row, 0) for row in (0, 1)] == ["2024-02-29", ""]
    assert [value_text(category, row, 0) for row in (0, 1)] == ["b", ""]


def test_a_million_rows_are_shown_as_they_are_asked_for(qtbot: QtBot) -> None:
    n = 1_000_000
    table = Table(columns=(number(*np.arange(10.0)), Column(name="y", kind=Kind.NUMBER, values=np.arange(n, dtype=float))),
                  row_ids=np.arange(1, n + 1))  # fmt: skip
    model = DataGridModel(Theme("light"))
    model.show(table, {}, {})
    assert model.rowCount() == n and model.rowCount(model.index(0, 0)) == 0
    assert model.index(n - 1, 1).data() == "999,999"
    picked = np.zeros(n, dtype=bool)
    picked[-1] = True
    model.set_picked(picked)
    assert model.index(n - 1, 1).data(Qt.ItemDataRole.BackgroundRole) is not None
    assert isinstance(model.index(0, 0), QModelIndex)
