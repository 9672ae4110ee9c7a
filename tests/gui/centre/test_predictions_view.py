from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from mlgui.gui.centre.centre import Centre
from mlgui.gui.centre.predictions import PredictionsView
from mlgui.gui.centre.scenario_form import LevelField, NumberField
from mlgui.results.report import Report
from mlgui.session.document import Document, Fit, FitState, Selection


def shown(centre: Centre, qtbot: QtBot) -> PredictionsView:
    """Return the Predictions view of a centre with its first scenario computed."""
    view = centre.view("predictions")
    assert isinstance(view, PredictionsView)
    with qtbot.waitSignal(view.ready, timeout=10_000):
        centre.show_tab("predictions")
    return view


@pytest.fixture
def view(centre: Centre, qtbot: QtBot) -> PredictionsView:
    return shown(centre, qtbot)


def test_starts_at_means_and_references_in_a_new_group(view: PredictionsView) -> None:
    assert view.scenarios[0].values == {"ses": 0.0, "sector": "Public"} and not view.scenarios[0].groups
    assert view.sentence.text().startswith("In a new school, with ses 0 and sector Public, predicted math is 11.75.")
    assert [figure.key for figure in view.figures()] == ["prediction_ses", "prediction_bench"]
    assert view.tables()[0].n_rows == 1 and not view.remove_button.isEnabled()


def test_a_known_group_brings_its_predictors_and_is_selected_everywhere(
    view: PredictionsView, document: Document, qtbot: QtBot
) -> None:
    picker, sector = view.form.groups["school"], view.form.fields["sector"]
    assert isinstance(sector, LevelField) and sector.isEnabled()
    with qtbot.waitSignal(view.ready):
        picker.lineEdit().setText("1308")  # type: ignore[union-attr]
        qtbot.keyClick(picker.lineEdit(), Qt.Key.Key_Return)
    assert document.selection == Selection("school", frozenset({"1308"}), "1308")
    assert sector.currentText() == "Catholic" and not sector.isEnabled()
    assert "In school 1308" in view.sentence.text()


def test_a_group_selected_elsewhere_is_taken_over(view: PredictionsView, document: Document, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.ready):
        document.select(Selection("school", frozenset({"8367"}), "8367"))
    assert view.scenarios[0].groups == {"school": "8367"} and view.form.groups["school"].currentText() == "8367"
    assert view.curve.figure is not None and "school 8367" in view.curve.figure.alt


def test_scenarios_are_added_edited_walked_through_and_removed(view: PredictionsView, qtbot: QtBot) -> None:
    ses = view.form.fields["ses"]
    assert isinstance(ses, NumberField)
    with qtbot.waitSignal(view.ready):
        qtbot.mouseClick(view.add_button, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(view.ready):
        ses.spin.setValue(1.0)
    assert [scenario.values["ses"] for scenario in view.scenarios] == [0.0, 1.0]
    assert view.tables()[0].columns[0].cells == ["A · a new school", "B · a new school"]
    with qtbot.waitSignal(view.ready):
        qtbot.keyClick(view.sources, Qt.Key.Key_Up)
    assert view.current == 0 and ses.spin.value() == 0.0
    with qtbot.waitSignal(view.ready):
        qtbot.mouseClick(view.remove_button, Qt.MouseButton.LeftButton)
    assert len(view.scenarios) == 1 and view.scenarios[0].values["ses"] == 1.0


def test_typical_values_are_offered(view: PredictionsView, qtbot: QtBot) -> None:
    ses = view.form.fields["ses"]
    assert isinstance(ses, NumberField)
    menu = ses.typical.menu()
    assert menu is not None and menu.actions()[0].text().startswith("Mean") and len(menu.actions()) == 8
    with qtbot.waitSignal(view.ready):
        menu.actions()[-1].trigger()
    assert view.scenarios[0].values["ses"] == pytest.approx(2.69, abs=0.01)


def test_the_curve_follows_another_predictor_and_hides_bands(view: PredictionsView, qtbot: QtBot) -> None:
    view.bands["one_row"].setChecked(False)
    assert view.curve.figure is not None and "one new observation" not in view.curve.figure.alt
    with qtbot.waitSignal(view.ready):
        view.along.choose("sector")
    assert view.curve.figure.key == "prediction_sector" and view.curve.figure.panels[0].x.ticks is not None


def test_another_model_keeps_what_it_knows(view: PredictionsView, document: Document, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.ready):
        document.select(Selection("school", frozenset({"8367"}), "8367"))
    with qtbot.waitSignal(view.ready):
        document.show_model(document.snapshot.models[1].key)
    assert view.scenarios[0].groups == {"school": "8367"} and "mean_ses" in view.form.fields


def test_nested_groupings_and_no_predictors(
    make_centre: Callable[[Document], Centre], document: Document, pastes_report: Report, qtbot: QtBot
) -> None:
    document.set_fit(1, Fit(state=FitState.FITTED, report=pastes_report))
    view = shown(make_centre(document), qtbot)
    assert not view.curve.isVisible() and not view.along.isVisible()
    with qtbot.waitSignal(view.ready):
        view.form.groups["cask:batch"].picked.emit("a:A")
    assert view.scenarios[0].groups == {"cask:batch": "a:A", "batch": "A"}
    with qtbot.waitSignal(view.ready):
        view.form.groups["batch"].picked.emit("")
    assert view.scenarios[0].groups == {}


def test_a_model_without_groups(
    make_centre: Callable[[Document], Centre], document: Document, no_groups_report: Report, qtbot: QtBot
) -> None:
    document.set_fit(1, Fit(state=FitState.FITTED, report=no_groups_report))
    view = shown(make_centre(document), qtbot)
    assert not view.form.groups and view.sentence.text().startswith("In any row, with Days")


def test_a_figure_on_show_follows_the_theme(view: PredictionsView) -> None:
    view.theme.set_mode("dark")
    assert view.curve.stage.backgroundBrush().color() == view.theme.colour("surface")
    view.theme.set_mode("light")
    assert view.sources.stage.backgroundBrush().color() == view.theme.colour("surface")


def test_the_table_names_scenarios_as_the_picture_does_and_says_intervals_in_one_cell(view: PredictionsView) -> None:
    model = view.table.model()
    cells = [model.index(0, column).data() for column in range(model.columnCount())]
    assert cells[:4] == ["A · new", "11.75", *cells[2:4]] and all(" to " in cell for cell in cells[2:4])
    assert len(cells) == 7  # and the SD of each source there is: no group is known here
    assert view.tables()[0].columns[0].cells == ["A · a new school"]
