"""The toolbar: open, examples, save, undo, redo; the models; the state of the fit; copy and export."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from mlgui.gui.chips import ChipStrip, ModelChips
from mlgui.gui.desk import Desk
from mlgui.gui.icons import icon
from mlgui.gui.pill import StatusPill, WarningChip
from mlgui.gui.widgets import line
from mlgui.session.changes import Change
from mlgui.words import tr

_ICONS = {
    "open": "open",
    "save": "save",
    "undo": "undo",
    "redo": "redo",
    "copy_word": "copy",
    "export": "export",
}
_WORDS_NEED = 1150


_LARGEST_ICON_PX = 24


class Toolbar(QWidget):
    """One row, 48 px high."""

    def __init__(self, desk: Desk, actions: Mapping[str, QAction], examples: QMenu, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._actions = actions
        self.setObjectName("toolbar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.chips = ModelChips(desk.bridge, desk.theme)
        self.pill = StatusPill(desk.bridge, desk.fitter, desk.theme)
        self.warnings = WarningChip(desk.bridge, desk.fitter, desk.theme)
        self._examples = self._button(tr("Examples"))
        self._examples.setMenu(examples)
        self._examples.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        examples.aboutToHide.connect(self._on_examples_hidden)
        self._rule = line(vertical=True)
        self._rule.setFixedHeight(20)
        self._buttons: dict[str, QToolButton] = {}
        for id_ in _ICONS:
            self._buttons[id_] = self._action_button(id_)
        self._chips_area = ChipStrip(self.chips)
        self._lay_out()
        desk.theme.changed.connect(self._show)
        desk.bridge.changed.connect(self._on_changed)
        self._show()

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 0, 14, 0)
        row.setSpacing(4)
        row.addWidget(self._buttons["open"])
        row.addWidget(self._examples)
        for id_ in ("save", "undo", "redo"):
            row.addWidget(self._buttons[id_])
        row.addSpacing(8)
        row.addWidget(self._rule)
        row.addSpacing(8)
        row.addWidget(self._chips_area)
        row.addSpacing(8)
        row.addWidget(self.pill)
        row.addWidget(self.warnings)
        row.addStretch()
        row.addWidget(self._buttons["copy_word"])
        row.addWidget(self._buttons["export"])

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_texts()

    def _show_texts(self) -> None:
        """Drop the words of the buttons where the window is too narrow for them; their tooltips say the same."""
        styles = Qt.ToolButtonStyle
        style = styles.ToolButtonIconOnly if self.width() < self._desk.theme.px(_WORDS_NEED) else styles.ToolButtonTextBesideIcon
        for found in (self._examples, *(self._buttons[id_] for id_ in _ICONS if id_ not in ("undo", "redo"))):
            found.setToolButtonStyle(style)

    def _button(self, text: str) -> QToolButton:
        found = QToolButton()
        found.setText(f" {text}")
        found.setAccessibleName(text)
        found.setToolTip(text)
        found.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        found.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return found

    def _action_button(self, id_: str) -> QToolButton:
        action = self._actions[id_]
        found = self._button(action.text().rstrip("…"))
        found.clicked.connect(action.trigger)
        action.changed.connect(self._show_state)
        if id_ in ("undo", "redo"):
            found.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        return found

    def _on_examples_hidden(self) -> None:
        """Take the look of a hovered button away: under an open menu Qt does not notice that the mouse has left."""
        self._examples.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, False)
        self._examples.setDown(False)
        self._examples.update()

    def _on_changed(self, change: Change, _origin: object) -> None:
        self._show_state()

    def _show_state(self) -> None:
        for id_, found in self._buttons.items():
            action = self._actions[id_]
            keys = action.shortcut().toString()
            found.setEnabled(action.isEnabled())
            found.setToolTip(f"{action.text().rstrip('…')} ({keys})" if keys else action.text())
        is_open = self._desk.document.snapshot.table is not None
        self._rule.setVisible(is_open)
        self._chips_area.setVisible(is_open)

    def _show(self) -> None:
        theme = self._desk.theme
        self.setFixedHeight(theme.px(48))
        side = min(theme.px(16), _LARGEST_ICON_PX)  # with the largest text the row would not fit the window
        size = QSize(side, side)
        for id_, name in _ICONS.items():
            self._buttons[id_].setIcon(icon(name, theme, "ink", size.width()))
            self._buttons[id_].setIconSize(size)
        self._examples.setIconSize(size)
        self._examples.setIcon(icon("examples", theme, "ink"))
        self._show_texts()
        self._show_state()
