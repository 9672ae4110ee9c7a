"""The Figure tab of the export dialog: size, text, formats, and the figure as it will look on paper."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPixmap, QResizeEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QDoubleSpinBox, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from mlgui.gui.clipboard import copy_image
from mlgui.gui.dialogs.export_files import FigureOptions, Written, figure_targets, write_figure
from mlgui.gui.painter import figure_image
from mlgui.gui.room import scrolling_side
from mlgui.gui.theme import Theme
from mlgui.gui.widgets import Segments, label
from mlgui.results.figure import Figure
from mlgui.words import tr

_MM_PER_INCH = 25.4
_SMALLEST_PT = 6.0
_DELAY_MS = 60
FORMATS = (".pdf", ".svg", ".png", ".tiff", ".csv")


def presets() -> tuple[tuple[str, float | None], ...]:
    """Return (name, width in mm) of the sizes offered; None: the figure's own."""
    return (
        (tr("As drawn"), None),
        (tr("Journal, 1 column"), 85.0),
        (tr("Journal, 1½ columns"), 120.0),
        (tr("Journal, 2 columns"), 175.0),
        (tr("Slide"), 254.0),
    )


def spin(low: float, high: float, suffix: str, name: str, *, decimals: int = 0) -> QDoubleSpinBox:
    """Return a field for a number with a unit."""
    found = QDoubleSpinBox()
    found.setRange(low, high)
    found.setDecimals(decimals)
    found.setSuffix(f" {suffix}")
    found.setAccessibleName(name)
    found.setKeyboardTracking(False)
    found.lineEdit().setTextMargins(6, 0, 0, 0)
    return found


