"""Line icons tinted with a theme colour, sharp at every screen scale.

    icon("open", theme) -> QIcon         # ink2, and disabled
    pixmap("warning", theme, "warnmark", 16, ratio) -> QPixmap
    mark("circle", QColor, 10, ratio) -> QPixmap    # the shape of a model or a category

Names are the files of `resources/icons`; `currentColor` in them is replaced by the colour asked for.
"""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap, QPolygonF
from PySide6.QtSvg import QSvgRenderer

from mlgui.gui.theme import Theme
from mlgui.paths import resources

_RATIOS = (1.0, 1.5, 2.0, 3.0)


@lru_cache(maxsize=64)
def _source(name: str) -> str:
    return (resources() / "icons" / f"{name}.svg").read_text(encoding="utf-8")


@lru_cache(maxsize=512)
def _drawn(name: str, colour: str, size: int, ratio: float, beside: int = 0) -> QPixmap:
    renderer = QSvgRenderer(QByteArray(_source(name).replace("currentColor", colour).encode()))
    found = _blank(size, ratio, beside)
    painter = QPainter(found)
    renderer.render(painter, QRectF(0, 0, size, size))
    painter.end()
    return found


def _blank(size: int, ratio: float, beside: int = 0) -> QPixmap:
    found = QPixmap(QSize(round((size + beside) * ratio), round(size * ratio)))
    found.setDevicePixelRatio(ratio)
    found.fill(Qt.GlobalColor.transparent)
    return found


def pixmap(name: str, theme: Theme, colour: str = "ink2", size: int = 16, ratio: float = 2.0) -> QPixmap:
    """Return the icon `name` in a token's colour, `size` px square at device pixel ratio `ratio`."""
    return _drawn(name, theme.css(colour), size, ratio)


def icon(name: str, theme: Theme, colour: str = "ink2", size: int = 16, beside: int = 0) -> QIcon:
    """Return the icon in a token's colour, greyed where its widget is disabled. beside: px left free before the words."""
    found = QIcon()
    for ratio in _RATIOS:
        found.addPixmap(_drawn(name, theme.css(colour), size, ratio, beside))
        found.addPixmap(_drawn(name, theme.css("disabled"), size, ratio, beside), QIcon.Mode.Disabled)
    return found


def app_icon() -> QIcon:
    """Return the program's own icon, in the sizes window managers ask for."""
    found = QIcon()
    for size in (16, 24, 32, 48, 64, 128, 256):
        found.addPixmap(_drawn("app", "#000000", size, 1.0))
    return found


def shape_polygon(shape: str, centre: QPointF, radius: float) -> QPolygonF:
    """Return the outline of a triangle, diamond, square or down triangle of about the same area as a circle of `radius`."""
    r = radius * 1.15
    corners = {
        "triangle": ((0, -r), (r, 0.8 * r), (-r, 0.8 * r)),
        "down": ((0, r), (r, -0.8 * r), (-r, -0.8 * r)),
        "diamond": ((0, -1.1 * r), (1.1 * r, 0), (0, 1.1 * r), (-1.1 * r, 0)),
        "square": ((-0.8 * r, -0.8 * r), (0.8 * r, -0.8 * r), (0.8 * r, 0.8 * r), (-0.8 * r, 0.8 * r)),
    }[shape]
    return QPolygonF([QPointF(centre.x() + x, centre.y() + y) for x, y in corners])


def paint_shape(painter: QPainter, shape: str, centre: QPointF, radius: float) -> None:
    """Draw one mark with the painter's pen and brush; "plus" uses the pen only."""
    if shape == "circle":
        painter.drawEllipse(centre, radius, radius)
    elif shape == "plus":
        painter.drawLine(centre - QPointF(radius, 0), centre + QPointF(radius, 0))
        painter.drawLine(centre - QPointF(0, radius), centre + QPointF(0, radius))
    else:
        painter.drawPolygon(shape_polygon(shape, centre, radius))


def mark(shape: str, colour: QColor, size: int = 10, ratio: float = 2.0) -> QPixmap:
    """Return the filled mark of a model or a category."""
    found = _blank(size, ratio)
    painter = QPainter(found)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen if shape != "plus" else colour)
    painter.setBrush(colour)
    paint_shape(painter, shape, QPointF(size / 2, size / 2), size * 0.42)
    painter.end()
    return found
