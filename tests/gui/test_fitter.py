from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from pytestqt.qtbot import QtBot

from mlgui.errors import UserError
from mlgui.gui.desk import Desk
from mlgui.progress import OnStep
from mlgui.results.report import Report
from mlgui.session.document import FitState
from mlgui.session.jobs import fit_model

Example = Any


class Gate:
    """A fit that waits until it is let through, or fails."""

    def __init__(self) -> None:
        self.opened = threading.Event()
        self.fitted: list[object] = []
        self.error: UserError | None = None

    def __call__(self, table: Any, structure: Any, spec: Any, on_step: OnStep) -> Report:
        self.opened.wait(20)
        self.fitted.append(spec)
        if self.error is not None:
            raise self.error
        return fit_model(table, structure, spec, on_step)


def settled(desk: Desk) -> bool:
    return not desk.document.waiting


def test_every_model_of_an_example_is_fitted(desk: Desk, hsb: Example, qtbot: QtBot) -> None:
    desk.document.open(*hsb)
    qtbot.waitUntil(lambda: settled(desk))
    states = [desk.document.fit(model.key).state for model in desk.document.snapshot.models]
    assert states == [FitState.FITTED, FitState.FITTED]


def test_a_change_refits_and_undo_is_instant(desk: Desk, sleep: Example, qtbot: QtBot) -> None:
    document = desk.document
    document.open(*sleep)
    qtbot.waitUntil(lambda: settled(desk))
    before, model = document.active_fit.report, document.active_model
    assert model is not None and model.spec is not None
    document.edit_spec("Estimate by ML", replace(model.spec, reml=False))
    qtbot.waitUntil(lambda: settled(desk))
    assert document.active_fit.report is not None and document.active_fit.report.method == "ML"
    document.undo()
    assert document.active_fit.state is FitState.FITTED  # from memory, without a thread
    assert document.active_fit.report is before


def test_failure_keeps_the_old_numbers(make_desk: Callable[..., Desk], sleep: Example, qtbot: QtBot) -> None:
    gate = Gate()
    gate.opened.set()
    desk = make_desk(gate)
    desk.document.open(*sleep)
    qtbot.waitUntil(lambda: settled(desk))
    gate.error = UserError("Too few rows.")
    model = desk.document.active_model
    assert model is not None and model.spec is not None
    desk.document.edit_spec("x", replace(model.spec, reml=False))
    qtbot.waitUntil(lambda: settled(desk))
    fit = desk.document.active_fit
    assert (fit.state, fit.error is not None, fit.report is not None) == (FitState.FAILED, True, True)


def test_slow_fit_is_announced_and_can_be_cancelled(make_desk: Callable[..., Desk], sleep: Example, qtbot: QtBot) -> None:
    gate = Gate()
    desk = make_desk(gate)
    with qtbot.waitSignal(desk.fitter.slow_changed, timeout=5000) as said:
        desk.document.open(*sleep)
    assert said.args == [True]
    desk.fitter.cancel()
    assert desk.document.active_fit.state is FitState.STALE
    assert not desk.fitter.slow
    gate.opened.set()
    desk.fitter.fit_now()
    qtbot.waitUntil(lambda: desk.document.active_fit.state is FitState.FITTED)


def test_newest_specification_wins(make_desk: Callable[..., Desk], sleep: Example, qtbot: QtBot) -> None:
    gate = Gate()
    desk = make_desk(gate)
    desk.document.open(*sleep)
    model = desk.document.active_model
    assert model is not None and model.spec is not None
    last = replace(model.spec, reml=False)
    desk.document.edit_spec("x", last)
    gate.opened.set()
    qtbot.waitUntil(lambda: settled(desk))
    report = desk.document.active_fit.report
    assert report is not None and report.design.spec == last


def test_keep_previous_returns_to_the_fitted_model(make_desk: Callable[..., Desk], sleep: Example, qtbot: QtBot) -> None:
    gate = Gate()
    gate.opened.set()
    desk = make_desk(gate)
    desk.document.open(*sleep)
    qtbot.waitUntil(lambda: settled(desk))
    gate.opened.clear()
    model = desk.document.active_model
    assert model is not None and model.spec is not None
    desk.document.edit_spec("x", replace(model.spec, reml=False))
    desk.fitter.keep_previous()
    assert desk.document.active_model is not None and desk.document.active_model.spec == model.spec
    assert desk.document.active_fit.state is FitState.FITTED
    gate.opened.set()


def test_without_automatic_fitting_models_wait_for_the_button(desk: Desk, sleep: Example, qtbot: QtBot) -> None:
    desk.fitter.auto = False
    desk.document.open(*sleep)
    assert desk.document.active_fit.state is FitState.STALE
    desk.fitter.fit_now()
    qtbot.waitUntil(lambda: desk.document.active_fit.state is FitState.FITTED)
