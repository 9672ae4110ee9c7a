"""Figure -> QPainter -> image, SVG, PDF: every picture that leaves the program, always light on white.

    save_figure(figure, Path("shrinkage.pdf"))
    save_figure(figure, Path("shrinkage.png"), dpi=600, size_mm=(85, 60))
    figure_image(figure, (800, 500))

Data are mapped to device coordinates here and drawn with plain pens, so that screen, paper and vector formats agree.
"""

from __future__ import annotations

import math
import os
import re
from dataclasses import replace
from html import escape
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QMarginsF, QRect, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QFontDatabase, QGuiApplication, QImage, QImageWriter, QPageSize, QPainter, QPdfWriter
from PySide6.QtSvg import QSvgGenerator

from mlgui.errors import UserError
from mlgui.gui.painting.page import lay_out, paint_page
from mlgui.gui.painting.style import TICK_PX, Style
from mlgui.gui.tokens import TOKENS
from mlgui.paths import resources
from mlgui.results.figure import Figure
from mlgui.words import tr

FORMATS = (".png", ".tiff", ".svg", ".pdf")
"""Suffixes `save_figure` writes."""

SMALLEST_TEXT_PT = TICK_PX * 0.75
"""Size of the smallest ordinary text on paper, in points, where none is asked for."""

_MM_PER_INCH = 25.4
_PX_PER_INCH = 96.0
_POINTS_PER_INCH = 72.0
_PDF_DPI = 1200
_MARGIN_PX = 8.0
_LZW = 1
"""What Qt's writer of TIFF calls LZW; 0 is none."""

_LARGEST_SIDE_PX = 30_000
_applications: list[QGuiApplication] = []


def paint(figure: Figure, painter: QPainter, area: QRectF, style: Style) -> None:
    """Draw a figure into `area` (device units) of a painter."""
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
    painter.setFont(style.font(TICK_PX))  # no mention of a system font in vector files
    margin = _MARGIN_PX * style.unit
    inner = area.adjusted(margin, margin, -margin, -margin)
    paint_page(painter, figure, lay_out(figure, inner, style), style)


def save_figure(figure: Figure, path: Path, *, dpi: int = 300, size_mm: tuple[float, float] | None = None,
                text_pt: float | None = None, grey: bool = False) -> None:  # fmt: skip
    """Write a figure in the format of the suffix: .png or .tiff (LZW; at `dpi`), .svg or .pdf (text as text, no bitmaps).

    size_mm, text_pt: width and height, size of tick labels (titles grow with it); the figure's own by default.
    Raises UserError for another suffix or where the file cannot be written.
    """
    ensure_application()
    writers = {".png": _save_bitmap, ".tiff": _save_bitmap, ".tif": _save_bitmap, ".svg": _save_svg, ".pdf": _save_pdf}
    writer = writers.get(path.suffix.lower())
    if writer is None:
        raise UserError(
            tr("The picture was not written: {name}.").format(name=path.name),
            tr("Pictures end in .png, .tiff, .svg or .pdf."),
            tr("Choose one of these endings."),
        )
    sized = replace(figure, size_mm=size_mm or figure.size_mm)
    writer(sized, path, dpi, paper_style(text_pt=text_pt or text_size(figure), grey=grey))


def text_size(figure: Figure) -> float:
    """Return the size of tick labels of a figure on paper, in points."""
    return figure.text_pt or SMALLEST_TEXT_PT


def figure_image(figure: Figure, size_px: tuple[int, int], *, size_mm: tuple[float, float] | None = None,
                 text_pt: float | None = None, grey: bool = False) -> QImage:  # fmt: skip
    """Return the figure as on paper, scaled to fit `size_px`: what the export dialog previews."""
    ensure_application()
    width_mm, height_mm = size_mm or figure.size_mm
    scale = min(size_px[0] / width_mm, size_px[1] / height_mm)
    image = _blank(max(1, round(width_mm * scale)), max(1, round(height_mm * scale)))
    unit = scale * _MM_PER_INCH / _PX_PER_INCH
    style = paper_style(text_pt=text_pt or text_size(figure), grey=grey)
    _paint_on(image, figure, QRectF(image.rect()), replace(style, unit=unit, _fonts={}))
    return image


