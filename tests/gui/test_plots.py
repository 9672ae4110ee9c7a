from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mlgui.errors import UserError
from mlgui.gui.plots.canvas import FigureCanvas
from mlgui.gui.plots.highlight import group_title
from mlgui.gui.plots.menu import copy_figure, figure_menu, write_figure
from mlgui.gui.plots.plot import Cloud
from mlgui.gui.plots.tooltip import tooltip
from mlgui.gui.theme import Theme
from mlgui.results.figure import Axis, Figure, Layer, Line, Panel, Points, Rule, Segments

N = 30
LEFT = Qt.MouseButton.LeftButton


def shrinkage(shift: float = 0.0, n: int = N) -> Figure:
    x = np.arange(n, dtype=float)
    own, total = x + 3 + shift, x + shift
    groups = np.arange(n)
    layers: tuple[Layer, ...] = (
        Rule(value=4.0, label="complete pooling 4"),
        Segments(x0=x, y0=own, x1=x, y1=total, groups=groups, opacity=0.5),
        Points(x=x, y=own, groups=groups, colour="no_pooling", filled=False),
        Points(x=x, y=total, groups=groups, label="Public"),
    )
    panel = Panel(layers=layers, x=Axis(title="Students"), y=Axis(title="Intercepts αⱼ", grid=True))
    labels = [str(100 + j) for j in range(n)]
    return Figure(key="shrinkage", title="t", panels=(panel,), alt="Thirty schools move.", grouping="school", group_labels=labels)


def multiples() -> Figure:
    x = np.array([0.0, 1.0])
    panels = tuple(
        Panel(
            layers=(Points(x=x, y=x * j), Line(x=x, y=x * j, group=j)),
            title=str(j),
            note="n = 2",
            mark=("blue", "circle"),
            group=j,
        )
        for j in range(4)
    )
    return Figure(key="lines", title="t", panels=panels, columns=2, shared_axes=True, alt="Four.", grouping="g",
                  group_labels=["a", "b", "c", "d"])  # fmt: skip


@pytest.fixture
def canvas(qtbot: QtBot) -> FigureCanvas:
    made = FigureCanvas(Theme("light"))
    qtbot.addWidget(made)
    made.resize(700, 500)
    made.set_figure(shrinkage())
    with qtbot.waitExposed(made):
        made.show()
    return made


def place(canvas: FigureCanvas, group: int) -> QPoint:
    at = canvas.position_of(group)
    assert at is not None
    return canvas.stage.viewport().mapFrom(canvas, at)


