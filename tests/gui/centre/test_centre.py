from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from mlgui.data.structure import Structure
from mlgui.data.table import Table
from mlgui.errors import UserError
from mlgui.gui.centre.centre import Centre
from mlgui.gui.centre.empty import NoticePage
from mlgui.gui.centre.figure_view import FigureView
from mlgui.gui.centre.tabs import TABS
from mlgui.gui.runner import Surprise
from mlgui.results.report import Report
from mlgui.session.document import Document, Fit, FitState, Selection
from mlgui.session.models import Model

KEYS = [key for key, _, _ in TABS]


def state(document: Document, fit: Fit) -> None:
    key = document.snapshot.active
    assert key is not None
    document.set_fit(key, fit)


def notice(centre: Centre) -> str:
    page = centre.stack.currentWidget()
    return page.accessibleName() if isinstance(page, NoticePage) else ""


def test_views_are_built_when_first_shown(centre: Centre) -> None:
    assert list(centre._views) == ["overview"]
    centre.show_tab("shrinkage")
    assert list(centre._views) == ["overview", "shrinkage"] and centre.tab == "shrinkage"


@pytest.mark.parametrize("key", KEYS)
def test_every_view_shows_itself_and_everything_in_it_has_a_name(centre: Centre, key: str) -> None:
    centre.show_tab(key)
    view = centre.stack.currentWidget()
    assert view is centre.view(key) and not view.grab().isNull()
    for part in view.findChildren(QWidget):
        if part.isVisible() and part.focusPolicy() != Qt.FocusPolicy.NoFocus and part.objectName() != "qt_scrollarea_viewport":
            found = QAccessible.queryAccessibleInterface(part)
            inner = part.parentWidget() is not None and part.parentWidget().focusPolicy() != Qt.FocusPolicy.NoFocus
            assert inner or (found and found.text(QAccessible.Text.Name)), f"{type(part).__name__} in {key} has no name"


def test_only_the_visible_view_draws(centre: Centre, document: Document, monkeypatch: pytest.MonkeyPatch) -> None:
    centre.show_tab("groups")
    centre.show_tab("shrinkage")
    drawn: list[str] = []
    for key in ("groups", "shrinkage"):
        monkeypatch.setattr(centre.view(key), "draw", lambda report, key=key: drawn.append(key))
    document.show_model(document.snapshot.models[1].key)
    assert drawn == ["shrinkage"]
    centre.show_tab("groups")
    assert drawn == ["shrinkage", "groups"]
    document.show_model(document.snapshot.models[1].key)
    assert drawn == ["shrinkage", "groups"]


def test_a_short_wait_changes_nothing_a_long_one_greys(centre: Centre, document: Document, qtbot: QtBot) -> None:
    report = document.active_fit.report
    state(document, Fit(state=FitState.WAITING, report=report))
    assert not centre.strip.isVisible() and not centre._veil.isVisible()
    centre.set_slow(True)
    assert centre.strip.isVisible() and centre._veil.isVisible()
    assert "previous" in centre.strip.accessibleName()
    assert centre._veil.geometry() == centre.stack.rect()
    with qtbot.waitSignal(centre.asked) as asked:
        centre.strip.findChild(QPushButton).click()  # type: ignore[union-attr]
    assert asked.args == ["keep"]
    centre.set_slow(False)
    assert not centre.strip.isVisible() and not centre._veil.isVisible()


@pytest.mark.parametrize(
    ("fit_state", "words", "action"), [(FitState.STALE, "Not fitted", "fit"), (FitState.FAILED, "Could not fit", "keep")]
)
def test_old_numbers_are_greyed_with_the_reason(
    centre: Centre, document: Document, qtbot: QtBot, fit_state: FitState, words: str, action: str
) -> None:
    error = UserError("It did not work.", "One value only.", "Choose another.") if fit_state is FitState.FAILED else None
    state(document, Fit(state=fit_state, report=document.active_fit.report, error=error))
    assert centre.strip.isVisible() and words in centre.strip.accessibleName()
    assert error is None or "One value only." in centre.strip.accessibleName()
    with qtbot.waitSignal(centre.asked) as asked:
        centre.strip.findChild(QPushButton).click()  # type: ignore[union-attr]
    assert asked.args == [action]
    centre.show_tab("data")
    assert not centre.strip.isVisible()