class FigurePage(QWidget):
    """One figure of the model, chosen from all there are."""

    changed = Signal()

    def __init__(self, figures: Sequence[Figure], first: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._figures = figures
        self._theme = theme
        self._figure = next((figure for figure in figures if figure.key == first), figures[0])
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_DELAY_MS)
        self._timer.timeout.connect(self._draw)
        self._make_fields()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(scrolling_side(self._settings()))
        row.addWidget(self._preview(), 1)
        self._connect()
        self._take_size()

    def _make_fields(self) -> None:
        self._choice = QComboBox()
        for figure in self._figures:
            self._choice.addItem(figure.title, figure.key)
        self._choice.setCurrentIndex(self._figures.index(self._figure))
        self._choice.setAccessibleName(tr("Figure"))
        self._preset = QComboBox()
        for name, width in presets():
            self._preset.addItem(name, width)
        self._preset.setAccessibleName(tr("Preset"))
        self._width = spin(20, 600, "mm", tr("Width"), decimals=1)
        self._height = spin(20, 600, "mm", tr("Height"), decimals=1)
        self._dpi = spin(72, 1200, "dpi", tr("Resolution"))
        self._dpi.setValue(300)
        self._text = spin(4, 24, "pt", tr("Smallest text"), decimals=1)
        self._text.setValue(8)
        self._colours = Segments((("colour", tr("Colour")), ("grey", tr("Greyscale"))), name=tr("Colours"))
        self._formats = {suffix: QCheckBox(suffix[1:].upper()) for suffix in FORMATS}
        for suffix in (".pdf", ".png"):
            self._formats[suffix].setChecked(True)
        self._pixels = label("", "caption")

    def _settings(self) -> QWidget:
        side = QWidget()
        side.setFixedWidth(self._theme.px(316))
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(8)
        fields: tuple[tuple[str, QWidget], ...] = (
            (tr("Figure"), self._choice),
            (tr("Preset"), self._preset),
            (tr("Width"), self._width),
            (tr("Height"), self._height),
            (tr("Resolution"), self._dpi),
            (tr("Text from"), self._text),
            (tr("Colours"), self._colours),
        )
        for row, (text, field) in enumerate(fields):
            grid.addWidget(label(text, "secondary"), row, 0)
            grid.addWidget(field, row, 1)
        grid.setColumnMinimumWidth(0, self._theme.px(76))
        grid.setColumnStretch(1, 1)
        column = QVBoxLayout(side)
        column.setContentsMargins(20, 18, 20, 18)
        column.setSpacing(10)
        column.addWidget(label(tr("Size and text").upper(), "section"))
        column.addLayout(grid)
        column.addSpacing(10)
        column.addWidget(label(tr("Formats").upper(), "section"))
        column.addLayout(self._format_rows())
        column.addStretch()
        return side

    def _format_rows(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setVerticalSpacing(8)
        hints = {
            ".pdf": label(tr("vector, for LaTeX and print"), "caption"),
            ".svg": label(tr("vector, editable"), "caption"),
            ".png": self._pixels,
            ".tiff": label(tr("bitmap for journals, LZW"), "caption"),
            ".csv": label(tr("the numbers of the figure"), "caption"),
        }
        for row, (suffix, box) in enumerate(self._formats.items()):
            grid.addWidget(box, row, 0)
            grid.addWidget(hints[suffix], row, 1)
        grid.setColumnStretch(1, 1)
        return grid

    def _preview(self) -> QWidget:
        area = QWidget()
        area.setObjectName("previewArea")
        area.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._paper = QLabel()
        self._paper.setObjectName("paper")
        self._paper.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._below = label("", "secondary")
        self._below.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column = QVBoxLayout(area)
        column.setContentsMargins(28, 28, 28, 20)
        column.setSpacing(14)
        column.addStretch()
        column.addWidget(self._paper, 0, Qt.AlignmentFlag.AlignCenter)
        column.addWidget(self._below)
        column.addStretch()
        self._area = area
        return area

    def _connect(self) -> None:
        self._choice.activated.connect(self._on_figure)
        self._preset.activated.connect(self._take_size)
        for field in (self._width, self._height, self._dpi, self._text):
            field.valueChanged.connect(self._on_changed)
        self._colours.chosen.connect(self._on_changed)
        for box in self._formats.values():
            box.toggled.connect(self._on_changed)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._timer.start()

    def _on_figure(self, place: int) -> None:
        self._figure = self._figures[place]
        self._take_size()

    def _take_size(self) -> None:
        """Give the figure the width of the preset and its own proportions; all of its size where the user chose that."""
        width, height = self._figure.size_mm
        chosen = self._preset.currentData(Qt.ItemDataRole.UserRole)
        if self._figure.unedited is not None and self._figure.size_mm != self._figure.unedited.size_mm:
            chosen = None
        scale = float(chosen) / width if chosen else 1.0
        for field, value in ((self._width, width * scale), (self._height, height * scale)):
            field.blockSignals(True)
            field.setValue(value)
            field.blockSignals(False)
        if self._figure.text_pt is not None:
            self._text.setValue(self._figure.text_pt)
        self._on_changed()

    def _on_changed(self) -> None:
        pixels = [round(field.value() / _MM_PER_INCH * self._dpi.value()) for field in (self._width, self._height)]
        self._pixels.setText(f"{pixels[0]} × {pixels[1]} px")
        self._timer.start()
        self.changed.emit()

    def _options(self) -> FigureOptions:
        return FigureOptions(
            size_mm=(self._width.value(), self._height.value()),
            dpi=round(self._dpi.value()),
            text_pt=self._text.value(),
            grey=self._colours.key == "grey",
        )

    def _draw(self) -> None:
        options, ratio = self._options(), self.devicePixelRatioF()
        room = self._area.size() - QSize(60, 100)
        scale = min(room.width() / options.size_mm[0], room.height() / options.size_mm[1])
        natural = self.logicalDpiX() / _MM_PER_INCH
        scale = min(scale, 2.0 * natural)
        size = (round(options.size_mm[0] * scale * ratio), round(options.size_mm[1] * scale * ratio))
        image = figure_image(self._figure, size, size_mm=options.size_mm, text_pt=options.text_pt, grey=options.grey)
        image.setDevicePixelRatio(ratio)
        self._paper.setPixmap(QPixmap.fromImage(image))
        self._paper.setAccessibleName(self._figure.alt or self._figure.title)
        self._below.setText(_size_words(options, scale / natural))

    # What the dialog asks

    def default_name(self, model: str) -> str:
        """Return the name offered for the file."""
        return f"{self._figure.key}-{model}"

    def targets(self, folder: Path, name: str) -> Written:
        """Return the files that would be written."""
        return figure_targets(folder, name, [suffix for suffix, box in self._formats.items() if box.isChecked()])

    def writing(self, folder: Path, name: str) -> Callable[[], Written]:
        """Return what writes the figure in every format that is ticked; it touches no widget."""
        return partial(write_figure, self._figure, self.targets(folder, name), self._options())

    def copy(self) -> None:
        """Put the picture on the clipboard, at its resolution."""
        options = self._options()
        width, height = (round(mm / _MM_PER_INCH * options.dpi) for mm in options.size_mm)
        size_mm, text_pt = options.size_mm, options.text_pt
        copy_image(figure_image(self._figure, (width, height), size_mm=size_mm, text_pt=text_pt, grey=options.grey))


def _size_words(options: FigureOptions, scale: float) -> str:
    """Return the line below the preview: size on paper, scale on screen, and whether the text can be read."""
    width, height = (round(mm) for mm in options.size_mm)
    size = tr("{w} × {h} mm · shown at {p} %").format(w=width, h=height, p=round(100 * scale))
    too_small = options.text_pt < _SMALLEST_PT
    text = tr("smallest text {n} pt: too small to print") if too_small else tr("smallest text {n} pt")
    return f"{size} · {text.format(n=f'{options.text_pt:g}')}"