def paper_style(*, text_pt: float = SMALLEST_TEXT_PT, grey: bool = False) -> Style:
    """Return the light style of paper: bundled fonts by name, so that a vector file looks alike everywhere."""
    ensure_application()
    light = {name: colours[0] for name, colours in TOKENS.items()}
    return Style(
        colours=light,
        family=_first_known("Inter", "DejaVu Sans", "Arial"),
        math_family=_first_known("STIX", "STIX Two Text", "DejaVu Serif", "Times New Roman"),
        text=text_pt / SMALLEST_TEXT_PT,
        grey=grey,
    )


def ensure_application() -> None:
    """Start Qt without a screen where nobody has started it, and make the bundled fonts known."""
    if QGuiApplication.instance() is None:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        _applications.append(QGuiApplication([]))
    if "Inter" not in QFontDatabase.families() or "STIX" not in QFontDatabase.families():
        for path in sorted((resources() / "fonts").glob("*.otf")):
            QFontDatabase.addApplicationFont(str(path))


def _first_known(*families: str) -> str:
    known = set(QFontDatabase.families())
    return next((family for family in families if family in known), families[-1])


def _save_bitmap(figure: Figure, path: Path, dpi: int, style: Style) -> None:
    width, height = (round(side / _MM_PER_INCH * dpi) for side in figure.size_mm)
    if max(width, height) > _LARGEST_SIDE_PX:
        raise UserError(
            tr("The picture was not written: {name}.").format(name=path.name),
            tr("{width} × {height} pixels are too many.").format(width=width, height=height),
            tr("Choose a smaller size or fewer dots per inch, or write a PDF."),
        )
    image = _blank(max(1, width), max(1, height)).convertToFormat(QImage.Format.Format_RGB32)  # paper has no transparency
    dots_per_metre = round(dpi / _MM_PER_INCH * 1000)
    image.setDotsPerMeterX(dots_per_metre)
    image.setDotsPerMeterY(dots_per_metre)
    image.setText("Title", figure.title)
    image.setText("Description", figure.alt)
    _paint_on(image, figure, QRectF(image.rect()), replace(style, unit=dpi / _PX_PER_INCH, _fonts={}))
    writer = QImageWriter(str(path))
    if path.suffix.lower() != ".png":
        writer.setCompression(_LZW)
    if not writer.write(image):
        raise _not_writable(path)


def _save_svg(figure: Figure, path: Path, dpi: int, style: Style) -> None:
    width, height = (max(1, round(side / _MM_PER_INCH * _PX_PER_INCH)) for side in figure.size_mm)
    _check_writable(path)
    content = QBuffer()
    generator = QSvgGenerator(QSvgGenerator.SvgVersion.Svg11)
    generator.setOutputDevice(content)
    generator.setResolution(round(_PX_PER_INCH))  # at the default of 72 text and lines part ways
    generator.setSize(QSize(width, height))
    generator.setViewBox(QRect(0, 0, width, height))
    generator.setTitle(figure.title)
    generator.setDescription(figure.alt)
    content.open(QBuffer.OpenModeFlag.WriteOnly)
    exact = QRectF(0, 0, *(side / _MM_PER_INCH * _PX_PER_INCH for side in figure.size_mm))
    _paint_on(generator, figure, exact, replace(style, unit=1.0, _fonts={}))
    path.write_bytes(sized_svg(bytes(content.data().data()), figure.size_mm))


def sized_svg(svg: bytes, size_mm: tuple[float, float]) -> bytes:
    """Return an SVG of Qt's with its exact size, and named as a picture for screen readers by its title and description.

    Qt knows whole pixels only, which are 0.26 mm.
    """
    width, height = (f"{side:.6g}" for side in size_mm)
    box = " ".join(f"{side / _MM_PER_INCH * _PX_PER_INCH:.6g}" for side in size_mm)
    size = f'width="{width}mm" height="{height}mm"\n viewBox="0 0 {box}" role="img" aria-labelledby="title desc"'
    svg, found = re.subn(rb'width="[^"]*mm" height="[^"]*mm"\s+viewBox="[^"]*"', size.encode(), svg, count=1)
    assert found, "Qt writes the size of an SVG otherwise"
    return svg.replace(b"<title>", b'<title id="title">', 1).replace(b"<desc>", b'<desc id="desc">', 1)


