"""What a picture is drawn with: colours by name, fonts in logical pixels, and the size of one logical pixel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QPen

TICK_PX = 11.0
TITLE_PX = 11.5
PANEL_PX = 12.0
_DASH_PX = (5.0, 4.0)


@dataclass(frozen=True, kw_only=True)
class Style:
    """Colours and measures of one device.

    colours: theme token -> "#rrggbb". family: text; math_family: Greek letters and equations. unit: device units per
    logical pixel (1/96 inch on paper). text: further scale of all text. grey: colours become their luminance.
    places: where a list is given, every text that is painted notes itself there with the area it takes.
    """

    colours: Mapping[str, str]
    family: str
    math_family: str
    unit: float = 1.0
    text: float = 1.0
    grey: bool = False
    places: list[tuple[str, QRectF]] | None = None
    _fonts: dict[tuple[float, bool, bool], QFont] = field(default_factory=dict, repr=False, compare=False)

    def colour(self, name: str, opacity: float = 1.0) -> QColor:
        """Return the colour of a token or of "#rrggbb", as it is or as its grey."""
        colour = QColor(self.colours.get(name, name))
        if self.grey:
            level = round(0.2126 * colour.red() + 0.7152 * colour.green() + 0.0722 * colour.blue())
            colour = QColor(level, level, level)
        colour.setAlphaF(opacity)
        return colour

    def mixed(self, name: str, share: float) -> QColor:
        """Return the solid colour that `share` of a token over the surface looks like."""
        top, below = self.colour(name), self.colour("surface")
        parts = zip((top.red(), top.green(), top.blue()), (below.red(), below.green(), below.blue()))
        return QColor(*(round(share * over + (1 - share) * under) for over, under in parts))

    def text_colour(self, name: str) -> QColor:
        """Return the variant of a data colour that is dark (or light) enough for text; the colour itself where there is none."""
        variant = f"{name}_text"
        return self.colour(variant if variant in self.colours else name)

    def pen(self, name: str, width: float, *, opacity: float = 1.0, dashed: bool = False) -> QPen:
        """Return a plain pen (never a cosmetic one: renderers of SVG ignore those) of `width` logical pixels."""
        pen = QPen(self.colour(name, opacity))
        pen.setWidthF(width * self.unit)
        pen.setCosmetic(False)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        if dashed:
            pen.setDashPattern([length / width for length in _DASH_PX])
        return pen

    def brush(self, name: str, opacity: float = 1.0) -> QBrush:
        """Return a solid brush."""
        return QBrush(self.colour(name, opacity))

    def font(self, px: float, *, bold: bool = False, maths: bool = False) -> QFont:
        """Return a font of `px` logical pixels; figures have equal widths. maths: italic, of the face of equations."""
        key = (px, bold, maths)
        if key not in self._fonts:
            self._fonts[key] = self._make_font(px, bold, maths)
        return self._fonts[key]

    def _make_font(self, px: float, bold: bool, maths: bool) -> QFont:
        font = QFont(self.math_family if maths else self.family)
        font.setPixelSize(max(1, round(px * (1.12 if maths else 1.0) * self.text * self.unit)))
        font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
        font.setItalic(maths)
        font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
        if not maths:
            font.setFeature(QFont.Tag("tnum"), 1)
        return font
