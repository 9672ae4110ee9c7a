"""Preferences: the names of things, how numbers are written, how fits begin. Every choice takes effect at once."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QDialog, QGridLayout, QHBoxLayout, QSpinBox, QVBoxLayout, QWidget

from mlgui.gui.appearance import Choices, choose_colours, colour_choices, language_choices
from mlgui.gui.desk import Desk
from mlgui.gui.dialogs.beside import add_keys
from mlgui.gui.widgets import Segments, button, label
from mlgui.session.settings import DIGITS, P_DECIMALS
from mlgui.words import tr


class PreferencesDialog(QDialog):
    """A window beside the main one."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.setWindowTitle(tr("Preferences"))
        self.setAccessibleName(tr("Preferences"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._make_fields()
        self._lay_out()
        self._connect()
        add_keys(self, desk)

    def _make_fields(self) -> None:
        settings = self._desk.preferences.settings
        wordings = (("multilevel", tr("Multilevel")), ("mixed", tr("Mixed effects")), ("hlm", tr("HLM")))
        self.wording = Segments(wordings, name=tr("Wording"))
        self.wording.set_key(settings.wording)
        self.digits = _spin(tr("Decimals of estimates"), DIGITS, settings.digits)
        self.p_decimals = _spin(tr("Decimals of p"), P_DECIMALS, settings.p_decimals)
        marks = (("system", tr("As the system")), ("point", "1.5"), ("comma", "1,5"))
        self.mark = Segments(marks, name=tr("Decimal mark"))
        self.mark.set_key(settings.decimal_mark)
        self.tables = Segments((("apa", tr("APA")), ("plain", tr("Plain"))), name=tr("Copied tables"))
        self.tables.set_key("apa" if settings.apa else "plain")
        self.colours = _choice(tr("Colours"), colour_choices(), self._desk.theme.mode)
        self.language = _choice(tr("Language"), language_choices(), settings.language)
        self.byte_order_mark = QCheckBox(tr("Begin CSV files so that Excel reads their letters"))
        self.byte_order_mark.setChecked(settings.byte_order_mark)

    def _lay_out(self) -> None:
        rows: tuple[tuple[str, QWidget, str], ...] = (
            (tr("Wording"), self.wording, tr("Labels say varying, or random, or level 1 and 2; the numbers are the same")),
            (tr("Decimals of estimates"), self.digits, tr("At least so many; small standard errors show more")),
            (tr("Decimals of p"), self.p_decimals, ""),
            (tr("Decimal mark"), self.mark, tr("On the screen and in copied tables; files for programs always have a point")),
            (tr("Copied tables"), self.tables, tr("APA: as the Publication Manual has them")),
            (tr("Colours"), self.colours, ""),
            (tr("Language"), self.language, tr("The language changes when mlgui is started again.")),
        )
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        for place, (words, field, caption) in enumerate(rows):
            name = label(words, "secondary")
            name.setBuddy(field)
            grid.addWidget(name, 3 * place, 0)
            grid.addWidget(field, 3 * place, 1, Qt.AlignmentFlag.AlignLeft)
            if caption:
                grid.addWidget(label(caption, "caption", wrap=True), 3 * place + 1, 1)
            grid.setRowMinimumHeight(3 * place + 2, 6)
        grid.addWidget(self.byte_order_mark, 3 * len(rows), 1)
        close = button(tr("Done"), "primary")
        close.clicked.connect(self.close)
        foot = QHBoxLayout()
        foot.addWidget(label(tr("Text size is in the View menu."), "caption"))
        foot.addStretch()
        foot.addWidget(close)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(22, 20, 22, 16)
        whole.setSpacing(18)
        whole.addWidget(label(tr("Preferences"), "title"))
        whole.addLayout(grid)
        whole.addStretch()
        whole.addLayout(foot)
        self.resize(self._desk.theme.px(540), self.sizeHint().height())

    def _connect(self) -> None:
        update = self._desk.preferences.update
        self.wording.chosen.connect(lambda key: update(wording=key))
        self.digits.valueChanged.connect(lambda value: update(digits=value))
        self.p_decimals.valueChanged.connect(lambda value: update(p_decimals=value))
        self.mark.chosen.connect(lambda key: update(decimal_mark=key))
        self.tables.chosen.connect(lambda key: update(apa=key == "apa"))
        self.colours.activated.connect(lambda: choose_colours(self._desk, self.colours.currentData()))
        self.language.activated.connect(lambda: update(language=self.language.currentData()))
        self.byte_order_mark.toggled.connect(lambda on: update(byte_order_mark=on))


def _spin(name: str, limits: tuple[int, int], value: int) -> QSpinBox:
    found = QSpinBox()
    found.setAccessibleName(name)
    found.setRange(*limits)
    found.setValue(value)
    found.setMinimumWidth(80)
    found.lineEdit().setTextMargins(6, 0, 0, 0)
    return found


def _choice(name: str, choices: Choices, key: str) -> QComboBox:
    found = QComboBox()
    found.setAccessibleName(name)
    for each, words in choices:
        found.addItem(words, each)
    found.setCurrentIndex(found.findData(key))
    return found
