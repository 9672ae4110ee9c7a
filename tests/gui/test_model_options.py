"""The model options: every choice is one step of undo, follows undo, and says why it is not there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox
from pytestqt.qtbot import QtBot

from mlgui.gui.centre.choices import Choice
from mlgui.gui.desk import Desk
from mlgui.gui.dialogs.model_methods import ResidualsPage, TestingPage
from mlgui.gui.dialogs.model_options import PREDICTORS, RESIDUALS, ROWS, TESTING, ModelOptions
from mlgui.gui.dialogs.model_pages import RowsPage
from mlgui.spec import edits
from mlgui.spec.formula import parse
from mlgui.spec.inference import DfMethod, IntervalMethod
from mlgui.spec.model import Contrast, ModelSpec
from mlgui.spec.render import render
from mlgui.spec.residual import ResidualKind

Example = Any


@pytest.fixture
def dialog(make_desk: Callable[..., Desk], hsb: Example, qtbot: QtBot) -> ModelOptions:
    desk = make_desk()
    desk.bridge.changed.disconnect(desk.fitter._on_changed)
    desk.document.open(*hsb)
    made = ModelOptions(desk)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    return made


def spec_of(dialog: ModelOptions) -> ModelSpec:
    model = dialog._desk.document.active_model
    assert model is not None and model.spec is not None
    return model.spec


def field(dialog: ModelOptions, name: str) -> Choice:
    return [found for found in dialog.findChildren(Choice) if found.accessibleName() == name][-1]


def test_zero_of_a_predictor_and_its_group_mean(dialog: ModelOptions, qtbot: QtBot) -> None:
    dialog.show_page(PREDICTORS)
    before = spec_of(dialog)
    field(dialog, "Zero of ses").choose("=school")
    assert "center(ses, school)" in render(spec_of(dialog))
    assert field(dialog, "Zero of ses").key == "=school"
    box = [b for b in dialog.findChildren(QCheckBox) if "Mean of ses" in b.accessibleName()][-1]
    assert not box.isChecked()
    box.click()
    assert "mean(ses, school)" in render(spec_of(dialog))
    box = [b for b in dialog.findChildren(QCheckBox) if "Mean of ses" in b.accessibleName()][-1]
    assert box.isChecked()
    box.click()
    assert "mean(ses, school)" not in render(spec_of(dialog))
    for _ in range(3):
        dialog._desk.document.undo()
    assert spec_of(dialog) == before and field(dialog, "Zero of ses").key == "none"


def test_undo_by_key_in_the_window_beside(dialog: ModelOptions, qtbot: QtBot) -> None:
    before = spec_of(dialog)
    field(dialog, "Contrasts of sector").choose("sum")
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    qtbot.keyClick(dialog, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert spec_of(dialog) == before


def test_contrasts_and_reference_level(dialog: ModelOptions) -> None:
    field(dialog, "Contrasts of sector").choose("sum")
    assert spec_of(dialog).coding("sector").contrast is Contrast.SUM
    field(dialog, "Reference level of sector").choose("Catholic")
    assert spec_of(dialog).coding("sector").reference == "Catholic"


def test_weights_offset_and_groups_left_out(dialog: ModelOptions) -> None:
    page = dialog.pages[ROWS]
    assert isinstance(page, RowsPage)
    page.weights.choose("size")
    page.offset.choose("mean_ses")
    assert spec_of(dialog).weights == "size" and "offset(mean_ses)" in render(spec_of(dialog))
    page.weights.choose("")
    assert spec_of(dialog).weights is None
    grouping = spec_of(dialog).random[0].grouping
    dialog._desk.document.edit_spec("out", edits.leave_out_groups(spec_of(dialog), grouping, ["8367"]))
    from PySide6.QtWidgets import QPushButton

    next(b for b in page.findChildren(QPushButton) if b.text() == "Take in again").click()
    assert not spec_of(dialog).excluded


def test_residual_structures(make_desk: Callable[..., Desk], sleep: Example, qtbot: QtBot) -> None:
    desk = make_desk()
    desk.document.open(*sleep)
    desk.document.edit_spec("", parse("Reaction ~ Days + (1 | Subject)"))
    dialog = ModelOptions(desk)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.show_page(RESIDUALS)
    page = dialog.pages[RESIDUALS]
    assert isinstance(page, ResidualsPage)
    assert not page.order.isEnabled() and not page.within.isEnabled()
    page.kind.choose(ResidualKind.AR1.value)
    term = spec_of(dialog).residual
    assert (term.kind, term.grouping.name if term.grouping else "", term.order) == (ResidualKind.AR1, "Subject", "Days")
    assert page.order.isEnabled() and page.within.isEnabled()
    page.kind.choose(ResidualKind.OCCASIONS.value)
    assert spec_of(dialog).residual.kind is ResidualKind.OCCASIONS and not page.by.isEnabled()
    page.kind.choose(ResidualKind.INDEPENDENT.value)
    assert spec_of(dialog).residual.is_plain


def test_unequal_variance(dialog: ModelOptions) -> None:
    page = dialog.pages[RESIDUALS]
    assert isinstance(page, ResidualsPage)
    page.by.choose("sex")
    assert spec_of(dialog).residual.by == "sex"
    testing = dialog.pages[TESTING]
    assert isinstance(testing, TestingPage)
    assert testing.intervals.part("profile").isEnabled() and "residual structure" in testing.words.text()


def test_tests_and_intervals(dialog: ModelOptions, qtbot: QtBot) -> None:
    dialog.show_page(TESTING)
    page = dialog.pages[TESTING]
    assert isinstance(page, TestingPage)
    qtbot.mouseClick(page.df.part("kenward-roger"), Qt.MouseButton.LeftButton)
    assert spec_of(dialog).inference.df is DfMethod.KENWARD_ROGER
    qtbot.mouseClick(page.intervals.part("bootstrap"), Qt.MouseButton.LeftButton)
    page.replicates.setValue(400)
    page.seed.setValue(3)
    asked = spec_of(dialog).inference
    assert (asked.intervals, asked.replicates, asked.seed) == (IntervalMethod.BOOTSTRAP, 400, 3)
    qtbot.mouseClick(page.method.part("ml"), Qt.MouseButton.LeftButton)
    assert not spec_of(dialog).reml
    assert not page.df.part("kenward-roger").isEnabled() and "needs REML" in page.df.part("kenward-roger").toolTip()


def test_without_a_model(desk: Desk, qtbot: QtBot) -> None:
    made = ModelOptions(desk)
    qtbot.addWidget(made)
    made.show()
    assert not made._stack.isEnabled()


def test_the_penalty(dialog: ModelOptions) -> None:
    page = dialog.pages[TESTING]
    assert isinstance(page, TestingPage)
    page.off_zero.click()
    assert spec_of(dialog).boundary_avoiding
    dialog._desk.document.undo()
    assert not spec_of(dialog).boundary_avoiding and not page.off_zero.isChecked()
