"""A million points: counts in cells, on the screen and in files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyqtgraph as pg
from pytestqt.qtbot import QtBot

from mlgui.gui.painter import save_figure
from mlgui.gui.plots.canvas import FigureCanvas
from mlgui.gui.theme import Theme
from mlgui.results.figure import Figure, Panel, Points

LIMIT = 50_000


def cloud(n: int) -> Figure:
    dice = np.random.default_rng(1)
    x = dice.normal(size=n)
    return Figure(key="cloud", title="t", panels=(Panel(layers=(Points(x=x, y=x + dice.normal(size=n)),)),))


def item_of(canvas: FigureCanvas) -> object:
    return canvas.sheet.plots[0]._parts[0].items[0]  # type: ignore[union-attr]


def test_more_than_fifty_thousand_points_are_drawn_as_density(qtbot: QtBot) -> None:
    canvas = FigureCanvas(Theme("light"))
    qtbot.addWidget(canvas)
    canvas.set_figure(cloud(LIMIT))
    assert isinstance(item_of(canvas), pg.ScatterPlotItem)
    canvas.set_figure(cloud(LIMIT + 1))
    assert isinstance(item_of(canvas), pg.ImageItem)


def test_a_file_of_a_million_points_holds_cells_only(tmp_path: Path, qapp: object) -> None:
    save_figure(cloud(1_000_000), tmp_path / "f.svg")
    text = (tmp_path / "f.svg").read_text(encoding="utf-8")
    assert len(text) < 3_000_000  # one mark a point would need a hundred times as much
    assert text.count("<rect") + text.count("<path") < 140 * 90 + 200  # at most one drawing a cell, and the axes
