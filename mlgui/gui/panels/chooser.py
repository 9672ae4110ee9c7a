"""A popup to choose a column from: type to narrow, arrows and Enter or a click to take one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from mlgui.gui.icons import icon
from mlgui.gui.theme import Theme
from mlgui.words import tr

_ROWS = 12
"""Most entries seen at once."""
_ROW = 25
"""Height of an entry, in px."""


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One entry: its key, the text shown, an icon name, and a reason if it cannot be chosen."""

    key: str
    text: str
    icon: str = ""
    detail: str = ""
    reason: str = ""


class Chooser(QFrame):
    """The popup. `chosen(key)` once, then it closes."""

    chosen = Signal(str)

    def __init__(self, choices: Sequence[Choice], theme: Theme, *, title: str, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setProperty("box", "strip")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName(title)
        self._search = QLineEdit()
        self._search.setPlaceholderText(title)
        self._search.setAccessibleName(title)
        self._list = QListWidget()
        self._list.setAccessibleName(title)
        self._list.setUniformItemSizes(True)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for choice in choices:
            self._add(choice, theme)
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 6, 6, 6)
        column.setSpacing(4)
        column.addWidget(self._search)
        column.addWidget(self._list)
        self._list.setFixedHeight(min(_ROWS, max(1, len(choices))) * theme.px(_ROW))
        self.setFixedWidth(theme.px(290))
        self._search.textChanged.connect(self._narrow)
        self._search.installEventFilter(self)
        self._list.itemClicked.connect(self._take)
        self._select_first()

    def _add(self, choice: Choice, theme: Theme) -> None:
        text = f"{choice.text}   {choice.reason or choice.detail}".rstrip()
        item = QListWidgetItem(text, self._list)
        item.setData(Qt.ItemDataRole.UserRole, choice.key)
        item.setSizeHint(QSize(0, theme.px(_ROW)))
        if choice.icon:
            item.setIcon(icon(choice.icon, theme))
        if choice.reason:
            item.setFlags(Qt.ItemFlag.NoItemFlags)
            item.setToolTip(choice.reason)

    def open_below(self, widget: QWidget) -> None:
        """Show the popup under a widget, with the cursor in the search field."""
        self.move(widget.mapToGlobal(QPoint(0, widget.height() + 2)))
        self.show()
        self._search.setFocus()

    def keys(self) -> list[str]:
        """Return the keys now on show that can be chosen."""
        items = [self._list.item(row) for row in range(self._list.count())]
        return [i.data(Qt.ItemDataRole.UserRole) for i in items if not i.isHidden() and i.flags() & Qt.ItemFlag.ItemIsEnabled]

    def _narrow(self, text: str) -> None:
        wanted = text.strip().casefold()
        for row in range(self._list.count()):
            item = self._list.item(row)
            item.setHidden(wanted not in item.text().casefold())
        self._select_first()

    def _select_first(self) -> None:
        for row in range(self._list.count()):
            item = self._list.item(row)
            if not item.isHidden() and item.flags() & Qt.ItemFlag.ItemIsEnabled:
                self._list.setCurrentRow(row)
                return
        self._list.setCurrentRow(-1)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                self._move(1 if event.key() == Qt.Key.Key_Down else -1)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                item = self._list.currentItem()
                if item is not None and not item.isHidden():
                    self._take(item)
                return True
        return super().eventFilter(watched, event)

    def _move(self, by: int) -> None:
        row = self._list.currentRow() + by
        while 0 <= row < self._list.count():
            item = self._list.item(row)
            if not item.isHidden() and item.flags() & Qt.ItemFlag.ItemIsEnabled:
                self._list.setCurrentRow(row)
                return
            row += by

    def _take(self, item: QListWidgetItem) -> None:
        if item.flags() & Qt.ItemFlag.ItemIsEnabled:
            key = str(item.data(Qt.ItemDataRole.UserRole))
            self.close()
            self.chosen.emit(key)


def nothing_to_choose() -> Choice:
    """Return the entry of an empty list: it says so and cannot be taken."""
    return Choice(key="", text=tr("No column fits here"), reason=" ")
