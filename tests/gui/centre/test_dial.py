from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from mlgui.gui.bridge import Bridge
from mlgui.gui.centre import dial as dial_module
from mlgui.gui.centre.centre import Centre
from mlgui.gui.centre.dial import PoolingDial
from mlgui.gui.centre.shrinkage import ShrinkageView
from mlgui.gui.panels.group_card import GroupCardView
from mlgui.gui.theme import Theme
from mlgui.results.figure import Figure, Points
from mlgui.results.report import Report
from mlgui.session.document import Document, Fit, FitState, Selection
from tests.results.models import case_report


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compute places at once, however busy the machine is; the test of slow places says otherwise."""
    monkeypatch.setattr(dial_module, "QUICK_SECONDS", np.inf)


@pytest.fixture
def view(centre: Centre, qtbot: QtBot) -> ShrinkageView:
    return shown(centre, qtbot)


def shown(centre: Centre, qtbot: QtBot) -> ShrinkageView:
    """Return the Shrinkage view of a centre with its dial ready."""
    centre.show_tab("shrinkage")
    view = centre.view("shrinkage")
    assert isinstance(view, ShrinkageView)
    qtbot.waitUntil(lambda: view.dial.curve is not None)
    return view


def filled(figure: Figure | None) -> np.ndarray:
    """Return the heights of all filled marks, blue ones first."""
    assert figure is not None
    return np.concatenate([one.y for one in figure.panels[0].layers if isinstance(one, Points) and one.filled])


def at_pixel(dial: PoolingDial, share: float, by: int = 0) -> QPoint:
    return QPoint(round(dial.slider.x_of(share)) + by, dial.slider.height() // 2)


def fit_share(dial: PoolingDial) -> float:
    assert dial.curve is not None
    return dial.curve.fit_share(0)


def test_it_stands_at_the_fit(view: ShrinkageView) -> None:
    dial = view.dial
    assert dial.place is None and view.elsewhere is None
    assert not dial.tag.isVisible() and not dial.back.isEnabled() and dial.back.text() == "Back to REML"
    assert dial.slider.accessibleName() == "Pooling dial"
    assert dial.slider.accessibleDescription() == "81\u202f%, the REML fit"
    assert dial.slider.share == fit_share(dial)
    assert [figure.key for figure in view.figures()] == ["shrinkage_school_intercept", "pooling_dial_school"]


def test_the_slider_is_in_line_with_the_plot(view: ShrinkageView) -> None:
    frame, slider = view.dial.canvas.sheet.frames[0], view.dial.slider
    stage = view.dial.canvas.stage
    for share in (0.0, 0.5, 1.0):
        at = stage.mapToGlobal(QPoint(round(frame.x.at(share)), 0)).x()
        assert slider.mapToGlobal(at_pixel(view.dial, share)).x() == pytest.approx(at, abs=1)


def test_dragging_moves_the_filled_marks(view: ShrinkageView, qtbot: QtBot) -> None:
    dial, before = view.dial, filled(view.canvas.figure)
    qtbot.mousePress(dial.slider, Qt.MouseButton.LeftButton, pos=at_pixel(dial, 0.5))
    assert dial.place is not None and dial.place.share[0] == pytest.approx(0.5, abs=0.01)
    assert dial.tag.isVisible() and dial.tag.text() == "not the REML fit" and dial.back.isEnabled()
    middle = filled(view.canvas.figure)
    qtbot.mousePress(dial.slider, Qt.MouseButton.LeftButton, pos=at_pixel(dial, 0.0, -30))
    left = filled(view.canvas.figure)
    assert np.ptp(before) > np.ptp(middle) > np.ptp(left)
    assert len(np.unique(left.round(9))) == 2  # one prediction for each sector
    assert dial.slider.accessibleDescription() == "0\u202f%, not the REML fit"
    figure = view.figures()[0]
    assert "not the REML fit" in figure.subtitle and "not the REML fit" not in view.subtitle.text()


def test_open_marks_and_axes_stay(view: ShrinkageView) -> None:
    def still(figure: Figure | None) -> tuple[object, ...]:
        assert figure is not None
        marks = [one.y.round(9).tolist() for one in figure.panels[0].layers if isinstance(one, Points) and not one.filled]
        return (marks, [round(frame.y.low, 9) for frame in view.canvas.sheet.frames])

    before = still(view.canvas.figure)
    view.dial.slider.setValue(3000)
    assert still(view.canvas.figure) == before


def test_it_snaps_to_the_fit(view: ShrinkageView, qtbot: QtBot) -> None:
    dial = view.dial
    qtbot.mousePress(dial.slider, Qt.MouseButton.LeftButton, pos=at_pixel(dial, fit_share(dial), 12))
    assert dial.place is not None
    qtbot.mousePress(dial.slider, Qt.MouseButton.LeftButton, pos=at_pixel(dial, fit_share(dial), 5))
    assert dial.place is None and not dial.tag.isVisible()


@pytest.mark.parametrize("way", ["button", "double click"])
def test_the_ways_back(view: ShrinkageView, qtbot: QtBot, way: str) -> None:
    dial, before = view.dial, filled(view.canvas.figure)
    dial.slider.setValue(2000)
    if way == "button":
        qtbot.mouseClick(dial.back, Qt.MouseButton.LeftButton)
    else:
        qtbot.mouseDClick(dial.slider, Qt.MouseButton.LeftButton, pos=at_pixel(dial, 0.2))
    assert dial.place is None and dial.slider.share == fit_share(dial)
    np.testing.assert_array_equal(filled(view.canvas.figure), before)


def test_keys_step_by_a_percent_and_stop_at_the_fit(view: ShrinkageView, qtbot: QtBot) -> None:
    dial = view.dial
    qtbot.keyClick(dial.slider, Qt.Key.Key_Left)
    assert dial.slider.share == pytest.approx(fit_share(dial) - 0.01, abs=1e-4)
    dial.slider.setValue(dial.slider.value() + 30)
    qtbot.keyClick(dial.slider, Qt.Key.Key_Right)
    assert dial.slider.share == fit_share(dial) and dial.place is None
    qtbot.keyClick(dial.slider, Qt.Key.Key_Home)
    assert dial.place is not None and dial.place.c == 0
    qtbot.keyClick(dial.slider, Qt.Key.Key_End)
    assert dial.place.share[0] > 0.999


def test_other_coefficients_keep_the_place(view: ShrinkageView) -> None:
    view.dial.slider.setValue(4000)
    place = view.dial.place
    view.switch.set_key("plane")
    view.switch.chosen.emit("plane")
    assert view.dial.place is place and view.elsewhere is not None
    assert view.figures()[0].key == "shrinkage_school_intercept_ses"


def test_the_card_follows_and_other_views_keep_the_fit(
    centre: Centre, view: ShrinkageView, document: Document, qtbot: QtBot
) -> None:
    card = GroupCardView(Bridge(document), Theme("light"))
    qtbot.addWidget(card)
    centre.moved.connect(card.show_elsewhere)
    document.select(Selection("school", frozenset({"8367"}), "8367"))

    def says(text: str) -> Callable[[], bool]:
        return lambda: any(text in one.text() for one in card.findChildren(QLabel) if not one.isHidden())

    view.dial.slider.setValue(0)
    qtbot.waitUntil(says("As the pooling dial stands"))
    assert says("11.8")()
    with qtbot.waitSignal(centre.moved) as told:
        centre.show_tab("groups")
    assert told.args == [None]
    qtbot.waitUntil(says("7.35"))
    with qtbot.waitSignal(centre.moved) as told:
        centre.show_tab("shrinkage")
    assert isinstance(told.args[0], Report)


def test_another_fit_starts_at_its_own_place(view: ShrinkageView, document: Document, qtbot: QtBot) -> None:
    view.dial.slider.setValue(1000)
    document.show_model(document.snapshot.models[1].key)
    assert view.dial.place is None and view.dial.curve is None and not view.dial.slider.isEnabled()
    qtbot.waitUntil(lambda: view.dial.curve is not None)
    assert view.dial.slider.isEnabled()


def test_each_grouping_has_its_dial(
    make_centre: Callable[[Document], Centre], document: Document, pastes_report: Report, qtbot: QtBot
) -> None:
    document.set_fit(1, Fit(state=FitState.FITTED, report=pastes_report))
    view = shown(make_centre(document), qtbot)
    first, second = (groups.grouping for groups in pastes_report.groups)
    view.dial.slider.setValue(1000)
    place = view.dial.place
    view.groupings.choose(second)
    assert view.dial.place is None
    qtbot.waitUntil(lambda: view.dial.curve is not None)
    view.groupings.choose(first)
    assert view.dial.place is place


def test_slow_places_are_computed_beside_the_window(view: ShrinkageView, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    """The newest place wins, whatever was asked for while one was being computed."""
    monkeypatch.setattr(dial_module, "QUICK_SECONDS", -1.0)
    for value in (1000, 2000, 6000):
        view.dial.slider.setValue(value)
    assert view.dial.place is None and view.dial.tag.isVisible()
    qtbot.waitUntil(lambda: view.dial.place is not None and abs(view.dial.place.share[0] - 0.6) < 0.01)
    view.dial.slider.setValue(3000)
    view.dial.return_to_fit()
    qtbot.waitUntil(lambda: not view.dial._runner.busy("dial"))
    assert view.dial.place is None


def test_a_model_without_variance_says_so(make_centre: Callable[[Document], Centre], document: Document, qtbot: QtBot) -> None:
    document.set_fit(1, Fit(state=FitState.FITTED, report=case_report("p09_dyestuff2_singular")))
    view = shown(make_centre(document), qtbot)
    assert view.dial.slider.share == 0.0 and view.dial._note.isVisible()
    view.dial.slider.setValue(5000)
    assert view.dial.place is not None and np.ptp(filled(view.canvas.figure)) > 0