def click(qtbot: QtBot, canvas: FigureCanvas, at: QPoint, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> object:
    with qtbot.waitSignal(canvas.selected) as caught:
        qtbot.mouseClick(canvas.stage.viewport(), LEFT, keys, at)
    return caught.args


def test_a_click_selects_the_group_of_the_nearest_mark(qtbot: QtBot, canvas: FigureCanvas) -> None:
    assert click(qtbot, canvas, place(canvas, 7) + QPoint(3, -2)) == [[7], False]


def test_a_click_with_shift_adds(qtbot: QtBot, canvas: FigureCanvas) -> None:
    assert click(qtbot, canvas, place(canvas, 9), Qt.KeyboardModifier.ShiftModifier) == [[9], True]


def test_a_click_beside_everything_selects_nothing(qtbot: QtBot, canvas: FigureCanvas) -> None:
    corner = canvas.sheet.frames[0].plot.topLeft().toPoint() + QPoint(4, 4)
    assert click(qtbot, canvas, corner) == [[], False]


def move(canvas: FigureCanvas, at: QPoint, held: Qt.MouseButton = Qt.MouseButton.NoButton) -> None:
    view, there, keys = canvas.stage.viewport(), QPointF(at), Qt.KeyboardModifier.NoModifier
    moved = QMouseEvent(QEvent.Type.MouseMove, there, view.mapToGlobal(there), Qt.MouseButton.NoButton, held, keys)
    QApplication.sendEvent(view, moved)


def test_a_rectangle_selects_the_groups_inside(qtbot: QtBot, canvas: FigureCanvas) -> None:
    view = canvas.stage.viewport()
    start, end = place(canvas, 3) + QPoint(-8, 8), place(canvas, 6) + QPoint(8, -8)
    qtbot.mousePress(view, LEFT, pos=start)
    for at in (start + QPoint(10, -10), end):
        move(canvas, at, LEFT)
    assert canvas.sheet.band is not None
    with qtbot.waitSignal(canvas.selected) as caught:
        qtbot.mouseRelease(view, LEFT, pos=end)
    assert set(caught.args[0]) >= {3, 4, 5, 6} and caught.args[1] is False  # own estimates of lower groups may lie inside too
    assert canvas.sheet.band is None


def test_a_small_multiple_is_selected_as_a_whole(qtbot: QtBot, canvas: FigureCanvas) -> None:
    canvas.set_figure(multiples())
    middle = canvas.sheet.frames[2].plot.center().toPoint()
    assert click(qtbot, canvas, middle) == [[2], False]


def test_arrow_keys_and_escape_are_passed_on(qtbot: QtBot, canvas: FigureCanvas) -> None:
    with qtbot.waitSignal(canvas.stepped) as down:
        qtbot.keyClick(canvas, Qt.Key.Key_Down)
    with qtbot.waitSignal(canvas.stepped) as left:
        qtbot.keyClick(canvas, Qt.Key.Key_Left)
    with qtbot.waitSignal(canvas.cleared):
        qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    assert (down.args, left.args) == ([1], [-1])


def wheel(canvas: FigureCanvas, at: QPoint, steps: int) -> None:
    view, there = canvas.stage.viewport(), QPointF(at)
    event = QWheelEvent(there, view.mapToGlobal(there), QPoint(), QPoint(0, 120 * steps), Qt.MouseButton.NoButton,
                        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False)  # fmt: skip
    QApplication.sendEvent(view, event)


def test_the_wheel_zooms_around_the_mouse_and_a_refit_keeps_the_zoom(canvas: FigureCanvas) -> None:
    before = canvas.sheet.frames[0]
    at = place(canvas, 10)
    wheel(canvas, at, 2)
    after = canvas.sheet.frames[0]
    assert after.x.high - after.x.low < before.x.high - before.x.low
    assert (place(canvas, 10) - at).manhattanLength() <= 2
    canvas.set_figure(shrinkage(shift=0.5))
    assert canvas.sheet.zoomed and canvas.sheet.frames[0].x == after.x
    canvas.sheet.reset_ranges()
    assert not canvas.sheet.zoomed and canvas.sheet.frames[0].x == before.x


def test_small_multiples_zoom_together(canvas: FigureCanvas) -> None:
    canvas.set_figure(multiples())
    wheel(canvas, canvas.sheet.frames[1].plot.center().toPoint(), 1)
    assert len({(frame.x.low, frame.x.high) for frame in canvas.sheet.frames}) == 1
    assert canvas.sheet.zoomed


def test_a_refit_updates_in_place(canvas: FigureCanvas) -> None:
    items = [part for part in canvas.sheet.plots[0]._parts if isinstance(part, Cloud)]
    scatter = items[0].items
    canvas.set_figure(shrinkage(shift=2.0))
    assert [part for part in canvas.sheet.plots[0]._parts if isinstance(part, Cloud)] == items
    assert items[0].items is scatter
    assert scatter[1].getData()[1][0] == 2.0


def test_more_and_fewer_panels_than_before(canvas: FigureCanvas) -> None:
    canvas.set_figure(multiples())
    assert len(canvas.sheet.plots) == len(canvas.sheet.frames) == 4
    canvas.set_figure(shrinkage())
    assert len(canvas.sheet.plots) == 1
    canvas.set_figure(None)
    assert canvas.sheet.plots == [] and canvas.accessibleName() == ""
    assert not canvas.grab().isNull()


def changed_pixels(canvas: FigureCanvas, change: Callable[[], None]) -> int:
    before = canvas.grab().toImage()
    change()
    after = canvas.grab().toImage()
    columns, rows = range(0, before.width(), 2), range(0, before.height(), 2)
    return sum(before.pixel(x, y) != after.pixel(x, y) for x in columns for y in rows)


def test_a_selection_shows_and_clears(canvas: FigureCanvas) -> None:
    plain = canvas.grab().toImage()
    assert changed_pixels(canvas, lambda: canvas.set_selected({5})) > 20
    canvas.set_selected(())
    assert canvas.grab().toImage() == plain


def test_a_selected_small_multiple_is_framed(canvas: FigureCanvas) -> None:
    canvas.set_figure(multiples())
    assert changed_pixels(canvas, lambda: canvas.set_selected({1})) > 1000


def test_hovering_rings_the_group_and_leaving_ends_it(canvas: FigureCanvas) -> None:
    move(canvas, place(canvas, 4))
    assert canvas.sheet.hovered == 4
    canvas.stage.leaveEvent(QEvent(QEvent.Type.Leave))
    assert canvas.sheet.hovered == -1


def test_the_tooltip_says_name_and_values(canvas: FigureCanvas) -> None:
    figure = canvas.figure
    assert figure is not None
    text = tooltip(figure, 0, canvas.sheet.plots[0].marks, 7)
    assert "<b>School 107</b>" in text and "Students: 7" in text and "Intercepts αj: 7.00 (own estimate 10.00)" in text


def test_groups_with_names_are_called_by_them() -> None:
    assert group_title(multiples(), 1) == "b"


def test_the_figure_is_read_out_as_its_sentence(canvas: FigureCanvas) -> None:
    assert canvas.accessibleName() == "Thirty schools move."


def test_another_theme_repaints(canvas: FigureCanvas) -> None:
    assert changed_pixels(canvas, lambda: canvas._theme.set_mode("dark")) > 1000


def test_a_hundred_thousand_points_become_an_image(canvas: FigureCanvas) -> None:
    rng = np.random.default_rng(1)
    cloud = Panel(layers=(Points(x=rng.normal(size=100_000), y=rng.normal(size=100_000)),))
    canvas.set_figure(Figure(key="cloud", title="", panels=(cloud,), alt="A cloud."))
    (part,) = canvas.sheet.plots[0]._parts
    assert isinstance(part, Cloud) and type(part.items[0]).__name__ == "ImageItem"
    assert not canvas.grab().isNull()


def test_the_menu_copies_saves_and_resets(qtbot: QtBot, canvas: FigureCanvas) -> None:
    menu = figure_menu(shrinkage(), canvas, zoomed=False)
    texts = [action.text() for action in menu.actions() if action.text()]
    assert len(texts) == 6 and not menu.actions()[-1].isEnabled()
    copy_figure(shrinkage())
    data = QGuiApplication.clipboard().mimeData()
    assert data.hasImage() and data.text() == "Thirty schools move."


def test_numbers_behind_a_figure_are_saved_as_csv(tmp_path: Path) -> None:
    write_figure(shrinkage(), tmp_path / "f.csv")
    lines = (tmp_path / "f.csv").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 1 + 3 * N + 1
    with pytest.raises(UserError, match="not written"):
        write_figure(shrinkage(), tmp_path / "nowhere" / "f.csv")


def test_a_thousand_groups_are_found_and_highlighted(canvas: FigureCanvas) -> None:
    canvas.set_figure(shrinkage(n=1000))
    canvas.set_selected(range(0, 1000, 7))
    assert not canvas.grab().isNull()
    assert canvas.sheet.plots[0].marks.position(999) == (999.0, 999.0)
