from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from pytestqt.qtbot import QtBot

from mlgui.data.structure import Structure
from mlgui.data.table import Table
from mlgui.gui.bridge import Bridge
from mlgui.gui.centre.centre import Centre
from mlgui.gui.runner import Runner
from mlgui.gui.theme import Theme
from mlgui.results.report import Report
from mlgui.session.document import Document, Fit, FitState
from mlgui.session.examples import open_example
from mlgui.session.jobs import fit_model
from mlgui.session.models import Model
from mlgui.spec.formula import parse

Opened = tuple[Table, Structure, tuple[Model, ...]]


@pytest.fixture(scope="session")
def hsb_reports(hsb: Opened) -> tuple[Report, ...]:
    table, structure, models = hsb
    return tuple(fit_model(table, structure, model.spec) for model in models if model.spec is not None)


@pytest.fixture(scope="session")
def pastes() -> Opened:
    return open_example("pastes")


@pytest.fixture(scope="session")
def pastes_report(pastes: Opened) -> Report:
    table, structure, models = pastes
    assert models[0].spec is not None
    return fit_model(table, structure, models[0].spec)


@pytest.fixture(scope="session")
def no_groups_report(sleep: Opened) -> Report:
    table, structure, _ = sleep
    return fit_model(table, structure, parse("Reaction ~ Days"))


@pytest.fixture
def document(hsb: Opened, hsb_reports: tuple[Report, ...]) -> Document:
    """High School & Beyond with its two models fitted, the first on show."""
    made = Document()
    made.open(*hsb)
    for model, report in zip(made.snapshot.models, hsb_reports):
        made.set_fit(model.key, Fit(state=FitState.FITTED, report=report, findings=report.findings))
    return made


@pytest.fixture
def make_centre(qtbot: QtBot, runner: Runner) -> Iterator[Callable[[Document], Centre]]:
    bridges: list[Bridge] = []

    def make(document: Document) -> Centre:
        centre = Centre(document, Theme("light"), runner)
        bridges.append(Bridge(document))
        bridges[-1].changed.connect(centre.refresh)
        qtbot.addWidget(centre)
        centre.resize(900, 760)
        with qtbot.waitExposed(centre):
            centre.show()
        return centre

    yield make
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def centre(make_centre: Callable[[Document], Centre], document: Document) -> Centre:
    return make_centre(document)
