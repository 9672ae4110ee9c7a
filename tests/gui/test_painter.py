from __future__ import annotations

import re
import struct
import subprocess
import sys
from dataclasses import replace
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


@pytest.mark.parametrize("dpi", [72, 300, 1200])
@pytest.mark.parametrize("size", [(85.0, 60.0), (63.7, 41.3)])
def test_bitmaps_are_as_large_as_asked_for(figure: Figure, tmp_path: Path, dpi: int, size: tuple[float, float]) -> None:
    for suffix in (".png", ".tiff"):
        save_figure(figure, tmp_path / f"f{suffix}", dpi=dpi, size_mm=size)
        image = QImage(str(tmp_path / f"f{suffix}"))
        assert image.size().toTuple() == tuple(round(side / 25.4 * dpi) for side in size)
        assert image.dotsPerMeterX() == image.dotsPerMeterY() == round(dpi / 0.0254)
        on_paper = [1000 * n / image.dotsPerMeterX() for n in image.size().toTuple()]
        # Whole pixels: half of one is 0.18 mm at 72 dpi, and less than 0.05 mm from 300 dpi on.
        assert on_paper == pytest.approx(size, abs=max(0.5 * 25.4 / dpi, 0.05) + 0.01)


def test_a_tiff_is_compressed_by_lzw_and_says_its_resolution(figure: Figure, tmp_path: Path) -> None:
    save_figure(figure, tmp_path / "f.tiff", dpi=600, size_mm=(40, 30))
    tags = tiff_tags((tmp_path / "f.tiff").read_bytes())
    assert tags[259] == 5  # compression: LZW (TIFF 6.0, section 13)
    unit, resolution = tags[296], tags[282]
    assert resolution / {2: 25.4, 3: 10.0}[int(unit)] * 25.4 == pytest.approx(600, abs=0.05)  # stored per inch or cm


def tiff_tags(data: bytes) -> dict[int, float]:
    """Return numbers of the first directory of a TIFF by tag."""
    order = "<" if data[:2] == b"II" else ">"
    (start,) = struct.unpack_from(order + "I", data, 4)
    (n,) = struct.unpack_from(order + "H", data, start)
    found = {}
    for place in range(start + 2, start + 2 + 12 * n, 12):
        tag, kind, _ = struct.unpack_from(order + "HHI", data, place)
        if kind == 3:
            found[tag] = float(struct.unpack_from(order + "H", data, place + 8)[0])
        elif kind == 5:
            (there,) = struct.unpack_from(order + "I", data, place + 8)
            top, bottom = struct.unpack_from(order + "II", data, there)
            found[tag] = top / bottom
    return found


@pytest.mark.parametrize("size", [(85.0, 60.0), (63.7, 41.3), (174.0, 99.9)])
def test_vector_files_have_the_exact_size(figure: Figure, tmp_path: Path, size: tuple[float, float]) -> None:
    save_figure(figure, tmp_path / "f.svg", size_mm=size)
    root = ElementTree.fromstring((tmp_path / "f.svg").read_text(encoding="utf-8"))
    assert [root.get("width"), root.get("height")] == [f"{side:g}mm" for side in size]
    box = [float(value) for value in root.get("viewBox", "").split()]
    assert box == pytest.approx([0, 0, *(side / 25.4 * 96 for side in size)], rel=1e-5)
    save_figure(figure, tmp_path / "f.pdf", size_mm=size)
    found = re.search(rb"/MediaBox \[([^\]]*)\]", (tmp_path / "f.pdf").read_bytes())
    assert found
    left, bottom, right, top = (float(value) / 72 * 25.4 for value in found[1].split())
    assert (right - left, top - bottom) == pytest.approx(size, abs=0.001)


def test_every_part_of_a_pdf_is_where_its_table_says(figure: Figure, tmp_path: Path) -> None:
    save_figure(figure, tmp_path / "f.pdf", size_mm=(63.7, 41.3))
    data = (tmp_path / "f.pdf").read_bytes()
    start = int(data.rsplit(b"startxref", 1)[1].split()[0])
    assert data[start : start + 4] == b"xref"
    first, n = (int(word) for word in data[start:].split()[1:3])
    lines = data[start:].split(b"\n")[2 : 2 + n]
    for number, line in enumerate(lines, first):
        if line.split()[2] == b"n":
            assert data[int(line.split()[0]) :].startswith(b"%d 0 obj" % number)


def test_every_picture_says_what_it_shows(figure: Figure, tmp_path: Path) -> None:
    told = replace(figure, alt="Forty <schools> & more.")
    save_figure(told, tmp_path / "f.svg")
    root = ElementTree.fromstring((tmp_path / "f.svg").read_text(encoding="utf-8"))
    description = root.find("{http://www.w3.org/2000/svg}desc")
    assert description is not None and description.text == "Forty <schools> & more."
    assert root.get("role") == "img" and root.get("aria-labelledby") == "title desc"
    save_figure(told, tmp_path / "f.pdf")
    data = (tmp_path / "f.pdf").read_bytes()
    assert b"Forty &lt;schools&gt; &amp; more." in data


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


@pytest.mark.parametrize("suffix", [".png", ".tiff", ".svg", ".pdf"])
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
