from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from mlgui.gui.centre.centre import Centre
from mlgui.gui.centre.marginal_means import MarginalMeansView
from mlgui.results.report import Report
from mlgui.session.document import Document, Fit, FitState, Selection


def shown(centre: Centre, qtbot: QtBot) -> MarginalMeansView:
    """Return the view of marginal means of a centre, answered once."""
    view = centre.view("marginal_means")
    assert isinstance(view, MarginalMeansView)
    with qtbot.waitSignal(view.ready, timeout=10_000):
        centre.show_tab("marginal_means")
    return view


@pytest.fixture
def slopes(centre: Centre, document: Document, qtbot: QtBot) -> MarginalMeansView:
    """Slopes of ses depending on mean_ses, in the second model."""
    document.show_model(document.snapshot.models[1].key)
    view = shown(centre, qtbot)
    view.switch.set_key("slopes")
    with qtbot.waitSignal(view.ready):
        view.switch.chosen.emit("slopes")
    with qtbot.waitSignal(view.ready):
        view.moderator.choose("mean_ses")
    return view


def test_means_with_all_their_differences(centre: Centre, qtbot: QtBot) -> None:
    view = shown(centre, qtbot)
    assert view.over.isVisible() and not view.focal.isVisible()
    assert view.sentence.text().startswith("Mean math runs from 11.8 (Public) to 13.9 (Catholic)")
    assert [table.key for table in view.tables()] == ["marginal_means", "marginal_pairs"]
    assert view.figures()[0].key == "marginal_means_sector" and len(view.figures()[0].panels) == 2
    assert view.canvas.accessibleName() == view.figures()[0].alt


def test_p_follow_the_adjustment_and_df_their_method(centre: Centre, qtbot: QtBot) -> None:
    view = shown(centre, qtbot)
    with qtbot.waitSignal(view.ready):
        view.adjust.choose("holm")
    assert "Holm" in view.notes[1].text()
    with qtbot.waitSignal(view.ready):
        view.method.choose("kenward-roger")
    assert "Kenward-Roger" in view.notes[0].text()


def test_slopes_along_a_group_level_moderator(slopes: MarginalMeansView, document: Document) -> None:
    figure = slopes.figures()[0]
    assert slopes.values.isVisible() and len(slopes.values.text().split()) == 3
    assert [table.key for table in slopes.tables()] == ["marginal_slopes", "regions"]
    assert figure.grouping == "school" and "mean_ses" in slopes.sentence.text()
    place = figure.group_labels.index("8367")
    document.select(Selection("school", frozenset({"8367"}), "8367"))
    assert slopes.canvas.sheet.selected == {place}


def test_chosen_values_of_the_moderator(slopes: MarginalMeansView, qtbot: QtBot) -> None:
    slopes.values.setText("-1; 0,5")
    with qtbot.waitSignal(slopes.ready):
        qtbot.keyClick(slopes.values, Qt.Key.Key_Return)
    assert slopes.tables()[0].columns[0].cells == [-1.0, 0.5]
    before = slopes.tables()
    slopes.values.setText("a few")
    with qtbot.waitSignal(slopes.ready):
        qtbot.keyClick(slopes.values, Qt.Key.Key_Return)
    assert "is not a number" in slopes.sentence.text() and slopes.tables() is before


def test_a_category_as_moderator_has_no_region(slopes: MarginalMeansView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(slopes.ready):
        slopes.moderator.choose("sector")
    assert not slopes.values.isVisible() and len(slopes.tables()) == 1
    assert [row[1] for row in slopes.figures()[0].panels[1].y.ticks or ()] == ["Public", "Catholic"]


def test_a_number_alone_has_one_slope(
    make_centre: Callable[[Document], Centre], document: Document, no_groups_report: Report, qtbot: QtBot
) -> None:
    document.set_fit(1, Fit(state=FitState.FITTED, report=no_groups_report))
    view = shown(make_centre(document), qtbot)
    assert not view.switch.isVisible() and not view.moderator.isVisible()
    assert view.sentence.text().startswith("For each unit of Days, Reaction changes on average by 10.5")


def test_without_predictors_it_says_what_is_missing(
    make_centre: Callable[[Document], Centre], document: Document, pastes_report: Report
) -> None:
    document.set_fit(1, Fit(state=FitState.FITTED, report=pastes_report))
    centre = make_centre(document)
    centre.show_tab("marginal_means")
    assert "Add a predictor" in centre.stack.currentWidget().accessibleName()
