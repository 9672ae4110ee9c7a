"""Figures are changed by clicking what is to change, by keyboard, and back again."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from mlgui.gui.centre.figure_view import FigureView
from mlgui.gui.desk import Desk
from mlgui.gui.dialogs.export_files import figures_of
from mlgui.gui.editing.fields import ColourField, RangeField, TextField
from mlgui.gui.editing.surfaces import EditPopover, EditWindow
from mlgui.gui.main_window import MainWindow
from mlgui.gui.painter import figure_image, save_figure
from mlgui.gui.plots.canvas import FigureCanvas
from tests.gui.driving import open_window, settle

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def window(desk: Desk, qapp: QApplication, qtbot: QtBot):  # type: ignore[no-untyped-def]
    with open_window(desk, qapp, qtbot) as shown:
        shown.show_view("shrinkage")
        settle()
        yield shown


def canvas_of(window: MainWindow) -> FigureCanvas:
    assert window.workspace is not None
    view = window.workspace.centre.view("shrinkage")
    assert isinstance(view, FigureView)
    return view.canvas


def place_of(canvas: FigureCanvas, text: str) -> QPoint:
    canvas.stage.viewport().grab()  # texts note their places when they are painted
    return next(area.center().toPoint() for shown, area in canvas.sheet._places if shown == text)


def click(qtbot: QtBot, window: MainWindow, text: str) -> EditPopover:
    canvas = canvas_of(window)
    qtbot.mouseClick(canvas.stage.viewport(), LEFT, pos=place_of(canvas, text))
    settle()
    return next(found for found in canvas.findChildren(EditPopover) if found.isVisible())


def x_title(canvas: FigureCanvas) -> str:
    assert canvas.figure is not None
    return canvas.figure.panels[0].x.title


def test_a_click_on_an_axis_title_changes_it_here_and_in_files(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    canvas, document = canvas_of(window), window.desk.document
    before = x_title(canvas)
    popover = click(qtbot, window, before)
    field = popover.form.fields[f"text:{before}"]
    assert isinstance(field, TextField)
    field.line.setText("Pupils per school")
    qtbot.keyClick(field.line, Qt.Key.Key_Return)
    assert x_title(canvas) == "Pupils per school"
    report, model = document.active_fit.report, document.active_model
    assert report is not None and model is not None and canvas.figure is not None
    exported = next(figure for figure in figures_of(report, model) if figure.key == canvas.figure.key)
    save_figure(exported, tmp_path / "f.svg")
    assert "Pupils per school" in (tmp_path / "f.svg").read_text(encoding="utf-8")
    popover.close()
    document.undo()
    assert x_title(canvas) == before
    document.redo()
    assert x_title(canvas) == "Pupils per school"


def test_the_mouse_shows_what_can_be_changed(window: MainWindow, qtbot: QtBot) -> None:
    canvas = canvas_of(window)
    qtbot.mouseMove(canvas.stage.viewport(), place_of(canvas, x_title(canvas)))
    canvas.stage._point_at(canvas.sheet.spot_at(QPointF(place_of(canvas, x_title(canvas)))))
    assert canvas.sheet.spot is not None and canvas.sheet.spot.text == x_title(canvas)
    assert canvas.stage.viewport().cursor().shape() is Qt.CursorShape.PointingHandCursor


def test_the_numbers_of_an_axis_open_its_range(window: MainWindow, qtbot: QtBot) -> None:
    canvas = canvas_of(window)
    popover = click(qtbot, window, canvas.sheet.frames[0].x_ticks[1][1])
    field = popover.form.fields["range:x:0"]
    assert isinstance(field, RangeField)
    field.low.setText("0")
    field.high.setText("100")
    field.high.editingFinished.emit()
    assert (canvas.sheet.frames[0].x.low, canvas.sheet.frames[0].x.high) == (0.0, 100.0)
    field.low.setText("nothing")
    field.low.editingFinished.emit()
    assert field.low.property("state") == "error"
    assert canvas.sheet.frames[0].x.high == 100.0


def test_the_window_of_all_parts_changes_and_resets(window: MainWindow, qtbot: QtBot) -> None:
    canvas = canvas_of(window)
    window.actions_by_id["edit_figure"].trigger()
    settle()
    edits = next(found for found in window.findChildren(EditWindow) if found.isVisible())
    assert not edits.reset.isEnabled()
    field = next(field for field in edits.form.fields.values() if isinstance(field, ColourField))
    field.choice.setCurrentIndex(field.choice.findData("purple"))
    field.choice.activated.emit(field.choice.currentIndex())
    name = field.part.property
    assert edits.form.resets[name].isEnabled() and edits.reset.isEnabled()
    edits.form.fields["lines:0"].add.click()  # type: ignore[attr-defined]
    assert canvas.figure is not None and canvas.figure.unedited is canvas.computed
    edits.form.resets[name].click()
    assert not edits.form.resets[name].isEnabled()
    edits.reset.click()
    assert canvas.figure is canvas.computed
    assert window.desk.document.active_model is not None and window.desk.document.active_model.figure_edits == ()
    names = [push.accessibleName() for push in edits.findChildren(QPushButton) if push.isVisible()]
    assert all(names) and len(set(names)) == len(names)
    edits.reject()


def test_pictures_are_light_in_the_dark(window: MainWindow) -> None:
    canvas, theme = canvas_of(window), window.desk.theme
    assert canvas.figure is not None
    light = figure_image(canvas.figure, (300, 200))
    theme.set_mode("dark")
    dark = figure_image(canvas.figure, (300, 200))
    theme.set_mode("light")
    assert light == dark and light.pixelColor(2, 2).lightness() == 255