def test_without_a_model_only_the_data_can_be_seen(centre: Centre, document: Document, qtbot: QtBot) -> None:
    state(document, Fit(state=FitState.INCOMPLETE))
    assert notice(centre) == "Choose an outcome and a group"
    enabled = [key for place, key in enumerate(KEYS) if centre.bar.isTabEnabled(place)]
    assert enabled == ["overview", "data"]
    buttons = centre.stack.currentWidget().findChildren(QPushButton)
    with qtbot.waitSignal(centre.asked) as asked:
        buttons[1].click()
    assert asked.args == ["groups"]
    centre.show_tab("shrinkage")
    assert centre.tab == "overview"


def test_a_failed_first_fit_says_why(centre: Centre, document: Document) -> None:
    state(document, Fit(state=FitState.FAILED, error=UserError("It did not work.", "One value only.", "Choose another.")))
    assert notice(centre) == "It did not work. One value only. Choose another."


def test_a_mistake_of_the_programs_own_offers_another_try_and_the_log(centre: Centre, document: Document, qtbot: QtBot) -> None:
    state(document, Fit(state=FitState.FAILED, error=Surprise("Something went wrong inside mlgui.")))
    again, log = centre.stack.currentWidget().findChildren(QPushButton)
    assert (again.text(), log.text()) == ("Try again", "Show log")
    with qtbot.waitSignal(centre.asked) as asked:
        log.click()
    assert asked.args == ["log"]


def test_a_first_fit_that_takes_long_says_so(centre: Centre, document: Document) -> None:
    state(document, Fit(state=FitState.WAITING))
    assert notice(centre) == "" and centre.figures() == ()
    centre.set_slow(True)
    assert "Fitting" in notice(centre)


def test_an_empty_document_has_nothing_to_show(make_centre: Callable[[Document], Centre]) -> None:
    centre = make_centre(Document())
    centre.show_tab("data")
    assert centre.view("data").title.text() == "Data"


def test_a_model_without_groups_asks_for_them(centre: Centre, document: Document, no_groups_report: Report) -> None:
    state(document, Fit(state=FitState.FITTED, report=no_groups_report))
    assert notice(centre) == "" and not centre.stack.currentWidget().grab().isNull()
    for key in ("groups", "shrinkage", "group_level", "fitted_lines"):
        centre.show_tab(key)
        assert "Add a group" in notice(centre)


def test_figures_and_tables_on_show_are_offered_for_export(centre: Centre) -> None:
    assert [table.key for table in centre.tables()] == ["fixed_effects", "variance_components", "fit_facts"]
    centre.show_tab("groups")
    assert centre.figures()[0].key.startswith("groups_school") and centre.tables()[0].n_rows == 160


def test_a_selection_is_shown_by_every_view(centre: Centre, document: Document) -> None:
    document.select(Selection("school", frozenset({"8367"}), "8367"))
    for key in ("groups", "shrinkage", "group_level", "fitted_lines"):
        centre.show_tab(key)
        view = centre.view(key)
        index = view.groups.levels.index("8367")  # type: ignore[attr-defined]
        assert view.canvas.sheet.selected == {index}  # type: ignore[attr-defined]


def test_a_hidden_view_of_the_document_before_follows_the_theme(
    centre: Centre, document: Document, sleep: tuple[Table, Structure, tuple[Model, ...]]
) -> None:
    centre.show_tab("coefficients")
    centre.show_tab("data")
    document.open(*sleep)
    centre.view("coefficients").theme.changed.emit()


def test_one_grouping_is_chosen_for_all_views_and_a_selection_leads_to_its_own(
    make_centre: Callable[[Document], Centre], document: Document, pastes_report: Report
) -> None:
    document.set_fit(1, Fit(state=FitState.FITTED, report=pastes_report))
    centre = make_centre(document)
    groups, shrinkage = centre.view("groups"), centre.view("shrinkage")
    assert isinstance(groups, FigureView) and isinstance(shrinkage, FigureView)
    centre.show_tab("groups")
    assert groups.grouping == "cask:batch"
    groups.groupings.choose("batch")
    centre.show_tab("shrinkage")
    assert shrinkage.grouping == "batch" and shrinkage.canvas.figure is not None
    document.select(Selection("cask:batch", frozenset({"a:A"}), "a:A"))
    centre.show_tab("groups")
    assert groups.grouping == "cask:batch" and groups.selecting.last >= 0
    groups.groupings.choose("batch")  # what was chosen last counts
    centre.show_tab("shrinkage")
    assert shrinkage.grouping == "batch" and document.selection.levels == {"a:A"}
