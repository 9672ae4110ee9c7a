"""Text with Greek symbols in italics and their subscripts lowered, measured and drawn on any device."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from mlgui.gui.painting.style import Style

_GREEK = "αβγδεζηθκλμνξπρστφχψω"
_SYMBOL = re.compile(rf"(?<!\w)([{_GREEK}])(?:_\{{([^}}]*)\}}|_([A-Za-z0-9{_GREEK}]+)|([ⱼᵢₖₗₘₙₒₚ])|(?![A-Za-z0-9_]))")
_INDEX = re.compile(r"(?<=\w)_([ij])(?!\w)")
_LOWERED = dict(zip("ⱼᵢₖₗₘₙₒₚ", "jiklmnop", strict=True))
_SUBSCRIPT_SIZE = 0.72
_ELLIPSIS = "…"


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A run of text: symbol (italic Greek), lowered (subscript), or plain."""

    text: str
    symbol: bool = False
    lowered: bool = False


@cache
def pieces(text: str, maths: bool = False) -> tuple[Piece, ...]:
    """Split a label into plain runs, Greek symbols and their subscripts: `α_j`, `η_{αj}` and `αⱼ` are understood.

    Underscores elsewhere, as in column names, stay as they are, and so does Greek inside a word (`μg`). maths: the label
    is an equation, in which a final `_j` or `_i` of a name is its index (`mean_ses_j`).
    """
    if maths:
        text = _INDEX.sub(lambda match: "ⱼ" if match[1] == "j" else "ᵢ", text)
    found: list[Piece] = []
    at = 0
    for match in _SYMBOL.finditer(text):
        if match.start() > at:
            found.append(Piece(text=text[at : match.start()]))
        found.append(Piece(text=match[1], symbol=True))
        below = match[2] or match[3] or _LOWERED.get(match[4] or "", "")
        if below:
            found.append(Piece(text=below, symbol=True, lowered=True))
        at = match.end()
    if at < len(text):
        found.append(Piece(text=text[at:]))
    return tuple(part for piece in found for part in (_indices(piece) if maths and not piece.symbol else (piece,)))


def _indices(piece: Piece) -> Iterator[Piece]:
    """Split a plain run of an equation at its indices."""
    for part in re.split(r"([ⱼᵢₖₗₘₙₒₚ])", piece.text):
        if part:
            yield Piece(text=_LOWERED.get(part, part), symbol=True, lowered=part in _LOWERED)


def plain(text: str) -> str:
    """Return a label without the marks of subscripts, for tooltips and clipboards."""
    return "".join(piece.text for piece in pieces(text))


@dataclass(frozen=True, kw_only=True)
class Label:
    """A text to draw. px: logical size. colour: a token, or a data colour (its text variant is used). whole: before a cut."""

    text: str
    px: float
    colour: str = "ink2"
    bold: bool = False
    maths: bool = False
    whole: str = ""

    def width(self, style: Style) -> float:
        """Return the advance in device units."""
        runs = pieces(self.text, self.maths)
        return sum(QFontMetricsF(self._font(run, style)).horizontalAdvance(run.text) for run in runs)

    def height(self, style: Style) -> float:
        """Return the height of a line in device units."""
        return QFontMetricsF(style.font(self.px, bold=self.bold)).height()

    def fitted(self, style: Style, width: float) -> Label:
        """Return the label cut to at most `width` device units, with an ellipsis where something was left out."""
        if self.width(style) <= width:
            return self
        low, high = 0, len(self.text)
        while high - low > 1:
            middle = (low + high) // 2
            fits = replace(self, text=self.text[:middle].rstrip() + _ELLIPSIS).width(style) <= width
            low, high = (middle, high) if fits else (low, middle)
        return replace(self, text=self.text[:low].rstrip() + _ELLIPSIS, whole=self.whole or self.text)

    def draw(self, painter: QPainter, style: Style, x: float, y: float, *, align: float = 0.0) -> None:
        """Draw with vertical centre y; align 0, 0.5, 1 puts x at the left, middle, right of the text."""
        metrics = QFontMetricsF(style.font(self.px, bold=self.bold))
        baseline = y + (metrics.capHeight()) / 2
        left, height = x - align * self.width(style), metrics.height()
        if style.places is not None and self.text:
            style.places.append((self.whole or self.text, QRectF(left, y - height / 2, self.width(style), height)))
        self.draw_on_baseline(painter, style, left, baseline)

    def draw_on_baseline(self, painter: QPainter, style: Style, x: float, baseline: float) -> None:
        """Draw from x to the right on a baseline."""
        painter.setPen(self._colour(style))
        for piece in pieces(self.text, self.maths):
            font = self._font(piece, style)
            painter.setFont(font)
            drop = 0.22 * self.px * style.unit * style.text if piece.lowered else 0.0
            painter.drawText(QPointF(x, baseline + drop), piece.text)
            x += QFontMetricsF(font).horizontalAdvance(piece.text)

    def _colour(self, style: Style) -> QColor:
        return style.text_colour(self.colour)

    def _font(self, piece: Piece, style: Style) -> QFont:
        size = self.px * (_SUBSCRIPT_SIZE if piece.lowered else 1.0)
        return style.font(size, bold=self.bold, maths=piece.symbol or self.maths)
