"""The row of choices above the preview: separator, decimal mark, encoding, missing values, line of names.

    bar = ReadingOptions()
    bar.show_options(reading.options)      # silent
    bar.changed                            # (name of the option, value)

Missing codes are typed with commas between them.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QSpinBox, QVBoxLayout, QWidget

from mlgui.data.read.reader import ReadOptions
from mlgui.gui.widgets import label
from mlgui.words import tr

_ENCODINGS = (("utf-8", "UTF-8"), ("cp1252", "Windows-1252"), ("latin-1", "Latin-1"), ("utf-16", "UTF-16"))


def separators() -> tuple[tuple[str, str], ...]:
    """Return (character, name) of the separators offered."""
    return ((",", tr("Comma")), (";", tr("Semicolon")), ("\t", tr("Tab")), ("|", tr("Bar |")), (" ", tr("Space")))


def decimal_marks() -> tuple[tuple[str, str], ...]:
    """Return (character, name) of the decimal marks."""
    return ((".", tr("Point")), (",", tr("Comma")))


class ReadingOptions(QWidget):
    """Five choices side by side."""

    changed = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._delimiter = self._combo(tr("Separator"), "delimiter", separators())
        self._decimal = self._combo(tr("Decimal mark"), "decimal", decimal_marks())
        self._encoding = self._combo(tr("Encoding"), "encoding", _ENCODINGS)
        self._missing = self._missing_field()
        self._header = self._header_field()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        fields: tuple[tuple[str, QWidget, int], ...] = (
            (tr("Separator"), self._delimiter, 112),
            (tr("Decimal mark"), self._decimal, 112),
            (tr("Encoding"), self._encoding, 140),
            (tr("Missing values"), self._missing, 224),
            (tr("Names in line"), self._header, 92),
        )
        self._parts: dict[QWidget, QWidget] = {}
        for text, field, width in fields:
            part = QWidget()
            column = QVBoxLayout(part)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(5)
            column.addWidget(label(text, "secondary"))
            field.setFixedWidth(width)
            column.addWidget(field)
            row.addWidget(part)
            self._parts[field] = part
        row.addStretch()

    def _missing_field(self) -> QLineEdit:
        found = QLineEdit()
        found.setPlaceholderText(tr("empty, NA; others such as -99"))
        found.setToolTip(tr("Codes that mean “no value”, separated by commas, beside empty cells and NA"))
        found.setAccessibleName(tr("Missing values"))
        found.editingFinished.connect(self._on_missing)
        return found

    def _header_field(self) -> QSpinBox:
        found = QSpinBox()
        found.setRange(0, 9999)
        found.setSpecialValueText(tr("none"))
        found.setAccessibleName(tr("Line of the file that has the names"))
        found.setKeyboardTracking(False)
        found.lineEdit().setTextMargins(6, 0, 0, 0)
        found.valueChanged.connect(lambda line: self.changed.emit("header_row", line))
        return found

    def _combo(self, name: str, option: str, choices: tuple[tuple[str, str], ...]) -> QComboBox:
        found = QComboBox()
        for value, text in choices:
            found.addItem(text, value)
        found.setAccessibleName(name)
        found.activated.connect(lambda _place: self.changed.emit(option, found.currentData(Qt.ItemDataRole.UserRole)))
        return found

    def show_options(self, options: ReadOptions) -> None:
        """Show how the file was read; nothing is announced. What means nothing in its format is not there at all."""
        meant: dict[QWidget, bool] = {
            self._delimiter: options.delimiter is not None,
            self._decimal: options.decimal is not None,
            self._encoding: options.encoding is not None,
            self._header: options.header_row is not None,
        }
        for field, shown in meant.items():
            self._parts[field].setVisible(shown)
        boxes = (self._delimiter, self._decimal, self._encoding)
        for box, value in zip(boxes, (options.delimiter, options.decimal, options.encoding)):
            place = self._place(box, value)
            if place < 0 and value:
                box.addItem(value, value)
                place = box.count() - 1
            box.setCurrentIndex(max(0, place))
        self._missing.setText(", ".join(options.missing))
        self._header.blockSignals(True)
        self._header.setValue(1 if options.header_row is None else options.header_row)
        self._header.blockSignals(False)

    @staticmethod
    def _place(box: QComboBox, value: str | None) -> int:
        plain = (value or "").lower().replace("utf-8-sig", "utf-8").replace("iso-8859-1", "latin-1")
        return box.findData(plain if box.findData(plain) >= 0 else value)

    def _on_missing(self) -> None:
        codes = tuple(code.strip() for code in self._missing.text().replace(";", ",").split(",") if code.strip())
        self.changed.emit("missing", codes)
