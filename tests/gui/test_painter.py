from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage

from mlgui.errors import UserError
from mlgui.gui.painter import figure_image, save_figure
from mlgui.results.figure import Axis, Band, Figure, Line, Panel, Points, Rule, Segments


@pytest.fixture
def figure() -> Figure:
    x = np.linspace(0, 10, 40)
    layers = (
        Band(x=x, low=x - 1, high=x + 1),
        Rule(value=5.0, label="average 5", dashed=True),
        Rule(value=4.0, vertical=True, label="four"),
        Segments(x0=x, y0=x - 1, x1=x, y1=x + 1, groups=np.arange(40), opacity=0.4),
        Points(x=x, y=x, groups=np.arange(40), label="Public"),
        Points(x=x, y=x + 0.5, filled=False, shape="triangle", colour="vermilion", label="Catholic"),
        Line(x=x, y=x, end_label="fitted"),
    )
    return Figure(
        key="k",
        title="Title <of> it",
        panels=(Panel(layers=layers, x=Axis(title="Students"), y=Axis(title="Intercepts αⱼ", grid=True)),),
        alt="Forty schools.",
        size_mm=(120.0, 80.0),
    )


def test_a_png_has_the_size_and_resolution_asked_for(figure: Figure, tmp_path: Path) -> None:
    save_figure(figure, tmp_path / "f.png", dpi=300)
    image = QImage(str(tmp_path / "f.png"))
    assert (image.width(), image.height()) == (round(120 / 25.4 * 300), round(80 / 25.4 * 300))
    assert image.dotsPerMeterX() == round(300 / 0.0254)
    assert image.text("Description") == "Forty schools."
    assert image.pixelColor(2, 2) == QColor("white")


def test_another_size_may_be_asked_for(figure: Figure, tmp_path: Path) -> None:
    save_figure(figure, tmp_path / "f.png", dpi=100, size_mm=(50.8, 25.4))
    assert QImage(str(tmp_path / "f.png")).size().toTuple() == (200, 100)


def test_an_svg_has_text_as_text_and_no_bitmaps(figure: Figure, tmp_path: Path) -> None:
    save_figure(figure, tmp_path / "f.svg")
    text = (tmp_path / "f.svg").read_text(encoding="utf-8")
    root = ElementTree.fromstring(text)
    space = "{http://www.w3.org/2000/svg}"
    words = " ".join("".join(node.itertext()) for node in root.iter(f"{space}text"))
    assert "average 5" in words and "Students" in words and "α" in words
    assert root.get("width", "").startswith("120")
    assert root.find(f"{space}title").text == "Title <of> it"  # type: ignore[union-attr]
    assert not list(root.iter(f"{space}image"))
    assert "non-scaling-stroke" not in text
    families = set(re.findall(r'font-family="([^"]*)"', text))
    assert families and not families & {"Sans Serif", "sans-serif"}


def test_a_pdf_embeds_its_fonts_and_has_no_bitmaps(figure: Figure, tmp_path: Path) -> None:
    save_figure(figure, tmp_path / "f.pdf")
    data = (tmp_path / "f.pdf").read_bytes()
    assert data.startswith(b"%PDF")
    assert b"/FontFile" in data and b"/ToUnicode" in data
    assert not re.search(rb"/Subtype\s*/Image", data)


def test_many_points_become_cells_in_files(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    panel = Panel(layers=(Points(x=rng.normal(size=60_000), y=rng.normal(size=60_000)),))
    save_figure(Figure(key="k", title="", panels=(panel,)), tmp_path / "f.svg")
    assert (tmp_path / "f.svg").stat().st_size < 3_000_000


def test_grey_pictures_have_no_colour(figure: Figure) -> None:
    image = figure_image(figure, (300, 200), grey=True)
    colours = {image.pixelColor(x, y).getRgb()[:3] for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)}
    assert all(max(rgb) - min(rgb) <= 2 for rgb in colours)
    assert len(colours) > 5


def test_a_preview_fits_into_the_space_given(figure: Figure) -> None:
    image = figure_image(figure, (600, 600))
    assert (image.width(), image.height()) == (600, 400)


@pytest.mark.parametrize("name", ["f.gif", "f"])
def test_other_endings_are_refused_in_words(figure: Figure, tmp_path: Path, name: str) -> None:
    with pytest.raises(UserError, match=r"\.png"):
        save_figure(figure, tmp_path / name)


@pytest.mark.parametrize("suffix", [".png", ".svg", ".pdf"])
def test_a_missing_folder_is_reported_in_words(figure: Figure, tmp_path: Path, suffix: str) -> None:
    with pytest.raises(UserError, match="not written"):
        save_figure(figure, tmp_path / "nowhere" / f"f{suffix}")


def test_too_large_a_picture_is_refused(figure: Figure, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="too many"):
        save_figure(figure, tmp_path / "f.png", dpi=20_000)


def test_figures_are_painted_without_a_window_or_a_screen(tmp_path: Path) -> None:
    code = (
        "import sys, numpy as np\nfrom pathlib import Path\nfrom mlgui.gui.painter import save_figure\n"
        "from mlgui.results.figure import Figure, Panel, Points\n"
        "p = Panel(layers=(Points(x=np.arange(3.0), y=np.arange(3.0)),))\n"
        "save_figure(Figure(key='k', title='t', panels=(p,)), Path(sys.argv[1]))\n"
        "assert 'pyqtgraph' not in sys.modules and 'PySide6.QtWidgets' not in sys.modules\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path / "f.png")], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert not QImage(str(tmp_path / "f.png")).isNull()
