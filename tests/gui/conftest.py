from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mlgui.data.structure import Structure
from mlgui.data.table import Table
from mlgui.gui.bridge import Bridge
from mlgui.gui.desk import Desk
from mlgui.gui.fitter import Fitter
from mlgui.gui.preferences import Preferences
from mlgui.gui.runner import Runner
from mlgui.gui.theme import Theme, load_fonts
from mlgui.progress import OnStep
from mlgui.results.report import Report
from mlgui.session.document import Document
from mlgui.session.examples import open_example
from mlgui.session.jobs import fit_model
from mlgui.session.models import Model
from mlgui.spec.model import ModelSpec

_HARMLESS = ("This plugin does not support",)


@pytest.fixture(scope="session")
def qapp_args() -> list[str]:
    return ["mlgui"]


@pytest.fixture(scope="session", autouse=True)
def dressed(qapp: QApplication) -> Iterator[None]:
    """Fonts, style and own dialogs, once for all tests of the window."""
    QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs)
    qapp.setStyle("Fusion")
    load_fonts()
    yield
    qapp.clipboard().clear()  # without a screen Qt keeps what was copied beyond the interpreter, and crashes freeing it


@pytest.fixture(autouse=True)
def no_qt_warning(qtlog) -> Iterator[None]:  # type: ignore[no-untyped-def]
    """Fail on warnings of Qt."""
    yield
    said = [r.message for r in qtlog.records if r.type.name in ("QtWarningMsg", "QtCriticalMsg", "QtFatalMsg")]
    assert not [text for text in said if not any(words in text for words in _HARMLESS)]


@pytest.fixture
def runner(qtbot: QtBot) -> Iterator[Runner]:
    made = Runner()
    yield made
    assert made.shut_down(10)


@pytest.fixture
def make_desk(qtbot: QtBot, runner: Runner) -> Iterator[Callable[..., Desk]]:
    """Return a maker of desks; `fit_model` may be replaced."""

    def make(fit_model: Callable[[Table, Structure, ModelSpec, OnStep], Report] = fit_model) -> Desk:
        document = Document()
        bridge = Bridge(document)
        fitter = Fitter(bridge, runner, fit_model=fit_model)
        theme, preferences = Theme("light"), Preferences()
        return Desk(document=document, bridge=bridge, runner=runner, fitter=fitter, theme=theme, preferences=preferences)

    yield make
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def desk(make_desk: Callable[..., Desk]) -> Desk:
    return make_desk()


@pytest.fixture(scope="session")
def hsb() -> tuple[Table, Structure, tuple[Model, ...]]:
    return open_example("hsb")


@pytest.fixture(scope="session")
def sleep() -> tuple[Table, Structure, tuple[Model, ...]]:
    return open_example("sleepstudy")


@pytest.fixture(scope="session")
def sleep_report(sleep: tuple[Table, Structure, tuple[Model, ...]]) -> Report:
    table, structure, models = sleep
    assert models[0].spec is not None
    return fit_model(table, structure, models[0].spec)
