"""A widget that paints equations: italic letters, sub- and superscripts, estimated quantities in the accent colour."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QContextMenuEvent,
    QFont,
    QFontMetricsF,
    QGuiApplication,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from mlgui.gui.theme import Theme
from mlgui.spec.wording import EquationLine, Run, Style
from mlgui.words import tr

_SCRIPT = 0.70
_GAP = 8.0


@dataclass(frozen=True, kw_only=True)
class _Piece:
    """A run, placed: baseline position, font, and the box the mouse finds it by."""

    run: Run
    at: QPointF
    font: QFont
    box: QRectF


class EquationView(QWidget):
    """Shows equation lines; `hovered(name)` tells which coefficient is under the mouse ("" when it leaves)."""

    hovered = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._lines: tuple[EquationLine, ...] = ()
        self._pieces: list[_Piece] = []
        self._labels: list[tuple[str, QPointF]] = []
        self._height = 0.0
        self._hover = self._marked = ""
        self._tips: dict[str, str] = {}
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self._lay_out)

    def set_lines(self, lines: Iterable[EquationLine], tips: dict[str, str] | None = None) -> None:
        """Show these lines. tips: coefficient name -> text of its tooltip."""
        self._lines = tuple(lines)
        self._tips = tips or {}
        self.setAccessibleName(tr("Equation"))
        self.setAccessibleDescription(self.plain_text())
        self._lay_out()

    def mark(self, name: str) -> None:
        """Mark the letter of a coefficient selected elsewhere, "" for none."""
        self._marked = name
        self.update()

    def plain_text(self) -> str:
        """Return the equations as text, one line each."""
        return "\n".join(line.plain for line in self._lines)

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(300), round(self._height))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.px(120), round(self._height))

    def _size(self) -> float:
        longest = max((len(line.plain) for line in self._lines), default=0)
        return 15.5 if longest < 42 else 14.0

    def _lay_out(self) -> None:
        """Place every run; long lines wrap before a plus or minus and hang under the right-hand side."""
        size = self._size()
        caption = QFontMetricsF(self._theme.font(11.5))
        left = max((caption.horizontalAdvance(line.level) for line in self._lines), default=0.0)
        left += _GAP if left else 0.0
        body = QFontMetricsF(self._theme.equation_font(size))
        row = body.height() * 1.22
        self._pieces, self._labels, top, before = [], [], 0.0, ""
        equals = max((self._before_equals(line, size) for line in self._lines), default=0.0)
        for line in self._lines:
            baseline = top + body.ascent() + (row - body.height()) / 2
            if line.level != before:  # said once for the lines of a level
                self._labels.append((before := line.level, QPointF(0, baseline)))
            start = left + equals - self._before_equals(line, size)
            top = self._place(line, start, baseline, row, size) + row - body.ascent() - (row - body.height()) / 2
        self._height = top + 4
        self.setFixedHeight(max(1, round(self._height)))
        self.updateGeometry()
        self.update()

    def _before_equals(self, line: EquationLine, size: float) -> float:
        """Return the width of what stands before the sign of equality, 0 where it is not a part of its own."""
        place = next((place for place, run in enumerate(line.runs) if run.text.lstrip().startswith("=")), 0)
        return sum(self._measure(run, size)[1] for run in line.runs[:place])

    def _place(self, line: EquationLine, left: float, baseline: float, row: float, size: float) -> float:
        """Place one line's runs and return the baseline of its last row."""
        x, indent, right = left, left + self._theme.px(18), max(float(self.width()), self._theme.px(120))
        for unit in _units(line.runs):
            width = sum(self._measure(run, size)[1] for run in unit)
            if x + width > right and x > indent:
                x, baseline = indent, baseline + row
            for run in unit:
                font, advance, shift = self._measure(run, size)
                box = QRectF(x, baseline - row * 0.75, advance, row)
                self._pieces.append(_Piece(run=run, at=QPointF(x, baseline + shift), font=font, box=box))
                x += advance
        return baseline

    def _measure(self, run: Run, size: float) -> tuple[QFont, float, float]:
        """Return font, width and vertical shift of a run."""
        scale = _SCRIPT if run.script else 1.0
        font = self._theme.equation_font(size * scale, italic=run.style is not Style.UPRIGHT)
        metrics = QFontMetricsF(font)
        shift = {"sub": size * 0.22, "sup": -size * 0.36, "": 0.0}[run.script] * self._theme.text_scale
        return font, metrics.horizontalAdvance(run.text), shift

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
        painter.setFont(self._theme.font(11.5))
        painter.setPen(self._theme.colour("ink3"))
        for text, at in self._labels:
            painter.drawText(at, text)
        for piece in self._pieces:
            estimated = piece.run.style is Style.ESTIMATED
            if piece.run.coefficient and piece.run.coefficient in (self._hover, self._marked):
                painter.fillRect(piece.box.adjusted(-1, 2, 1, -4), self._theme.colour("accent_soft"))
            painter.setPen(self._theme.colour("accent" if estimated else "ink"))
            painter.setFont(piece.font)
            painter.drawText(piece.at, piece.run.text)
        if self.hasFocus():
            painter.setPen(self._theme.pen("accent", 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        if event.size().width() != event.oldSize().width():
            self._lay_out()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        name = next((p.run.coefficient for p in self._pieces if p.run.coefficient and p.box.contains(event.position())), "")
        self._set_hover(name)

    def leaveEvent(self, event: QEvent) -> None:
        self._set_hover("")

    def _set_hover(self, name: str) -> None:
        if name != self._hover:
            self._hover = name
            self.setToolTip(self._tips.get(name, ""))
            self.hovered.emit(name)
            self.update()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        copy = QAction(tr("Copy equation"), menu)
        copy.triggered.connect(self._on_copy)
        menu.addAction(copy)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self.plain_text())


def _units(runs: tuple[Run, ...]) -> list[list[Run]]:
    """Split runs where a line may break: before a run that starts with " + ", " − " or ",  "."""
    units: list[list[Run]] = []
    for run in runs:
        breaks = run.script == "" and run.text.startswith((" + ", " − ", ",  ", " ~ "))
        if breaks or not units:
            units.append([run])
        else:
            units[-1].append(run)
    return units