def _save_pdf(figure: Figure, path: Path, dpi: int, style: Style) -> None:
    _check_writable(path)
    content = QBuffer()
    content.open(QBuffer.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(content)
    writer.setResolution(_PDF_DPI)
    points = [side / _MM_PER_INCH * _POINTS_PER_INCH for side in figure.size_mm]
    whole = QSizeF(*(math.ceil(side) for side in points))
    writer.setPageSize(QPageSize(whole, QPageSize.Unit.Point, figure.key, QPageSize.SizeMatchPolicy.ExactMatch))
    writer.setPageMargins(QMarginsF(0, 0, 0, 0))
    writer.setTitle(figure.title)
    writer.setCreator("mlgui")
    writer.setDocumentXmpMetadata(_about(figure))
    area = QRectF(0, 0, *(side / _POINTS_PER_INCH * _PDF_DPI for side in points))
    _paint_on(writer, figure, area, replace(style, unit=_PDF_DPI / _PX_PER_INCH, _fonts={}))
    path.write_bytes(with_media_box(bytes(content.data().data()), (0.0, whole.height() - points[1], points[0], whole.height())))


def with_media_box(pdf: bytes, box: tuple[float, float, float, float]) -> bytes:
    """Return a PDF of one page with another page rectangle (left, bottom, right, top, in points).

    Qt rounds pages to whole points, which are 0.35 mm. What stands behind the rectangle moves, and the table of places
    (ISO 32000-1, 7.5.4) is written anew.
    """
    found = re.search(rb"/MediaBox \[[^\]]*\]", pdf)
    assert found, "Qt writes the size of a page otherwise"
    text = b"/MediaBox [" + b" ".join(f"{side:.4f}".encode() for side in box) + b"]"
    moved = len(text) - len(found.group())
    changed = pdf[: found.start()] + text + pdf[found.end() :]

    def place(match: re.Match[bytes]) -> bytes:
        there = int(match[1])
        return b"%010d" % (there + moved if there > found.start() else there) + match[2]

    table = changed.rindex(b"\nxref")
    tail = re.sub(rb"^(\d{10})( \d{5} n)", place, changed[table:], flags=re.MULTILINE)
    return changed[:table] + re.sub(rb"(startxref\s+)\d+", rb"\g<1>%d" % (table + 1), tail)


def _about(figure: Figure) -> QByteArray:
    """Return title and alternative text of a figure as XMP (ISO 16684-1), where readers of PDF look for a description."""
    title, description = (escape(re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f]", " ", text)) for text in (figure.title, figure.alt))
    default = '<rdf:Alt><rdf:li xml:lang="x-default">{}</rdf:li></rdf:Alt>'
    text = (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n<x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{default.format(title)}</dc:title><dc:description>{default.format(description)}</dc:description>"
        '</rdf:Description></rdf:RDF></x:xmpmeta>\n<?xpacket end="w"?>'
    )
    return QByteArray(text.encode())


def _paint_on(device: QImage | QSvgGenerator | QPdfWriter, figure: Figure, area: QRectF, style: Style) -> None:
    painter = QPainter(device)
    try:
        paint(figure, painter, area, style)
    finally:
        painter.end()


def _blank(width: int, height: int) -> QImage:
    image = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.white)
    return image


def _check_writable(path: Path) -> None:
    try:
        path.open("ab").close()
    except OSError as error:
        raise _not_writable(path) from error


def _not_writable(path: Path) -> UserError:
    return UserError(
        tr("The picture was not written: {name}.").format(name=path.name),
        tr("The folder is missing or write-protected, or the file is open in another program."),
        tr("Choose another folder or name, or close the file."),
    )
