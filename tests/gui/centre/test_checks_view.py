from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from mlgui.gui.centre.centre import Centre
from mlgui.gui.centre.checks import ChecksView
from mlgui.results.report import Report
from mlgui.session.document import Document, Fit, FitState, Selection


def shown(centre: Centre, qtbot: QtBot) -> ChecksView:
    """Return the Checks view of a centre with its checks computed."""
    centre.show_tab("checks")
    view = centre.view("checks")
    assert isinstance(view, ChecksView)
    qtbot.waitUntil(lambda: bool(view.cards) and not view._busy.isVisible())
    return view


@pytest.fixture
def view(centre: Centre, qtbot: QtBot) -> ChecksView:
    return shown(centre, qtbot)


def test_every_check_has_its_question_verdict_and_reading(view: ChecksView) -> None:
    assert [card.verdict.text() for card in view.cards[:6]] == ["Look closer", "Fine", "Fine", "Fine", "Look closer", "Fine"]
    card = view.cards[0]
    assert card.verdict.accessibleName() == "Straight and even? Look closer. Why?"
    assert "flat" in card.reading.text() and "Look closer if" in card.verdict.toolTip()
    assert card.canvas.accessibleName().startswith("Straight and even? Look closer.")
    assert len(view.figures()) == len(view.cards)


def test_influence_follows_and_is_linked(view: ChecksView, document: Document, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: len(view.cards) == 8)
    assert [card.question for card in (card.check for card in view.cards[6:]) if card is not None] == [
        "Does one school decide?", "Which coefficients would change?"
    ]  # fmt: skip
    assert [card.verdict.text() for card in view.cards[6:]] == ["Fine", "Fine"]
    assert view.tables()[0].key == "influence_school" and not view.offer.isVisible()
    document.select(Selection("school", frozenset({"8367"}), "8367"))
    figure = view.figures()[-1]
    assert view.cards[7].canvas.sheet.selected == {figure.group_labels.index("8367")}


def test_slow_influence_is_offered_and_can_be_stopped(
    make_centre: Callable[[Document], Centre], document: Document, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mlgui.gui.centre.checks.is_quick", lambda report, grouping: False)
    view = shown(make_centre(document), qtbot)
    qtbot.waitUntil(view.offer.isVisible)
    assert len(view.cards) == 6 and not view.tables()
    view.offer._set(True)
    qtbot.mouseClick(view.offer.button, Qt.MouseButton.LeftButton)
    assert view.offer.button.text() == "Compute"
    with qtbot.waitSignal(view.influence_ready):
        qtbot.mouseClick(view.offer.button, Qt.MouseButton.LeftButton)
    assert not view.offer.isVisible() and len(view.cards) == 8


def test_the_verdict_says_why(view: ChecksView, qtbot: QtBot) -> None:
    card = view.cards[1]
    assert not card.why.isVisible()
    qtbot.mouseClick(card.verdict, Qt.MouseButton.LeftButton)
    assert card.why.isVisible() and "excess kurtosis" in card.why.text()
    qtbot.mouseClick(card.verdict, Qt.MouseButton.LeftButton)
    assert not card.why.isVisible()


def test_a_click_selects_the_group_in_every_picture(view: ChecksView, document: Document, qtbot: QtBot) -> None:
    canvas = view.cards[4].canvas
    levels = view.cards[4].canvas.figure.group_labels if canvas.figure is not None else ()
    at = canvas.position_of(levels.index("8367"))
    assert at is not None
    viewport = canvas.stage.viewport()
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=viewport.mapFrom(canvas, at))
    assert document.selection == Selection("school", frozenset({"8367"}), "8367")
    assert all(card.canvas.sheet.selected == {levels.index("8367")} for card in view.cards)


def test_keys_walk_from_the_lowest_to_the_highest_effect(view: ChecksView, document: Document, qtbot: QtBot) -> None:
    qtbot.keyClick(view.cards[2].canvas, Qt.Key.Key_Down)
    assert document.selection.last == "8367"
    qtbot.keyClick(view.cards[2].canvas, Qt.Key.Key_Escape)
    assert not document.selection.levels


def test_two_columns_become_one_where_it_is_narrow(view: ChecksView, centre: Centre) -> None:
    assert view._grid.itemAtPosition(0, 1) is not None
    centre.resize(500, 700)
    assert view._grid.itemAtPosition(0, 1) is None and view._grid.itemAtPosition(5, 0) is not None


def test_nothing_overlaps(view: ChecksView, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: all(card.canvas.geometry().bottom() < card.reading.geometry().top() for card in view.cards))
    for card in view.cards:
        assert card.canvas.height() >= card.canvas.minimumHeight()


def test_each_grouping_has_its_checks(
    make_centre: Callable[[Document], Centre], document: Document, pastes_report: Report, qtbot: QtBot
) -> None:
    document.set_fit(1, Fit(state=FitState.FITTED, report=pastes_report))
    view = shown(make_centre(document), qtbot)
    first, second = (groups.grouping for groups in pastes_report.groups)
    assert view.groupings.isVisible() and view.figures()[0].grouping == first
    view.groupings.choose(second)
    qtbot.waitUntil(lambda: view.figures()[0].grouping == second)


def test_a_model_without_groups_has_three_checks(
    make_centre: Callable[[Document], Centre], document: Document, no_groups_report: Report, qtbot: QtBot
) -> None:
    document.set_fit(1, Fit(state=FitState.FITTED, report=no_groups_report))
    view = shown(make_centre(document), qtbot)
    assert len(view.cards) == 3 and not view.offer.isVisible() and not view.groupings.isVisible()
