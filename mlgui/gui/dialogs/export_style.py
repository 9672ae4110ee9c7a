"""How tables for people are written: the fields of the export dialog, kept as preferences."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from mlgui.export.layout import TableStyle
from mlgui.gui.clipboard import table_style
from mlgui.gui.preferences import Preferences
from mlgui.gui.widgets import Segments, label
from mlgui.words import tr


class StyleFields(QWidget):
    """APA or plain, decimal mark, decimals of p-values."""

    changed = Signal()

    def __init__(self, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._preferences = preferences
        style = table_style(preferences.settings)
        self.form = Segments((("apa", tr("APA")), ("plain", tr("Plain"))), name=tr("Style of tables"))
        self.mark = Segments((("point", "1.5"), ("comma", "1,5")), name=tr("Decimal mark"))
        places = (2, 3, 4)
        self.p = Segments(tuple((str(n), str(n)) for n in places), name=tr("Decimals of p-values"))
        self.form.set_key("apa" if style.apa else "plain")
        self.mark.set_key("comma" if style.comma else "point")
        self.p.set_key(str(min(style.p_decimals, places[-1])))
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        rows = ((tr("Style"), self.form), (tr("Decimal mark"), self.mark), (tr("Decimals of p"), self.p))
        for row, (text, field) in enumerate(rows):
            grid.addWidget(label(text, "secondary"), row, 0)
            grid.addWidget(field, row, 1)
            field.chosen.connect(self._on_chosen)

    def style_of_tables(self) -> TableStyle:
        """Return the style that is chosen."""
        return TableStyle(apa=self.form.key == "apa", comma=self.mark.key == "comma", p_decimals=int(self.p.key))

    def _on_chosen(self) -> None:
        style = self.style_of_tables()
        self._preferences.update(
            apa=style.apa, decimal_mark="comma" if style.comma else "point", p_decimals=style.p_decimals
        )  # fmt: skip
        self.changed.emit()
